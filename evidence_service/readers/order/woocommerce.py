"""WooCommerce: orders of the REST API v2 and v3, bare, in lists or in `data`.

Source: https://woocommerce.github.io/woocommerce-rest-api-docs/#orders, and answers. Times have no
zone: those named `_gmt` are UTC. Tracking numbers are where the shop's plug-in puts them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.order import Order, OrderLine
from evidence_service.readers.instants import instant
from evidence_service.readers.order.records import each, identity, line, money, orders
from evidence_service.readers.places import address_of
from evidence_service.readers.values import dig, items, joined, records, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evidence_service.domain.order import Address
    from evidence_service.domain.reading import Reading

_MARKS = frozenset({"id", "status", "currency", "total", "billing"})
# The number of a customer without an account.
_GUEST = "0"


# The interface of before WordPress had one (`wc-api`).
_LEGACY_MARKS = frozenset({"id", "status", "currency", "total", "billing_address"})


def read(value: Any) -> Reading | None:
    old = map(_of_legacy, records(value, _LEGACY_MARKS, "order", "orders"))
    found = [*records(value, _MARKS, "data"), *old]
    return orders("woocommerce", map(_order, found))


def _of_legacy(order: dict[str, Any]) -> dict[str, Any]:
    """The order under the names of today."""
    return order | {
        "number": text(order, "order_number"),
        "date_created_gmt": text(order, "created_at"),
        "billing": order["billing_address"],
        "shipping": order.get("shipping_address"),
        "customer_ip_address": text(order, "customer_ip"),
    }


def _order(order: dict[str, Any]) -> Order:
    utc, currency = text(order, "date_created_gmt"), text(order, "currency")
    account = text(order, "customer_id")
    return Order(
        number=text(order, "number") or text(order, "id"),
        platform="woocommerce",
        placed_at=instant(utc) or instant(f"{utc}Z"),
        local_time=text(order, "date_created") or utc,
        status=text(order, "status"),
        total=money(text(order, "total"), currency),
        ship_to=_address(dig(order, "shipping")),
        tracking_numbers=tuple(dict.fromkeys(_tracking_numbers(order))),
        lines=tuple(_line(one, currency) for one in items(order, "line_items")),
        identity=identity(
            account="" if account == _GUEST else account,
            ip=text(order, "customer_ip_address"),
            email=text(order, "billing", "email"),
            phone=text(order, "billing", "phone"),
        ),
    )


def _line(one: dict[str, Any], currency: str) -> OrderLine:
    """`price` is a float that WooCommerce divided itself (10.799999999999999)."""
    quantity = text(one, "quantity")
    price = each(money(text(one, "subtotal"), currency), quantity)
    return line(text(one, "name"), quantity, text(one, "sku"), price)


def _tracking_numbers(order: dict[str, Any]) -> Iterator[str]:
    for meta in items(order, "meta_data"):
        key = text(meta, "key").casefold()
        if "tracking" in key:
            yield from filter(None, (text(one, "tracking_number") for one in items(meta, "value")))
        if key.endswith("tracking_number"):
            yield from filter(None, (text(meta, "value"),))


def _address(to: Any) -> Address | None:
    return address_of(
        name=joined(text(to, "first_name"), text(to, "last_name"), by=" "),
        street=joined(text(to, "company"), text(to, "address_1"), text(to, "address_2")),
        city=joined(text(to, "city"), text(to, "state")),
        postcode=text(to, "postcode"),
        country=text(to, "country"),
    )
