"""SEKO OmniParcel: the statuses of its shipping API.

Source: an answer; only its OmniCodes are known. Times are local, oldest first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.tracking import Tracking, TrackingEvent, TrackingStatus
from evidence_service.readers.sniff import JSON
from evidence_service.readers.tracking.history import Statuses, concluded, reading, scan
from evidence_service.readers.values import items, records, text

if TYPE_CHECKING:
    from evidence_service.domain.reading import Reading

_STATUSES = Statuses(
    pre_transit="OP-1 OP-8",
    in_transit="OP-3 OP-4 OP-50 OP-79",
    out_for_delivery="OP-21",
    delivered="OP-72 DELIVERED",
)
_MARKS = frozenset({"ConsignmentNo", "Status", "Events"})


def read(value: Any) -> Reading | None:
    return reading("seko", JSON, map(_tracking, records(value, _MARKS)))


def _tracking(consignment: dict[str, Any]) -> Tracking:
    events = tuple(map(_event, items(consignment, "Events")))
    status = _STATUSES.of(text(consignment, "Status"))
    return Tracking(
        number=text(consignment, "ConsignmentNo"),
        carrier="SEKO OmniParcel",
        status=concluded(events[::-1]) if status is TrackingStatus.UNKNOWN else status,
        carrier_status=text(consignment, "Status"),
        events=events,
    )


def _event(event: dict[str, Any]) -> TrackingEvent:
    return scan(
        text(event, "EventDT"),
        _STATUSES.of(text(event, "OmniCode")),
        carrier_status=text(event, "OmniCode"),
        description=text(event, "Description"),
        place=text(event, "Location"),
    )
