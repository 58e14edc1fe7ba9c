"""Poste Italiane: what its public page asks for; oldest first, instants as milliseconds.

Source: answers, whose events have only words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.tracking import Tracking, TrackingEvent
from evidence_service.readers.instants import counted
from evidence_service.readers.sniff import JSON
from evidence_service.readers.tracking.history import Statuses, parcel_status, reading, scan
from evidence_service.readers.values import items, records, text

if TYPE_CHECKING:
    from evidence_service.domain.reading import Reading

# Of the parcel as a whole only one number is certain.
_STATES = Statuses(delivered="5")
_WORDS = Statuses(
    in_transit=(
        *("la spedizione è stata presa in carico*", "la spedizione e' stata presa in carico*"),
        *("la spedizione è in transito*", "la spedizione e' in transito*"),
        "completata la fase di verifica*",
    ),
    out_for_delivery=("la spedizione è in consegna*", "la spedizione e' in consegna*"),
    attempted=("consegna non andata a buon fine*",),
    available_for_pickup=("disponibile per il ritiro*",),
    delivered=("la spedizione è stata consegnata*", "la spedizione e' stata consegnata*"),
    returned=("in restituzione al mittente*",),
)
_MARKS = frozenset({"idTracciatura", "listaMovimenti"})


def read(value: Any) -> Reading | None:
    found = (one for one in records(value, _MARKS) if items(one, "listaMovimenti"))
    return reading("poste_italiane", JSON, map(_tracking, found))


def _tracking(parcel: dict[str, Any]) -> Tracking:
    events = tuple(map(_event, items(parcel, "listaMovimenti")))
    status = _STATES.of(text(parcel, "stato"))
    return Tracking(
        number=text(parcel, "idTracciatura"),
        carrier="Poste Italiane",
        status=parcel_status(status, events[::-1]),
        carrier_status=events[-1].description,
        events=events,
    )


def _event(one: dict[str, Any]) -> TrackingEvent:
    words = text(one, "statoLavorazione")
    return scan(
        "",
        _WORDS.of(words),
        at=counted(text(one, "dataOra")),
        description=words,
        place=text(one, "luogo"),
    )
