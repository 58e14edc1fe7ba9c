"""One mail as a message: who, when, what it says, and the names of what is attached.

The structure is parsed by the library's old policy, because the new one raises on broken headers
and takes time in the square of a header's length; single headers are then decoded by the new one,
and stand as they are written where it fails. Quoted history stays: it is evidence.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message as Part
from email.policy import default
from email.utils import parsedate, parsedate_to_datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from evidence_service.domain.transcript import Message, MessageRole
from evidence_service.readers.chat.transcripts import TIME_UNKNOWN
from evidence_service.readers.instants import TIME_ZONE_UNKNOWN
from evidence_service.readers.markup import text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Mail = Part[Any, Any]

DATE_FROM_RECEIVED = "date_from_received"
DATE_UNREADABLE = "date_unreadable"

# What the library's header parsers and decoders were seen to raise.
_BROKEN = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
# A mail that only says it has parts is its own text.
_TEXTUAL = frozenset({"text", "multipart"})
_DEEPEST, _MOST_PARTS, _LONGEST_HEADER = 30, 1000, 2000
# A boundary that goes on in the next line, which the library takes for a part of it.
_FOLDED = re.compile(rb'(boundary="[^"\r\n]{1,70})\r?\n(?=[ \t])', re.IGNORECASE)
_COMMENT = re.compile(r"\([^()]*\)$")
# Names that programs write for an encoding which holds more than that of the name.
_WIDER = {
    "euc-kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "shift_jis": "cp932",
}


def parse(data: bytes) -> Mail:
    """The mail in the bytes; a mailbox's line before it is skipped."""
    if data.startswith(b"From "):
        data = data.partition(b"\n")[2]
    return message_from_bytes(_FOLDED.sub(rb"\1", data))


def message(mail: Mail) -> Message:
    sent_at, written, _ = _date(mail)
    subject = _shown(mail, "Subject")
    said = _said(mail, 0)
    return Message(
        author=_shown(mail, "From") or _shown(mail, "Sender"),
        role=MessageRole.UNKNOWN,
        sent_at=sent_at,
        local_time=written,
        text=f"Subject: {subject}\n\n{said}".strip() if subject else said,
        attachments=tuple(_attachments(mail)),
    )


def warning(mail: Mail) -> str:
    """What a person is told of the mail's date, or nothing."""
    return _date(mail)[2]


# --- headers ------------------------------------------------------------------------------


def _written(mail: Mail, name: str) -> str:
    """The first header of the name on one line; its bytes are the UTF-8 that they mostly are."""
    raw = next((value for key, value in mail.raw_items() if key.casefold() == name.casefold()), "")
    return " ".join(_utf8(str(raw)).split())


def _shown(mail: Mail, name: str) -> str:
    """The same, decoded; as it is written where that fails."""
    return _decoded(name, _written(mail, name))


def _decoded(name: str, value: str) -> str:
    if len(value) > _LONGEST_HEADER:
        return value
    shown = _tried(lambda: str(default.header_factory(name, value)), value)
    return shown or ("" if value.startswith("=?") else value)


def _utf8(text: str) -> str:
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _tried(call: Callable[[], str], fallback: str) -> str:
    try:
        return _utf8(call())
    except _BROKEN:
        return fallback


# --- date ---------------------------------------------------------------------------------


def _date(mail: Mail) -> tuple[datetime | None, str, str]:
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
    plain = _COMMENT.sub("", written).strip() if written.endswith(")") else written
    try:
        found = parsedate_to_datetime(plain)
        if found.tzinfo is None and plain.endswith("-0000"):
            found = found.replace(tzinfo=UTC)
        return found.astimezone(UTC) if found.tzinfo else None
    except _BROKEN:
        return None


# --- parts --------------------------------------------------------------------------------


def _said(part: Mail, depth: int) -> str:
    """The text of a part; of alternatives the plain one, of several all that are not attached."""
    if part.is_multipart():
        return _said_inside(part, depth + 1) if depth < _DEEPEST else ""
    if part.get_content_maintype() not in _TEXTUAL:
        return ""
    text = _text(part)
    return text_of(text) if part.get_content_subtype() == "html" else text.strip()


def _said_inside(part: Mail, depth: int) -> str:
    inner = [child for child in _children(part) if not _is_attached(child)]
    if part.get_content_subtype() == "alternative":
        inner.sort(key=lambda child: child.get_content_type() != "text/plain")
        return next((said for child in inner if (said := _said(child, depth))), "")
    return "\n\n".join(said for child in inner if (said := _said(child, depth)))


def _text(part: Mail) -> str:
    """The text by its own charset, or as UTF-8 where it is that and not what it is said to be."""
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    charset = _tried(lambda: part.get_content_charset() or "", "") or "utf-8"
    wider = _WIDER.get(charset, charset)
    exact = (_tried(partial(data.decode, name), "") for name in (charset, "utf-8", wider))
    text = next(filter(None, exact), "") or _tried(lambda: data.decode(wider, "replace"), "")
    return (text or data.decode("utf-8", "replace")).replace("\r\n", "\n")


def _children(part: Mail) -> list[Mail]:
    """The parts inside; a mail in a mail is one thing, and stays closed."""
    found = part.get_payload() if part.get_content_maintype() != "message" else []
    parts = found if isinstance(found, list) else []
    return [child for child in parts if isinstance(child, Part)][:_MOST_PARTS]


def _is_attached(part: Mail) -> bool:
    disposition = _written(part, "Content-Disposition").partition(";")[0].strip().casefold()
    is_text = part.get_content_maintype() == "text"
    return disposition == "attachment" or (is_text and bool(_file_name(part)))


def _attachments(mail: Mail) -> Iterator[str]:
    """Names in the order of the mail, the kind where there is none."""
    todo = [mail]
    for _ in range(_MOST_PARTS):
        if not todo:
            return
        part = todo.pop()
        if part.is_multipart() and part.get_content_maintype() != "message":
            todo += reversed(_children(part))
        elif part is not mail and (
            _is_attached(part) or part.get_content_maintype() not in _TEXTUAL
        ):
            yield _file_name(part) or part.get_content_type()


def _file_name(part: Mail) -> str:
    """The name; some programs write it as an encoded word, which the standard forbids there."""
    headers: Mail = Part()
    for name in ("Content-Disposition", "Content-Type"):
        headers[name] = _written(part, name)
    found = _tried(lambda: headers.get_filename() or "", "")
    return _decoded("Subject", found) if found.startswith("=?") else found
