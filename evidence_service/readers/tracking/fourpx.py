"""4PX (递四方): the answer of `tr.order.tracking.get`, and what its pages ask; in either order.

Source: https://open.4px.com (tracking), and answers. An event names its offset apart; the moment
that the pages have beside it is that time read as China's. Its codes are many: the words of the
last carrier tell where they do not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.tracking import Tracking, TrackingEvent, TrackingStatus
from evidence_service.readers.instants import instant
from evidence_service.readers.places import address_of, place
from evidence_service.readers.sniff import JSON
from evidence_service.readers.tracking.history import Statuses, concluded, reading, scan
from evidence_service.readers.values import items, records, text

if TYPE_CHECKING:
    from evidence_service.domain.reading import Reading

_CODES = Statuses(
    pre_transit="FPX_L_RPIF",
    in_transit="FPX_C_SPLS FPX_F_ST FPX_I_CC FPX_M_*",
    out_for_delivery="FPX_D_OFD",
    delivered="FPX_S_OK*",
    exception="FPX_C_DT FPX_D_UNDG",
)
_WORDS = Statuses(
    pre_transit=("parcel information received*", "shipment information received*", "已预报*"),
    in_transit=(
        *("shipment arrived*", "arriv*", "depart*", "shipment picked up*", "picked up", "item in*"),
        *("hand over*", "handed over to local*", "released*", "customs*", "到达*", "离开*"),
        *("shipment in transit*", "in transit*", "已揽收*", "货物到达*"),
    ),
    out_for_delivery=("out for delivery*", "派送中*"),
    attempted=("attempted delivery*", "delivery attempt*", "delivery failed*"),
    available_for_pickup=("available for pickup*", "awaiting collection*", "ready for collection*"),
    delivered=(
        *("delivered*", "shipment delivered*", "item delivered*", "delivery completed*"),
        *("successfully delivered*", "secure delivery*", "entregado*", "已签收*", "签收*", "妥投*"),
        *("the recipient has picked up*", "picked up by the customer*", "collected by recipient*"),
    ),
    returned=("returned*", "return to sender*", "退件*"),
    exception=("undeliver*", "parcel disposal*"),
)
_MARKS = frozenset({"trackingList"})
_PAGE = frozenset({"tracks", "queryCode"})


def read(value: Any) -> Reading | None:
    told = [(one, items(one, "trackingList")) for one in records(value, _MARKS, "data")]
    pages = [(one, _of_page(one)) for one in records(value, _PAGE, "data")]
    known = (_tracking(one, listed) for one, listed in (*told, *pages) if listed)
    return reading("4px", JSON, known)


def _of_page(parcel: dict[str, Any]) -> list[dict[str, Any]]:
    """The events under the names of the interface."""
    return [
        {
            "businessLinkCode": text(track, "tkCode"),
            "occurDatetime": text(track, "tkDateStr"),
            "timeZone": text(track, "tkTimezone"),
            "occurLocation": text(track, "tkLocation"),
            "trackingContent": text(track, "tkTranslatedDesc") or text(track, "tkDesc"),
        }
        for track in items(parcel, "tracks")
    ]


def _tracking(parcel: dict[str, Any], listed: list[dict[str, Any]]) -> Tracking:
    events = tuple(map(_event, listed))
    newest_first = sorted(events, key=lambda event: event.local_time, reverse=True)
    numbers = ("queryCode", "shipperOrderNo", "deliveryOrderNo", "4pxTrackingNo")
    return Tracking(
        number=next(filter(None, (text(parcel, name) for name in numbers)), ""),
        carrier="4PX",
        status=concluded(newest_first),
        carrier_status=newest_first[0].description,
        events=events,
        destination=address_of(country=text(parcel, "destinationCountry")),
    )


def _event(one: dict[str, Any]) -> TrackingEvent:
    code, words = text(one, "businessLinkCode"), text(one, "trackingContent")
    local_time, zone = text(one, "occurDatetime"), text(one, "timeZone")
    known = _CODES.of(code)
    return scan(
        local_time,
        _WORDS.of(words) if known is TrackingStatus.UNKNOWN else known,
        carrier_status=code,
        description=words,
        place=place(one, "occurLocation", "country"),
        at=instant(local_time + zone.removeprefix("UTC")),
    )
