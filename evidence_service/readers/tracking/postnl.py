"""PostNL: the complete or current status of the Shippingstatus API; newest first.

Source: https://developer.postnl.nl (status and phase codes). Times are local (`DD-MM-YYYY`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.tracking import Tracking, TrackingEvent, TrackingStatus
from evidence_service.readers.places import address_of
from evidence_service.readers.sniff import JSON
from evidence_service.readers.tracking.history import Statuses, reading, scan
from evidence_service.readers.values import dig, items, joined, text

if TYPE_CHECKING:
    from evidence_service.domain.order import Address
    from evidence_service.domain.reading import Reading

_CODES = Statuses(
    pre_transit="1 13",
    out_for_delivery="7",
    attempted="8",
    available_for_pickup="12",
    delivered="11 22",
    exception="14 15 16 17 18 19",
)
_PHASES = Statuses(in_transit="1 2 3", delivered="4")
_RECEIVER = "01"


def read(value: Any) -> Reading | None:
    found = (
        shipment
        for answer in ("CompleteStatus", "CurrentStatus")
        for shipment in items(value, answer, "Shipment")
        if items(shipment, "Status")
    )
    return reading("postnl", JSON, map(_tracking, found))


def _tracking(shipment: dict[str, Any]) -> Tracking:
    status = dig(shipment, "Status")
    listed = items(shipment, "Event") or items(shipment, "OldStatus") or [status]
    return Tracking(
        number=text(shipment, "Barcode") or text(shipment, "MainBarcode"),
        carrier="PostNL",
        status=_status(status),
        carrier_status=text(status, "StatusDescription"),
        events=tuple(map(_event, listed)),
        destination=_destination(shipment),
    )


def _event(event: dict[str, Any]) -> TrackingEvent:
    """An event has a code of its own list, an old status the codes of statuses and phases."""
    return scan(
        text(event, "TimeStamp"),
        _status(event),
        carrier_status=text(event, "Code") or text(event, "StatusCode"),
        description=text(event, "Description") or text(event, "StatusDescription"),
        place=text(event, "LocationCode"),
    )


def _status(of: Any) -> TrackingStatus:
    known = _CODES.of(text(of, "StatusCode").lstrip("0"))
    return (
        _PHASES.of(text(of, "PhaseCode").lstrip("0")) if known is TrackingStatus.UNKNOWN else known
    )


def _destination(shipment: dict[str, Any]) -> Address | None:
    for one in items(shipment, "Address"):
        if text(one, "AddressType") == _RECEIVER:
            name = joined(text(one, "FirstName"), text(one, "LastName"), by=" ")
            return address_of(
                name=name or text(one, "CompanyName"),
                street=joined(text(one, "Street"), text(one, "HouseNumber"), by=" "),
                city=text(one, "City"),
                postcode=text(one, "Zipcode"),
                country=text(one, "CountryCode"),
            )
    return None
