"""eBay's claims under the Money Back Guarantee."""

from datetime import UTC, datetime

import pytest
from readings import only

from evidence_service.domain.order import Money
from evidence_service.readers.order import ebay_claim

TEN = datetime(2026, 5, 1, 10, tzinfo=UTC)
AT = {"value": "2026-05-01T10:00:00.000Z"}
AMOUNT = {"value": 61.2, "currency": "USD"}


class TestInquiry:
    def test_detail(self):
        found = only(
            ebay_claim.read(
                {
                    "inquiryId": "5",
                    "transactionId": "7",
                    "claimAmount": AMOUNT,
                    "sellerMakeItRightByDate": AT,
                    "inquiryDetails": {"creationDate": AT},
                    "inquiryHistoryDetails": {
                        "history": [
                            {"actor": "BUYER", "description": "Where is it?"},
                            {"actor": "SELLER", "description": "On its way"},
                        ]
                    },
                    "status": "PENDING",
                }
            )
        )

        assert (found.reference, found.reason) == ("5", "mbg_item_not_received")
        assert (found.amount, found.transactions) == (Money(6120, "USD"), ("7",))
        assert (found.opened_at, found.respond_by) == (TEN, TEN)
        assert (found.claim, found.status) == ("Where is it?", "PENDING")

    def test_members_of_a_search(self):
        one = {"inquiryId": 5, "claimAmount": AMOUNT, "respondByDate": AT, "creationDate": AT}

        found = only(ebay_claim.read({"members": [one | {"inquiryStatusEnum": "OPEN"}]}))

        assert (found.reference, found.status, found.respond_by) == ("5", "OPEN", TEN)


class TestCase:
    @pytest.mark.parametrize(
        ("over", "reason"),
        [
            ({"returnId": "9", "caseType": "X"}, "mbg_return_case"),
            ({"caseType": "X"}, "X"),
            ({}, ""),
        ],
    )
    def test_a_case_that_was_a_return_says_so(self, over, reason):
        found = only(ebay_claim.read({"caseId": "6", "claimAmount": AMOUNT} | over))

        assert (found.reference, found.reason) == ("6", reason)


class TestReturn:
    SUMMARY = {  # noqa: RUF012 - never changed
        "returnId": "8",
        "orderId": "26-1",
        "state": "ITEM_READY_TO_SHIP",
        "creationInfo": {
            "item": {"transactionId": "7"},
            "comments": {"content": "Broken "},
            "creationDate": AT,
        },
        "sellerTotalRefund": {"estimatedRefundAmount": AMOUNT},
        "sellerResponseDue": {"respondByDate": AT},
    }

    @pytest.mark.parametrize(
        "wrap", [lambda one: {"summary": one, "detail": {}}, lambda one: {"members": [one]}]
    )
    def test_however_it_is_wrapped(self, wrap):
        found = only(ebay_claim.read(wrap(self.SUMMARY)))

        assert (found.reference, found.order_number) == ("8", "26-1")
        assert (found.reason, found.amount) == ("mbg_return_case", Money(6120, "USD"))
        assert (found.opened_at, found.respond_by, found.claim) == (TEN, TEN, "Broken")


def test_a_cancellation_is_none():
    one = {"cancelId": "1", "legacyOrderId": "26-1", "cancelState": "CLOSED"}
    assert ebay_claim.read({"cancellations": [one]}) is None
