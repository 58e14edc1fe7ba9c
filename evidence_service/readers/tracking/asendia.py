"""Asendia: the tracking answer of its sync API; oldest first.

Source: an answer; only its codes are known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.tracking import Tracking, TrackingEvent
from evidence_service.readers.places import place
from evidence_service.readers.sniff import JSON
from evidence_service.readers.tracking.history import Statuses, concluded, reading, scan
from evidence_service.readers.values import items, records, text

if TYPE_CHECKING:
    from evidence_service.domain.reading import Reading

_STATUSES = Statuses(
    in_transit="PU IT",
    delivered="DL",
)
_MARKS = frozenset({"trackingNumber", "trackingEvents"})
_EVENT_MARKS = frozenset({"time", "code"})


def read(value: Any) -> Reading | None:
    parcels = (_tracking(one) for one in records(value, _MARKS, "data") if _is_asendia(one))
    return reading("asendia", JSON, parcels)


def _is_asendia(parcel: dict[str, Any]) -> bool:
    """Others have these names too; the events tell."""
    events = items(parcel, "trackingEvents")
    return bool(events) and all(event.keys() >= _EVENT_MARKS for event in events)


def _tracking(parcel: dict[str, Any]) -> Tracking:
    events = tuple(map(_event, items(parcel, "trackingEvents")))
    return Tracking(
        number=text(parcel, "trackingNumber"),
        carrier="Asendia",
        status=concluded(events[::-1]),
        carrier_status=events[-1].description,
        events=events,
    )


def _event(event: dict[str, Any]) -> TrackingEvent:
    return scan(
        text(event, "time"),
        _STATUSES.of(text(event, "code")),
        carrier_status=text(event, "code"),
        description=text(event, "carrierEventDescription"),
        place=place(event, "locationName", "locationCountry"),
    )
