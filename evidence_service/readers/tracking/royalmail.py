"""Royal Mail: the Tracking API v2 (events, and summaries of several pieces).

Source: https://developer.royalmail.net (tracking), and an answer. Only what an answer shows of the
event codes is known; a piece nobody knows has an error in the summary's place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.tracking import Tracking, TrackingEvent, TrackingStatus
from evidence_service.readers.places import address_of
from evidence_service.readers.sniff import JSON
from evidence_service.readers.tracking.history import Statuses, concluded, reading, scan
from evidence_service.readers.values import dig, items, text

if TYPE_CHECKING:
    from evidence_service.domain.reading import Reading

_STATUSES = Statuses(
    pre_transit=("sender preparing*", "sender dispatching*", "sender despatching*"),
    in_transit=(
        *("in transit*", "EVNMI", "accepted*", "arrived*", "collected from sender*"),
        *("item received*", "item despatched*", "item dispatched*", "item leaving*", "received*"),
    ),
    out_for_delivery=("out for delivery*", "due to be delivered*", "EVGPD"),
    attempted=("delivery attempted*", "attempted delivery*", "delivery failed*"),
    available_for_pickup=("available for collection*", "ready for collection*"),
    delivered=("delivered*", "item delivered*", "EVKSP", "EVKOP"),
    returned=("return to sender*", "returned to sender*", "being returned*"),
)
# What there is of a piece depends on what was asked; an error has none of them.
_PARTS = ("summary", "events", "signature")


def read(value: Any) -> Reading | None:
    found = items(value, "mailPieces")
    known = (one for one in found if any(items(one, name) for name in _PARTS))
    return reading("royalmail", JSON, map(_tracking, known))


def _tracking(piece: dict[str, Any]) -> Tracking:
    summary, signature = dig(piece, "summary"), dig(piece, "signature")
    last = (_last_event(summary),) if text(summary, "lastEventDateTime") else ()
    events = tuple(map(_event, items(piece, "events"))) or last
    status = _STATUSES.of(text(summary, "statusCategory"), text(summary, "lastEventCode"))
    if status is TrackingStatus.UNKNOWN:
        is_signed = bool(text(signature, "signatureDateTime"))
        status = TrackingStatus.DELIVERED if is_signed else concluded(events)
    return Tracking(
        number=text(summary, "oneDBarcode")
        or text(signature, "oneDBarcode")
        or text(piece, "mailPieceId"),
        carrier=text(piece, "carrierFullName") or "Royal Mail",
        status=status,
        carrier_status=text(summary, "statusDescription") or text(summary, "statusCategory"),
        signed_by=text(signature, "recipientName")
        or text(piece, "proofOfDeliveryData", "recipientName"),
        events=events,
        destination=address_of(country=text(summary, "destinationCountryCode")),
    )


def _last_event(summary: dict[str, Any]) -> TrackingEvent:
    """All that a summary alone tells of the way."""
    return _event(
        {
            "eventDateTime": summary.get("lastEventDateTime"),
            "eventCode": summary.get("lastEventCode"),
            "eventName": summary.get("lastEventName"),
            "locationName": summary.get("lastEventLocationName"),
        }
    )


def _event(event: dict[str, Any]) -> TrackingEvent:
    return scan(
        text(event, "eventDateTime"),
        _STATUSES.of(text(event, "eventCode"), text(event, "eventName")),
        carrier_status=text(event, "eventCode"),
        description=text(event, "eventName"),
        place=text(event, "locationName"),
    )
