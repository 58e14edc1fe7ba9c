"""Amazon Shipping: `getTracking` of the Selling Partner API, v1 and v2.

Source: https://developer-docs.amazon.com/amazon-shipping (event codes), and an answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.tracking import Tracking, TrackingEvent
from evidence_service.readers.places import place
from evidence_service.readers.sniff import JSON
from evidence_service.readers.tracking.history import Statuses, reading, scan
from evidence_service.readers.values import dig, items, records, text

if TYPE_CHECKING:
    from evidence_service.domain.reading import Reading

_STATUSES = Statuses(
    pre_transit="PreTransit LabelCreated Manifested",
    in_transit="InTransit PickedUp PickupDone ArrivedAtCarrierFacility DepartedCarrierFacility"
    " ArrivedAtDeliveryStation",
    out_for_delivery="OutForDelivery",
    attempted="DeliveryAttempted CustomerUnavailable BusinessClosed UnableToAccess AddressNotFound",
    available_for_pickup="AvailableForPickup",
    delivered="Delivered",
    returned="ReturnInitiated Rejected CancelledByRecipient",
    exception="Delayed OnHold Undeliverable WeatherDelay Lost",
)
_MARKS = frozenset({"trackingId", "eventHistory"})


def read(value: Any) -> Reading | None:
    return reading("amazon_shipping", JSON, map(_tracking, records(value, _MARKS, "payload")))


def _tracking(parcel: dict[str, Any]) -> Tracking:
    return Tracking(
        number=text(parcel, "trackingId"),
        carrier="Amazon Shipping",
        status=_STATUSES.of(text(parcel, "summary", "status")),
        carrier_status=text(parcel, "summary", "status"),
        signed_by=text(parcel, "summary", "proofOfDelivery", "receivedBy"),
        events=tuple(map(_event, items(parcel, "eventHistory"))),
    )


def _event(event: dict[str, Any]) -> TrackingEvent:
    return scan(
        text(event, "eventTime"),
        _STATUSES.of(text(event, "eventCode")),
        carrier_status=text(event, "eventCode"),
        place=place(dig(event, "location"), "city", "stateOrRegion", "postalCode", "countryCode"),
    )
