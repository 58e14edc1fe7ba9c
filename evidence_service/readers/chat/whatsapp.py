"""WhatsApp's "Export chat", of Android and iOS, in any language of the phone: a text, or a zip.

The file has no header: no zone, no language, no list of people. Times are those of the exporting
phone, so they are kept as local times without an instant. Whether day or month comes first is
decided once, from all lines; where they leave it open, times stay as written, with a warning.
Text is kept as it stands; only heads are cleaned of the invisible marks that phones put there.

Source: exports of both systems in many languages; the vendor documents none of it.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import TYPE_CHECKING, cast

from evidence_service.domain.transcript import Message, MessageRole, Transcript
from evidence_service.readers.chat import dates
from evidence_service.readers.chat.transcripts import DATE_ORDER_AMBIGUOUS, reading
from evidence_service.readers.sniff import TEXT, ZIP, decode

if TYPE_CHECKING:
    from collections.abc import Iterator
    from zipfile import ZipFile, ZipInfo

    from evidence_service.domain.reading import Reading

MEDIA_WITHOUT_MESSAGE = "media_without_message"

_MARKS = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
_CLEAN = {**dict.fromkeys(map(ord, _MARKS)), **dict.fromkeys(map(ord, "\u00a0\u202f"), " ")}

_DATE = (
    r"(?P<first>\d{1,4})(?P<separator>[./-])\s?(?P<second>\d{1,2}|[A-Za-z]{3})[./-]\s?"
    r"(?P<era>R)?(?P<third>\d{1,4})\.?(?P<buddhist>\sBE)?"
)
# Half-days, or the parts of a day that Chinese names: those before noon, then those after.
_BEFORE_NOON = (
    r"[Aa]\.?\s?[Mm]\.?|上午|凌晨|清晨|早上|午前|오전|ص|ق\.ظ\.?|π\.μ\.|ÖÖ|SA|PG|PD|de\.|"
    r"пр\.\s?об\.|पूर्वाह्न"
)
_AFTER_NOON = (
    r"[Pp]\.?\s?[Mm]\.?|中午|下午|晚上|午後|오후|م|ب\.ظ\.?|μ\.μ\.|ÖS|CH|PTG|MD|du\.|"
    r"сл\.\s?об\.|अपराह्न"
)
_HALF = f"{_BEFORE_NOON}|{_AFTER_NOON}"
_TIME = (
    rf"(?:klo\s)?(?P<before>{_HALF})?\s?"
    r"(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second_of>\d{2}))?"
    rf"(?:\s?(?P<after>{_HALF}))?"
)
_BRACKETED = (
    re.compile(rf"\[{_DATE}[,،]?\s{_TIME}\]\s?"),
    re.compile(rf"\[{_TIME}[,،]?\s{_DATE}\]\s?"),
)
_BARE = (re.compile(rf"{_DATE}[,،]?\s{_TIME}\s-\s"),)
_AUTHOR = re.compile(r"(?P<name>[^:]{1,80}):(?:\s|$)")
_AFTERNOON = re.compile(_AFTER_NOON)
_MIDDAY, _MIDDAY_MORNING = "中午", 11
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ATTACHED = (
    re.compile(r"<[^<>:]{2,40}: (?P<name>[^<>/]+\.\w{2,5})>"),
    re.compile(r"(?P<name>[^/\\\n]+\.\w{2,5}) \([^()\n]+\)"),
)
_BUDDHIST_ERA, _REIWA_ERA = 543, 2018
_NOON, _LONGEST_HEAD, _YEAR_DIGITS = 12, 80, 3
_LARGEST_TEXT, _MOST_TEXTS = 32_000_000, 20
_DAMAGED = (zlib.error, EOFError, OSError)


@dataclass(slots=True)
class _Line:
    """A message as it stands in the file, before its date is understood."""

    head: re.Match[str]
    author: str | None
    text: list[str]


def read(text: str) -> Reading | None:
    lines = list(_lines(text))
    if not lines or all(line.author is None for line in lines):
        return None
    order = dates.order_of(
        [_parts(line.head) for line in lines], points=lines[0].head["separator"] == "."
    )
    return reading(
        "whatsapp",
        TEXT,
        [Transcript("whatsapp", tuple(_message(line, order) for line in lines))],
        "" if order else DATE_ORDER_AMBIGUOUS,
    )


def read_zip(archive: ZipFile) -> Reading | None:
    """The one chat in the archive; its other files are what messages may have attached."""
    files = [info for info in archive.infolist() if not info.is_dir() and _is_shown(info)]
    texts = [info for info in files if info.filename.casefold().endswith(".txt")]
    texts.sort(key=lambda info: info.filename.count("/"))
    for info in texts[:_MOST_TEXTS]:
        found = _read_member(archive, info)
        if found is not None:
            names = {_name(other) for other in files if other is not info}
            return _with_media(found, names)
    return None


def _is_shown(info: ZipInfo) -> bool:
    """Whether the file is a person's: macOS adds some of its own when it packs again."""
    return not info.filename.startswith("__MACOSX/") and not _name(info).startswith(".")


def _name(info: ZipInfo) -> str:
    return info.filename.rpartition("/")[2]


