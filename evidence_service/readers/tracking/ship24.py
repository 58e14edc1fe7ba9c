"""Ship24: the answers of its tracking API and its web hooks.

Source: https://docs.ship24.com/tracking-api-reference (milestones). An event's local time and its
offset from UTC stand in two fields.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.tracking import Tracking, TrackingEvent
from evidence_service.readers.instants import instant
from evidence_service.readers.places import address_of
from evidence_service.readers.sniff import JSON
from evidence_service.readers.tracking.history import (
    Statuses,
    concluded,
    reading,
    scan,
    signer,
)
from evidence_service.readers.values import dig, items, joined, records, text

if TYPE_CHECKING:
    from evidence_service.domain.reading import Reading

_STATUSES = Statuses(
    pre_transit="info_received",
    in_transit="in_transit",
    out_for_delivery="out_for_delivery",
    attempted="failed_attempt",
    available_for_pickup="available_for_pickup",
    delivered="delivered",
    returned="exception_return return_to_sender",
    exception="exception",
)
_MARKS = frozenset({"tracker", "events"})


def read(value: Any) -> Reading | None:
    found = records(value, _MARKS, "data", "trackings")
    return reading("ship24", JSON, (_tracking(one) for one in found if _is_told(one)))


def _is_told(parcel: dict[str, Any]) -> bool:
    """A web hook may leave the shipment out."""
    return "shipment" in parcel or any("statusMilestone" in one for one in items(parcel, "events"))


def _tracking(parcel: dict[str, Any]) -> Tracking:
    shipment = parcel.get("shipment")
    events = items(parcel, "events")
    told = tuple(map(_event, events))
    numbers = [text(one, "tn") for one in items(shipment, "trackingNumbers")]
    receiver = dig(shipment, "recipient")
    status = _STATUSES.of(text(shipment, "statusCategory"), text(shipment, "statusMilestone"))
    return Tracking(
        number=text(parcel, "tracker", "trackingNumber") or next(iter(numbers), ""),
        carrier=joined(*dict.fromkeys(text(event, "courierCode") for event in events)),
        status=status if shipment else concluded(told),
        carrier_status=text(shipment, "statusCode") or text(shipment, "statusMilestone"),
        signed_by=signer(text(shipment, "delivery", "signedBy")),
        events=told,
        destination=address_of(
            name=text(receiver, "name"),
            street=text(receiver, "address"),
            city=text(receiver, "city"),
            postcode=text(receiver, "postCode"),
            country=text(shipment, "destinationCountryCode"),
        ),
    )


def _event(event: dict[str, Any]) -> TrackingEvent:
    local_time = text(event, "occurrenceDatetime") or text(event, "datetime")
    return scan(
        local_time,
        _STATUSES.of(text(event, "statusCategory"), text(event, "statusMilestone")),
        carrier_status=text(event, "statusCode") or text(event, "statusMilestone"),
        description=text(event, "status"),
        place=text(event, "location"),
        at=instant(local_time + text(event, "utcOffset")),
    )
