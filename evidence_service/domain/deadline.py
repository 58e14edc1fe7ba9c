"""Clocks: instants, calendars, published terms, and a deadline worked backwards.

Nothing here reads the time. Every instant is aware and answered in UTC; a zone matters only where
a term is counted in days. Where two readings are possible the earlier one is taken: a case that is
sent an hour early has lost nothing.

======================  ===========================================================================
a term in               is counted as
======================  ===========================================================================
minutes, hours          time that passes
calendar days           the same wall time so many days later, or that many times 24 hours, if that
                        is earlier (the nights in which clocks are changed)
business days           the same wall time on the n-th open day after; what starts on a closed day
                        ends with the n-th open day
months                  the same day and wall time so many months later; where that month has no
                        such day, the end of its last one
======================  ===========================================================================
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from holidays import country_holidays

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from zoneinfo import ZoneInfo

Unit = Literal["minutes", "hours", "days", "business_days", "months"]
Party = Literal["seller", "buyer", "platform", "carrier"]
SegmentKind = Literal["yours", "closed", "review", "send", "reserve"]

# Their governments announce each year which days are moved; before that a year is a guess.
ANNOUNCED_YEARLY = frozenset({"CN", "RU"})
# Instants outside of these are slips of the pen: nothing is counted from them.
SANE_YEARS = range(1970, 2200)
_DAY, _SECOND = timedelta(days=1), timedelta(seconds=1)
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days are worked in a country (ISO 3166-1 alpha-2).

    Without a country it is Monday to Friday with no holidays: of all calendars with that weekend
    the one whose terms end first.
    """

    country: str | None = None

    def is_open(self, day: date) -> bool:
        if self.country is None:
            return day.weekday() < _SATURDAY
        return day not in _closed_days(self.country, day.year)

    def is_announced(self, year: int) -> bool:
        """Whether the year's moved days are known."""
        if self.country not in ANNOUNCED_YEARLY:
            return True
        return year in country_holidays(self.country).special_public_holidays

    def open_day_after(self, day: date, count: int) -> date:
        """The `count`-th open day after `day`."""
        for _ in range(count):
            day += _DAY
            while not self.is_open(day):
                day += _DAY
        return day


@lru_cache(maxsize=512)
def _closed_days(country: str, year: int) -> frozenset[date]:
    # A calendar of its own for each year: the library's grow as they are asked, unlocked.
    known = country_holidays(country, years=year, expand=False)
    days = (date.fromordinal(n) for n in range(*_ordinals(year)))
    return frozenset(day for day in days if not known.is_working_day(day))


def _ordinals(year: int) -> tuple[int, int]:
    return date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1


@dataclass(frozen=True, slots=True)
class Place:
    """Where days are counted."""

    zone: ZoneInfo
    calendar: Calendar = field(default_factory=Calendar)


# --- terms --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Term:
    """How long a platform gives `actor`. `confirmed` says whether an official source states it.

    `rivals` are the kinds of terms published for the same thing with another length. `awaits` are
    the details that the case does not state yet and on which it depends whether the term applies.
    Of a range `amount` is the lower end and `amount_max` the upper one.
    """

    kind: str
    amount: int
    unit: Unit
    confirmed: bool
    actor: Party = "seller"
    rivals: frozenset[str] = frozenset()
    awaits: tuple[str, ...] = ()
    amount_max: int | None = None


@dataclass(frozen=True, slots=True)
class Deadline:
    """An instant by which `actor` must do something.

    `source` says who set it: `platform` gave the instant for this case, or `pack`: it is counted
    from a published term. `decides` marks the one the case is worked by, `provisional` one that
    is counted over a year whose working days are not announced yet, `contested` one for which
    another length is published too. `awaits`: as of the term. `at_latest` is the upper end of a
    range: only the platform knows where in it the case lies, and until it says so `at` is safe.
    """

    kind: str
    at: datetime
    source: Literal["platform", "pack"]
    decides: bool = False
    confirmed: bool = True
    provisional: bool = False
    actor: Party = "seller"
    contested: bool = False
    awaits: tuple[str, ...] = ()
    at_latest: datetime | None = None

    def ends_before(self, given: datetime) -> bool:
        """Whether the seller is sure to be held to an end before the instant that was given."""
        is_sure = self.confirmed and self.actor == "seller" and not self.awaits
        return is_sure and (self.at_latest or self.at) < given


