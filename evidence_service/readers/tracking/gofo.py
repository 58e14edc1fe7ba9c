"""GOFO Express (USA): what its public page asks for; newest first.

Source: an answer, and its codes of events.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.tracking import Tracking, TrackingEvent
from evidence_service.readers.places import address_of, place
from evidence_service.readers.sniff import JSON
from evidence_service.readers.tracking.history import Statuses, parcel_status, reading, scan
from evidence_service.readers.values import items, records, text

if TYPE_CHECKING:
    from evidence_service.domain.reading import Reading

_STATUSES = Statuses(
    pre_transit="100",
    in_transit="200 201 202 203 411 412",
    out_for_delivery="208",
    delivered="205 Delivered",
)
_MARKS = frozenset({"waybillNo", "trackEventList"})


def read(value: Any) -> Reading | None:
    known = records(value, _MARKS, "data", "success")
    found = (one for one in known if items(one, "trackEventList"))
    return reading("gofo", JSON, map(_tracking, found))


def _tracking(parcel: dict[str, Any]) -> Tracking:
    events = tuple(map(_event, items(parcel, "trackEventList")))
    status = _STATUSES.of(text(parcel, "status"))
    return Tracking(
        number=text(parcel, "trackingNumber") or text(parcel, "waybillNo"),
        carrier="GOFO",
        status=parcel_status(status, events),
        carrier_status=text(parcel, "status"),
        events=events,
        destination=address_of(country=text(parcel, "toCountry")),
    )


def _event(event: dict[str, Any]) -> TrackingEvent:
    return scan(
        text(event, "processDate"),
        _STATUSES.of(text(event, "processCode")),
        carrier_status=text(event, "processCode"),
        description=text(event, "processContent"),
        place=place(event, "processCity", "processProvince"),
    )
