"""WhatsApp's "Export chat" as text, of Android and iOS, in any language of the phone.

The file has no header: no zone, no language, no list of people. Times are those of the exporting
phone, so they are kept as local times without an instant. Whether day or month comes first is
decided once, from all lines; where they leave it open, times stay as written, with a warning.
Text is kept as it stands; only heads are cleaned of the invisible marks that phones put there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING

from evidence_service.domain.evidence import EvidenceKind
from evidence_service.domain.reading import Reading
from evidence_service.domain.transcript import Message, MessageRole, Transcript
from evidence_service.readers.sniff import TEXT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

AMBIGUOUS = "date_order_ambiguous"

_MARKS = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
_BLANKS = dict.fromkeys(map(ord, "\u00a0\u202f"), " ")

_DATE = (
    r"(?P<first>\d{1,4})(?P<separator>[./-])\s?(?P<second>\d{1,2})[./-]\s?"
    r"(?P<era>R)?(?P<third>\d{1,4})\.?(?P<buddhist>\sBE)?"
)
_HALF = r"[AaPp]\.?\s?[Mm]\.?|上午|下午|午前|午後|오전|오후|ص|م"
_TIME = (
    rf"(?P<before>{_HALF})?\s?(?P<hour>\d{{1,2}})[:.](?P<minute>\d{{2}})(?:[:.](?P<second_of>\d{{2}}))?"
    rf"(?:\s?(?P<after>{_HALF}))?"
)
_HEADS = (
    re.compile(rf"\[{_DATE}[,،]?\s{_TIME}\]\s?"),
    re.compile(rf"\[{_TIME}[,،]?\s{_DATE}\]\s?"),
    re.compile(rf"{_DATE}[,،]?\s{_TIME}\s-\s"),
)
_AUTHOR = re.compile(r"(?P<name>[^:]{1,80}):(?:\s|$)")
_AFTERNOON = re.compile(r"[Pp]|下午|午後|오후|م")
_ATTACHED = (
    re.compile(r"<[^<>:]{2,40}: (?P<name>[^<>/]+\.\w{2,5})>"),
    re.compile(r"(?P<name>[^/\\\n]+\.\w{2,5}) \([^()\n]+\)"),
)
_BUDDHIST_ERA, _REIWA_ERA = 543, 2018
_CENTURY, _NOON, _LONGEST_HEAD = 100, 12, 80


@dataclass(slots=True)
class _Line:
    """A message as it stands in the file, before its date is understood."""

    head: re.Match[str]
    author: str | None
    text: str


def read(text: str) -> Reading | None:
    lines = list(_lines(text))
    if not lines or all(line.author is None for line in lines):
        return None
    order = _date_order([line.head for line in lines])
    return Reading(
        media_type=TEXT,
        reader="whatsapp",
        kind=EvidenceKind.CHAT_TRANSCRIPT,
        contents=(Transcript("whatsapp", tuple(_message(line, order) for line in lines)),),
        warnings=("time_zone_unknown",) if order else ("time_zone_unknown", AMBIGUOUS),
    )


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
            current.text += f"\n{line}"
        elif _clean(line).strip():
            return
    if current is not None:
        yield current


def _head(line: str) -> re.Match[str] | None:
    start = _clean(line[:_LONGEST_HEAD])
    return next((found for head in _HEADS if (found := head.match(start))), None)


def _clean(text: str) -> str:
    return "".join(char for char in text if char not in _MARKS).translate(_BLANKS)


def _after(line: str, cleaned_length: int) -> str:
    """What follows the first `cleaned_length` characters that are no marks."""
    seen = 0
    for at, char in enumerate(line):
        if seen == cleaned_length:
            return line[at:]
        seen += char not in _MARKS
    return ""


def _line(head: re.Match[str], rest: str) -> _Line:
    author = _AUTHOR.match(rest)
    if author is None:
        return _Line(head, None, rest)
    return _Line(head, _clean(author["name"]).strip(), rest[author.end() :])


def _message(line: _Line, order: Callable[[re.Match[str]], datetime | None] | None) -> Message:
    local = order(line.head) if order else None
    return Message(
        author=line.author or "",
        role=MessageRole.SYSTEM if line.author is None else MessageRole.UNKNOWN,
        sent_at=None,
        local_time=local.isoformat() if local else line.head[0].strip(" []-"),
        text=line.text,
        attachments=_attachments(line.text),
    )


def _attachments(text: str) -> tuple[str, ...]:
    cleaned = _clean(text.partition("\n")[0]).strip()
    return tuple(found["name"] for shape in _ATTACHED if (found := shape.fullmatch(cleaned)))


# --- dates --------------------------------------------------------------------------------


def _date_order(
    heads: Sequence[re.Match[str]],
) -> Callable[[re.Match[str]], datetime | None] | None:
    """How this file's dates are to be read, or None where its lines leave it open."""
    if any(len(head["first"]) > 2 for head in heads):  # noqa: PLR2004 - a year has four digits
        return _year_first
    possible = [order for order in (_day_first, _month_first) if all(order(head) for head in heads)]
    if len(possible) == 1:
        return possible[0]
    if not possible:
        return None
    if heads[0]["separator"] == ".":  # no language writes the month first with points
        return _day_first
    if all(_day_first(head) == _month_first(head) for head in heads):
        return _day_first
    return _the_one_in_order(heads)


def _the_one_in_order(
    heads: Sequence[re.Match[str]],
) -> Callable[[re.Match[str]], datetime | None] | None:
    """The only reading under which time never runs back by a day or more."""
    in_order = [order for order in (_day_first, _month_first) if _runs_forward(heads, order)]
    return in_order[0] if len(in_order) == 1 else None


def _runs_forward(
    heads: Sequence[re.Match[str]], order: Callable[[re.Match[str]], datetime | None]
) -> bool:
    days = [instant.date() for head in heads if (instant := order(head))]
    return all(before <= after for before, after in pairwise(days))


def _day_first(head: re.Match[str]) -> datetime | None:
    return _instant(head, head["third"], head["second"], head["first"])


def _month_first(head: re.Match[str]) -> datetime | None:
    return _instant(head, head["third"], head["first"], head["second"])


def _year_first(head: re.Match[str]) -> datetime | None:
    return _instant(head, head["first"], head["second"], head["third"])


def _instant(head: re.Match[str], year: str, month: str, day: str) -> datetime | None:
    try:
        return datetime(  # noqa: DTZ001 - the file does not say the zone
            _year(head, int(year)),
            int(month),
            int(day),
            _hour(head),
            int(head["minute"]),
            int(head["second_of"] or 0),
        )
    except ValueError:
        return None


def _year(head: re.Match[str], year: int) -> int:
    if head["buddhist"]:
        return year - _BUDDHIST_ERA
    if head["era"]:
        return year + _REIWA_ERA
    return year + 2000 if year < _CENTURY else year


def _hour(head: re.Match[str]) -> int:
    """On a 24-hour clock. Some phones write 00:08 a. m.; hour 0 is taken as it stands."""
    half = head["before"] or head["after"]
    hour = int(head["hour"])
    if half is None or hour > _NOON:
        return hour
    return hour % _NOON + (_NOON if _AFTERNOON.match(half) else 0)
