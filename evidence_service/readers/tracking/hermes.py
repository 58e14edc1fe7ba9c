"""Hermes (Germany): the shipment info of its tracking API.

Source: an answer; only its codes are known. Events are oldest first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.tracking import Tracking, TrackingEvent
from evidence_service.readers.places import address_of, place
from evidence_service.readers.sniff import JSON
from evidence_service.readers.tracking.history import Statuses, concluded, reading, scan
from evidence_service.readers.values import dig, items, records, text

if TYPE_CHECKING:
    from evidence_service.domain.reading import Reading

_STATUSES = Statuses(
    pre_transit="0000",
    in_transit="2000",
    out_for_delivery="3000",
    delivered="3500",
)
_MARKS = frozenset({"shipmentID", "status"})


def read(value: Any) -> Reading | None:
    found = records(value, _MARKS, "shipmentinfo")
    return reading("hermes", JSON, (_tracking(one) for one in found if items(one, "status")))


def _tracking(shipment: dict[str, Any]) -> Tracking:
    events = tuple(map(_event, items(shipment, "status")))
    return Tracking(
        number=text(shipment, "shipmentID"),
        carrier="Hermes",
        status=concluded(events[::-1]),
        carrier_status=events[-1].description,
        events=events,
        destination=address_of(
            city=text(shipment, "receiverAddress", "city"),
            postcode=text(shipment, "receiverAddress", "zipCode"),
            country=text(shipment, "receiverAddress", "countryCode"),
        ),
    )


def _event(step: dict[str, Any]) -> TrackingEvent:
    return scan(
        text(step, "timestamp"),
        _STATUSES.of(text(step, "code")),
        carrier_status=text(step, "code"),
        description=text(step, "description"),
        place=place(dig(step, "scanningUnit"), "name", "city", "countryCode"),
    )
