"""LINE's text export, of phones (tabs between the columns) and of the PC program (blanks).

There is no zone. The weekday beside a date settles whether its day or its month stands first.

Source: exports in several languages; the vendor documents none of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import datetime, time
from itertools import islice
from typing import TYPE_CHECKING

from evidence_service.domain.transcript import Message, MessageRole, Transcript
from evidence_service.readers import dates
from evidence_service.readers.chat.transcripts import (
    AUTHOR_UNCERTAIN,
    DATE_ORDER_AMBIGUOUS,
    reading,
)
from evidence_service.readers.sniff import TEXT

if TYPE_CHECKING:
    from evidence_service.domain.choices import DateOrder
    from evidence_service.domain.reading import Reading
    from evidence_service.readers.texts import Text

_HEADER = "[LINE]"
_DAY = re.compile(
    r"(?:(?P<before>[^\d\s.,]{1,14})(?:\.,|[.,])\s?)?"
    r"(?P<era>[HR])?(?P<first>\d{1,4})(?P<separator>[/.])\s?(?P<second>\d{1,2})[/.]\s?(?P<third>\d{1,4})\.?\s?"
    r"[(（]?(?P<after>[^\d\s.()（）]{1,14})?\.?[)）]?"
)
_TIME = re.compile(
    r"(?P<before>午前|午後|上午|下午|오전|오후)?\s?(?P<hour>\d{1,3})[:.](?P<minute>\d{2})"
    r"(?:\s?(?P<after>[AaPp][Mm]))?(?P<blank>\t| {2,}| )(?P<rest>.*)"
)
_AFTERNOON = frozenset({"午後", "下午", "오후", "pm"})
# The PC program writes no header, and these weekdays in the languages of most of LINE's users.
_EASTERN = re.compile(r"\d [月火水木金土日]曜日|\d [월화수목금토일]요일|\d 星期[一二三四五六日]")
_ENGLISH = re.compile(r"\d (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# The years before the first of an era of the Japanese calendar: Heisei, Reiwa.
_ERAS = {"H": 1988, "R": 2018}
# Tabs between the columns; some editors make several blanks of one.
_COLUMNS = re.compile(r"\t| {2,}")
_PARTNERS = (
    re.compile(r"(?:Chat history (?:with|in) )(?P<name>.+)"),
    re.compile(r"(?P<name>.+?)(?:との|の)トーク履歴"),
    re.compile(r"[与與](?P<name>.+?)的(?:聊天记录|聊天記錄)"),
    re.compile(r"ประวัติการแชทกับ (?P<name>.+)"),
)
_NOON, _HEADER_LINES, _LONGEST_DAY = 12, 5, 40
_LOOKED_AT, _FEWEST = 200, 3


@dataclass(slots=True)
class _Line:
    """A message as it stands in the file."""

    day: re.Match[str]
    time: re.Match[str]
    text: list[str]


@dataclass(slots=True)
class _File:
    """The lines of a file, and what its header says."""

    lines: list[str]
    partner: str = ""
    messages: list[_Line] = field(default_factory=list)


def read(text: Text, chosen: DateOrder | None = None) -> Reading | None:
    lines = text.lines()
    # Of what may be any long text, no more than is needed to tell.
    file = _File(list(islice(lines, _HEADER_LINES + _LOOKED_AT)))
    start = _begin(file)
    if start is None:
        return None
    file.lines.extend(lines)
    _collect(file, start)
    order = _order([line.day for line in file.messages], chosen)
    has_columns = all(line.time["blank"] != " " for line in file.messages)
    found = reading(
        "line",
        TEXT,
        [Transcript("line", (_message(line, order, file.partner) for line in file.messages))],
        "" if order else DATE_ORDER_AMBIGUOUS,
        "" if has_columns else AUTHOR_UNCERTAIN,
    )
    return replace(found, date_order=dates.name_of(order)) if found else None


def _begin(file: _File) -> int | None:
    """Where the first day stands: at once, or below LINE's header."""
    has_header = bool(file.lines) and file.lines[0].startswith(_HEADER)
    if has_header:
        file.partner = _partner(file.lines[0].removeprefix(_HEADER).strip())
    for at, line in enumerate(file.lines[:_HEADER_LINES]):
        if _day(line):
            return at if _begins(file.lines[at:], has_header=has_header) else None
        if line.strip() and not has_header:
            return None
    return None


def _begins(lines: list[str], *, has_header: bool) -> bool:
    """Whether a message stands below the day. A diary in English looks like the PC program's."""
    found = _TIME.match(lines[1]) if len(lines) > 1 else None
    if found is None:
        return False
    is_line = has_header or found["blank"] == "\t" or _EASTERN.search(lines[0])
    return bool(is_line or (_ENGLISH.search(lines[0]) and _repeats_names(lines)))


