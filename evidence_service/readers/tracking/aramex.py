"""Aramex: the answer of TrackShipments, as JSON and as SOAP; newest first.

Source: Aramex's guide to its tracking service, and answers. A region has codes of
its own: words come first. JSON writes an instant as `/Date(milliseconds+offset)/`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from evidence_service.domain.tracking import Tracking, TrackingEvent
from evidence_service.readers.instants import counted, instant
from evidence_service.readers.sniff import JSON, XML
from evidence_service.readers.tracking.history import Statuses, concluded, reading, scan
from evidence_service.readers.values import elements, joined, records, text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from xml.etree import ElementTree as ET

    from evidence_service.domain.reading import Reading

_STATUSES = Statuses(
    pre_transit=("record created*", "SH014"),
    in_transit=("under processing*", "picked up*", "SH160"),
    out_for_delivery=("out for delivery*", "SH003"),
    delivered=("delivered*", "shipment delivered*", "SH005"),
    returned=("returned to shipper*",),
)
_MARKS = frozenset({"WaybillNumber", "UpdateCode", "UpdateDescription"})
_ENVELOPES = (
    "TrackingResults",
    "KeyValueOfstringArrayOfTrackingResultmFAkxlpY",
    "Value",
    "TrackingResult",
)
_COUNTED = re.compile(r"/Date\((\d+)[+-]?\d*\)/")


def read(value: Any) -> Reading | None:
    return reading("aramex", JSON, _parcels(records(value, _MARKS, *_ENVELOPES)))


def read_xml(root: ET.Element) -> Reading | None:
    results = elements(root, "TrackingResult")
    known = (one for one in results if isinstance(one, dict) and one.keys() >= _MARKS)
    return reading("aramex_xml", XML, _parcels(known))


def _parcels(results: Iterable[dict[str, Any]]) -> Iterable[Tracking]:
    parcels: dict[str, list[dict[str, Any]]] = {}
    for one in results:
        parcels.setdefault(text(one, "WaybillNumber"), []).append(one)
    return (_tracking(number, found) for number, found in parcels.items())


def _tracking(number: str, found: list[dict[str, Any]]) -> Tracking:
    events = tuple(map(_event, found))
    return Tracking(
        number=number,
        carrier="Aramex",
        status=concluded(events),
        carrier_status=events[0].description,
        events=events,
    )


def _event(result: dict[str, Any]) -> TrackingEvent:
    written, words = text(result, "UpdateDateTime"), text(result, "UpdateDescription")
    number = _COUNTED.fullmatch(written)
    return scan(
        "" if number else written,
        _STATUSES.of(words, text(result, "UpdateCode")),
        at=counted(number[1]) if number else instant(written),
        carrier_status=text(result, "UpdateCode"),
        description=joined(words, text(result, "Comments")),
        place=text(result, "UpdateLocation"),
    )
