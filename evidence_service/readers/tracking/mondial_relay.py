"""Mondial Relay: what its public page asks for, newest first, and the tracing of its web service.

Source: the service's guide (STAT), and an answer of the page. The service does not name the parcel.
Times are local.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.tracking import Tracking
from evidence_service.readers.sniff import JSON, XML
from evidence_service.readers.tracking.history import Statuses, concluded, reading, scan
from evidence_service.readers.values import elements, items, joined, records, text

if TYPE_CHECKING:
    from xml.etree import ElementTree as ET

    from evidence_service.domain.reading import Reading

_STATES = Statuses(
    pre_transit="80",
    in_transit="81",
    delivered="82",
    exception="83",
)
_WORDS = Statuses(
    pre_transit=("colis en préparation chez*", "colis en cours de préparation par*"),
    in_transit=(
        *("prise en charge*", "votre colis est en cours d'acheminement*", "colis expédié depuis*"),
        *("colis en cours de traitement sur*", "colis en route vers*", "en transit*"),
    ),
    out_for_delivery=("en cours de livraison*",),
    available_for_pickup=(
        *("votre colis est disponible*", "disponible au point relais*"),
        "disponible dans votre*",
    ),
    delivered=("colis livré*", "colis livre*", "remis au destinataire*", "retrait effectué*"),
    returned=("retour à l'expéditeur*", "retour en cours*"),
)
_MARKS = frozenset({"Numero", "Evenements"})


def read(value: Any) -> Reading | None:
    found = (one for one in records(value, _MARKS, "Expedition") if items(one, "Evenements"))
    return reading("mondial_relay", JSON, map(_tracking, found))


def read_xml(root: ET.Element) -> Reading | None:
    answers = elements(root, "WSI2_TracingColisDetailleResult")
    traced = (one for one in answers if text(one, "STAT") and _lines(one))
    return reading("mondial_relay_xml", XML, map(_traced, traced))


def _tracking(parcel: dict[str, Any]) -> Tracking:
    events = tuple(
        scan(
            text(one, "Date"),
            _WORDS.of(text(one, "Libelle")),
            description=text(one, "Libelle"),
            place=text(one, "Localisation"),
        )
        for one in items(parcel, "Evenements")
    )
    return Tracking(
        number=text(parcel, "Numero"),
        carrier="Mondial Relay",
        status=concluded(events),
        carrier_status=text(parcel, "SuiviContextuel") or events[0].description,
        events=events,
    )


def _lines(answer: dict[str, Any]) -> list[dict[str, Any]]:
    """The service fills its list up with empty lines."""
    listed = items(answer, "Tracing", "ret_WSI2_sub_TracingColisDetaille")
    return [one for one in listed if text(one, "Libelle")]


def _traced(answer: dict[str, Any]) -> Tracking:
    return Tracking(
        number="",
        carrier="Mondial Relay",
        status=_STATES.of(text(answer, "STAT")),
        carrier_status=joined(text(answer, "Libelle01"), text(answer, "Libelle02"), by=" "),
        events=tuple(
            scan(
                joined(text(one, "Date"), text(one, "Heure"), by=" "),
                _WORDS.of(text(one, "Libelle")),
                description=text(one, "Libelle"),
                place=text(one, "Emplacement"),
            )
            for one in _lines(answer)
        ),
    )