def _repeats_names(lines: list[str]) -> bool:
    """Whether the words after the times are few people's names, and not what somebody did."""
    found = (_TIME.match(line) for line in lines[1:_LOOKED_AT])
    names = [one["rest"].partition(" ")[0] for one in found if one]
    return len(names) >= _FEWEST and len(set(names)) < len(names)


def _partner(title: str) -> str:
    found = next((found for shape in _PARTNERS if (found := shape.fullmatch(title))), None)
    return found["name"] if found else ""


def _day(line: str) -> re.Match[str] | None:
    return _DAY.fullmatch(line.strip()) if len(line) <= _LONGEST_DAY else None


def _collect(file: _File, start: int) -> None:
    day: re.Match[str] | None = None
    at, quotes_end = start, True
    while at < len(file.lines):
        line = file.lines[at]
        if found := _day(line):
            day = found
        elif day is not None and (clock := _TIME.fullmatch(line)):
            end = _closing(file.lines, at) if quotes_end and _opens(clock["rest"]) else at
            quotes_end = quotes_end and end is not None
            file.messages.append(_Line(day, clock, file.lines[at + 1 : (end or at) + 1]))
            at = end or at
        elif file.messages and (line.strip() or _goes_on(file.lines, at)):
            file.messages[-1].text.append(line)
        at += 1


def _opens(rest: str) -> bool:
    """Whether the text begins a quotation that does not end on its line."""
    text = _COLUMNS.split(rest)[-1]
    return text.startswith('"') and (len(text) == 1 or not text.endswith('"'))


def _closing(lines: list[str], at: int) -> int | None:
    """The line on which the quotation ends: what follows it is the file's again."""
    for end in range(at + 1, len(lines)):
        if lines[end].endswith('"') and (
            end + 1 == len(lines)
            or not lines[end + 1].strip()
            or _day(lines[end + 1])
            or _TIME.match(lines[end + 1])
        ):
            return end
    return None


def _goes_on(lines: list[str], at: int) -> bool:
    """Whether a blank line stands inside a message: before a day's head it does not."""
    following = lines[at + 1] if at + 1 < len(lines) else ""
    return bool(following.strip()) and not _day(following)


def _order(days: list[re.Match[str]], chosen: DateOrder | None) -> dates.Order | None:
    points = bool(days) and days[0]["separator"] == "."
    return dates.order_of(
        [_parts(day) for day in days],
        points=points,
        fits=lambda order: all(_fits_weekday(day, order) for day in days),
        chosen=chosen,
    )


def _parts(day: re.Match[str]) -> dates.Parts:
    first, second, third = dates.parts(day["first"], day["second"], day["third"])
    return first + (_ERAS[day["era"]] if day["era"] else 0), second, third


def _fits_weekday(day: re.Match[str], order: dates.Order) -> bool:
    named = (day["before"] or day["after"] or "").casefold()[:3]
    found = order(_parts(day))
    return named not in _WEEKDAYS or (found is not None and _WEEKDAYS[found.weekday()] == named)


def _message(line: _Line, order: dates.Order | None, partner: str) -> Message:
    author, text = _author(line.time, partner)
    whole = "\n".join([text, *line.text])
    if line.text and _opens(text) and whole.endswith('"'):
        whole = whole[1:-1]
    return Message(
        author=author,
        role=MessageRole.UNKNOWN if author else MessageRole.SYSTEM,
        sent_at=None,
        local_time=_local_time(line, order),
        text=whole,
    )


def _author(found: re.Match[str], partner: str) -> tuple[str, str]:
    """Name and text; between blanks a name ends at the first one, unless it is the partner's."""
    rest = found["rest"]
    if found["blank"] != " ":
        columns = _COLUMNS.split(rest, 1)
        return (columns[0], columns[1]) if columns[1:] else ("", rest)
    if partner and rest.startswith(f"{partner} "):
        return partner, rest[len(partner) + 1 :]
    name, _, text = rest.partition(" ")
    return name, text


def _local_time(line: _Line, order: dates.Order | None) -> str:
    day = order(_parts(line.day)) if order else None
    written = f"{line.day[0].strip()} {line.time[0][: line.time.start('blank')].strip()}"
    try:
        clock = time(_hour(line.time), int(line.time["minute"]))
    except ValueError:
        return written
    return datetime.combine(day, clock).isoformat() if day else written


def _hour(found: re.Match[str]) -> int:
    half = (found["before"] or found["after"] or "").casefold()
    hour = int(found["hour"])
    if not half or hour > _NOON:
        return hour
    return hour % _NOON + (_NOON if half in _AFTERNOON else 0)
