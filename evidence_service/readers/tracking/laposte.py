"""La Poste (Colissimo, Chronopost, letters): the Suivi API v2.

Source: https://developer.laposte.fr/products/suivi (event codes), and an answer; newest first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.tracking import Tracking, TrackingEvent
from evidence_service.readers.places import address_of, place
from evidence_service.readers.sniff import JSON
from evidence_service.readers.tracking.history import Statuses, concluded, reading, scan
from evidence_service.readers.values import items, records, text

if TYPE_CHECKING:
    from evidence_service.domain.reading import Reading

_STATUSES = Statuses(
    pre_transit="DR1 DR2",
    in_transit="PC1 PC2 ET1 ET2 ET3 ET4 EP1 DO1 DO2 MD2 PB2",
    attempted="ND1",
    available_for_pickup="AG1",
    delivered="DI0 DI1",
    returned="RE1 DI2",
    exception="PB1 DO3",
)
_MARKS = frozenset({"idShip", "event"})


def read(value: Any) -> Reading | None:
    return reading("laposte", JSON, map(_tracking, records(value, _MARKS, "shipment")))


def _tracking(shipment: dict[str, Any]) -> Tracking:
    events = tuple(map(_event, items(shipment, "event")))
    product = text(shipment, "product")
    return Tracking(
        number=text(shipment, "idShip"),
        carrier=f"La Poste {product}".strip(),
        status=concluded(events),
        carrier_status=events[0].description if events else "",
        events=events,
        destination=address_of(country=text(shipment, "contextData", "arrivalCountry")),
    )


def _event(event: dict[str, Any]) -> TrackingEvent:
    return scan(
        text(event, "date"),
        _STATUSES.of(text(event, "code")),
        carrier_status=text(event, "code"),
        description=text(event, "label"),
        place=place(event, "site", "country"),
    )
