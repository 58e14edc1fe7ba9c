"""An Post (Ireland): what its public page asks for, which does not name the parcel; newest first.

Source: an answer, and its codes of events. Times are local.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.tracking import Tracking, TrackingEvent, TrackingStatus
from evidence_service.readers.sniff import JSON
from evidence_service.readers.tracking.history import Statuses, concluded, reading, scan
from evidence_service.readers.values import items, text

if TYPE_CHECKING:
    from evidence_service.domain.reading import Reading

_STATUSES = Statuses(
    pre_transit="35",
    in_transit="5 7 9 15 37 40 48 49 64 65 66 67 68 73 83 85",
    out_for_delivery="4",
    available_for_pickup="70",
    delivered="14",
)
_WORDS = Statuses(
    attempted=("we attempted to deliver*",),
    delivered=("your item was delivered*",),
)


def read(value: Any) -> Reading | None:
    listed = items(value, "getEventsResponse", "GetEventsResult")
    events = tuple(_event(one) for one in listed if text(one, "traceCode"))
    return reading("an_post", JSON, [_tracking(events)] if events else [])


def _tracking(events: tuple[TrackingEvent, ...]) -> Tracking:
    return Tracking(
        number="",
        carrier="An Post",
        status=concluded(events),
        carrier_status=events[0].description,
        events=events,
    )


def _event(event: dict[str, Any]) -> TrackingEvent:
    code, words = text(event, "traceCode"), text(event, "activity")
    known = _STATUSES.of(code)
    return scan(
        text(event, "date"),
        _WORDS.of(words) if known is TrackingStatus.UNKNOWN else known,
        carrier_status=code,
        description=words,
        place=text(event, "location"),
    )
