"""India Post: what its public page asks for, which does not repeat the number; oldest first.

Source: an answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.tracking import Tracking, TrackingEvent
from evidence_service.readers.places import place
from evidence_service.readers.sniff import JSON
from evidence_service.readers.tracking.history import Statuses, concluded, reading, scan
from evidence_service.readers.values import items, joined, records, text

if TYPE_CHECKING:
    from evidence_service.domain.reading import Reading

_STATUSES = Statuses(
    in_transit="ItemBooked ItemDispatched ItemBagged ItemReceived",
    out_for_delivery="OutForDelivery ItemOutForDelivery",
    attempted="DeliveryAttempted",
    delivered="ItemDelivered",
    returned="ReturnToSender",
)
_MARKS = frozenset({"tracking_status", "tracking_events"})
_EVENT_MARKS = frozenset({"tracked_at", "event_type"})


def read(value: Any) -> Reading | None:
    found = (one for one in records(value, _MARKS) if _is_india_post(one))
    return reading("india_post", JSON, map(_tracking, found))


def _is_india_post(parcel: dict[str, Any]) -> bool:
    return any(event.keys() >= _EVENT_MARKS for event in items(parcel, "tracking_events")[:1])


def _tracking(parcel: dict[str, Any]) -> Tracking:
    events = tuple(map(_event, items(parcel, "tracking_events")))
    return Tracking(
        number=text(parcel, "tracking_number"),
        carrier="India Post",
        status=concluded(events[::-1]),
        carrier_status=text(parcel, "tracking_status"),
        events=events,
    )


def _event(event: dict[str, Any]) -> TrackingEvent:
    return scan(
        text(event, "tracked_at"),
        _STATUSES.of(text(event, "event_type")),
        carrier_status=text(event, "event_type"),
        description=joined(text(event, "event"), text(event, "remarks")),
        place=place(event, "office", "pincode"),
    )
