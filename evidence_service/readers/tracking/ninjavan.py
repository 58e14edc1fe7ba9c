"""Ninja Van: the public answer of an order, oldest first, and a web hook's single event.

Source: Ninja Van's list of web hook events, and an answer. A delivery on the way back is a return.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.tracking import Tracking, TrackingEvent, TrackingStatus
from evidence_service.readers.sniff import JSON
from evidence_service.readers.tracking.history import Statuses, parcel_status, reading, scan
from evidence_service.readers.values import dig, items, records, text

if TYPE_CHECKING:
    from evidence_service.domain.reading import Reading

_STATUSES = Statuses(
    pre_transit=("Pending Pickup*", "Driver dispatched for Pickup"),
    in_transit=(
        *("En-route to Sorting Hub", "Arrived at*", "In Transit to Next Sorting Hub"),
        *("Picked Up, In Transit To Origin Hub", "International Transit, *"),
    ),
    out_for_delivery=("On Vehicle for Delivery",),
    attempted=(
        "Pending Reschedule",
        *("Delivery Exception, Pending Reschedule", "Delivery Exception, Reattempt Scheduled"),
    ),
    available_for_pickup=("At PUDO, Pending Customer Collection",),
    delivered=("Completed", "Delivered, *"),
    returned=("Returned to Sender", "Delivery Exception, Return to Sender Initiated"),
    exception=(
        *("Cancelled", "Delivery Exception, *", "International Transit, Parcel *"),
        "International Transit, Customs Held",
    ),
)
_EVENTS = Statuses(
    in_transit="DRIVER_PICKUP_SCAN HUB_INBOUND_SCAN ADDED_TO_SHIPMENT PARCEL_ROUTING_SCAN"
    " ARRIVED_AT_ORIGIN_HUB ARRIVED_AT_TRANSIT_HUB ARRIVED_AT_DESTINATION_HUB FROM_SHIPPER_TO_DP",
    out_for_delivery="DRIVER_INBOUND_SCAN",
    attempted="DELIVERY_FAILURE",
    available_for_pickup="FROM_DRIVER_TO_DP",
    delivered="DELIVERY_SUCCESS FROM_DP_TO_CUSTOMER",
    returned="RTS",
    exception="INACCURATE_ADDRESS DAMAGE LOST CANCEL",
)
_ORDER = frozenset({"tracking_id", "granular_status", "events"})
_HOOK = frozenset({"tracking_id", "shipper_order_ref_no", "event", "timestamp"})


def read(value: Any) -> Reading | None:
    orders = (one for one in records(value, _ORDER) if items(one, "events"))
    return reading("ninjavan", JSON, [*map(_order, orders), *map(_hook, records(value, _HOOK))])


def _order(order: dict[str, Any]) -> Tracking:
    words = text(order, "granular_status")
    status, events = _STATUSES.of(words), tuple(map(_event, items(order, "events")))
    return Tracking(
        number=text(order, "tracking_id"),
        carrier="Ninja Van",
        status=parcel_status(status, events[::-1]),
        carrier_status=words,
        events=events,
    )


def _event(event: dict[str, Any]) -> TrackingEvent:
    kind = text(event, "type")
    status = _EVENTS.of(kind)
    if status is TrackingStatus.DELIVERED and dig(event, "data", "is_rts") is True:
        status = TrackingStatus.RETURNED
    return scan(
        text(event, "time"),
        status,
        carrier_status=kind,
        place=text(event, "data", "hub_name"),
    )


def _hook(pushed: dict[str, Any]) -> Tracking:
    words = text(pushed, "event")
    event = scan(
        text(pushed, "timestamp"),
        _STATUSES.of(words),
        carrier_status=words,
        description=text(pushed, "comments"),
    )
    return Tracking(
        number=text(pushed, "tracking_id"),
        carrier="Ninja Van",
        status=event.status,
        carrier_status=words,
        events=(event,),
    )
