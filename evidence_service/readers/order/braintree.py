"""Braintree: disputes in the XML of its web hooks, as they are once decoded, and of its answers.

Source: https://developer.paypal.com/braintree/docs/reference/response/dispute, and documents in
tests of its libraries. The day to reply by has neither hour nor zone: no deadline is read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.dispute import Dispute
from evidence_service.readers.instants import instant
from evidence_service.readers.order.records import disputes, money
from evidence_service.readers.sniff import XML
from evidence_service.readers.values import dig, elements, records, text

if TYPE_CHECKING:
    from xml.etree import ElementTree as ET

    from evidence_service.domain.reading import Reading

_MARKS = frozenset({"id", "currency-iso-code", "reason", "reply-by-date"})
_NETWORKS = {"american express": "amex"}


def read(root: ET.Element) -> Reading | None:
    found = records(elements(root, "dispute"), _MARKS)
    return disputes("braintree", map(_dispute, found), XML)


def _dispute(dispute: dict[str, Any]) -> Dispute:
    payment = dig(dispute, "transaction")
    method = text(payment, "payment-instrument-subtype").lower()
    return Dispute(
        platform="braintree",
        reference=text(dispute, "id"),
        reason=text(dispute, "reason"),
        network_reason=text(dispute, "reason-code"),
        stage=text(dispute, "kind"),
        status=text(dispute, "status"),
        amount=money(
            text(dispute, "amount-disputed") or text(dispute, "amount"),
            text(dispute, "currency-iso-code"),
        ),
        order_number=text(payment, "order-id"),
        transactions=tuple(filter(None, (text(payment, "id"),))),
        opened_at=instant(text(dispute, "created-at")),
        claim=text(dispute, "forwarded-comments"),
        network=_NETWORKS.get(method, method),
    )
