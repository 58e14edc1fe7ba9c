"""Canpar (Canada): what its public page asks for; newest first, local times.

Source: an answer, and its codes of events.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.tracking import Tracking, TrackingEvent
from evidence_service.readers.places import place
from evidence_service.readers.sniff import JSON
from evidence_service.readers.tracking.history import Statuses, concluded, reading, scan
from evidence_service.readers.values import dig, items, records, text

if TYPE_CHECKING:
    from evidence_service.domain.reading import Reading

_STATUSES = Statuses(
    in_transit="PIC ARR DPT SRT COA INO XC WXX",
    out_for_delivery="WC",
    attempted="NL NH",
    delivered="DEL NSR",
    returned="RTN",
    exception="MIS HLD",
)
_MARKS = frozenset({"barcode", "events"})
_EVENT_MARKS = frozenset({"code", "code_description_en"})


def read(value: Any) -> Reading | None:
    found = (one for one in records(value, _MARKS, "result") if _is_canpar(one))
    return reading("canpar", JSON, map(_tracking, found))


def _is_canpar(parcel: dict[str, Any]) -> bool:
    return any(event.keys() >= _EVENT_MARKS for event in items(parcel, "events")[:1])


def _tracking(parcel: dict[str, Any]) -> Tracking:
    events = tuple(map(_event, items(parcel, "events")))
    return Tracking(
        number=text(parcel, "barcode"),
        carrier="Canpar",
        status=concluded(events),
        carrier_status=events[0].description,
        signed_by=text(parcel, "signed_by"),
        events=events,
    )


def _event(event: dict[str, Any]) -> TrackingEvent:
    return scan(
        text(event, "local_date_time"),
        _STATUSES.of(text(event, "code")),
        carrier_status=text(event, "code"),
        description=text(event, "code_description_en"),
        place=place(dig(event, "address"), "city", "province", "country"),
    )
