"""Signal: signal-export's text and JSON lines, and Signal Desktop's own backup as JSON lines.

The text's heads are `[2024-05-01, 12:00] name:`, in later versions `[2024-05-01 12:00:59] name:`,
as WhatsApp's are in Sweden; but it names the account's owner `Me`.

Source: exports of https://github.com/carderne/signal-export and its source, and
Backup.proto of https://github.com/signalapp/Signal-Desktop, whose names the lines keep.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

from evidence_service.domain.transcript import Message, MessageRole, Transcript
from evidence_service.readers.chat.transcripts import (
    MESSAGE_REMOVED,
    attachments,
    headed,
    reading,
)
from evidence_service.readers.instants import epoch
from evidence_service.readers.sniff import JSON, TEXT
from evidence_service.readers.values import dig, items, joined, text

if TYPE_CHECKING:
    from evidence_service.domain.reading import Reading
    from evidence_service.readers.texts import Text

_HEAD = re.compile(
    r"\[(?P<day>\d{4}-\d\d-\d\d)(?:, (?P<clock>\d\d:\d\d)| (?P<whole>\d\d:\d\d:\d\d))\]"
    r" (?P<name>[^:\n]{1,80}):(?: |$)"
)
_OWN = "] Me: "
_LINK = re.compile(r"!?\[[^\]\n]*\]\(\./(media/[^)\n]+)\)")
_LINE_MARKS = frozenset({"date", "sender", "body", "quote", "reactions", "attachments"})
_NAMES = (
    ("contact", "nickname", "given"),
    ("contact", "systemGivenName"),
    ("contact", "profileGivenName"),
    ("contact", "e164"),
    ("group", "snapshot", "title", "title"),
)


def read_text(text: Text) -> Reading | None:
    first = _HEAD.match(next(text.lines(), ""))
    if first is None or (first["whole"] and _OWN not in text):
        return None
    found = headed(text.lines(), _HEAD.match)
    return reading("signal_text", TEXT, [Transcript("signal", (_written(*one) for one in found))])


def _written(head: re.Match[str], below: list[str]) -> Message:
    local = datetime.fromisoformat(f"{head['day']}T{head['clock'] or head['whole']}")
    words = "\n".join([head.string[head.end() :], *below]).rstrip("\n")
    files = tuple(_LINK.findall(words))
    return Message(
        head["name"], MessageRole.UNKNOWN, None, local.isoformat(), words, attachments=files
    )


def read_lines(value: Any) -> Reading | None:
    """What signal-export writes beside the text, a message on each line."""
    found = [one for one in items(value) if one.keys() >= _LINE_MARKS]
    return reading(
        "signal_lines",
        JSON,
        [Transcript("signal", tuple(map(_exported, found)))],
        MESSAGE_REMOVED if any(one.get("deleted") for one in found) else "",
    )


def _exported(one: dict[str, Any]) -> Message:
    said = text(one, "body") or text(one, "sticker", "emoji")
    return Message(
        author=text(one, "sender"),
        role=MessageRole.UNKNOWN,
        sent_at=None,
        local_time=text(one, "date"),
        text=joined(text(one, "quote"), said, by="\n"),
        attachments=attachments(items(one, "attachments"), "path", "name"),
    )


def read_backup(value: Any) -> Reading | None:
    records = items(value)
    chats: dict[str, list[dict[str, Any]]] = {}
    for item in (record["chatItem"] for record in records if "chatItem" in record):
        chats.setdefault(text(item, "chatId"), []).append(item)
    people = {
        text(one, "recipient", "id"): _name(one["recipient"])
        for one in records
        if "recipient" in one
    }
    removed = any("remoteDeletedMessage" in item for chat in chats.values() for item in chat)
    return reading(
        "signal_backup",
        JSON,
        [
            Transcript("signal", tuple(_message(item, people) for item in chat))
            for chat in chats.values()
        ],
        MESSAGE_REMOVED if removed else "",
    )


def _name(recipient: dict[str, Any]) -> str:
    if "self" in recipient:
        return "self"
    return next((name for path in _NAMES if (name := text(recipient, *path))), "")


def _message(item: dict[str, Any], people: dict[str, str]) -> Message:
    author = text(item, "authorId")
    is_update = "updateMessage" in item
    sent_at = epoch(int(item["dateSent"]) / 1000)
    return Message(
        author=people.get(author) or joined("recipient", author, by=" "),
        role=MessageRole.SYSTEM if is_update else MessageRole.UNKNOWN,
        sent_at=sent_at,
        local_time=sent_at.isoformat() if sent_at else text(item, "dateSent"),
        text=dig(item, "standardMessage", "text", "body") or _beside(item),
        attachments=tuple(
            text(one, "pointer", "fileName") or text(one, "pointer", "contentType")
            for one in items(item, "standardMessage", "attachments")
        ),
        edits=tuple(
            text(one, "standardMessage", "text", "body") for one in items(item, "revisions")
        ),
    )


def _beside(item: dict[str, Any]) -> str:
    """What stands there in place of words: a sticker's emoji, or what an update is of."""
    emoji = text(item, "stickerMessage", "sticker", "emoji")
    return emoji or ", ".join(dig(item, "updateMessage") or ())
