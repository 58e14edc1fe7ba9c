"""InPost: the tracking of ShipX (Poland), newest first, and the international one, oldest first.

Source: https://developers.inpost-group.com (codes), ShipX's statuses, and answers of both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.tracking import Tracking, TrackingEvent
from evidence_service.readers.places import address_of
from evidence_service.readers.sniff import JSON
from evidence_service.readers.tracking.history import Statuses, reading, scan
from evidence_service.readers.values import items, records, text

if TYPE_CHECKING:
    from evidence_service.domain.reading import Reading

_STATUSES = Statuses(
    pre_transit="created offers_prepared offer_selected confirmed CRE.*",
    in_transit="dispatched_by_sender dispatched_by_sender_to_pok collected_from_sender"
    " taken_by_courier taken_by_courier_from_pok adopted_at_source_branch"
    " sent_from_source_branch adopted_at_sorting_center sent_from_sorting_center"
    " adopted_at_target_branch stack_in_box_machine redirect_to_box readdressed"
    " FMD.* MMD.* LMD.1002 LMD.3006 LMD.3014",
    out_for_delivery="out_for_delivery out_for_delivery_to_address LMD.1001",
    attempted="avizo LMD.9002",
    available_for_pickup="ready_to_pickup ready_to_pickup_from_branch ready_to_pickup_from_pok"
    " pickup_reminder_sent LMD.1004 LMD.1005 LMD.9001",
    delivered="delivered EOL.1001 EOL.1003",
    returned="returned_to_sender RTS.* LMD.9014",
    exception="rejected_by_receiver undelivered undelivered_wrong_address pickup_time_expired"
    " missing canceled LMD.9006",
)
_SHIPX = frozenset({"tracking_number", "tracking_details"})
_INTERNATIONAL = frozenset({"trackingNumber", "trackingDetails"})
_SCAN = frozenset({"status", "origin_status", "datetime"})
_SCAN_ABROAD = frozenset({"status", "statusTitle", "datetime"})


def read(value: Any) -> Reading | None:
    shipx = _known(records(value, _SHIPX), "tracking_details", _SCAN)
    abroad = _known(records(value, _INTERNATIONAL), "trackingDetails", _SCAN_ABROAD)
    return reading("inpost", JSON, [*map(_shipx, shipx), *map(_international, abroad)])


def _known(parcels: list[dict[str, Any]], name: str, marks: frozenset[str]) -> list[dict[str, Any]]:
    """Others have these names too; the first scan tells."""
    return [one for one in parcels if any(scan.keys() >= marks for scan in items(one, name)[:1])]


def _shipx(parcel: dict[str, Any]) -> Tracking:
    return Tracking(
        number=text(parcel, "tracking_number"),
        carrier="InPost",
        status=_STATUSES.of(text(parcel, "status")),
        carrier_status=text(parcel, "status"),
        events=tuple(map(_event, items(parcel, "tracking_details"))),
    )


def _international(parcel: dict[str, Any]) -> Tracking:
    return Tracking(
        number=text(parcel, "trackingNumber"),
        carrier="InPost",
        status=_STATUSES.of(text(parcel, "status")),
        carrier_status=text(parcel, "statusTitle") or text(parcel, "status"),
        events=tuple(map(_event, items(parcel, "trackingDetails"))),
        destination=address_of(country=text(parcel, "destination", "countryCode")),
    )


def _event(one: dict[str, Any]) -> TrackingEvent:
    return scan(
        text(one, "datetime"),
        _STATUSES.of(text(one, "status")),
        carrier_status=text(one, "status"),
        description=text(one, "statusTitle"),
        place=text(one, "place"),
    )
