"""GLS: the tracking API's parcels.

Source: https://dev-portal.gls-group.net (status list of the API's schema), and an answer.
"""

from __future__ import annotations

from html import unescape
from typing import TYPE_CHECKING, Any

from evidence_service.domain.tracking import Tracking, TrackingEvent, TrackingStatus
from evidence_service.readers.places import place
from evidence_service.readers.sniff import JSON
from evidence_service.readers.tracking.history import (
    Statuses,
    reading,
    scan,
    signer,
)
from evidence_service.readers.values import dig, items, joined, records, text

if TYPE_CHECKING:
    from evidence_service.domain.reading import Reading

_STATUSES = Statuses(
    pre_transit="PREADVICE PLANNEDPICKUP INPICKUP",
    in_transit="INTRANSIT INWAREHOUSE NORMAL",
    out_for_delivery="INDELIVERY",
    attempted="NOTDELIVERED NOTPICKEDUP",
    available_for_pickup="DELIVEREDPS",
    delivered="DELIVERED FINAL",
    exception="CANCELED",
)
_MARKS = frozenset({"unitno", "status"})
# What the pages of its countries ask.
_PAGE = frozenset({"progressBar"})


def read(value: Any) -> Reading | None:
    found = [
        *map(_tracking, records(value, _MARKS, "parcels")),
        *(_of_page(one) for one in records(value, _PAGE, "tuStatus") if _is_page(one)),
    ]
    return reading("gls", JSON, found)


def _is_page(parcel: dict[str, Any]) -> bool:
    """The overview has the number, the details the events; some have both."""
    told = text(parcel, "tuNo") or items(parcel, "history")
    return bool(told and text(parcel, "progressBar", "statusInfo"))


def _tracking(parcel: dict[str, Any]) -> Tracking:
    return Tracking(
        number=text(parcel, "unitno"),
        carrier="GLS",
        status=_STATUSES.of(text(parcel, "status")),
        carrier_status=text(parcel, "status"),
        events=tuple(map(_event, items(parcel, "events"))),
    )


def _of_page(parcel: dict[str, Any]) -> Tracking:
    """Its events have words alone, in the language of the page, and as HTML has them."""
    status = text(parcel, "progressBar", "statusInfo")
    signature = text(parcel, "signature", "value")
    references = items(parcel, "references")
    numbers = (text(one, "value") for one in references if text(one, "type") == "UNITNO")
    is_back = dig(parcel, "progressBar", "retourFlag") is True
    return Tracking(
        number=text(parcel, "tuNo") or next(numbers, ""),
        carrier="GLS",
        status=TrackingStatus.RETURNED if is_back else _STATUSES.of(status),
        carrier_status=unescape(text(parcel, "progressBar", "statusText")) or status,
        signed_by=signer(signature),
        events=tuple(
            scan(
                joined(text(event, "date"), text(event, "time"), by=" "),
                TrackingStatus.UNKNOWN,
                description=unescape(text(event, "evtDscr")),
                place=place(dig(event, "address"), "city", "countryName"),
            )
            for event in items(parcel, "history")
        ),
    )


def _event(event: dict[str, Any]) -> TrackingEvent:
    """The code is the group and the case: `INTIAL.PREADVICE`, as GLS spells it."""
    code = text(event, "code")
    group, _, case = code.partition(".")
    return scan(
        text(event, "eventDateTime"),
        _STATUSES.of(case, group),
        carrier_status=code,
        description=text(event, "description"),
        place=place(event, "city", "postalCode", "country"),
    )
