"""Posti (Finland): what its public page asks for; newest first.

Source: an answer, and the statuses of the page; events have only words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.tracking import Tracking, TrackingEvent
from evidence_service.readers.sniff import JSON
from evidence_service.readers.tracking.history import Statuses, parcel_status, reading, scan
from evidence_service.readers.values import items, joined, records, text

if TYPE_CHECKING:
    from evidence_service.domain.reading import Reading

_STATUSES = Statuses(
    pre_transit="ORDER_RECEIVED",
    in_transit="RECEIVED IN_TRANSPORT",
    out_for_delivery="IN_DELIVERY",
    available_for_pickup="READY_FOR_PICKUP",
    delivered="DELIVERED",
    returned="RETURN_IN_TRANSPORT RETURN_DELIVERED",
)
_WORDS = Statuses(
    in_transit=(
        *("item accepted from transport*", "item has been released for delivery*"),
        "item arrived in the destination country*",
    ),
    available_for_pickup=("item is ready for a pick up*",),
    delivered=("the item has been delivered*",),
)
_MARKS = frozenset({"displayId", "events"})


def read(value: Any) -> Reading | None:
    known = records(value, _MARKS, "data", "consumerSearchShipments", "hits")
    found = (one for one in known if items(one, "events"))
    return reading("posti", JSON, map(_tracking, found))


def _tracking(parcel: dict[str, Any]) -> Tracking:
    events = tuple(map(_event, items(parcel, "events")))
    status = _STATUSES.of(text(parcel, "status", "main"))
    return Tracking(
        number=text(parcel, "displayId"),
        carrier="Posti",
        status=parcel_status(status, events),
        carrier_status=text(parcel, "status", "main"),
        events=events,
    )


def _event(event: dict[str, Any]) -> TrackingEvent:
    words = text(event, "eventDescription")
    return scan(
        text(event, "timestamp"),
        _WORDS.of(words),
        description=joined(words, text(event, "reasonDescription"), by=" "),
        place=text(event, "city"),
    )
