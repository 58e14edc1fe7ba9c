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
from evidence_service.readers.tracking.history import Statuses, reading, scan
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
_MARKS = frozenset({"tracker", "shipment", "events"})


def read(value: Any) -> Reading | None:
    return reading("ship24", JSON, map(_tracking, records(value, _MARKS, "data", "trackings")))


def _tracking(parcel: dict[str, Any]) -> Tracking:
    shipment = parcel["shipment"]
    events = items(parcel, "events")
    numbers = [text(one, "tn") for one in items(shipment, "trackingNumbers")]
    receiver = dig(shipment, "recipient")
    return Tracking(
        number=text(parcel, "tracker", "trackingNumber") or next(iter(numbers), ""),
        carrier=joined(*dict.fromkeys(text(event, "courierCode") for event in events)),
        status=_STATUSES.of(
            text(shipment, "statusCategory"),
            text(shipment, "statusMilestone"),
        ),
        carrier_status=text(shipment, "statusCode") or text(shipment, "statusMilestone"),
        signed_by=text(shipment, "delivery", "signedBy"),
        events=tuple(map(_event, events)),
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
