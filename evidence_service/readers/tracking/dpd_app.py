"""DPD's app and guest page (many countries): newest first, local times.

Source: answers. `parcelEvents` are the scans, `parcelHistory` the steps where there are none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.tracking import Tracking, TrackingEvent
from evidence_service.readers.places import address_of, place
from evidence_service.readers.sniff import JSON
from evidence_service.readers.tracking.history import Statuses, parcel_status, reading, scan
from evidence_service.readers.values import dig, items, joined, records, text

if TYPE_CHECKING:
    from evidence_service.domain.order import Address
    from evidence_service.domain.reading import Reading

_STATUSES = Statuses(
    pre_transit="ORDER_CREATED",
    in_transit="PARCEL_HANDED IN_TRANSIT AT_DELIVERY_CENTER CCO ORI DLI",
    out_for_delivery="PARCEL_OUT_FOR_DELIVERY DLO",
    attempted="UNSUCCESSFUL_DELIVERY_ATTEMPT",
    available_for_pickup="AVAILABLE_FOR_COLLECTION",
    delivered="DELIVERED DEY",
    returned="RETURN_TO_SENDER",
)
_MARKS = (frozenset({"parcelNumber", "parcelEvents"}), frozenset({"parcelNumber", "parcelHistory"}))


def read(value: Any) -> Reading | None:
    found = next(filter(None, (records(value, marks) for marks in _MARKS)), [])
    parcels = (_tracking(one) for one in found if _scans(one) or _steps(one))
    return reading("dpd_app", JSON, parcels)


def _scans(parcel: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for one in items(parcel, "parcelEvents") if text(one, "eventType")]


def _steps(parcel: dict[str, Any]) -> list[dict[str, Any]]:
    """The other list is oldest first."""
    return [one for one in items(parcel, "parcelHistory") if text(one, "eventDateAndTime")][::-1]


def _tracking(parcel: dict[str, Any]) -> Tracking:
    events = tuple(map(_scan, _scans(parcel))) or tuple(map(_step, _steps(parcel)))
    words = text(parcel, "status", "description")
    status = _STATUSES.of(words)
    return Tracking(
        number=text(parcel, "parcelNumber"),
        carrier="DPD",
        status=parcel_status(status, events),
        carrier_status=words,
        events=events,
        destination=_destination(dig(parcel, "receiver")),
    )


def _scan(one: dict[str, Any]) -> TrackingEvent:
    country = text(one, "country") or text(one, "countryCode")
    return scan(
        joined(text(one, "date"), text(one, "time"), by=" "),
        _STATUSES.of(text(one, "eventType")),
        carrier_status=text(one, "eventType"),
        description=text(one, "translation") or text(one, "eventTypeText"),
        place=joined(text(one, "city"), "" if country == "UNDEFINED" else country),
    )


def _step(one: dict[str, Any]) -> TrackingEvent:
    return scan(
        text(one, "eventDateAndTime") + text(one, "eventDateAndTimeZoneId"),
        _STATUSES.of(text(one, "description")),
        carrier_status=text(one, "description"),
        place=place(one, "city", "countryCode"),
    )


def _destination(receiver: Any) -> Address | None:
    to = dig(receiver, "address")
    return address_of(
        name=text(receiver, "name") or text(receiver, "companyName"),
        street=joined(text(to, "streetName"), text(to, "houseNumber"), by=" "),
        city=text(to, "city"),
        postcode=text(to, "zipCode"),
        country=text(to, "country"),
    )
