"""DHL Express: MyDHL API's JSON, the XML-PI (`TrackingResponse`), its forerunner, and the old page.

Source: https://developer.dhl.com/api-reference/dhl-express-mydhl-api (event codes), and an answer
of the XML-PI. The XML's times have no zone; the JSON's event carries its offset apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.tracking import Tracking, TrackingEvent, TrackingStatus
from evidence_service.readers.instants import instant
from evidence_service.readers.places import address_of, place
from evidence_service.readers.sniff import JSON, XML
from evidence_service.readers.tracking.history import (
    Statuses,
    concluded,
    newest_first,
    reading,
    scan,
)
from evidence_service.readers.values import dig, elements, items, joined, local_name, records, text

if TYPE_CHECKING:
    from xml.etree import ElementTree as ET

    from evidence_service.domain.reading import Reading

# Only codes whose words in an answer, or everybody's lists, leave no doubt.
_STATUSES = Statuses(
    in_transit="PU PO PL AF DF AR CR FD IC RR SA TP",
    out_for_delivery="WC",
    attempted="CA ND NH",
    available_for_pickup="CC",
    delivered="OK DD DL PD",
    returned="RT",
    exception="BA CD CM DM OH RD TD UD WX",
)
_DISPOSITIONS = Statuses(
    in_transit="PU PL AF DF IB TU CC",
    out_for_delivery="OD",
    delivered="LD",
)
# Of the public page until 2019: the parcel's word is English, those of its events of any language.
_DELIVERY = Statuses(in_transit="transit", delivered="delivered", exception="exception failure")
_WORDS = Statuses(
    pre_transit=("shipment information*",),
    in_transit=(
        *("shipment picked up*", "processed at*", "departed facility*", "arrived at*"),
        *("transferred through*", "customs status updated*", "clearance*"),
    ),
    out_for_delivery=("with delivery courier*", "shipment is out with courier*"),
    attempted=("delivery attempted*",),
    delivered=("delivered*",),
    returned=("returned to shipper*",),
)
_PAGE_MARKS = frozenset({"id", "delivery", "checkpoints"})
_JSON_MARKS = frozenset({"shipmentTrackingNumber", "events"})


def read(value: Any) -> Reading | None:
    return reading("dhl_express", JSON, map(_shipment, records(value, _JSON_MARKS, "shipments")))


def read_page(value: Any) -> Reading | None:
    """What the public page asked for; newest first."""
    return reading("dhl_page", JSON, map(_page, records(value, _PAGE_MARKS, "results")))


def read_xml(root: ET.Element) -> Reading | None:
    """The answer itself, or within SOAP, where every list is in an `ArrayOf…Item`."""
    responses = [one for one in root.iter() if local_name(one) == "TrackingResponse"]
    infos = (info for response in responses for info in elements(response, "AWBInfo"))
    found = (one for info in infos for one in items(info, "ArrayOfAWBInfoItem") or [info])
    known = (one for one in found if items(one, "ShipmentInfo"))
    return reading("dhl_express_xml", XML, map(_waybill, known))


def read_ecommerce(root: ET.Element) -> Reading | None:
    """The interface of before 2015; newest first."""
    if local_name(root) != "ECommerce":
        return None
    found = (one for one in elements(root, "Shipment") if items(one, "TrackingHistory", "Status"))
    return reading("dhl_ecommerce", XML, map(_old_shipment, found))


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


def _page(result: dict[str, Any]) -> Tracking:
    events = tuple(map(_checkpoint, items(result, "checkpoints")))
    status = _DELIVERY.of(text(result, "delivery", "status"))
    return Tracking(
        number=text(result, "id"),
        carrier="DHL Express",
        status=concluded(events) if status is TrackingStatus.UNKNOWN else status,
        carrier_status=text(result, "delivery", "status"),
        signed_by=text(result, "signature", "signatory"),
        events=events,
        destination=address_of(city=text(result, "destination", "value")),
    )


def _checkpoint(checkpoint: dict[str, Any]) -> TrackingEvent:
    words = text(checkpoint, "description")
    return scan(
        joined(text(checkpoint, "date"), text(checkpoint, "time"), by=" "),
        _WORDS.of(words),
        description=words,
        place=text(checkpoint, "location"),
    )


def _waybill(waybill: dict[str, Any]) -> Tracking:
    info = waybill["ShipmentInfo"]
    listed = items(info, "ShipmentEvent", "ArrayOfShipmentEventItem") or items(
        info, "ShipmentEvent"
    )
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
            city=text(info, "Consignee", "City")
            or text(info, "DestinationServiceArea", "Description"),
            postcode=text(info, "Consignee", "PostalCode"),
            country=text(info, "Consignee", "CountryCode"),
        ),
    )


def _old_shipment(shipment: dict[str, Any]) -> Tracking:
    events = tuple(map(_old_event, items(shipment, "TrackingHistory", "Status")))
    to = dig(shipment, "Receiver")
    return Tracking(
        number=text(shipment, "TrackingNbr"),
        carrier="DHL Express",
        status=concluded(events),
        carrier_status=newest_first(events)[0].description,
        signed_by=text(shipment, "Delivery", "Signatory"),
        events=events,
        destination=address_of(
            name=text(to, "CompanyName"),
            city=place(to, "City", "State"),
            postcode=text(to, "PostalCode"),
            country=text(to, "CountryCode"),
        ),
    )


def _old_event(status: dict[str, Any]) -> TrackingEvent:
    return scan(
        joined(text(status, "Date"), text(status, "Time"), by=" "),
        _DISPOSITIONS.of(text(status, "Disposition")),
        carrier_status=text(status, "Disposition"),
        description=text(status, "StatusDesc"),
        place=place(dig(status, "Location"), "City", "State", "Country"),
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
