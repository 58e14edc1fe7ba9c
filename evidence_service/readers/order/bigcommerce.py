"""BigCommerce: the orders of its API v2.

Source: https://developer.bigcommerce.com/docs/rest-management/orders, and answers. Products and
shipping addresses are mostly a link, which is not followed.
"""

from __future__ import annotations

from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from evidence_service.domain.calendar import taken
from evidence_service.domain.order import Order
from evidence_service.readers.instants import instant
from evidence_service.readers.order.records import identity, line, money, orders
from evidence_service.readers.places import address_of
from evidence_service.readers.values import items, joined, records, text

if TYPE_CHECKING:
    from datetime import datetime

    from evidence_service.domain.order import Address
    from evidence_service.domain.reading import Reading

_MARKS = frozenset({"id", "date_created", "status_id", "total_inc_tax", "currency_code"})
# The number of a customer without an account.
_GUEST = "0"


def read(value: Any) -> Reading | None:
    return orders("bigcommerce", map(_order, records(value, _MARKS, "data")))


def _order(order: dict[str, Any]) -> Order:
    placed, currency = text(order, "date_created"), text(order, "currency_code")
    account = text(order, "customer_id")
    bought = (one for one in items(order, "products") if text(one, "quantity"))
    return Order(
        number=text(order, "id"),
        platform="bigcommerce",
        placed_at=instant(placed) or _of_mail(placed),
        local_time=placed,
        status=text(order, "status"),
        total=money(text(order, "total_inc_tax"), currency),
        ship_to=_ship_to(order),
        lines=tuple(
            line(
                text(one, "name"),
                text(one, "quantity"),
                text(one, "sku"),
                money(text(one, "price_inc_tax"), currency),
            )
            for one in bought
        ),
        identity=identity(
            account="" if account == _GUEST else account,
            ip=text(order, "ip_address"),
            email=text(order, "billing_address", "email"),
            phone=text(order, "billing_address", "phone"),
        ),
    )


def _of_mail(written: str) -> datetime | None:
    """As mails write it: Wed, 14 Nov 2012 19:26:23 +0000."""
    try:
        at = parsedate_to_datetime(written)
    except ValueError:
        return None
    return taken(at) if at.tzinfo else None


def _ship_to(order: dict[str, Any]) -> Address | None:
    for to in items(order, "shipping_addresses"):
        return address_of(
            name=joined(text(to, "first_name"), text(to, "last_name"), by=" "),
            street=joined(text(to, "company"), text(to, "street_1"), text(to, "street_2")),
            city=joined(text(to, "city"), text(to, "state")),
            postcode=text(to, "zip"),
            country=text(to, "country_iso2") or text(to, "country"),
        )
    return None
