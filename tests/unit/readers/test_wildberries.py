"""Wildberries' orders."""

from datetime import UTC, datetime

import pytest
from readings import only

from evidence_service.domain.order import Money
from evidence_service.readers.order import wildberries

TEN = datetime(2026, 5, 1, 10, tzinfo=UTC)


def order(**over):
    return {
        "id": 138,
        "rid": "f88",
        "createdAt": "2026-05-01T10:00:00Z",
        "nmId": 123,
        "article": "ring-7",
        "price": 1014,
        "currencyCode": 933,
        "address": {"fullAddress": "г. Челябинск, д. 10А"},
    } | over


class TestWildberries:
    def test_an_order_is_one_piece(self):
        found = only(wildberries.read({"orders": [order()]}))

        assert (found.number, found.placed_at) == ("138", TEN)
        assert (found.total, found.ship_to.street) == (Money(1014, "BYN"), "г. Челябинск, д. 10А")
        assert [(one.quantity, one.sku) for one in found.lines] == [(1, "ring-7")]

    @pytest.mark.parametrize(
        ("over", "total"),
        [
            ({"finalPrice": 900}, Money(900, "BYN")),
            ({"currencyCode": 643}, Money(1014, "RUB")),
            ({"currencyCode": 999}, None),
        ],
    )
    def test_the_price_that_is_paid_in_the_currency_of_the_sale(self, over, total):
        assert only(wildberries.read(order(**over))).total == total

    def test_a_product_is_none(self):
        assert wildberries.read({"cards": [{"nmID": 1, "vendorCode": "ring-7"}]}) is None
