"""Allegro: orders, which it calls checkout forms; one, or a list.

Source: https://developer.allegro.pl/documentation (order management), and its example.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.order import Order
from evidence_service.readers.instants import instant
from evidence_service.readers.order.records import identity, line, orders, sum_of
from evidence_service.readers.places import address_of
from evidence_service.readers.values import dig, items, joined, records, text

if TYPE_CHECKING:
    from evidence_service.domain.reading import Reading

_MARKS = frozenset({"id", "buyer", "delivery", "lineItems"})


def read(value: Any) -> Reading | None:
    return orders("allegro", map(_order, records(value, _MARKS, "checkoutForms")))


def _order(order: dict[str, Any]) -> Order:
    bought, to = items(order, "lineItems"), dig(order, "delivery", "address")
    placed = min(filter(None, (text(one, "boughtAt") for one in bought)), default="")
    return Order(
        number=text(order, "id"),
        platform="allegro",
        placed_at=instant(placed),
        local_time=placed,
        status=joined(text(order, "status"), text(order, "fulfillment", "status")),
        total=sum_of(dig(order, "summary", "totalToPay"), "amount", "currency"),
        ship_to=address_of(
            name=joined(text(to, "firstName"), text(to, "lastName"), by=" "),
            street=joined(text(to, "companyName"), text(to, "street")),
            city=text(to, "city"),
            postcode=text(to, "zipCode"),
            country=text(to, "countryCode"),
        ),
        lines=tuple(
            line(
                text(one, "offer", "name"),
                text(one, "quantity"),
                text(one, "offer", "external", "id"),
                sum_of(dig(one, "price"), "amount", "currency"),
            )
            for one in bought
        ),
        identity=identity(
            account=text(order, "buyer", "login"),
            email=text(order, "buyer", "email"),
            phone=text(order, "buyer", "phoneNumber"),
        ),
        promised_at=instant(text(order, "delivery", "time", "to")),
    )
