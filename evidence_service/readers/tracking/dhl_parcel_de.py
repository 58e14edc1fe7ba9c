"""DHL Paket (Germany): the XML of its Sendungsverfolgung, and the JSON of its page.

Source: https://entwickler.dhl.de (Sendungsverfolgung, standard event codes), and a sandbox answer.
All values of the XML are attributes; its times are local, as `18.03.2016 10:02`. The page has words
in German or English, and how far the parcel is of five steps.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.tracking import Tracking, TrackingEvent, TrackingStatus
from evidence_service.readers.places import address_of, place
from evidence_service.readers.sniff import JSON, XML
from evidence_service.readers.tracking.history import Statuses, concluded, reading, scan
from evidence_service.readers.values import dig, items, records, text

if TYPE_CHECKING:
    from xml.etree import ElementTree as ET

    from evidence_service.domain.reading import Reading

_STATUSES = Statuses(
    pre_transit="VA",
    in_transit="ES AA AE EE AB",
    out_for_delivery="PO",
    attempted="ZN",
    delivered="ZU",
)
_STEPS = Statuses(pre_transit="1", in_transit="2 3", out_for_delivery="4", delivered="5")
_WORDS = Statuses(
    pre_transit=(
        *("die sendung wurde elektronisch ang*", "die auftragsdaten zu dieser sendung*"),
        "the instruction data for this shipment*",
    ),
    in_transit=(
        *("die sendung wurde im *", "die sendung ist im *", "die sendung wurde in der region*"),
        *("die sendung ist in der region*", "die sendung wurde abgeholt*", "the shipment arrived*"),
        *("die sendung wurde vom absender*", "die sendung wurde von dhl bearbeitet*"),
        *(
            "the shipment has been processed*",
            "the shipment has arrived*",
            "the shipment was posted*",
        ),
    ),
    out_for_delivery=(
        *("die sendung wurde in das zustellfahrzeug*", "die sendung befindet sich in der zust*"),
        *("die sendung ist in der zustellung*", "the shipment has been loaded onto the delivery*"),
    ),
    attempted=("die sendung konnte nicht zugestellt*", "die sendung konnte heute nicht*"),
    available_for_pickup=("die sendung liegt *", "the shipment is ready for pick-up*"),
    delivered=(
        *("die sendung wurde erfolgreich zugestellt*", "die sendung wurde zugestellt*"),
        *("der empfänger hat die sendung*", "the shipment has been successfully delivered*"),
        *("the shipment has been delivered*", "the recipient has picked up the shipment*"),
    ),
)
_PAGE_MARKS = frozenset({"id", "sendungsdetails"})
_PIECES = frozenset({"piece-shipment", "piece-status-public"})


def read(root: ET.Element) -> Reading | None:
    pieces = (one for one in root.iter("data") if one.get("name") in _PIECES)
    known = (one for one in pieces if one.get("standard-event-code"))
    return reading("dhl_parcel_de", XML, map(_tracking, known))


def read_page(value: Any) -> Reading | None:
    """What the public page asks for; oldest first."""
    found = records(value, _PAGE_MARKS, "sendungen")
    known = (one for one in found if _is_found(one))
    return reading("dhl_parcel_de_page", JSON, map(_page, known))


def _is_found(parcel: dict[str, Any]) -> bool:
    course = dig(parcel, "sendungsdetails", "sendungsverlauf")
    return bool(course) and not (
        dig(parcel, "sendungNichtGefunden") and not items(course, "events")
    )


def _page(parcel: dict[str, Any]) -> Tracking:
    details = dig(parcel, "sendungsdetails")
    course = dig(details, "sendungsverlauf")
    events = tuple(map(_page_event, items(course, "events")))
    step = _STEPS.of(text(course, "fortschritt"))
    status = TrackingStatus.DELIVERED if dig(details, "istZugestellt") is True else step
    if status is TrackingStatus.UNKNOWN:
        status = concluded(events[::-1])
    return Tracking(
        number=text(parcel, "id") or text(details, "sendungsnummern", "sendungsnummer"),
        carrier="DHL Paket",
        status=_back(status, dig(details, "ruecksendung") is True),
        carrier_status=text(course, "kurzStatus")
        or text(course, "status")
        or text(course, "aktuellerStatus"),
        events=events,
        destination=address_of(
            name=text(details, "panEmpfaenger", "name"),
            city=text(details, "panEmpfaenger", "ort"),
            country=text(details, "zielland"),
        ),
    )


def _page_event(event: dict[str, Any]) -> TrackingEvent:
    words = text(event, "status")
    return scan(
        text(event, "datum"),
        _back(_WORDS.of(words), dig(event, "ruecksendung") is True),
        description=words,
        place=text(event, "ort"),
    )


def _tracking(piece: ET.Element) -> Tracking:
    found = piece.attrib
    listed = [one.attrib for one in piece.iter() if one.get("name") == "piece-event"]
    # For those who are not the sender it tells the last event alone.
    last = [found] if found.get("event-timestamp") else []
    return Tracking(
        number=found.get("piece-code", "") or found.get("searched-piece-code", ""),
        carrier="DHL Paket",
        status=_status(found),
        carrier_status=found.get("short-status", "") or found.get("status", ""),
        events=tuple(map(_event, listed or last)),
        destination=address_of(
            name=found.get("recipient-name", ""),
            street=found.get("recipient-street", ""),
            city=found.get("recipient-city", ""),
            country=found.get("dest-country", ""),
        ),
    )


def _event(event: dict[str, str]) -> TrackingEvent:
    return scan(
        text(event, "event-timestamp"),
        _status(event),
        carrier_status=text(event, "standard-event-code"),
        description=text(event, "event-status") or text(event, "event-text"),
        place=place(event, "event-location", "event-country"),
    )


def _status(of: dict[str, str]) -> TrackingStatus:
    return _back(_STATUSES.of(text(of, "standard-event-code")), text(of, "ruecksendung") == "true")


def _back(status: TrackingStatus, back: bool) -> TrackingStatus:
    """`ruecksendung` marks the way back: what is delivered then is with the sender."""
    return TrackingStatus.RETURNED if back and status is TrackingStatus.DELIVERED else status
