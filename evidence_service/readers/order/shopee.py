"""Shopee: the orders of `get_order_detail`, v2 and v1.

Source: https://open.shopee.com (v2.order.get_order_detail). Which optional fields an answer has is
the asker's choice: the total may be missing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.order import Order
from evidence_service.readers.order.records import (
    identity,
    line,
    moment,
    money,
    orders,
    written,
)
from evidence_service.readers.places import address_of
from evidence_service.readers.values import dig, items, joined, records, text

if TYPE_CHECKING:
    from evidence_service.domain.order import OrderLine
    from evidence_service.domain.reading import Reading

_V2 = frozenset({"order_sn", "order_status", "create_time"})
_V1 = frozenset({"ordersn", "order_status", "create_time"})


def read(value: Any) -> Reading | None:
    found = [
        *records(value, _V2, "response", "order_list"),
        *records(value, _V1, "orders"),
    ]
    return orders("shopee_order", map(_order, found))


def _order(order: dict[str, Any]) -> Order:
    placed_at, currency = moment(order, "create_time"), text(order, "currency")
    to = dig(order, "recipient_address")
    numbers = (text(one, "tracking_number") for one in (order, *items(order, "package_list")))
    return Order(
        number=text(order, "order_sn") or text(order, "ordersn"),
        platform="shopee",
        placed_at=placed_at,
        local_time=written(placed_at),
        status=text(order, "order_status"),
        total=money(text(order, "total_amount"), currency),
        ship_to=address_of(
            name=text(to, "name"),
            street=text(to, "full_address"),
            city=joined(text(to, "city"), text(to, "state")),
            postcode=text(to, "zipcode"),
            country=text(to, "region") or text(to, "country"),
        ),
        tracking_numbers=tuple(dict.fromkeys(filter(None, (text(order, "tracking_no"), *numbers)))),
        lines=tuple(
            _line(one, currency) for one in items(order, "item_list") or items(order, "items")
        ),
        identity=identity(account=text(order, "buyer_username"), phone=text(to, "phone")),
    )


def _line(item: dict[str, Any], currency: str) -> OrderLine:
    """What v2 calls a model was a variation in v1."""
    kind = "model" if "model_quantity_purchased" in item else "variation"
    price = text(item, f"{kind}_discounted_price") or text(item, f"{kind}_original_price")
    return line(
        joined(text(item, "item_name"), text(item, f"{kind}_name")),
        text(item, f"{kind}_quantity_purchased"),
        text(item, f"{kind}_sku") or text(item, "item_sku"),
        money(price, currency),
    )
