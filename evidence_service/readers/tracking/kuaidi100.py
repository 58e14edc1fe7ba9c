"""Kuaidi100 (快递100): the answer of a query, and its push; newest first.

Source: https://api.kuaidi100.com/document (states and finer states), and answers. Times have no
zone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.tracking import Tracking, TrackingEvent
from evidence_service.readers.places import place
from evidence_service.readers.sniff import JSON
from evidence_service.readers.tracking.history import Statuses, reading, scan
from evidence_service.readers.values import items, records, text

if TYPE_CHECKING:
    from evidence_service.domain.reading import Reading

_STATES = Statuses(
    pre_transit="101 102",
    in_transit="0 1 7 8 103 10* 11 12",
    out_for_delivery="5",
    available_for_pickup="501",
    delivered="3 30*",
    returned="4 6 14",
    exception="2 20* 13",
)
_WORDS = Statuses(
    in_transit=("在途*", "揽收*", "已揽收*", "干线*", "转单*", "清关*"),
    out_for_delivery=("派件*",),
    available_for_pickup=("投柜*", "待取件*"),
    delivered=("签收*", "本人签收*", "代签*"),
    returned=("退回*", "退签*", "拒签*"),
    exception=("疑难*",),
)
_SIGNED = "3"
_NOT_FOUND = "查无结果"
_MARKS = frozenset({"nu", "com", "data"})


def read(value: Any) -> Reading | None:
    found = records(value, _MARKS, "lastResult", "showapi_res_body", "data", "result")
    known = (one for one in found if any(map(_is_found, items(one, "data"))))
    return reading("kuaidi100", JSON, map(_tracking, known))


def _is_found(one: dict[str, Any]) -> bool:
    """A number that nobody knows has one event, which says so."""
    return not text(one, "context").startswith(_NOT_FOUND)


def _tracking(parcel: dict[str, Any]) -> Tracking:
    events = tuple(map(_event, items(parcel, "data")))
    # Some answers say only whether it was signed for.
    state = text(parcel, "state") or (_SIGNED if text(parcel, "ischeck") == "1" else "")
    return Tracking(
        number=text(parcel, "nu"),
        carrier=text(parcel, "com"),
        status=_STATES.of(state),
        carrier_status=state,
        events=events,
    )


def _event(one: dict[str, Any]) -> TrackingEvent:
    return scan(
        text(one, "time") or text(one, "ftime"),
        _WORDS.of(text(one, "status")),
        carrier_status=text(one, "statusCode") or text(one, "status"),
        description=text(one, "context"),
        place=text(one, "areaName") or place(one, "location"),
    )
