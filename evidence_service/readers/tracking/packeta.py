"""Packeta (Zásilkovna): what its public page asks for, in English; oldest first, local times.

Source: answers; the parcel's status is a number, an event has only words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.tracking import Tracking, TrackingEvent
from evidence_service.readers.sniff import JSON
from evidence_service.readers.tracking.history import Statuses, parcel_status, reading, scan
from evidence_service.readers.values import items, records, text

if TYPE_CHECKING:
    from evidence_service.domain.reading import Reading

_STATUSES = Statuses(
    pre_transit="997",
    in_transit="1 31",
    available_for_pickup="2",
    delivered="3",
)
_WORDS = Statuses(
    pre_transit=("we are aware of your parcel*",),
    in_transit=(
        *("the parcel is currently on its way to the depot*", "the parcel has arrived at*"),
        "the parcel has been handed over to the carrier*",
    ),
    available_for_pickup=("the parcel is ready for pickup*",),
    delivered=("the parcel is with you*",),
)
_MARKS = frozenset({"barcode", "packetStatusId", "trackingDetails"})


def read(value: Any) -> Reading | None:
    return reading("packeta", JSON, map(_tracking, records(value, _MARKS, "item")))


def _tracking(parcel: dict[str, Any]) -> Tracking:
    events = tuple(map(_event, items(parcel, "trackingDetails")))
    status = _STATUSES.of(text(parcel, "packetStatusId"))
    return Tracking(
        number=text(parcel, "barcode"),
        carrier="Packeta",
        status=parcel_status(status, events[::-1]),
        carrier_status=text(parcel, "packetStatus"),
        events=events,
    )


def _event(one: dict[str, Any]) -> TrackingEvent:
    words = text(one, "text")
    return scan(text(one, "time"), _WORDS.of(words), description=words)
