"""Track123: the answer of its query and its web hook.

Source: https://docs.track123.com (delivery statuses). The two carriers of a parcel stand apart;
an event has its local time, and the same instant as UTC where the zone was known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.tracking import Tracking, TrackingEvent
from evidence_service.readers.instants import instant
from evidence_service.readers.places import address_of
from evidence_service.readers.sniff import JSON
from evidence_service.readers.tracking.history import Statuses, reading, scan
from evidence_service.readers.values import items, joined, records, text

if TYPE_CHECKING:
    from evidence_service.domain.reading import Reading

_STATUSES = Statuses(
    pre_transit="INFO_RECEIVED INFO_RECEIVED_*",
    in_transit="IN_TRANSIT IN_TRANSIT_*",
    out_for_delivery="WAITING_DELIVERY WAITING_DELIVERY_01",
    available_for_pickup="WAITING_DELIVERY_02",
    attempted="DELIVERY_FAILED DELIVERY_FAILED_*",
    delivered="DELIVERED DELIVERED_*",
    exception="ABNORMAL ABNORMAL_*",
)
_MARKS = frozenset({"trackNo", "localLogisticsInfo"})
_LEGS = ("localLogisticsInfo", "lastMileInfo")


def read(value: Any) -> Reading | None:
    found = records(value, _MARKS, "data", "accepted", "content")
    return reading("track123", JSON, map(_tracking, found))


def _tracking(parcel: dict[str, Any]) -> Tracking:
    status = text(parcel, "transitStatus") or text(parcel, "trackingStatus")
    detail = text(parcel, "transitSubStatus")
    carriers = (
        text(parcel, leg, "courierNameEN") or text(parcel, leg, "courierCode") for leg in _LEGS
    )
    return Tracking(
        number=text(parcel, "trackNo"),
        carrier=joined(*dict.fromkeys(carriers)),
        status=_STATUSES.of(detail, status),
        carrier_status=detail or status,
        events=tuple(
            _event(event) for leg in _LEGS for event in items(parcel, leg, "trackingDetails")
        ),
        destination=address_of(country=text(parcel, "shipTo")),
    )


def _event(event: dict[str, Any]) -> TrackingEvent:
    detail = text(event, "transitSubStatus")
    return scan(
        text(event, "eventTime"),
        _STATUSES.of(detail),
        carrier_status=detail,
        description=text(event, "eventDetail"),
        place=text(event, "address"),
        at=instant(text(event, "eventTimeZeroUTC")),
    )
