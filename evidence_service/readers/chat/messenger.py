"""Messages out of "Download your information" as JSON, of Facebook Messenger and Instagram.

Their older writers put every UTF-8 byte down as one character; that is undone, unless the file
holds a character no byte can be. Newest messages stand first, so the list is turned round.

Source: exports of both, in the form until 2023 and in that of end-to-end encrypted chats.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.transcript import Message, MessageRole, Transcript
from evidence_service.readers.chat.transcripts import MESSAGE_REMOVED, oldest_first, reading
from evidence_service.readers.instants import epoch
from evidence_service.readers.sniff import JSON
from evidence_service.readers.values import dig, items, text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from evidence_service.domain.reading import Reading

_MARKS = (frozenset({"sender_name", "timestamp_ms"}), frozenset({"senderName", "timestamp"}))
_FILES = ("photos", "videos", "audio_files", "files", "gifs", "media")
_LARGEST_BYTE = "\xff"


def read(value: Any) -> Reading | None:
    messages = items(value, "messages")
    if not messages or not any(messages[0].keys() >= marks for marks in _MARKS):
        return None
    repair = _keep if _is_clean(messages) else _repaired
    removed = any(one.get("is_unsent") or one.get("isUnsent") for one in messages)
    found = tuple(_message(one, repair) for one in oldest_first(messages, _milliseconds))
    return reading(
        "messenger", JSON, [Transcript("messenger", found)], MESSAGE_REMOVED if removed else ""
    )


def _is_clean(messages: list[dict[str, Any]]) -> bool:
    strings = (one.get(name) for one in messages for name in ("sender_name", "content"))
    new = any("senderName" in one for one in messages)
    return new or any(max(string or "\0") > _LARGEST_BYTE for string in strings)


def _keep(string: str) -> str:
    return string


def _repaired(string: str) -> str:
    try:
        return string.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return string


def _milliseconds(one: dict[str, Any]) -> int:
    return int(one.get("timestamp_ms", one.get("timestamp")) or 0)


def _message(one: dict[str, Any], repair: Callable[[str], str]) -> Message:
    sent_at = epoch(_milliseconds(one) / 1000)
    said = dig(one, "content") or dig(one, "text") or dig(one, "share", "share_text") or ""
    return Message(
        author=repair(text(one, "sender_name") or text(one, "senderName")),
        role=MessageRole.UNKNOWN,
        sent_at=sent_at,
        local_time=sent_at.isoformat() if sent_at else "",
        text=repair(said),
        attachments=tuple(repair(name) for name in _attachments(one)),
    )


def _attachments(one: dict[str, Any]) -> Iterator[str]:
    for name in _FILES:
        yield from filter(None, (text(file, "uri") for file in items(one, name)))
    yield from filter(None, (text(one, "sticker", "uri"), text(one, "share", "link")))
