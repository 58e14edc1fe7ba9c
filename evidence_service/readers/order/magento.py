"""Magento 2 (Adobe Commerce): the orders of its REST API, whose times are UTC.

Source: https://developer.adobe.com/commerce/webapi/rest (sales orders), and an answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.order import Order
from evidence_service.readers.instants import instant
from evidence_service.readers.order.records import identity, line, money, orders
from evidence_service.readers.places import address_of
from evidence_service.readers.values import dig, items, joined, records, text, texts

if TYPE_CHECKING:
    from evidence_service.domain.order import Address
    from evidence_service.domain.reading import Reading

# Invoices and credit memos have all of these but the status.
_MARKS = frozenset({"increment_id", "grand_total", "order_currency_code", "created_at", "status"})


def read(value: Any) -> Reading | None:
    return orders("magento", map(_order, records(value, _MARKS, "items", "order", "orders")))


def _order(order: dict[str, Any]) -> Order:
    created, currency = text(order, "created_at"), text(order, "order_currency_code")
    # A configured product stands beside the one that was chosen.
    bought = (one for one in items(order, "items") if not text(one, "parent_item_id"))
    return Order(
        number=text(order, "increment_id"),
        platform="magento",
        placed_at=instant(f"{created}Z"),
        local_time=created,
        status=text(order, "status"),
        total=money(text(order, "grand_total"), currency),
        ship_to=_ship_to(order),
        lines=tuple(
            line(
                text(one, "name"),
                text(one, "qty_ordered"),
                text(one, "sku"),
                money(text(one, "price"), currency),
            )
            for one in bought
        ),
        identity=identity(
            account=text(order, "customer_id"),
            ip=text(order, "remote_ip"),
            email=text(order, "customer_email"),
            phone=text(order, "billing_address", "telephone"),
        ),
    )


def _ship_to(order: dict[str, Any]) -> Address | None:
    for one in items(order, "extension_attributes", "shipping_assignments"):
        to = dig(one, "shipping", "address")
        return address_of(
            name=joined(text(to, "firstname"), text(to, "lastname"), by=" "),
            street=joined(*texts(to, "street")),
            city=joined(text(to, "city"), text(to, "region")),
            postcode=text(to, "postcode"),
            country=text(to, "country_id"),
        )
    return None
