"""Shopify Payments: disputes, the merchant's evidence for one, and a file uploaded for it.

Source: https://shopify.dev/docs/api/admin-rest/latest/resources/dispute, and its examples. Evidence
names the dispute and nothing of it; an upload names only the evidence, so it has no reference.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.dispute import Dispute
from evidence_service.readers.instants import instant
from evidence_service.readers.order.records import disputes, sum_of
from evidence_service.readers.values import records, text

if TYPE_CHECKING:
    from evidence_service.domain.reading import Reading

_DISPUTE = frozenset({"id", "order_id", "type", "amount", "currency", "reason", "evidence_due_by"})
_EVIDENCE = frozenset({"id", "payments_dispute_id", "uncategorized_text"})
_UPLOAD = frozenset({"id", "dispute_evidence_id", "dispute_evidence_type"})


def read(value: Any) -> Reading | None:
    found = [
        *map(_dispute, records(value, _DISPUTE, "dispute", "disputes")),
        *map(_of_evidence, records(value, _EVIDENCE, "dispute_evidence", "dispute_evidences")),
        *map(_of_upload, records(value, _UPLOAD, "dispute_file_upload", "dispute_file_uploads")),
    ]
    return disputes("shopify_dispute", found)


def _dispute(dispute: dict[str, Any]) -> Dispute:
    return Dispute(
        platform="shopify",
        reference=text(dispute, "id"),
        reason=text(dispute, "reason"),
        network_reason=text(dispute, "network_reason_code"),
        stage=text(dispute, "type"),
        status=text(dispute, "status"),
        amount=sum_of(dispute, "amount", "currency"),
        order_number=text(dispute, "order_id"),
        opened_at=instant(text(dispute, "initiated_at")),
        respond_by=instant(text(dispute, "evidence_due_by")),
    )


def _of_evidence(evidence: dict[str, Any]) -> Dispute:
    return Dispute(platform="shopify", reference=text(evidence, "payments_dispute_id"))


def _of_upload(_upload: dict[str, Any]) -> Dispute:
    return Dispute(platform="shopify", reference="")
