"""Kdniao (快递鸟): the answer of a query, and its push; oldest first.

Source: https://www.kdniao.com/documents (states and finer states), and answers. Times have no zone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.tracking import Tracking, TrackingEvent
from evidence_service.readers.sniff import JSON
from evidence_service.readers.tracking.history import Statuses, reading, scan
from evidence_service.readers.values import items, records, text

if TYPE_CHECKING:
    from evidence_service.domain.reading import Reading

# States of one figure, the finer ones, and what a scan may name of both.
_STATES = Statuses(
    pre_transit="10",
    in_transit="1 2 5 201 204 205 206 6 601 602 603",
    out_for_delivery="202",
    available_for_pickup="211 412",
    delivered="3 301 302 304 311",
    returned="404 406 407",
    exception="4 401 402 403 405 413 414 415 416 417 418 419 420 421 422 423 604",
)
_MARKS = frozenset({"LogisticCode", "ShipperCode", "Traces"})


def read(value: Any) -> Reading | None:
    found = records(value, _MARKS, "data", "Data")
    known = (one for one in found if items(one, "Traces"))
    return reading("kdniao", JSON, map(_tracking, known))


def _tracking(parcel: dict[str, Any]) -> Tracking:
    state, finer = text(parcel, "State"), text(parcel, "StateEx")
    return Tracking(
        number=text(parcel, "LogisticCode"),
        carrier=text(parcel, "ShipperCode"),
        status=_STATES.of(finer, state),
        carrier_status=finer or state,
        events=tuple(map(_event, items(parcel, "Traces"))),
    )


def _event(trace: dict[str, Any]) -> TrackingEvent:
    action = text(trace, "Action")
    return scan(
        text(trace, "AcceptTime"),
        _STATES.of(action),
        carrier_status=action,
        description=text(trace, "AcceptStation"),
        place=text(trace, "Location"),
    )
