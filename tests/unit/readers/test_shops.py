"""Orders of marketplaces and shop programs."""

from datetime import UTC, datetime

import pytest
from readings import only, xml

from evidence_service.domain.order import Money
from evidence_service.readers.order import (
    amazon,
    bigcommerce,
    ebay,
    etsy,
    lazada,
    magento,
    paypal_order,
    shopee,
    tiktok,
    woocommerce,
)

TEN = datetime(2026, 5, 1, 10, tzinfo=UTC)
SECONDS = 1777629600


class TestShopee:
    def test_an_answer_of_v2(self):
        item = {
            "item_name": "Cup",
            "model_name": "Red",
            "model_sku": "C1",
            "model_quantity_purchased": 3,
            "model_discounted_price": "38.90",
        }
        order = {
            "order_sn": "26A",
            "order_status": "COMPLETED",
            "create_time": SECONDS,
            "currency": "BRL",
            "total_amount": "116.70",
            "buyer_username": "ann",
            "item_list": [item],
        }
        found = only(shopee.read({"response": {"order_list": [order]}}))
        (line,) = found.lines

        assert (found.number, found.status, found.placed_at) == ("26A", "COMPLETED", TEN)
        assert found.total == Money(11670, "BRL")
        assert (line.name, line.quantity, line.price) == ("Cup, Red", 3, Money(3890, "BRL"))

    def test_an_answer_of_v1(self):
        order = {
            "ordersn": "26A",
            "order_status": "SHIPPED",
            "create_time": SECONDS,
            "tracking_no": "T1",
            "items": [{"item_name": "Cup", "variation_quantity_purchased": 2}],
        }
        found = shopee.read({"orders": [order]})

        assert (only(found).number, only(found).tracking_numbers) == ("26A", ("T1",))
        assert only(found).lines[0].quantity == 2
        assert found.warnings == ("order_total_unknown",)

    def test_a_list_of_numbers_is_no_order(self):
        assert shopee.read({"response": {"order_list": [{"order_sn": "26A"}]}}) is None


class TestLazada:
    def test_an_order_does_not_name_its_currency(self):
        order = {
            "order_id": 1,
            "order_number": 2,
            "created_at": "2026-05-01 17:00:00 +0700",
            "statuses": ["shipped", "delivered"],
            "price": "159.00",
            "address_shipping": {"first_name": "Ann", "address1": "A", "address3": "B"},
        }
        found = lazada.read({"data": {"orders": [order]}})

        assert (only(found).number, only(found).placed_at) == ("2", TEN)
        assert (only(found).status, only(found).ship_to.street) == ("shipped, delivered", "A, B")
        assert found.warnings == ("order_total_unknown",)


class TestTikTok:
    def test_a_line_is_one_piece(self):
        bought = {"product_name": "Tee", "sku_name": "M", "sale_price": "119", "currency": "MYR"}
        order = {
            "id": "57",
            "status": "COMPLETED",
            "create_time": SECONDS,
            "payment": {"currency": "MYR", "total_amount": "119", "sub_total": "119"},
            "line_items": [bought | {"tracking_number": "J1"}] * 2,
        }
        found = only(tiktok.read({"data": {"orders": [order]}}))

        assert (found.placed_at, found.total) == (TEN, Money(11900, "MYR"))
        assert [line.quantity for line in found.lines] == [1, 1]
        assert found.tracking_numbers == ("J1",)

    def test_an_older_answer(self):
        order = {
            "order_id": "57",
            "order_status": 130,
            "create_time": f"{SECONDS}000",
            "payment_info": {"currency": "GBP", "total_amount": 12.5},
            "item_list": [{"product_name": "Tee", "quantity": 2, "sku_sale_price": 6.25}],
        }
        found = only(tiktok.read({"data": {"order_list": [order]}}))

        assert (found.number, found.status, found.placed_at) == ("57", "130", TEN)
        assert (found.total, found.lines[0].price) == (Money(1250, "GBP"), Money(625, "GBP"))

    def test_another_payment_is_no_order(self):
        assert tiktok.read({"id": "1", "status": "x", "payment": {"id": "p"}}) is None


MAGENTO = {
    "increment_id": "0001",
    "grand_total": 165,
    "order_currency_code": "USD",
    "created_at": "2026-05-01 10:00:00",
    "status": "pending",
}


