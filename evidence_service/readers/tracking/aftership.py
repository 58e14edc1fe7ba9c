"""AfterShip: the answer of `GET /trackings/…`, v4 (in `data`) and later (the object itself).

Source: https://www.aftership.com/docs/tracking (tags and subtags), and recorded answers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.tracking import Tracking, TrackingEvent, TrackingStatus
from evidence_service.readers.places import address_of, place
from evidence_service.readers.sniff import JSON
from evidence_service.readers.tracking.history import (
    Statuses,
    reading,
    scan,
    signer,
)
from evidence_service.readers.values import items, records, text

if TYPE_CHECKING:
    from evidence_service.domain.order import Address
    from evidence_service.domain.reading import Reading

_STATUSES = Statuses(
    pre_transit="InfoReceived",
    in_transit="InTransit",
    out_for_delivery="OutForDelivery",
    attempted="AttemptFail",
    available_for_pickup="AvailableForPickup",
    delivered="Delivered",
    returned="Exception_010 Exception_011",
    exception="Exception",
)
# A list may be asked for without the checkpoints.
_MARKS = frozenset({"tracking_number", "tag"})


def read(value: Any) -> Reading | None:
    parcels = records(value, _MARKS, "data", "tracking", "trackings", "msg")
    # The answer of `/last_checkpoint/…` has a single checkpoint: that is no history.
    named = (one for one in parcels if "slug" in one or items(one, "checkpoints"))
    known = (one for one in named if "checkpoint" not in one)
    return reading("aftership", JSON, map(_tracking, known))


def _tracking(parcel: dict[str, Any]) -> Tracking:
    return Tracking(
        number=text(parcel, "tracking_number"),
        carrier=text(parcel, "slug") or text(parcel, "carrier"),
        status=_status(parcel),
        carrier_status=text(parcel, "subtag_message") or text(parcel, "tag"),
        signed_by=signer(text(parcel, "signed_by")),
        events=tuple(map(_event, items(parcel, "checkpoints"))),
        destination=_destination(parcel),
    )


def _event(checkpoint: dict[str, Any]) -> TrackingEvent:
    return scan(
        text(checkpoint, "checkpoint_time"),
        _status(checkpoint),
        carrier_status=text(checkpoint, "raw_tag") or text(checkpoint, "subtag"),
        description=text(checkpoint, "message"),
        place=text(checkpoint, "location")
        or place(checkpoint, "city", "state", "zip", "country_name", "country_region_name"),
    )


def _status(of: dict[str, Any]) -> TrackingStatus:
    return _STATUSES.of(text(of, "subtag"), text(of, "tag"))


def _destination(parcel: dict[str, Any]) -> Address | None:
    """`country_region` is what newer versions call the country."""
    return address_of(
        street=text(parcel, "destination_raw_location"),
        city=place(parcel, "destination_city", "destination_state"),
        postcode=text(parcel, "destination_postal_code"),
        country=text(parcel, "destination_country_iso3")
        or text(parcel, "destination_country_region"),
    )
