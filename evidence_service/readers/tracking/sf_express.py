"""SF Express (顺丰): the routes of its open platform (JSON in a string, before it XML) and page.

Source: https://open.sf-express.com (EXP_RECE_SEARCH_ROUTES, operation codes). Times have no zone.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from evidence_service.domain.tracking import Tracking, TrackingEvent
from evidence_service.readers.sniff import JSON, XML
from evidence_service.readers.tracking.history import Statuses, concluded, reading, scan
from evidence_service.readers.values import elements, items, records, text

if TYPE_CHECKING:
    from xml.etree import ElementTree as ET

    from evidence_service.domain.reading import Reading

_STATUSES = Statuses(
    in_transit="14 50 54 950 30 31 36 105 106 123 3036 3137",
    out_for_delivery="44 204",
    attempted="33 70",
    available_for_pickup="125 130 607",
    delivered="80 8000",
    returned="648 99",
)
_MARKS = frozenset({"mailNo", "routes"})


def read(value: Any) -> Reading | None:
    inner = text(value, "apiResultData")
    envelopes = ("data", "apiResultData", "msgData", "routeResps")
    found = records(json.loads(inner) if inner else value, _MARKS, *envelopes)
    found = found or _pushed(value) or _paged(value)
    return reading("sf_express", JSON, (_tracking(one) for one in found if items(one, "routes")))


def read_xml(root: ET.Element) -> Reading | None:
    """The older interface: a `Route` has its parts as attributes."""
    found = [
        {
            "mailNo": text(one, "mailno"),
            "routes": [
                {
                    "acceptTime": text(route, "accept_time"),
                    "acceptAddress": text(route, "accept_address"),
                    "remark": text(route, "remark"),
                    "opCode": text(route, "opcode"),
                }
                for route in items(one, "Route")
            ],
        }
        for one in elements(root, "RouteResponse")
    ]
    return reading("sf_express_xml", XML, (_tracking(one) for one in found if one["routes"]))


def _pushed(value: Any) -> list[dict[str, Any]]:
    """The routes that a web hook brings, or an answer until 2020, of any parcels."""
    parcels: dict[str, list[dict[str, Any]]] = {}
    answered = items(value, "body") or items(value, "data", "body")
    for route in items(value, "Body", "WaybillRoute") or answered:
        if text(route, "acceptTime"):
            number = text(route, "mailno") or text(route, "mailNo")
            parcels.setdefault(number, []).append(route)
    return [{"mailNo": number, "routes": routes} for number, routes in parcels.items()]


def _paged(value: Any) -> list[dict[str, Any]]:
    """What the public page asks for."""
    return [
        {
            "mailNo": text(one, "id"),
            "routes": [
                route
                | {
                    "acceptTime": text(route, "scanDateTime"),
                    "acceptAddress": route.get("zoneCode"),
                }
                for route in items(one, "routes")
            ],
        }
        for one in items(value, "result")
        if text(one, "id") and any("scanDateTime" in route for route in items(one, "routes"))
    ]


def _tracking(parcel: dict[str, Any]) -> Tracking:
    events = tuple(map(_event, items(parcel, "routes")))
    newest_first = sorted(events, key=lambda event: event.local_time, reverse=True)
    return Tracking(
        number=text(parcel, "mailNo"),
        carrier="SF Express",
        status=concluded(newest_first),
        carrier_status=newest_first[0].description,
        events=events,
    )


def _event(route: dict[str, Any]) -> TrackingEvent:
    code = text(route, "opCode") or text(route, "opcode")
    return scan(
        text(route, "acceptTime"),
        _STATUSES.of(code),
        carrier_status=code,
        description=text(route, "remark"),
        place=text(route, "acceptAddress"),
    )
