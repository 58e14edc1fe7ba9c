"""Mercado Libre's orders."""

from datetime import UTC, datetime

import pytest
from readings import only

from evidence_service.domain.order import Money
from evidence_service.readers.order import mercado_libre

TEN = datetime(2026, 5, 1, 10, tzinfo=UTC)
ORDER = {
    "id": 2000011882898554,
    "status": "paid",
    "total_amount": 79.04,
    "currency_id": "BRL",
    "date_created": "2026-05-01T06:00:00.000-04:00",
    "buyer": {"id": 23, "nickname": "SA20"},
    "order_items": [
        {
            "item": {
                "title": "Cup",
                "variation_attributes": [{"value_name": "Rosa"}],
                "seller_sku": "S",
            },
            "quantity": 2,
            "unit_price": 39.52,
        }
    ],
}


class TestMercadoLibre:
    @pytest.mark.parametrize(
        "wrap", [lambda one: one, lambda one: {"results": [one], "paging": {}}]
    )
    def test_however_it_is_wrapped(self, wrap):
        found = only(mercado_libre.read(wrap(ORDER)))

        assert (found.number, found.status, found.placed_at) == ("2000011882898554", "paid", TEN)
        assert (found.total, found.identity) == (Money(7904, "BRL"), {"account": "23"})
        assert [(one.name, one.quantity, one.sku) for one in found.lines] == [("Cup, Rosa", 2, "S")]
        assert found.lines[0].price == Money(3952, "BRL")

    def test_a_pack_is_none(self):
        assert mercado_libre.read({"id": 1, "orders": [{"id": 2}], "status": "released"}) is None
