"""Time on the pages of a case: how it stands to its deadlines, and what happened when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from evidence_service.domain.deadline import Deadline
    from evidence_service.domain.timeline import TimelineEntry
    from evidence_service.platforms.pack import Clock

# Less than this left is shown as soon.
SOON_HOURS = 24
# So long without an event is worth a line of its own on the time axis.
SILENCE = timedelta(days=5)


@dataclass(frozen=True, slots=True)
class Due:
    """How a deadline stands: late, soon or neither."""

    at: datetime
    left: timedelta

    @property
    def is_late(self) -> bool:
        return self.left.total_seconds() < 0

    @property
    def is_soon(self) -> bool:
        return not self.is_late and self.left.total_seconds() < SOON_HOURS * 3600


@dataclass(frozen=True, slots=True)
class Leg:
    """A piece of the deadline strip. `pauses` says that its work goes on in a later leg."""

    kind: str
    lasts: timedelta
    ends: datetime
    pauses: bool


@dataclass(frozen=True, slots=True)
class Stated:
    """A deadline and the term it is counted by; without one the platform named the instant.

    `is_earlier`: the platform's own rules end it before the deadline the case is worked by.
    """

    deadline: Deadline
    clock: Clock | None
    is_earlier: bool


@dataclass(frozen=True, slots=True)
class Happened:
    """An event of the case's chain, as its page tells it. `by` is None where nobody acted."""

    at: datetime
    kind: str
    by: str | None
    label: str | None
    seq: int
    hash: str


def with_silences(
    entries: Iterable[TimelineEntry],
) -> Iterator[tuple[TimelineEntry, timedelta | None]]:
    """Each entry, and how long nothing happened before it where that was long."""
    before: datetime | None = None
    for entry in entries:
        silence = entry.at - before if before else timedelta()
        yield entry, silence if silence >= SILENCE else None
        before = entry.at
