"""eBay: payment disputes of the Sell Fulfillment API, one or the list of summaries.

Source: https://developer.ebay.com/api-docs/sell/fulfillment/resources/payment_dispute/methods/
getPaymentDispute.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.dispute import Dispute
from evidence_service.readers.instants import instant
from evidence_service.readers.order.records import disputes, sum_of
from evidence_service.readers.values import dig, items, records, text

if TYPE_CHECKING:
    from evidence_service.domain.reading import Reading

_MARKS = frozenset({"paymentDisputeId", "orderId", "reason"})


def read(value: Any) -> Reading | None:
    found = records(value, _MARKS, "paymentDisputeSummaries")
    return disputes("ebay_dispute", map(_dispute, found))


def _dispute(dispute: dict[str, Any]) -> Dispute:
    payments = (text(one, "transactionId") for one in items(dispute, "monetaryTransactions"))
    return Dispute(
        platform="ebay",
        reference=text(dispute, "paymentDisputeId"),
        reason=text(dispute, "reason"),
        status=text(dispute, "paymentDisputeStatus"),
        amount=sum_of(dig(dispute, "amount"), "value", "currency"),
        order_number=text(dispute, "orderId"),
        transactions=tuple(filter(None, payments)),
        opened_at=instant(text(dispute, "openDate")),
        respond_by=instant(text(dispute, "respondByDate")),
        claim=text(dispute, "buyerProvided", "note"),
    )
