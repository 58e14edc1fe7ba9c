"""NZ Post: the answer of its ParcelTrack API; oldest first.

Source: https://anypoint.mulesoft.com/exchange/portals/nz-post-group (ParcelTrack), and an answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.tracking import Tracking, TrackingEvent
from evidence_service.readers.sniff import JSON
from evidence_service.readers.tracking.history import Statuses, concluded, reading, scan
from evidence_service.readers.values import items, records, text

if TYPE_CHECKING:
    from evidence_service.domain.reading import Reading

_STATUSES = Statuses(
    pre_transit="997 205 206",
    in_transit="13 8 58",
    out_for_delivery="32",
    delivered="22",
    exception="40",
)
_MARKS = frozenset({"tracking_reference", "tracking_events"})


def read(value: Any) -> Reading | None:
    found = (one for one in records(value, _MARKS, "results") if items(one, "tracking_events"))
    return reading("nzpost", JSON, map(_tracking, found))


def _tracking(parcel: dict[str, Any]) -> Tracking:
    listed = items(parcel, "tracking_events")
    events = tuple(map(_event, listed))
    signed = (text(event, "signed_by", "name") for event in listed)
    return Tracking(
        number=text(parcel, "tracking_reference"),
        carrier="NZ Post",
        status=concluded(events[::-1]),
        carrier_status=events[-1].carrier_status,
        signed_by=next(filter(None, signed), ""),
        events=events,
    )


def _event(event: dict[str, Any]) -> TrackingEvent:
    return scan(
        text(event, "date_time"),
        _STATUSES.of(text(event, "edifact_code")),
        carrier_status=text(event, "status"),
        description=text(event, "description"),
        place=text(event, "depot_name"),
    )
