"""PostNord: the Track and Trace API (`findByIdentifier`), and the same behind its pages.

Source: https://developer.postnord.com/apis (event and shipment statuses). Every item of a shipment
is a parcel; times are local.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.tracking import Tracking, TrackingEvent, TrackingStatus
from evidence_service.readers.places import address_of, place
from evidence_service.readers.sniff import JSON
from evidence_service.readers.tracking.history import (
    Statuses,
    concluded,
    newest_first,
    reading,
    scan,
)
from evidence_service.readers.values import dig, items, records, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evidence_service.domain.reading import Reading

_STATUSES = Statuses(
    pre_transit="CREATED INFORMED",
    in_transit="EN_ROUTE DELAYED EXPECTED_DELAY",
    out_for_delivery="OUT_FOR_DELIVERY",
    attempted="DELIVERY_IMPOSSIBLE DELIVERY_REFUSED",
    available_for_pickup="AVAILABLE_FOR_DELIVERY AVAILABLE_FOR_DELIVERY_PAR_LOC",
    delivered="DELIVERED",
    returned="RETURNED",
    exception="STOPPED",
)
_ENVELOPES = (
    *("response", "TrackingInformationResponse", "trackingInformationResponse", "shipments"),
)
_MARKS = frozenset({"shipmentId", "items"})
_HOOK = frozenset({"shipmentId", "events"})


def read(value: Any) -> Reading | None:
    """The pages of today ask for a shipment without anything around it; a hook has no items."""
    shipments = records(value, _MARKS, *_ENVELOPES) or records(value, _HOOK)
    return reading("postnord", JSON, (parcel for one in shipments for parcel in _parcels(one)))


def _parcels(shipment: dict[str, Any]) -> Iterator[Tracking]:
    receiver = dig(shipment, "consignee") or dig(shipment, "receiver")
    to = dig(receiver, "address")
    for item in items(shipment, "items") if "items" in shipment else [shipment]:
        events = tuple(map(_event, items(item, "events")))
        state = text(item, "status") or text(item, "status", "code")
        status = _STATUSES.of(state, text(shipment, "status"))
        yield Tracking(
            number=text(item, "itemId") or text(shipment, "shipmentId"),
            carrier="PostNord",
            status=concluded(events[::-1]) if status is TrackingStatus.UNKNOWN else status,
            carrier_status=text(item, "statusText", "header")
            or text(item, "status", "header")
            or state
            or (newest_first(events[::-1])[0].description if events else ""),
            events=events,
            destination=address_of(
                name=text(receiver, "name") or text(to, "name"),
                street=place(to, "street", "street1", "street2"),
                city=text(to, "city"),
                postcode=text(to, "postCode"),
                country=text(to, "countryCode") or text(to, "country"),
            ),
        )


def _event(event: dict[str, Any]) -> TrackingEvent:
    return scan(
        text(event, "eventTime"),
        _STATUSES.of(text(event, "status"), text(event, "eventCode")),
        carrier_status=text(event, "eventCode") or text(event, "status"),
        description=text(event, "eventDescription"),
        place=text(event, "location", "displayName")
        or place(event.get("location"), "name", "city", "countryCode"),
    )
