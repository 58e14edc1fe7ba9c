"""PostNL abroad (Spring GDS): what the page `postnl.post` asks for; newest first.

Source: an answer. `datetime_local` ends in `Z` though it is local; with fractions it is of UTC.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.tracking import Tracking, TrackingEvent
from evidence_service.readers.places import address_of
from evidence_service.readers.sniff import JSON
from evidence_service.readers.tracking.history import Statuses, concluded, reading, scan
from evidence_service.readers.values import items, records, text

if TYPE_CHECKING:
    from evidence_service.domain.reading import Reading

_STATUSES = Statuses(
    pre_transit=("pre-advised", "preparing"),
    in_transit=("processing", "departed", "arrived", "in transit", "transit", "customs"),
    out_for_delivery=("out for delivery",),
    attempted=("unsuccesfull", "unsuccessful"),
    available_for_pickup=("pick-up point",),
    delivered=("delivered",),
    returned=("returned",),
    exception=("exception", "undelivered"),
)
_MARKS = frozenset({"item", "events"})
_EVENT_MARKS = frozenset({"category", "datetime_local"})


def read(value: Any) -> Reading | None:
    found = (one for one in records(value, _MARKS, "data", "items") if _is_postnl(one))
    return reading("postnl_international", JSON, map(_tracking, found))


def _is_postnl(parcel: dict[str, Any]) -> bool:
    return any(event.keys() >= _EVENT_MARKS for event in items(parcel, "events")[:1])


def _tracking(parcel: dict[str, Any]) -> Tracking:
    events = tuple(map(_event, items(parcel, "events")))
    return Tracking(
        number=text(parcel, "item"),
        carrier="PostNL",
        status=concluded(events),
        carrier_status=events[0].description,
        events=events,
        destination=address_of(country=text(parcel, "destination_code")),
    )


def _event(event: dict[str, Any]) -> TrackingEvent:
    written = text(event, "datetime_local")
    return scan(
        written if "." in written else written.removesuffix("Z"),
        _STATUSES.of(text(event, "category")),
        carrier_status=text(event, "category"),
        description=text(event, "status_description"),
        place=text(event, "country_name"),
    )
