"""EasyPost: trackers, alone, in lists, batches and shipments, and in the events of web hooks.

Source: https://docs.easypost.com/docs/trackers (statuses), and recorded answers.
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
from evidence_service.readers.values import dig, items, records, text

if TYPE_CHECKING:
    from evidence_service.domain.reading import Reading

_STATUSES = Statuses(
    pre_transit="pre_transit",
    in_transit="in_transit",
    out_for_delivery="out_for_delivery",
    attempted="failure",
    available_for_pickup="available_for_pickup",
    delivered="delivered",
    returned="return_to_sender",
    exception="error cancelled",
)
_MARKS = frozenset({"tracking_code", "tracking_details"})
# A web hook may leave the scans out.
_BRIEF = frozenset({"tracking_code", "status"})
_HOOK = "tracker."


def read(value: Any) -> Reading | None:
    found = [
        one
        for held in (value, *items(value, "shipments"))
        for one in records(held, _MARKS, "trackers", "tracker", "result", "events")
    ]
    found = found or records(value, _BRIEF, "result")
    is_hook = text(value, "description").startswith(_HOOK)
    parcels = (_tracking(one) for one in found if _is_tracker(one, is_hook=is_hook))
    return reading("easypost", JSON, parcels)


def _is_tracker(one: dict[str, Any], *, is_hook: bool) -> bool:
    """By its own word, or where that was left out by its scans or the event it stands in."""
    if "object" in one:
        return bool(one["object"] == "Tracker")
    return is_hook or "tracking_details" in one


def _tracking(tracker: dict[str, Any]) -> Tracking:
    status, details = text(tracker, "status"), items(tracker, "tracking_details")
    to = dig(tracker, "carrier_detail", "destination_tracking_location")
    return Tracking(
        number=text(tracker, "tracking_code"),
        carrier=text(tracker, "carrier"),
        status=_STATUSES.of(status),
        carrier_status=text(details[-1], "message") if details else status,
        signed_by=signer(text(tracker, "signed_by")),
        events=tuple(map(_event, details)),
        destination=address_of(
            city=place(to, "city", "state")
            or text(tracker, "carrier_detail", "destination_location"),
            postcode=text(to, "zip"),
            country=text(to, "country"),
        ),
    )


def _event(detail: dict[str, Any]) -> TrackingEvent:
    return scan(
        text(detail, "datetime"),
        _STATUSES.of(text(detail, "status")),
        carrier_status=text(detail, "carrier_code") or text(detail, "status_detail"),
        description=text(detail, "message"),
        place=place(detail.get("tracking_location"), "city", "state", "zip", "country"),
    )
