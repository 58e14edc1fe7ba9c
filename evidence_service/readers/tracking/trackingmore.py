"""TrackingMore: the answers of its API v2 to v4 and its web hooks.

Source: https://www.trackingmore.com/docs/trackingmore (statuses and sub-statuses), and answers in
public projects. Times are the carrier's local ones, without a zone. `pickup` is both "out for
delivery" and "ready for collection": the sub-status tells.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.tracking import Tracking, TrackingEvent
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
    from evidence_service.domain.reading import Reading

STATUSES = Statuses(
    pre_transit="inforeceived inforeceived* notfound001 info_received",
    in_transit="transit transit* in_transit in_transit_*",
    out_for_delivery="pickup pickup001 out_for_delivery out_for_delivery_*",
    available_for_pickup="pickup002 ready_for_pickup available_for_pickup available_for_pickup_*",
    attempted="undelivered undelivered* failed_attempt failed_attempt_*",
    delivered="delivered delivered*",
    returned="exception010 exception011",
    exception="exception exception*",
)
_MARKS = frozenset({"tracking_number", "origin_info"})


def read(value: Any) -> Reading | None:
    parcels = map(_tracking, records(value, _MARKS, "data", "items"))
    return reading("trackingmore", JSON, filter(_is_found, parcels))


def _is_found(parcel: Tracking) -> bool:
    return bool(parcel.events) or parcel.carrier_status not in {"notfound", "pending", ""}


def _tracking(parcel: dict[str, Any]) -> Tracking:
    status = text(parcel, "delivery_status") or text(parcel, "status")
    return Tracking(
        number=text(parcel, "tracking_number"),
        carrier=text(parcel, "courier_code") or text(parcel, "carrier_code"),
        status=STATUSES.of(text(parcel, "substatus"), status),
        carrier_status=status,
        signed_by=signer(text(parcel, "signed_by"), text(parcel, "singed_by")),
        events=_events(parcel),
        destination=address_of(
            city=place(parcel, "destination_city", "destination_state"),
            country=text(parcel, "destination_country") or text(parcel, "destination"),
        ),
    )


def _events(parcel: dict[str, Any]) -> tuple[TrackingEvent, ...]:
    """Those of the first carrier, then of the last one, which often repeats some."""
    legs = ("origin_info", "destination_info")
    listed = [one for leg in legs for one in items(parcel, leg, "trackinfo")]
    scans = map(event, listed or items(parcel, "track_info"))
    return tuple(dict.fromkeys(scans))


def event(one: dict[str, Any]) -> TrackingEvent:
    """A checkpoint as v3 and v4 name its parts, or as v2 and ParcelPanel do."""
    detail = text(one, "checkpoint_delivery_substatus") or text(one, "substatus")
    status = text(one, "checkpoint_delivery_status") or text(one, "checkpoint_status")
    return scan(
        text(one, "checkpoint_date") or text(one, "Date"),
        STATUSES.of(detail, status),
        carrier_status=detail or status,
        description=text(one, "tracking_detail") or text(one, "StatusDescription"),
        place=text(one, "location") or text(one, "Details") or place(one, "city", "state"),
    )
