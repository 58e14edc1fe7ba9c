"""DHL24 (Poland): `getTrackAndTraceInfo` of its SOAP interface.

Source: https://dhl24.com.pl/webapi2 (statuses), and an answer. Times are local, newest first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.tracking import Tracking, TrackingEvent
from evidence_service.readers.sniff import XML
from evidence_service.readers.tracking.history import (
    Statuses,
    concluded,
    newest_first,
    reading,
    scan,
)
from evidence_service.readers.values import elements, items, text

if TYPE_CHECKING:
    from xml.etree import ElementTree as ET

    from evidence_service.domain.reading import Reading

_STATUSES = Statuses(
    pre_transit="EDWP",
    in_transit="DWP SORT LP",
    out_for_delivery="LK",
    attempted="AWI",
    delivered="DOR",
    returned="ZWN",
)


def read(root: ET.Element) -> Reading | None:
    found = (one for one in elements(root, "getTrackAndTraceInfoResult") if text(one, "shipmentId"))
    return reading("dhl_poland", XML, map(_tracking, found))


def _tracking(shipment: dict[str, Any]) -> Tracking:
    events = tuple(map(_event, items(shipment, "events", "item")))
    return Tracking(
        number=text(shipment, "shipmentId"),
        carrier="DHL Poland",
        status=concluded(events),
        carrier_status=newest_first(events)[0].carrier_status if events else "",
        signed_by=text(shipment, "receivedBy"),
        events=events,
    )


def _event(event: dict[str, Any]) -> TrackingEvent:
    return scan(
        text(event, "timestamp"),
        _STATUSES.of(text(event, "status")),
        carrier_status=text(event, "status"),
        description=text(event, "description"),
        place=text(event, "terminal"),
    )
