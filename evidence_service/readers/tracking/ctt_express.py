"""CTT Express (Spain): what its public page asks for; oldest first.

Source: an answer, and its codes of events.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.tracking import Tracking, TrackingEvent
from evidence_service.readers.places import address_of
from evidence_service.readers.sniff import JSON
from evidence_service.readers.tracking.history import Statuses, concluded, reading, scan
from evidence_service.readers.values import items, records, text

if TYPE_CHECKING:
    from evidence_service.domain.reading import Reading

_STATUSES = Statuses(
    pre_transit="0000",
    in_transit="0500 1000 3900",
    out_for_delivery="1500 2400",
    available_for_pickup="2310",
    delivered="2100 2110",
    returned="2500 2700",
    exception="0600 1600 1700",
)
_MARKS = frozenset({"shipping_code", "shipping_history"})


def read(value: Any) -> Reading | None:
    known = records(value, _MARKS, "data")
    found = (one for one in known if items(one, "shipping_history", "events"))
    return reading("ctt_express", JSON, map(_tracking, found))


def _tracking(parcel: dict[str, Any]) -> Tracking:
    events = tuple(map(_event, items(parcel, "shipping_history", "events")))
    return Tracking(
        number=text(parcel, "shipping_code"),
        carrier="CTT Express",
        status=concluded(events[::-1]),
        carrier_status=events[-1].description,
        events=events,
        destination=address_of(city=text(parcel, "destin_name")),
    )


def _event(event: dict[str, Any]) -> TrackingEvent:
    return scan(
        text(event, "event_date"),
        _STATUSES.of(text(event, "code")),
        carrier_status=text(event, "code"),
        description=text(event, "description"),
    )
