"""Delhivery (India): its tracking API, oldest first, its push, and its page, newest first.

Source: https://one.delhivery.com/developer-portal (statuses and their types), and answers of the
page. The type tells a way back (`RT`) from a way to the buyer. Times are local.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.tracking import Tracking, TrackingEvent, TrackingStatus
from evidence_service.readers.sniff import JSON
from evidence_service.readers.tracking.history import Statuses, reading, scan
from evidence_service.readers.values import dig, items, records, text

if TYPE_CHECKING:
    from evidence_service.domain.reading import Reading

_STATUSES = Statuses(
    pre_transit=("manifested", "not picked"),
    in_transit=("in transit", "pending", "picked up"),
    out_for_delivery=("dispatched", "out for delivery"),
    delivered=("delivered",),
    returned=("rto", "returned"),
    exception=("lost", "canceled", "cancelled"),
)
_RETURN = "RT"
_API = frozenset({"AWB", "Status"})
_PAGE = frozenset({"awb", "trackingStates"})


def read(value: Any) -> Reading | None:
    shipments = records(value, _API, "ShipmentData", "Shipment")
    known = (one for one in shipments if text(one, "Status", "Status"))
    pages = records(value, _PAGE, "data")
    return reading("delhivery", JSON, [*map(_shipment, known), *map(_page, pages)])


def _status(words: str, kind: str) -> TrackingStatus:
    return TrackingStatus.RETURNED if kind == _RETURN else _STATUSES.of(words)


def _shipment(shipment: dict[str, Any]) -> Tracking:
    """A push has no list: what it tells is its one event."""
    status = dig(shipment, "Status")
    scans = [one["ScanDetail"] for one in items(shipment, "Scans") if items(one, "ScanDetail")]
    return Tracking(
        number=text(shipment, "AWB"),
        carrier="Delhivery",
        status=_status(text(status, "Status"), text(status, "StatusType")),
        carrier_status=text(status, "Status"),
        events=tuple(map(_scan, scans)) or (_pushed(status),),
    )


def _scan(one: dict[str, Any]) -> TrackingEvent:
    return scan(
        text(one, "ScanDateTime"),
        _status(text(one, "Scan"), text(one, "ScanType")),
        carrier_status=text(one, "Scan"),
        description=text(one, "Instructions"),
        place=text(one, "ScannedLocation"),
    )


def _pushed(status: Any) -> TrackingEvent:
    return scan(
        text(status, "StatusDateTime"),
        _status(text(status, "Status"), text(status, "StatusType")),
        carrier_status=text(status, "Status"),
        description=text(status, "Instructions"),
        place=text(status, "StatusLocation"),
    )


def _page(parcel: dict[str, Any]) -> Tracking:
    status = dig(parcel, "status")
    return Tracking(
        number=text(parcel, "awb"),
        carrier="Delhivery",
        status=_status(text(status, "status"), text(status, "statusType")),
        carrier_status=text(status, "status"),
        events=tuple(
            scan(
                text(one, "scanDateTime"),
                _status(text(one, "scan"), text(one, "scanType")),
                carrier_status=text(one, "scan"),
                description=text(one, "scanNslRemark"),
                place=text(one, "cityLocation"),
            )
            for state in items(parcel, "trackingStates")
            for one in items(state, "scans")
        ),
    )
