"""Easyship: a shipment with its trackings, one a leg, or with its checkpoints; and web hooks.

Source: https://developers.easyship.com/reference (shipments, trackings), and an answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.tracking import Tracking, TrackingEvent, TrackingStatus
from evidence_service.readers.places import address_of, place
from evidence_service.readers.sniff import JSON
from evidence_service.readers.tracking.history import Statuses, concluded, is_known, reading, scan
from evidence_service.readers.values import dig, items, joined, records, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evidence_service.domain.order import Address
    from evidence_service.domain.reading import Reading

_STATUSES = Statuses(
    pre_transit=(
        *("created", "pending", "info received", "label created", "ready to ship"),
        *("awaiting pickup at seller", "awaiting pickup", "pickup scheduled"),
    ),
    in_transit=("shipped", "in transit", "in transit to customer", "picked up", "at facility"),
    out_for_delivery=("out for delivery",),
    attempted=("failed attempt", "delivery attempt failed"),
    available_for_pickup=("ready for collection", "awaiting collection", "available for pickup"),
    delivered=("delivered",),
    returned=("returned", "returned to shipper", "return to sender"),
    exception=("exception", "lost", "lost by courier", "cancelled", "damaged"),
)
_MARKS = frozenset({"easyship_shipment_id"})
# A web hook has the shipment in `data`, one of the first version in `tracking_status`.
_ENVELOPES = ("shipment", "shipments", "tracking", "trackings", "data", "tracking_status")


def read(value: Any) -> Reading | None:
    shipments = records(value, _MARKS, *_ENVELOPES)
    parcels = (parcel for shipment in shipments for parcel in _parcels(shipment))
    return reading("easyship", JSON, parcels)


def _parcels(shipment: dict[str, Any]) -> Iterator[Tracking]:
    # A web hook of the first version writes that it has none as `{}`.
    events = tuple(_event(one) for one in items(shipment, "checkpoints") if one)
    legs = items(shipment, "trackings")
    if not legs and (events or text(shipment, "tracking_number")):
        legs = [shipment]
    for leg in legs:
        names = ("tracking_state", "tracking_status", "status")
        states = [state for name in names if (state := text(leg, name))]
        # The state of a listed tracking may be but that it is followed ("active").
        state = next((one for one in states if is_known(_status(one))), "".join(states[:1]))
        if not (events or is_known(_status(state))):
            # Web hooks tell of labels and insurance, too.
            continue
        yield Tracking(
            number=text(leg, "tracking_number"),
            carrier=text(shipment, "courier", "name")
            or text(leg, "courier_service", "umbrella_name")
            or text(leg, "handler"),
            status=_status(state) if state else concluded(events),
            carrier_status=state,
            events=events,
            destination=_address(dig(shipment, "destination_address")),
        )


def _event(checkpoint: dict[str, Any]) -> TrackingEvent:
    return scan(
        text(checkpoint, "checkpoint_time"),
        _status(text(checkpoint, "primary_status")),
        carrier_status=text(checkpoint, "primary_status"),
        description=text(checkpoint, "message"),
        place=text(checkpoint, "location") or place(checkpoint, "city", "state", "country_name"),
    )


def _status(word: str) -> TrackingStatus:
    # "in_transit" and "In Transit" are one.
    return _STATUSES.of(word.replace("_", " "))


def _address(to: Any) -> Address | None:
    return address_of(
        name=joined(text(to, "contact_name"), text(to, "company_name")),
        street=place(to, "line_1", "line_2"),
        city=place(to, "city", "state"),
        postcode=text(to, "postal_code"),
        country=text(to, "country_alpha2"),
    )
