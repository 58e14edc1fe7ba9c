"""AfterShip: the answer of `GET /trackings/…`, v4 (in `data`) and later (the object itself).

Source: https://www.aftership.com/docs/tracking (tags and subtags), and recorded answers.
"""

from __future__ import annotations

from typing import Any

from evidence_service.domain.evidence import EvidenceKind
from evidence_service.domain.reading import Reading
from evidence_service.domain.tracking import Tracking, TrackingEvent, TrackingStatus
from evidence_service.readers.instants import instant
from evidence_service.readers.sniff import JSON

_STATUSES = {
    "InfoReceived": TrackingStatus.PRE_TRANSIT,
    "InTransit": TrackingStatus.IN_TRANSIT,
    "OutForDelivery": TrackingStatus.OUT_FOR_DELIVERY,
    "AttemptFail": TrackingStatus.ATTEMPTED,
    "AvailableForPickup": TrackingStatus.AVAILABLE_FOR_PICKUP,
    "Delivered": TrackingStatus.DELIVERED,
    "Exception": TrackingStatus.EXCEPTION,
    "Pending": TrackingStatus.UNKNOWN,
    "Expired": TrackingStatus.UNKNOWN,
}
_RETURNED = frozenset({"Exception_010", "Exception_011"})
_MARKS = frozenset({"tracking_number", "slug", "tag", "checkpoints"})
_PLACE = ("location", "city", "state", "zip", "country_name")


def read(value: Any) -> Reading | None:
    parcels = _parcels(value)
    if not parcels:
        return None
    return Reading(
        media_type=JSON,
        reader="aftership",
        kind=EvidenceKind.TRACKING_HISTORY,
        contents=tuple(_tracking(parcel) for parcel in parcels),
    )


def _parcels(value: Any) -> list[dict[str, Any]]:
    """The parcels of an answer about one, of a list, or a bare object."""
    data = value.get("data", value)
    found = data.get("trackings") or [data.get("tracking", data)]
    return [parcel for parcel in found if parcel.keys() >= _MARKS]


def _tracking(parcel: dict[str, Any]) -> Tracking:
    return Tracking(
        number=parcel["tracking_number"],
        carrier=parcel["slug"] or "",
        status=_status(parcel),
        carrier_status=parcel.get("subtag_message") or parcel["tag"] or "",
        signed_by=parcel.get("signed_by") or "",
        events=tuple(_event(checkpoint) for checkpoint in parcel["checkpoints"] or ()),
    )


def _event(checkpoint: dict[str, Any]) -> TrackingEvent:
    local_time = checkpoint.get("checkpoint_time") or ""
    return TrackingEvent(
        at=instant(local_time),
        local_time=local_time,
        status=_status(checkpoint),
        carrier_status=checkpoint.get("raw_tag") or checkpoint.get("subtag") or "",
        description=checkpoint.get("message") or "",
        place=_place(checkpoint),
    )


def _status(of: dict[str, Any]) -> TrackingStatus:
    """New tags appear with each version of the interface: what is not known is said so."""
    if of.get("subtag") in _RETURNED:
        return TrackingStatus.RETURNED
    return _STATUSES.get(of.get("tag") or "", TrackingStatus.UNKNOWN)


def _place(checkpoint: dict[str, Any]) -> str:
    """The location as the carrier writes it, else what there is of city, state, code, country."""
    if checkpoint.get("location"):
        return str(checkpoint["location"])
    return ", ".join(str(checkpoint[part]) for part in _PLACE if checkpoint.get(part))
