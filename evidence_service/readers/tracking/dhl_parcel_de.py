"""DHL Paket (Germany): the XML of its Sendungsverfolgung, whose values are all attributes.

Source: https://entwickler.dhl.de (Sendungsverfolgung, standard event codes), and a sandbox answer.
Times are local, as `18.03.2016 10:02`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from evidence_service.domain.tracking import Tracking, TrackingEvent, TrackingStatus
from evidence_service.readers.places import address_of, place
from evidence_service.readers.sniff import XML
from evidence_service.readers.tracking.history import Statuses, reading, scan
from evidence_service.readers.values import text

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
_PIECES = frozenset({"piece-shipment", "piece-status-public"})


def read(root: ET.Element) -> Reading | None:
    pieces = (one for one in root.iter("data") if one.get("name") in _PIECES)
    known = (one for one in pieces if one.get("standard-event-code"))
    return reading("dhl_parcel_de", XML, map(_tracking, known))


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
    """`ruecksendung` marks the way back: what is delivered then is with the sender."""
    status = _STATUSES.of(text(of, "standard-event-code"))
    back = text(of, "ruecksendung") == "true"
    return TrackingStatus.RETURNED if back and status is TrackingStatus.DELIVERED else status
