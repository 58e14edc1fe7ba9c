"""LiveChat (text.com): chats, their threads, archives and summaries of version 3, archives of 2.

`recipients: agents` marks what the customer never saw. A summary holds the last event of each kind
only; a thread may be closed to the seller's plan, then its messages are missing.

Source: https://platform.text.com/docs (Chat data structures), and its examples.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.transcript import Message, MessageRole, Transcript
from evidence_service.readers.chat.transcripts import (
    MORE_MESSAGES_EXIST,
    attachments,
    person,
    reading,
    roles_by_id,
    words,
)
from evidence_service.readers.instants import epoch, instant
from evidence_service.readers.sniff import JSON
from evidence_service.readers.values import dig, items, joined, records, text, texts

if TYPE_CHECKING:
    from evidence_service.domain.reading import Reading

_ROLES = {
    "customer": MessageRole.BUYER,
    "visitor": MessageRole.BUYER,
    "agent": MessageRole.SELLER,
    "supervisor": MessageRole.SELLER,
    "bot": MessageRole.BOT,
}
_ENVELOPES = ("chats", "chats_summary", "chat", "payload", "threads")
_EVENT_MARKS = frozenset({"id", "type", "created_at"})
_TYPES = frozenset({"custom", "file", "filled_form", "message", "rich_message", "system_message"})
_OLD_MARKS = frozenset({"author_name", "timestamp", "user_type"})


def read(value: Any) -> Reading | None:
    chats = records(value, frozenset({"id"}), *_ENVELOPES)
    found = [Transcript("livechat", _messages(chat)) for chat in chats]
    cut = any("last_event_per_type" in chat or _is_closed(chat) for chat in chats)
    return reading("livechat", JSON, found, MORE_MESSAGES_EXIST if cut else "")


def _threads(chat: dict[str, Any]) -> list[dict[str, Any]]:
    """The threads of a chat; an archive's chat has one, and a thread may stand alone."""
    return items(chat, "threads") or items(chat, "thread") or [chat]


def _is_closed(chat: dict[str, Any]) -> bool:
    return any(text(thread, "restricted_access") for thread in _threads(chat))


def _messages(chat: dict[str, Any]) -> tuple[Message, ...]:
    old = items(chat, "messages")
    if old and all(one.keys() >= _OLD_MARKS for one in old):
        return tuple(map(_old_message, old))
    people = dig(chat, "users")
    names = {text(one, "id"): person(one, "name", "email") for one in items(people)}
    roles = roles_by_id(people, "type", _ROLES)
    return tuple(_message(event, names, roles) for event in _events(chat))


def _events(chat: dict[str, Any]) -> list[dict[str, Any]]:
    last = dig(chat, "last_event_per_type")
    if isinstance(last, dict):
        found = [event for one in last.values() for event in items(one, "event")]
    else:
        found = [event for thread in _threads(chat) for event in items(thread, "events")]
    ours = [event for event in found if event.keys() >= _EVENT_MARKS]
    return ours if any(text(event, "type") in _TYPES for event in ours) else []


def _message(
    event: dict[str, Any], names: dict[str, str], roles: dict[str, MessageRole]
) -> Message:
    author = text(event, "author_id")
    is_system = text(event, "type") == "system_message"
    return Message(
        author=names.get(author) or author,
        role=MessageRole.SYSTEM if is_system else roles.get(author, MessageRole.UNKNOWN),
        sent_at=instant(text(event, "created_at")),
        local_time=text(event, "created_at"),
        text=words(event, "text") or _beside(event),
        attachments=_attachments(event),
        is_internal="agents" in {text(event, "recipients"), text(event, "visibility")},
    )


def _beside(event: dict[str, Any]) -> str:
    """What stands there in place of a text: a card's words, or a form's questions and answers."""
    cards = [
        joined(text(one, "title"), text(one, "subtitle"), by="\n")
        for one in items(event, "elements")
    ]
    fields = [joined(text(one, "label"), _answer(one), by=" ") for one in items(event, "fields")]
    return joined(*cards, *fields, by="\n")


def _answer(field: dict[str, Any]) -> str:
    """A form's answer: words, one choice, or several."""
    chosen = [text(one, "label") for one in (*items(field, "answer"), *items(field, "answers"))]
    return text(field, "answer") or joined(*chosen, *texts(field, "answers"))


def _attachments(event: dict[str, Any]) -> tuple[str, ...]:
    files = [event] if text(event, "type") == "file" else []
    pictures = [image for one in items(event, "elements") for image in items(one, "image")]
    return attachments([*files, *pictures], "name", "url")


def _old_message(one: dict[str, Any]) -> Message:
    sent_at = epoch(float(one["timestamp"]))
    return Message(
        author=text(one, "author_name"),
        role=_ROLES.get(text(one, "user_type"), MessageRole.UNKNOWN),
        sent_at=sent_at,
        local_time=text(one, "date") or (sent_at.isoformat() if sent_at else ""),
        text=words(one, "text"),
    )
