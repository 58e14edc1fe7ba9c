"""Correios (Brazil): the SRO's objects, in JSON and in the older XML; newest first, local times.

Source: the manual of integration (rastro), and answers. A code's meaning depends on its type, so
the words of the event are what tells.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.tracking import Tracking, TrackingEvent
from evidence_service.readers.instants import in_zone
from evidence_service.readers.places import place
from evidence_service.readers.sniff import JSON, XML
from evidence_service.readers.tracking.history import (
    Statuses,
    concluded,
    newest_first,
    reading,
    scan,
)
from evidence_service.readers.values import dig, elements, items, joined, records, text

if TYPE_CHECKING:
    from xml.etree import ElementTree as ET

    from evidence_service.domain.reading import Reading

_WORDS = Statuses(
    pre_transit=("etiqueta emitida*", "objeto ainda não postado*", "aguardando postagem*"),
    in_transit=(
        *("objeto postado*", "postado*", "objeto em trânsito*", "objeto encaminhado*"),
        *("encaminhado*", "em trânsito*", "objeto em transferência*", "objeto recebido*"),
        *("conferido*", "informações enviadas*", "fiscalização aduaneira finalizada*"),
        *("saída do centro internacional*", "objeto transferido*", "objeto coletado*"),
    ),
    out_for_delivery=(
        *("objeto saiu para entrega*", "saiu para entrega*", "objeto em rota de entrega*"),
    ),
    attempted=(
        *("objeto não entregue*", "tentativa de entrega*", "a entrega não pode ser efetuada*"),
        *("carteiro não atendido*", "destinatário ausente*"),
    ),
    available_for_pickup=("objeto aguardando retirada*", "aguardando retirada*"),
    delivered=("objeto entregue*", "entregue*", "entrega efetuada*"),
    returned=("objeto devolvido*", "devolvido*", "objeto entregue ao remetente*"),
    exception=("objeto extraviado*", "objeto roubado*", "objeto apreendido*"),
)
_MARKS = frozenset({"codObjeto", "eventos"})
_OLD_MARKS = frozenset({"numero", "evento"})


def read(value: Any) -> Reading | None:
    envelopes = ("result", "objetos", "objeto")
    new = (one for one in records(value, _MARKS, *envelopes) if items(one, "eventos"))
    old = (one for one in records(value, _OLD_MARKS, *envelopes) if items(one, "evento"))
    return reading("correios", JSON, [*map(_tracking, new), *map(_older, old)])


def read_xml(root: ET.Element) -> Reading | None:
    objects = (one for one in elements(root, "objeto") if isinstance(one, dict))
    known = (one for one in objects if text(one, "numero") and items(one, "evento"))
    return reading("correios_xml", XML, map(_older, known))


def _tracking(parcel: dict[str, Any]) -> Tracking:
    return _parcel(text(parcel, "codObjeto"), tuple(map(_event, items(parcel, "eventos"))))


def _older(parcel: dict[str, Any]) -> Tracking:
    signers = (text(one, "recebedor") for one in items(parcel, "evento"))
    events = tuple(map(_older_event, items(parcel, "evento")))
    return _parcel(text(parcel, "numero"), events, next(filter(None, signers), ""))


def _parcel(number: str, events: tuple[TrackingEvent, ...], signed_by: str = "") -> Tracking:
    return Tracking(
        number=number,
        carrier="Correios",
        status=concluded(events),
        carrier_status=newest_first(events)[0].description,
        signed_by=signed_by,
        events=events,
    )


def _event(event: dict[str, Any]) -> TrackingEvent:
    """`dtHrCriado` is an object of a date and a zone's name in some answers."""
    at, when = dig(event, "unidade", "endereco"), dig(event, "dtHrCriado")
    words = text(event, "descricao") or text(event, "descricaoWeb")
    return scan(
        text(when) or text(when, "date"),
        _WORDS.of(words),
        at=in_zone(text(when, "date"), text(when, "timezone")),
        carrier_status=joined(text(event, "codigo"), text(event, "tipo"), by=" "),
        description=joined(words, text(event, "detalhe")),
        place=place(at, "cidade", "uf") or text(event, "unidade", "nome"),
    )


def _older_event(event: dict[str, Any]) -> TrackingEvent:
    within = event if text(event, "cidade") or text(event, "local") else dig(event, "unidade")
    return scan(
        joined(text(event, "data"), text(event, "hora"), by=" "),
        _WORDS.of(text(event, "descricao")),
        carrier_status=joined(text(event, "tipo"), text(event, "status"), by=" "),
        description=text(event, "descricao"),
        place=place(within, "local", "cidade", "uf"),
    )
