"""DHL eCommerce in America (Global Mail): XML, newest first, with the letters of a zone (ET, CT).

Source: an answer. `CT` is standard or daylight time by the day: times are shown as they stand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.tracking import Tracking, TrackingEvent
from evidence_service.readers.places import address_of, place
from evidence_service.readers.sniff import XML
from evidence_service.readers.tracking.history import (
    Statuses,
    concluded,
    newest_first,
    reading,
    scan,
)
from evidence_service.readers.values import elements, items, joined, local_name, text

if TYPE_CHECKING:
    from xml.etree import ElementTree as ET

    from evidence_service.domain.reading import Reading

_STATUSES = Statuses(
    pre_transit=("electronic notification received*",),
    in_transit=(
        *("arrival*", "arrived*", "departure*", "departed*", "processed*", "tendered to*"),
        *("en route*", "in transit*", "sorting complete*", "picked up*"),
    ),
    out_for_delivery=("out for delivery*",),
    attempted=("delivery attempted*", "notice left*"),
    available_for_pickup=("available for pickup*", "held at post office*"),
    delivered=("delivered*",),
    returned=("returned to sender*", "return to sender*"),
    exception=("undeliverable*",),
)


def read(root: ET.Element) -> Reading | None:
    if local_name(root) != "track":
        return None
    known = (
        one
        for one in elements(root, "shipment")
        if text(one, "trackingnumber") and items(one, "event")
    )
    return reading("dhl_global_mail", XML, map(_shipment, known))


def _shipment(shipment: dict[str, Any]) -> Tracking:
    events = tuple(map(_event, items(shipment, "event")))
    return Tracking(
        number=text(shipment, "trackingnumber"),
        carrier="DHL eCommerce",
        status=concluded(events),
        carrier_status=newest_first(events)[0].description,
        signed_by=text(shipment, "signedby"),
        events=events,
        destination=address_of(
            street=joined(text(shipment, "address1"), text(shipment, "address2")),
            city=place(shipment, "city", "state"),
            postcode=text(shipment, "zip"),
        ),
    )


def _event(event: dict[str, Any]) -> TrackingEvent:
    words = text(event, "description")
    return scan(
        joined(text(event, "date"), text(event, "time"), by=" "),
        _STATUSES.of(words),
        carrier_status=text(event, "code"),
        description=words,
        place=place(event, "city", "state", "postalcode", "country"),
    )
