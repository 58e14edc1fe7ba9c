"""eBay: claims under its Money Back Guarantee, of the Post-Order API.

Inquiries about what did not arrive, returns, and the cases that either becomes; one, or the members
of a search.

Source: https://developer.ebay.com/Devzone/post-order (inquiry, return, casemanagement), and an
answer for a return. The amount of a return is what the seller would pay back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.dispute import Dispute
from evidence_service.readers.instants import instant
from evidence_service.readers.order.records import disputes, sum_of
from evidence_service.readers.values import dig, items, records, text

if TYPE_CHECKING:
    from datetime import datetime

    from evidence_service.domain.reading import Reading

_INQUIRY = frozenset({"inquiryId", "claimAmount"})
_CASE = frozenset({"caseId", "claimAmount"})
_RETURN = frozenset({"returnId", "orderId", "creationInfo"})
# All claims of a kind are answered alike, whatever the buyer chose as its reason.
_NOT_RECEIVED = "mbg_item_not_received"
_RETURNED = "mbg_return_case"


def read(value: Any) -> Reading | None:
    found = [
        *map(_inquiry, records(value, _INQUIRY, "members")),
        *map(_case, records(value, _CASE, "members")),
        *map(_return, records(value, _RETURN, "members", "summary")),
    ]
    return disputes("ebay_claim", found)


def _inquiry(claim: dict[str, Any]) -> Dispute:
    return _claim(claim, text(claim, "inquiryId"), _NOT_RECEIVED, "inquiry")


def _case(claim: dict[str, Any]) -> Dispute:
    reason = _RETURNED if text(claim, "returnId") else text(claim, "caseType")
    return _claim(claim, text(claim, "caseId"), reason, "case")


def _claim(claim: dict[str, Any], reference: str, reason: str, kind: str) -> Dispute:
    """What inquiries and cases have alike; `kind` is how the fields of their detail begin."""
    history = items(claim, f"{kind}HistoryDetails", "history")
    said = (text(one, "description") for one in history if text(one, "actor") == "BUYER")
    return Dispute(
        platform="ebay",
        reference=reference,
        reason=reason,
        status=text(claim, f"{kind}StatusEnum") or text(claim, "status"),
        amount=sum_of(dig(claim, "claimAmount"), "value", "currency"),
        transactions=tuple(filter(None, (text(claim, "transactionId"),))),
        opened_at=_at(claim, "creationDate") or _at(claim, f"{kind}Details", "creationDate"),
        respond_by=_at(claim, "respondByDate") or _at(claim, "sellerMakeItRightByDate"),
        claim="\n\n".join(filter(None, said)),
    )


def _return(claim: dict[str, Any]) -> Dispute:
    created = dig(claim, "creationInfo")
    refund = dig(claim, "sellerTotalRefund", "estimatedRefundAmount")
    return Dispute(
        platform="ebay",
        reference=text(claim, "returnId"),
        reason=_RETURNED,
        status=text(claim, "state"),
        amount=sum_of(refund, "value", "currency"),
        order_number=text(claim, "orderId"),
        transactions=tuple(filter(None, (text(created, "item", "transactionId"),))),
        opened_at=_at(created, "creationDate"),
        respond_by=_at(claim, "sellerResponseDue", "respondByDate"),
        claim=text(created, "comments", "content"),
    )


def _at(value: Any, *path: str) -> datetime | None:
    return instant(text(value, *path, "value"))
