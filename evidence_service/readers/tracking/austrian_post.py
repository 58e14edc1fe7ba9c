"""Österreichische Post: what its public page asks for; oldest first.

Source: answers, whose words are certain and whose codes are not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.tracking import Tracking, TrackingEvent
from evidence_service.readers.sniff import JSON
from evidence_service.readers.tracking.history import Statuses, concluded, reading, scan
from evidence_service.readers.values import items, joined, records, text

if TYPE_CHECKING:
    from evidence_service.domain.reading import Reading

_WORDS = Statuses(
    pre_transit=("versender*in bereitet die sendung*",),
    in_transit=("sendung im logistikzentrum*", "übergabe an zustellpartner*"),
    out_for_delivery=("sendung in zustellung*",),
    attempted=("empfänger nicht angetroffen*",),
    delivered=("sendung wurde zugestellt*",),
)
_MARKS = frozenset({"sendungsnummer", "sendungsEvents"})


def read(value: Any) -> Reading | None:
    known = records(value, _MARKS, "data", "einzelsendung")
    found = (one for one in known if items(one, "sendungsEvents"))
    return reading("austrian_post", JSON, map(_tracking, found))


def _tracking(parcel: dict[str, Any]) -> Tracking:
    events = tuple(map(_event, items(parcel, "sendungsEvents")))
    return Tracking(
        number=text(parcel, "sendungsnummer"),
        carrier="Österreichische Post",
        status=concluded(events[::-1]),
        carrier_status=events[-1].description,
        events=events,
    )


def _event(event: dict[str, Any]) -> TrackingEvent:
    words = text(event, "trackingDesc")
    return scan(
        text(event, "timestamp"),
        _WORDS.of(words),
        carrier_status=joined(text(event, "status"), text(event, "reasontypecode"), by=" "),
        description=words,
        place=text(event, "eventPlaceName"),
    )
