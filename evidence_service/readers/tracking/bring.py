"""Bring and Posten (Norway): the Tracking API and what the public page asks for; newest first.

Source: https://developer.bring.com/api/tracking (statuses), and answers of both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.tracking import Tracking, TrackingEvent
from evidence_service.readers.markup import text_of
from evidence_service.readers.places import address_of, place
from evidence_service.readers.sniff import JSON
from evidence_service.readers.tracking.history import Statuses, parcel_status, reading, scan
from evidence_service.readers.values import dig, items, joined, records, text

if TYPE_CHECKING:
    from evidence_service.domain.reading import Reading

_STATUSES = Statuses(
    pre_transit="PRE_NOTIFIED",
    in_transit="HANDED_IN COLLECTED IN_TRANSIT TERMINAL INTERNATIONAL CUSTOMS",
    out_for_delivery="TRANSPORT_TO_RECIPIENT",
    attempted="ATTEMPTED_DELIVERY",
    available_for_pickup="READY_FOR_PICKUP",
    delivered="DELIVERED",
    returned="RETURN DELIVERED_SENDER",
    exception="DEVIATION",
)
_MARKS = frozenset({"packageSet"})


def read(value: Any) -> Reading | None:
    consignments = records(value, _MARKS, "data", "consignmentSet", "consignmentWithDomainAsync")
    parcels = (
        _tracking(package, consignment)
        for consignment in consignments
        for package in items(consignment, "packageSet")
        if items(package, "eventSet")
    )
    return reading("bring", JSON, parcels)


def _tracking(package: dict[str, Any], consignment: dict[str, Any]) -> Tracking:
    listed = items(package, "eventSet")
    events = tuple(map(_event, listed))
    status = _STATUSES.of(text(package, "domain", "currentStatus"))
    to = dig(package, "recipientAddress") or dig(consignment, "recipientAddress")
    signed = (text(event, "recipientSignature", "name") for event in listed)
    return Tracking(
        number=text(package, "packageNumber") or text(consignment, "consignmentId"),
        carrier="Bring",
        status=parcel_status(status, events),
        carrier_status=_plain(text(package, "statusDescription")) or events[0].description,
        signed_by=next(filter(None, signed), ""),
        events=events,
        destination=address_of(
            street=place(to, "addressLine1", "addressLine2"),
            city=text(to, "city"),
            postcode=text(to, "postalCode"),
            country=text(to, "countryCode"),
        ),
    )


def _event(event: dict[str, Any]) -> TrackingEvent:
    shown = joined(text(event, "displayDate"), text(event, "displayTime"), by=" ")
    return scan(
        text(event, "dateIso") or shown,
        _STATUSES.of(text(event, "status")),
        carrier_status=text(event, "status"),
        description=_plain(text(event, "description")),
        place=place(event, "postalCode", "city", "countryCode"),
    )


def _plain(words: str) -> str:
    """The name of a shop is a link."""
    return text_of(words) if "<" in words else words
