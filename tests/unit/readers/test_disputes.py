"""Disputes as payment providers and platforms record them."""

from datetime import UTC, datetime

import pytest
from readings import only

from evidence_service.domain.evidence import EvidenceKind
from evidence_service.domain.order import Money
from evidence_service.domain.reading import Reading
from evidence_service.readers.order import adyen, ebay_dispute, paypal, shopify_dispute, stripe

TEN = datetime(2026, 5, 1, 10, tzinfo=UTC)
SECONDS = int(TEN.timestamp())


def stripe_dispute(**over):
    return {
        "id": "dp_1",
        "object": "dispute",
        "amount": 1000,
        "currency": "usd",
        "charge": "ch_1",
        "payment_intent": None,
        "created": SECONDS,
        "reason": "product_not_received",
        "status": "needs_response",
        "evidence_details": {"due_by": SECONDS},
        "metadata": {"order_id": "1001"},
        "payment_method_details": {"type": "card", "card": {"network_reason_code": "13.1"}},
    } | over


class TestStripe:
    @pytest.mark.parametrize(
        "wrap",
        [
            lambda one: one,
            lambda one: {"object": "list", "data": [one]},
            lambda one: {"object": "event", "data": {"object": one}},
        ],
    )
    def test_however_it_is_wrapped(self, wrap):
        found = stripe.read(wrap(stripe_dispute()))

        assert found.kind is EvidenceKind.ADDITIONAL_INFORMATION
        assert (only(found).reference, only(found).amount) == ("dp_1", Money(1000, "USD"))
        assert (only(found).opened_at, only(found).respond_by) == (TEN, TEN)
        assert (only(found).reason, only(found).network_reason) == ("product_not_received", "13.1")
        assert (only(found).order_number, only(found).transactions) == ("1001", ("ch_1",))

    @pytest.mark.parametrize(
        ("currency", "text"),
        [("jpy", "1000"), ("kwd", "1.000"), ("eur", "10.00"), ("isk", "10")],
    )
    def test_amounts_in_its_own_smallest_units(self, currency, text):
        assert only(stripe.read(stripe_dispute(currency=currency))).amount.text == text

    def test_the_order_may_be_named_by_the_expanded_charge(self):
        told = stripe_dispute(metadata={}, charge={"id": "ch_2", "metadata": {"order_id": "A-17"}})
        assert only(stripe.read(told)).order_number == "A-17"

    def test_woopayments_answers_the_order_beside_it(self):
        told = stripe_dispute(metadata={}, order={"number": "123"})
        assert only(stripe.read(told)).order_number == "123"

    def test_an_expanded_charge(self):
        assert only(stripe.read(stripe_dispute(charge={"id": "ch_2"}))).transactions == ("ch_2",)

    @pytest.mark.parametrize("kind", ["charge", "refund", "review"])
    def test_another_object_is_no_dispute(self, kind):
        assert stripe.read(stripe_dispute(object=kind)) is None


class TestPayPal:
    dispute = {  # noqa: RUF012 - never changed
        "dispute_id": "PP-D-1",
        "create_time": "2026-05-01T10:00:00.000Z",
        "status": "WAITING_FOR_SELLER_RESPONSE",
        "reason": "MERCHANDISE_OR_SERVICE_NOT_RECEIVED",
        "dispute_amount": {"currency_code": "USD", "value": "96.00"},
        "dispute_life_cycle_stage": "CHARGEBACK",
        "seller_response_due_date": "2026-05-01T10:00:00.000Z",
        "disputed_transactions": [{"seller_transaction_id": "3BC", "invoice_number": "1001"}],
        "messages": [
            {"posted_by": "BUYER", "content": "Where is it?"},
            {"posted_by": "SELLER", "content": "On its way."},
            {"posted_by": "BUYER", "content": "Still not here."},
        ],
    }

    def test_details(self):
        found = only(paypal.read(self.dispute))

        assert (found.reference, found.amount) == ("PP-D-1", Money(9600, "USD"))
        assert (found.opened_at, found.respond_by) == (TEN, TEN)
        assert (found.order_number, found.transactions) == ("1001", ("3BC",))

    def test_the_claim_is_what_the_buyer_said(self):
        assert only(paypal.read(self.dispute)).claim == "Where is it?\n\nStill not here."

    def test_a_list_has_less_of_each(self):
        short = {"dispute_id": "PP-D-2", "status": "OPEN"}

        found = paypal.read({"items": [self.dispute, short], "links": []})

        assert [one.reference for one in found.contents] == ["PP-D-1", "PP-D-2"]


