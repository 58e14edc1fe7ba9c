"""GEODIS (France): what its public page asks for, by days; newest first, local times, no codes.

Source: an answer, and the words of the page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.tracking import Tracking, TrackingEvent
from evidence_service.readers.places import address_of, place
from evidence_service.readers.sniff import JSON
from evidence_service.readers.tracking.history import Statuses, concluded, reading, scan
from evidence_service.readers.values import dig, items, joined, records, text

if TYPE_CHECKING:
    from evidence_service.domain.reading import Reading

_WORDS = Statuses(
    pre_transit=("enregistré*", "en préparation chez l'expéditeur*"),
    in_transit=("envoi pris en charge*", "en cours d'acheminement*", "en cours d’acheminement*"),
    out_for_delivery=("en cours de livraison*", "mise en livraison*"),
    available_for_pickup=("disponible pour retrait*",),
    delivered=("livré", "livrée", "envoi livré*", "expédition livrée*", "livraison effectuée*"),
    returned=("retour à l'expéditeur*", "retourné à l'expéditeur*"),
)
_MARKS = frozenset({"noSuivi", "listJoursSuivis"})


def read(value: Any) -> Reading | None:
    found = (one for one in records(value, _MARKS, "contenu") if _events(one))
    return reading("geodis_page", JSON, map(_tracking, found))


def _events(parcel: dict[str, Any]) -> tuple[TrackingEvent, ...]:
    return tuple(
        scan(
            joined(text(day, "dateSuivi"), text(one, "heureSuivi"), by=" "),
            _WORDS.of(text(one, "libelleSuivi")),
            description=text(one, "libelleSuivi"),
            place=text(one, "libelleCentre"),
        )
        for day in items(parcel, "listJoursSuivis")
        for one in items(day, "suivis")
    )


def _tracking(parcel: dict[str, Any]) -> Tracking:
    events, to = _events(parcel), dig(parcel, "destinataire")
    return Tracking(
        number=text(parcel, "noSuivi"),
        carrier="GEODIS",
        status=concluded(events),
        carrier_status=events[0].description,
        events=events,
        destination=address_of(
            name=text(to, "nom"),
            street=place(to, "adresse1", "adresse2"),
            city=text(to, "ville"),
            postcode=text(to, "codePostal"),
            country=text(to, "pays", "code"),
        ),
    )
