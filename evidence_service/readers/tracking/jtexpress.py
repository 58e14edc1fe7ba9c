"""J&T Express (极兔): the trace of its open platform, and its push.

Source: the platform's guides (scan codes), and answers of several countries. Their order is not
certain, so that the times decide which is the newest. Times are local.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.tracking import Tracking, TrackingEvent
from evidence_service.readers.places import place
from evidence_service.readers.sniff import JSON
from evidence_service.readers.tracking.history import Statuses, concluded, reading, scan
from evidence_service.readers.values import items, records, text

if TYPE_CHECKING:
    from evidence_service.domain.reading import Reading

_STATUSES = Statuses(
    pre_transit=("103",),
    in_transit=(
        *("10", "50", "92", "106", "109", "110", "快件揽收", "发件扫描", "到件扫描"),
        *("pickup scan", "sending scan", "arrival scan"),
    ),
    out_for_delivery=("94", "112", "出仓扫描", "delivery scan"),
    attempted=("118",),
    delivered=("100", "113", "快件签收", "sign scan"),
    returned=("116", "117"),
    exception=("105",),
)
_MARKS = frozenset({"billCode", "details"})


def read(value: Any) -> Reading | None:
    found = (one for one in records(value, _MARKS, "data") if _is_jtexpress(one))
    return reading("jtexpress", JSON, map(_tracking, found))


def _is_jtexpress(parcel: dict[str, Any]) -> bool:
    return any("scanTime" in detail for detail in items(parcel, "details")[:1])


def _tracking(parcel: dict[str, Any]) -> Tracking:
    events = tuple(map(_event, items(parcel, "details")))
    newest_first = sorted(events, key=lambda event: event.local_time, reverse=True)
    return Tracking(
        number=text(parcel, "billCode"),
        carrier="J&T Express",
        status=concluded(newest_first),
        carrier_status=newest_first[0].carrier_status,
        events=events,
    )


def _event(detail: dict[str, Any]) -> TrackingEvent:
    kind = text(detail, "scanType") or text(detail, "scanTypeName")
    return scan(
        text(detail, "scanTime"),
        _STATUSES.of(text(detail, "scanTypeCode"), kind),
        carrier_status=kind,
        description=text(detail, "desc"),
        place=place(detail, "scanNetworkName", "scanNetworkCity", "scanNetworkProvince"),
    )
