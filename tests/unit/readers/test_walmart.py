"""Walmart's orders."""

from datetime import UTC, datetime

import pytest
from readings import only

from evidence_service.readers.order import walmart

TEN = datetime(2026, 5, 1, 10, tzinfo=UTC)
MILLISECONDS = int(TEN.timestamp()) * 1000


def order(**over):
    shipped = {"status": "Shipped", "trackingInfo": {"trackingNumber": "9400"}}
    return {
        "purchaseOrderId": "108",
        "customerOrderId": "200",
        "orderDate": MILLISECONDS,
        "shippingInfo": {
            "phone": "555",
            "estimatedDeliveryDate": MILLISECONDS,
            "postalAddress": {"name": "Ann", "city": "Dallas", "state": "TX"},
        },
        "orderLines": {
            "orderLine": [
                {
                    "item": {"sku": "S", "productName": "Cup"},
                    "orderLineQuantity": {"amount": "2"},
                    "charges": {"charge": [{"chargeAmount": {"amount": 19.99}}]},
                    "orderLineStatuses": {"orderLineStatus": shipped},
                }
            ]
        },
    } | over


class TestWalmart:
    @pytest.mark.parametrize(
        "wrap",
        [
            lambda one: one,
            lambda one: {"order": one},
            lambda one: {"list": {"meta": {}, "elements": {"order": [one]}}},
        ],
    )
    def test_however_it_is_wrapped(self, wrap):
        found = only(walmart.read(wrap(order())))

        assert (found.number, found.status, found.tracking_numbers) == ("108", "Shipped", ("9400",))
        assert (found.placed_at, found.promised_at) == (TEN, TEN)
        assert (found.ship_to.name, found.ship_to.city) == ("Ann", "Dallas, TX")
        assert [(one.name, one.quantity, one.sku) for one in found.lines] == [("Cup", 2, "S")]

    def test_no_sum_is_made_of_its_charges(self):
        found = walmart.read(order())

        assert (only(found).total, only(found).lines[0].price) == (None, None)
        assert found.warnings == ("order_total_unknown",)

    def test_a_web_hook_writes_its_time(self):
        assert only(walmart.read(order(orderDate=TEN.isoformat()))).placed_at == TEN

    def test_a_return_is_none(self):
        assert walmart.read({"returnOrderId": "R1", "customerOrderId": "200"}) is None
