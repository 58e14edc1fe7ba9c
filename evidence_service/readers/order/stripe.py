"""Stripe: disputes, alone, in lists, and in the events of web hooks.

Source: https://docs.stripe.com/api/disputes/object and https://docs.stripe.com/currencies (which
amounts have no minor unit), and an object of its specification.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.dispute import Dispute
from evidence_service.readers.instants import epoch
from evidence_service.readers.order.records import disputes, minor
from evidence_service.readers.values import dig, records, text

if TYPE_CHECKING:
    from datetime import datetime

    from evidence_service.domain.reading import Reading

_MARKS = frozenset({"object", "id", "amount", "currency", "reason", "status"})
_PAYMENTS = ("charge", "payment_intent")
# Stripe's own lists; ISK and UGX still have two, although ISO 4217 took them away.
_DECIMALS = {
    **dict.fromkeys(
        (
            *("BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA"),
            *("PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"),
        ),
        0,
    ),
    **dict.fromkeys(("BHD", "JOD", "KWD", "OMR", "TND"), 3),
}


def read(value: Any) -> Reading | None:
    found = records(value, _MARKS, "data", "object")
    return disputes("stripe", (_dispute(one) for one in found if one["object"] == "dispute"))


def _dispute(dispute: dict[str, Any]) -> Dispute:
    payments = (text(dispute, name) or text(dispute, name, "id") for name in _PAYMENTS)
    kind = text(dispute, "payment_method_details", "type")
    method = dig(dispute, "payment_method_details", kind)
    return Dispute(
        platform="stripe",
        reference=text(dispute, "id"),
        reason=text(dispute, "reason"),
        network_reason=text(dispute, "network_reason_code") or text(method, "network_reason_code"),
        stage=text(method, "case_type"),
        status=text(dispute, "status"),
        amount=minor(text(dispute, "amount"), text(dispute, "currency"), _DECIMALS),
        order_number=_order_number(dispute),
        transactions=tuple(filter(None, payments)),
        opened_at=_instant(dispute, "created"),
        respond_by=_instant(dispute, "evidence_details", "due_by"),
    )


def _order_number(dispute: dict[str, Any]) -> str:
    """What shops write beside their payments, where they do."""
    known = (text(dispute, "metadata", name) for name in ("order_number", "order_id", "order"))
    return next(filter(None, known), "")


def _instant(dispute: dict[str, Any], *path: str) -> datetime | None:
    seconds = dig(dispute, *path)
    return epoch(seconds) if isinstance(seconds, int) else None
