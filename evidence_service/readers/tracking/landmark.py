"""Landmark Global: the `TrackResponse` of its XML interface.

Source: answers. Times are local, often midnight, and not in order: the order of the file counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.tracking import Tracking, TrackingEvent
from evidence_service.readers.sniff import XML
from evidence_service.readers.tracking.history import Statuses, concluded, reading, scan
from evidence_service.readers.values import dig, elements, items, joined, local_name, text

if TYPE_CHECKING:
    from xml.etree import ElementTree as ET

    from evidence_service.domain.reading import Reading

_STATUSES = Statuses(
    pre_transit="50",
    in_transit="75 125 150 155 200 225 275",
    out_for_delivery="300",
    delivered="500",
)


def read(root: ET.Element) -> Reading | None:
    if local_name(root) != "TrackResponse":
        return None
    parcels = (
        _tracking(package, text(result, "ShipmentDetails", "EndDeliveryCarrier"))
        for result in elements(root, "Result")
        for package in items(result, "Packages", "Package")
        if dig(package, "Events")
    )
    return reading("landmark", XML, parcels)


def _tracking(package: dict[str, Any], last_carrier: str) -> Tracking:
    events = tuple(map(_event, items(package, "Events", "Event")))
    return Tracking(
        number=text(package, "TrackingNumber") or text(package, "LandmarkTrackingNumber"),
        carrier=joined("Landmark Global", last_carrier),
        status=concluded(events[::-1]),
        carrier_status=events[-1].description if events else "",
        events=events,
    )


def _event(event: dict[str, Any]) -> TrackingEvent:
    return scan(
        text(event, "DateTime"),
        _STATUSES.of(text(event, "EventCode")),
        carrier_status=text(event, "EventCode"),
        description=text(event, "Status"),
        place=text(event, "Location"),
    )
