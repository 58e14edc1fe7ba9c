"""Pos Malaysia: what its public page asks for; oldest first, local times.

Source: an answer, and the words of its events.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.tracking import Tracking, TrackingEvent
from evidence_service.readers.places import address_of, place
from evidence_service.readers.sniff import JSON
from evidence_service.readers.tracking.history import Statuses, parcel_status, reading, scan
from evidence_service.readers.values import dig, items, records, text

if TYPE_CHECKING:
    from evidence_service.domain.reading import Reading

_WORDS = Statuses(
    in_transit=(
        *("collected", "on the way", "sorting completed", "preparing for delivery"),
        "arrived at international hub",
    ),
    out_for_delivery=("out for delivery",),
    delivered=("delivery completed", "delivered"),
)
_MARKS = frozenset({"connote_id", "tracking_data"})


def read(value: Any) -> Reading | None:
    found = (one for one in records(value, _MARKS, "data") if items(one, "tracking_data"))
    return reading("pos_malaysia", JSON, map(_tracking, found))


def _tracking(parcel: dict[str, Any]) -> Tracking:
    events = tuple(map(_event, items(parcel, "tracking_data")))
    status = _WORDS.of(text(parcel, "process_status"))
    to = dig(parcel, "recipient_data")
    return Tracking(
        number=text(parcel, "connote_id"),
        carrier="Pos Malaysia",
        status=parcel_status(status, events[::-1]),
        carrier_status=text(parcel, "process_status"),
        events=events,
        destination=address_of(
            city=place(to, "receipient_city", "receipient_state"),
            postcode=text(to, "receipient_postcode"),
            country=text(to, "receipient_country"),
        ),
    )


def _event(event: dict[str, Any]) -> TrackingEvent:
    words = text(event, "process_summary")
    return scan(
        text(event, "date"),
        _WORDS.of(words),
        carrier_status=words,
        description=text(event, "process"),
        place=text(event, "office"),
    )
