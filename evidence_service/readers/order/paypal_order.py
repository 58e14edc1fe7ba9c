"""PayPal: orders and captures of its Orders and Payments API v2, and their web hooks.

Source: https://developer.paypal.com/docs/api/orders/v2 and …/payments/v2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.order import Money, Order
from evidence_service.readers.instants import instant
from evidence_service.readers.order.records import identity, line, orders, sum_of
from evidence_service.readers.places import address_of
from evidence_service.readers.values import dig, items, joined, records, text

if TYPE_CHECKING:
    from evidence_service.domain.order import Address
    from evidence_service.domain.reading import Reading

_ORDER = frozenset({"id", "purchase_units"})
_CAPTURE = frozenset({"id", "status", "amount", "final_capture"})


def read(value: Any) -> Reading | None:
    found = [
        *map(_order, records(value, _ORDER, "resource")),
        *map(_capture, records(value, _CAPTURE, "resource")),
    ]
    return orders("paypal_order", found)


def _order(order: dict[str, Any]) -> Order:
    created, units = text(order, "create_time"), items(order, "purchase_units")
    numbers = (
        text(tracker, "tracking_number") or text(tracker, "id")
        for unit in units
        for tracker in items(unit, "shipping", "trackers")
    )
    return Order(
        number=next(filter(None, (text(unit, "invoice_id") for unit in units)), "")
        or text(order, "id"),
        platform="paypal",
        placed_at=instant(created),
        local_time=created,
        status=text(order, "status"),
        total=_total(units),
        ship_to=next(filter(None, (_address(dig(unit, "shipping")) for unit in units)), None),
        tracking_numbers=tuple(dict.fromkeys(filter(None, numbers))),
        lines=tuple(
            line(
                text(one, "name"),
                text(one, "quantity"),
                text(one, "sku"),
                sum_of(dig(one, "unit_amount"), "value", "currency_code"),
            )
            for unit in units
            for one in items(unit, "items")
        ),
        identity=identity(
            account=text(order, "payer", "payer_id"),
            email=text(order, "payer", "email_address"),
            phone=text(order, "payer", "phone", "phone_number", "national_number"),
        ),
    )


def _total(units: list[dict[str, Any]]) -> Money | None:
    """What is paid to all; the short answer to a capture states only what was captured."""
    return _sum([_amount(unit) or _sum(_captured(unit)) for unit in units])


def _amount(value: dict[str, Any]) -> Money | None:
    return sum_of(dig(value, "amount"), "value", "currency_code")


def _captured(unit: dict[str, Any]) -> list[Money | None]:
    return [_amount(one) for one in items(unit, "payments", "captures")]


def _sum(sums: list[Money | None]) -> Money | None:
    """None where one is missing, or two currencies meet."""
    known = [one for one in sums if one]
    if not known or len(known) < len(sums) or len({one.currency for one in known}) > 1:
        return None
    return Money(sum(one.amount_minor for one in known), known[0].currency)


def _capture(capture: dict[str, Any]) -> Order:
    created = text(capture, "create_time")
    return Order(
        number=text(capture, "invoice_id")
        or text(capture, "supplementary_data", "related_ids", "order_id")
        or text(capture, "id"),
        platform="paypal",
        placed_at=instant(created),
        local_time=created,
        status=text(capture, "status"),
        total=_amount(capture),
    )


def _address(shipping: Any) -> Address | None:
    to = dig(shipping, "address")
    return address_of(
        name=text(shipping, "name", "full_name"),
        street=joined(text(to, "address_line_1"), text(to, "address_line_2")),
        city=joined(text(to, "admin_area_2"), text(to, "admin_area_1")),
        postcode=text(to, "postal_code"),
        country=text(to, "country_code"),
    )
