"""Real orders and disputes: who reads them, how many lines, which sums and reasons."""

import pytest

from evidence_service.readers import read

# Of every order: its lines and its total. What reads nothing is a part of an order, or a payment.
ORDERS = [
    ("aliexpress-order-info", "aliexpress", [(1, "0.01 EUR")]),
    ("aliexpress-order-list", "aliexpress", [(1, "1.01 USD")]),
    ("amazon-spapi-order-2026-01-01", "amazon", [(1, "103.97 GBP")]),
    ("amazon-spapi-order-address-v0", None, []),
    ("amazon-spapi-order-items-v0", None, []),
    ("amazon-spapi-orders-v0-list", "amazon", [(0, None)]),
    ("amazon-spapi-orders-v0-sandbox", "amazon", [(0, "11.01 USD"), (0, "11.01 USD")]),
    ("ebay-order-cancelled", "ebay", [(1, "10.63 USD")]),
    ("ozon-fbs-get", "ozon_posting", [(1, "279.00 RUB")]),
    ("ozon-fbs-list", "ozon_posting", [(1, "1390.00 RUB")]),
    ("ozon-fbs-unfulfilled-list", None, []),
    ("shopify-fulfillment", None, []),
    ("shopify-order", "shopify", [(3, "409.94 USD")]),
    ("shopify-orders-2026-07", "shopify", [(3, "598.94 USD")]),
    ("stripe-charge", None, []),
    ("stripe-file", None, []),
    ("stripe-payment-intent", None, []),
    ("stripe-radar-early-fraud-warning", None, []),
    ("stripe-refund", None, []),
    ("stripe-review", None, []),
    ("woocommerce-order-faulty-attributes", "woocommerce", [(1, "378.23 USD")]),
    ("woocommerce-order-notes", None, []),
    ("woocommerce-order-partially-refunded", "woocommerce", [(8, "304.45 USD")]),
    ("woocommerce-order-special-currency", "woocommerce", [(2, "31.20 AED")]),
]
# Of every dispute: the platform's reason and the amount.
DISPUTES = [
    (
        "paypal-dispute-details",
        "paypal",
        [("MERCHANDISE_OR_SERVICE_NOT_AS_DESCRIBED", "96.00 USD")],
    ),
    (
        "paypal-disputes-list",
        "paypal",
        [("MERCHANDISE_OR_SERVICE_NOT_RECEIVED", "50.00 USD"), ("UNAUTHORISED", "20.00 USD")],
    ),
    ("shopify-dispute-evidence-2026-07", "shopify_dispute", [("", None)]),
    ("shopify-dispute-file-upload-2026-07", "shopify_dispute", [("", None)]),
    ("shopify-dispute", "shopify_dispute", [("fraudulent", "100.00 USD")]),
    (
        "shopify-disputes-2026-07",
        "shopify_dispute",
        [
            ("fraudulent", "100.00 USD"),
            ("credit_not_processed", "11.50 USD"),
            ("fraudulent", "11.50 USD"),
            ("fraudulent", "11.50 USD"),
            ("fraudulent", "11.50 USD"),
            ("fraudulent", "100.00 USD"),
            ("fraudulent", "11.50 USD"),
            ("fraudulent", "11.50 USD"),
            ("fraudulent", "100.00 USD"),
            ("subscription_canceled", "11.50 USD"),
        ],
    ),
    ("stripe-dispute", "stripe", [("general", "10.00 USD")]),
]


def only(samples, name):
    (file,) = (samples / "order").glob(f"{name}__*")
    return read(file)


@pytest.mark.parametrize(("name", "reader", "orders"), ORDERS)
def test_lines_and_total(samples, name, reader, orders):
    found = only(samples, name)

    assert found.reader == reader
    assert [(len(one.lines), one.total and str(one.total)) for one in found.contents] == orders


@pytest.mark.parametrize(("name", "reader", "disputes"), DISPUTES)
def test_reason_and_amount(samples, name, reader, disputes):
    found = only(samples, name)

    assert found.reader == reader
    assert [(one.reason, one.amount and str(one.amount)) for one in found.contents] == disputes


def test_the_index_is_right(samples, expected):
    for file, expect in expected("order"):
        found = read(samples / file)

        forms = {content["form"] for content in found.to_plain()["contents"]}
        assert forms == ({expect} if expect in {"order", "dispute"} else set()), file
