"""Purolator (Canada): what its public page asks for, and the tracking web service; newest first.

Source: answers of both. Times are local.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.tracking import Tracking, TrackingEvent
from evidence_service.readers.places import place
from evidence_service.readers.sniff import JSON, XML
from evidence_service.readers.tracking.history import Statuses, concluded, reading, scan
from evidence_service.readers.values import dig, elements, items, joined, text

if TYPE_CHECKING:
    from xml.etree import ElementTree as ET

    from evidence_service.domain.reading import Reading

_STATUSES = Statuses(
    pre_transit="3000 3010",
    in_transit="2380 0200 0300 0500 0510 1300 4020 4060 6550 6720 7220 7520 7525 7810 9100",
    out_for_delivery="4200",
    attempted="9230 9250 9260",
    available_for_pickup="9550",
    delivered="9000 9500",
    exception="6500",
)
# Of the web service, by words: its kinds of scans are coarse ("Undeliverable" is a pick-up, too).
_SCANS = Statuses(
    pre_transit=("new tracking number assigned*", "shipping label created*", "shipment created*"),
    in_transit=(
        *("picked up by purolator*", "arrived at sort*", "departed sort*"),
        "ProofOfPickUp",
    ),
    out_for_delivery=("on vehicle for delivery*", "OnDelivery"),
    attempted=("attempted delivery*",),
    available_for_pickup=("available for pickup*",),
    delivered=("shipment delivered*", "Delivery"),
)


def read(value: Any) -> Reading | None:
    if "searchResult" not in value:
        return None
    packages = (one for shipment in items(value, "shipment") for one in items(shipment, "package"))
    known = (one for one in packages if text(one, "pin") and items(one, "events"))
    return reading("purolator", JSON, map(_tracking, known))


def read_xml(root: ET.Element) -> Reading | None:
    bodies = elements(root, "TrackPackagesByPinResponse")
    found = (
        one
        for body in bodies
        for one in items(body, "TrackingInformationList", "TrackingInformation")
        if items(one, "Scans", "Scan")
    )
    return reading("purolator_xml", XML, map(_of_service, found))


def _tracking(package: dict[str, Any]) -> Tracking:
    events = tuple(map(_event, items(package, "events")))
    return Tracking(
        number=text(package, "pin"),
        carrier="Purolator",
        status=concluded(events),
        carrier_status=text(package, "status", "description") or events[0].description,
        signed_by=text(package, "details", "deliveryDetails", "signature"),
        events=events,
    )


def _event(event: dict[str, Any]) -> TrackingEvent:
    return scan(
        text(event, "dateTime"),
        _STATUSES.of(text(event, "code")),
        carrier_status=text(event, "code"),
        description=text(event, "description"),
        place=place(dig(event, "location"), "city", "provinceState", "countryCode"),
    )


def _of_service(parcel: dict[str, Any]) -> Tracking:
    scans = items(parcel, "Scans", "Scan")
    events = tuple(map(_scan, scans))
    signed = (text(one, "ScanDetails", "DeliverySignature") for one in scans)
    return Tracking(
        number=text(parcel, "PIN", "Value"),
        carrier="Purolator",
        status=concluded(events),
        carrier_status=events[0].description,
        signed_by=next(filter(None, signed), ""),
        events=events,
    )


def _scan(one: dict[str, Any]) -> TrackingEvent:
    kind, words = text(one, "ScanType"), text(one, "Description")
    return scan(
        joined(text(one, "ScanDate"), text(one, "ScanTime"), by="T"),
        _SCANS.of(words, kind),
        carrier_status=kind,
        description=joined(words, text(one, "Comment")),
        place=text(one, "Depot", "Name"),
    )
