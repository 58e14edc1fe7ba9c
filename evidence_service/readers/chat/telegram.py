"""Telegram Desktop's `result.json`: one chat, or a whole account with a list of chats.

A list of messages without the chat around it is read like one.

Source: the exporter of https://github.com/telegramdesktop/tdesktop, and exports.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.transcript import Message, MessageRole, Transcript
from evidence_service.readers.chat.transcripts import reading
from evidence_service.readers.instants import epoch
from evidence_service.readers.sniff import JSON
from evidence_service.readers.values import dig, items, joined, text

if TYPE_CHECKING:
    from evidence_service.domain.reading import Reading

_TIMES = ("date_unixtime", "date")
_TYPES = frozenset({"message", "service", "unsupported"})
_FILES = ("photo", "file")


def read(value: Any) -> Reading | None:
    found = [items(chat, "messages") for chat in _chats(value)]
    if not any(_is_message(messages[0]) for messages in found if messages):
        return None
    return reading(
        "telegram",
        JSON,
        [Transcript("telegram", tuple(map(_message, messages))) for messages in found],
    )


def _chats(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, list):
        return [{"messages": value}]
    lists = (dig(value, name, "list") or dig(value, name) for name in ("chats", "left_chats"))
    return [value, *(chat for chats in lists for chat in items(chats))]


def _is_message(one: dict[str, Any]) -> bool:
    return text(one, "type") in _TYPES and any(name in one for name in _TIMES)


def _message(one: dict[str, Any]) -> Message:
    is_service = text(one, "type") == "service"
    sent_at = epoch(int(one["date_unixtime"])) if text(one, "date_unixtime") else None
    local_time = text(one, "date") or (sent_at.isoformat() if sent_at else "")
    names = ("actor", "actor_id") if is_service else ("from", "from_id")
    return Message(
        author=next((text(one, name) for name in names if text(one, name)), ""),
        role=MessageRole.SYSTEM if is_service else MessageRole.UNKNOWN,
        sent_at=sent_at,
        local_time=local_time,
        text=_said(one) or _beside(one),
        attachments=_attachments(one),
    )


def _said(one: dict[str, Any]) -> str:
    """The text: a string, or a list of strings and of objects with the string in them."""
    found = one.get("text") or items(one, "text_entities")
    pieces = found if isinstance(found, list) else [found]
    return "".join(
        str(dig(piece, "text") or "") if isinstance(piece, dict) else str(piece) for piece in pieces
    )


def _beside(one: dict[str, Any]) -> str:
    """What stands there in place of words: a service's action, a sticker, a place, a contact."""
    place = one.get("location_information")
    contact = one.get("contact_information")
    return (
        joined(text(one, "action"), text(one, "title"), by=": ")
        or text(one, "sticker_emoji")
        or joined(text(place, "latitude"), text(place, "longitude"))
        or joined(
            *(text(contact, name) for name in ("first_name", "last_name", "phone_number")), by=" "
        )
        or text(one, "poll", "question")
    )


def _attachments(one: dict[str, Any]) -> tuple[str, ...]:
    """The path inside the export, or the file's own name where the export left the file out."""
    found = [text(one, name) for name in _FILES if text(one, name)]
    own = text(one, "file_name")
    return tuple(own or path if path.startswith("(") else path for path in found)
