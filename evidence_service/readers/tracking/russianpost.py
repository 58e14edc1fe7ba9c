"""Russian Post (Почта России): its SOAP service (oldest first), and what its pages ask (JSON).

Source: https://tracking.pochta.ru/specification (operation types and attributes).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.tracking import Tracking, TrackingEvent
from evidence_service.readers.places import address_of, place
from evidence_service.readers.sniff import JSON, XML
from evidence_service.readers.tracking.history import (
    Statuses,
    concluded,
    newest_first,
    reading,
    scan,
)
from evidence_service.readers.values import dig, elements, items, joined, records, text

if TYPE_CHECKING:
    from xml.etree import ElementTree as ET

    from evidence_service.domain.reading import Reading

# Operation types, and of some the attribute: 2.2 is handed back to the sender, 8.2 has arrived
# where it is handed over.
_STATUSES = Statuses(
    pre_transit="28",
    in_transit="1 4 8 9 10 11 13 14 27 29 30 31 32 33 35 36 37 39",
    attempted="12",
    available_for_pickup="6 8.2",
    delivered="2",
    returned="2.2 3",
    exception="5 16 17",
)
_ITEM = frozenset({"barcode", "trackingHistoryItemList"})


def read(root: ET.Element) -> Reading | None:
    parcels: dict[str, list[Any]] = {}
    for record in elements(root, "historyRecord"):
        if number := text(record, "ItemParameters", "Barcode"):
            parcels.setdefault(number, []).append(record)
    batch = (one for one in elements(root, "Item") if text(one, "Barcode"))
    listed = (_of_batch(one) for one in batch if items(one, "Operation"))
    return reading("russianpost", XML, [*map(_tracking, parcels.items()), *listed])


def read_json(value: Any) -> Reading | None:
    """What the post's own pages ask; the newest event first."""
    envelopes = ("response", "detailedTrackings", "trackingItem")
    return reading("russianpost_json", JSON, map(_item, records(value, _ITEM, *envelopes)))


def _item(item: dict[str, Any]) -> Tracking:
    events = tuple(
        scan(
            text(one, "date"),
            _STATUSES.of(
                joined(text(one, "operationType"), text(one, "operationAttr"), by="."),
                text(one, "operationType"),
            ),
            carrier_status=text(one, "operationType"),
            description=text(one, "humanStatus"),
            place=joined(text(one, "index"), text(one, "cityName") or text(one, "description")),
        )
        for one in items(item, "trackingHistoryItemList")
    )
    return Tracking(
        number=text(item, "barcode"),
        carrier="Russian Post",
        status=concluded(events),
        carrier_status=newest_first(events)[0].description
        if events
        else text(item, "commonStatus"),
        events=events,
        destination=address_of(
            name=text(item, "recipient"),
            city=text(item, "destinationCityName"),
            country=text(item, "destinationCountryName"),
        ),
    )


def _of_batch(item: dict[str, Any]) -> Tracking:
    """A parcel of the answer to a ticket: operations with attributes, oldest first."""
    events = tuple(
        scan(
            text(one, "DateOper"),
            _STATUSES.of(
                joined(text(one, "OperTypeID"), text(one, "OperCtgID"), by="."),
                text(one, "OperTypeID"),
            ),
            carrier_status=joined(text(one, "OperTypeID"), text(one, "OperCtgID"), by="."),
            description=text(one, "OperName"),
            place=text(one, "IndexOper"),
        )
        for one in items(item, "Operation")
    )
    return Tracking(
        number=text(item, "Barcode"),
        carrier="Russian Post",
        status=concluded(events[::-1]),
        carrier_status=events[-1].description,
        events=events,
    )


def _tracking(parcel: tuple[str, list[Any]]) -> Tracking:
    number, found = parcel
    events = tuple(map(_event, found))
    last = found[-1]
    return Tracking(
        number=number,
        carrier="Russian Post",
        status=concluded(events[::-1]),
        carrier_status=events[-1].description,
        events=events,
        destination=address_of(
            name=text(last, "UserParameters", "Rcpn"),
            city=text(last, "AddressParameters", "DestinationAddress", "Description"),
            postcode=text(last, "AddressParameters", "DestinationAddress", "Index"),
            country=text(last, "AddressParameters", "MailDirect", "Code2A"),
        ),
    )


def _event(record: Any) -> TrackingEvent:
    operation = dig(record, "OperationParameters")
    kind = text(operation, "OperType", "Id")
    code = joined(kind, text(operation, "OperAttr", "Id"), by=".")
    return scan(
        text(operation, "OperDate"),
        _STATUSES.of(code, kind),
        carrier_status=code,
        description=joined(
            text(operation, "OperType", "Name"), text(operation, "OperAttr", "Name")
        ),
        place=place(dig(record, "AddressParameters", "OperationAddress"), "Index", "Description"),
    )
