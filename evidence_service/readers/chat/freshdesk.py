"""Freshdesk: tickets and their conversations, of version 2 of its interface and of version 1.

A ticket's description is its first message. `incoming` tells the buyer from the seller, `private`
is an internal note.

Source: https://developers.freshdesk.com/api, and answers recorded by a client of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.transcript import Message, MessageRole, Transcript
from evidence_service.readers.chat.transcripts import (
    FIRST_MESSAGE_ONLY,
    attachments,
    person,
    reading,
    words,
)
from evidence_service.readers.instants import instant
from evidence_service.readers.sniff import JSON
from evidence_service.readers.values import items, text

if TYPE_CHECKING:
    from evidence_service.domain.reading import Reading

_NOTE_MARKS = frozenset({"incoming", "private", "user_id"})
_TICKET_MARKS = frozenset({"requester_id", "description_text"})
_OUTBOUND = "10"


def read(value: Any) -> Reading | None:
    return (
        _from_v1(value) or _from_ticket(value) or _from_tickets(value) or _from_conversations(value)
    )


def _from_v1(value: Any) -> Reading | None:
    tickets = items(value, "helpdesk_ticket")
    notes = [items(note, "note") for one in tickets for note in items(one, "notes")]
    messages = [_first_message(one) for one in tickets if words(one, "description")]
    names = _names(tickets[0]) if tickets else {}
    messages += [_message(note, names) for found in notes for note in found]
    return reading("freshdesk_v1", JSON, [Transcript("freshdesk", tuple(messages))])


def _from_ticket(value: Any) -> Reading | None:
    if not isinstance(value, dict):
        return None
    ticket = next(
        (one for one in (*items(value, "ticket"), value) if one.keys() >= _TICKET_MARKS), None
    )
    if ticket is None:
        return None
    notes = items(ticket, "conversations") or items(value, "conversations")
    messages = (_first_message(ticket), *(_message(note, _names(ticket)) for note in notes))
    return reading(
        "freshdesk",
        JSON,
        [Transcript("freshdesk", messages)],
        "" if "conversations" in {*ticket, *value} else FIRST_MESSAGE_ONLY,
    )


def _from_tickets(value: Any) -> Reading | None:
    """A list has the first message of each ticket."""
    listed = items(value) if isinstance(value, list) else items(value, "tickets")
    tickets = [one for one in listed if one.keys() >= _TICKET_MARKS]
    found = [Transcript("freshdesk", (_first_message(one),)) for one in tickets]
    return reading("freshdesk", JSON, found, FIRST_MESSAGE_ONLY)


def _from_conversations(value: Any) -> Reading | None:
    notes = items(value if isinstance(value, list) else value.get("conversations"))
    if not notes or not all(note.keys() >= _NOTE_MARKS for note in notes):
        return None
    tickets: dict[str, list[dict[str, Any]]] = {}
    for note in notes:
        tickets.setdefault(text(note, "ticket_id"), []).append(note)
    return reading(
        "freshdesk",
        JSON,
        [Transcript("freshdesk", tuple(_message(n, {}) for n in one)) for one in tickets.values()],
    )


def _names(ticket: dict[str, Any]) -> dict[str, str]:
    """Names by id, of the two people a ticket may name."""
    requester = person(ticket.get("requester"), "name", "email") or text(ticket, "requester_name")
    responder = person(ticket.get("responder"), "name", "email") or text(ticket, "responder_name")
    return {text(ticket, "responder_id"): responder, text(ticket, "requester_id"): requester}


def _first_message(ticket: dict[str, Any]) -> Message:
    """Written by the requester, unless the seller began the ticket by a mail of their own."""
    is_ours = text(ticket, "source") == _OUTBOUND
    number = text(ticket, "responder_id" if is_ours else "requester_id")
    return Message(
        author=_name(number, _names(ticket)),
        role=MessageRole.SELLER if is_ours else MessageRole.BUYER,
        sent_at=instant(text(ticket, "created_at")),
        local_time=text(ticket, "created_at"),
        text=words(ticket, "description_text", html=("description_html", "description")),
        attachments=attachments(items(ticket, "attachments"), "name", "attachment_url"),
    )


def _message(note: dict[str, Any], names: dict[str, str]) -> Message:
    return Message(
        author=_name(text(note, "user_id"), names) or text(note, "from_email"),
        role=MessageRole.BUYER if note.get("incoming") else MessageRole.SELLER,
        sent_at=instant(text(note, "created_at")),
        local_time=text(note, "created_at"),
        text=words(note, "body_text", html=("body_html", "body")),
        attachments=attachments(items(note, "attachments"), "name", "attachment_url"),
        is_internal=bool(note.get("private")),
    )


def _name(number: str, names: dict[str, str]) -> str:
    return names.get(number) or (f"user {number}" if number else "")
