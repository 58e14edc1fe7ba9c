"""Canada Post: the tracking details of its web service, XML in English or French, and its page.

Source: https://www.canadapost-postescanada.ca/info/mc/business/productsservices/developers/services
(tracking), and an answer. An event has its local time and the letters of a Canadian zone.
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
from evidence_service.readers.values import dig, elements, items, joined, text

if TYPE_CHECKING:
    from xml.etree import ElementTree as ET

    from evidence_service.domain.reading import Reading

_STATUSES = Statuses(
    in_transit="100",
    out_for_delivery="174 500",
    attempted="150 154 167 168 169 179 181 182 183 184 190 1100 1415 1416 1417 1418 1419 1420"
    " 1450 1481 1482 1483 1491 1492 1493 2600 2802 3001 4650",
    available_for_pickup="118 156 1407 1410 1435 1436 1437 1438 1479 1488 1701 2410",
    delivered="1408 1409 1421 1422 1423 1424 1425 1426 1427 1428 1429 1430 1431 1432 1433 1434"
    " 1441 1442 1496 1497 1498 1499",
)
# Its code list is long and not public as a whole: what the words leave no doubt about.
_WORDS = Statuses(
    pre_transit=(
        *("electronic information submitted*", "order information received*"),
        *(
            "shipment details received*",
            "information électronique*",
            "postes canada a reçu l'info*",
        ),
    ),
    in_transit=(
        *("item processed*", "item in transit*", "item accepted*", "item picked up*"),
        *("item arrived*", "item departed*", "item has left*", "article traité*"),
        *("article en transit*", "article accepté*", "article ramassé*", "article arrivé*"),
    ),
    out_for_delivery=("item out for delivery*", "article sorti pour livraison*"),
    attempted=("attempted delivery*", "tentative de livraison*"),
    available_for_pickup=("item available for pickup*", "article prêt à être ramassé*"),
    delivered=("item successfully delivered*", "delivered*", "article livré*"),
    returned=("item returned*", "item being returned*", "article retourné*"),
)
# Of summaries.
_TYPES = Statuses(
    pre_transit="INDUCTION_PENDING",
    in_transit="INDUCTION INFO VEHICLE_INFO",
    out_for_delivery="OUT",
    attempted="ATTEMPTED",
    available_for_pickup="TO_RETAIL",
    delivered="DELIVERED SIGNATURE",
)
# Of the page; `Info` may be anything.
_PAGE = Statuses(
    in_transit="Induction VehicleInfo",
    out_for_delivery="Out",
    attempted="Attempted",
    available_for_pickup="ToRetail",
    delivered="Delivered Signature",
    returned="RtsLabelProc",
)
_OFFSETS = {
    "NST": "-03:30",
    "NDT": "-02:30",
    "AST": "-04:00",
    "ADT": "-03:00",
    "EST": "-05:00",
    "EDT": "-04:00",
    "CST": "-06:00",
    "CDT": "-05:00",
    "MST": "-07:00",
    "MDT": "-06:00",
    "PST": "-08:00",
    "PDT": "-07:00",
}


def read(root: ET.Element) -> Reading | None:
    found = (one for one in elements(root, "tracking-detail") if _pin(one))
    summaries = (one for one in elements(root, "pin-summary") if _pin(one))
    return reading("canadapost", XML, [*map(_tracking, found), *map(_summary, summaries)])


def read_page(value: Any) -> Reading | None:
    """What its public page asks for: JSON, of one parcel or a list."""
    found = (
        one
        for one in (items(value) if isinstance(value, list) else (value,))
        if text(one, "pin") and any(text(event, "descEn") for event in items(one, "events"))
    )
    return reading("canadapost_page", JSON, map(_page_tracking, found))


def _page_tracking(parcel: dict[str, Any]) -> Tracking:
    listed = items(parcel, "events")
    events = tuple(map(_page_event, listed))
    signers = (text(one, "signatureNm") for one in listed)
    return Tracking(
        number=text(parcel, "pin"),
        carrier="Canada Post",
        status=concluded(events),
        carrier_status=text(parcel, "status"),
        signed_by=next(filter(None, signers), ""),
        events=events,
    )


def _page_event(event: dict[str, Any]) -> TrackingEvent:
    when = dig(event, "datetime")
    day, time = text(when, "date"), text(when, "time")
    code, words = text(event, "cd"), text(event, "descEn")
    return scan(
        f"{day}T{time}{text(when, 'zoneOffset')}" if time else day,
        _first(_STATUSES.of(code.lstrip("0")), _PAGE.of(text(event, "type")), _WORDS.of(words)),
        carrier_status=code,
        description=words,
        place=place(dig(event, "locationAddr"), "city", "regionCd"),
    )


def _first(*statuses: TrackingStatus) -> TrackingStatus:
    known = (status for status in statuses if status is not TrackingStatus.UNKNOWN)
    return next(known, TrackingStatus.UNKNOWN)


def _pin(told: dict[str, Any]) -> str:
    return text(told, "pin") or text(told, "tracking-number")


def _tracking(detail: dict[str, Any]) -> Tracking:
    listed = items(detail, "significant-events", "occurrence")
    events = tuple(map(_event, listed))
    signers = (text(one, "signatory-name") for one in listed)
    return Tracking(
        number=_pin(detail),
        carrier="Canada Post",
        status=concluded(events),
        carrier_status=newest_first(events)[0].description if events else "",
        signed_by=next(filter(None, signers), ""),
        events=events,
        destination=address_of(postcode=text(detail, "destination-postal-id")),
    )


def _summary(summary: dict[str, Any]) -> Tracking:
    """Its last event alone; the time has no zone: 20110203:112130."""
    event = scan(
        text(summary, "event-date-time"),
        _TYPES.of(text(summary, "event-type")),
        carrier_status=text(summary, "event-type"),
        description=text(summary, "event-description"),
        place=text(summary, "event-location"),
    )
    return Tracking(
        number=_pin(summary),
        carrier="Canada Post",
        status=event.status,
        carrier_status=event.description,
        signed_by=text(summary, "signatory-name"),
        events=(event,),
        destination=address_of(postcode=text(summary, "destination-postal-id")),
    )


def _event(occurrence: dict[str, Any]) -> TrackingEvent:
    day, time, zone = (
        text(occurrence, name) for name in ("event-date", "event-time", "event-time-zone")
    )
    code, words = text(occurrence, "event-identifier"), text(occurrence, "event-description")
    return scan(
        joined(day, time, zone, by=" "),
        _first(_STATUSES.of(code.lstrip("0")), _WORDS.of(words)),
        at=instant(f"{day}T{time}{_OFFSETS.get(zone, '')}"),
        carrier_status=code,
        description=words,
        place=place(occurrence, "event-site", "event-province"),
    )
