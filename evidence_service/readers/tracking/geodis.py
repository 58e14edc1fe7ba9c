"""GEODIS (France): the answer of its Zoom Client interface; newest first, local times.

Source: an answer, whose codes are a situation and a justification (`LIV/CFM`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.tracking import Tracking, TrackingEvent
from evidence_service.readers.places import address_of, place
from evidence_service.readers.sniff import JSON
from evidence_service.readers.tracking.history import (
    Statuses,
    concluded,
    newest_first,
    reading,
    scan,
)
from evidence_service.readers.values import dig, items, joined, records, text

if TYPE_CHECKING:
    from evidence_service.domain.order import Address
    from evidence_service.domain.reading import Reading

_STATUSES = Statuses(
    in_transit="PCH/* EXP/* AAR/*",
    out_for_delivery="MLV/*",
    delivered="LIV/*",
)
_MARKS = frozenset({"noSuivi", "listSuivis"})


def read(value: Any) -> Reading | None:
    found = (one for one in records(value, _MARKS, "contenu") if text(one, "noSuivi"))
    return reading("geodis", JSON, map(_tracking, found))


def _tracking(parcel: dict[str, Any]) -> Tracking:
    events = tuple(map(_event, items(parcel, "listSuivis")))
    return Tracking(
        number=text(parcel, "noSuivi"),
        carrier="GEODIS",
        status=concluded(events),
        carrier_status=newest_first(events)[0].carrier_status if events else "",
        events=events,
        destination=_destination(dig(parcel, "destinataire")),
    )


def _event(event: dict[str, Any]) -> TrackingEvent:
    code = text(event, "codeSituationJustification")
    return scan(
        joined(text(event, "dateSuivi"), text(event, "heureSuivi"), by=" "),
        _STATUSES.of(code),
        carrier_status=code,
        description=text(event, "libelleSuivi"),
        place=text(event, "libelleCentre"),
    )


def _destination(to: Any) -> Address | None:
    return address_of(
        name=text(to, "nom"),
        street=place(to, "adresse1", "adresse2"),
        city=text(to, "ville"),
        postcode=text(to, "codePostal"),
        country=text(to, "pays", "code"),
    )
