"""USPS: the Tracking API v3 (JSON), and the Web Tools' XML with fields or with sentences.

Source: https://developers.usps.com/trackingv3 and the Web Tools guide, and answers of both. The
JSON has each event's local time and its instant; the XML has words without a zone ("1:20 pm").
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from evidence_service.domain.tracking import Tracking, TrackingEvent, TrackingStatus
from evidence_service.readers.instants import instant
from evidence_service.readers.places import address_of, place
from evidence_service.readers.sniff import JSON, XML
from evidence_service.readers.tracking.history import Statuses, concluded, reading, scan
from evidence_service.readers.values import TEXT, dig, elements, items, joined, records, text

if TYPE_CHECKING:
    from xml.etree import ElementTree as ET

    from evidence_service.domain.reading import Reading

_EVENT_CODES = Statuses(
    pre_transit="GX MA",
    in_transit="A1 T1 TL SF EF 03 07 10 OA PC",
    out_for_delivery="OF",
    delivered="01",
)
_WORDS = Statuses(
    pre_transit=(
        *("pre-shipment*", "pre-transit*", "shipping label created*", "origin post is preparing*"),
        *("a shipping label has been*", "shipping label has been*", "label created*"),
        *("electronic shipping info*", "the u.s. postal service was electronically notified*"),
    ),
    in_transit=(
        *("in transit*", "in-transit*", "accept*", "arriv*", "depart*", "processed*", "picked up*"),
        *("usps in possession*", "usps picked up*", "origin acceptance*", "forwarded*"),
        *("sorting complete*", "customs clearance*", "inbound*", "moving through network*"),
        *("your item arriv*", "your item depart*", "your item was accepted*"),
        *("your item was processed*", "your item was picked up by*", "enroute*"),
    ),
    out_for_delivery=("out for delivery*", "out-for-delivery*", "your item is out for delivery*"),
    attempted=("notice left*", "delivery attempt*", "no access*", "no secure location*"),
    available_for_pickup=("available for pickup*",),
    delivered=("delivered", "delivered,*", "delivered to*", "your item was delivered*"),
    returned=("return to sender*", "returned to sender*", "unclaimed*", "being returned*"),
    exception=(
        *("alert*", "undeliverable*", "insufficient address*", "no such number*", "vacant*"),
        *("addressee unknown*", "moved,*", "missent*", "delivery exception*", "refused*", "held*"),
    ),
)
_MARKS = frozenset({"trackingNumber", "statusCategory"})
_NUMBERLESS = frozenset({"statusCategory", "trackingEvents"})
_DAY = re.compile(r"[A-Z][a-z]{2,8} [0-9]{1,2}, [0-9]{4}|[0-9]{2}/[0-9]{2}/[0-9]{4}")
_HOUR = re.compile(r"[0-9]{1,2}:[0-9]{2} [ap]m")
# "May 30 11:07 am NOTICE LEFT …": the oldest answers begin with a time that has no year.
_LEAD = re.compile(r"[A-Z][a-z]{2,8} [0-9]{1,2} [0-9]{1,2}:[0-9]{2} [ap]m(?= )")

# What it says where it knows nothing of the parcel.
_NOTHING = re.compile(
    r"could not locate the tracking information|there is no record of"
    r"|status update is not yet available",
    re.IGNORECASE,
)


def read(value: Any) -> Reading | None:
    found = records(value, _MARKS, "trackingInfo", "data") or records(value, _NUMBERLESS, "data")
    return reading("usps", JSON, map(_tracking, found))


def read_xml(root: ET.Element) -> Reading | None:
    infos = (one for one in elements(root, "TrackInfo") if isinstance(one, dict))
    known = (one for one in infos if _xml_scans(one))
    return reading("usps_xml", XML, map(_xml_tracking, known))


def _tracking(parcel: dict[str, Any]) -> Tracking:
    events = items(parcel, "trackingEvents")
    status = text(parcel, "status")
    names = (text(event, "name") for event in events)
    return Tracking(
        number=text(parcel, "trackingNumber"),
        carrier="USPS",
        status=_WORDS.of(status, text(parcel, "statusCategory")),
        carrier_status=status or text(parcel, "statusCategory"),
        signed_by=next(filter(None, names), ""),
        events=tuple(map(_event, events)),
        destination=address_of(
            city=place(parcel, "destinationCity", "destinationState"),
            postcode=text(parcel, "destinationZIP"),
            country=text(parcel, "destinationCountryCode"),
        ),
    )


def _event(event: dict[str, Any]) -> TrackingEvent:
    words, code = text(event, "eventType"), text(event, "eventCode")
    return scan(
        text(event, "eventTimestamp"),
        _status(words, code),
        carrier_status=code,
        description=words,
        place=place(event, "eventCity", "eventState", "eventZIP", "eventCountry"),
        at=instant(text(event, "GMTTimestamp")),
    )


def _status(words: str, code: str) -> TrackingStatus:
    known = _EVENT_CODES.of(code)
    return _WORDS.of(words) if known is TrackingStatus.UNKNOWN else known


def _xml_tracking(info: dict[str, Any]) -> Tracking:
    listed = _xml_scans(info)
    events = tuple(map(_xml_event, listed))
    status = text(info, "Status")
    names = (text(one, "Name") for one in listed)
    return Tracking(
        number=text(info, "ID"),
        carrier="USPS",
        status=_WORDS.of(status, text(info, "StatusCategory")) if status else concluded(events),
        carrier_status=status or next((event.description for event in events), ""),
        signed_by=next(filter(None, names), ""),
        events=events,
        destination=address_of(
            city=place(info, "DestinationCity", "DestinationState"),
            postcode=text(info, "DestinationZip"),
            country=text(info, "DestinationCountryCode"),
        ),
    )


def _xml_scans(info: dict[str, Any]) -> list[dict[str, Any]]:
    """The events, newest first; a mere sentence is one with words alone, if it tells of any."""
    found = [dig(info, name) for name in ("TrackSummary", "TrackDetail")]
    many = [one for listed in found for one in (listed if isinstance(listed, list) else [listed])]
    scans = [one if isinstance(one, dict) else {TEXT: one} for one in many if one]
    return [one for one in scans if not _NOTHING.search(text(one))]


def _xml_event(event: dict[str, Any]) -> TrackingEvent:
    words, code = text(event, "Event") or text(event), text(event, "EventCode")
    local_time = joined(text(event, "EventDate"), text(event, "EventTime"), by=" ")
    return scan(
        local_time or _time_in(text(event)),
        _status(_LEAD.sub("", words).strip(), code),
        carrier_status=code,
        description=words,
        place=place(event, "EventCity", "EventState", "EventZIPCode", "EventCountry"),
    )


def _time_in(sentence: str) -> str:
    """Of "Sorting Complete, May 1, 2026, 8:03 am, …" or "… at 8:03 am on May 1, 2026 …"."""
    if lead := _LEAD.match(sentence):
        return lead[0]
    day, hour = _DAY.search(sentence), _HOUR.search(sentence)
    return joined(day[0], hour[0] if hour else "", by=" ") if day else ""
