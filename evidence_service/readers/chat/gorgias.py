"""Gorgias: tickets with their messages, and lists of messages.

`public: false` is an internal note. A message that failed never reached the buyer: it is kept like
one, with a warning. `first_message` and `last_message` repeat what the list holds, and the first
stands for it in a webhook, which has none.

Source: https://developers.gorgias.com/reference (the ticket, the message), and an example ticket.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.transcript import Message, MessageRole, Transcript
from evidence_service.readers.chat.transcripts import (
    MESSAGE_NOT_DELIVERED,
    attachments,
    person,
    reading,
    words,
)
from evidence_service.readers.instants import instant
from evidence_service.readers.sniff import JSON
from evidence_service.readers.values import dig, items, records, text

if TYPE_CHECKING:
    from evidence_service.domain.reading import Reading

_MARKS = frozenset({"from_agent", "created_datetime", "public"})


def read(value: Any) -> Reading | None:
    tickets: dict[str, list[dict[str, Any]]] = {}
    for message in records(_lists(value), _MARKS):
        tickets.setdefault(text(message, "ticket_id"), []).append(message)
    failed = any(text(m, "failed_datetime") for found in tickets.values() for m in found)
    return reading(
        "gorgias",
        JSON,
        [Transcript("gorgias", tuple(map(_message, found))) for found in tickets.values()],
        MESSAGE_NOT_DELIVERED if failed else "",
    )


def _lists(value: Any) -> list[Any]:
    """The lists of messages: a ticket's own, those of several tickets, or an answer's."""
    tickets = items(value) if isinstance(value, list) else [value, *items(value, "data")]
    kinds = ("messages", "first_message")
    parts = (next(filter(None, (items(one, kind) for kind in kinds)), []) for one in tickets)
    listed = [message for part in parts for message in part]
    return listed or items(value, "data") or items(value)


def _message(one: dict[str, Any]) -> Message:
    time = text(one, "sent_datetime") or text(one, "created_datetime")
    return Message(
        author=person(dig(one, "sender"), "name", "email")
        or text(one, "source", "from", "address"),
        role=_role(one),
        sent_at=instant(time),
        local_time=time,
        text=words(one, "stripped_text", "body_text", html=("stripped_html", "body_html")),
        attachments=attachments(items(one, "attachments"), "name", "url"),
        is_internal=one["public"] is False or bool(text(one, "failed_datetime")),
    )


def _role(one: dict[str, Any]) -> MessageRole:
    if text(one, "rule_id"):
        return MessageRole.BOT
    return MessageRole.SELLER if one["from_agent"] else MessageRole.BUYER
