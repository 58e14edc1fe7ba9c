"""YunExpress (云途): the tracking answer of its order API.

Source: the interface's guide (package states). Times have no zone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.tracking import Tracking, TrackingEvent, TrackingStatus
from evidence_service.readers.places import address_of
from evidence_service.readers.sniff import JSON
from evidence_service.readers.tracking.history import Statuses, reading, scan
from evidence_service.readers.values import items, records, text

if TYPE_CHECKING:
    from evidence_service.domain.reading import Reading

_STATUSES = Statuses(
    pre_transit="1",
    in_transit="2",
    delivered="3 4",
    returned="7",
    exception="5 6",
)
_MARKS = frozenset({"WaybillNumber", "OrderTrackingDetails"})


def read(value: Any) -> Reading | None:
    found = records(value, _MARKS, "Item", "Items")
    known = (one for one in found if items(one, "OrderTrackingDetails"))
    return reading("yunexpress", JSON, map(_tracking, known))


def _tracking(parcel: dict[str, Any]) -> Tracking:
    return Tracking(
        number=text(parcel, "TrackingNumber") or text(parcel, "WaybillNumber"),
        carrier="YunExpress",
        status=_STATUSES.of(text(parcel, "PackageState")),
        carrier_status=text(parcel, "PackageState"),
        events=tuple(map(_event, items(parcel, "OrderTrackingDetails"))),
        destination=address_of(country=text(parcel, "CountryCode")),
    )


def _event(detail: dict[str, Any]) -> TrackingEvent:
    return scan(
        text(detail, "ProcessDate"),
        TrackingStatus.UNKNOWN,
        description=text(detail, "ProcessContent"),
        place=text(detail, "ProcessLocation"),
    )
