"""ParcelPanel: an order's parcels by its API v1 and v2, and its web hooks.

Source: https://docs.parcelpanel.com. It is of TrackingMore's family: v1 has the same checkpoints.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.tracking import Tracking, TrackingEvent
from evidence_service.readers.places import address_of, place
from evidence_service.readers.sniff import JSON
from evidence_service.readers.tracking.history import reading, scan
from evidence_service.readers.tracking.trackingmore import STATUSES, event
from evidence_service.readers.values import items, records, text

if TYPE_CHECKING:
    from evidence_service.domain.reading import Reading

_V1 = frozenset({"track_number", "shipment_status"})
_V2 = frozenset({"tracking_number", "status_label", "substatus"})


def read(value: Any) -> Reading | None:
    envelopes = ("data", "order", "orders", "fulfillments", "shipments")
    parcels = [
        *map(_first_version, records(value, _V1, *envelopes)),
        *map(_second_version, records(value, _V2, *envelopes)),
    ]
    return reading("parcelpanel", JSON, parcels)


def _first_version(parcel: dict[str, Any]) -> Tracking:
    status = text(parcel, "shipment_status")
    return Tracking(
        number=text(parcel, "track_number"),
        carrier=text(parcel, "carrier", "name") or text(parcel, "shopify_carrier"),
        status=STATUSES.of(text(parcel, "substatus"), status),
        carrier_status=status,
        events=tuple(map(event, items(parcel, "trackinfo"))),
        destination=address_of(country=text(parcel, "destination_country")),
    )


def _second_version(parcel: dict[str, Any]) -> Tracking:
    return Tracking(
        number=text(parcel, "tracking_number"),
        carrier=text(parcel, "carrier", "name"),
        status=STATUSES.of(text(parcel, "substatus"), text(parcel, "status")),
        carrier_status=text(parcel, "status_label"),
        events=tuple(map(_checkpoint, items(parcel, "checkpoints"))),
        destination=address_of(country=text(parcel, "destination_country")),
    )


def _checkpoint(one: dict[str, Any]) -> TrackingEvent:
    return scan(
        text(one, "checkpoint_time"),
        STATUSES.of(text(one, "substatus"), text(one, "status")),
        carrier_status=text(one, "substatus") or text(one, "status"),
        description=text(one, "detail") or text(one, "message"),
        place=text(one, "location") or place(one, "city", "state", "country"),
    )
