"""Help Scout: conversations with their threads, of the Mailbox API version 2 and of version 1.

Without `embed=threads` a conversation holds nothing but the beginning of one message. `note` is an
internal note; a draft was never sent.

Source: https://developer.helpscout.com/mailbox-api, and examples of two clients of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.transcript import Message, MessageRole, Transcript
from evidence_service.readers.chat.transcripts import (
    MESSAGE_NOT_DELIVERED,
    attachments,
    oldest_first,
    person,
    reading,
    words,
)
from evidence_service.readers.instants import instant
from evidence_service.readers.sniff import JSON
from evidence_service.readers.values import dig, items, joined, text

if TYPE_CHECKING:
    from evidence_service.domain.reading import Reading

PREVIEW_ONLY = "preview_only"

_ROLES = {
    "customer": MessageRole.BUYER,
    "user": MessageRole.SELLER,
    "team": MessageRole.SELLER,
}
_CONVERSATION_MARKS = frozenset({"id", "number", "subject", "createdAt"})
_THREAD_MARKS = frozenset({"id", "type", "state", "createdAt"})
_EVENT, _INTERNAL = "lineitem", frozenset({"note", "lineitem"})
_UNSENT = frozenset({"draft", "hidden"})


def read(value: Any) -> Reading | None:
    chats = [(one, _threads(one)) for one in _conversations(value)]
    states = {text(thread, "state") for _, threads in chats for thread in threads}
    return reading(
        "helpscout",
        JSON,
        [Transcript("helpscout", _messages(one, threads)) for one, threads in chats],
        PREVIEW_ONLY if any(not threads for _, threads in chats) else "",
        MESSAGE_NOT_DELIVERED if states & _UNSENT else "",
    )


def _conversations(value: dict[str, Any]) -> list[dict[str, Any]]:
    """The conversations of an answer about one or many; one's threads alone count as one."""
    listed = items(value, "_embedded", "conversations") or items(value, "items")
    found = listed or items(value, "item") or [value]
    return [one for one in found if one.keys() >= _CONVERSATION_MARKS or _threads(one)]


def _threads(one: dict[str, Any]) -> list[dict[str, Any]]:
    """The threads, the oldest first: version 2 answers the newest first."""
    found = items(one, "_embedded", "threads") or items(one, "threads")
    ours = [thread for thread in found if thread.keys() >= _THREAD_MARKS]
    return oldest_first(ours, lambda thread: text(thread, "createdAt"))


def _messages(one: dict[str, Any], threads: list[dict[str, Any]]) -> tuple[Message, ...]:
    if threads:
        return tuple(map(_message, threads))
    return (_preview(one),) if text(one, "preview") else ()


def _preview(one: dict[str, Any]) -> Message:
    """The beginning of a message; whose, and when, is known where there is one only."""
    is_only = "1" in {text(one, "threads"), text(one, "threadCount")}
    author = dig(one, "createdBy") if is_only else None
    time = text(one, "createdAt") if is_only else ""
    return Message(
        author=_name(author),
        role=_ROLES.get(text(author, "type"), MessageRole.UNKNOWN),
        sent_at=instant(time),
        local_time=time,
        text=words(one, "preview"),
    )


def _message(thread: dict[str, Any]) -> Message:
    author = dig(thread, "createdBy") or dig(thread, "author")
    is_event = text(thread, "type") == _EVENT
    role = _ROLES.get(text(author, "type"), MessageRole.UNKNOWN)
    unseen = text(thread, "type") in _INTERNAL or text(thread, "state") in _UNSENT
    files = items(thread, "_embedded", "attachments") or items(thread, "attachments")
    return Message(
        author=_name(author),
        role=MessageRole.SYSTEM if is_event else role,
        sent_at=instant(text(thread, "createdAt")),
        local_time=text(thread, "createdAt"),
        text=words(thread, "text", html=("body",)) or text(thread, "action", "text"),
        attachments=attachments(files, "filename", "fileName", "url"),
        is_internal=unseen,
    )


def _name(one: Any) -> str:
    first = text(one, "first") or text(one, "firstName")
    last = text(one, "last") or text(one, "lastName")
    return joined(first, last, by=" ") or person(one, "email", fallback=text(one, "type") or "user")
