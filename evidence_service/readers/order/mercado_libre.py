"""Mercado Libre: orders of its API, one, or the results of a search.

Source: https://developers.mercadolibre.com.ar (manage sales, orders), and its example. Where an
order goes is another answer's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.order import Order
from evidence_service.readers.instants import instant
from evidence_service.readers.order.records import identity, line, money, orders
from evidence_service.readers.values import items, joined, records, text

if TYPE_CHECKING:
    from evidence_service.domain.order import OrderLine
    from evidence_service.domain.reading import Reading

_MARKS = frozenset({"id", "date_created", "order_items", "total_amount", "currency_id"})


def read(value: Any) -> Reading | None:
    return orders("mercado_libre", map(_order, records(value, _MARKS, "results", "orders")))


def _order(order: dict[str, Any]) -> Order:
    created, currency = text(order, "date_created"), text(order, "currency_id")
    return Order(
        number=text(order, "id"),
        platform="mercado_libre",
        placed_at=instant(created),
        local_time=created,
        status=text(order, "status"),
        total=money(text(order, "total_amount"), currency),
        lines=tuple(_line(one, currency) for one in items(order, "order_items")),
        identity=identity(account=text(order, "buyer", "id")),
    )


def _line(one: dict[str, Any], currency: str) -> OrderLine:
    kinds = (text(kind, "value_name") for kind in items(one, "item", "variation_attributes"))
    return line(
        joined(text(one, "item", "title"), *kinds),
        text(one, "quantity"),
        text(one, "item", "seller_sku") or text(one, "item", "seller_custom_field"),
        money(text(one, "unit_price"), text(one, "currency_id") or currency),
    )
