"""ShipEngine (ShipStation API): the answer of `/tracking` and its web hook.

Source: https://www.shipengine.com/docs/tracking (status codes). An event's own code is the
carrier's; where ShipEngine adds no status of its own, only plain words tell the event's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.tracking import Tracking, TrackingEvent
from evidence_service.readers.instants import instant
from evidence_service.readers.places import place
from evidence_service.readers.sniff import JSON
from evidence_service.readers.tracking.history import (
    Statuses,
    concluded,
    is_known,
    reading,
    scan,
    signer,
)
from evidence_service.readers.values import items, records, text

if TYPE_CHECKING:
    from evidence_service.domain.reading import Reading

_STATUSES = Statuses(
    pre_transit="NY",
    in_transit="AC IT",
    attempted="AT",
    available_for_pickup="SP",
    delivered="DE",
    exception="EX",
)
# Older answers have no status for an event: what the carrier's words leave no doubt about.
_WORDS = Statuses(
    pre_transit=(
        *("shipping label created*", "shipment information *", "label created*"),
        "electronic information submitted*",
    ),
    in_transit=(
        *("accepted*", "picked up*", "arrived*", "departed*", "in transit*", "in-transit*"),
        *("usps in possession*", "origin acceptance*", "processed through*", "origin scan*"),
        *("left fedex origin*", "at local fedex facility*", "at destination sort facility*"),
    ),
    out_for_delivery=(
        "out for delivery*",
        "on fedex vehicle for delivery*",
        "on vehicle for deliv*",
    ),
    attempted=("delivery attempt*", "notice left*"),
    available_for_pickup=("available for pickup*", "ready for pickup*", "held at post office*"),
    delivered=("delivered*",),
    returned=("returned to sender*", "delivered, to original sender*"),
)
_MARKS = frozenset({"tracking_number", "status_code", "events"})


def read(value: Any) -> Reading | None:
    return reading("shipengine", JSON, map(_tracking, records(value, _MARKS, "data")))


def _tracking(parcel: dict[str, Any]) -> Tracking:
    events = items(parcel, "events")
    told = tuple(map(_event, events))
    signers = (text(event, "signer") for event in events)
    status = _STATUSES.of(text(parcel, "status_code"))
    return Tracking(
        number=text(parcel, "tracking_number"),
        carrier=text(parcel, "carrier_code"),
        status=status if is_known(status) else concluded(told),
        carrier_status=text(parcel, "carrier_status_description")
        or text(parcel, "status_description"),
        signed_by=signer(*signers),
        events=told,
    )


def _event(event: dict[str, Any]) -> TrackingEvent:
    code, words = text(event, "status_code"), text(event, "description")
    occurred_at = text(event, "occurred_at") or text(event, "event_date")
    return scan(
        # Until 2019 there was one time, of another name.
        text(event, "carrier_occurred_at") or occurred_at,
        _STATUSES.of(code) if code else _WORDS.of(words),
        carrier_status=text(event, "event_code") or text(event, "carrier_status_code"),
        description=words,
        place=place(event, "city_locality", "state_province", "postal_code", "country_code"),
        at=instant(occurred_at),
    )
