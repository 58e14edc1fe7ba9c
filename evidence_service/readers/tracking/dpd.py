"""DPD: the ParcelLifeCycleService, as SOAP XML and as the JSON of the tracking pages.

Source: https://esolutions.dpd.com (ParcelLifeCycleService 2.0), and an answer. The steps ahead are
listed too, marked as not reached: they are no events. Times are local, in the language's own shape.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.tracking import Tracking, TrackingEvent, TrackingStatus
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
    from collections.abc import Iterable
    from xml.etree import ElementTree as ET

    from evidence_service.domain.reading import Reading

_STATUSES = Statuses(
    pre_transit="ACCEPTED SHIPMENT",
    in_transit="BetweenDepots ON_THE_ROAD Depot AT_DELIVERY_DEPOT PickedUp AT_SENDING_DEPOT",
    out_for_delivery="Courier OUT_FOR_DELIVERY",
    attempted="DeliveryFailure ReturningFromDelivery NOT_DELIVERED",
    available_for_pickup="ParcelShop PICKUP_BY_CONSIGNEE",
    delivered="Delivered PickedUpByConsignee",
)
_UK_CODES = Statuses(
    pre_transit="000",
    in_transit="004 009",
    out_for_delivery="015",
    delivered="001",
)
# Some answers have no codes.
_UK_WORDS = Statuses(
    pre_transit=("we've received your order details*",),
    in_transit=("we have your parcel*", "your parcel is at our depot*"),
    out_for_delivery=(
        *("your parcel will be with you today*", "your parcel is out for delivery*"),
        "your parcel is on the vehicle*",
    ),
    delivered=("your parcel has been delivered*", "your parcel was delivered*"),
)
_UK = frozenset({"eventDate", "eventText"})
# Types of scans, oldest first as the pages have them.
_SCANS = Statuses(
    in_transit="1 2 5 10 15",
    out_for_delivery="3",
    delivered="13",
)


def read(value: Any) -> Reading | None:
    found = items(value, "parcellifecycleResponse", "parcelLifeCycleData")
    british = records(value, _UK, "data")
    parcels = [*_parcels(found), *([_of_uk(british)] if british else [])]
    return reading("dpd", JSON, parcels)


def _of_uk(listed: list[dict[str, Any]]) -> Tracking:
    """The events of the British pages, newest first; often nothing names the parcel."""
    events = tuple(
        scan(
            text(one, "eventDate"),
            _of_uk_event(text(one, "eventCode"), text(one, "eventText")),
            carrier_status=text(one, "eventCode"),
            description=text(one, "eventText"),
            place=text(one, "eventLocation"),
        )
        for one in listed
    )
    return Tracking(
        number=text(listed[0], "parcelCode").partition("*")[0],
        carrier="DPD UK",
        status=concluded(events),
        carrier_status=newest_first(events)[0].description,
        events=events,
    )


def _of_uk_event(code: str, words: str) -> TrackingStatus:
    known = _UK_CODES.of(code)
    return _UK_WORDS.of(words) if known is TrackingStatus.UNKNOWN else known


def read_xml(root: ET.Element) -> Reading | None:
    bodies = elements(root, "getTrackingDataResponse")
    found = (one for body in bodies for one in items(body, "trackingresult"))
    return reading("dpd_xml", XML, _parcels(found))


def _parcels(found: Iterable[dict[str, Any]]) -> Iterable[Tracking]:
    return (_tracking(one) for one in found if items(one, "statusInfo"))


def _tracking(parcel: dict[str, Any]) -> Tracking:
    reached = [one for one in items(parcel, "statusInfo") if _is(one, "statusHasBeenReached")]
    steps = tuple(map(_event, reached))
    scans = tuple(map(_scan, items(parcel, "scanInfo", "scan")))
    current = [one for one in reached if _is(one, "isCurrentStatus")]
    status = concluded([*map(_event, reversed(current)), *steps[::-1]])
    return Tracking(
        number=text(parcel, "shipmentInfo", "parcelLabelNumber"),
        carrier="DPD",
        status=status,
        carrier_status=text((current or reached or [{}])[-1], "status"),
        events=scans or steps,
    )


def _scan(one: dict[str, Any]) -> TrackingEvent:
    """Of the pages: what the steps have no times for."""
    code = text(one, "scanData", "scanType", "code")
    return scan(
        text(one, "date"),
        _SCANS.of(code.lstrip("0")),
        carrier_status=text(one, "scanData", "scanType", "name") or code,
        description=_content(dig(one, "scanDescription")),
        place=text(one, "scanData", "location"),
    )


def _event(step: dict[str, Any]) -> TrackingEvent:
    return scan(
        _content(dig(step, "date")),
        _STATUSES.of(text(step, "status")),
        carrier_status=text(step, "status"),
        description=_content(dig(step, "description")) or _content(dig(step, "label")),
        place=_content(dig(step, "location")),
    )


def _is(step: dict[str, Any], name: str) -> bool:
    return text(step, name).casefold() == "true"


def _content(value: Any) -> str:
    """The words within nested `content`."""
    if isinstance(value, dict):
        return _content(value.get("content"))
    if isinstance(value, list):
        return joined(*map(_content, value), by=" ")
    return text(value)
