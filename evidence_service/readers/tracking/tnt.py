"""TNT: what its public page asks for, and ExpressConnect Tracking (XML); newest first.

Source: the ExpressConnect guide (summary and status codes), and answers of both. The times of XML
are local.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.tracking import Tracking, TrackingEvent
from evidence_service.readers.places import address_of, place
from evidence_service.readers.sniff import JSON, XML
from evidence_service.readers.tracking.history import Statuses, parcel_status, reading, scan
from evidence_service.readers.values import dig, elements, items, joined, text

if TYPE_CHECKING:
    from xml.etree import ElementTree as ET

    from evidence_service.domain.reading import Reading

_STATUSES = Statuses(
    in_transit="PU CI OS TR IS AR INTRAN INT",
    out_for_delivery="OD",
    delivered="OK DELRED DEL",
    exception="EXC",
)


def read(value: Any) -> Reading | None:
    consignments = items(value, "tracker.output", "consignment")
    return reading("tnt", JSON, (_page(one) for one in consignments if items(one, "events")))


def read_xml(root: ET.Element) -> Reading | None:
    found = (
        one
        for body in elements(root, "TrackResponse")
        for one in items(body, "Consignment")
        if text(one, "SummaryCode") and items(one, "StatusData")
    )
    return reading("tnt_xml", XML, map(_consignment, found))


def _page(consignment: dict[str, Any]) -> Tracking:
    events = tuple(
        scan(
            text(one, "date"),
            _STATUSES.of(text(one, "legacyCode")),
            carrier_status=text(one, "legacyCode"),
            description=text(one, "statusDescription"),
            place=place(dig(one, "location"), "city", "countryCode"),
        )
        for one in items(consignment, "events")
    )
    status = _STATUSES.of(text(consignment, "status", "groupCode"))
    return Tracking(
        number=text(consignment, "consignmentNumber"),
        carrier="TNT",
        status=parcel_status(status, events),
        carrier_status=events[0].description,
        signed_by=text(consignment, "signatory"),
        events=events,
        destination=address_of(
            city=text(consignment, "destinationAddress", "city"),
            country=text(consignment, "destinationAddress", "countryCode"),
        ),
    )


def _consignment(consignment: dict[str, Any]) -> Tracking:
    events = tuple(map(_event, items(consignment, "StatusData")))
    status = _STATUSES.of(text(consignment, "SummaryCode"))
    return Tracking(
        number=text(consignment, "ConsignmentNumber"),
        carrier="TNT",
        status=parcel_status(status, events),
        carrier_status=events[0].description,
        signed_by=text(consignment, "Signatory"),
        events=events,
        destination=address_of(
            city=text(consignment, "DeliveryTown"),
            country=text(consignment, "DestinationCountry", "CountryCode"),
        ),
    )


def _event(one: dict[str, Any]) -> TrackingEvent:
    return scan(
        joined(text(one, "LocalEventDate"), text(one, "LocalEventTime"), by="T"),
        _STATUSES.of(text(one, "StatusCode")),
        carrier_status=text(one, "StatusCode"),
        description=text(one, "StatusDescription"),
        place=text(one, "DepotName"),
    )
