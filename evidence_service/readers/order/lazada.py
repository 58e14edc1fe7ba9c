"""Lazada (and Daraz): the orders of its open platform (`/order/get`, `/orders/get`).

Source: https://open.lazada.com (order API), and answers. An order does not name its currency, and
its items are asked for apart: mostly neither total nor lines are known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.order import Order
from evidence_service.readers.instants import instant
from evidence_service.readers.order.records import identity, orders, sum_of
from evidence_service.readers.places import address_of
from evidence_service.readers.values import dig, joined, records, text, texts

if TYPE_CHECKING:
    from evidence_service.domain.reading import Reading

_MARKS = frozenset({"order_id", "order_number", "statuses", "address_shipping"})


def read(value: Any) -> Reading | None:
    return orders("lazada", map(_order, records(value, _MARKS, "data", "orders", "result")))


def _order(order: dict[str, Any]) -> Order:
    placed, to = text(order, "created_at"), dig(order, "address_shipping")
    names = (text(to, "first_name"), text(to, "last_name"))
    return Order(
        number=text(order, "order_number") or text(order, "order_id"),
        platform="lazada",
        # 2021-07-29 11:02:19 +0700
        placed_at=instant("".join(placed.rsplit(" ", 1)) if "+" in placed else placed),
        local_time=placed,
        status=joined(*texts(order, "statuses")),
        total=sum_of(order, "price", "currency"),
        ship_to=address_of(
            name=joined(*names, by=" "),
            street=joined(*(text(to, f"address{n}") for n in (1, 2, 3, 4, 5))),
            city=text(to, "city"),
            postcode=text(to, "post_code"),
            country=text(to, "country"),
        ),
        identity=identity(email=text(to, "customer_email"), phone=text(to, "phone")),
    )
