"""UniUni (USA, Canada): what its public page asks for; oldest first.

Source: an answer, and its numbers of states. An event has an instant, and mostly a local time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.tracking import Tracking, TrackingEvent
from evidence_service.readers.instants import counted
from evidence_service.readers.places import address_of, place
from evidence_service.readers.sniff import JSON
from evidence_service.readers.tracking.history import Statuses, concluded, reading, scan
from evidence_service.readers.values import items, records, text

if TYPE_CHECKING:
    from evidence_service.domain.reading import Reading

_STATUSES = Statuses(
    pre_transit="190",
    in_transit="195 199 200 204 217 255",
    out_for_delivery="202",
    attempted="211",
    delivered="203",
)
_MARKS = frozenset({"tno", "spath_list"})


def read(value: Any) -> Reading | None:
    found = (one for one in records(value, _MARKS, "data", "valid_tno") if items(one, "spath_list"))
    return reading("uniuni", JSON, map(_tracking, found))


def _tracking(parcel: dict[str, Any]) -> Tracking:
    events = tuple(map(_event, items(parcel, "spath_list")))
    return Tracking(
        number=text(parcel, "tno"),
        carrier="UniUni",
        status=concluded(events[::-1]),
        carrier_status=events[-1].description,
        events=events,
        destination=address_of(country=text(parcel, "country")),
    )


def _event(event: dict[str, Any]) -> TrackingEvent:
    return scan(
        text(event, "dateTime", "localTime"),
        _STATUSES.of(text(event, "state")),
        at=counted(text(event, "dateTime", "ts")),
        carrier_status=text(event, "state"),
        description=text(event, "description_en"),
        place=place(event, "city", "province"),
    )
