"""YTO Express (圆通): what its public page asks for; newest first, local times.

Source: an answer, and the words of its scans.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.tracking import Tracking, TrackingEvent
from evidence_service.readers.sniff import JSON
from evidence_service.readers.tracking.history import Statuses, concluded, reading, scan
from evidence_service.readers.values import items, records, text

if TYPE_CHECKING:
    from evidence_service.domain.reading import Reading

_STATUSES = Statuses(
    in_transit=("揽收扫描", "装件入车扫描", "下车扫描", "快件城市信息", "小件员取出"),
    out_for_delivery=("派件扫描",),
    available_for_pickup=("入柜|入库",),
    delivered=("PDA正常签收扫描",),
    returned=("退回件扫描",),
)
_MARKS = frozenset({"waybillNo", "waybillProcessInfo"})


def read(value: Any) -> Reading | None:
    known = records(value, _MARKS, "data")
    found = (one for one in known if items(one, "waybillProcessInfo"))
    return reading("yto", JSON, map(_tracking, found))


def _tracking(parcel: dict[str, Any]) -> Tracking:
    events = tuple(map(_event, items(parcel, "waybillProcessInfo")))
    return Tracking(
        number=text(parcel, "waybillNo"),
        carrier="YTO Express",
        status=concluded(events),
        carrier_status=events[0].carrier_status,
        events=events,
    )


def _event(one: dict[str, Any]) -> TrackingEvent:
    return scan(
        text(one, "opTime"),
        _STATUSES.of(text(one, "opName")),
        carrier_status=text(one, "opName"),
        description=text(one, "description"),
        place=text(one, "opOrgName"),
    )
