"""DHL Shipment Tracking Unified: every DHL division's parcels in one form.

Source: https://developer.dhl.com/api-reference/shipment-tracking (status codes), and an answer. The
times of events have no zone. Where the status in words is another than the code's, both are shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.tracking import Tracking, TrackingEvent
from evidence_service.readers.places import address_of, place
from evidence_service.readers.sniff import JSON
from evidence_service.readers.tracking.history import Statuses, reading, scan
from evidence_service.readers.values import dig, items, joined, records, text

if TYPE_CHECKING:
    from evidence_service.domain.order import Address
    from evidence_service.domain.reading import Reading

STATUS_CONTRADICTORY = "status_contradictory"
_STATUSES = Statuses(
    pre_transit="pre-transit",
    in_transit="transit",
    delivered="delivered",
    exception="failure",
)
_MARKS = frozenset({"id", "status"})


def read(value: Any) -> Reading | None:
    shipments = records(value, _MARKS, "shipments", "shipment")
    found = [one for one in shipments if text(one, "status", "statusCode")]
    odd = any(_is_contradictory(one["status"]) for one in found)
    warnings = (STATUS_CONTRADICTORY,) if odd else ()
    return reading("dhl_unified", JSON, map(_tracking, found), *warnings)


def _is_contradictory(status: dict[str, Any]) -> bool:
    """Whether the words say "delivered" where the code does not."""
    said = text(status, "status").casefold() == "delivered"
    return said and text(status, "statusCode") not in {"", "delivered"}


def _tracking(shipment: dict[str, Any]) -> Tracking:
    status = shipment["status"]
    signed = dig(shipment, "details", "proofOfDelivery", "signed")
    return Tracking(
        number=text(shipment, "id"),
        carrier=joined("DHL", text(shipment, "service"), by=" "),
        status=_STATUSES.of(text(status, "statusCode")),
        carrier_status=text(status, "status") or text(status, "description"),
        signed_by=_name(signed),
        events=tuple(map(_event, items(shipment, "events"))),
        destination=_destination(shipment),
    )


def _event(event: dict[str, Any]) -> TrackingEvent:
    return scan(
        text(event, "timestamp"),
        _STATUSES.of(text(event, "statusCode")),
        carrier_status=text(event, "status") or text(event, "statusCode"),
        description=joined(text(event, "description"), text(event, "remark")),
        place=place(dig(event, "location", "address"), "addressLocality", "countryCode"),
    )


def _destination(shipment: dict[str, Any]) -> Address | None:
    address = dig(shipment, "destination", "address")
    return address_of(
        name=_name(dig(shipment, "details", "receiver")),
        street=text(address, "streetAddress"),
        city=text(address, "addressLocality"),
        postcode=text(address, "postalCode"),
        country=text(address, "countryCode"),
    )


def _name(person: Any) -> str:
    """`name` is often the given name alone."""
    whole = joined(text(person, "givenName"), text(person, "familyName"), by=" ")
    return whole or text(person, "name") or text(person, "organizationName")
