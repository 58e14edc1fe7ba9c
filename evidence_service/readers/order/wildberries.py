"""Wildberries: orders to be packed by the seller (FBS), new ones and lists.

Source: https://dev.wildberries.ru/openapi/orders-fbs. An order is one piece; its price is a hundred
times what it is, in the currency of ISO 4217 with that number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.order import Order
from evidence_service.readers.instants import instant
from evidence_service.readers.order.records import line, minor, orders
from evidence_service.readers.places import address_of
from evidence_service.readers.values import records, text

if TYPE_CHECKING:
    from evidence_service.domain.reading import Reading

_MARKS = frozenset({"id", "rid", "createdAt", "nmId", "currencyCode"})
# Of the countries it sells in.
_CURRENCIES = {
    "51": "AMD",
    "156": "CNY",
    "398": "KZT",
    "417": "KGS",
    "643": "RUB",
    "840": "USD",
    "860": "UZS",
    "933": "BYN",
    "972": "TJS",
    "981": "GEL",
}


def read(value: Any) -> Reading | None:
    return orders("wildberries", map(_order, records(value, _MARKS, "orders")))


def _order(order: dict[str, Any]) -> Order:
    created, article = text(order, "createdAt"), text(order, "article")
    currency = _CURRENCIES.get(text(order, "currencyCode"), "")
    price = minor(text(order, "finalPrice") or text(order, "price"), currency, {})
    return Order(
        number=text(order, "id"),
        platform="wildberries",
        placed_at=instant(created),
        local_time=created,
        status="",
        total=price,
        ship_to=address_of(street=text(order, "address", "fullAddress")),
        lines=(line(article, "1", article, price),),
    )
