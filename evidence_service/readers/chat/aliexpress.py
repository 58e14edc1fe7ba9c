"""AliExpress, the message interface (`aliexpress.message.redefining.…`): a channel's messages.

Every list stands in an object with its type's name, so messages are looked for by their fields.
Messages inside an order are the order's.

Source: https://openservice.aliexpress.com (the fields; no answer was seen).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.transcript import Message, MessageRole, Transcript
from evidence_service.readers.chat.transcripts import attachments, oldest_first, reading, words
from evidence_service.readers.instants import epoch
from evidence_service.readers.sniff import JSON
from evidence_service.readers.values import items, text

if TYPE_CHECKING:
    from evidence_service.domain.reading import Reading

_ENVELOPE = "aliexpress_message_"
_MARKS = frozenset({"gmt_create", "content", "sender_name"})
_DEEPEST = 6


def read(value: Any) -> Reading | None:
    answers = [inner for name, inner in value.items() if name.startswith(_ENVELOPE)]
    messages = [one for answer in answers for one in _messages(answer, _DEEPEST)]
    ordered = oldest_first(messages, lambda one: int(one["gmt_create"]))
    return reading(
        "aliexpress_chat", JSON, [Transcript("aliexpress", tuple(map(_message, ordered)))]
    )


def _messages(value: Any, depth: int) -> list[dict[str, Any]]:
    if isinstance(value, dict) and value.keys() >= _MARKS:
        return [value]
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [found for one in inside if depth for found in _messages(one, depth - 1)]


def _message(one: dict[str, Any]) -> Message:
    sent_at = epoch(int(one["gmt_create"]) / 1000)
    pictures = [file for found in items(one, "file_path_list") for file in _pictures(found)]
    return Message(
        author=text(one, "sender_name"),
        role=MessageRole.UNKNOWN,
        sent_at=sent_at,
        local_time=sent_at.isoformat() if sent_at else text(one, "gmt_create"),
        text=words(one, "content"),
        attachments=attachments(pictures, "l_path", "m_path", "s_path"),
    )


def _pictures(found: dict[str, Any]) -> list[dict[str, Any]]:
    """A picture itself, or those in the object named after their type."""
    inner = [one for value in found.values() for one in items(value)]
    return inner or [found]
