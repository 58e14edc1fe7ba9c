"""Ukrposhta: its status tracking API, oldest first, and its page, newest first; local times.

Source: https://dev.ukrposhta.ua (codes of events), and answers of both. The way back has the codes
of the way there: only its words tell it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.tracking import Tracking
from evidence_service.readers.places import place
from evidence_service.readers.sniff import JSON
from evidence_service.readers.tracking.history import Statuses, concluded, reading, scan
from evidence_service.readers.values import items, records, text

if TYPE_CHECKING:
    from evidence_service.domain.reading import Reading

_STATUSES = Statuses(
    pre_transit=("10601",),
    in_transit=(
        *("10100", "20700", "20800", "21600", "24300", "27900", "67300", "70800", "82700"),
        *("82800", "89000", "89100", "97700", "2201", "4006", "4021", "4024", "4074"),
    ),
    out_for_delivery=("29500",),
    available_for_pickup=("21700",),
    delivered=("41000", "48000"),
    returned=("31200", "return:*", "returned to sender*", "повернення*"),
)
_MARKS = frozenset({"barcode", "event", "eventName"})


def read(value: Any) -> Reading | None:
    page = items(value, "history", "result")
    if page and "gtt_event" in page[0]:
        return reading("ukrposhta_page", JSON, [_page(value)])
    parcels: dict[str, list[dict[str, Any]]] = {}
    for event in records(value, _MARKS):
        parcels.setdefault(text(event, "barcode"), []).append(event)
    return reading("ukrposhta", JSON, (_tracking(*parcel) for parcel in parcels.items()))


def _tracking(number: str, found: list[dict[str, Any]]) -> Tracking:
    events = tuple(
        scan(
            text(one, "date"),
            _STATUSES.of(text(one, "eventName"), text(one, "event")),
            carrier_status=text(one, "event"),
            description=text(one, "eventName"),
            place=place(one, "name", "index", "country"),
        )
        for one in found
    )
    return Tracking(
        number=number,
        carrier="Ukrposhta",
        status=concluded(events[::-1]),
        carrier_status=events[-1].description,
        events=events,
    )


def _page(value: dict[str, Any]) -> Tracking:
    events = tuple(
        scan(
            text(one, "gtt_date"),
            _STATUSES.of(text(one, "gtt_event_name"), text(one, "gtt_event")),
            carrier_status=text(one, "gtt_event"),
            description=text(one, "gtt_event_name"),
            place=place(one, "gtt_name", "gtt_index", "gtt_country"),
        )
        for one in items(value, "history", "result")
    )
    numbers = (text(one, "barcode") for one in items(value, "overview", "result"))
    return Tracking(
        number=next(numbers, ""),
        carrier="Ukrposhta",
        status=concluded(events),
        carrier_status=events[0].description,
        events=events,
    )
