"""AliExpress issues."""

from readings import only

from evidence_service.domain.order import Money
from evidence_service.readers.order import aliexpress_issue


def answer(**over):
    issue = {"id": 63, "issue_status": "processing", "order_id": 2} | over
    return {"aliexpress_issue_detail_get_response": {"result_object": issue}}


class TestAliExpressIssue:
    def test_what_the_buyer_asked_for_last_is_the_amount(self):
        asked = [
            {"gmt_create": "2026-05-01 10:00:00", "refund_money": "10.00"},
            {"gmt_create": "2026-05-03 10:00:00", "refund_money": "5.00"},
        ]
        money = [one | {"refund_money_currency": "BRL"} for one in asked]

        found = only(aliexpress_issue.read(answer(buyer_solution_list={"solution_api_dto": money})))

        assert found.amount == Money(500, "BRL")

    def test_the_claim_is_what_the_buyer_said(self):
        steps = [
            {"submit_member_type": "buyer", "content": "Not received"},
            {"submit_member_type": "seller", "content": "Sent"},
        ]
        process = {"api_issue_process_dto": steps}

        found = only(aliexpress_issue.read(answer(process_dto_list=process, issue_reason_id=115)))

        assert (found.claim, found.reason, found.opened_at) == ("Not received", "115", None)

    def test_the_order_is_the_one_the_buyer_placed(self):
        assert only(aliexpress_issue.read(answer())).order_number == "2"
        assert only(aliexpress_issue.read(answer(parent_order_id=1))).order_number == "1"

    def test_another_answer_is_none(self):
        other = {"aliexpress_issue_solution_agree_response": {"result_object": True}}
        assert aliexpress_issue.read(other) is None
