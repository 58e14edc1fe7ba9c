"""Sendcloud: the answer of `GET /tracking/…`, API v2, and its web hook.

Source: https://api.sendcloud.dev/docs/sendcloud-public-api/tracking (parent statuses).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.tracking import Tracking, TrackingEvent
from evidence_service.readers.instants import counted
from evidence_service.readers.sniff import JSON
from evidence_service.readers.tracking.history import Statuses, concluded, reading, scan
from evidence_service.readers.values import dig, items, records, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evidence_service.domain.reading import Reading
    from evidence_service.domain.tracking import TrackingStatus

_STATUSES = Statuses(
    pre_transit="announced announcing being-announced ready-to-send no-label"
    " announced-not-collected",
    in_transit="shipment-on-route shipment-picked-up-by-driver at-sorting-centre being-sorted"
    " sorted at-customs en-route-to-sorting-center parcel-en-route in-transit en-route"
    " delivery-delayed not-sorted",
    out_for_delivery="driver-on-route driver-en-route out-for-delivery",
    attempted="delivery-attempt-failed",
    available_for_pickup="awaiting-customer-pickup",
    delivered="delivered shipment-collected-by-customer",
    returned="returned-to-sender return-to-sender",
    exception="exception unable-to-deliver address-invalid announcement-failed cancelled",
)
_MARKS = frozenset({"parcel_id", "tracking_number", "statuses"})


def read(value: Any) -> Reading | None:
    found = [*map(_tracking, records(value, _MARKS, "data")), *_hooked(value)]
    return reading("sendcloud", JSON, found)


def _hooked(value: Any) -> Iterator[Tracking]:
    """A parcel's status as a web hook tells it, with the moment it did."""
    parcel = dig(value, "parcel") or dig(value, "data", "parcel")
    code, word = text(parcel, "status", "code"), text(parcel, "status", "message")
    if dig(value, "action") != "parcel_status_changed" or not (code or word):
        return
    written = text(value, "timestamp")
    at = counted(written)
    event = scan("" if at else written, _status(code, word), at=at, carrier_status=word or code)
    yield Tracking(
        number=text(parcel, "tracking_number"),
        carrier=text(parcel, "carrier", "code"),
        status=event.status,
        carrier_status=event.carrier_status,
        events=(event,),
    )


def _tracking(parcel: dict[str, Any]) -> Tracking:
    events = tuple(map(_event, items(parcel, "statuses")))
    return Tracking(
        number=text(parcel, "tracking_number"),
        carrier=text(parcel, "carrier_code"),
        status=concluded(events[::-1]),
        carrier_status=events[-1].carrier_status if events else "",
        events=events,
    )


def _event(status: dict[str, Any]) -> TrackingEvent:
    word = text(status, "parent_status")
    return scan(
        text(status, "carrier_update_timestamp"),
        _status(word),
        carrier_status=word,
        description=text(status, "carrier_message"),
    )


def _status(*words: str) -> TrackingStatus:
    return _STATUSES.of(*(word.replace(" ", "-").replace("_", "-") for word in words))
