"""Poczta Polska: the answer of its tracking API; oldest first, local times.

Source: an answer, and its codes of events. An event that was cancelled tells nothing of the parcel.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.tracking import Tracking, TrackingEvent, TrackingStatus
from evidence_service.readers.places import address_of
from evidence_service.readers.sniff import JSON
from evidence_service.readers.tracking.history import Statuses, concluded, reading, scan
from evidence_service.readers.values import items, records, text

if TYPE_CHECKING:
    from evidence_service.domain.reading import Reading

_STATUSES = Statuses(
    pre_transit="P_REJ_KN1",
    in_transit="P_NAD P_PZL P_WYPL P_WEPL P_WEOC P_WYOC P_ZWC P_ZWOLDDOR P_WPUCPP",
    out_for_delivery="P_WD",
    attempted="P_A P_PA",
    available_for_pickup="P_KWD",
    delivered="P_D P_OWU",
    returned="P_NDZ",
)
_MARKS = frozenset({"number", "mailInfo"})


def read(value: Any) -> Reading | None:
    found = (one for one in records(value, _MARKS) if items(one, "mailInfo", "events"))
    return reading("poczta_polska", JSON, map(_tracking, found))


def _tracking(parcel: dict[str, Any]) -> Tracking:
    events = tuple(map(_event, items(parcel, "mailInfo", "events")))
    return Tracking(
        number=text(parcel, "number"),
        carrier="Poczta Polska",
        status=concluded(events[::-1]),
        carrier_status=events[-1].description,
        events=events,
        destination=address_of(country=text(parcel, "mailInfo", "recipientCountryCode")),
    )


def _event(event: dict[str, Any]) -> TrackingEvent:
    code = text(event, "code")
    return scan(
        text(event, "time"),
        TrackingStatus.UNKNOWN if event.get("canceled") else _STATUSES.of(code),
        carrier_status=code,
        description=text(event, "name"),
        place=text(event, "postOffice", "name"),
    )
