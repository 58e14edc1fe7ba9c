"""PayPal: disputes of the Customer Disputes API v1, their details or their list, and web hooks.

Source: https://developer.paypal.com/docs/api/customer-disputes/v1, and its examples.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.dispute import Dispute
from evidence_service.readers.instants import instant
from evidence_service.readers.order.records import disputes, sum_of
from evidence_service.readers.values import dig, items, records, text

if TYPE_CHECKING:
    from evidence_service.domain.reading import Reading

_MARKS = frozenset({"dispute_id", "status"})


def read(value: Any) -> Reading | None:
    return disputes("paypal", map(_dispute, records(value, _MARKS, "items", "resource")))


def _dispute(dispute: dict[str, Any]) -> Dispute:
    payments = items(dispute, "disputed_transactions")
    names = ("invoice_number", "invoice_id", "custom", "reference_id")
    invoices = (text(one, name) for one in payments for name in names)
    return Dispute(
        platform="paypal",
        reference=text(dispute, "dispute_id"),
        reason=text(dispute, "reason"),
        network_reason=text(dispute, "external_reason_code"),
        stage=text(dispute, "dispute_life_cycle_stage"),
        status=text(dispute, "status"),
        amount=sum_of(dig(dispute, "dispute_amount"), "value", "currency_code"),
        order_number=next(filter(None, invoices), ""),
        transactions=tuple(filter(None, (text(one, "seller_transaction_id") for one in payments))),
        opened_at=instant(text(dispute, "create_time")),
        respond_by=instant(text(dispute, "seller_response_due_date")),
        claim=_claim(dispute),
        channel=text(dispute, "dispute_channel"),
    )


def _claim(dispute: dict[str, Any]) -> str:
    """What the buyer wrote, oldest first as PayPal has it."""
    said = (
        text(message, "content")
        for message in items(dispute, "messages")
        if text(message, "posted_by") == "BUYER"
    )
    return "\n\n".join(filter(None, said))
