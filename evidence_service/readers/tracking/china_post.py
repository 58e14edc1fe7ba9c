"""China Post and EMS (中国邮政): what their app asks for; oldest first, local times.

Source: an answer, its codes of events and the words of its states.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.tracking import Tracking, TrackingEvent
from evidence_service.readers.places import address_of
from evidence_service.readers.sniff import JSON
from evidence_service.readers.tracking.history import Statuses, parcel_status, reading, scan
from evidence_service.readers.values import items, joined, records, text

if TYPE_CHECKING:
    from evidence_service.domain.reading import Reading

_STATUSES = Statuses(
    in_transit="404 423 457 459 460 461 489 500 505 713 911 912 954 989 EXA EXB EXC"
    " 运送中 清关中 到达境外目的地 已揽收 已揽件 到达目的地",
    out_for_delivery="462 702 派送中",
    attempted="542",
    available_for_pickup="待取件 等待客户网点取件",
    delivered="463 已签收",
    returned="711 已退回 退回寄件人",
    exception="派件异常 邮件异常",
)
_MARKS = frozenset({"mailNo", "mailInfos"})


def read(value: Any) -> Reading | None:
    found = (one for one in records(value, _MARKS, "info", "mail") if items(one, "mailInfos"))
    return reading("china_post", JSON, map(_tracking, found))


def _tracking(parcel: dict[str, Any]) -> Tracking:
    events = tuple(map(_event, items(parcel, "mailInfos")))
    status = _STATUSES.of(text(parcel, "stateDesc"))
    return Tracking(
        number=text(parcel, "mailNo"),
        carrier="China Post",
        status=parcel_status(status, events[::-1]),
        carrier_status=text(parcel, "stateDesc"),
        events=events,
        destination=address_of(country=text(parcel, "receiverCountryName")),
    )


def _event(event: dict[str, Any]) -> TrackingEvent:
    code, state = text(event, "operationCode"), text(event, "stateDesc")
    return scan(
        text(event, "time"),
        _STATUSES.of(code, state),
        carrier_status=joined(code, state, by=" "),
        description=text(event, "operation"),
        place=text(event, "orgName"),
    )
