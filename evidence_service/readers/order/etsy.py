"""Etsy: the receipts of its Open API v3, and of v2 before it.

Source: https://developers.etsy.com/documentation (receipts). An amount of v3 has its divisor
beside it.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from evidence_service.domain.order import Order
from evidence_service.readers.order.records import (
    identity,
    line,
    moment,
    money,
    orders,
    written,
)
from evidence_service.readers.places import address_of
from evidence_service.readers.values import dig, items, joined, records, text

if TYPE_CHECKING:
    from evidence_service.domain.order import Money
    from evidence_service.domain.reading import Reading

_MARKS = frozenset({"receipt_id", "grandtotal"})


def read(value: Any) -> Reading | None:
    return orders("etsy", map(_order, records(value, _MARKS, "results")))


def _order(receipt: dict[str, Any]) -> Order:
    placed_at = (
        moment(receipt, "created_timestamp")
        or moment(receipt, "create_timestamp")
        or moment(receipt, "creation_tsz")
    )
    currency = text(receipt, "currency_code")
    bought = items(receipt, "transactions") or items(receipt, "Transactions")
    numbers = (text(one, "tracking_code") for one in items(receipt, "shipments"))
    return Order(
        number=text(receipt, "receipt_id"),
        platform="etsy",
        placed_at=placed_at,
        local_time=written(placed_at),
        status=text(receipt, "status"),
        total=_money(dig(receipt, "grandtotal"), currency),
        ship_to=address_of(
            name=text(receipt, "name"),
            street=joined(text(receipt, "first_line"), text(receipt, "second_line")),
            city=joined(text(receipt, "city"), text(receipt, "state")),
            postcode=text(receipt, "zip"),
            country=text(receipt, "country_iso"),
        ),
        tracking_numbers=tuple(dict.fromkeys(filter(None, numbers))),
        lines=tuple(
            line(
                text(one, "title"),
                text(one, "quantity"),
                text(one, "sku"),
                _money(dig(one, "price"), text(one, "currency_code")),
            )
            for one in bought
        ),
        identity=identity(
            account=text(receipt, "buyer_user_id"), email=text(receipt, "buyer_email")
        ),
    )


def _money(value: Any, currency: str) -> Money | None:
    """An amount with its divisor, or a mere number in the currency that stands elsewhere."""
    if not isinstance(value, dict):
        return money("" if value is None else str(value), currency)
    amount = Decimal(text(value, "amount")) / Decimal(text(value, "divisor"))
    return money(str(amount), text(value, "currency_code"))
