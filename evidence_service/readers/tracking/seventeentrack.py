"""17TRACK: `gettrackinfo` of the API v2 and v1, its web hooks, and the list of the buyer's pages.

Source: https://api.17track.net/en/doc?version=v2.2 (statuses), and answers of the buyer's pages,
whose last event is JSON in a JSON string and whose times have three shapes, none with a zone.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from evidence_service.domain.tracking import Tracking, TrackingEvent, TrackingStatus
from evidence_service.readers.instants import instant
from evidence_service.readers.places import address_of, place
from evidence_service.readers.sniff import JSON
from evidence_service.readers.tracking.history import Statuses, concluded, reading, scan
from evidence_service.readers.values import dig, items, joined, records, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evidence_service.domain.reading import Reading

_STATUSES = Statuses(
    pre_transit="InfoReceived",
    in_transit="InTransit InTransit_* PickedUp Departure Arrival",
    out_for_delivery="OutForDelivery OutForDelivery_*",
    attempted="DeliveryFailure DeliveryFailure_*",
    available_for_pickup="AvailableForPickup AvailableForPickup_*",
    delivered="Delivered Delivered_*",
    returned="Exception_Returning Exception_Returned Returning Returned",
    exception="Exception Exception_*",
)
# The numbers of v1 and of the buyer's pages; 0 is not found, 20 expired.
_NUMBERS = Statuses(
    in_transit="10",
    available_for_pickup="30",
    attempted="35",
    delivered="40",
    exception="50",
)
_V2 = frozenset({"number", "track_info"})
_V1 = frozenset({"number", "track"})
_BUYER = frozenset({"FTrackNo", "FLastEvent"})
# What others keep of an answer: the information without a name around it.
_BARE = frozenset({"number", "latest_status"})
# What the buyer's pages ask today, and asked before.
_PAGE, _OLD_PAGE = frozenset({"number", "shipment"}), frozenset({"no", "track"})


def read(value: Any) -> Reading | None:
    accepted = ("data", "accepted")
    pages = records(value, _PAGE, "shipments")
    old_pages = records(value, _OLD_PAGE, "dat")
    second = [
        *records(value, _V2, *accepted),
        *(one | {"track_info": one["shipment"]} for one in pages),
        *(one | {"track_info": one} for one in records(value, _BARE, "shipments", *accepted)),
    ]
    first = [*records(value, _V1, *accepted), *(one | {"number": one["no"]} for one in old_pages)]
    parcels = [
        *map(_tracking, filter(_is_found, second)),
        *(_first_version(one) for one in first if dig(one, "track")),
        *map(_of_buyer, records(value, _BUYER, "Json")),
    ]
    return reading("17track", JSON, parcels)


def _is_found(parcel: dict[str, Any]) -> bool:
    """A push may have the finer status alone."""
    latest = dig(parcel, "track_info", "latest_status")
    status = text(latest, "status") or text(latest, "sub_status")
    return bool(status) and (not status.startswith("NotFound") or any(_scans(parcel)))


def _scans(parcel: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Those of every carrier on the way, each carrier's newest first; a push may tell the last."""
    legs = items(parcel, "track_info", "tracking", "providers")
    found = [event for leg in legs for event in items(leg, "events")]
    yield from found or items(parcel, "track_info", "latest_event")


def _tracking(parcel: dict[str, Any]) -> Tracking:
    info = parcel["track_info"]
    status, detail = (text(info, "latest_status", name) for name in ("status", "sub_status"))
    legs = items(info, "tracking", "providers")
    receiver = dig(info, "shipping_info", "recipient_address")
    return Tracking(
        number=text(parcel, "number"),
        carrier=joined(*dict.fromkeys(text(leg, "provider", "name") for leg in legs)),
        status=_STATUSES.of(detail, status),
        carrier_status=detail or status,
        events=tuple(map(_event, _scans(parcel))),
        destination=address_of(
            city=place(receiver, "city", "state"),
            postcode=text(receiver, "postal_code"),
            country=text(receiver, "country"),
        ),
    )


def _event(event: dict[str, Any]) -> TrackingEvent:
    """The time with the offset, else the text the carrier gave beside the instant."""
    raw = joined(text(event, "time_raw", "date"), text(event, "time_raw", "time"), by=" ")
    detail, stage = text(event, "sub_status"), text(event, "stage")
    return scan(
        text(event, "time_iso") or raw or text(event, "time_utc"),
        _STATUSES.of(detail, stage),
        carrier_status=detail or stage,
        description=text(event, "description"),
        place=text(event, "location") or place(event.get("address"), "city", "state", "country"),
        at=instant(text(event, "time_utc")),
    )


def _first_version(parcel: dict[str, Any]) -> Tracking:
    track = parcel["track"]
    events = [_short(event) for leg in ("z1", "z2") for event in items(track, leg)]
    return Tracking(
        number=text(parcel, "number"),
        carrier=_named(text(parcel, "carrier") or text(track, "w1")),
        status=_NUMBERS.of(text(track, "e")),
        carrier_status=text(track, "e"),
        events=tuple(events),
    )


def _of_buyer(parcel: dict[str, Any]) -> Tracking:
    events = (_short(_parsed(text(parcel, "FLastEvent"))),) if text(parcel, "FLastEvent") else ()
    state = text(parcel, "FPackageState")
    return Tracking(
        number=text(parcel, "FTrackNo"),
        carrier=_named(text(parcel, "FFirstCarrier")),
        status=_NUMBERS.of(state) if state else concluded(events),
        carrier_status=state,
        events=events,
    )


def _short(event: Any) -> TrackingEvent:
    """An event whose names are letters."""
    return scan(
        text(event, "a"),
        TrackingStatus.UNKNOWN,
        description=text(event, "z"),
        place=place(event, "c", "d"),
    )


def _parsed(words: str) -> Any:
    try:
        return json.loads(words)
    except ValueError:
        return {"z": words}


def _named(carrier: str) -> str:
    """17TRACK's number of the carrier; 0 is none."""
    return "" if carrier == "0" else carrier
