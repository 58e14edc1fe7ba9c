"""YunExpress (云途): the tracking answer of its order API, its pushes, and its page.

Source: the interface's guide (package states). Times have no zone. The page's numbers of states are
others: there its words tell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.tracking import Tracking, TrackingEvent, TrackingStatus
from evidence_service.readers.instants import instant
from evidence_service.readers.places import address_of, place
from evidence_service.readers.sniff import JSON
from evidence_service.readers.tracking.history import (
    Statuses,
    concluded,
    is_known,
    newest_first,
    reading,
    scan,
)
from evidence_service.readers.values import dig, items, joined, records, text

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
_WORDS = Statuses(
    pre_transit=("shipment information received*",),
    in_transit=(
        *("shipment picked up*", "arrived*", "departed*", "shipment is in transit*"),
        *("international flight*", "clearance*", "clearence*", "start customs*"),
        *("customs inspection*", "the country of origin commences*", "collected at cargo*"),
    ),
    out_for_delivery=("out for delivery*",),
    attempted=("delivery attempted*", "attempted delivery*"),
    available_for_pickup=("available for pickup*", "ready for pickup*"),
    delivered=("delivered*",),
    returned=("returned to sender*",),
)
_MARKS = frozenset({"OrderTrackingDetails"})
_PUSHED = frozenset({"orderTrackingDetails"})
# Of its newer interface and the push of that.
_NEWER = frozenset({"track_events"})
_LETTERS = Statuses(in_transit="T", delivered="D")
_NODES = Statuses(
    pre_transit="ORDER_CREATION",
    in_transit="PICKED_UP FIRST_MILE_* IN_TRANSIT",
    attempted="DELIVERY_FAILURE",
    delivered="DELIVERED",
    returned="RETURNED",
)


def read(value: Any) -> Reading | None:
    pushed = map(_capitals, records(value, _PUSHED))
    found = [*records(value, _MARKS, "response", "Item", "Items"), *pushed]
    known = (one for one in found if items(one, "OrderTrackingDetails"))
    newer = records(value, _NEWER, "data", "result", "track_Info")
    told = (one for one in newer if any("track_node_code" in event for event in _nodes(one)))
    return reading("yunexpress", JSON, [*map(_tracking, known), *map(_newer, told)])


def _nodes(parcel: dict[str, Any]) -> list[dict[str, Any]]:
    return items(parcel, "track_events")


def _newer(parcel: dict[str, Any]) -> Tracking:
    events = tuple(map(_node, _nodes(parcel)))
    status = _LETTERS.of(text(parcel, "package_status"))
    return Tracking(
        number=text(parcel, "tracking_number") or text(parcel, "waybill_number"),
        carrier=joined("YunExpress", text(parcel, "last_mile_name")),
        status=status if is_known(status) else concluded(events),
        carrier_status=newest_first(events)[0].description,
        events=events,
        destination=address_of(country=text(parcel, "destination_code")),
    )


def _node(event: dict[str, Any]) -> TrackingEvent:
    """Whatever stands behind the local time, it is none of UTC."""
    exact = text(event, "process_utc_time").removesuffix("Z")
    where = text(event, "process_location")
    return scan(
        text(event, "process_time").removesuffix("Z"),
        _NODES.of(text(event, "track_node_code")),
        at=instant(f"{exact}Z"),
        carrier_status=text(event, "track_node_code"),
        description=text(event, "process_content") or text(event, "track_node_description"),
        place=where or place(event, "process_city", "process_province", "process_country"),
    )


def read_page(value: Any) -> Reading | None:
    """What the public page asks for; newest first."""
    found = (one for one in items(value, "ResultList") if _page_details(one))
    return reading("yunexpress_page", JSON, map(_page, found))


def _page_details(result: dict[str, Any]) -> list[dict[str, Any]]:
    days = items(result, "TrackData", "ProcessGroupList")
    return [one for day in days for one in items(day, "ProcessDetailList")]


def _page(result: dict[str, Any]) -> Tracking:
    info = dig(result, "TrackInfo")
    events = tuple(
        scan(
            text(one, "ProcessDate"),
            _WORDS.of(text(one, "ProcessContent")),
            description=text(one, "ProcessContent"),
        )
        for one in _page_details(result)
    )
    return Tracking(
        number=text(info, "TrackingNumber") or text(info, "WaybillNumber") or text(result, "Id"),
        carrier="YunExpress",
        status=concluded(events),
        carrier_status=newest_first(events)[0].description,
        events=events,
        destination=address_of(country=text(info, "DestinationCountryCode")),
    )


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
