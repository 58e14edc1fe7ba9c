"""Square: disputes, alone, in lists, and in the events of web hooks.

Source: https://developer.squareup.com/reference/square/objects/Dispute, and examples of its
libraries. Before 2020 a dispute had its number as `dispute_id`, and several payments.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.dispute import Dispute
from evidence_service.readers.instants import instant
from evidence_service.readers.order.records import disputes, minor
from evidence_service.readers.values import dig, items, records, text

if TYPE_CHECKING:
    from evidence_service.domain.reading import Reading

_MARKS = frozenset({"amount_money", "reason", "state", "due_at"})
# Of the currencies that it takes.
_DECIMALS = {"JPY": 0}


def read(value: Any) -> Reading | None:
    found = records(value, _MARKS, "events", "data", "object", "dispute", "disputes")
    return disputes("square", map(_dispute, found))


def _dispute(dispute: dict[str, Any]) -> Dispute:
    amount = dig(dispute, "amount_money")
    paid = (*items(dispute, "disputed_payment"), *items(dispute, "disputed_payments"))
    payments = (text(one, "payment_id") for one in paid)
    return Dispute(
        platform="square",
        reference=text(dispute, "id") or text(dispute, "dispute_id"),
        reason=text(dispute, "reason"),
        status=text(dispute, "state"),
        amount=minor(text(amount, "amount"), text(amount, "currency"), _DECIMALS),
        transactions=tuple(filter(None, payments)),
        opened_at=instant(text(dispute, "created_at")),
        respond_by=instant(text(dispute, "due_at")),
        network=text(dispute, "card_brand").lower(),
    )
