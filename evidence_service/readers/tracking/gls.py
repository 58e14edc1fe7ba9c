"""GLS: the tracking API's parcels.

Source: https://dev-portal.gls-group.net (status list of the API's schema), and an answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.tracking import Tracking, TrackingEvent
from evidence_service.readers.places import place
from evidence_service.readers.sniff import JSON
from evidence_service.readers.tracking.history import Statuses, reading, scan
from evidence_service.readers.values import items, records, text

if TYPE_CHECKING:
    from evidence_service.domain.reading import Reading

_STATUSES = Statuses(
    pre_transit="PREADVICE PLANNEDPICKUP INPICKUP",
    in_transit="INTRANSIT INWAREHOUSE NORMAL",
    out_for_delivery="INDELIVERY",
    attempted="NOTDELIVERED NOTPICKEDUP",
    available_for_pickup="DELIVEREDPS",
    delivered="DELIVERED FINAL",
    exception="CANCELED",
)
_MARKS = frozenset({"unitno", "status", "events"})


def read(value: Any) -> Reading | None:
    return reading("gls", JSON, map(_tracking, records(value, _MARKS, "parcels")))


def _tracking(parcel: dict[str, Any]) -> Tracking:
    return Tracking(
        number=text(parcel, "unitno"),
        carrier="GLS",
        status=_STATUSES.of(text(parcel, "status")),
        carrier_status=text(parcel, "status"),
        events=tuple(map(_event, items(parcel, "events"))),
    )


def _event(event: dict[str, Any]) -> TrackingEvent:
    """The code is the group and the case: `INTIAL.PREADVICE`, as GLS spells it."""
    code = text(event, "code")
    group, _, case = code.partition(".")
    return scan(
        text(event, "eventDateTime"),
        _STATUSES.of(case, group),
        carrier_status=code,
        description=text(event, "description"),
        place=place(event, "city", "postalCode", "country"),
    )
