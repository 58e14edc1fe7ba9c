"""SmartKargo: a flat list of air cargo events; every piece of a waybill is a parcel.

Source: IATA's cargo status codes, and an answer. Times are local, newest first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.tracking import Tracking, TrackingEvent
from evidence_service.readers.places import address_of
from evidence_service.readers.sniff import JSON
from evidence_service.readers.tracking.history import (
    Statuses,
    concluded,
    newest_first,
    reading,
    scan,
)
from evidence_service.readers.values import records, text

if TYPE_CHECKING:
    from evidence_service.domain.reading import Reading

_STATUSES = Statuses(
    pre_transit="BKD",
    in_transit="RCS MAN DEP ARR RCF",
    out_for_delivery="OFD",
    delivered="DDL DLV",
)
_MARKS = frozenset({"airWaybill", "eventType", "eventDate"})


def read(value: Any) -> Reading | None:
    pieces: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for event in records(value, _MARKS):
        key = text(event, "airWaybill"), text(event, "pieceReference")
        pieces.setdefault(key, []).append(event)
    return reading("smartkargo", JSON, map(_tracking, pieces.values()))


def _tracking(found: list[dict[str, Any]]) -> Tracking:
    events = tuple(map(_event, found))
    newest = found[0]
    return Tracking(
        number=text(newest, "prefix") + text(newest, "airWaybill"),
        carrier="SmartKargo",
        status=concluded(events),
        carrier_status=newest_first(events)[0].carrier_status,
        events=events,
        destination=address_of(city=text(newest, "flightSegmentDestination")),
    )


def _event(event: dict[str, Any]) -> TrackingEvent:
    return scan(
        text(event, "eventDate"),
        _STATUSES.of(text(event, "eventType")),
        carrier_status=text(event, "eventType"),
        description=text(event, "description"),
        place=text(event, "eventLocation"),
    )
