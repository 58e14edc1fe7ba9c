"""Cainiao: the answer behind its public tracking page, newest first.

Source: recorded answers. The number beside a time is that time read as China's, whatever zone the
label names: an instant is taken only where the label says GMT+8 too.
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

_STATUSES = Statuses(
    pre_transit="GWMS_ACCEPT GWMS_PACKAGE WMS_CONFIRMED SELLER_PREPARING WAIT_ACCEPT",
    in_transit="PU_PICKUP_SUCCESS SC_INBOUND_* SC_OUTBOUND_* LH_* CC_EX_* CC_IM_* CC_HO_*"
    " CUSTOMS_ARRIVED_* GWMS_OUTBOUND GTMS_ACCEPT CLEAR_CUSTOMS",
    out_for_delivery="GTMS_DO_DEPART",
    delivered="GTMS_SIGNED DELIVERED",
)
_CHINA = frozenset({"GMT+8", "GMT+0800", "GMT+08:00", "UTC+8", "+8", "+08:00"})
_MARKS = frozenset({"mailNo", "detailList"})


def read(value: Any) -> Reading | None:
    found = records(value, _MARKS, "module", "data")
    known = (one for one in found if text(one, "status") or items(one, "detailList"))
    return reading("cainiao", JSON, map(_tracking, known))


def _tracking(parcel: dict[str, Any]) -> Tracking:
    events = tuple(map(_event, items(parcel, "detailList")))
    status = _STATUSES.of(text(parcel, "status"))
    return Tracking(
        number=text(parcel, "mailNo"),
        carrier=text(parcel, "destCpInfo", "cpName") or "Cainiao",
        status=concluded(events) if status is TrackingStatus.UNKNOWN else status,
        carrier_status=text(parcel, "statusDesc") or text(parcel, "status"),
        events=events,
        destination=address_of(country=text(parcel, "destCountry")),
    )


def _event(event: dict[str, Any]) -> TrackingEvent:
    local_time = text(event, "timeStr")
    in_china = text(event, "timeZone") in _CHINA
    return scan(
        local_time,
        _STATUSES.of(text(event, "actionCode")),
        at=instant(f"{local_time}+08:00") if in_china else None,
        carrier_status=text(event, "actionCode"),
        description=text(event, "standerdDesc") or text(event, "desc"),
    )
