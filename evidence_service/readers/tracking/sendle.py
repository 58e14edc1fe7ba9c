"""Sendle: the answer of `/tracking/…`, which does not repeat the number it was asked for.

Source: https://developers.sendle.com/reference/tracking, and an answer; oldest first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.tracking import Tracking, TrackingEvent
from evidence_service.readers.instants import instant
from evidence_service.readers.places import address_of, place
from evidence_service.readers.sniff import JSON
from evidence_service.readers.tracking.history import Statuses, reading, scan
from evidence_service.readers.values import dig, items, records, text

if TYPE_CHECKING:
    from evidence_service.domain.reading import Reading

_STATUSES = Statuses(
    pre_transit=("Booking", "Pickup Attempted", "Info Received", "Label Created"),
    in_transit=("In Transit", "Transit", "Pickup", "Picked Up", "Info", "Delayed"),
    out_for_delivery=("Out for Delivery",),
    attempted=("Delivery Attempted", "Unable to Deliver"),
    available_for_pickup=("Card Left", "Left with Agent", "Ready for Collection"),
    delivered=("Delivered",),
    returned=("Return to Sender", "Returning", "Returned", "Returned to Sender"),
    exception=("Lost", "Damaged", "Cancelled", "Lost Claimed", "Damaged Claimed"),
)
_MARKS = frozenset({"state", "status", "tracking_events"})


def read(value: Any) -> Reading | None:
    return reading("sendle", JSON, map(_tracking, records(value, _MARKS)))


def _tracking(order: dict[str, Any]) -> Tracking:
    return Tracking(
        number=text(order, "sendle_reference") or text(order, "tracking_number"),
        carrier="Sendle",
        status=_STATUSES.of(text(order, "state")),
        carrier_status=text(order, "status", "description") or text(order, "state"),
        events=tuple(map(_event, items(order, "tracking_events"))),
        destination=address_of(
            city=place(dig(order, "destination"), "suburb", "city", "state_name"),
            postcode=text(order, "destination", "postcode"),
            country=text(order, "destination", "country"),
        ),
    )


def _event(event: dict[str, Any]) -> TrackingEvent:
    kind = text(event, "event_type")
    return scan(
        text(event, "local_scan_time") or text(event, "scan_time"),
        _STATUSES.of(kind),
        at=instant(text(event, "scan_time")),
        carrier_status=kind,
        description=place(event, "description", "reason"),
        place=text(event, "location"),
    )