class TestMagento:
    def test_a_chosen_variant_is_no_line_of_its_own(self):
        bought = [
            {"item_id": 1, "name": "Tee", "qty_ordered": 2, "price": 22, "sku": "T"},
            {"item_id": 2, "name": "Tee-M", "qty_ordered": 2, "price": 0, "parent_item_id": 1},
        ]
        address = {"firstname": "Jane", "lastname": "Doe", "street": ["1 A St", "2"]}
        more = {"shipping_assignments": [{"shipping": {"address": address}}]}
        found = only(magento.read(MAGENTO | {"items": bought, "extension_attributes": more}))

        assert (found.placed_at, found.total) == (TEN, Money(16500, "USD"))
        assert [(line.name, line.price) for line in found.lines] == [("Tee", Money(2200, "USD"))]
        assert (found.ship_to.name, found.ship_to.street) == ("Jane Doe", "1 A St, 2")

    def test_a_list(self):
        assert only(magento.read({"items": [MAGENTO], "total_count": 1})).number == "0001"

    def test_an_invoice_is_no_order(self):
        invoice = {name: one for name, one in MAGENTO.items() if name != "status"}

        assert magento.read(invoice | {"state": 2, "order_id": 3}) is None


BIGCOMMERCE = {
    "id": 100,
    "date_created": "Fri, 01 May 2026 10:00:00 +0000",
    "status_id": 11,
    "status": "Shipped",
    "total_inc_tax": "138.9500",
    "currency_code": "USD",
    "customer_id": 0,
}


class TestBigCommerce:
    def test_links_are_not_lines(self):
        links = {name: {"url": "https://x.test"} for name in ("products", "shipping_addresses")}
        found = only(bigcommerce.read([BIGCOMMERCE | links]))

        assert (found.placed_at, found.total) == (TEN, Money(13895, "USD"))
        assert (found.lines, found.ship_to, found.identity) == ((), None, {})

    def test_whole_products(self):
        product = {"name": "Cup", "quantity": 2, "price_inc_tax": "5.0000"}
        to = {"first_name": "Ann", "country_iso2": "US"}
        found = only(
            bigcommerce.read(BIGCOMMERCE | {"products": [product], "shipping_addresses": [to]})
        )

        assert found.lines[0].price == Money(500, "USD")
        assert (found.ship_to.name, found.ship_to.country) == ("Ann", "US")


class TestEtsy:
    def test_a_receipt_of_v3(self):
        receipt = {
            "receipt_id": 42,
            "create_timestamp": SECONDS,
            "grandtotal": {"amount": 4900, "divisor": 100, "currency_code": "GBP"},
            "transactions": [
                {
                    "title": "Mug",
                    "quantity": 2,
                    "price": {"amount": 2450, "divisor": 100, "currency_code": "GBP"},
                }
            ],
            "shipments": [{"tracking_code": "AB1"}],
        }
        found = only(etsy.read({"count": 1, "results": [receipt]}))

        assert (found.number, found.placed_at, found.total) == ("42", TEN, Money(4900, "GBP"))
        assert (found.lines[0].price, found.tracking_numbers) == (Money(2450, "GBP"), ("AB1",))

    def test_a_receipt_of_v2(self):
        receipt = {
            "receipt_id": 42,
            "creation_tsz": SECONDS,
            "grandtotal": "49.00",
            "currency_code": "GBP",
        }

        assert only(etsy.read({"results": [receipt]})).total == Money(4900, "GBP")


class TestPayPal:
    def test_an_order(self):
        unit = {
            "invoice_id": "INV-1",
            "amount": {"currency_code": "USD", "value": "30.00"},
            "items": [
                {
                    "name": "Cup",
                    "quantity": "2",
                    "unit_amount": {"currency_code": "USD", "value": "15.00"},
                }
            ],
            "shipping": {"name": {"full_name": "Ann"}, "address": {"admin_area_2": "X"}},
        }
        order = {
            "id": "5O1",
            "status": "COMPLETED",
            "create_time": "2026-05-01T10:00:00Z",
            "purchase_units": [unit],
            "payer": {"payer_id": "P1", "email_address": "a@x.test"},
        }
        found = only(paypal_order.read({"event_type": "x", "resource": order}))

        assert (found.number, found.placed_at, found.total) == ("INV-1", TEN, Money(3000, "USD"))
        assert (found.lines[0].quantity, found.ship_to.name) == (2, "Ann")
        assert found.identity == {"account": "P1", "email": "a@x.test"}

    def test_two_currencies_have_no_sum(self):
        units = [{"amount": {"currency_code": code, "value": "1.00"}} for code in ("USD", "EUR")]

        assert only(paypal_order.read({"id": "1", "purchase_units": units})).total is None

    def test_the_short_answer_to_a_capture_states_only_what_was_captured(self):
        captures = [{"amount": {"currency_code": "USD", "value": "5.00"}}] * 2
        units = [{"reference_id": "R", "payments": {"captures": captures}}]

        found = only(paypal_order.read({"id": "1", "status": "COMPLETED", "purchase_units": units}))

        assert found.total == Money(1000, "USD")

    def test_a_capture(self):
        capture = {
            "id": "2G",
            "status": "COMPLETED",
            "amount": {"currency_code": "USD", "value": "10.00"},
            "final_capture": True,
            "supplementary_data": {"related_ids": {"order_id": "5O1"}},
        }

        assert only(paypal_order.read(capture)).number == "5O1"

    def test_a_refund_is_no_order(self):
        refund = {"id": "1", "status": "COMPLETED", "amount": {"value": "1.00"}}

        assert paypal_order.read(refund) is None


