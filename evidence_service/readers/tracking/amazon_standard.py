"""Amazon's standard for tracking, in which partners answer: A1, i-parcel (XML), Prestige (JSON).

Source: answers of all three, newest first. `EVENT_101` means two things: there the words tell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.tracking import Tracking, TrackingEvent
from evidence_service.readers.places import address_of, place
from evidence_service.readers.sniff import JSON, XML
from evidence_service.readers.tracking.history import Statuses, concluded, reading, scan
from evidence_service.readers.values import dig, elements, items, joined, records, text

if TYPE_CHECKING:
    from xml.etree import ElementTree as ET

    from evidence_service.domain.reading import Reading

_STATUSES = Statuses(
    in_transit=(
        *("EVENT_102", "EVENT_201", "EVENT_202", "EVENT_204", "EVENT_205"),
        "shipment has left seller facility*",
    ),
    out_for_delivery=("EVENT_302",),
    attempted=("EVENT_304",),
    delivered=("EVENT_301",),
)
_MARKS = frozenset({"TrackingNumber", "TrackingEventHistory"})
_EVENT_MARKS = frozenset({"EventCode", "EventCodeDesc"})


def read(value: Any) -> Reading | None:
    found = (one for one in records(value, _MARKS) if _is_event(one, "TrackingEventHistory"))
    return reading("amazon_standard", JSON, map(_flat, found))


def read_xml(root: ET.Element) -> Reading | None:
    packages = elements(root, "PackageTrackingInfo")
    path = ("TrackingEventHistory", "TrackingEventDetail")
    found = (one for one in packages if _is_event(one, *path))
    return reading("amazon_standard_xml", XML, map(_nested, found))


def _is_event(parcel: dict[str, Any], *path: str) -> bool:
    return any(event.keys() >= _EVENT_MARKS for event in items(parcel, *path)[:1])


def _flat(parcel: dict[str, Any]) -> Tracking:
    """As JSON: day and time are local, and where it goes stands in each event."""
    listed = items(parcel, "TrackingEventHistory")
    events = tuple(
        _event(
            one,
            joined(text(one, "serverDate"), text(one, "serverTime"), by=" "),
            place(one, "ELCity", "ELState", "ELZip", "CountryCode"),
        )
        for one in listed
    )
    return Tracking(
        number=text(parcel, "TrackingNumber"),
        carrier="",
        status=concluded(events),
        carrier_status=events[0].description,
        events=events,
        destination=address_of(
            city=place(listed[0], "PDCity", "PDState"), postcode=text(listed[0], "PDZip")
        ),
    )


def _nested(parcel: dict[str, Any]) -> Tracking:
    listed = items(parcel, "TrackingEventHistory", "TrackingEventDetail")
    events = tuple(
        _event(
            one,
            text(one, "EventDateTime"),
            place(dig(one, "EventLocation"), "City", "StateProvince", "PostalCode", "CountryCode"),
        )
        for one in listed
    )
    to = dig(parcel, "PackageDestinationLocation")
    signed = (text(one, "SignedForByName") for one in listed)
    return Tracking(
        number=text(parcel, "TrackingNumber"),
        carrier="",
        status=concluded(events),
        carrier_status=events[0].description,
        signed_by=next(filter(None, signed), ""),
        events=events,
        destination=address_of(
            city=place(to, "City", "StateProvince"),
            postcode=text(to, "PostalCode"),
            country=text(to, "CountryCode"),
        ),
    )


def _event(event: dict[str, Any], local_time: str, where: str) -> TrackingEvent:
    code, words = text(event, "EventCode"), text(event, "EventCodeDesc")
    return scan(
        local_time,
        _STATUSES.of(code, words),
        carrier_status=code,
        description=words,
        place=where,
    )
