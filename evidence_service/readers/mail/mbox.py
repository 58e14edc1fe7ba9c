r"""A mailbox, `.mbox`: mails one after the other, each below a line that begins with `From `.

Such a line counts only with a time of day in it and above a header, because writers do not always
quote those that stand in a body; and below an empty line, unless it has the whole date that the
standard wants. Quoting, `>From `, is undone.

Source: RFC 4155, and mailboxes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from evidence_service.domain.transcript import Transcript
from evidence_service.readers.chat.transcripts import MAIL_CHANNEL, reading
from evidence_service.readers.mail.message import message, parse, warning
from evidence_service.readers.sniff import MAIL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evidence_service.domain.reading import Reading

_BEGINNING = b"From "
_CLOCK = re.compile(rb"\d\d:\d\d")
_DATE = re.compile(rb"[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?: \S{3,5})? \d{4}\s*$")
_HEADER = re.compile(rb"[!-9;-~]{1,80}:")
_QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)


def read(written: bytes) -> Reading | None:
    data = written.lstrip(b"\xef\xbb\xbf\r\n")
    if not data.startswith(_BEGINNING):
        return None
    mails = [parse(_QUOTED.sub(rb"\1", one)) for one in _split(data)]
    if len(mails) == 1:
        return None  # a single mail, saved with the line that a mailbox puts before it
    found = Transcript(MAIL_CHANNEL, tuple(map(message, mails)))
    return reading("mbox", MAIL, [found], *map(warning, mails))


def _split(data: bytes) -> Iterator[bytes]:
    start = 0
    at = data.find(b"\n" + _BEGINNING)
    while at >= 0:
        if _begins(data, at + 1):
            yield data[start : at + 1]
            start = at + 1
        at = data.find(b"\n" + _BEGINNING, at + 1)
    yield data[start:]


def _begins(data: bytes, at: int) -> bool:
    end = data.find(b"\n", at)
    is_below_empty = data[max(at - 3, 0) : at].endswith((b"\n\n", b"\n\r\n"))
    told = _CLOCK if is_below_empty else _DATE
    return (
        end > 0
        and told.search(data, at, end) is not None
        and _HEADER.match(data, end + 1) is not None
    )
