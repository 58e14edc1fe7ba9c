"""La Poste (Colissimo, Chronopost, letters): the Suivi API v2, and both parcel services' SOAP.

Source: https://developer.laposte.fr/products/suivi (event codes), and answers; newest first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.tracking import Tracking, TrackingEvent, TrackingStatus
from evidence_service.readers.places import address_of, place
from evidence_service.readers.sniff import JSON, XML
from evidence_service.readers.tracking.history import (
    Statuses,
    concluded,
    newest_first,
    reading,
    scan,
)
from evidence_service.readers.values import elements, items, records, text

if TYPE_CHECKING:
    from xml.etree import ElementTree as ET

    from evidence_service.domain.reading import Reading

_STATUSES = Statuses(
    pre_transit="DR1 DR2",
    in_transit="PC1 PC2 ET1 ET2 ET3 ET4 EP1 DO1 DO2 PB2",
    out_for_delivery="MD2",
    attempted="ND1",
    available_for_pickup="AG1",
    delivered="DI0 DI1",
    returned="RE1 DI2",
    exception="PB1 DO3",
)
_CHRONOPOST = Statuses(
    pre_transit="DC",
    in_transit="DB DY SC TS SD",
    out_for_delivery="TA",
    delivered="D",
)
# Chronopost's words in English and French, for the many codes it has.
_LABELS = Statuses(
    in_transit=("shipment in transit*", "sorted at*", "envoi en transit*", "tri effectué*"),
    out_for_delivery=("shipment in delivery*", "envoi en cours de livraison*"),
    delivered=("delivered*", "livraison effectuée*", "envoi livré*", "livré*"),
    returned=("returned to shipper*", "returned to sender*", "retour à l'expéditeur*"),
)
_COLISSIMO = Statuses(
    pre_transit="COM*",
    in_transit="PCH* AAR* EXP* SOL*",
    out_for_delivery="MLV*",
    attempted="RENAVI",
    delivered="LIV*",
    returned="LIVRTI*",
)
_MARKS = frozenset({"idShip", "event"})


def read(value: Any) -> Reading | None:
    return reading("laposte", JSON, map(_tracking, records(value, _MARKS, "shipment")))


def read_xml(root: ET.Element) -> Reading | None:
    """The SOAP services: Chronopost's events, oldest first, and Colissimo's last one."""
    found = (one for one in elements(root, "listEventInfoComp") if items(one, "events"))
    answers = [one for body in elements(root, "trackResponse") for one in items(body, "return")]
    known = (one for one in answers if text(one, "eventCode"))
    return reading("laposte_xml", XML, [*map(_chronopost, found), *map(_colissimo, known)])


def _chronopost(parcel: dict[str, Any]) -> Tracking:
    events = tuple(
        scan(
            text(one, "eventDate"),
            _chronopost_status(one),
            carrier_status=text(one, "code"),
            description=text(one, "eventLabel"),
            place=place(one, "zipCode", "officeLabel"),
        )
        for one in items(parcel, "events")
    )
    return Tracking(
        number=text(parcel, "skybillNumber"),
        carrier="Chronopost",
        status=concluded(events[::-1]),
        carrier_status=events[-1].description,
        signed_by=_consignee(parcel),
        events=events,
    )


def _chronopost_status(event: dict[str, Any]) -> TrackingStatus:
    known = _CHRONOPOST.of(text(event, "code"))
    return _LABELS.of(text(event, "eventLabel")) if known is TrackingStatus.UNKNOWN else known


def _consignee(parcel: dict[str, Any]) -> str:
    """Who took it, beside the delivery."""
    told = (more for one in items(parcel, "events") for more in items(one, "infoCompList"))
    names = (text(more, "value") for more in told if text(more, "name") == "Consignee's name")
    return next(filter(None, names), "")


def _colissimo(answer: dict[str, Any]) -> Tracking:
    """The first three letters of the code say what happened, the others why."""
    event = scan(
        text(answer, "eventDate"),
        _COLISSIMO.of(text(answer, "eventCode")),
        carrier_status=text(answer, "eventCode"),
        description=text(answer, "eventLibelle"),
        place=text(answer, "eventSite"),
    )
    return Tracking(
        number=text(answer, "skybillNumber"),
        carrier="Colissimo",
        status=event.status,
        carrier_status=event.description,
        events=(event,),
        destination=address_of(
            city=text(answer, "recipientCity"),
            postcode=text(answer, "recipientZipCode"),
            country=text(answer, "recipientCountryCode"),
        ),
    )


def _tracking(shipment: dict[str, Any]) -> Tracking:
    events = tuple(map(_event, items(shipment, "event")))
    product = text(shipment, "product")
    return Tracking(
        number=text(shipment, "idShip"),
        carrier=f"La Poste {product}".strip(),
        status=concluded(events),
        carrier_status=newest_first(events)[0].description if events else "",
        events=events,
        destination=address_of(country=text(shipment, "contextData", "arrivalCountry")),
    )


def _event(event: dict[str, Any]) -> TrackingEvent:
    return scan(
        text(event, "date"),
        _STATUSES.of(text(event, "code")),
        carrier_status=text(event, "code"),
        description=text(event, "label"),
        place=place(event, "site", "country"),
    )
