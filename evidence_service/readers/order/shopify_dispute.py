"""Shopify Payments: disputes, the merchant's evidence for one, and a file uploaded for it.

Source: https://shopify.dev/docs/api/admin-rest/latest/resources/dispute, and its examples, and
https://shopify.dev/docs/api/admin-graphql/latest/objects/ShopifyPaymentsDispute. Evidence names the
dispute and nothing of it; an upload names only the evidence, so it has no reference.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.dispute import Dispute
from evidence_service.readers.instants import instant
from evidence_service.readers.order.records import disputes, sum_of
from evidence_service.readers.values import dig, records, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evidence_service.domain.reading import Reading

_DISPUTE = frozenset({"id", "order_id", "type", "amount", "currency", "reason", "evidence_due_by"})
_EVIDENCE = frozenset({"id", "payments_dispute_id", "uncategorized_text"})
_GRAPHQL = frozenset({"id", "evidenceDueBy"})
_GRAPHQL_ACCOUNT = ("data", "shopifyPaymentsAccount", "disputeEvidence")
_CONNECTED = ("dispute", "disputes", "node", "nodes", "edges")
_GRAPHQL_ID = "gid://shopify/ShopifyPaymentsDispute/"
_UPLOAD = frozenset({"id", "dispute_evidence_id", "dispute_evidence_type"})


def read(value: Any) -> Reading | None:
    found = [
        *map(_dispute, records(value, _DISPUTE, "dispute", "disputes")),
        *map(_of_evidence, records(value, _EVIDENCE, "dispute_evidence", "dispute_evidences")),
        *map(_of_graphql, _graphql(value)),
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


def _graphql(value: Any) -> Iterator[dict[str, Any]]:
    found = records(value, _GRAPHQL, *_GRAPHQL_ACCOUNT, *_CONNECTED)
    return (one for one in found if text(one, "id").startswith(_GRAPHQL_ID))


def _of_graphql(dispute: dict[str, Any]) -> Dispute:
    """In the words and numbers of the REST API; the order by its name, where it is asked for."""
    return Dispute(
        platform="shopify",
        reference=text(dispute, "id").removeprefix(_GRAPHQL_ID),
        reason=text(dispute, "reasonDetails", "reason").lower(),
        network_reason=text(dispute, "reasonDetails", "networkReasonCode"),
        stage=text(dispute, "type").lower(),
        status=text(dispute, "status").lower(),
        amount=sum_of(dig(dispute, "amount"), "amount", "currencyCode"),
        order_number=text(dispute, "order", "name") or text(dispute, "order", "legacyResourceId"),
        opened_at=instant(text(dispute, "initiatedAt")),
        respond_by=instant(text(dispute, "evidenceDueBy")),
    )


def _of_evidence(evidence: dict[str, Any]) -> Dispute:
    return Dispute(platform="shopify", reference=text(evidence, "payments_dispute_id"))


def _of_upload(_upload: dict[str, Any]) -> Dispute:
    return Dispute(platform="shopify", reference="")
