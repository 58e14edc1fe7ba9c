"""A claim against the merchant, as the payment provider's or the platform's own record tells it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from evidence_service.domain.order import Money

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Dispute:
    """What is disputed, by when to answer, the claim's words; what a record leaves out is empty.

    `reason`, `stage`, `channel` and `status` are the platform's codes, `network_reason` is that of
    the card's `network`.
    `reference` is the platform's number of the dispute; a record about a file of it has none.
    `transactions` are the payments it is about, `claim` what the buyer said.
    """

    platform: str
    reference: str
    reason: str = ""
    network_reason: str = ""
    stage: str = ""
    status: str = ""
    amount: Money | None = None
    order_number: str = ""
    transactions: tuple[str, ...] = ()
    opened_at: datetime | None = None
    respond_by: datetime | None = None
    claim: str = ""
    network: str = ""
    channel: str = ""

    @property
    def facts(self) -> frozenset[str]:
        reason = {f"reason:{self.reason}"} if self.reason else set()
        return frozenset({f"platform:{self.platform}", *reason})

    def to_plain(self) -> dict[str, Any]:
        return {
            "platform": self.platform,
            "reference": self.reference,
            "reason": self.reason,
            "network_reason": self.network_reason,
            "stage": self.stage,
            "status": self.status,
            "amount": self.amount.to_plain() if self.amount else None,
            "order_number": self.order_number,
            "transactions": list(self.transactions),
            "opened_at": _text(self.opened_at),
            "respond_by": _text(self.respond_by),
            "claim": self.claim,
            "network": self.network,
            "channel": self.channel,
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Dispute:
        return cls(
            platform=plain["platform"],
            reference=plain["reference"],
            reason=plain["reason"],
            network_reason=plain["network_reason"],
            stage=plain["stage"],
            status=plain["status"],
            amount=Money.from_plain(plain["amount"]) if plain["amount"] else None,
            order_number=plain["order_number"],
            transactions=tuple(plain["transactions"]),
            opened_at=_instant(plain["opened_at"]),
            respond_by=_instant(plain["respond_by"]),
            claim=plain["claim"],
            # Records that were read earlier lack these.
            network=plain.get("network", ""),
            channel=plain.get("channel", ""),
        )


def _text(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
