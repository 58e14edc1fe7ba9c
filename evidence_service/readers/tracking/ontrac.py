"""OnTrac (USA, with LaserShip): what its public page asks for; newest first.

Source: an answer.
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
    pre_transit="EXRL",
    in_transit="ORIG SFCT LOAD",
    out_for_delivery="OFDL",
    attempted="BCLD UTLV",
    delivered="DLVD",
)
_MARKS = frozenset({"Tracking", "Events"})
_EVENT_MARKS = frozenset({"EventCode", "EventShortDescription"})


def read(value: Any) -> Reading | None:
    found = (one for one in records(value, _MARKS, "Packages") if _is_ontrac(one))
    return reading("ontrac", JSON, map(_tracking, found))


def _is_ontrac(package: dict[str, Any]) -> bool:
    return any(event.keys() >= _EVENT_MARKS for event in items(package, "Events")[:1])


def _tracking(package: dict[str, Any]) -> Tracking:
    events = tuple(map(_event, items(package, "Events")))
    return Tracking(
        number=text(package, "Tracking"),
        carrier="OnTrac",
        status=concluded(events),
        carrier_status=events[0].description,
        events=events,
    )


def _event(event: dict[str, Any]) -> TrackingEvent:
    return scan(
        text(event, "ZonedEventDateTime"),
        _STATUSES.of(text(event, "EventCode")),
        carrier_status=text(event, "EventCode"),
        description=text(event, "EventShortDescription"),
        place=place(event, "City", "State", "PostalCode"),
    )
