"""Correos (Spain): the tracking answer its public page asks for; oldest first, local times.

Source: an answer, and its codes of events.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.tracking import Tracking, TrackingEvent
from evidence_service.readers.sniff import JSON
from evidence_service.readers.tracking.history import Statuses, concluded, reading, scan
from evidence_service.readers.values import items, joined, records, text

if TYPE_CHECKING:
    from evidence_service.domain.reading import Reading

_STATUSES = Statuses(
    in_transit="A010000V A090000V P040000V P090000V P100000V P110000V G01L010V G200000V C010000V"
    " F010000V",
    out_for_delivery="H020000V H250000V",
    attempted="H010930R H01R390V H01R420V",
    available_for_pickup="H01I350V",
    delivered="I010000V I01H210V",
    returned="L03D320R",
)
_MARKS = frozenset({"codEnvio", "eventos"})


def read(value: Any) -> Reading | None:
    found = (one for one in records(value, _MARKS) if items(one, "eventos"))
    return reading("correos_es", JSON, map(_tracking, found))


def _tracking(parcel: dict[str, Any]) -> Tracking:
    events = tuple(map(_event, items(parcel, "eventos")))
    return Tracking(
        number=text(parcel, "codEnvio"),
        carrier="Correos",
        status=concluded(events[::-1]),
        carrier_status=events[-1].description,
        events=events,
    )


def _event(event: dict[str, Any]) -> TrackingEvent:
    return scan(
        joined(text(event, "fecEvento"), text(event, "horEvento"), by=" "),
        _STATUSES.of(text(event, "codEvento")),
        carrier_status=text(event, "codEvento"),
        description=text(event, "desTextoResumen"),
    )