def term_end(start: datetime, amount: int, unit: Unit, place: Place) -> datetime:
    """When a term that begins at `start` is over."""
    start = start.astimezone(UTC)
    if unit in ("minutes", "hours"):
        return start + timedelta(**{unit: amount})
    wall = _wall_time(start, place.zone)
    if unit == "days":
        passed = start + timedelta(days=amount)
        return min(passed, _instant(wall + timedelta(days=amount), place.zone))
    if unit == "months":
        return _instant(_months_after(wall, amount), place.zone)
    day = place.calendar.open_day_after(wall.date(), amount)
    ends = wall.time() if place.calendar.is_open(wall.date()) else time.max
    return _instant(datetime.combine(day, ends), place.zone)


def _months_after(wall: datetime, amount: int) -> datetime:
    years, month = divmod(wall.month - 1 + amount, 12)
    year, last = wall.year + years, monthrange(wall.year + years, month + 1)[1]
    if wall.day > last:
        # The end of the day, or a term begun later could end before.
        return datetime.combine(date(year, month + 1, last), time.max)
    return wall.replace(year=year, month=month + 1)


def deadlines(
    given: datetime | None, start: datetime, terms: Iterable[Term], place: Place
) -> tuple[Deadline, ...]:
    """The deadlines of a case, soonest first, one of them deciding.

    The instant the platform gave decides; else the shortest of the seller's confirmed terms, or
    of those that rival one: that there is such a term is confirmed, and of two lengths the shorter
    is safe. The others, and those nobody confirms, are there to be seen.
    """
    counting = [] if start.year not in SANE_YEARS else list(terms)
    counted = sorted((_counted(start, term, place) for term in counting), key=lambda one: one.at)
    if given is not None:
        named = Deadline("respond_by", given, "platform", decides=True)
        return tuple(sorted([named, *counted], key=lambda one: one.at))
    firm = {term.kind for term in counting if term.confirmed}
    sure = {t.kind for t in counting if t.actor == "seller" and firm & {t.kind, *t.rivals}}
    first = next((one for one in counted if one.kind in sure), None)
    return tuple(replace(one, decides=True) if one is first else one for one in counted)


def _counted(start: datetime, term: Term, place: Place) -> Deadline:
    at = term_end(start, term.amount, term.unit, place)
    years = range(start.astimezone(place.zone).year, at.astimezone(place.zone).year + 1)
    return Deadline(
        term.kind,
        at,
        "pack",
        confirmed=term.confirmed,
        provisional=term.unit == "business_days"
        and not all(map(place.calendar.is_announced, years)),
        actor=term.actor,
        contested=bool(term.rivals),
        awaits=term.awaits,
        at_latest=term_end(start, term.amount_max, term.unit, place) if term.amount_max else None,
    )


# --- working back -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of the way to the deadline; `work` is the working time in it."""

    kind: SegmentKind
    starts: datetime
    ends: datetime
    work: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class WorkedBack:
    """The last instants at which each step still leaves time for those after it."""

    deadline: datetime
    sent_by: datetime
    approved_by: datetime
    last_safe_handover: datetime
    segments: tuple[Segment, ...]
    """From the hand-over to the deadline, without a gap."""

    def strip(self, now: datetime) -> tuple[Segment, ...]:
        """What lies ahead: the agent's own time first, while there is some."""
        if now >= self.last_safe_handover:
            return tuple(one for one in self.segments if one.ends > now)
        return (Segment("yours", now, self.last_safe_handover), *self.segments)


