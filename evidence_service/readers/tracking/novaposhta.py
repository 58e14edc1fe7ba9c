"""Nova Poshta (Нова пошта): the answer of `getStatusDocuments`, a parcel's present state.

Source: https://developers.novaposhta.ua (StatusCode), and an answer. Times are local.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.tracking import Tracking
from evidence_service.readers.places import address_of
from evidence_service.readers.sniff import JSON
from evidence_service.readers.tracking.history import Statuses, reading, scan
from evidence_service.readers.values import records, text

if TYPE_CHECKING:
    from evidence_service.domain.reading import Reading

_STATUSES = Statuses(
    pre_transit="1",
    in_transit="4 41 5 6 12 104 112",
    out_for_delivery="101",
    attempted="111",
    available_for_pickup="7 8",
    delivered="9 10 11 106",
    exception="2 102 103 105 108",
)
_NOT_FOUND = "3"
_MARKS = frozenset({"Number", "StatusCode", "Status", "CityRecipient"})


def read(value: Any) -> Reading | None:
    known = records(value, _MARKS, "data")
    found = (one for one in known if text(one, "StatusCode") != _NOT_FOUND)
    return reading("novaposhta", JSON, map(_tracking, found))


def _tracking(document: dict[str, Any]) -> Tracking:
    code = text(document, "StatusCode")
    event = scan(
        text(document, "TrackingUpdateDate") or text(document, "RecipientDateTime"),
        _STATUSES.of(code),
        carrier_status=code,
        description=text(document, "Status"),
    )
    return Tracking(
        number=text(document, "Number"),
        carrier="Nova Poshta",
        status=event.status,
        carrier_status=text(document, "Status"),
        events=(event,),
        destination=address_of(
            name=text(document, "RecipientFullName"),
            street=text(document, "RecipientAddress"),
            city=text(document, "CityRecipient"),
        ),
    )
