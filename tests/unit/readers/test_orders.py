"""Orders of shops and marketplaces."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from readings import only

from evidence_service.domain.evidence import EvidenceKind
from evidence_service.domain.order import Money
from evidence_service.domain.reading import Reading
from evidence_service.readers.order import (
    aliexpress,
    amazon,
    ebay,
    ozon,
    shopify,
    stripe,
    woocommerce,
)
from evidence_service.readers.order.records import each, line, minor, money

TEN = datetime(2026, 5, 1, 10, tzinfo=UTC)


def usd(amount):
    return Money.parse(amount, "USD")


class TestMoney:
    @pytest.mark.parametrize(
        ("amount", "currency"), [("25.99", "JPY"), ("", "USD"), ("1e999999", "USD"), ("1", "")]
    )
    def test_an_amount_that_the_currency_cannot_have_is_none(self, amount, currency):
        assert money(amount, currency) is None

    def test_more_zeros_than_decimals(self):
        assert money("1390.000000", "rub") == Money(139000, "RUB")

    @pytest.mark.parametrize(
        ("currency", "text"), [("usd", "10.00"), ("jpy", "1000"), ("kwd", "1.000")]
    )
    def test_smallest_units_by_the_providers_own_decimals(self, currency, text):
        assert minor("1000", currency, {"JPY": 0, "KWD": 3}).text == text

    @pytest.mark.parametrize(
        ("total", "quantity", "price"),
        [
            ("9.00", "3", "3.00"),
            ("10.00", "3", None),
            ("10.00", "0", None),
            ("3.00", "1.5", "2.00"),
        ],
    )
    def test_price_of_one_only_where_it_comes_out_even(self, total, quantity, price):
        assert each(usd(total), quantity) == (usd(price) if price else None)


class TestLine:
    @pytest.mark.parametrize(
        ("quantity", "name", "count"),
        [("2", "Cloth", 2), ("2.0", "Cloth", 2), ("1.5", "Cloth × 1.5", 1), ("", "Cloth", 1)],
    )
    def test_parts_of_a_piece_stand_in_the_name(self, quantity, name, count):
        found = line("Cloth", quantity)

        assert (found.name, found.quantity) == (name, count)


class TestShopify:
    def order(self, **over):
        return {
            "id": 450789469,
            "name": "#1001",
            "created_at": "2026-05-01T06:00:00-04:00",
            "financial_status": "paid",
            "fulfillment_status": None,
            "currency": "USD",
            "total_price": "409.94",
            "line_items": [{"name": "Pen", "quantity": 2, "sku": "P", "price": "199.00"}],
            "shipping_address": {"name": "Ann Lee", "city": "Riga", "zip": "1001"},
            "fulfillments": [{"tracking_number": "1Z", "tracking_numbers": ["1Z", "2Z"]}],
        } | over

    @pytest.mark.parametrize(
        "wrap", [lambda one: one, lambda one: {"order": one}, lambda one: {"orders": [one]}]
    )
    def test_however_it_is_wrapped(self, wrap):
        found = shopify.read(wrap(self.order()))

        assert (only(found).number, only(found).total) == ("#1001", usd("409.94"))
        assert (only(found).placed_at, only(found).status) == (TEN, "paid")
        assert only(found).tracking_numbers == ("1Z", "2Z")
        assert only(found).lines[0].price == usd("199.00")
        assert (found.kind, found.warnings) == (EvidenceKind.ORDER_RECORD, ())

    def test_what_is_not_told_is_empty(self):
        order = self.order()
        for name in ("line_items", "shipping_address", "fulfillments", "name"):
            del order[name]

        found = only(shopify.read(order))

        assert (found.number, found.lines, found.ship_to) == ("450789469", (), None)

    def test_a_fulfillment_is_no_order(self):
        fulfillment = {"id": 1, "order_id": 2, "line_items": [], "status": "success"}

        assert shopify.read({"fulfillment": fulfillment}) is None


class TestWooCommerce:
    def order(self, **over):
        return {
            "id": 324,
            "number": "A-324",
            "status": "completed",
            "currency": "USD",
            "date_created": "2026-05-01T12:00:00",
            "date_created_gmt": "2026-05-01T10:00:00",
            "total": "32.40",
            "billing": {"city": "Riga"},
            "shipping": {"first_name": "Ann", "last_name": "Lee", "city": "Riga"},
            "line_items": [
                {
                    "name": "Pen",
                    "quantity": 3,
                    "subtotal": "32.40",
                    "price": Decimal("10.799999999999999"),
                }
            ],
        } | over

    @pytest.mark.parametrize("wrap", [lambda o: o, lambda o: [o], lambda o: {"data": o}])
    def test_gmt_is_the_instant_and_the_other_the_local_time(self, wrap):
        found = only(woocommerce.read(wrap(self.order())))

        assert (found.placed_at, found.local_time) == (TEN, "2026-05-01T12:00:00")
        assert (found.number, found.total) == ("A-324", usd("32.40"))
        assert (found.lines[0].price, found.ship_to.name) == (usd("10.80"), "Ann Lee")

    def test_tracking_numbers_of_plug_ins(self):
        meta = [
            {"key": "_wc_shipment_tracking_items", "value": [{"tracking_number": "1Z"}]},
            {"key": "_tracking_number", "value": "2Z"},
            {"key": "measurement", "value": {"unit": "kg"}},
        ]

        assert only(woocommerce.read(self.order(meta_data=meta))).tracking_numbers == ("1Z", "2Z")

    def test_an_address_that_is_all_blank_is_none(self):
        assert only(woocommerce.read(self.order(shipping={"city": ""}))).ship_to is None

    def test_notes_are_no_order(self):
        assert woocommerce.read({"data": [{"id": 1, "note": "x", "customer_note": False}]}) is None


class TestAmazon:
    def test_version_0(self):
        order = {
            "AmazonOrderId": "902",
            "PurchaseDate": "2026-05-01T10:00:00Z",
            "OrderStatus": "Shipped",
            "OrderTotal": {"CurrencyCode": "USD", "Amount": "11.01"},
            "ShippingAddress": {"Name": "Ann", "City": "Canton", "StateOrRegion": "MI"},
            "LatestDeliveryDate": "2026-05-01T10:00:00Z",
        }

        found = only(amazon.read({"payload": {"Orders": [order]}}))

        assert (found.number, found.total, found.placed_at) == ("902", usd("11.01"), TEN)
        assert found.promised_at == TEN
        assert found.ship_to.city == "Canton, MI"

    def test_a_pending_order_has_no_total_and_says_so(self):
        order = {"AmazonOrderId": "9", "PurchaseDate": "?", "OrderStatus": "Pending"}

        assert "order_total_unknown" in amazon.read({"payload": order}).warnings

    def test_of_2026(self):
        item = {
            "quantityOrdered": 3,
            "product": {
                "title": "Pen",
                "sellerSku": "P",
                "price": {"unitPrice": {"amount": "2.00", "currencyCode": "USD"}},
            },
        }
        order = {
            "orderId": "202",
            "createdTime": "2026-05-01T10:00:00Z",
            "salesChannel": {"channelName": "AMAZON"},
            "proceeds": {"grandTotal": {"amount": "6.00", "currencyCode": "USD"}},
            "orderItems": [item],
            "packages": [{"trackingNumber": "RR1"}, {}],
        }

        found = only(amazon.read({"order": order}))

        assert (found.total, found.tracking_numbers) == (usd("6.00"), ("RR1",))
        assert (found.lines[0].quantity, found.lines[0].price) == (3, usd("2.00"))

    @pytest.mark.parametrize("name", ["OrderItems", "ShippingAddress"])
    def test_a_part_of_an_order_is_no_order(self, name):
        assert amazon.read({"payload": {"AmazonOrderId": "902", name: {}}}) is None


class TestEBay:
    def test_order(self):
        order = {
            "orderId": "07-1",
            "creationDate": "2026-05-01T10:00:00.000Z",
            "orderFulfillmentStatus": "FULFILLED",
            "orderPaymentStatus": "PAID",
            "cancelStatus": {"cancelState": "NONE_REQUESTED"},
            "pricingSummary": {"total": {"value": "12.0", "currency": "USD"}},
            "fulfillmentStartInstructions": [
                {
                    "shippingStep": {
                        "shipTo": {"fullName": "Ann", "contactAddress": {"city": "Riga"}}
                    }
                }
            ],
            "lineItems": [
                {
                    "title": "Pen",
                    "quantity": 2,
                    "lineItemCost": {"value": "6.0", "currency": "USD"},
                    "lineItemFulfillmentInstructions": {
                        "maxEstimatedDeliveryDate": "2026-05-01T10:00:00.000Z"
                    },
                }
            ],
        }

        found = only(ebay.read({"total": 1, "orders": [order]}))

        assert (found.number, found.status, found.total) == (
            "07-1",
            "PAID, FULFILLED",
            usd("12.00"),
        )
        assert (found.lines[0].price, found.ship_to.name) == (usd("3.00"), "Ann")
        assert found.promised_at == TEN

    @pytest.mark.parametrize("of_line", [{}, {"maxEstimatedDeliveryDate": "2026-04-30T10:00:00Z"}])
    def test_the_latest_day_named_of_parcels_and_lines_is_the_promise(self, of_line):
        order = {
            "orderId": "07-1",
            "creationDate": "2026-04-01T10:00:00.000Z",
            "orderFulfillmentStatus": "NOT_STARTED",
            "fulfillmentStartInstructions": [{"maxEstimatedDeliveryDate": "2026-05-01T10:00:00Z"}],
            "lineItems": [{"quantity": 1, "lineItemFulfillmentInstructions": of_line}],
        }
        assert only(ebay.read(order)).promised_at == TEN


class TestOzon:
    def posting(self, *prices, **over):
        return {
            "posting_number": "57-1",
            "order_number": "57",
            "status": "delivered",
            "substatus": "posting_received",
            "tracking_number": "",
            "in_process_at": "2026-05-01T10:00:00Z",
            "products": [
                {"name": "Кофе", "quantity": 2, "price": price, "currency_code": "RUB"}
                for price in prices
            ],
        } | over

    @pytest.mark.parametrize(
        "wrap",
        [
            lambda one: {"result": one},
            lambda one: {"result": [one]},
            lambda one: {"result": {"postings": [one], "has_next": False}},
        ],
    )
    def test_the_total_is_that_of_its_lines(self, wrap):
        found = only(ozon.read(wrap(self.posting("1390.000000", "279.0000"))))

        assert (found.number, found.total) == ("57-1", Money.parse("3338", "RUB"))
        assert (found.status, found.placed_at) == ("delivered, posting_received", TEN)

    def test_the_end_of_the_time_named_to_the_buyer_is_the_promise(self):
        told = {"delivery_date_begin": "2026-05-01T08:00:00Z", "delivery_date_end": TEN.isoformat()}
        posting = self.posting("1390", analytics_data=told)

        assert only(ozon.read({"result": posting})).promised_at == TEN

    @pytest.mark.parametrize(
        ("over", "status"),
        [
            ({"message_type": "TYPE_NEW_POSTING"}, ""),
            (
                {"message_type": "TYPE_POSTING_CANCELLED", "new_state": "posting_canceled"},
                "posting_canceled",
            ),
        ],
    )
    def test_a_push(self, over, status):
        pushed = {
            "posting_number": "57-1",
            "products": [{"sku": 147, "quantity": 2}],
            "tracking_number": "ZZ-1",
        }
        found = only(ozon.read(pushed | over))

        assert (found.number, found.status, found.total) == ("57-1", status, None)
        assert (found.lines[0].sku, found.lines[0].quantity) == ("147", 2)
        assert found.tracking_numbers == ("ZZ-1",)

    def test_a_price_that_is_missing_leaves_no_total(self):
        found = ozon.read({"result": self.posting("1390", "")})

        assert only(found).total is None
        assert found.warnings == ("order_total_unknown",)

    def test_a_price_names_its_currency_from_version_four_on(self):
        postings = [self.posting({"amount": "300", "currency": "RUB"})]
        found = only(ozon.read({"postings": postings, "has_next": True, "cursor": "x"}))

        assert found.lines[0].price == Money.parse("300", "RUB")
        assert found.total == Money.parse("600", "RUB")

    def test_a_work_list_is_no_record(self):
        assert ozon.read({"result": {"postings": [self.posting("1")], "count": 1}}) is None


class TestAliExpress:
    price = {"amount": "1.01", "currency_code": "USD"}  # noqa: RUF012 - never changed

    def test_one_order(self):
        data = {
            "id": 31130700125804,
            "gmt_create": "2026-05-01 10:00:00",
            "order_status": "FINISH",
            "order_amount": self.price,
            "receipt_address": {"contact_person": "Ann", "city": "Riga"},
            "logistic_info_list": {"dto": [{"logistics_no": "LP1"}, {"logistics_no": "LP1"}]},
            "child_order_list": {
                "dto": [{"product_name": "Pen", "product_count": 2, "product_price": self.price}]
            },
        }

        found = aliexpress.read(
            {"aliexpress_solution_order_info_get_response": {"result": {"data": data}}}
        )

        assert only(found).number == "31130700125804"
        assert (only(found).total, only(found).tracking_numbers) == (usd("1.01"), ("LP1",))
        assert (only(found).lines[0].quantity, only(found).lines[0].price) == (2, usd("1.01"))
        assert only(found).placed_at is None
        assert found.warnings == ("time_zone_unknown",)

    def test_list(self):
        orders = [
            {"order_id": n, "order_status": "FINISH", "pay_amount": self.price} for n in (1, 2)
        ]
        result = {"target_list": {"order_dto": orders}}

        found = aliexpress.read({"aliexpress_solution_order_get_response": {"result": result}})

        assert [order.number for order in found.contents] == ["1", "2"]

    def test_a_list_names_the_buyers_account(self):
        one = {"order_id": 1, "order_status": "FINISH", "buyer_login_id": "ru12"}
        result = {"target_list": {"order_dto": [one]}}

        found = aliexpress.read({"aliexpress_solution_order_get_response": {"result": result}})

        assert only(found).identity == {"account": "ru12"}

    def test_an_address_is_no_order(self):
        result = {"contact_person": "Mark", "city": "Babenki"}

        found = aliexpress.read({"aliexpress_order_receiptinfo_get_response": {"result": result}})

        assert found is None


def test_an_order_survives_as_plain_values():
    told = {"delivery_date_end": TEN.isoformat()}
    found = ozon.read({"result": TestOzon().posting("1390", analytics_data=told)})

    assert Reading.from_plain(found.to_plain()) == found


class TestWhoPaid:
    def test_shopify(self):
        found = shopify.read(
            {
                "id": 1,
                "name": "#1",
                "financial_status": "paid",
                "total_price": "1.00",
                "currency": "USD",
                "email": "a@b.test",
                "browser_ip": "192.0.2.1",
                "customer": {"id": 7},
            }
        )

        assert found.contents[0].identity == {
            "account": "7",
            "ip": "192.0.2.1",
            "email": "a@b.test",
        }

    @pytest.mark.parametrize(("customer", "account"), [(0, None), (12, "12")])
    def test_a_guest_of_woocommerce_has_no_account(self, customer, account):
        found = woocommerce.read(
            {
                "id": 1,
                "status": "completed",
                "currency": "EUR",
                "total": "1.00",
                "billing": {"email": "a@b.test"},
                "customer_id": customer,
            }
        )

        assert found.contents[0].identity.get("account") == account

    def test_earlier_payments_as_a_list_of_charges(self):
        charge = {
            "object": "charge",
            "id": "ch_1",
            "amount": 100,
            "currency": "usd",
            "created": 1777636800,
            "disputed": False,
            "billing_details": {"email": "a@b.test"},
            "customer": "cus_1",
        }
        found = stripe.read_charges({"object": "list", "data": [charge]})

        assert found.contents[0].is_disputed is False
        assert found.contents[0].identity == {"account": "cus_1", "email": "a@b.test"}
        assert stripe.read_charges(charge) is None

    def test_the_payments_that_a_dispute_compares(self):
        same = {"customer_purchase_ip": "192.0.2.1", "customer_device_id": "d1"}
        found = stripe.read(
            {
                "object": "dispute",
                "id": "dp_1",
                "amount": 100,
                "currency": "usd",
                "reason": "fraudulent",
                "status": "needs_response",
                "charge": "ch_9",
                "evidence": {
                    "enhanced_evidence": {
                        "visa_compelling_evidence_3": {
                            "disputed_transaction": same,
                            "prior_undisputed_transactions": [{**same, "charge": "ch_1"}],
                        }
                    }
                },
            }
        )
        _, disputed, prior = found.contents

        assert (disputed.number, disputed.is_disputed) == ("ch_9", True)
        assert (prior.number, prior.is_disputed) == ("ch_1", False)
        assert prior.identity == {"ip": "192.0.2.1", "device": "d1"}

    def test_what_no_database_takes_is_replaced(self):
        found = shopify.read(
            {
                "id": 1,
                "name": "#\0\ud800",
                "financial_status": "",
                "total_price": "1",
                "currency": "EUR",
            }
        )

        assert found.contents[0].number == "#\ufffd\ufffd"


class TestAmazonPartly:
    def test_a_notice_of_a_changed_order_tells_it_in_its_summary(self):
        summary = {
            "OrderStatus": "Unshipped",
            "PurchaseDate": "2026-05-01T10:00:00Z",
            "OrderItems": [{"SellerSKU": "S", "Quantity": 2}],
        }
        change = {"AmazonOrderId": "1-2-3", "Summary": summary}
        order = only(amazon.read({"Payload": {"OrderChangeNotification": change}}))
        assert (order.number, order.status, order.placed_at) == ("1-2-3", "Unshipped", TEN)
        assert [(one.sku, one.quantity) for one in order.lines] == [("S", 2)]

    @pytest.mark.parametrize("told", [{"OrderStatus": "Shipped"}, {"PurchaseDate": "2026-05-01"}])
    def test_an_order_may_leave_out_its_day_or_its_status(self, told):
        assert only(amazon.read({"AmazonOrderId": "1-2-3"} | told)).number == "1-2-3"

    def test_a_shipment_that_names_its_order_is_none(self):
        assert amazon.read({"AmazonOrderId": "1-2-3", "PostedDate": "2026-05-01"}) is None


class TestOzonPartly:
    def test_a_push_says_the_promised_day_itself(self):
        push = {
            "message_type": "TYPE_NEW_POSTING",
            "posting_number": "1-2-3",
            "products": [{"sku": 1, "quantity": 2}],
            "delivery_date_end": "2026-05-01T10:00:00Z",
        }
        assert only(ozon.read(push)).promised_at == TEN

    def test_the_marked_copies_of_a_posting_are_none(self):
        products = [{"product_id": 1, "exemplars": [{"exemplar_id": 1}]}]
        marked = {"posting_number": "1-2-3", "status": "ship_available", "products": products}
        assert ozon.read(marked) is None


def test_an_aliexpress_answer_without_a_number_is_none():
    answer = {"aliexpress_trade_ds_order_get_response": {"result": {"order_status": "FINISH"}}}
    assert aliexpress.read(answer) is None
