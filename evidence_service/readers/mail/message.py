"""One mail as a message: who, when, what it says, and the names of what is attached.

Headers of hostile or broken mails make the library raise in many ways: each is read by itself, and
stands as it is written where it cannot be understood. Quoted history stays: it is evidence.
"""

from __future__ import annotations

import email.policy
import re
from datetime import UTC, datetime
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parsedate, parsedate_to_datetime
from typing import TYPE_CHECKING

from evidence_service.domain.transcript import Message, MessageRole
from evidence_service.readers.chat.transcripts import TIME_UNKNOWN
from evidence_service.readers.instants import TIME_ZONE_UNKNOWN
from evidence_service.readers.markup import text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DATE_FROM_RECEIVED = "date_from_received"
DATE_UNREADABLE = "date_unreadable"

_POLICY = email.policy.default
# What the library's header parsers and decoders were seen to raise.
_BROKEN = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    IndexError,
    KeyError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
_DEEPEST, _MOST_PARTS = 30, 1000
_ENCODED_NAME = re.compile(r'name="?(=\?[^?\s]{1,40}\?[BbQq]\?[^?\s]{0,500}\?=)')
_COMMENT = re.compile(r"\s*\([^()]*\)\s*$")


def parse(data: bytes) -> EmailMessage:
    """The mail in the bytes; a mailbox's line before it is skipped."""
    if data.startswith(b"From "):
        data = data.partition(b"\n")[2]
    return BytesParser(EmailMessage, policy=_POLICY).parsebytes(data)


def message(mail: EmailMessage) -> Message:
    sent_at, written, _ = _date(mail)
    subject = header(mail, "Subject")
    said = _said(mail, 0)
    return Message(
        author=header(mail, "From") or header(mail, "Sender"),
        role=MessageRole.UNKNOWN,
        sent_at=sent_at,
        local_time=written,
        text=f"Subject: {subject}\n\n{said}".strip() if subject else said,
        attachments=tuple(_attachments(mail)),
    )


def warning(mail: EmailMessage) -> str:
    """What a person is told of the mail's date, or nothing."""
    return _date(mail)[2]


def header(mail: EmailMessage, name: str) -> str:
    """The first header of the name, decoded; as it is written where that fails."""
    unfolded = _written(mail, name)
    return _tried(lambda: _shown(name, unfolded), unfolded)


def _written(mail: EmailMessage, name: str) -> str:
    raw = next((value for key, value in mail.raw_items() if key.casefold() == name.casefold()), "")
    return " ".join(_utf8(str(raw)).split())


def _shown(name: str, value: str) -> str:
    shown = str(_POLICY.header_factory(name, value))
    return shown or ("" if value.startswith("=?") else value)


def _utf8(text: str) -> str:
    """Bytes that the parser kept as surrogates, as the UTF-8 they mostly are."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _tried(call: Callable[[], str], fallback: str) -> str:
    try:
        return _utf8(call())
    except _BROKEN:
        return fallback


# --- date ---------------------------------------------------------------------------------


def _date(mail: EmailMessage) -> tuple[datetime | None, str, str]:
    """Instant, what is written, and a warning; the last server's time where the sender's fails."""
    written = _written(mail, "Date")
    sent_at = _instant(written)
    if sent_at is not None:
        return sent_at, written, ""
    received = _written(mail, "Received").rpartition(";")[2].strip()
    arrived = _instant(received)
    if arrived is not None:
        return arrived, written or received, DATE_FROM_RECEIVED
    if not written:
        return None, "", TIME_UNKNOWN
    return None, written, TIME_ZONE_UNKNOWN if parsedate(written) else DATE_UNREADABLE


def _instant(written: str) -> datetime | None:
    """The instant; by the standard -0000 is a time in UTC of somebody whose zone is not told."""
    plain = _COMMENT.sub("", written)
    try:
        found = parsedate_to_datetime(plain)
        if found.tzinfo is None and plain.endswith("-0000"):
            found = found.replace(tzinfo=UTC)
        return found.astimezone(UTC) if found.tzinfo else None
    except _BROKEN:
        return None


# --- parts --------------------------------------------------------------------------------


def _said(part: EmailMessage, depth: int) -> str:
    """The text of a part; of alternatives the plain one, of several all that are not attached."""
    kind = part.get_content_type()
    if part.is_multipart():
        if depth >= _DEEPEST or part.get_content_maintype() == "message":
            return ""
        inner = [child for child in _children(part) if not _is_attached(child)]
        if kind == "multipart/alternative":
            inner.sort(key=lambda child: child.get_content_type() != "text/plain")
            return next((said for child in inner if (said := _said(child, depth + 1))), "")
        return "\n\n".join(said for child in inner if (said := _said(child, depth + 1)))
    if part.get_content_maintype() != "text":
        return ""
    text = _tried(lambda: str(part.get_content()), "") or _raw(part)
    return text_of(text) if kind == "text/html" else text.replace("\r\n", "\n").strip()


def _raw(part: EmailMessage) -> str:
    payload = part.get_payload(decode=True)
    return payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""


def _children(part: EmailMessage) -> list[EmailMessage]:
    found = part.get_payload()
    parts = found if isinstance(found, list) else []
    return [child for child in parts if isinstance(child, EmailMessage)][:_MOST_PARTS]


def _is_attached(part: EmailMessage) -> bool:
    return _disposition(part) == "attachment" or (
        part.get_content_maintype() == "text" and bool(_file_name(part))
    )


def _disposition(part: EmailMessage) -> str:
    return header(part, "Content-Disposition").partition(";")[0].strip().casefold()


def _attachments(mail: EmailMessage) -> Iterator[str]:
    """Names in the order of the mail, the kind where there is none; a mail inside is one thing."""
    todo = [mail]
    for _ in range(_MOST_PARTS):
        if not todo:
            return
        part = todo.pop()
        if part.is_multipart() and part.get_content_maintype() != "message":
            todo += reversed(_children(part))
        elif part is not mail and (_is_attached(part) or part.get_content_maintype() != "text"):
            yield _file_name(part) or part.get_content_type()


def _file_name(part: EmailMessage) -> str:
    """The name; some programs write it as an encoded word, which the standard forbids there."""
    written = " ".join(_written(part, name) for name in ("Content-Disposition", "Content-Type"))
    encoded = _ENCODED_NAME.search(written)
    if encoded:
        return _tried(lambda: _shown("Subject", encoded[1]), encoded[1])
    return _tried(lambda: part.get_filename() or "", "")
