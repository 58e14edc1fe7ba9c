"""What the readers of orders and disputes share: money, lines, the reading of a file's records."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from evidence_service.domain.evidence import EvidenceKind
from evidence_service.domain.order import Money, Order, OrderLine
from evidence_service.domain.reading import Reading
from evidence_service.readers.instants import TIME_ZONE_UNKNOWN, epoch
from evidence_service.readers.sniff import JSON
from evidence_service.readers.storable import storable
from evidence_service.readers.values import dig, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from evidence_service.domain.dispute import Dispute

# A warning: an order without a sum, or with one that its currency cannot have (25.99 JPY).
ORDER_TOTAL_UNKNOWN = "order_total_unknown"
_MAX_QUANTITY = 1_000_000_000


def money(amount: str, currency: str) -> Money | None:
    """None where there is no amount, or none that the currency can have."""
    try:
        return Money.parse(amount, currency.upper())
    except (ArithmeticError, ValueError):
        return None


def minor(amount: str, currency: str, decimals: Mapping[str, int]) -> Money | None:
    """From a provider's own smallest units: `decimals` are its exceptions to two."""
    code = currency.upper()
    try:
        return money(str(Decimal(amount).scaleb(-decimals.get(code, 2))), code)
    except ArithmeticError:
        return None


def sum_of(value: Any, amount: str, currency: str) -> Money | None:
    """The money of an object that has both under these names."""
    return money(text(value, amount), text(value, currency))


def each(total: Money | None, quantity: str) -> Money | None:
    """The price of one, where it comes out even."""
    count = _number(quantity)
    if total is None or count <= 0 or Decimal(total.amount_minor) % count:
        return None
    return Money(int(total.amount_minor / count), total.currency)


def line(name: str, quantity: str, sku: str = "", price: Money | None = None) -> OrderLine:
    """Parts of a piece (1.5 m of cloth) cannot be counted: one line, the amount in its name."""
    count = _number(quantity)
    if count != count.to_integral_value():
        return OrderLine(f"{name} × {quantity}", 1, sku, price)
    return OrderLine(name, int(count), sku, price)


def identity(**said: str) -> dict[str, str]:
    """Who paid, by `account`, `device`, `ip`, `email` and `phone`, as far as it is said."""
    return {name: value for name, value in said.items() if value}


def _number(quantity: str) -> Decimal:
    """One, where the source says no number or one that nobody can order."""
    try:
        count = Decimal(quantity)
    except ArithmeticError:
        return Decimal(1)
    return count if count.is_finite() and 0 <= count <= _MAX_QUANTITY else Decimal(1)


def moment(value: Any, *path: str) -> datetime | None:
    """The instant at the path, in whole seconds since 1970."""
    seconds = dig(value, *path)
    return epoch(seconds) if isinstance(seconds, int) else None


def written(at: datetime | None) -> str:
    """The time as it is shown where the source has a mere number."""
    return at.isoformat() if at else ""


def orders(reader: str, found: Iterable[Order], media_type: str = JSON) -> Reading | None:
    """The reading of a file's orders; None where it holds none."""
    contents = storable(tuple(found))
    if not contents:
        return None
    zoneless = any(one.placed_at is None and one.local_time for one in contents)
    without_total = any(one.total is None for one in contents)
    return Reading(
        media_type=media_type,
        reader=reader,
        kind=EvidenceKind.ORDER_RECORD,
        contents=contents,
        warnings=(
            *((TIME_ZONE_UNKNOWN,) if zoneless else ()),
            *((ORDER_TOTAL_UNKNOWN,) if without_total else ()),
        ),
    )


def disputes(reader: str, found: Iterable[Dispute], media_type: str = JSON) -> Reading | None:
    """The reading of a file's disputes; None where it holds none."""
    contents = storable(tuple(found))
    if not contents:
        return None
    return Reading(
        media_type=media_type,
        reader=reader,
        kind=EvidenceKind.ADDITIONAL_INFORMATION,
        contents=contents,
    )
