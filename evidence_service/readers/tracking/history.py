"""What the tracking readers share: normal statuses, scans, and the reading of a file's parcels."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from evidence_service.domain.evidence import EvidenceKind
from evidence_service.domain.reading import Reading
from evidence_service.domain.tracking import Tracking, TrackingEvent, TrackingStatus
from evidence_service.readers.instants import TIME_ZONE_UNKNOWN, instant
from evidence_service.readers.storable import storable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

# "2026-05-01 …" and "20260501 …": times whose letters are in the order of time.
_BY_YEAR = re.compile(r"(?:19|20)[0-9]{2}[-/.]?[0-9]{2}")

_NOBODY = re.compile(
    r"(?:null|none|n/a|true|false)$|signature (?:not|release|service|waive)", re.IGNORECASE
)


class Statuses:
    """A source's codes or words as normal statuses: one string of codes, or a tuple of phrases.

    Case does not matter; `LH_*` stands for every code that begins so. What is not known is said so:
    new codes appear with each version of an interface.
    """

    def __init__(self, **codes: str | tuple[str, ...]) -> None:
        exact: dict[str, TrackingStatus] = {}
        starts: dict[str, TrackingStatus] = {}
        for name, listed in codes.items():
            for code in listed.split() if isinstance(listed, str) else listed:
                known = starts if code.endswith("*") else exact
                known[code.rstrip("*").casefold()] = TrackingStatus(name)
        self._exact = exact
        self._starts = sorted(starts.items(), key=lambda start: -len(start[0]))

    def of(self, *codes: str) -> TrackingStatus:
        """The status of the first code that is known."""
        for code in codes:
            if (status := self._find(code.casefold())) is not TrackingStatus.UNKNOWN:
                return status
        return TrackingStatus.UNKNOWN

    def _find(self, code: str) -> TrackingStatus:
        if code in self._exact:
            return self._exact[code]
        known = (status for start, status in self._starts if code.startswith(start))
        return next(known, TrackingStatus.UNKNOWN)


def scan(
    local_time: str, status: TrackingStatus, *, at: datetime | None = None, **words: str
) -> TrackingEvent:
    """One event; its instant is what the time says itself, or `at` where another field gives it."""
    return TrackingEvent(
        at=at or instant(local_time), local_time=local_time, status=status, **words
    )


def is_known(status: TrackingStatus) -> bool:
    return status is not TrackingStatus.UNKNOWN


def newest_first(events: Sequence[TrackingEvent]) -> Sequence[TrackingEvent]:
    """The events turned round where the times at both ends say that the oldest stands first."""
    if not events:
        return events
    first, last = events[0], events[-1]
    if first.at and last.at:
        return events[::-1] if first.at < last.at else events
    comparable = _BY_YEAR.match(first.local_time) and _BY_YEAR.match(last.local_time)
    return events[::-1] if comparable and first.local_time < last.local_time else events


def concluded(events: Sequence[TrackingEvent]) -> TrackingStatus:
    """Where a parcel is by its events: delivery is undone by a return only.

    They are taken for the newest first, unless their times say otherwise.
    """
    found = [event.status for event in newest_first(events)]
    known = list(filter(is_known, found))
    if not known:
        return TrackingStatus.UNKNOWN
    if TrackingStatus.DELIVERED in known and known[0] is not TrackingStatus.RETURNED:
        return TrackingStatus.DELIVERED
    return known[0]


def parcel_status(told: TrackingStatus, newest_first: Sequence[TrackingEvent]) -> TrackingStatus:
    """What the source says of the parcel, else what its events say."""
    return concluded(newest_first) if told is TrackingStatus.UNKNOWN else told


def signer(*names: str) -> str:
    """The first that names somebody: some answers write there that nobody signed."""
    known = (name for name in names if not _NOBODY.match(name))
    return next(filter(None, known), "")


def reading(
    reader: str, media_type: str, parcels: Iterable[Tracking], *warnings: str
) -> Reading | None:
    """The reading of a file's parcels; None where it holds none."""
    found = storable(tuple(parcels))
    if not found:
        return None
    events = [event for parcel in found for event in parcel.events]
    zoneless = any(event.at is None and event.local_time for event in events)
    return Reading(
        media_type=media_type,
        reader=reader,
        kind=EvidenceKind.TRACKING_HISTORY,
        contents=found,
        warnings=(*warnings, *((TIME_ZONE_UNKNOWN,) if zoneless else ())),
    )
