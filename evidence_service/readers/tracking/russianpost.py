"""Russian Post (Почта России): `getOperationHistory` of its SOAP tracking service; oldest first.

Source: https://tracking.pochta.ru/specification (operation types and attributes).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.tracking import Tracking, TrackingEvent
from evidence_service.readers.places import address_of, place
from evidence_service.readers.sniff import XML
from evidence_service.readers.tracking.history import Statuses, concluded, reading, scan
from evidence_service.readers.values import dig, elements, joined, text

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


def read(root: ET.Element) -> Reading | None:
    parcels: dict[str, list[Any]] = {}
    for record in elements(root, "historyRecord"):
        if number := text(record, "ItemParameters", "Barcode"):
            parcels.setdefault(number, []).append(record)
    return reading("russianpost", XML, map(_tracking, parcels.items()))


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
