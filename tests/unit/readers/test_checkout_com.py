"""Checkout.com's disputes."""

from datetime import UTC, datetime

from readings import only

from evidence_service.domain.order import Money
from evidence_service.readers.order import checkout_com

TEN = datetime(2026, 5, 1, 10, tzinfo=UTC)
WRITTEN = "2026-05-01T10:00:00Z"


def dispute(**over):
    return {
        "id": "dsp_1",
        "category": "fraudulent",
        "status": "evidence_required",
        "amount": 1040,
        "currency": "USD",
        "received_on": WRITTEN,
        "evidence_required_by": WRITTEN,
    } | over


class TestCheckoutCom:
    def test_one_has_its_payment(self):
        paid = {"id": "pay_1", "reference": "A-17", "method": "American Express"}

        found = only(checkout_com.read(dispute(reason_code="10.4", payment=paid)))

        assert (found.reference, found.order_number) == ("dsp_1", "A-17")
        assert (found.reason, found.network_reason) == ("fraudulent", "10.4")
        assert (found.amount, found.transactions) == (Money(1040, "USD"), ("pay_1",))
        assert (found.opened_at, found.respond_by, found.network) == (TEN, TEN, "amex")

    def test_a_list_has_the_payment_in_each(self):
        one = dispute(payment_id="pay_1", payment_reference="A-17", payment_method="Visa")

        found = only(checkout_com.read({"total_count": 1, "data": [one]}))

        assert (found.transactions, found.order_number, found.network) == (
            ("pay_1",),
            "A-17",
            "visa",
        )

    def test_amounts_in_its_own_smallest_units(self):
        found = only(checkout_com.read(dispute(amount=1000, currency="KWD")))
        assert found.amount.text == "1.000"

    def test_another_object_with_such_names_is_none(self):
        assert checkout_com.read(dispute(id="p_1")) is None