class TestOlderInterfaces:
    def test_woocommerce_before_wordpress(self):
        order = {
            "id": 645,
            "order_number": "0645",
            "created_at": "2026-05-01T10:00:00Z",
            "status": "completed",
            "currency": "USD",
            "total": "79.87",
            "billing_address": {"email": "a@x.test"},
            "shipping_address": {"first_name": "Ann", "city": "X"},
            "line_items": [{"name": "Cup", "quantity": 1, "subtotal": "70.00"}],
        }
        found = only(woocommerce.read({"order": order}))

        assert (found.number, found.placed_at, found.total) == ("0645", TEN, Money(7987, "USD"))
        assert (found.ship_to.name, found.lines[0].price) == ("Ann", Money(7000, "USD"))

    def test_amazon_mws(self):
        found = only(
            amazon.read_xml(
                xml(
                    "<ListOrdersResponse><ListOrdersResult><Orders><Order>"
                    "<AmazonOrderId>902-1</AmazonOrderId><OrderStatus>Shipped</OrderStatus>"
                    "<PurchaseDate>2026-05-01T10:00:00Z</PurchaseDate><BuyerEmail>a@x.test</BuyerEmail>"
                    "<OrderTotal><CurrencyCode>USD</CurrencyCode><Amount>25.00</Amount></OrderTotal>"
                    "</Order></Orders></ListOrdersResult></ListOrdersResponse>"
                )
            )
        )

        assert (found.number, found.placed_at, found.total) == ("902-1", TEN, Money(2500, "USD"))
        assert found.identity == {"email": "a@x.test"}

    def test_ebay_trading(self):
        found = only(
            ebay.read_xml(
                xml(
                    "<GetOrdersResponse><OrderArray><Order><OrderID>1-2</OrderID>"
                    "<OrderStatus>Completed</OrderStatus><CancelStatus>NotApplicable</CancelStatus>"
                    "<CreatedTime>2026-05-01T10:00:00.000Z</CreatedTime>"
                    "<ShippingServiceSelected><ShippingPackageInfo><EstimatedDeliveryTimeMax>"
                    "2026-05-01T10:00:00.000Z</EstimatedDeliveryTimeMax></ShippingPackageInfo>"
                    "</ShippingServiceSelected>"
                    '<Total currencyID="GBP">12.50</Total><BuyerUserID>ann</BuyerUserID>'
                    "<TransactionArray><Transaction><QuantityPurchased>1</QuantityPurchased>"
                    '<TransactionPrice currencyID="GBP">12.50</TransactionPrice>'
                    "<Item><Title>Cup</Title></Item><ShippingDetails><ShipmentTrackingDetails>"
                    "<ShipmentTrackingNumber>T1</ShipmentTrackingNumber></ShipmentTrackingDetails>"
                    "</ShippingDetails></Transaction></TransactionArray></Order></OrderArray>"
                    "</GetOrdersResponse>"
                )
            )
        )

        assert (found.number, found.status, found.total) == (
            "1-2",
            "Completed",
            Money(1250, "GBP"),
        )
        assert (found.lines[0].name, found.lines[0].price) == ("Cup", Money(1250, "GBP"))
        assert (found.tracking_numbers, found.promised_at) == (("T1",), TEN)

    def test_ebay_trading_without_a_total(self):
        made = "<OrderID>1-2</OrderID><CreatedTime>2026-05-01T10:00:00.000Z</CreatedTime>"
        sold = "<Transaction><Item><SKU>S</SKU></Item></Transaction>"
        lines = f"<TransactionArray>{sold}</TransactionArray>"

        found = only(ebay.read_xml(xml(f"<a><Order>{made}{lines}</Order></a>")))

        assert (found.number, found.total, found.lines[0].sku) == ("1-2", None, "S")
        assert ebay.read_xml(xml(f"<a><Order>{made}</Order></a>")) is None


@pytest.mark.parametrize("read", [amazon.read_xml, ebay.read_xml])
def test_another_document_is_no_order(read):
    assert read(xml("<a><Order>x</Order><Order><OrderID>1</OrderID></Order></a>")) is None
