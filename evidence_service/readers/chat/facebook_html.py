"""Facebook's old archive, `messages.htm` (until 2017): every thread in one page, newest first.

Dates are in English words with the abbreviation of a zone; the American ones and UTC are known by
RFC 822, others leave a message without an instant.

Source: archives; the vendor documented none of it.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

from evidence_service.domain.transcript import Message, MessageRole, Transcript
from evidence_service.readers.chat.transcripts import reading
from evidence_service.readers.markup import Node, parse
from evidence_service.readers.sniff import HTML

if TYPE_CHECKING:
    from evidence_service.domain.reading import Reading
    from evidence_service.readers.texts import Text

_MARKS = ('class="thread"', 'class="message_header"')
_WRITTEN = re.compile(r"\w+, (?P<local>\w+ \d{1,2}, \d{4} at \d{1,2}:\d\d[ap]m) (?P<zone>\S+)")
_HOURS = {
    "UTC": 0,
    "GMT": 0,
    "EST": -5,
    "EDT": -4,
    "CST": -6,
    "CDT": -5,
    "MST": -7,
    "MDT": -6,
    "PST": -8,
    "PDT": -7,
}
_OFFSET = re.compile(r"UTC(?P<hours>[+-]\d\d)(?::?(?P<minutes>\d\d))?")


def read(text: Text) -> Reading | None:
    if not all(mark in text for mark in _MARKS):
        return None
    threads = parse(str(text)).find("thread")
    found = [Transcript("messenger", _messages(thread)) for thread in threads]
    return reading("facebook_html", HTML, found)


def _messages(thread: Node) -> tuple[Message, ...]:
    """Each head is followed by a paragraph with the text; the newest stand first."""
    found: list[Message] = []
    head: Node | None = None
    for child in (child for child in thread.children if isinstance(child, Node)):
        if child.has("message"):
            head = child
        elif head is not None:
            found.append(_message(head, child.text()))
            head = None
    return tuple(reversed(found))


def _message(head: Node, text: str) -> Message:
    written = head.text_of("meta")
    return Message(
        author=head.text_of("user"),
        role=MessageRole.UNKNOWN,
        sent_at=_sent_at(written),
        local_time=written,
        text=text,
    )


def _sent_at(written: str) -> datetime | None:
    found = _WRITTEN.fullmatch(written)
    zone = _zone(found["zone"]) if found else None
    if found is None or zone is None:
        return None
    try:
        local = datetime.strptime(found["local"], "%B %d, %Y at %I:%M%p").replace(tzinfo=zone)
    except ValueError:
        return None
    return local.astimezone(UTC)


def _zone(name: str) -> timezone | None:
    offset = _OFFSET.fullmatch(name)
    if offset:
        sign = -1 if offset["hours"].startswith("-") else 1
        minutes = abs(int(offset["hours"])) * 60 + int(offset["minutes"] or 0)
        return timezone(sign * timedelta(minutes=minutes))
    return timezone(timedelta(hours=_HOURS[name])) if name in _HOURS else None
