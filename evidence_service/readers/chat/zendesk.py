"""Zendesk Support: tickets, their comments, and their audits, as its interface answers them.

An answer about tickets holds the first comment only, as `description`. People are ids, unless the
answer was asked for with `include=users`. `public: false` is an internal note.

Source: https://developer.zendesk.com/api-reference/ticketing, and recorded answers.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from evidence_service.domain.transcript import Message, MessageRole, Transcript
from evidence_service.readers.chat.transcripts import (
    FIRST_MESSAGE_ONLY,
    MORE_MESSAGES_EXIST,
    attachments,
    person,
    reading,
    roles_by_id,
    words,
)
from evidence_service.readers.instants import instant
from evidence_service.readers.sniff import JSON
from evidence_service.readers.values import items, text

if TYPE_CHECKING:
    from evidence_service.domain.reading import Reading

_ROLES = {
    "end-user": MessageRole.BUYER,
    "agent": MessageRole.SELLER,
    "admin": MessageRole.SELLER,
}
_COMMENTS = frozenset({"Comment", "VoiceComment"})
_COMMENT_MARKS = frozenset({"author_id", "created_at", "public"})


@dataclass(slots=True)
class _People:
    """Who an answer's ids are: the names and roles of the users that it holds."""

    names: dict[str, str] = field(default_factory=dict)
    roles: dict[str, MessageRole] = field(default_factory=dict)

    def add(self, users: Any) -> None:
        self.names |= {text(one, "id"): person(one, "name", "email") for one in items(users)}
        self.roles |= roles_by_id(users, "role", _ROLES)

    def name(self, number: str) -> str:
        return self.names.get(number) or (f"user {number}" if number else "")

    def role(self, number: str, requester: str) -> MessageRole:
        known = self.roles.get(number, MessageRole.UNKNOWN)
        is_requester = bool(number) and number == requester
        return MessageRole.BUYER if known is MessageRole.UNKNOWN and is_requester else known


def read(value: Any) -> Reading | None:
    if isinstance(value, dict) and "audit" in value:
        return None  # what a call that changes a ticket answers: one event of a conversation
    people = _People()
    people.add(value.get("users") if isinstance(value, dict) else None)
    more = isinstance(value, dict) and (value.get("next_page") or _has_more(value))
    warning = MORE_MESSAGES_EXIST if more else ""
    return (
        _from_audits(value, people, warning)
        or _from_comments(value, people, warning)
        or _from_tickets(value, people)
    )


def _has_more(value: dict[str, Any]) -> bool:
    return text(value, "meta", "has_more") == "True"


# --- audits -------------------------------------------------------------------------------


def _from_audits(value: Any, people: _People, warning: str) -> Reading | None:
    audits = items(value, "audits") if isinstance(value, dict) else []
    tickets: dict[str, list[dict[str, Any]]] = {}
    for audit in audits:
        tickets.setdefault(text(audit, "ticket_id"), []).append(audit)
    found = [_audited(one, people) for one in tickets.values()]
    return reading("zendesk_audits", JSON, found, warning)


def _audited(audits: list[dict[str, Any]], people: _People) -> Transcript:
    events = [(audit, event) for audit in audits for event in items(audit, "events")]
    requester = next(
        (text(e, "value") for _, e in events if text(e, "field_name") == "requester_id"), ""
    )
    return Transcript(
        "zendesk",
        tuple(
            _message(_authored(event, audit), people, requester, text(audit, "created_at"))
            for audit, event in events
            if text(event, "type") in _COMMENTS
        ),
    )


def _authored(event: dict[str, Any], audit: dict[str, Any]) -> dict[str, Any]:
    """The event; one that names no author is of the audit's."""
    return {"author_id": audit.get("author_id"), **event}


# --- comments -----------------------------------------------------------------------------


def _from_comments(value: Any, people: _People, warning: str) -> Reading | None:
    """Of an answer, a list of them alone, or a single one."""
    answered = items(value, "comments") if isinstance(value, dict) else []
    comments = answered or items(value)
    marks = _COMMENT_MARKS if answered else _COMMENT_MARKS | {"audit_id"}
    if not comments or not all(one.keys() >= marks for one in comments):
        return None
    requester = text(value, "ticket", "requester_id") or text(value, "requester_id")
    return reading("zendesk_comments", JSON, [_commented(comments, people, requester)], warning)


def _commented(comments: list[dict[str, Any]], people: _People, requester: str) -> Transcript:
    messages = (_message(one, people, requester, text(one, "created_at")) for one in comments)
    return Transcript("zendesk", tuple(messages))


def _message(one: dict[str, Any], people: _People, requester: str, time: str) -> Message:
    author = text(one, "author_id")
    return Message(
        author=people.name(author),
        role=people.role(author, requester),
        sent_at=instant(time),
        local_time=time,
        text=words(one, "body", "plain_body", html=("html_body",)),
        attachments=attachments(items(one, "attachments"), "file_name", "content_url"),
        is_internal=one.get("public") is False,
    )


# --- tickets ------------------------------------------------------------------------------


def _from_tickets(value: Any, people: _People) -> Reading | None:
    found = _tickets(value)
    for ticket in found:
        people.add([ticket.get("requester"), ticket.get("submitter"), ticket.get("assignee")])
    short = any("comments" not in ticket for ticket in found)
    return reading(
        "zendesk_tickets",
        JSON,
        [_ticket(one, people) for one in found],
        FIRST_MESSAGE_ONLY if short else "",
    )


def _tickets(value: Any) -> list[dict[str, Any]]:
    """The tickets of an answer about one or many, of an export's lines, or a bare one."""
    listed = items(value) if isinstance(value, list) else items(value, "tickets")
    found = listed or items(value, "ticket") or items(value)
    return [one for one in found if "via" in one and ("requester_id" in one or "requester" in one)]


def _ticket(ticket: dict[str, Any], people: _People) -> Transcript:
    requester = text(ticket, "requester_id") or text(ticket, "requester", "id")
    comments = items(ticket, "comments")
    if comments:
        return _commented(comments, people, requester)
    said = words(ticket, "description")
    return Transcript("zendesk", (_first_message(ticket, people, requester),) if said else ())


def _first_message(ticket: dict[str, Any], people: _People, requester: str) -> Message:
    """Whoever else submitted a ticket may have written it too: then nobody is named."""
    submitter = text(ticket, "submitter_id") or text(ticket, "submitter", "id") or requester
    author = requester if submitter == requester else ""
    return Message(
        author=people.name(author),
        role=people.role(author, requester),
        sent_at=instant(text(ticket, "created_at")),
        local_time=text(ticket, "created_at"),
        text=words(ticket, "description"),
        is_internal=ticket.get("is_public") is False,
    )
