"""The instants of local times, once somebody says in which zone they were written."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from evidence_service.domain.calendar import taken
from evidence_service.domain.order import Order
from evidence_service.domain.tracking import Tracking
from evidence_service.domain.transcript import Transcript
from evidence_service.readers.dates import name_of
from evidence_service.readers.instants import TIME_ZONE_UNKNOWN
from evidence_service.readers.written import Times

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evidence_service.domain.choices import Choices
    from evidence_service.domain.reading import Content, Reading

_DAY_CHARS = len("2026-05-01")


def in_zone(reading: Reading, choices: Choices) -> Reading:
    """The same with instants where a local time is understood and has none.

    The hour that a zone repeats in autumn is taken as its first.
    """
    clock = _Clock(reading, choices)
    contents = tuple(_zoned(one, clock) for one in reading.contents)
    is_left = any(_lacks(one) for one in contents)
    told = (code for code in reading.warnings if is_left or code != TIME_ZONE_UNKNOWN)
    order = reading.date_order or name_of(clock.times.order)
    return replace(reading, contents=contents, warnings=tuple(told), date_order=order)


class _Clock:
    """Reads a file's times in the zone that was chosen; all of them tell its dates apart."""

    def __init__(self, reading: Reading, choices: Choices) -> None:
        written = (time for one in reading.contents for time in _zoneless(one))
        self.times = Times(written, chosen=choices.date_order)
        self._zone = ZoneInfo(choices.time_zone)

    def instant(self, written: str) -> datetime | None:
        """None for a day alone, and for what is not understood."""
        for text in (written, self.times.of(written)[1]):
            if len(text) > _DAY_CHARS and (local := _parsed(text)) is not None:
                return taken(local if local.tzinfo else local.replace(tzinfo=self._zone))
        return None


def _parsed(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _zoned(content: Content, clock: _Clock) -> Content:
    match content:
        case Transcript():
            said = (
                replace(one, sent_at=one.sent_at or clock.instant(one.local_time))
                for one in content.messages
            )
            return Transcript(content.channel, said)
        case Tracking():
            events = (
                replace(one, at=one.at or clock.instant(one.local_time)) for one in content.events
            )
            return replace(content, events=tuple(events))
        case Order():
            return replace(
                content, placed_at=content.placed_at or clock.instant(content.local_time)
            )
    return content


def _zoneless(content: Content) -> Iterator[str]:
    """The times that are written in it and have no instant."""
    match content:
        case Transcript():
            yield from (one.local_time for one in content.messages if one.sent_at is None)
        case Tracking():
            yield from (one.local_time for one in content.events if one.at is None)
        case Order() if content.placed_at is None:
            yield content.local_time


def _lacks(content: Content) -> bool:
    return any(_zoneless(content))
