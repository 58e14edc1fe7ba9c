"""Cainiao: the answer behind its public tracking page, newest first.

Source: recorded answers. The number beside a time is that time read as China's, whatever zone the
label names: an instant is taken only where the label says GMT+8 too.
"""

from __future__ import annotations

from datetime import timedelta, timezone
from typing import TYPE_CHECKING, Any

from evidence_service.domain.tracking import Tracking, TrackingEvent, TrackingStatus
from evidence_service.readers.instants import epoch, instant
from evidence_service.readers.places import address_of
from evidence_service.readers.sniff import JSON
from evidence_service.readers.tracking.history import Statuses, concluded, reading, scan
from evidence_service.readers.values import items, records, text

if TYPE_CHECKING:
    from evidence_service.domain.reading import Reading

_STATUSES = Statuses(
    pre_transit="GWMS_ACCEPT GWMS_PACKAGE WMS_CONFIRMED SELLER_PREPARING WAIT_ACCEPT",
    in_transit="PU_PICKUP_SUCCESS SC_INBOUND_* SC_OUTBOUND_* LH_* CC_EX_* CC_IM_* CC_HO_*"
    " PICKEDUP SHIPPING ARRIVED_AT_* DEPART_FROM_* CUSTOMS_ARRIVED_* GWMS_OUTBOUND GTMS_ACCEPT"
    " CLEAR_CUSTOMS",
    out_for_delivery="GTMS_DO_DEPART",
    delivered="GTMS_SIGNED DELIVERED SIGNIN OWS_SIGNIN CWS_SIGNIN LTL_SIGNIN",
    exception="SIGNIN_EXC",
)
_CHINA = frozenset({"GMT+8", "GMT+0800", "GMT+08:00", "UTC+8", "+8", "+08:00"})
_BEIJING = timezone(timedelta(hours=8))
_MARKS = frozenset({"mailNo", "detailList"})
# The pages of before 2022: what happened in China, and after.
_OLD_MARKS = frozenset({"mailNo", "section1", "section2"})


def read(value: Any) -> Reading | None:
    envelopes = ("module", "data")
    old = records(value, _OLD_MARKS, *envelopes)
    found = [*records(value, _MARKS, *envelopes), *map(_of_old, old)]
    known = (one for one in found if text(one, "status") or items(one, "detailList"))
    return reading("cainiao", JSON, map(_tracking, known))


def _of_old(parcel: dict[str, Any]) -> dict[str, Any]:
    """As of today: the newer section stands second; what it repeats is left out."""
    told = (
        {"timeStr": text(one, "time"), "timeZone": text(one, "timeZone"), "desc": text(one, "desc")}
        | {"actionCode": text(one, "status")}
        for section in ("section2", "section1")
        for one in items(parcel, section, "detailList")
    )
    once = {tuple(one.values()): one for one in told}
    return parcel | {"detailList": list(once.values())}


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


def _in_china(milliseconds: Any) -> str:
    """The number as the pages would write it."""
    at = epoch(milliseconds / 1000) if isinstance(milliseconds, int) else None
    return at.astimezone(_BEIJING).strftime("%Y-%m-%d %H:%M:%S") if at else ""


def _event(event: dict[str, Any]) -> TrackingEvent:
    local_time = text(event, "timeStr") or _in_china(event.get("time"))
    in_china = text(event, "timeZone") in _CHINA
    return scan(
        local_time,
        _STATUSES.of(text(event, "actionCode")),
        at=instant(f"{local_time}+08:00") if in_china else None,
        carrier_status=text(event, "actionCode"),
        description=text(event, "standerdDesc") or text(event, "desc"),
    )
