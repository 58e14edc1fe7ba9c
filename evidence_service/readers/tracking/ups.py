"""UPS: the Track API v1 (`trackResponse`), older answers in JSON and XML, and its page.

Source: https://developer.ups.com/api/reference/tracking (status types and codes), and an answer.
Times are local to the scan; newer answers add the instant as GMT. `X` is an exception whatever
the simplified words say.
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
    signer,
)
from evidence_service.readers.values import dig, elements, items, joined, records, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from xml.etree import ElementTree as ET

    from evidence_service.domain.order import Address
    from evidence_service.domain.reading import Reading

# Codes that say more than the type of the status, then the types.
_CODES = Statuses(
    pre_transit="MP DD XD",
    in_transit="OR PU DP AR AF",
    out_for_delivery="OT OD OF",
    attempted="RF UR",
    available_for_pickup="RP AC WC",
    delivered="FS KB F4",
    returned="RS RT RH RU",
)
_TYPES = Statuses(
    pre_transit="M",
    in_transit="P I W",
    out_for_delivery="O",
    delivered="D",
    returned="RS",
    exception="X MV",
)
# The simplified statuses, which stand where the type does not.
_NUMBERS = Statuses(
    pre_transit="003",
    in_transit="005 010 012 014 025 038 039",
    out_for_delivery="006 021",
    attempted="022 023 024",
    available_for_pickup="017 040",
    delivered="011 026",
    returned="033 034 035 036 037",
    exception="007 013 016 029 030 032 046 048 049 050 051 052",
)
# Of the public page, in English: a scan has its code mostly, but not always.
_WORDS = Statuses(
    pre_transit=("shipper created a label*", "label created*", "manifestupload", "labelcreated"),
    in_transit=(
        *("origin scan*", "pickup scan*", "departed from facility*", "departure scan*"),
        *("arrived at facility*", "arrival scan*", "destination scan*", "warehouse scan*"),
        *("processing at ups facility*", "import scan*", "export scan*", "drop-off*"),
        *("intransit", "in transit*", "on the way*"),
    ),
    out_for_delivery=("out for delivery*", "outfordelivery", "loaded on delivery vehicle*"),
    attempted=("delivery attempted*", "the receiver was not available*"),
    available_for_pickup=(
        *("ready for pickup*", "readyforpickup", "delivered to ups access point*"),
        "delivered to a ups access point*",
    ),
    delivered="delivered*",
    returned=("returned to sender*", "returntosender", "returnedtosender"),
    exception="exception",
)
_ALERT = frozenset({"trackingNumber", "localActivityDate", "activityStatus"})


def read(value: Any) -> Reading | None:
    new = (
        _tracking(package, shipment)
        for shipment in items(value, "trackResponse", "shipment")
        for package in items(shipment, "package")
        if items(package, "activity") or dig(package, "currentStatus")
    )
    return (
        reading("ups", JSON, new)
        or reading("ups_older", JSON, _older(dig(value, "TrackResponse")))
        or reading("ups_alert", JSON, map(_alert, records(value, _ALERT)))
    )


def read_page(value: Any) -> Reading | None:
    """What its public page asks for."""
    details = (
        one
        for one in items(value, "trackDetails")
        if text(one, "trackingNumber") and items(one, "shipmentProgressActivities")
    )
    return reading("ups_page", JSON, map(_page_tracking, details))


def read_xml(root: ET.Element) -> Reading | None:
    responses = elements(root, "TrackResponse")
    return reading("ups_xml", XML, (one for response in responses for one in _older(response)))


def _tracking(package: dict[str, Any], shipment: dict[str, Any]) -> Tracking:
    events = tuple(map(_event, items(package, "activity")))
    current = dig(package, "currentStatus") or dig(shipment, "currentStatus")
    delivery = dig(package, "deliveryInformation") or dig(shipment, "deliveryInformation")
    status = _status(current)
    return Tracking(
        number=text(package, "trackingNumber") or text(shipment, "inquiryNumber"),
        carrier="UPS",
        status=concluded(events) if status is TrackingStatus.UNKNOWN else status,
        carrier_status=text(current, "description") or _latest(events),
        signed_by=signer(text(delivery, "receivedBy"), text(delivery, "signedBy")),
        events=events,
        destination=_destination(package),
    )


def _latest(events: Sequence[TrackingEvent]) -> str:
    """The words of the newest event."""
    return newest_first(events)[0].description if events else ""


def _page_tracking(detail: dict[str, Any]) -> Tracking:
    events = tuple(map(_page_event, items(detail, "shipmentProgressActivities")))
    to = dig(detail, "shipToAddress", "address") or dig(detail, "shipToAddress")
    status = _WORDS.of(text(detail, "progressBarType"), text(detail, "packageStatus"))
    return Tracking(
        number=text(detail, "trackingNumber"),
        carrier="UPS",
        status=concluded(events) if status is TrackingStatus.UNKNOWN else status,
        carrier_status=text(detail, "packageStatus"),
        signed_by=signer(text(detail, "receivedBy")),
        events=events,
        destination=address_of(
            street=text(to, "streetAddress1"),
            city=place(to, "city", "state"),
            postcode=text(to, "zipCode"),
            country=text(to, "country"),
        ),
    )


def _page_event(activity: dict[str, Any]) -> TrackingEvent:
    code, words = text(activity, "actCode"), text(activity, "activityScan")
    return scan(
        joined(text(activity, "date"), text(activity, "time"), by=" "),
        _CODES.of(code) if _CODES.of(code) is not TrackingStatus.UNKNOWN else _WORDS.of(words),
        carrier_status=code,
        description=words,
        place=text(activity, "location"),
        at=_gmt(activity),
    )


def _alert(alert: dict[str, Any]) -> Tracking:
    """The one event that a web hook tells of."""
    event = _event(
        {
            "date": alert["localActivityDate"],
            "time": alert.get("localActivityTime"),
            "gmtDate": alert.get("gmtActivityDate"),
            "gmtTime": alert.get("gmtActivityTime"),
            "status": alert["activityStatus"],
            "location": {"address": alert.get("activityLocation")},
        }
    )
    return Tracking(
        number=text(alert, "trackingNumber"),
        carrier="UPS",
        status=event.status,
        carrier_status=event.description,
        events=(event,),
    )


def _event(activity: dict[str, Any]) -> TrackingEvent:
    status = dig(activity, "status")
    return scan(
        joined(text(activity, "date"), text(activity, "time"), by=" "),
        _status(status),
        carrier_status=joined(text(status, "type"), text(status, "code"), by=" "),
        description=text(status, "description"),
        place=place(
            dig(activity, "location", "address"),
            *("city", "stateProvince", "postalCode", "countryCode"),
        ),
        at=_gmt(activity),
    )


def _gmt(activity: dict[str, Any]) -> datetime | None:
    day, time = text(activity, "gmtDate"), text(activity, "gmtTime")
    return instant(f"{day}T{time}Z") if day and time else None


def _status(status: Any) -> TrackingStatus:
    """An exception stays one, but for the codes that say which; some answers have words alone."""
    code = text(status, "code")
    for known in (
        _CODES.of(code),
        _TYPES.of(text(status, "type")),
        _NUMBERS.of(code, text(status, "statusCode")),
        _TYPES.of(code),
        _WORDS.of(text(status, "description")),
    ):
        if known is not TrackingStatus.UNKNOWN:
            return known
    return TrackingStatus.UNKNOWN


def _destination(package: dict[str, Any]) -> Address | None:
    for one in items(package, "packageAddress"):
        if text(one, "type") == "DESTINATION":
            return address_of(
                name=text(one, "name") or text(one, "attentionName"),
                street=place(dig(one, "address"), "addressLine1", "addressLine2", "addressLine3"),
                city=place(dig(one, "address"), "city", "stateProvince"),
                postcode=text(one, "address", "postalCode"),
                country=text(one, "address", "countryCode"),
            )
    return None


def _older(response: Any) -> Iterator[Tracking]:
    for shipment in items(response, "Shipment"):
        to = dig(shipment, "ShipTo", "Address")
        for package in items(shipment, "Package"):
            if activity := items(package, "Activity"):
                events = tuple(map(_older_event, activity))
                signers = (text(one, "ActivityLocation", "SignedForByName") for one in activity)
                yield Tracking(
                    number=text(package, "TrackingNumber"),
                    carrier="UPS",
                    status=concluded(events),
                    carrier_status=_latest(events),
                    signed_by=signer(*signers),
                    events=events,
                    destination=address_of(
                        city=place(to, "City", "StateProvinceCode"),
                        postcode=text(to, "PostalCode"),
                        country=text(to, "CountryCode"),
                    ),
                )


def _older_event(activity: dict[str, Any]) -> TrackingEvent:
    """The type of the status is an object in XML, and a letter beside its words in JSON."""
    status = dig(activity, "Status")
    kind = dig(status, "StatusType") or status
    letter = text(status, "StatusType", "Code") or text(status, "Type")
    code = text(status, "StatusCode", "Code") or text(status, "Code")
    return scan(
        joined(text(activity, "Date"), text(activity, "Time"), by=" "),
        _status({"type": letter, "code": code}),
        carrier_status=joined(letter, code, by=" "),
        description=text(kind, "Description"),
        place=place(
            dig(activity, "ActivityLocation", "Address"),
            *("City", "StateProvinceCode", "PostalCode", "CountryCode"),
        ),
    )
