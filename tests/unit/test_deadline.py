"""Clocks against a calculation of their own: day by day, with lists written down by hand.

The lists are of the State Council (holidays and make-up days of 2026), of the
Russian production calendars of 2026 and 2027 and of the US Office of Personnel Management; the
test's own time zones are offsets, never names.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence_service.domain.deadline import (
    Calendar,
    Desk,
    Place,
    Term,
    as_local,
    deadlines,
    term_end,
)

SHANGHAI, MOSCOW = timezone(timedelta(hours=8)), timezone(timedelta(hours=3))
CHINA = Place(ZoneInfo("Asia/Shanghai"), Calendar("CN"))
RUSSIA = Place(ZoneInfo("Europe/Moscow"), Calendar("RU"))
AMERICA = Place(ZoneInfo("America/New_York"), Calendar("US"))
ANYWHERE = Place(ZoneInfo("UTC"))

OFF_CN = """01-01 01-02 01-03 02-15 02-16 02-17 02-18 02-19 02-20 02-21 02-22 02-23 04-04 04-05
04-06 05-01 05-02 05-03 05-04 05-05 06-19 06-20 06-21 09-25 09-26 09-27
10-01 10-02 10-03 10-04 10-05 10-06 10-07"""
MADE_UP_CN = "01-04 02-14 02-28 05-09 09-20 10-10"
OFF_RU = """2026-01-01 2026-01-02 2026-01-05 2026-01-06 2026-01-07 2026-01-08 2026-01-09 2026-02-23
2026-03-09 2026-05-01 2026-05-11 2026-06-12 2026-11-04 2026-12-31 2027-01-01 2027-01-04 2027-01-05
2027-01-06 2027-01-07 2027-01-08 2027-02-22 2027-02-23"""
MADE_UP_RU = "2027-02-20"
OFF_US = """2026-01-01 2026-01-19 2026-02-16 2026-05-25 2026-06-19 2026-07-03 2026-09-07 2026-10-12
2026-11-11 2026-11-26 2026-12-25"""


def days(text, prefix=""):
    return {date.fromisoformat(prefix + day) for day in text.split()}


WORKED = {
    "CN": (days(OFF_CN, "2026-"), days(MADE_UP_CN, "2026-")),
    "RU": (days(OFF_RU), days(MADE_UP_RU)),
    "US": (days(OFF_US), set()),
    None: (set(), set()),
}


def is_worked(country, day):
    off, made_up = WORKED[country]
    return day in made_up or (day.isoweekday() <= 5 and day not in off)


def counted(country, start, amount):
    """Business days by crossing them off, one after the other."""
    left = list(range(amount))
    day = start.date()
    while left:
        day = date.fromordinal(day.toordinal() + 1)
        if is_worked(country, day):
            left.pop()
    clock = start.timetz() if is_worked(country, start.date()) else time.max
    return datetime.combine(day, clock.replace(tzinfo=None), start.tzinfo)


def instant(text, zone=UTC):
    return datetime.fromisoformat(text).replace(tzinfo=zone)


class TestCalendars:
    @pytest.mark.parametrize("country", ["CN", "US", None])
    def test_each_day_of_2026(self, country):
        for ordinal in range(date(2026, 1, 1).toordinal(), date(2027, 1, 1).toordinal()):
            day = date.fromordinal(ordinal)

            assert Calendar(country).is_open(day) == is_worked(country, day), day

    def test_each_day_of_a_russian_winter(self):
        for ordinal in range(date(2026, 1, 1).toordinal(), date(2027, 3, 1).toordinal()):
            day = date.fromordinal(ordinal)

            assert Calendar("RU").is_open(day) == is_worked("RU", day), day

    def test_a_year_that_is_not_announced_is_known_as_such(self):
        assert Calendar("CN").is_announced(2026)
        assert not Calendar("CN").is_announced(2199)
        assert Calendar("US").is_announced(2199)


class TestBusinessDays:
    @pytest.mark.parametrize(
        ("place", "zone", "country", "start", "amount"),
        [
            # Spring Festival: nine days closed between two made-up Saturdays.
            (CHINA, SHANGHAI, "CN", "2026-02-13T17:30", 1),
            (CHINA, SHANGHAI, "CN", "2026-02-13T17:30", 2),
            (CHINA, SHANGHAI, "CN", "2026-02-14T09:00", 3),
            (CHINA, SHANGHAI, "CN", "2026-02-18T12:00", 5),
            # National Day: closed for a week, then a Saturday is worked.
            (CHINA, SHANGHAI, "CN", "2026-09-30T20:00", 2),
            (CHINA, SHANGHAI, "CN", "2026-10-09T10:00", 1),
            (CHINA, SHANGHAI, "CN", "2026-01-02T00:00", 1),
            # Russian New Year, and the Saturday worked for it.
            (RUSSIA, MOSCOW, "RU", "2026-12-30T18:00", 1),
            (RUSSIA, MOSCOW, "RU", "2026-12-31T18:00", 5),
            (RUSSIA, MOSCOW, "RU", "2027-01-03T08:00", 3),
            (RUSSIA, MOSCOW, "RU", "2027-02-19T23:59", 1),
            (RUSSIA, MOSCOW, "RU", "2026-05-08T10:00", 2),
            (AMERICA, timezone(timedelta(hours=-5)), "US", "2026-11-25T16:00", 3),
            (ANYWHERE, UTC, None, "2026-12-24T16:00", 5),
        ],
    )
    def test_as_crossed_off_by_hand(self, place, zone, country, start, amount):
        begun = instant(start, zone)

        assert term_end(begun, amount, "business_days", place) == counted(country, begun, amount)

    def test_the_platform_s_midnight_is_another_day_here(self):
        """00:00 in Shanghai is still yesterday in Moscow, where that is a Friday."""
        begun = instant("2026-11-21T00:00", SHANGHAI)

        assert term_end(begun, 1, "business_days", RUSSIA) == instant("2026-11-23T19:00", MOSCOW)
        assert term_end(begun, 1, "business_days", CHINA) == instant(
            "2026-11-23T23:59:59.999999", SHANGHAI
        )


class TestCalendarDays:
    def test_hours_are_hours_when_clocks_change(self):
        """The night of 8 March 2026 has 23 hours in New York."""
        begun = instant("2026-03-07T22:00", timezone(timedelta(hours=-5)))

        assert term_end(begun, 24, "hours", AMERICA) == begun + timedelta(hours=24)

    @pytest.mark.parametrize(
        ("start", "ends"),
        [
            # Into summer: the same wall time is an hour earlier than 7 × 24 hours.
            ("2026-03-05T10:00-05:00", "2026-03-12T10:00-04:00"),
            # Into winter the same wall time is an hour later: the earlier reading counts.
            ("2026-10-29T10:00-04:00", "2026-11-05T09:00-05:00"),
            # 02:30 does not exist on 8 March: the moment of the change stands for it.
            ("2026-03-01T02:30-05:00", "2026-03-08T03:00-04:00"),
            ("2026-06-01T10:00-04:00", "2026-06-08T10:00-04:00"),
        ],
    )
    def test_of_two_readings_the_earlier_counts(self, start, ends):
        begun = datetime.fromisoformat(start)

        assert term_end(begun, 7, "days", AMERICA) == datetime.fromisoformat(ends)

    def test_a_zone_without_changes_counts_24_hours_a_day(self):
        begun = instant("2026-11-24T00:00", SHANGHAI)

        assert term_end(begun, 18, "days", CHINA) == instant("2026-12-12T00:00", SHANGHAI)

    def test_minutes_pass_like_hours(self):
        begun = instant("2026-03-07T22:00", timezone(timedelta(hours=-5)))

        assert term_end(begun, 1440, "minutes", AMERICA) == begun + timedelta(hours=24)


class TestMonths:
    @pytest.mark.parametrize(
        ("start", "amount", "ends"),
        [
            ("2026-11-24T10:00+08:00", 3, "2027-02-24T10:00+08:00"),
            ("2026-12-01T00:00+08:00", 12, "2027-12-01T00:00+08:00"),
            # There is no 31st of February: the end of its last day.
            ("2027-12-31T10:00+08:00", 2, "2028-02-29T23:59:59.999999+08:00"),
            ("2026-01-31T10:00+08:00", 3, "2026-04-30T23:59:59.999999+08:00"),
        ],
    )
    def test_the_same_day_or_the_end_of_the_month(self, start, amount, ends):
        begun = datetime.fromisoformat(start)

        assert term_end(begun, amount, "months", CHINA) == datetime.fromisoformat(ends)

    def test_the_same_wall_time_when_clocks_change(self):
        begun = datetime.fromisoformat("2026-02-20T10:00-05:00")
        ends = datetime.fromisoformat("2026-03-20T10:00-04:00")

        assert term_end(begun, 1, "months", AMERICA) == ends


ZONES = [CHINA, RUSSIA, AMERICA, Place(ZoneInfo("Europe/Berlin"), Calendar("DE")), ANYWHERE]
PLACES = st.sampled_from([*ZONES, Place(ZoneInfo("Australia/Lord_Howe"), Calendar("AU"))])
INSTANTS = st.datetimes(
    datetime(2025, 1, 1),  # noqa: DTZ001 - the zone is drawn beside it
    datetime(2027, 12, 31),  # noqa: DTZ001 - as above
    timezones=st.just(UTC),
)
UNITS = st.sampled_from(["minutes", "hours", "days", "business_days", "months"])
AMOUNTS = st.integers(1, 40)


class TestProperties:
    @given(PLACES, INSTANTS, st.integers(0, 7200), AMOUNTS, UNITS)
    def test_what_begins_later_never_ends_earlier(self, place, start, later_s, amount, unit):
        later = start + timedelta(seconds=later_s)

        assert term_end(start, amount, unit, place) <= term_end(later, amount, unit, place)

    @given(PLACES, INSTANTS, AMOUNTS, UNITS)
    def test_more_is_later(self, place, start, amount, unit):
        assert start < term_end(start, amount, unit, place)
        assert term_end(start, amount, unit, place) < term_end(start, amount + 1, unit, place)

    @given(PLACES, INSTANTS, AMOUNTS)
    def test_business_days_end_on_an_open_day(self, place, start, amount):
        ends = term_end(start, amount, "business_days", place)

        assert place.calendar.is_open(ends.astimezone(place.zone).date())

    @given(INSTANTS, st.integers(0, 7200))
    def test_clock_changes_keep_the_order(self, start, later_s):
        """The hour that comes twice, and the one that never comes."""
        night = datetime(2026, 11, 1, 4, tzinfo=UTC) + timedelta(seconds=start.second * 180)
        later = night + timedelta(seconds=later_s)
        for unit in ("days", "business_days"):
            assert term_end(night, 1, unit, AMERICA) <= term_end(later, 1, unit, AMERICA)


# --- deadlines ----------------------------------------------------------------------------


class TestDeadlines:
    START = instant("2026-11-24T09:00")
    THREE_DAYS = Term("three_days", 3, "days", confirmed=True)
    ONE_DAY = Term("one_day", 24, "hours", confirmed=True)
    HEARSAY = Term("hearsay", 2, "hours", confirmed=False)

    def kinds(self, given, *terms):
        found = deadlines(given, self.START, terms, RUSSIA)
        return [one.kind for one in found], [one.kind for one in found if one.decides]

    def test_of_contradicting_terms_the_shorter_decides_and_all_are_shown(self):
        assert self.kinds(None, self.THREE_DAYS, self.ONE_DAY) == (
            ["one_day", "three_days"],
            ["one_day"],
        )

    def test_what_nobody_confirms_is_shown_and_decides_nothing(self):
        assert self.kinds(None, self.HEARSAY) == (["hearsay"], [])
        assert self.kinds(None, self.HEARSAY, self.ONE_DAY)[1] == ["one_day"]

    def test_of_two_published_lengths_the_shorter_decides_if_either_is_confirmed(self):
        rumour = Term("rumour", 2, "days", confirmed=False, rivals=frozenset({"three_days"}))
        stated = replace(self.THREE_DAYS, rivals=frozenset({"rumour"}))
        found = deadlines(None, self.START, [stated, rumour, self.HEARSAY], RUSSIA)

        assert [(one.kind, one.decides, one.contested) for one in found] == [
            ("hearsay", False, False),
            ("rumour", True, True),
            ("three_days", False, True),
        ]

    def test_what_others_have_to_do_is_shown_and_decides_nothing(self):
        decision = replace(self.ONE_DAY, actor="platform")
        found = deadlines(None, self.START, [decision, self.THREE_DAYS], RUSSIA)

        assert [(one.actor, one.decides) for one in found] == [
            ("platform", False),
            ("seller", True),
        ]

    def test_the_platform_s_own_instant_wins_and_keeps_its_source(self):
        given = self.START + timedelta(days=2)
        found = deadlines(given, self.START, [self.ONE_DAY, self.THREE_DAYS], RUSSIA)

        assert [(one.kind, one.source) for one in found] == [
            ("one_day", "pack"),
            ("respond_by", "platform"),
            ("three_days", "pack"),
        ]
        assert [one.at for one in found if one.decides] == [given]

    def test_business_days_over_a_year_nobody_announced_are_provisional(self):
        start = instant("2100-01-04T09:00")
        terms = [Term("later", 3, "business_days", confirmed=True), self.ONE_DAY]
        found = deadlines(None, start, terms, CHINA)

        assert {one.kind: one.provisional for one in found} == {"later": True, "one_day": False}

    def test_nothing_is_counted_from_a_slip_of_the_pen(self):
        assert deadlines(None, instant("9999-12-31T00:00"), [self.ONE_DAY], CHINA) == ()


# --- working back -------------------------------------------------------------------------

DESK = Desk(
    CHINA,
    ((9 * 60, 18 * 60),),
    review=timedelta(hours=4),
    send=timedelta(minutes=30),
    reserve=timedelta(hours=2),
)
SPLIT = Desk(
    AMERICA,
    ((9 * 60, 12 * 60), (13 * 60, 17 * 60)),
    review=timedelta(hours=5),
    send=timedelta(minutes=15),
    reserve=timedelta(minutes=30),
)


def minute_by_minute(desk, country, deadline, offset):
    """The last safe hand-over by walking back a minute at a time."""
    zone = timezone(offset)

    def is_working(minute):
        local = minute.astimezone(zone)
        clock = local.hour * 60 + local.minute
        return is_worked(country, local.date()) and any(a <= clock < b for a, b in desk.hours)

    minute = deadline - desk.reserve - timedelta(minutes=1)
    needed = (desk.review + desk.send) // timedelta(minutes=1)
    while needed:
        needed -= is_working(minute)
        minute -= timedelta(minutes=1)
    while not is_working(minute):
        minute -= timedelta(minutes=1)
    return minute + timedelta(minutes=1)


class TestWorkingBack:
    @pytest.mark.parametrize(
        "deadline",
        [
            "2026-11-26T23:00",
            "2026-11-25T15:59",
            "2026-12-01T07:59",
            "2026-11-30T00:00",
            "2026-11-30T15:30",
            "2026-02-24T00:00",
            "2026-02-24T11:00",
            "2026-02-28T16:00",
            "2026-10-08T09:30",
            "2026-10-11T12:00",
        ],
    )
    def test_as_walked_back_by_the_minute(self, deadline):
        at = instant(deadline, SHANGHAI)

        expected = minute_by_minute(DESK, "CN", at, timedelta(hours=8))
        assert DESK.work_back(at).last_safe_handover == expected

    @pytest.mark.parametrize(
        "deadline", ["2026-11-27T12:00", "2026-11-30T09:10", "2026-12-01T13:20"]
    )
    def test_a_lunch_and_a_holiday_are_no_working_time(self, deadline):
        offset = timedelta(hours=-5)
        at = instant(deadline, timezone(offset))

        expected = minute_by_minute(SPLIT, "US", at, offset)
        assert SPLIT.work_back(at).last_safe_handover == expected

    def test_a_deadline_at_midnight_elsewhere(self):
        """00:00 in Moscow is 05:00 in Shanghai: nobody is at the desk until nine."""
        back = DESK.work_back(instant("2026-11-27T00:00", MOSCOW))

        assert back.sent_by == instant("2026-11-26T18:00", SHANGHAI)
        assert back.approved_by == instant("2026-11-26T17:30", SHANGHAI)
        assert back.last_safe_handover == instant("2026-11-26T13:30", SHANGHAI)

    def test_the_strip_shows_closed_days_as_a_piece_of_their_own(self):
        now = instant("2026-11-24T14:10", SHANGHAI)
        back = DESK.work_back(instant("2026-11-30T15:30", SHANGHAI))
        pieces = [
            (one.kind, f"{one.starts.astimezone(SHANGHAI):%d %H:%M}", one.work)
            for one in back.strip(now)
        ]

        assert pieces == [
            ("yours", "24 14:10", timedelta(0)),
            ("closed", "27 18:00", timedelta(0)),
            ("review", "30 09:00", timedelta(hours=4)),
            ("send", "30 13:00", timedelta(minutes=30)),
            ("reserve", "30 13:30", timedelta(0)),
        ]

    def test_a_night_belongs_to_the_work_around_it(self):
        back = DESK.work_back(instant("2026-11-25T13:00", SHANGHAI))

        assert [(one.kind, one.work) for one in back.segments] == [
            ("review", timedelta(hours=4)),
            ("send", timedelta(minutes=30)),
            ("reserve", timedelta(0)),
        ]
        assert back.last_safe_handover == instant("2026-11-24T15:30", SHANGHAI)

    @given(st.sampled_from([DESK, SPLIT]), INSTANTS, st.integers(0, 10**6))
    def test_the_order_of_steps_and_of_deadlines_is_kept(self, desk, deadline, later_s):
        back = desk.work_back(deadline)
        later = desk.work_back(deadline + timedelta(seconds=later_s))

        assert back.last_safe_handover < back.approved_by < back.sent_by <= deadline
        assert back.last_safe_handover <= later.last_safe_handover

    @given(st.sampled_from([DESK, SPLIT]), INSTANTS, st.integers(0, 20 * 86400))
    def test_the_strip_has_no_gap_and_ends_at_the_deadline(self, desk, deadline, early_s):
        now = deadline - timedelta(seconds=early_s)
        strip = desk.work_back(deadline).strip(now)
        work = sum((one.work for one in desk.work_back(deadline).segments), timedelta(0))

        assert all(one.ends == other.starts for one, other in pairwise(strip))
        assert all(one.starts < one.ends for one in strip)
        assert not strip or strip[-1].ends == deadline
        assert work == desk.review + desk.send


def test_an_instant_is_written_by_both_clocks():
    at = instant("2026-11-24T21:30")

    assert as_local(at, ZoneInfo("Asia/Shanghai")) == (
        "2026-11-25 05:30 Asia/Shanghai (2026-11-24 21:30 UTC)"
    )