class TestShopify:
    dispute = {  # noqa: RUF012 - never changed
        "id": 1052608616,
        "order_id": 625362839,
        "type": "chargeback",
        "amount": "100.00",
        "currency": "USD",
        "reason": "fraudulent",
        "network_reason_code": "4837",
        "status": "needs_response",
        "evidence_due_by": "2026-05-01T06:00:00-04:00",
        "initiated_at": "2026-05-01T06:00:00-04:00",
    }

    @pytest.mark.parametrize(
        "wrap", [lambda o: o, lambda o: {"dispute": o}, lambda o: {"disputes": [o]}]
    )
    def test_however_it_is_wrapped(self, wrap):
        found = only(shopify_dispute.read(wrap(self.dispute)))

        assert (found.reference, found.order_number) == ("1052608616", "625362839")
        assert (found.amount, found.respond_by) == (Money(10000, "USD"), TEN)
        assert found.facts == {"platform:shopify", "reason:fraudulent"}

    def test_evidence_names_the_dispute(self):
        evidence = {"id": 1, "payments_dispute_id": 598735659, "uncategorized_text": None}

        found = only(shopify_dispute.read({"dispute_evidence": evidence}))

        assert (found.reference, found.facts) == ("598735659", {"platform:shopify"})

    def test_an_upload_does_not(self):
        upload = {"id": 1, "dispute_evidence_id": 2, "dispute_evidence_type": "uncategorized_file"}

        assert only(shopify_dispute.read({"dispute_file_upload": upload})).reference == ""


class TestEBay:
    dispute = {  # noqa: RUF012 - never changed
        "paymentDisputeId": "5000",
        "paymentDisputeStatus": "ACTION_NEEDED",
        "orderId": "07-1",
        "reason": "ITEM_NOT_RECEIVED",
        "amount": {"value": "12.0", "currency": "USD"},
        "openDate": "2026-05-01T10:00:00.000Z",
        "respondByDate": "2026-05-01T10:00:00.000Z",
        "buyerProvided": {"note": "Never came"},
    }

    @pytest.mark.parametrize("wrap", [lambda o: o, lambda o: {"paymentDisputeSummaries": [o]}])
    def test_however_it_is_wrapped(self, wrap):
        found = only(ebay_dispute.read(wrap(self.dispute)))

        assert (found.reference, found.order_number) == ("5000", "07-1")
        assert (found.amount, found.respond_by, found.claim) == (
            Money(1200, "USD"),
            TEN,
            "Never came",
        )


class TestAdyen:
    def read(self, event, wrap=lambda one: {"live": "false", "notificationItems": [one]}):
        item = {
            "eventCode": event,
            "eventDate": "2026-05-01T12:00:00+02:00",
            "pspReference": "9915",
            "originalReference": "9913",
            "merchantReference": "1001",
            "reason": "Merchandise/Services Not Received",
            "amount": {"currency": "IDR", "value": 1000},
            "additionalData": {
                "chargebackReasonCode": "13.1",
                "disputeStatus": "Undefended",
                "defensePeriodEndsAt": "2026-05-01T12:00:00+02:00",
            },
        }
        return adyen.read(wrap({"NotificationRequestItem": item}))

    def test_chargeback(self):
        found = only(self.read("CHARGEBACK"))

        assert (found.reference, found.order_number, found.transactions) == (
            "9915",
            "1001",
            ("9913",),
        )
        assert (found.amount.text, found.network_reason) == ("1000.00", "13.1")
        assert (found.opened_at, found.respond_by) == (TEN, TEN)

    def test_one_notification_alone(self):
        assert only(self.read("CHARGEBACK", wrap=lambda one: one)).reference == "9915"

    def test_another_notification_is_no_dispute(self):
        assert self.read("AUTHORISATION") is None


@pytest.mark.parametrize("over", [{}, {"amount": None, "created": None, "evidence_details": None}])
def test_survives_as_plain_values(over):
    found = stripe.read(stripe_dispute(**over))

    assert Reading.from_plain(found.to_plain()) == found


class TestShopifyGraphql:
    @pytest.mark.parametrize(
        "wrap",
        [
            lambda one: {"dispute": one},
            lambda one: {"data": {"disputes": {"edges": [{"node": one}]}}},
            lambda one: {"data": {"shopifyPaymentsAccount": {"disputes": {"nodes": [one]}}}},
            lambda one: {"disputeEvidence": {"dispute": one}},
        ],
    )
    def test_a_dispute_is_told_in_the_words_of_the_rest_interface(self, wrap):
        one = {
            "id": "gid://shopify/ShopifyPaymentsDispute/7",
            "amount": {"amount": "11.5", "currencyCode": "USD"},
            "evidenceDueBy": "2026-05-01T06:00:00-04:00",
            "reasonDetails": {"reason": "FRAUDULENT", "networkReasonCode": "10.4"},
            "status": "NEEDS_RESPONSE",
            "type": "CHARGEBACK",
            "order": {"name": "#1001"},
        }
        dispute = only(shopify_dispute.read(wrap(one)))
        assert (dispute.reference, dispute.order_number) == ("7", "#1001")
        assert (dispute.reason, dispute.network_reason) == ("fraudulent", "10.4")
        assert (dispute.stage, dispute.status) == ("chargeback", "needs_response")
        assert dispute.amount == Money(1150, "USD")
        assert dispute.respond_by == TEN


class TestStripeEvent:
    def test_a_disputes_event_needs_no_word_on_what_it_holds(self):
        held = {"id": "dp_1", "charge": "ch_1", "amount": 1000, "currency": "usd", "status": "lost"}
        event = {"type": "charge.dispute.closed", "data": {"object": held}}
        dispute = only(stripe.read(event))
        assert (dispute.reference, dispute.amount) == ("dp_1", Money(1000, "USD"))

    def test_another_event_with_such_an_object_is_none(self):
        held = {"id": "re_1", "amount": 1000, "currency": "usd", "status": "succeeded"}
        assert stripe.read({"type": "charge.refunded", "data": {"object": held}}) is None
