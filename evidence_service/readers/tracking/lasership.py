"""LaserShip (USA, OnTrac since 2023): the answer of its tracking page; newest first.

Source: answers. An event has a local time and one of UTC.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.tracking import Tracking, TrackingEvent
from evidence_service.readers.instants import instant
from evidence_service.readers.places import address_of, place
from evidence_service.readers.sniff import JSON
from evidence_service.readers.tracking.history import Statuses, concluded, reading, scan
from evidence_service.readers.values import dig, items, records, text

if TYPE_CHECKING:
    from evidence_service.domain.reading import Reading

_STATUSES = Statuses(
    pre_transit="OrderReceived OrderCreated",
    in_transit="Received Arrived",
    out_for_delivery="OutForDelivery",
    delivered="Delivered Released",
)
_MARKS = frozenset({"OrderNumber", "Pieces", "Events"})


def read(value: Any) -> Reading | None:
    """Every piece of an order has its events."""
    parcels = (
        _tracking(piece, order)
        for order in records(value, _MARKS)
        if items(order, "Events")
        for piece in items(order, "Pieces")
        if text(piece, "TrackingNumber")
    )
    return reading("lasership", JSON, parcels)


def _tracking(piece: dict[str, Any], order: dict[str, Any]) -> Tracking:
    events = tuple(map(_event, items(order, "Events")))
    to = dig(order, "Destination")
    return Tracking(
        number=text(piece, "TrackingNumber"),
        carrier="LaserShip",
        status=concluded(events),
        carrier_status=events[0].description,
        events=events,
        destination=address_of(
            city=place(to, "City", "State"),
            postcode=text(to, "PostalCode"),
            country=text(to, "Country"),
        ),
    )


def _event(event: dict[str, Any]) -> TrackingEvent:
    return scan(
        text(event, "DateTime"),
        _STATUSES.of(text(event, "EventType")),
        at=instant(text(event, "UTCDateTime") + "Z"),
        carrier_status=text(event, "EventType"),
        description=text(event, "EventShortText"),
        place=place(event, "Location", "City", "State", "PostalCode", "Country"),
    )
