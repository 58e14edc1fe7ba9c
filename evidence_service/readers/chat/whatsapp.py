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
from functools import lru_cache
from itertools import chain, islice
from typing import TYPE_CHECKING, cast

from evidence_service.domain.transcript import Message, MessageRole, Transcript
from evidence_service.readers import dates
from evidence_service.readers.chat.transcripts import DATE_ORDER_AMBIGUOUS, reading
from evidence_service.readers.sniff import TEXT, ZIP
from evidence_service.readers.texts import of_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from zipfile import ZipFile, ZipInfo

    from evidence_service.domain.choices import DateOrder
    from evidence_service.domain.reading import Reading
    from evidence_service.readers.texts import Text

_Heads = tuple[tuple[re.Pattern[str], ...], tuple[re.Pattern[str], ...]]

MEDIA_WITHOUT_MESSAGE = "media_without_message"

_MARKS = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
_CLEAN = {**dict.fromkeys(map(ord, _MARKS)), **dict.fromkeys(map(ord, "\u00a0\u202f"), " ")}

_DATE = (
    r"(?P<first>\d{1,4})(?P<separator>[./-])(?P<blank>\s?)(?P<second>\d{1,2}|[A-Za-z]{3})[./-]\s?"
    r"(?P<era>R)?(?P<third>\d{1,4})(?P<point>\.?)(?:\s?[гр]\.)?(?:\sBE)?"
)
# Half-days, or the parts of a day that Chinese names: those before noon, then those after.
_BEFORE_NOON = (
    r"[Aa]\.?\s?[Mm]\.?|上午|凌晨|清晨|早上|午前|오전|ص|ق\.ظ\.?|π\.μ\.|ÖÖ|SA|PG|PD|de\.|"
    r"пр\.\s?об\.|पूर्वाह्न|ਪੂ\.ਦੁ\.|p\.d\.|vm\.|ب\.ن|ጥዋት|ቅ\.ቀ\.|صبح،\s?منجهند|GH"
)
_AFTER_NOON = (
    r"[Pp]\.?\s?[Mm]\.?|中午|下午|晚上|午後|오후|م|ب\.ظ\.?|μ\.μ\.|ÖS|CH|PTG|MD|du\.|"
    r"сл\.\s?об\.|अपराह्न|ਬਾ\.ਦੁ\.|m\.d\.|nm\.|د\.ن|ከሰዓት|ድ\.ቀ\.|شام،\s?منجهند|GD"
)
_HALF = f"{_BEFORE_NOON}|{_AFTER_NOON}"
# Those of languages that nobody told us: the message is read, its time stays as written.
_UNKNOWN_HALF = r"[^\W\d_][^\d\s:\[\]-]{0,11}(?:\s[^\d\s:\[\]-]{1,11})?"
_BEFORE_TIME = (
    r"(?:(?:klo|kl\.|klock|kell|à|às|um|at|alle|ore|a las|a les|la|в|о|у|lúc|pukul|saat|στις)\s)?"
)


def _time(half: str, seconds: str = "?") -> str:
    return (
        rf"(?i:{_BEFORE_TIME})(?P<before>{half})?\s?"
        r"(?P<hour>\d{1,2})(?:[:.]|\s?h\s?)(?P<minute>\d{2})"
        rf"(?:(?:[:.]|\smin\s)(?P<second_of>\d{{2}})(?:\ss)?){seconds}"
        rf"(?:\s?(?P<after>{half}))?"
    )


def _heads(half: str) -> _Heads:
    """What begins a message, in brackets and bare; the oldest iPhones wrote a colon after it."""
    clock = _time(half)
    bracketed = (rf"\[{_DATE}[,،]?\s{clock}\]\s?", rf"\[{clock}[,،]?\s{_DATE}\]\s?")
    bare = (rf"{_DATE}[,،]?\s{clock}\s[-–]\s", rf"(?!\d{{4}}){_DATE}[,،]?\s{_time(half, '')}:\s")
    return tuple(map(re.compile, bracketed)), tuple(map(re.compile, bare))


_KNOWN_HEADS = _heads(_HALF)
_ANY_HEADS = _heads(f"{_HALF}|{_UNKNOWN_HALF}")
_AUTHOR = re.compile(r"(?P<name>[^:]{1,80}):(?:\s|$)")
_DAY_GROUPS = (*("first", "separator", "blank", "second", "third", "point", "era"),)
_CLOCK_GROUPS = ("before", "hour", "minute", "second_of", "after")
_AFTERNOON, _KNOWN_HALF = re.compile(_AFTER_NOON), re.compile(_HALF)
_MIDDAY, _MIDDAY_MORNING = "中午", 11
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ATTACHED = (
    re.compile(r"<[^<>:]{2,40}: (?P<name>[^<>/]+\.\w{2,5})\s?>"),
    re.compile(r"(?P<name>[^/\\\n]+\.\w{2,5}) \([^()\n]+\)"),
)
_REIWA_ERA = 2018
_NOON, _LONGEST_HEAD, _LONGEST_TITLE = 12, 80, 1000
_LARGEST_TEXT, _MOST_TEXTS = 32_000_000, 20
_DAMAGED = (zlib.error, EOFError, OSError)


