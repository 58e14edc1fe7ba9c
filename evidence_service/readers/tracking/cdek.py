"""CDEK (СДЭК): the order of its API v2, and the status report of API 1.5.

Source: https://api-docs.cdek.ru (order statuses). In v2 the statuses of an order are the parcel's
way, newest first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.tracking import Tracking, TrackingEvent, TrackingStatus
from evidence_service.readers.places import address_of, place
from evidence_service.readers.sniff import JSON, XML
from evidence_service.readers.tracking.history import (
    Statuses,
    concluded,
    newest_first,
    reading,
    scan,
)
from evidence_service.readers.values import dig, elements, items, records, text

if TYPE_CHECKING:
    from xml.etree import ElementTree as ET

    from evidence_service.domain.reading import Reading

_STATUSES = Statuses(
    pre_transit="ACCEPTED CREATED",
    in_transit="RECEIVED_AT_SHIPMENT_WAREHOUSE READY_FOR_SHIPMENT_* READY_TO_SHIP_AT_SENDING_OFFICE"
    " PASSED_TO_CARRIER_* TAKEN_BY_TRANSPORTER_* SENT_TO_* MET_AT_* ACCEPTED_AT_* ACCEPTED_IN_*"
    " RECEIVED_IN_* ARRIVED_AT_* SHIPPED_TO_DESTINATION IN_CUSTOMS_* CUSTOMS_COMPLETE",
    out_for_delivery="TAKEN_BY_COURIER",
    available_for_pickup="ACCEPTED_AT_PICK_UP_POINT POSTOMAT_POSTED",
    delivered="DELIVERED",
    returned="RETURNED_* POSTOMAT_SEIZED",
    exception="NOT_DELIVERED INVALID REMOVED",
)
# Those of API 1.5.
_CODES = Statuses(
    pre_transit="1",
    in_transit="3 6 7 8 9 10 13 17 18 19 20 21 22",
    out_for_delivery="11",
    available_for_pickup="12",
    delivered="4",
    returned="16",
    exception="2 5",
)
_MARKS = frozenset({"cdek_number", "statuses"})
_HOOK = frozenset({"cdek_number"})


def read(value: Any) -> Reading | None:
    told = (one for one in records(value, _HOOK, "attributes") if _code_of(one))
    hooks = (_from_hook(one, text(value, "date_time")) for one in told)
    found = [*records(value, _MARKS, "entity", "orders"), *hooks]
    return reading("cdek", JSON, (_tracking(one) for one in found if items(one, "statuses")))


def read_xml(root: ET.Element) -> Reading | None:
    """The status report of API 1.5, whose states stand oldest first within the last one."""
    found = (one for one in elements(root, "Order") if text(one, "DispatchNumber"))
    known = (one for one in found if items(one, "Status"))
    return reading("cdek_xml", XML, map(_reported, known))


def _reported(order: dict[str, Any]) -> Tracking:
    status = dig(order, "Status")
    events = tuple(map(_state, items(status, "State") or [status]))
    current = _state(status)
    return Tracking(
        number=text(order, "DispatchNumber"),
        carrier="CDEK",
        status=current.status,
        carrier_status=current.description,
        signed_by=text(order, "RecipientName"),
        events=events,
    )


def _state(state: dict[str, Any]) -> TrackingEvent:
    return scan(
        text(state, "Date"),
        _CODES.of(text(state, "Code")),
        carrier_status=text(state, "Code"),
        description=text(state, "Description"),
        place=text(state, "CityName"),
    )


def _code_of(told: dict[str, Any]) -> str:
    # Older web hooks have the number of API 1.5 alone.
    return text(told, "code") or text(told, "status_code")


def _from_hook(told: dict[str, Any], sent_at: str) -> dict[str, Any]:
    """As an order with the one status that a web hook tells of."""
    status = {
        "code": _code_of(told),
        "name": told.get("name"),
        "date_time": text(told, "status_date_time") or text(told, "date_time") or sent_at,
        "city": told.get("city_name"),
    }
    return {"cdek_number": told["cdek_number"], "statuses": [status]}


def _tracking(order: dict[str, Any]) -> Tracking:
    events = tuple(map(_event, items(order, "statuses")))
    newest = newest_first(events)[0]
    to = dig(order, "to_location")
    return Tracking(
        number=text(order, "cdek_number"),
        carrier="CDEK",
        status=concluded(events),
        carrier_status=newest.description or newest.carrier_status,
        signed_by=text(order, "delivery_detail", "recipient_name"),
        events=events,
        destination=address_of(
            name=text(order, "recipient", "name"),
            street=text(to, "address") or text(order, "delivery_point"),
            city=place(to, "city", "region"),
            postcode=text(to, "postal_code"),
            country=text(to, "country_code"),
        ),
    )


def _event(status: dict[str, Any]) -> TrackingEvent:
    code = text(status, "code")
    known = _STATUSES.of(code)
    return scan(
        text(status, "date_time"),
        _CODES.of(code) if known is TrackingStatus.UNKNOWN else known,
        carrier_status=code,
        description=text(status, "name"),
        place=text(status, "city"),
    )
