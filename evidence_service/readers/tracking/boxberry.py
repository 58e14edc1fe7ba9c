"""Boxberry: the statuses of its `ListStatuses` and `ListStatusesFull`, oldest first, local times.

Source: https://help.boxberry.ru (statuses of a parcel). The answer does not name the parcel.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.tracking import Tracking, TrackingEvent
from evidence_service.readers.sniff import JSON
from evidence_service.readers.tracking.history import Statuses, concluded, reading, scan
from evidence_service.readers.values import records, text

if TYPE_CHECKING:
    from evidence_service.domain.reading import Reading

_WORDS = Statuses(
    pre_transit=("загружен реестр*", "заказ создан*"),
    in_transit=(
        *("принят*", "отправлен*", "передан* на сортировку", "передано на доставку до*"),
        *("в пути*", "на отделении-получателе*", "передан*"),
    ),
    out_for_delivery=("передано на курьерскую доставку*", "передан на курьерскую доставку*"),
    available_for_pickup=("поступил*", "доступен к получению*"),
    delivered=("выдан*", "вручен*", "доставлен*"),
    returned=("готовится к возврату*", "возвращен*", "отправлено в пункт приема*"),
)
_MARKS = frozenset({"Date", "Name", "Comment"})


def read(value: Any) -> Reading | None:
    events = tuple(map(_event, records(value, _MARKS, "statuses")))
    return reading("boxberry", JSON, [_tracking(events)] if events else [])


def _tracking(events: tuple[TrackingEvent, ...]) -> Tracking:
    return Tracking(
        number="",
        carrier="Boxberry",
        status=concluded(events[::-1]),
        carrier_status=events[-1].description,
        events=events,
    )


def _event(status: dict[str, Any]) -> TrackingEvent:
    return scan(
        text(status, "Date"),
        _WORDS.of(text(status, "Name")),
        description=text(status, "Name"),
        place=text(status, "Comment"),
    )
