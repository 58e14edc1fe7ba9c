"""Asendia USA: what its branded tracking page asks for; newest first.

Source: answers. Each partner has codes of its own, so that the words tell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.tracking import Tracking, TrackingEvent
from evidence_service.readers.places import address_of, place
from evidence_service.readers.sniff import JSON
from evidence_service.readers.tracking.history import Statuses, concluded, reading, scan
from evidence_service.readers.values import dig, items, records, text

if TYPE_CHECKING:
    from evidence_service.domain.reading import Reading

_WORDS = Statuses(
    pre_transit=("shipment information received*", "information received*"),
    in_transit=(
        *("item received by carrier*", "received in destination*", "received cross-dock*"),
        *("scanned to *", "customs released*", "arrived at destination*", "in transit*"),
        *("processed by asendia*", "sorted by asendia*", "dispatched by asendia*"),
    ),
    out_for_delivery=("out for delivery*",),
    attempted=("delivery attempted*", "not delivered*"),
    available_for_pickup=("available for pickup*", "ready for pickup*"),
    delivered=("delivered", "delivered,*"),
    returned=("return to sender*", "returned to sender*"),
)
_MARKS = frozenset({"trackingBrandedSummary", "trackingBrandedDetail"})


def read(value: Any) -> Reading | None:
    found = (one for one in records(value, _MARKS) if items(one, "trackingBrandedDetail"))
    return reading("asendia_usa", JSON, map(_tracking, found))


def _tracking(parcel: dict[str, Any]) -> Tracking:
    summary = dig(parcel, "trackingBrandedSummary")
    events = tuple(map(_event, items(parcel, "trackingBrandedDetail")))
    return Tracking(
        number=text(summary, "trackingNumberVendor") or text(summary, "trackingNumberCustomer"),
        carrier="Asendia",
        status=concluded(events),
        carrier_status=events[0].description,
        events=events,
        destination=address_of(country=text(summary, "destinationCountryIso2")),
    )


def _event(event: dict[str, Any]) -> TrackingEvent:
    words = text(event, "eventDescription")
    return scan(
        text(event, "eventOn"),
        _WORDS.of(words),
        carrier_status=text(event, "eventCode"),
        description=words,
        place=place(
            dig(event, "eventLocationDetails"), "city", "province", "postalCode", "countryIso2"
        ),
    )
