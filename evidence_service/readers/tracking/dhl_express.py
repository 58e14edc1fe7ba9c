"""DHL Express: MyDHL API's JSON, and the XML-PI (`TrackingResponse`) before it.

Source: https://developer.dhl.com/api-reference/dhl-express-mydhl-api (event codes), and an answer
of the XML-PI. The XML's times have no zone; the JSON's event carries its offset apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.tracking import Tracking, TrackingEvent
from evidence_service.readers.instants import instant
from evidence_service.readers.places import address_of
from evidence_service.readers.sniff import JSON, XML
from evidence_service.readers.tracking.history import Statuses, concluded, reading, scan
from evidence_service.readers.values import elements, items, joined, local_name, records, text

if TYPE_CHECKING:
    from xml.etree import ElementTree as ET

    from evidence_service.domain.reading import Reading

# Only codes whose words in an answer, or everybody's lists, leave no doubt.
_STATUSES = Statuses(
    in_transit="PU PO PL AF DF AR CR FD IC SA TP",
    out_for_delivery="WC",
    attempted="CA ND NH",
    available_for_pickup="CC",
    delivered="OK DD DL PD",
    returned="RT",
    exception="BA CD CM DM OH RD TD UD WX",
)
_JSON_MARKS = frozenset({"shipmentTrackingNumber", "events"})


def read(value: Any) -> Reading | None:
    return reading("dhl_express", JSON, map(_shipment, records(value, _JSON_MARKS, "shipments")))


def read_xml(root: ET.Element) -> Reading | None:
    if local_name(root) != "TrackingResponse":
        return None
    found = (one for one in elements(root, "AWBInfo") if items(one, "ShipmentInfo"))
    return reading("dhl_express_xml", XML, map(_waybill, found))


def _shipment(shipment: dict[str, Any]) -> Tracking:
    listed = items(shipment, "events")
    events = tuple(map(_json_event, listed))
    signers = (text(event, "signedBy") for event in listed)
    return Tracking(
        number=text(shipment, "shipmentTrackingNumber"),
        carrier="DHL Express",
        status=concluded(events[::-1]),
        carrier_status=text(shipment, "status"),
        signed_by=next(filter(None, signers), ""),
        events=events,
    )


def _json_event(event: dict[str, Any]) -> TrackingEvent:
    day, time = text(event, "date"), text(event, "time")
    return scan(
        joined(day, time, by=" "),
        _STATUSES.of(text(event, "typeCode")),
        carrier_status=text(event, "typeCode"),
        description=text(event, "description"),
        place=joined(*(text(area, "description") for area in items(event, "serviceArea"))),
        at=instant(f"{day}T{time}{text(event, 'GMTOffset')}"),
    )


def _waybill(waybill: dict[str, Any]) -> Tracking:
    info = waybill["ShipmentInfo"]
    listed = items(info, "ShipmentEvent")
    events = tuple(map(_xml_event, listed))
    return Tracking(
        number=text(waybill, "AWBNumber"),
        carrier="DHL Express",
        status=concluded(events[::-1]),
        carrier_status=events[-1].description if events else "",
        signed_by=_signatory(listed),
        events=events,
        destination=address_of(
            name=text(info, "ConsigneeName"),
            city=text(info, "DestinationServiceArea", "Description"),
        ),
    )


def _xml_event(event: dict[str, Any]) -> TrackingEvent:
    code = text(event, "ServiceEvent", "EventCode")
    return scan(
        joined(text(event, "Date"), text(event, "Time"), by=" "),
        _STATUSES.of(code),
        carrier_status=code,
        description=text(event, "ServiceEvent", "Description"),
        place=text(event, "ServiceArea", "Description"),
    )


def _signatory(events: list[dict[str, Any]]) -> str:
    """Other events than the delivery hold account numbers and times in the signatory's place."""
    delivered = (event for event in events if text(event, "ServiceEvent", "EventCode") == "OK")
    return next((text(event, "Signatory") for event in delivered), "")
