"""CTT (Portugal): what its public page asks for; oldest first.

Source: an answer, and its numbers of states.
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
    pre_transit="1",
    in_transit="2 8 10 11",
    out_for_delivery="7",
    attempted="13",
    available_for_pickup="14",
    delivered="12",
    returned="5",
)
_MARKS = frozenset({"ObjectCode", "Events"})


def read(value: Any) -> Reading | None:
    found = (one for one in records(value, _MARKS) if items(one, "Events", "List"))
    return reading("ctt", JSON, map(_tracking, found))


def _tracking(parcel: dict[str, Any]) -> Tracking:
    events = tuple(map(_event, items(parcel, "Events", "List")))
    return Tracking(
        number=text(parcel, "ObjectCode"),
        carrier="CTT",
        status=concluded(events[::-1]),
        carrier_status=events[-1].carrier_status,
        signed_by=text(parcel, "ReceptorName"),
        events=events,
    )


def _event(event: dict[str, Any]) -> TrackingEvent:
    return scan(
        text(event, "DateTime"),
        _STATUSES.of(text(event, "StateId")),
        carrier_status=text(event, "State"),
        description=text(event, "Event"),
        place=text(event, "Local"),
    )
