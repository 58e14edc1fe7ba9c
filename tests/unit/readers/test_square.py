"""Square's disputes."""

from datetime import UTC, datetime

import pytest
from readings import only

from evidence_service.domain.order import Money
from evidence_service.readers.order import square

TEN = datetime(2026, 5, 1, 10, tzinfo=UTC)
WRITTEN = "2026-05-01T10:00:00.000Z"


def dispute(**over):
    return {
        "id": "D1",
        "amount_money": {"amount": 8804, "currency": "USD"},
        "card_brand": "VISA",
        "created_at": WRITTEN,
        "disputed_payment": {"payment_id": "P1"},
        "due_at": WRITTEN,
        "reason": "NO_KNOWLEDGE",
        "state": "EVIDENCE_REQUIRED",
    } | over


class TestSquare:
    @pytest.mark.parametrize(
        "wrap",
        [
            lambda one: one,
            lambda one: {"dispute": one},
            lambda one: {"disputes": [one], "cursor": "x"},
            lambda one: {"type": "dispute.created", "data": {"object": {"dispute": one}}},
            lambda one: {"events": [{"data": {"object": {"dispute": one}}}]},
        ],
    )
    def test_however_it_is_wrapped(self, wrap):
        found = only(square.read(wrap(dispute())))

        assert (found.reference, found.reason, found.status) == (
            "D1",
            "NO_KNOWLEDGE",
            "EVIDENCE_REQUIRED",
        )
        assert (found.amount, found.transactions) == (Money(8804, "USD"), ("P1",))
        assert (found.opened_at, found.respond_by, found.network) == (TEN, TEN, "visa")

    def test_a_yen_has_no_parts(self):
        found = only(square.read(dispute(amount_money={"amount": 500, "currency": "JPY"})))
        assert found.amount == Money(500, "JPY")

    def test_one_of_before_2020(self):
        old = dispute(dispute_id="D0", disputed_payments=[{"payment_id": "P0"}])
        del old["id"], old["disputed_payment"]

        found = only(square.read({"dispute": old}))

        assert (found.reference, found.transactions) == ("D0", ("P0",))

    def test_a_payment_is_none(self):
        paid = {"id": "P1", "amount_money": {"amount": 1, "currency": "USD"}, "status": "COMPLETED"}
        assert square.read({"payment": paid}) is None
