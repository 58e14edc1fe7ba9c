"""shopify_payments: its reasons, each with a complete and an incomplete case."""

from packs import Row

SHIPPED = "shipping_documentation_file+ customer_communication_file+ uncategorized_file?"

ROWS = [
    Row(
        "shopify_payments",
        "product_not_received",
        SHIPPED,
        "proof_of_delivery chat_transcript additional_information",
        "chat_transcript additional_information",
        {"shipping_documentation_file": "missing"},
    ),
    Row(
        "shopify_payments",
        "product_unacceptable",
        "customer_communication_file+ refund_policy_file+ uncategorized_file+",
        "chat_screenshot policy_snapshot listing_snapshot",
        "chat_screenshot listing_snapshot",
        {"refund_policy_file": "missing"},
    ),
    Row(
        "shopify_payments",
        "fraudulent",
        SHIPPED,
        "tracking_history chat_transcript additional_information",
        "tracking_history order_record",
        {"customer_communication_file": "missing"},
    ),
    Row(
        "shopify_payments",
        "unrecognized",
        SHIPPED,
        "shipping_label chat_transcript additional_information",
        "additional_information",
        {"shipping_documentation_file": "missing", "customer_communication_file": "missing"},
    ),
    Row(
        "shopify_payments",
        "credit_not_processed",
        "refund_policy_file+ customer_communication_file+ uncategorized_file?",
        "policy_snapshot chat_transcript additional_information",
        "refund_proof chat_transcript",
        {"refund_policy_file": "missing"},
    ),
    Row(
        "shopify_payments",
        "duplicate",
        "uncategorized_file+ shipping_documentation_file+",
        "invoice shipping_label",
        "shipping_label",
        {"uncategorized_file": "missing"},
    ),
    Row(
        "shopify_payments",
        "subscription_cancelled",
        "cancellation_policy_file+ customer_communication_file+ uncategorized_file?",
        "policy_snapshot chat_transcript additional_information",
        "policy_snapshot additional_information",
        {"customer_communication_file": "missing"},
    ),
    Row(
        "shopify_payments",
        "general",
        "uncategorized_file+",
        "additional_information",
        "chat_transcript",
        {"uncategorized_file": "missing"},
    ),
    Row("shopify_payments", "bank_cannot_process"),
    Row("shopify_payments", "customer_initiated"),
    Row("shopify_payments", "debit_not_authorized"),
    Row("shopify_payments", "incorrect_account_details"),
    Row("shopify_payments", "insufficient_funds"),
    Row("shopify_payments", "noncompliant"),
]
