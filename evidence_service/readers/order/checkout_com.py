"""Checkout.com: disputes, one, in lists, and in web hooks.

Source: https://api-reference.checkout.com/#tag/Disputes, and answers in tests of its libraries;
https://www.checkout.com/docs/payments/accept-payments/format-the-amount-value (minor units).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.dispute import Dispute
from evidence_service.readers.instants import instant
from evidence_service.readers.order.records import disputes, minor
from evidence_service.readers.values import dig, records, text

if TYPE_CHECKING:
    from evidence_service.domain.reading import Reading

_MARKS = frozenset({"id", "category", "amount", "currency"})
_DISPUTE_ID = "dsp_"
# Its exceptions to two.
_DECIMALS = {
    **dict.fromkeys(
        (
            *("BIF", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG"),
            *("RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"),
        ),
        0,
    ),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}
_NETWORKS = {"american express": "amex"}


def read(value: Any) -> Reading | None:
    found = records(value, _MARKS, "data")
    known = (one for one in found if text(one, "id").startswith(_DISPUTE_ID))
    return disputes("checkout_com", map(_dispute, known))


def _dispute(dispute: dict[str, Any]) -> Dispute:
    """A list has the payment's fields in the dispute, one alone has them in its payment."""
    payment = dig(dispute, "payment")
    paid = text(payment, "id") or text(dispute, "payment_id")
    method = (text(payment, "method") or text(dispute, "payment_method")).lower()
    return Dispute(
        platform="checkout_com",
        reference=text(dispute, "id"),
        reason=text(dispute, "category"),
        network_reason=text(dispute, "reason_code"),
        status=text(dispute, "status"),
        amount=minor(text(dispute, "amount"), text(dispute, "currency"), _DECIMALS),
        order_number=text(payment, "reference") or text(dispute, "payment_reference"),
        transactions=tuple(filter(None, (paid,))),
        opened_at=instant(text(dispute, "received_on")),
        respond_by=instant(text(dispute, "evidence_required_by")),
        network=_NETWORKS.get(method, method),
    )