def _read_member(archive: ZipFile, info: ZipInfo) -> Reading | None:
    try:
        with archive.open(info) as member:
            data = member.read(_LARGEST_TEXT + 1)
    except _DAMAGED:
        return None
    text = decode(data) if len(data) <= _LARGEST_TEXT else None
    return read(text) if text is not None else None


def _with_media(found: Reading, names: set[str]) -> Reading:
    chat = cast("Transcript", found.contents[0])
    messages = tuple(
        replace(message, attachments=message.attachments or _named_in(message.text, names))
        for message in chat.messages
    )
    attached = {name for message in messages for name in message.attachments}
    warnings = (MEDIA_WITHOUT_MESSAGE,) if names - attached else ()
    return replace(
        found,
        media_type=ZIP,
        contents=(replace(chat, messages=messages),),
        warnings=(*found.warnings, *warnings),
    )


def _named_in(text: str, names: set[str]) -> tuple[str, ...]:
    line = text.partition("\n")[0].translate(_CLEAN).strip()
    possible = (line, line.partition(" (")[0], line.strip("<>").partition(": ")[2])
    return tuple(name for name in dict.fromkeys(possible) if name in names)


# --- lines --------------------------------------------------------------------------------


def _lines(text: str) -> Iterator[_Line]:
    """Each head begins a message; what has none continues the one before.

    A file that begins with something else is no export.
    """
    current: _Line | None = None
    for raw in text.removesuffix("\n").split("\n"):
        line = raw.removesuffix("\r")
        head = _head(line)
        if head is not None:
            if current is not None:
                yield current
            current = _line(head, _after(line, head.end()))
        elif current is not None:
            current.text.append(line)
        elif line.translate(_CLEAN).strip():
            return
    if current is not None:
        yield current


def _head(line: str) -> re.Match[str] | None:
    begin = line[:_LONGEST_HEAD]
    start = begin if begin.isascii() else begin.translate(_CLEAN)
    if not (start.startswith("[") or start[:1].isdecimal()):
        return None
    heads = _BRACKETED if start.startswith("[") else _BARE
    found = next((found for head in heads if (found := head.match(start))), None)
    return found if found and _month(found["second"]) else None


def _after(line: str, cleaned_length: int) -> str:
    """What follows the first `cleaned_length` characters that are no marks."""
    if line[:cleaned_length].isascii():
        return line[cleaned_length:]
    seen = 0
    for at, char in enumerate(line):
        if seen == cleaned_length:
            return line[at:]
        seen += char not in _MARKS
    return ""


def _line(head: re.Match[str], rest: str) -> _Line:
    author = _AUTHOR.match(rest)
    if author is None or _ends_in_quotes(author["name"]):
        return _Line(head, None, [rest])
    return _Line(head, author["name"].translate(_CLEAN).strip(), [rest[author.end() :]])


def _ends_in_quotes(name: str) -> bool:
    """Whether the colon belongs to a group's name that a system line quotes."""
    pairs = (("\N{LEFT DOUBLE QUOTATION MARK}", "\N{RIGHT DOUBLE QUOTATION MARK}"), ("«", "»"))
    return name.count('"') % 2 == 1 or any(name.count(a) > name.count(b) for a, b in pairs)


def _message(line: _Line, order: dates.Order | None) -> Message:
    local = _local(line.head, order)
    text = "\n".join(line.text)
    return Message(
        author=line.author or "",
        role=MessageRole.SYSTEM if line.author is None else MessageRole.UNKNOWN,
        sent_at=None,
        local_time=local.isoformat() if local else line.head[0].strip(" []-"),
        text=text,
        attachments=_attachments(text),
    )


def _attachments(text: str) -> tuple[str, ...]:
    line = text.partition("\n")[0].translate(_CLEAN).strip()
    return tuple(found["name"] for shape in _ATTACHED if (found := shape.fullmatch(line)))


# --- times --------------------------------------------------------------------------------


def _parts(head: re.Match[str]) -> dates.Parts:
    """The date's numbers as they stand; a month's name says where it is: in the middle."""
    if len(head["first"]) >= _YEAR_DIGITS:
        return int(head["first"]), _month(head["second"]), int(head["third"])
    third = int(head["third"])
    if head["buddhist"]:
        third -= _BUDDHIST_ERA
    elif head["era"]:
        third += _REIWA_ERA
    return int(head["first"]), _month(head["second"]), dates.full_year(third)


def _month(text: str) -> int:
    """The number, or that of an English name; 0 for no month."""
    if text.isdecimal():
        return int(text)
    return _MONTHS.index(text.casefold()) + 1 if text.casefold() in _MONTHS else 0


def _local(head: re.Match[str], order: dates.Order | None) -> datetime | None:
    by_name = dates.day_first if head["second"].isalpha() else order
    day = by_name(_parts(head)) if by_name else None
    try:
        clock = time(_hour(head), int(head["minute"]), int(head["second_of"] or 0))
    except ValueError:
        return None
    return datetime.combine(day, clock) if day else None


def _hour(head: re.Match[str]) -> int:
    """On a 24-hour clock. Some phones write 00:08 a. m.; hour 0 is taken as it stands."""
    half = head["before"] or head["after"]
    hour = int(head["hour"])
    if half is None or hour > _NOON or (half == _MIDDAY and hour == _MIDDAY_MORNING):
        return hour
    return hour % _NOON + (_NOON if _AFTERNOON.fullmatch(half) else 0)
