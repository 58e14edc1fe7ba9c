"""Allegro's orders."""

from datetime import UTC, datetime

import pytest
from readings import only

from evidence_service.domain.order import Money
from evidence_service.readers.order import allegro

TEN = datetime(2026, 5, 1, 10, tzinfo=UTC)
WRITTEN = "2026-05-01T10:00:00.000Z"
PRICE = {"amount": "49.99", "currency": "PLN"}


def order(**over):
    return {
        "id": "29738e61",
        "buyer": {"login": "jan", "email": "jan@test.pl", "phoneNumber": "555"},
        "status": "READY_FOR_PROCESSING",
        "fulfillment": {"status": "SENT"},
        "delivery": {
            "address": {"firstName": "Jan", "lastName": "Kowalski", "city": "Poznań"},
            "time": {"to": WRITTEN},
        },
        "lineItems": [
            {
                "offer": {"name": "Cup", "external": {"id": "S"}},
                "quantity": 2,
                "price": PRICE,
                "boughtAt": at,
            }
            for at in ("2026-05-01T10:00:03.000Z", WRITTEN)
        ],
        "summary": {"totalToPay": {"amount": "212.95", "currency": "PLN"}},
    } | over


class TestAllegro:
    @pytest.mark.parametrize("wrap", [lambda one: one, lambda one: {"checkoutForms": [one]}])
    def test_however_it_is_wrapped(self, wrap):
        found = only(allegro.read(wrap(order())))

        assert (found.number, found.status) == ("29738e61", "READY_FOR_PROCESSING, SENT")
        assert (found.total, found.lines[0].price) == (Money(21295, "PLN"), Money(4999, "PLN"))
        assert (found.lines[0].quantity, found.lines[0].sku) == (2, "S")
        assert (found.ship_to.name, found.ship_to.city) == ("Jan Kowalski", "Poznań")
        assert found.identity == {"account": "jan", "email": "jan@test.pl", "phone": "555"}

    def test_it_was_placed_when_the_first_line_was_bought(self):
        found = only(allegro.read(order()))
        assert (found.placed_at, found.promised_at) == (TEN, TEN)

    def test_an_event_about_one_is_none(self):
        event = {"id": "1", "type": "BOUGHT", "order": {"buyer": {}, "lineItems": []}}
        assert allegro.read({"events": [event]}) is None
