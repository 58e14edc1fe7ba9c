"""Orders as a table, as shops' back ends export them: one order a row, or one line of an order.

The second line of an order may leave its columns blank (Shopify) or repeat them (most others).

Source: exports of several platforms' back ends; few are documented, as Amazon's reports are:
https://sellercentral.amazon.com/help/hub/reference/G201648780 (seller's orders) and …/G200547170
(all orders).
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from evidence_service.domain.choices import TableForm
from evidence_service.domain.order import Order, OrderLine
from evidence_service.readers import dates
from evidence_service.readers.cells import Cells
from evidence_service.readers.chat.transcripts import DATE_ORDER_AMBIGUOUS
from evidence_service.readers.columns import layout_of
from evidence_service.readers.order.records import each, line, money, orders
from evidence_service.readers.places import address_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evidence_service.domain.choices import DateOrder
    from evidence_service.domain.order import Money
    from evidence_service.domain.reading import Reading
    from evidence_service.readers.cells import Row
    from evidence_service.readers.tables import Table

_AMOUNT = re.compile(
    r"(?P<before>[^\d\s.,-]{0,4})\s?(?P<number>-?\d[\d\s.,'\u00a0\u202f]*?)\s?(?P<after>[^\d\s.,]{0,4})"
)
_GROUPED = re.compile(r"[\s'\u00a0\u202f]")
_CURRENCIES = {"€": "EUR", "£": "GBP", "₽": "RUB", "₹": "INR", "₩": "KRW", "₴": "UAH", "zł": "PLN"}
_IDENTITY = ("account", "device", "email", "phone", "ip")
_CENTS = 2
# Shopify's export of orders; by its names alone nobody could tell what `Name` is.
_SHOPIFY = {
    "number": "Name",
    "time": "Created at",
    "status": "Financial Status",
    "total": "Total",
    "currency": "Currency",
    "item": "Lineitem name",
    "quantity": "Lineitem quantity",
    "sku": "Lineitem sku",
    "price": "Lineitem price",
    "recipient": "Shipping Name",
    "street": "Shipping Street",
    "city": "Shipping City",
    "postcode": "Shipping Zip",
    "country": "Shipping Country",
    "email": "Email",
    "phone": "Phone",
}
_SHOPIFY_NEEDS = frozenset({"number", "time", "status", "total", "currency", "item", "quantity"})
# Its order reports have an item a row, with the price of all its pieces.
_AMAZON = {
    "number": "order-id",
    "time": "purchase-date",
    "currency": "currency",
    "item": "product-name",
    "quantity": "quantity-purchased",
    "sku": "sku",
    "price": "item-price",
    "recipient": "recipient-name",
    "street": "ship-address-1",
    "city": "ship-city",
    "postcode": "ship-postal-code",
    "country": "ship-country",
    "email": "buyer-email",
    "phone": "buyer-phone-number",
}
_AMAZON_ALL = {
    **_AMAZON,
    "number": "amazon-order-id",
    "status": "order-status",
    "quantity": "quantity",
}
_AMAZON_NEEDS = frozenset({"number", "time", "item", "quantity", "sku"})


class _Export(NamedTuple):
    platform: str
    columns: Mapping[str, str]
    needs: frozenset[str]
    # Whether a price is that of one piece, or of all of its line.
    is_each: bool


_EXPORTS = (
    _Export("shopify", _SHOPIFY, _SHOPIFY_NEEDS, is_each=True),
    _Export("amazon", _AMAZON, _AMAZON_NEEDS, is_each=False),
    _Export("amazon", _AMAZON_ALL, _AMAZON_NEEDS | {"status"}, is_each=False),
)


def read(table: Table) -> Reading | None:
    """An export whose columns are documented."""
    for export in _EXPORTS:
        columns = {field: name for field, name in export.columns.items() if name in table.names}
        if columns.keys() >= export.needs:
            return _exported(table, export, columns)
    return None


def _exported(table: Table, export: _Export, columns: Mapping[str, str]) -> Reading | None:
    found = with_columns(table, columns)
    if found is None:
        return None
    contents = tuple(
        replace(
            one,
            platform=export.platform,
            lines=one.lines if export.is_each else tuple(map(_per_piece, one.lines)),
        )
        for one in found.contents
        if isinstance(one, Order)
    )
    layout = layout_of(table, TableForm.ORDER, columns)
    return replace(found, reader=f"{export.platform}_table", contents=contents, layout=layout)


def _per_piece(one: OrderLine) -> OrderLine:
    return replace(one, price=each(one.price, str(one.quantity)))


def with_columns(
    table: Table, columns: Mapping[str, str], order: DateOrder | None = None
) -> Reading | None:
    cells = Cells(table, columns, order)
    grouped: dict[str, list[Row]] = {}
    number = ""
    for row in cells:
        number = row["number"] or number
        if number:
            grouped.setdefault(number, []).append(row)
    found = orders("order_table", [_order(rows, cells) for rows in grouped.values()])
    if found is None:
        return None
    ambiguous = (DATE_ORDER_AMBIGUOUS,) if cells.are_ambiguous else ()
    return replace(
        found,
        media_type=table.media_type,
        warnings=(*found.warnings, *ambiguous),
        date_order=dates.name_of(cells.order),
    )


def _order(rows: list[Row], cells: Cells) -> Order:
    first = rows[0]
    placed_at, local_time = cells.time(first)
    numbers = dict.fromkeys(row["tracking_number"] for row in rows if row["tracking_number"])
    return Order(
        number=first["number"],
        platform="table",
        placed_at=placed_at,
        local_time=local_time,
        status=first["status"],
        total=_money(first["total"], first["currency"]),
        ship_to=address_of(
            name=first["recipient"],
            street=first["street"],
            city=first["city"],
            postcode=first["postcode"].lstrip("'"),
            country=first["country"],
        ),
        tracking_numbers=tuple(numbers),
        lines=tuple(_line(row, first["currency"]) for row in rows if row["item"]),
        identity={name: first[name] for name in _IDENTITY if first[name]},
    )


def _line(row: Row, currency: str) -> OrderLine:
    price = _money(row["price"], row["currency"] or currency)
    return line(row["item"], row["quantity"] or "1", row["sku"], price)


def _money(written: str, currency: str) -> Money | None:
    """The amount in the row's currency, or in the one that stands beside it."""
    found = _AMOUNT.fullmatch(written)
    if found is None:
        return None
    sign = found["before"] or found["after"]
    code = currency or (sign if sign.isalpha() and sign.isupper() else _CURRENCIES.get(sign, ""))
    return money(_decimal(found["number"]), code)


def _decimal(number: str) -> str:
    """With a point alone: the last of point and comma divides, unless three digits follow it."""
    bare = _GROUPED.sub("", number)
    at = max(bare.rfind("."), bare.rfind(","))
    if at < 0:
        return bare
    mark, end = bare[at], bare[at + 1 :]
    whole = re.sub("[.,]", "", bare[:at])
    groups = bare.count(mark) > 1 or (mark == "," and len(end) > _CENTS)
    return f"{whole}{end}" if groups else f"{whole}.{end}"
