"""AliExpress: orders of its open platform, one (`…order_info_get`) or a list (`…order_get`).

Source: https://openservice.aliexpress.com, and answers. Lists stand in an object with the name of
their type; times have no zone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.order import Money, Order, OrderLine
from evidence_service.readers.instants import instant
from evidence_service.readers.order.records import identity, line, money, orders
from evidence_service.readers.places import address_of
from evidence_service.readers.values import dig, items, joined, records, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evidence_service.domain.order import Address
    from evidence_service.domain.reading import Reading

_MARKS = frozenset({"order_status"})


def read(value: Any) -> Reading | None:
    known = (one for one in _records(value) if text(one, "id") or text(one, "order_id"))
    return orders("aliexpress", map(_order, known))


def _records(value: Any) -> Iterator[dict[str, Any]]:
    for name, answer in value.items():
        if name.startswith("aliexpress_") and name.endswith("_response"):
            result = dig(answer, "result") or dig(answer, "target")
            one = records(result, _MARKS, "data", "target")
            listed = _listed(result, "target_list")
            yield from (*one, *(found for found in listed if found.keys() >= _MARKS))


def _listed(value: Any, name: str) -> list[dict[str, Any]]:
    """The objects of a list within an object named after their type."""
    return [one for kind in items(value, name) for inner in kind for one in items(kind, inner)]


def _order(order: dict[str, Any]) -> Order:
    placed = text(order, "gmt_create")
    products = _listed(order, "child_order_list") or _listed(order, "product_list")
    numbers = (text(one, "logistics_no") for one in _listed(order, "logistic_info_list"))
    return Order(
        number=text(order, "id") or text(order, "order_id"),
        platform="aliexpress",
        placed_at=instant(placed),
        local_time=placed,
        status=text(order, "order_status"),
        total=_money(dig(order, "order_amount")) or _money(dig(order, "pay_amount")),
        ship_to=_address(dig(order, "receipt_address")),
        tracking_numbers=tuple(dict.fromkeys(filter(None, numbers))),
        lines=tuple(map(_line, products)),
        identity=identity(
            account=text(order, "buyer_info", "login_id") or text(order, "buyer_login_id")
        ),
    )


def _line(product: dict[str, Any]) -> OrderLine:
    price = _money(dig(product, "product_price")) or _money(dig(product, "product_unit_price"))
    return line(
        text(product, "product_name"),
        text(product, "product_count"),
        text(product, "sku_code"),
        price,
    )


def _money(value: Any) -> Money | None:
    amount = text(value, "amount") or text(value, "amount_str")
    return money(amount, text(value, "currency_code"))


def _address(to: Any) -> Address | None:
    return address_of(
        name=text(to, "contact_person"),
        street=joined(text(to, "detail_address"), text(to, "address2")),
        city=joined(text(to, "city"), text(to, "province")),
        postcode=text(to, "zip"),
        country=text(to, "country"),
    )
