"""TikTok Shop: the orders of its API, 202309 and later, and 202212.

Source: https://partner.tiktokshop.com (order API), and answers. A line is one piece.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.order import Order
from evidence_service.readers.instants import epoch
from evidence_service.readers.order.records import (
    identity,
    line,
    moment,
    orders,
    sum_of,
    written,
)
from evidence_service.readers.places import address_of
from evidence_service.readers.values import dig, items, joined, records, text

if TYPE_CHECKING:
    from evidence_service.domain.order import Address, OrderLine
    from evidence_service.domain.reading import Reading

_MARKS = frozenset({"id", "status", "payment"})
_PAYMENT = frozenset({"currency", "total_amount", "sub_total"})
_OLD_MARKS = frozenset({"order_id", "order_status", "payment_info", "item_list"})


def read(value: Any) -> Reading | None:
    new = (one for one in records(value, _MARKS, "data", "orders") if _is_paid_so(one["payment"]))
    old = records(value, _OLD_MARKS, "data", "order_list")
    return orders("tiktok_shop", [*map(_order, new), *map(_older, old)])


def _is_paid_so(payment: Any) -> bool:
    return isinstance(payment, dict) and payment.keys() >= _PAYMENT


def _order(order: dict[str, Any]) -> Order:
    placed_at, bought = moment(order, "create_time"), items(order, "line_items")
    numbers = (text(one, "tracking_number") for one in (order, *bought))
    return Order(
        number=text(order, "id"),
        platform="tiktok",
        placed_at=placed_at,
        local_time=written(placed_at),
        status=text(order, "status"),
        total=sum_of(dig(order, "payment"), "total_amount", "currency"),
        ship_to=_address(dig(order, "recipient_address")),
        tracking_numbers=tuple(dict.fromkeys(filter(None, numbers))),
        lines=tuple(map(_line, bought)),
        identity=identity(
            account=text(order, "user_id"),
            email=text(order, "buyer_email"),
            phone=text(order, "recipient_address", "phone_number"),
        ),
    )


def _older(order: dict[str, Any]) -> Order:
    """The time is milliseconds, in a string; the status is a number."""
    milliseconds = text(order, "create_time")
    placed_at = epoch(int(milliseconds) / 1000) if milliseconds.isdecimal() else None
    payment = dig(order, "payment_info")
    return Order(
        number=text(order, "order_id"),
        platform="tiktok",
        placed_at=placed_at,
        local_time=written(placed_at),
        status=text(order, "order_status"),
        total=sum_of(payment, "total_amount", "currency"),
        ship_to=_address(dig(order, "recipient_address")),
        tracking_numbers=tuple(filter(None, (text(order, "tracking_number"),))),
        lines=tuple(
            line(
                joined(text(one, "product_name"), text(one, "sku_name")),
                text(one, "quantity"),
                text(one, "seller_sku"),
                sum_of(
                    {"price": one.get("sku_sale_price"), "currency": dig(payment, "currency")},
                    *("price", "currency"),
                ),
            )
            for one in items(order, "item_list")
        ),
        identity=identity(account=text(order, "buyer_uid"), email=text(order, "buyer_email")),
    )


def _line(one: dict[str, Any]) -> OrderLine:
    return line(
        joined(text(one, "product_name"), text(one, "sku_name")),
        text(one, "quantity") or "1",
        text(one, "seller_sku"),
        sum_of(one, "sale_price", "currency"),
    )


def _address(to: Any) -> Address | None:
    return address_of(
        name=text(to, "name"),
        street=text(to, "full_address"),
        city=text(to, "city"),
        postcode=text(to, "postal_code") or text(to, "zipcode"),
        country=text(to, "region_code") or text(to, "region"),
    )
