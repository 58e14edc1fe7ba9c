"""YunExpress (云途): the tracking answer of its order API.

Source: the interface's guide (package states). Times have no zone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.tracking import Tracking, TrackingEvent, TrackingStatus
from evidence_service.readers.places import address_of
from evidence_service.readers.sniff import JSON
from evidence_service.readers.tracking.history import Statuses, reading, scan
from evidence_service.readers.values import items, records, text

if TYPE_CHECKING:
    from evidence_service.domain.reading import Reading

_STATUSES = Statuses(
    pre_transit="1",
    in_transit="2",
    delivered="3 4",
    returned="7",
    exception="5 6",
)
# Of the package as a whole in newer answers, and of every event.
_NUMBERS = Statuses(
    pre_transit="10",
    in_transit="20 80",
    available_for_pickup="30",
    attempted="40",
    delivered="50",
    exception="60 70",
)
_MARKS = frozenset({"OrderTrackingDetails"})
_PUSHED = frozenset({"orderTrackingDetails"})


def read(value: Any) -> Reading | None:
    pushed = map(_capitals, records(value, _PUSHED))
    found = [*records(value, _MARKS, "response", "Item", "Items"), *pushed]
    known = (one for one in found if items(one, "OrderTrackingDetails"))
    return reading("yunexpress", JSON, map(_tracking, known))


def _capitals(value: Any) -> Any:
    """A push has the names of an answer, but for their first letters."""
    if isinstance(value, list):
        return list(map(_capitals, value))
    if isinstance(value, dict):
        return {name[:1].upper() + name[1:]: _capitals(one) for name, one in value.items()}
    return value


def _tracking(parcel: dict[str, Any]) -> Tracking:
    state, number = text(parcel, "PackageState"), text(parcel, "TrackingStatus")
    by_state = _STATUSES.of(state)
    return Tracking(
        number=text(parcel, "TrackingNumber")
        or text(parcel, "WaybillNumber")
        or text(parcel, "WayBillNumber"),
        carrier="YunExpress",
        status=_NUMBERS.of(number) if by_state is TrackingStatus.UNKNOWN else by_state,
        carrier_status=state or number,
        events=tuple(map(_event, items(parcel, "OrderTrackingDetails"))),
        destination=address_of(country=text(parcel, "CountryCode")),
    )


def _event(detail: dict[str, Any]) -> TrackingEvent:
    return scan(
        text(detail, "ProcessDate"),
        _NUMBERS.of(text(detail, "TrackingStatus")),
        carrier_status=text(detail, "TrackingStatus"),
        description=text(detail, "ProcessContent"),
        place=text(detail, "ProcessLocation"),
    )
