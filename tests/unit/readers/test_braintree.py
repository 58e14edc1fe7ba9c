"""Braintree's disputes."""

from datetime import UTC, datetime

from readings import only, xml

from evidence_service.domain.order import Money
from evidence_service.readers.order import braintree
from evidence_service.readers.sniff import XML

TEN = datetime(2026, 5, 1, 10, tzinfo=UTC)
BEGUN = (
    "<dispute><id>d1</id><amount>110.60</amount><currency-iso-code>USD</currency-iso-code>"
    '<kind>chargeback</kind><reason>fraud</reason><reply-by-date type="date">2026-05-11'
    "</reply-by-date><status>open</status>"
)


def hook(more):
    subject = f"<subject>{BEGUN}{more}</dispute></subject>"
    return xml(f"<notification><kind>dispute_opened</kind>{subject}</notification>")


class TestBraintree:
    def test_web_hook(self):
        reading = braintree.read(
            hook(
                "<amount-disputed>60.00</amount-disputed><reason-code>7030</reason-code>"
                '<created-at type="datetime">2026-05-01T10:00:00Z</created-at>'
                "<forwarded-comments>Not mine</forwarded-comments>"
                "<transaction><id>t1</id><order-id>A-17</order-id>"
                "<payment-instrument-subtype>American Express</payment-instrument-subtype>"
                "</transaction>"
            )
        )
        found = only(reading)

        assert reading.media_type == XML
        assert (found.reference, found.order_number, found.stage) == ("d1", "A-17", "chargeback")
        assert (found.reason, found.network_reason, found.network) == ("fraud", "7030", "amex")
        assert (found.amount, found.transactions) == (Money(6000, "USD"), ("t1",))
        assert (found.opened_at, found.claim) == (TEN, "Not mine")

    def test_a_day_without_a_zone_is_no_deadline(self):
        assert only(braintree.read(hook(""))).respond_by is None

    def test_an_order_may_be_nil(self):
        paid = '<transaction><id>t1</id><order-id nil="true"/></transaction>'

        found = only(braintree.read(hook(paid)))

        assert (found.order_number, found.amount) == ("", Money(11060, "USD"))

    def test_another_notification_is_none(self):
        assert (
            braintree.read(xml("<notification><subject><dispute/></subject></notification>"))
            is None
        )
