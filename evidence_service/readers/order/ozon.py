"""Ozon: postings of the Seller API, FBS v3 and v4 and FBO v2, and pushes of new ones.

Source: https://docs.ozon.ru/api/seller (postings and their statuses), and answers. A posting has no
sum of its own: the total is that of its lines. The list of what waits to be packed (v3) is a work
list, not a record: it has `count` where a list of orders has `has_next`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.order import Money, Order, OrderLine
from evidence_service.readers.instants import instant
from evidence_service.readers.order.records import line, orders, sum_of
from evidence_service.readers.places import address_of
from evidence_service.readers.values import dig, items, joined, records, text

if TYPE_CHECKING:
    from evidence_service.domain.order import Address
    from evidence_service.domain.reading import Reading

_MARKS = frozenset({"posting_number", "status", "products"})
_PUSHED = frozenset({"message_type", "posting_number", "products"})


def read(value: Any) -> Reading | None:
    # Newer versions of the lists have no `result` around them.
    result = dig(value, "result") or value
    if isinstance(result, dict) and "postings" in result and "has_next" not in result:
        return None
    found = records(result, _MARKS, "postings") or records(value, _PUSHED)
    return orders("ozon_posting", (_order(one) for one in found if _is_counted(one)))


def _is_counted(posting: dict[str, Any]) -> bool:
    """Lists of marked copies name a posting and its products too, without a quantity."""
    return all("quantity" in product for product in items(posting, "products"))


def _order(posting: dict[str, Any]) -> Order:
    placed = text(posting, "in_process_at") or text(posting, "created_at")
    lines = tuple(map(_line, items(posting, "products")))
    return Order(
        number=text(posting, "posting_number"),
        platform="ozon",
        placed_at=instant(placed),
        local_time=placed,
        status=joined(text(posting, "status"), text(posting, "substatus"))
        or text(posting, "new_state"),
        total=_total(lines),
        ship_to=_address(posting),
        tracking_numbers=tuple(filter(None, (text(posting, "tracking_number"),))),
        lines=lines,
        promised_at=instant(
            text(posting, "analytics_data", "delivery_date_end")
            or text(posting, "delivery_date_end")
        ),
    )


def _line(product: dict[str, Any]) -> OrderLine:
    return line(
        text(product, "name"),
        text(product, "quantity"),
        text(product, "offer_id") or text(product, "sku"),
        sum_of(product, "price", "currency_code")
        or sum_of(dig(product, "price"), "amount", "currency"),
    )


def _total(lines: tuple[OrderLine, ...]) -> Money | None:
    """None where a price is missing, or two currencies meet."""
    prices = [one.price for one in lines if one.price]
    if not prices or len(prices) < len(lines) or len({price.currency for price in prices}) > 1:
        return None
    minor = sum(one.price.amount_minor * one.quantity for one in lines if one.price)
    return Money(minor, prices[0].currency)


def _address(posting: dict[str, Any]) -> Address | None:
    to = dig(posting, "customer", "address")
    return address_of(
        name=text(posting, "addressee", "name") or text(posting, "customer", "name"),
        street=text(to, "address_tail"),
        city=text(to, "city") or text(posting, "analytics_data", "city"),
        postcode=text(to, "zip_code"),
        country=text(to, "country"),
    )
