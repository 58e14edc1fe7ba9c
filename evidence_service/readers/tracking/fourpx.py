"""4PX (递四方): the answer of `tr.order.tracking.get`; newest first, local times.

Source: https://open.4px.com (tracking), whose codes are many: the words tell where they do not.
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

_CODES = Statuses(pre_transit="FPX_L_RPIF", delivered="FPX_S_OK*")
_WORDS = Statuses(
    pre_transit=("parcel information received*", "shipment information received*", "已预报*"),
    in_transit=(
        *("shipment arrived*", "arrived*", "depart*", "shipment picked up*", "picked up*"),
        *("hand over*", "released*", "customs*", "到达*", "离开*", "已揽收*", "货物到达*"),
    ),
    out_for_delivery=("out for delivery*", "派送中*"),
    attempted=("attempted delivery*", "delivery attempt*"),
    available_for_pickup=("available for pickup*", "awaiting collection*"),
    delivered=("delivered*", "shipment delivered*", "已签收*", "签收*", "妥投*"),
    returned=("returned*", "return to sender*", "退件*"),
)
_MARKS = frozenset({"trackingList"})


def read(value: Any) -> Reading | None:
    found = (one for one in records(value, _MARKS, "data") if items(one, "trackingList"))
    return reading("4px", JSON, map(_tracking, found))


def _tracking(parcel: dict[str, Any]) -> Tracking:
    events = tuple(map(_event, items(parcel, "trackingList")))
    return Tracking(
        number=text(parcel, "shipperOrderNo") or text(parcel, "deliveryOrderNo"),
        carrier="4PX",
        status=concluded(events),
        carrier_status=events[0].description,
        events=events,
        destination=address_of(country=text(parcel, "destinationCountry")),
    )


def _event(one: dict[str, Any]) -> TrackingEvent:
    code, words = text(one, "businessLinkCode"), text(one, "trackingContent")
    known = _CODES.of(code)
    return scan(
        text(one, "occurDatetime"),
        _WORDS.of(words) if known is TrackingStatus.UNKNOWN else known,
        carrier_status=code,
        description=words,
        place=text(one, "occurLocation"),
    )
