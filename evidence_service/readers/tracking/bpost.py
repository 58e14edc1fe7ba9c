"""bpost: the tracking of its shipping manager (XML, oldest first), and what its pages ask (JSON).

Source: answers of both. The pages' events are newest first, with local times and words in every
language of the country.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.tracking import Tracking, TrackingEvent
from evidence_service.readers.places import address_of, place
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

    from evidence_service.domain.order import Address
    from evidence_service.domain.reading import Reading

_STATUSES = Statuses(
    in_transit="T00",
    out_for_delivery="L00",
    delivered="U01",
)
_WORDS = Statuses(
    pre_transit=("item is announced*", "announcement of the sending*", "confirmation of prepar*"),
    in_transit=(
        *("item sorted*", "item received*", "item picked up*", "item is in transit*"),
        "your item has been sorted*",
    ),
    out_for_delivery=(
        *("item ready for the delivery*", "item out for delivery*"),
        "the postman's delivery round for your item has started*",
    ),
    attempted=("item presented*", "recipient absent*"),
    available_for_pickup=("item available*",),
    delivered=("item delivered*", "delivered*"),
    returned=("item returned*", "item is returned*"),
)
_ITEM = frozenset({"itemCode", "events"})


def read(value: Any) -> Reading | None:
    return reading("bpost", JSON, map(_item, records(value, _ITEM, "items")))


def read_xml(root: ET.Element) -> Reading | None:
    found = (one for one in elements(root, "itemTracking") if items(one, "stateInfo"))
    return reading("bpost_xml", XML, map(_tracking, found))


def _item(item: dict[str, Any]) -> Tracking:
    events = tuple(map(_event, items(item, "events")))
    return Tracking(
        number=text(item, "itemCode"),
        carrier="bpost",
        status=concluded(events),
        carrier_status=newest_first(events)[0].description
        if events
        else text(item, "activeStep", "name"),
        events=events,
        destination=address_of(
            name=text(item, "receiver", "name"),
            city=text(item, "receiver", "municipality"),
            postcode=text(item, "receiver", "postcode"),
            country=text(item, "receiver", "countryCode"),
        ),
    )


def _event(event: dict[str, Any]) -> TrackingEvent:
    languages = dig(event, "key")
    told = [text(one, "description") for one in languages.values()] if languages else []
    english = text(event, "key", "EN", "description")
    return scan(
        joined(text(event, "date"), text(event, "time"), by=" "),
        _WORDS.of(english),
        description=english or next(filter(None, told), ""),
        place=text(event, "location", "locationName"),
    )


def _tracking(item: dict[str, Any]) -> Tracking:
    events = tuple(map(_state, items(item, "stateInfo")))
    return Tracking(
        number=text(item, "itemCode"),
        carrier="bpost",
        status=concluded(events[::-1]),
        carrier_status=events[-1].description,
        events=events,
        destination=_addressee(dig(item, "addressee")),
    )


def _state(state: dict[str, Any]) -> TrackingEvent:
    return scan(
        text(state, "time"),
        _STATUSES.of(text(state, "stateCode")),
        carrier_status=text(state, "stateCode"),
        description=text(state, "stateDescription"),
    )


def _addressee(to: Any) -> Address | None:
    address = dig(to, "address")
    return address_of(
        name=text(to, "name"),
        street=joined(text(address, "streetName"), text(address, "houseNumber"), by=" "),
        city=place(address, "city"),
        postcode=text(address, "postalCode"),
        country=text(address, "countryCode"),
    )
