"""AliExpress: the detail of an issue, which is what it calls a dispute (`issue.detail.get`).

Source: https://openservice.aliexpress.com, the model of its library, and an answer. Times have no
zone, the day to answer is not told; the amount is what the buyer asked for last.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.dispute import Dispute
from evidence_service.readers.order.records import disputes, sum_of
from evidence_service.readers.values import dig, items, records, text

if TYPE_CHECKING:
    from evidence_service.domain.reading import Reading

_MARKS = frozenset({"id", "issue_status", "order_id"})
_ANSWER = "aliexpress_issue_detail_get_response"


def read(value: Any) -> Reading | None:
    return disputes(
        "aliexpress_issue", map(_dispute, records(dig(value, _ANSWER), _MARKS, "result_object"))
    )


def _dispute(issue: dict[str, Any]) -> Dispute:
    asked = items(issue, "buyer_solution_list", "solution_api_dto")
    last = max(asked, key=lambda one: text(one, "gmt_create"), default=None)
    steps = items(issue, "process_dto_list", "api_issue_process_dto")
    said = (text(one, "content") for one in steps if text(one, "submit_member_type") == "buyer")
    return Dispute(
        platform="aliexpress",
        reference=text(issue, "id"),
        reason=text(issue, "issue_reason") or text(issue, "issue_reason_id"),
        status=text(issue, "issue_status"),
        amount=sum_of(last, "refund_money", "refund_money_currency"),
        order_number=text(issue, "parent_order_id") or text(issue, "order_id"),
        claim="\n\n".join(filter(None, said)),
    )
