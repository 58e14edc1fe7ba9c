"""A single mail, `.eml`, as every mail program saves it.

Source: RFC 5322, RFC 2045 to 2049, and mails that keep to neither.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from evidence_service.domain.transcript import Transcript
from evidence_service.readers.chat.transcripts import MAIL_CHANNEL, reading
from evidence_service.readers.mail.message import message, parse, warning
from evidence_service.readers.sniff import MAIL

if TYPE_CHECKING:
    from evidence_service.domain.reading import Reading


def read(data: bytes) -> Reading | None:
    mail = parse(data.lstrip(b"\xef\xbb\xbf\r\n"))
    return reading("eml", MAIL, [Transcript(MAIL_CHANNEL, (message(mail),))], warning(mail))
