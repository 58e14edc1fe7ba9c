"""Shippo: the answer of `/tracks/…` and its web hook.

Source: https://docs.goshippo.com/docs/tracking/tracking (statuses), and recorded answers. A number
nobody knows has no status and no history: that is no record of a parcel.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.tracking import Tracking, TrackingEvent
from evidence_service.readers.places import address_of, place
from evidence_service.readers.sniff import JSON
from evidence_service.readers.tracking.history import Statuses, reading, scan
from evidence_service.readers.values import items, records, text

if TYPE_CHECKING:
    from evidence_service.domain.reading import Reading

# The statuses, and the sub-statuses that say more than they do.
_STATUSES = Statuses(
    pre_transit="PRE_TRANSIT",
    in_transit="TRANSIT",
    out_for_delivery="out_for_delivery",
    attempted="delivery_attempted",
    available_for_pickup="pickup_available",
    delivered="DELIVERED",
    returned="RETURNED return_to_sender",
    exception="FAILURE",
)
_MARKS = frozenset({"tracking_number", "tracking_status"})


# The same as some of Shippo's own libraries write it.
_CAMELS = {
    "trackingNumber": "tracking_number",
    "trackingStatus": "tracking_status",
    "trackingHistory": "tracking_history",
    "addressTo": "address_to",
    "statusDate": "status_date",
    "statusDetails": "status_details",
}
_ENVELOPES = ("data", "results")


def read(value: Any) -> Reading | None:
    found = records(value, _MARKS, *_ENVELOPES) or records(_snaked(value), _MARKS, *_ENVELOPES)
    return reading("shippo", JSON, map(_tracking, filter(_is_known, found)))


def _is_known(track: dict[str, Any]) -> bool:
    """A web hook may have the latest status alone."""
    return bool(text(track["tracking_status"], "status") or items(track, "tracking_history"))


def _snaked(value: Any) -> Any:
    """The value with the names above as the interface itself has them, at any depth."""
    if isinstance(value, list):
        return list(map(_snaked, value))
    if isinstance(value, dict):
        return {_CAMELS.get(name, name): _snaked(one) for name, one in value.items()}
    return value


def _tracking(track: dict[str, Any]) -> Tracking:
    latest = _event(track["tracking_status"] or {})
    history = items(track, "tracking_history") or items(track, "tracking_status")
    return Tracking(
        number=text(track, "tracking_number"),
        carrier=text(track, "carrier"),
        status=latest.status,
        carrier_status=latest.description or latest.carrier_status,
        events=tuple(map(_event, history)),
        destination=address_of(
            city=place(track.get("address_to"), "city", "state"),
            postcode=text(track, "address_to", "zip"),
            country=text(track, "address_to", "country"),
        ),
    )


def _event(status: dict[str, Any]) -> TrackingEvent:
    detail, word = text(status, "substatus", "code"), text(status, "status")
    return scan(
        text(status, "status_date"),
        _STATUSES.of(detail, word),
        carrier_status=detail or word,
        description=text(status, "status_details"),
        place=place(status.get("location"), "city", "state", "zip", "country"),
    )