@dataclass(frozen=True, slots=True)
class Desk:
    """Those who review and send: where, when (minutes of the day) and how long it takes them.

    `reserve` is kept free before the deadline for an upload that fails.
    """

    place: Place
    hours: tuple[tuple[int, int], ...]
    review: timedelta
    send: timedelta
    reserve: timedelta

    def work_back(self, deadline: datetime) -> WorkedBack:
        """Work a deadline backwards."""
        sent_by = self._back(deadline - self.reserve, timedelta(0))
        approved_by = self._back(sent_by, self.send)
        handover = self._back(approved_by, self.review)
        segments = (
            *self._segments("review", handover, approved_by),
            *self._segments("send", approved_by, sent_by),
            Segment("reserve", sent_by, deadline),
        )
        return WorkedBack(deadline, sent_by, approved_by, handover, segments)

    def _back(self, at: datetime, work: timedelta) -> datetime:
        """The last working instant with so much working time between it and `at`.

        When they open nobody has worked yet: the end of the shift before stands for that.
        """
        for opens, closes in self._shifts_back(at):
            if closes - work > opens:
                return closes - work
            work -= closes - opens
        raise AssertionError("there is always a shift before")

    def _shifts_back(self, at: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The shifts before `at`, the last one first and cut there."""
        day = at.astimezone(self.place.zone).date()
        while True:
            if self.place.calendar.is_open(day):
                midnight = datetime.combine(day, time())
                for opens, closes in reversed(self.hours):
                    starts = _instant(midnight + timedelta(minutes=opens), self.place.zone)
                    ends = _instant(midnight + timedelta(minutes=closes), self.place.zone)
                    if starts < at:
                        yield starts, min(ends, at)
            day -= _DAY

    def _segments(self, kind: SegmentKind, starts: datetime, ends: datetime) -> Iterator[Segment]:
        """Nights belong to the work around them; closed days are pieces of their own."""
        begun, reached, work = starts, starts, timedelta(0)
        for opens, closes in self._shifts_between(starts, ends):
            if self._days(reached, opens) > 1:
                if work:
                    yield Segment(kind, begun, reached, work)
                yield Segment("closed", reached, opens)
                begun, work = opens, timedelta(0)
            work += closes - opens
            reached = closes
        if ends > begun:
            yield Segment(kind, begun, ends, work)

    def _shifts_between(self, starts: datetime, ends: datetime) -> list[tuple[datetime, datetime]]:
        found: list[tuple[datetime, datetime]] = []
        for opens, closes in self._shifts_back(ends):
            if closes <= starts:
                break
            found.append((max(opens, starts), closes))
        return found[::-1]

    def _days(self, earlier: datetime, later: datetime) -> int:
        zone = self.place.zone
        return (later.astimezone(zone).date() - earlier.astimezone(zone).date()).days


# --- wall times ---------------------------------------------------------------------------


def _wall_time(at: datetime, zone: ZoneInfo) -> datetime:
    """What clocks show. An hour that comes twice is taken as its beginning the first time.

    Otherwise a later instant could show an earlier time, and a term begun later end before.
    """
    local = at.astimezone(zone)
    repeated = _offset(local) - _offset(local.replace(fold=1))
    if repeated:
        local = _turn(zone, at, at + repeated).astimezone(zone)
    return local.replace(tzinfo=None, fold=0)


def _instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """When clocks show that: the first time if twice, the moment of the change if never."""
    first, second = (wall.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if _offset(first) < _offset(second):
        return _turn(zone, second.astimezone(UTC), first.astimezone(UTC))
    return first.astimezone(UTC)


def _offset(local: datetime) -> timedelta:
    return local.utcoffset() or timedelta(0)


def _turn(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """When the zone's offset changes between the two."""
    old = _offset(before.astimezone(zone))
    while after - before > _SECOND:
        middle = before + (after - before) / 2
        if _offset(middle.astimezone(zone)) == old:
            before = middle
        else:
            after = middle
    return after.replace(microsecond=0)


def as_local(at: datetime, zone: ZoneInfo) -> str:
    """The instant by the clocks there and by UTC, for a text that may be read anywhere."""
    there = f"{at.astimezone(zone):%Y-%m-%d %H:%M} {zone.key}"
    return f"{there} ({at.astimezone(UTC):%Y-%m-%d %H:%M} UTC)"
