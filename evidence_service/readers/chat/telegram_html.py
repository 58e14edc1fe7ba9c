"""Telegram Desktop's `messages.html`.

The offset that it prints is the zone's standard one, in summer too, so instants may be an hour off;
older exports print none. `result.json` says more and says it exactly.

Source: the exporter of https://github.com/telegramdesktop/tdesktop, and exports.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from evidence_service.domain.transcript import Message, MessageRole, Transcript
from evidence_service.readers.chat.transcripts import reading
from evidence_service.readers.instants import instant
from evidence_service.readers.markup import parse
from evidence_service.readers.sniff import HTML

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from evidence_service.domain.reading import Reading
    from evidence_service.readers.markup import Node
    from evidence_service.readers.texts import Text

OFFSET_UNCERTAIN = "time_offset_uncertain"

_MARK = 'class="message '
_DAY = "message-"  # what the exporter puts between two days has a negative number
_ELSEWHERE = ("http:", "https:", "tg:", "tel:", "mailto:", "#")
_TIME = re.compile(
    r"(?P<day>\d\d)\.(?P<month>\d\d)\.(?P<year>\d{4}) (?P<clock>\d\d:\d\d:\d\d)"
    r"(?: UTC(?P<offset>[+-]\d\d:\d\d))?"
)


def read(text: Text) -> Reading | None:
    if _MARK not in text:
        return None
    messages = tuple(_messages(parse(str(text))))
    zoned = any(message.sent_at for message in messages)
    return reading(
        "telegram_html", HTML, [Transcript("telegram", messages)], OFFSET_UNCERTAIN if zoned else ""
    )


def _messages(page: Node) -> Iterator[Message]:
    """A message without a name goes on from the one before."""
    author = ""
    for node in page.find("message"):
        if node.has("service"):
            if not node.attributes.get("id", "").startswith(_DAY):
                yield Message("", MessageRole.SYSTEM, None, "", node.text())
        elif node.has("default"):
            author = node.text_of("from_name") or author
            yield _message(node, author)


def _message(node: Node, author: str) -> Message:
    written = next((date.attributes.get("title", "") for date in node.find("date", "details")), "")
    return Message(
        author=author,
        role=MessageRole.UNKNOWN,
        sent_at=_sent_at(written),
        local_time=written or node.text_of("date", "details"),
        text=node.text_of("text") or node.text_of("media_wrap"),
        attachments=tuple(_attachments(node)),
    )


def _sent_at(written: str) -> datetime | None:
    found = _TIME.match(written)
    if found is None or found["offset"] is None:
        return None
    return instant("{year}-{month}-{day}T{clock}{offset}".format(**found.groupdict()))


def _attachments(node: Node) -> Iterator[str]:
    """Files of the export; links that lead elsewhere are no attachments."""
    for wrap in node.find("media_wrap"):
        yield from (link for link in wrap.links() if not link.startswith(_ELSEWHERE))
