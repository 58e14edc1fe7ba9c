"""Omniva (Baltic states): the events of its service `epteavitus`, of any parcels.

Source: Omniva's list of event codes. Events of a parcel keep the order of the file; the times
decide which is the newest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.tracking import Tracking, TrackingEvent
from evidence_service.readers.sniff import XML
from evidence_service.readers.tracking.history import Statuses, concluded, reading, scan
from evidence_service.readers.values import plain, text

if TYPE_CHECKING:
    from xml.etree import ElementTree as ET

    from evidence_service.domain.reading import Reading

_PREFIX = "PACKET_EVENT_"
_STATUSES = Statuses(
    pre_transit="SAVED",
    in_transit="PICKED_UP_* ARRIVED_EXCESS IN_POSTOFFICE FROM_* OPENING_CONTAINER"
    " IN_DEST_POSTOFFICE ON_ROUTE_LIST IN_CONTAINER REDIRECTION IPS_*",
    out_for_delivery="ON_DELIVERY_LIST",
    attempted="DELIVERING_TRY",
    available_for_pickup="STORING",
    delivered="DELIVERED",
    returned="RETURN",
    exception="WRITING_OFF",
)
_MARKS = frozenset({"packetCode", "eventCode", "eventDate"})


def read_xml(root: ET.Element) -> Reading | None:
    parcels: dict[str, list[dict[str, Any]]] = {}
    for event in map(plain, root):
        if isinstance(event, dict) and event.keys() >= _MARKS:
            parcels.setdefault(text(event, "packetCode"), []).append(event)
    return reading("omniva", XML, (_tracking(*parcel) for parcel in parcels.items()))


def _tracking(number: str, found: list[dict[str, Any]]) -> Tracking:
    events = tuple(map(_event, found))
    newest_first = sorted(events, key=lambda event: event.local_time, reverse=True)
    return Tracking(
        number=number,
        carrier="Omniva",
        status=concluded(newest_first),
        carrier_status=newest_first[0].carrier_status,
        events=events,
    )


def _event(event: dict[str, Any]) -> TrackingEvent:
    code = text(event, "eventCode")
    return scan(
        text(event, "eventDate"),
        _STATUSES.of(code.removeprefix(_PREFIX)),
        carrier_status=code,
    )
