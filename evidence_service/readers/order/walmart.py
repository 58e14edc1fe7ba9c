"""Walmart Marketplace: purchase orders of its API v3, one or the pages of a list.

Source: https://developer.walmart.com/us-marketplace/reference/getallorders, and answers in tests.
An order states no sum, and its charges do not say of how many pieces they are: neither is read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.order import Order
from evidence_service.readers.instants import counted, instant
from evidence_service.readers.order.records import identity, line, orders, written
from evidence_service.readers.places import address_of
from evidence_service.readers.values import dig, items, joined, records, text

if TYPE_CHECKING:
    from datetime import datetime

    from evidence_service.domain.reading import Reading

_MARKS = frozenset({"purchaseOrderId", "orderDate", "orderLines"})


def read(value: Any) -> Reading | None:
    return orders("walmart", map(_order, records(value, _MARKS, "list", "elements", "order")))


def _order(order: dict[str, Any]) -> Order:
    placed_at, shipping = _at(order, "orderDate"), dig(order, "shippingInfo")
    bought, to = items(order, "orderLines", "orderLine"), dig(shipping, "postalAddress")
    states = [
        state for one in bought for state in items(one, "orderLineStatuses", "orderLineStatus")
    ]
    numbers = (text(state, "trackingInfo", "trackingNumber") for state in states)
    return Order(
        number=text(order, "purchaseOrderId"),
        platform="walmart",
        placed_at=placed_at,
        local_time=written(placed_at),
        status=joined(*dict.fromkeys(text(state, "status") for state in states)),
        ship_to=address_of(
            name=text(to, "name"),
            street=joined(text(to, "address1"), text(to, "address2")),
            city=joined(text(to, "city"), text(to, "state")),
            postcode=text(to, "postalCode"),
            country=text(to, "country"),
        ),
        tracking_numbers=tuple(dict.fromkeys(filter(None, numbers))),
        lines=tuple(
            line(
                text(one, "item", "productName"),
                text(one, "orderLineQuantity", "amount"),
                text(one, "item", "sku"),
            )
            for one in bought
        ),
        identity=identity(email=text(order, "customerEmailId"), phone=text(shipping, "phone")),
        promised_at=_at(shipping, "estimatedDeliveryDate"),
    )


def _at(value: Any, name: str) -> datetime | None:
    """Milliseconds, or in web hooks as they are written."""
    said = text(value, name)
    return counted(said) or instant(said)
