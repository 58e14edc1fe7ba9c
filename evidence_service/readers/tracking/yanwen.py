"""Yanwen (燕文): the answer of its tracking API; a time and its offset stand apart.

Source: its interface for tracking (api.track.yw56.com.cn); newest first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.tracking import Tracking, TrackingEvent, TrackingStatus
from evidence_service.readers.instants import instant
from evidence_service.readers.places import address_of
from evidence_service.readers.sniff import JSON
from evidence_service.readers.tracking.history import Statuses, concluded, reading, scan
from evidence_service.readers.values import items, records, text

if TYPE_CHECKING:
    from evidence_service.domain.reading import Reading

_CODES = Statuses(pre_transit="OR10", in_transit="PU10 SC* LH* IC* EC*", delivered="LM40")
_WORDS = Statuses(
    pre_transit=("order information received*", "shipment information received*"),
    in_transit=("arriv*", "depart*", "picked up*", "processed*", "received*", "in transit*"),
    out_for_delivery=("out for delivery*",),
    attempted=("delivery attempt*", "attempted delivery*"),
    available_for_pickup=("available for pickup*", "awaiting collection*"),
    delivered=("delivered*",),
    returned=("returned*", "return to sender*"),
)
_MARKS = frozenset({"tracking_number", "waybill_number", "checkpoints"})


def read(value: Any) -> Reading | None:
    found = (one for one in records(value, _MARKS, "result", "data") if items(one, "checkpoints"))
    return reading("yanwen", JSON, map(_tracking, found))


def _tracking(parcel: dict[str, Any]) -> Tracking:
    events = tuple(map(_event, items(parcel, "checkpoints")))
    status = _CODES.of(text(parcel, "tracking_status"))
    return Tracking(
        number=text(parcel, "tracking_number") or text(parcel, "waybill_number"),
        carrier="Yanwen",
        status=concluded(events) if status is TrackingStatus.UNKNOWN else status,
        carrier_status=text(parcel, "tracking_status"),
        events=events,
        destination=address_of(country=text(parcel, "destination_country")),
    )


def _event(one: dict[str, Any]) -> TrackingEvent:
    local_time, code = text(one, "time_stamp"), text(one, "tracking_status")
    known = _CODES.of(code)
    return scan(
        local_time,
        _WORDS.of(text(one, "message")) if known is TrackingStatus.UNKNOWN else known,
        carrier_status=code,
        description=text(one, "message"),
        place=text(one, "location"),
        at=instant(local_time + text(one, "time_zone")),
    )
