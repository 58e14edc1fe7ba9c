"""Zendesk Chat (once Zopim): chats with their history, and messages left while nobody was there.

Source: https://developer.zendesk.com/api-reference/live-chat/chat-api/chats, and an export's lines.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.transcript import Message, MessageRole, Transcript
from evidence_service.readers.chat.transcripts import attachments, person, reading, words
from evidence_service.readers.instants import instant
from evidence_service.readers.sniff import JSON
from evidence_service.readers.values import items, joined, records, text

if TYPE_CHECKING:
    from evidence_service.domain.reading import Reading

_MARKS = frozenset({"type", "visitor"})
_TYPES = frozenset({"chat", "offline_msg"})
_SAID = frozenset({"chat.msg", "chat.file"})


def read(value: Any) -> Reading | None:
    docs = value.get("docs") if isinstance(value, dict) else None
    listed = list(docs.values()) if isinstance(docs, dict) else value
    found = [one for one in records(listed, _MARKS, "chats", "data") if text(one, "type") in _TYPES]
    return reading("zendesk_chat", JSON, [Transcript("zendesk_chat", _messages(o)) for o in found])


def _messages(chat: dict[str, Any]) -> tuple[Message, ...]:
    if text(chat, "type") == "offline_msg":
        return (_left_behind(chat),)
    return tuple(_event(one) for one in items(chat, "history"))


def _left_behind(chat: dict[str, Any]) -> Message:
    return Message(
        author=person(chat["visitor"], "name", "email", fallback="visitor"),
        role=MessageRole.BUYER,
        sent_at=instant(text(chat, "timestamp")),
        local_time=text(chat, "timestamp"),
        text=words(chat, "message"),
    )


def _event(one: dict[str, Any]) -> Message:
    time = text(one, "timestamp")
    return Message(
        author=text(one, "name") or text(one, "nick"),
        role=_role(one),
        sent_at=instant(time),
        local_time=time,
        text=words(one, "msg") or _beside(one),
        attachments=attachments(items(one, "attachment"), "name", "url"),
    )


def _role(one: dict[str, Any]) -> MessageRole:
    if text(one, "type") not in _SAID:
        return MessageRole.SYSTEM
    nick = text(one, "nick")
    if nick.startswith("agent:trigger"):
        return MessageRole.BOT
    if nick.startswith("agent"):
        return MessageRole.SELLER
    return MessageRole.BUYER if nick.startswith("visitor") else MessageRole.UNKNOWN


def _beside(one: dict[str, Any]) -> str:
    """What happened, where nothing was said: a rating, a comment on it, somebody who came."""
    kind = text(one, "type")
    said = text(one, "new_comment") or text(one, "new_rating") or text(one, "rating")
    return "" if kind in _SAID else joined(kind, said, by=": ")
