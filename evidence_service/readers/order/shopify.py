"""Shopify: orders of the Admin REST API and of its web hooks, old and new.

Source: https://shopify.dev/docs/api/admin-rest/latest/resources/order, and answers. Amounts are in
the shop's currency; what the buyer saw in another one is not read. A list may leave out the lines.
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

_MARKS = frozenset({"id", "financial_status", "total_price", "currency"})


def read(value: Any) -> Reading | None:
    return orders("shopify", map(_order, records(value, _MARKS, "order", "orders")))


def _order(order: dict[str, Any]) -> Order:
    created, currency = text(order, "created_at"), text(order, "currency")
    cancelled = "cancelled" if text(order, "cancelled_at") else ""
    return Order(
        number=text(order, "name") or text(order, "order_number") or text(order, "id"),
        platform="shopify",
        placed_at=instant(created),
        local_time=created,
        status=joined(
            text(order, "financial_status"), text(order, "fulfillment_status"), cancelled
        ),
        total=money(text(order, "total_price"), currency),
        ship_to=_address(dig(order, "shipping_address")),
        tracking_numbers=_tracking_numbers(order),
        lines=tuple(
            line(
                text(one, "name") or text(one, "title"),
                text(one, "quantity"),
                text(one, "sku"),
                money(text(one, "price"), currency),
            )
            for one in items(order, "line_items")
        ),
        identity=identity(
            account=text(order, "customer", "id"),
            ip=text(order, "browser_ip") or text(order, "client_details", "browser_ip"),
            email=text(order, "email") or text(order, "contact_email"),
            phone=text(order, "phone"),
        ),
    )


def _tracking_numbers(order: dict[str, Any]) -> tuple[str, ...]:
    numbers = (
        number
        for fulfillment in items(order, "fulfillments")
        for number in (
            *texts(fulfillment, "tracking_numbers"),
            *texts(fulfillment, "tracking_number"),
        )
    )
    return tuple(dict.fromkeys(numbers))


def _address(to: Any) -> Address | None:
    return address_of(
        name=text(to, "name") or joined(text(to, "first_name"), text(to, "last_name"), by=" "),
        street=joined(text(to, "address1"), text(to, "address2")),
        city=joined(text(to, "city"), text(to, "province")),
        postcode=text(to, "zip"),
        country=text(to, "country_code") or text(to, "country"),
    )
