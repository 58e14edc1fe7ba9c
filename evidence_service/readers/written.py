"""Times as people's tables write them: a column alike, the zone beside them or in the header.

Day and month are told apart by the whole column. What is not understood stays as it is written.
"""

from __future__ import annotations

import re
from datetime import datetime, time
from itertools import groupby
from typing import TYPE_CHECKING

from evidence_service.readers import dates
from evidence_service.readers.instants import epoch, instant

if TYPE_CHECKING:
    from collections.abc import Iterable

    from evidence_service.domain.choices import DateOrder

_IN_UTC = re.compile(r"\((?:utc|gmt)\)", re.IGNORECASE)
_EPOCH = re.compile(r"\d{10}(?:\d{3})?")
_WRITTEN = re.compile(
    r"(?P<first>\d{1,4})(?P<separator>[./-])\s?(?P<second>\d{1,2})[./-]\s?(?P<third>\d{1,4})\.?"
    r"(?:[ T,]{1,2}(?P<before>上午|下午|午前|午後|오전|오후)?\s?"
    r"(?P<clock>\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{1,7})?)"
    r"\s?(?P<after>[AaPp]\.?\s?[Mm]\.?)?)?"
    r"(?:\s?(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2}))?"
)
_CHINESE = re.compile(r"(\d{4})年\s?(\d{1,2})月\s?(\d{1,2})日")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMED = (
    re.compile(r"(?P<month>[A-Za-z]{3})[a-z]*\.?[ -](?P<day>\d{1,2}),?[ -](?P<year>\d{4}|\d{2})\b"),
    re.compile(r"(?P<day>\d{1,2})[ -](?P<month>[A-Za-z]{3})[a-z]*\.?,?[ -](?P<year>\d{4}|\d{2})\b"),
)
_AFTERNOON = frozenset({"下午", "午後", "오후", "pm"})
_NOON, _MILLISECOND_DIGITS, _LONGEST, _MICROSECOND_DIGITS = 12, 13, 60, 6


class Times:
    """The times of one column.

    Args:
        written: every time of it.
        header: the column's name, which may say that they are in UTC.
        chosen: what a person says of day and month.
    """

    def __init__(
        self, written: Iterable[str], header: str = "", chosen: DateOrder | None = None
    ) -> None:
        self._is_utc = _IN_UTC.search(header) is not None
        matches = (one for text in written if (one := _match(text)) is not None)
        # A day that goes on says nothing new; a long chat has few of them.
        found = [day for day, _ in groupby((one["separator"], _parts(one)) for one in matches)]
        self.order = dates.order_of(
            [parts for _, parts in found],
            points=bool(found) and found[0][0] == ".",
            chosen=chosen,
        )
        self.are_ambiguous = bool(found) and self.order is None
        self.has_dates = bool(found)

    def of(self, written: str) -> tuple[datetime | None, str]:
        """The instant, where there is a zone, and the local time, as ISO where it is understood."""
        if _EPOCH.fullmatch(written):
            scale = 1000 if len(written) == _MILLISECOND_DIGITS else 1
            sent_at = epoch(int(written) / scale)
            return sent_at, sent_at.isoformat() if sent_at else written
        found = _match(written)
        day = self.order(_parts(found)) if found and self.order else None
        if found is None or day is None:
            return instant(written), written
        if found["clock"] is None:
            return None, day.isoformat()
        try:
            local = datetime.combine(day, _clock(found)).isoformat() + self._offset(found)
        except ValueError:
            return None, written
        return instant(local), local

    def _offset(self, found: re.Match[str]) -> str:
        zone: str = found["zone"] or ("UTC" if self._is_utc else "")
        return "+00:00" if zone in {"Z", "UTC", "GMT"} else zone


def is_time(text: str) -> bool:
    """Whether the text is a date, with or without a time of day, or an instant."""
    return bool(_EPOCH.fullmatch(text) or _match(text) or instant(text))


def _match(text: str) -> re.Match[str] | None:
    return _WRITTEN.fullmatch(_numbered(text.strip())) if len(text) <= _LONGEST else None


def _numbered(text: str) -> str:
    """The date in numbers, the year first, where it is written with a month's name or sign."""
    if found := _CHINESE.match(text):
        return f"{found[1]}-{found[2]}-{found[3]} {text[found.end() :].strip()}".strip()
    for shape in _NAMED:
        found = shape.match(text)
        if found and (name := found["month"].casefold()) in _MONTHS:
            year, month = dates.full_year(int(found["year"])), _MONTHS.index(name) + 1
            return f"{year}-{month}-{found['day']}{text[found.end() :]}"
    return text


def _parts(found: re.Match[str]) -> dates.Parts:
    return dates.parts(found["first"], found["second"], found["third"])


def _clock(found: re.Match[str]) -> time:
    hours, _, rest = found["clock"].replace(",", ".").partition(":")
    hour = int(hours)
    half = (found["before"] or found["after"] or "").casefold().replace(".", "").replace(" ", "")
    if half and hour <= _NOON:
        hour = hour % _NOON + (_NOON if half in _AFTERNOON else 0)
    whole, point, fraction = rest.partition(".")
    return time.fromisoformat(f"{hour:02}:{whole}{point}{fraction[:_MICROSECOND_DIGITS]}")
