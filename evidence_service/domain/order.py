"""Orders as every platform's record of them is read: amounts, lines, where it went."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

# ISO 4217 minor units that are not two.
_DECIMALS = {
    **dict.fromkeys(
        (
            *("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG"),
            *("RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"),
        ),
        0,
    ),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
    **dict.fromkeys(("CLF", "UYW"), 4),
}
_CURRENCY_LETTERS = 3
MAX_AMOUNT_MINOR = 2**63 - 1


@dataclass(frozen=True)
class Money:
    """An amount in the currency's smallest unit, as ISO 4217 counts it."""

    amount_minor: int
    currency: str

    @classmethod
    def parse(cls, amount: str, currency: str) -> Money:
        """From "12.50" and "USD".

        Raises:
            ValueError: no number, too many decimals for the currency, too large, or no
                three-letter currency code.
        """
        if len(currency) != _CURRENCY_LETTERS or not (currency.isascii() and currency.isupper()):
            raise ValueError("the currency is three capital letters, as USD")
        decimals = _DECIMALS.get(currency, 2)
        try:
            minor = Decimal(amount).scaleb(decimals)
        except InvalidOperation:
            raise ValueError("the amount is a number with a point, as 12.50") from None
        if not minor.is_finite() or abs(minor) > MAX_AMOUNT_MINOR:
            raise ValueError("the amount is too large")
        if minor != minor.to_integral_value():
            raise ValueError(f"{currency} has {decimals} decimals")
        return cls(int(minor), currency)

    @property
    def text(self) -> str:
        """The amount with the currency's decimals: "12.50"."""
        decimals = _DECIMALS.get(self.currency, 2)
        return f"{Decimal(self.amount_minor).scaleb(-decimals):.{decimals}f}"

    def __str__(self) -> str:
        return f"{self.text} {self.currency}"

    def to_plain(self) -> dict[str, str]:
        return {"amount": self.text, "currency": self.currency}

    @classmethod
    def from_plain(cls, plain: Mapping[str, str]) -> Money:
        return cls.parse(plain["amount"], plain["currency"])


@dataclass(frozen=True, slots=True)
class Address:
    """A place as the source writes it; parts the source does not have are empty."""

    name: str = ""
    street: str = ""
    city: str = ""
    postcode: str = ""
    country: str = ""

    def to_plain(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class OrderLine:
    name: str
    quantity: int
    sku: str = ""
    price: Money | None = None

    def to_plain(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "quantity": self.quantity,
            "sku": self.sku,
            "price": self.price.to_plain() if self.price else None,
        }


@dataclass(frozen=True, slots=True)
class Order:
    """`placed_at` is None where the source gives no zone; `local_time` is as the source has it.

    `identity` is what the source says of who paid, by `account`, `device`, `ip`, `email`, `phone`;
    `is_disputed` is None where it does not say whether the payment was ever disputed.
    `promised_at` is the latest delivery that the platform told the buyer.
    """

    number: str
    platform: str
    placed_at: datetime | None = None
    local_time: str = ""
    status: str = ""
    total: Money | None = None
    ship_to: Address | None = None
    tracking_numbers: tuple[str, ...] = ()
    lines: tuple[OrderLine, ...] = field(default=())
    identity: Mapping[str, str] = field(default_factory=dict)
    is_disputed: bool | None = None
    promised_at: datetime | None = None

    @property
    def facts(self) -> frozenset[str]:
        return frozenset({f"platform:{self.platform}"})

    def to_plain(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "platform": self.platform,
            "placed_at": self.placed_at.isoformat() if self.placed_at else None,
            "local_time": self.local_time,
            "status": self.status,
            "total": self.total.to_plain() if self.total else None,
            "ship_to": self.ship_to.to_plain() if self.ship_to else None,
            "tracking_numbers": list(self.tracking_numbers),
            "lines": [line.to_plain() for line in self.lines],
            "identity": dict(self.identity),
            "is_disputed": self.is_disputed,
            "promised_at": self.promised_at.isoformat() if self.promised_at else None,
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Order:
        return cls(
            number=plain["number"],
            platform=plain["platform"],
            placed_at=_at(plain["placed_at"]),
            local_time=plain["local_time"],
            status=plain["status"],
            total=Money.from_plain(plain["total"]) if plain["total"] else None,
            ship_to=Address(**plain["ship_to"]) if plain["ship_to"] else None,
            tracking_numbers=tuple(plain["tracking_numbers"]),
            lines=tuple(
                OrderLine(
                    line["name"],
                    line["quantity"],
                    line["sku"],
                    Money.from_plain(line["price"]) if line["price"] else None,
                )
                for line in plain["lines"]
            ),
            identity=plain.get("identity", {}),
            is_disputed=plain.get("is_disputed"),
            promised_at=_at(plain.get("promised_at")),
        )


def _at(plain: str | None) -> datetime | None:
    return datetime.fromisoformat(plain) if plain else None