@dataclass(slots=True)
class _Line:
    """A message as it stands in the file, before its date is understood."""

    written: str
    day: _Day
    clock: time | None
    author: str | None
    text: str


@dataclass(frozen=True, slots=True)
class _Day:
    """The numbers of a date; one that names its month tells day and month apart by itself."""

    parts: dates.Parts
    is_named: bool
    has_points: bool
    # As Korean writes it, 24. 5. 1.
    may_lead: bool


def read(text: Text, chosen: DateOrder | None = None) -> Reading | None:
    """The chat is gone through twice: all of its dates tell how each is to be read."""
    title, lines = _chat(text)
    days, is_said = _looked_through(lines())
    if not is_said:
        return None
    order = dates.order_of(
        [day.parts for day in days],
        points=days[0].has_points,
        leads=days[0].may_lead,
        chosen=chosen,
    )
    found = reading(
        "whatsapp",
        TEXT,
        [Transcript("whatsapp", chain(_titled(title), (_message(one, order) for one in lines())))],
        "" if order else DATE_ORDER_AMBIGUOUS,
    )
    return replace(found, date_order=dates.name_of(order)) if found else None


def _looked_through(lines: Iterator[_Line]) -> tuple[list[_Day], bool]:
    """The days, each once where it is the same as before, and whether anybody says anything."""
    days: list[_Day] = []
    is_said = False
    for line in lines:
        is_said = is_said or line.author is not None
        if line.day not in days[-1:]:
            days.append(line.day)
    return days, is_said


def read_zip(archive: ZipFile, chosen: DateOrder | None = None) -> Reading | None:
    """The one chat in the archive; its other files are what messages may have attached."""
    files = [info for info in archive.infolist() if not info.is_dir() and _is_shown(info)]
    texts = [info for info in files if info.filename.casefold().endswith(".txt")]
    texts.sort(key=lambda info: info.filename.count("/"))
    for info in texts[:_MOST_TEXTS]:
        found = _read_member(archive, info, chosen)
        if found is not None:
            names = {_name(other) for other in files if other is not info}
            return _with_media(found, names)
    return None


def _is_shown(info: ZipInfo) -> bool:
    """Whether the file is a person's: macOS adds some of its own when it packs again."""
    return not info.filename.startswith("__MACOSX/") and not _name(info).startswith(".")


def _name(info: ZipInfo) -> str:
    return info.filename.rpartition("/")[2]


def _read_member(archive: ZipFile, info: ZipInfo, chosen: DateOrder | None) -> Reading | None:
    try:
        with archive.open(info) as member:
            data = member.read(_LARGEST_TEXT + 1)
    except _DAMAGED:
        return None
    text = of_bytes(data) if len(data) <= _LARGEST_TEXT else None
    return read(text, chosen) if text is not None else None


def _with_media(found: Reading, names: set[str]) -> Reading:
    chat = cast("Transcript", found.contents[0])
    said = (
        replace(message, attachments=message.attachments or _named_in(message.text, names))
        for message in chat.messages
    )
    chat = Transcript(chat.channel, said)
    attached = {name for message in chat.messages for name in message.attachments}
    warnings = (MEDIA_WITHOUT_MESSAGE,) if names - attached else ()
    return replace(
        found,
        media_type=ZIP,
        contents=(chat,),
        warnings=(*found.warnings, *warnings),
    )


def _named_in(text: str, names: set[str]) -> tuple[str, ...]:
    line = text.partition("\n")[0].translate(_CLEAN).strip()
    possible = (line, line.partition(" (")[0], line.strip("<>").partition(": ")[2])
    return tuple(name for name in dict.fromkeys(possible) if name in names)


# --- lines --------------------------------------------------------------------------------


def _chat(text: Text) -> tuple[str, Callable[[], Iterator[_Line]]]:
    """What stands above the chat, and what gives its messages, from the first one each time."""
    possible = (_KNOWN_HEADS, _ANY_HEADS)
    heads = next((one for one in possible if any(_lines(text.lines(), one))), None)
    if heads is not None:
        return "", lambda: _lines(text.lines(), heads)
    title, below = _below_title(text)
    if len(title) < _LONGEST_TITLE and len(list(islice(_lines(below, _KNOWN_HEADS), 2))) > 1:
        return title, lambda: _lines(_below_title(text)[1], _KNOWN_HEADS)
    return "", lambda: iter(())


