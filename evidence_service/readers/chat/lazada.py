"""Lazada: the answer of `/im/message/list`, the newest first.

What a message shows stands as JSON inside a string, of a form for each kind of message.

Source: https://open.lazada.com (IM API), and typings of two clients of it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from evidence_service.domain.transcript import Message, MessageRole, Transcript
from evidence_service.readers.chat.transcripts import (
    MESSAGE_REMOVED,
    MORE_MESSAGES_EXIST,
    oldest_first,
    reading,
    words,
)
from evidence_service.readers.instants import epoch
from evidence_service.readers.sniff import JSON
from evidence_service.readers.values import dig, items, joined, text

if TYPE_CHECKING:
    from evidence_service.domain.reading import Reading

_MARKS = frozenset({"message_id", "from_account_type", "template_id", "send_time"})
_ROLES = {"1": MessageRole.BUYER, "2": MessageRole.SELLER}
_OF_THE_SYSTEM, _RECALLED = "2", "1"
_FILES = ("imgUrl", "img_url", "videoUrl", "video_url")
_NAMED = ("title", "orderId", "order_id", "itemId", "item_id")


def read(value: Any) -> Reading | None:
    answer = dig(value, "data") or value
    messages = [one for one in items(answer, "message_list") if one.keys() >= _MARKS]
    ordered = oldest_first(messages, lambda one: int(one["send_time"]))
    return reading(
        "lazada",
        JSON,
        [Transcript("lazada", tuple(map(_message, ordered)))],
        MORE_MESSAGES_EXIST if text(answer, "has_more").casefold() == "true" else "",
        MESSAGE_REMOVED if any(text(one, "status") == _RECALLED for one in messages) else "",
    )


def _message(one: dict[str, Any]) -> Message:
    sent_at = epoch(int(one["send_time"]) / 1000)
    content = _content(one.get("content"))
    files = (text(content, name) for name in _FILES)
    return Message(
        author=joined("user", text(one, "from_account_id"), by=" "),
        role=_role(one),
        sent_at=sent_at,
        local_time=sent_at.isoformat() if sent_at else text(one, "send_time"),
        text=words(content, "txt", "text") or _beside(one, content),
        attachments=tuple(filter(None, files)),
    )


def _content(written: Any) -> Any:
    try:
        return json.loads(written) if isinstance(written, str) else written
    except ValueError:
        return {"txt": written}


def _role(one: dict[str, Any]) -> MessageRole:
    if text(one, "type") == _OF_THE_SYSTEM:
        return MessageRole.SYSTEM
    return _ROLES.get(text(one, "from_account_type"), MessageRole.UNKNOWN)


def _beside(one: dict[str, Any], content: Any) -> str:
    """What a message without words names, else the number of its kind."""
    named = joined(*(text(content, name) for name in _NAMED))
    return named or f"[{text(one, 'template_id')}]"
