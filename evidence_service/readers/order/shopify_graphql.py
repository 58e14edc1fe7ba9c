"""Shopify: orders of the Admin GraphQL API, as far as the query asked for their fields.

Source: https://shopify.dev/docs/api/admin-graphql/latest/objects/Order. Lists are connections:
`nodes`, or `edges` that hold a `node` each. Amounts are in the shop's currency.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.order import Order, OrderLine
from evidence_service.readers.instants import instant
from evidence_service.readers.order.records import identity, line, money, orders
from evidence_service.readers.places import address_of
from evidence_service.readers.values import dig, items, joined, records, text

if TYPE_CHECKING:
    from evidence_service.domain.order import Address, Money
    from evidence_service.domain.reading import Reading

_MARKS = frozenset({"id", "name"})
# What else is asked for is the query's choice; a name alone is no order.
_TOLD = frozenset(
    {"createdAt", "processedAt", "displayFinancialStatus", "totalPriceSet", "lineItems"}
)
_ENVELOPES = ("data", "order", "orders", "node", "nodes", "edges")
_ORDER_ID = "gid://shopify/Order/"


def read(value: Any) -> Reading | None:
    found = records(value, _MARKS, *_ENVELOPES)
    known = (one for one in found if text(one, "id").startswith(_ORDER_ID))
    return orders("shopify_graphql", (_order(one) for one in known if one.keys() & _TOLD))


def _order(order: dict[str, Any]) -> Order:
    created = text(order, "createdAt") or text(order, "processedAt")
    currency = text(order, "currencyCode")
    return Order(
        number=text(order, "name"),
        platform="shopify",
        placed_at=instant(created),
        local_time=created,
        status=joined(
            text(order, "displayFinancialStatus").lower(),
            text(order, "displayFulfillmentStatus").lower(),
            "cancelled" if text(order, "cancelledAt") else "",
        ),
        total=_money(order, "totalPriceSet", currency)
        or _money(order, "currentTotalPriceSet", currency),
        ship_to=_address(dig(order, "shippingAddress")),
        tracking_numbers=_tracking_numbers(order),
        lines=tuple(_line(one, currency) for one in _connected(order, "lineItems")),
        identity=identity(
            account=text(order, "customer", "id"),
            ip=text(order, "clientIp"),
            email=text(order, "email") or text(order, "customer", "email"),
            phone=text(order, "phone"),
        ),
    )


def _connected(value: Any, name: str) -> list[dict[str, Any]]:
    """The objects of a connection, however the query asked for them."""
    edges = (dig(edge, "node") for edge in items(value, name, "edges"))
    return items(value, name, "nodes") or [one for one in edges if isinstance(one, dict)]


def _money(value: Any, name: str, currency: str) -> Money | None:
    """In the shop's currency, which the order may name alone."""
    asked = dig(value, name, "shopMoney")
    return money(text(asked, "amount"), text(asked, "currencyCode") or currency)


def _line(one: dict[str, Any], currency: str) -> OrderLine:
    return line(
        text(one, "name") or text(one, "title"),
        text(one, "quantity"),
        text(one, "sku"),
        _money(one, "originalUnitPriceSet", currency),
    )


def _tracking_numbers(order: dict[str, Any]) -> tuple[str, ...]:
    numbers = (
        text(tracked, "number")
        for fulfillment in items(order, "fulfillments")
        for tracked in items(fulfillment, "trackingInfo")
    )
    return tuple(dict.fromkeys(filter(None, numbers)))


def _address(to: Any) -> Address | None:
    return address_of(
        name=text(to, "name") or joined(text(to, "firstName"), text(to, "lastName"), by=" "),
        street=joined(text(to, "address1"), text(to, "address2")),
        city=joined(text(to, "city"), text(to, "province")),
        postcode=text(to, "zip"),
        country=text(to, "countryCodeV2") or text(to, "countryCode") or text(to, "country"),
    )