def _below_title(text: Text) -> tuple[str, Iterator[str]]:
    """One line that has no head, a notice that has no date or a title, and the lines below it."""
    lines = text.lines()
    title = next((line for line in lines if line.strip()), "")
    return title.strip(), lines


def _lines(lines: Iterable[str], heads: _Heads) -> Iterator[_Line]:
    """Each head begins a message; what has none continues the one before.

    A file that begins with something else is no export.
    """
    current: _Line | None = None
    more: list[str] = []
    for line in lines:
        head = _head(line, heads)
        if head is not None:
            if current is not None:
                yield _whole(current, more)
            current, more = _line(head, _after(line, head.end())), []
        elif current is not None:
            more.append(line)
        elif line.translate(_CLEAN).strip():
            return
    if current is not None:
        yield _whole(current, more)


def _titled(title: str) -> list[Message]:
    return [Message("", MessageRole.SYSTEM, None, "", title)] if title else []


def _whole(line: _Line, more: list[str]) -> _Line:
    if more:
        line.text = "\n".join((line.text, *more))
    return line


def _head(line: str, heads: _Heads) -> re.Match[str] | None:
    begin = line[:_LONGEST_HEAD]
    start = begin if begin.isascii() else begin.translate(_CLEAN)
    if not (start.startswith("[") or start[:1].isdecimal()):
        return None
    bracketed, bare = heads
    possible = bracketed if start.startswith("[") else bare
    found = next((found for head in possible if (found := head.match(start))), None)
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
    name = _name_of(author["name"]) if author else None
    said = rest if author is None or name is None else rest[author.end() :]
    day, clock = _day(*head.group(*_DAY_GROUPS)), _clock(*head.group(*_CLOCK_GROUPS))
    return _Line(head[0].strip(" []-:"), day, clock, name, said)


@lru_cache(maxsize=10_000)
def _name_of(written: str) -> str | None:
    """A few people write all of a chat; None where the colon is that of a system's words."""
    return None if _ends_in_quotes(written) else written.translate(_CLEAN).strip()


def _ends_in_quotes(name: str) -> bool:
    """Whether the colon belongs to a group's name that a system line quotes."""
    pairs = (("\N{LEFT DOUBLE QUOTATION MARK}", "\N{RIGHT DOUBLE QUOTATION MARK}"), ("«", "»"))
    return name.count('"') % 2 == 1 or any(name.count(a) > name.count(b) for a, b in pairs)


def _message(line: _Line, order: dates.Order | None) -> Message:
    by_name = dates.day_first if line.day.is_named else order
    day = by_name(line.day.parts) if by_name else None
    local = datetime.combine(day, line.clock) if day and line.clock else None
    return Message(
        author=line.author or "",
        role=MessageRole.SYSTEM if line.author is None else MessageRole.UNKNOWN,
        sent_at=None,
        local_time=local.isoformat() if local else line.written,
        text=line.text,
        attachments=_attachments(line.text),
    )


def _attachments(text: str) -> tuple[str, ...]:
    line = text.partition("\n")[0]
    if "<" not in line and "(" not in line:
        return ()
    line = line.translate(_CLEAN).strip()
    return tuple(found["name"] for shape in _ATTACHED if (found := shape.fullmatch(line)))


# --- times --------------------------------------------------------------------------------


@lru_cache(maxsize=10_000)
def _day(*groups: str | None) -> _Day:
    """The date's numbers as they stand; a month's name says where it is: in the middle."""
    first, separator, blank, second, third, point, era = (text or "" for text in groups)
    year = int(third) + (_REIWA_ERA if era else 0)
    return _Day(
        (int(first), _month(second), year),
        is_named=second.isalpha(),
        has_points=separator == ".",
        may_lead=bool(blank and point),
    )


def _month(text: str) -> int:
    """The number, or that of an English name; 0 for no month."""
    if text.isdecimal():
        return int(text)
    return _MONTHS.index(text.casefold()) + 1 if text.casefold() in _MONTHS else 0


@lru_cache(maxsize=10_000)
def _clock(
    before: str | None, hour: str, minute: str, second: str | None, after: str | None
) -> time | None:
    half = before or after
    if half and not _KNOWN_HALF.fullmatch(half):
        return None
    try:
        return time(_hour(int(hour), half), int(minute), int(second or 0))
    except ValueError:
        return None


def _hour(hour: int, half: str | None) -> int:
    """On a 24-hour clock. Some phones write 00:08 a. m.; hour 0 is taken as it stands."""
    if half is None or hour > _NOON or (half == _MIDDAY and hour == _MIDDAY_MORNING):
        return hour
    return hour % _NOON + (_NOON if _AFTERNOON.fullmatch(half) else 0)
