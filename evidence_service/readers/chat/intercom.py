"""Intercom: conversations and tickets with their parts, alone, listed, or in a webhook.

The first message is the `source`; what has no body in the parts is an event of the help desk, which
the other side does not see. `note` is an internal note.

Source: https://developers.intercom.com (conversations, tickets), and its OpenAPI examples.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.transcript import Message, MessageRole, Transcript
from evidence_service.readers.chat.transcripts import (
    MESSAGE_REMOVED,
    MORE_MESSAGES_EXIST,
    attachments,
    person,
    reading,
    words,
)
from evidence_service.readers.instants import epoch
from evidence_service.readers.sniff import JSON
from evidence_service.readers.values import dig, items, joined, records, text

if TYPE_CHECKING:
    from evidence_service.domain.reading import Reading

_ROLES = {
    "admin": MessageRole.SELLER,
    "team": MessageRole.SELLER,
    "user": MessageRole.BUYER,
    "lead": MessageRole.BUYER,
    "contact": MessageRole.BUYER,
    "bot": MessageRole.BOT,
}
_MARKS = frozenset({"id", "created_at"})
_ENVELOPES = ("data", "item", "conversations", "tickets")
_PARTS = ("conversation_parts", "ticket_parts")
_INTERNAL = frozenset({"note", "note_and_reopen"})


def read(value: Any) -> Reading | None:
    # A webhook has an identity and a time of its own, and what it tells of inside.
    told = dig(value, "data") if text(value, "type") == "notification_event" else value
    found = [one for one in records(told, _MARKS, *_ENVELOPES) if _is_ours(one)]
    parts = [part for one in found for part in _parts(one)]
    return reading(
        "intercom",
        JSON,
        [Transcript("intercom", _messages(one)) for one in found],
        MORE_MESSAGES_EXIST if any(map(_is_cut, found)) else "",
        MESSAGE_REMOVED if any(one.get("redacted") for one in (*parts, *_sources(found))) else "",
    )


def _is_ours(one: dict[str, Any]) -> bool:
    """Whether it has parts, or is a conversation of a list, which has its first message only."""
    is_listed = text(one, "type") == "conversation" and bool(_source_of(one))
    return is_listed or any(name in one for name in _PARTS)


def _parts_name(one: dict[str, Any]) -> str:
    return next((name for name in _PARTS if name in one), _PARTS[0])


def _sources(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [source for one in found for source in _source_of(one)]


def _source_of(one: dict[str, Any]) -> list[dict[str, Any]]:
    """The first message; versions before 2.0 have it under another name."""
    return items(one, "source") or items(one, "conversation_message")


def _parts(one: dict[str, Any]) -> list[dict[str, Any]]:
    name = _parts_name(one)
    return items(one, name, name)


def _is_cut(one: dict[str, Any]) -> bool:
    """Whether the answer holds fewer parts than there are."""
    name = _parts_name(one)
    total = text(one, name, "total_count")
    return name not in one or (total.isdecimal() and int(total) > len(_parts(one)))


def _messages(one: dict[str, Any]) -> tuple[Message, ...]:
    first = [_source(one, source) for source in _source_of(one)] or [_described(one)]
    said = [message for message in first if message.text or message.attachments]
    return (*said, *map(_part, _parts(one)))


def _source(one: dict[str, Any], source: dict[str, Any]) -> Message:
    return _said(source, text(one, "created_at"))


def _described(ticket: dict[str, Any]) -> Message:
    """A ticket's title and description, in the attributes; who wrote them stands nowhere."""
    titled = (text(ticket, "ticket_attributes", f"_default_{n}_") for n in ("title", "description"))
    sent_at = epoch(float(ticket["created_at"]))
    return Message(
        author="",
        role=MessageRole.UNKNOWN,
        sent_at=sent_at,
        local_time=sent_at.isoformat() if sent_at else "",
        text=joined(*titled, by="\n"),
    )


def _part(part: dict[str, Any]) -> Message:
    kind = text(part, "part_type")
    if text(part, "body") or items(part, "attachments"):
        return _said(part, text(part, "created_at"), is_internal=kind in _INTERNAL)
    return _said(part, text(part, "created_at"), is_internal=True, event=kind)


def _said(
    one: dict[str, Any], created_at: str, *, is_internal: bool = False, event: str = ""
) -> Message:
    author = dig(one, "author")
    sent_at = epoch(float(created_at)) if created_at else None
    role = _ROLES.get(text(author, "type"), MessageRole.UNKNOWN)
    return Message(
        author=person(author, "name", "email", fallback=text(author, "type") or "user"),
        role=MessageRole.SYSTEM if event else role,
        sent_at=sent_at,
        local_time=sent_at.isoformat() if sent_at else created_at,
        text=event or words(one, html=("body",)),
        attachments=attachments(items(one, "attachments"), "name", "url"),
        is_internal=is_internal,
    )
