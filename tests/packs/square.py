"""square: its reasons, each with a complete and an incomplete case."""

from packs import Row

ROWS = [
    Row(
        "square",
        "not_received",
        "proof_of_delivery_documentation+ cardholder_communication+"
        " service_received_documentation+ purchase_acknowledgement+",
        "tracking_history/status:delivered chat_transcript additional_information invoice",
        "tracking_history/status:in_transit chat_transcript additional_information",
        {"proof_of_delivery_documentation": "weak", "purchase_acknowledgement": "missing"},
    ),
    Row(
        "square",
        "not_as_described",
        "product_or_service_description+ cardholder_communication+"
        " proof_of_delivery_documentation+ cancellation_or_refund_documentation+",
        "listing_snapshot chat_screenshot proof_of_delivery policy_snapshot",
        "chat_screenshot proof_of_delivery policy_snapshot",
        {"product_or_service_description": "missing"},
    ),
    Row(
        "square",
        "no_knowledge",
        "authorization_documentation+ cardholder_information+ online_or_app_access_log+"
        " related_transaction_documentation+ proof_of_delivery_documentation+",
        "additional_information order_record signature_confirmation",
        "signature_confirmation order_record",
        {"online_or_app_access_log": "missing", "related_transaction_documentation": "missing"},
    ),
    Row(
        "square",
        "duplicate",
        "duplicate_charge_documentation+ receipt+",
        "invoice",
        "shipping_label",
        {"receipt": "missing"},
    ),
    Row(
        "square",
        "paid_by_other_means",
        "duplicate_charge_documentation+ receipt+",
        "order_record",
        "shipping_label",
        {"receipt": "missing"},
    ),
    Row(
        "square",
        "customer_requests_credit",
        "cancellation_or_refund_documentation+ cardholder_communication+",
        "policy_snapshot chat_transcript",
        "chat_transcript",
        {"cancellation_or_refund_documentation": "missing"},
    ),
    Row(
        "square",
        "cancelled",
        "cancellation_or_refund_documentation+ cardholder_communication+",
        "policy_snapshot chat_transcript",
        "policy_snapshot",
        {"cardholder_communication": "missing"},
    ),
    Row(
        "square",
        "amount_differs",
        "purchase_acknowledgement+ receipt+",
        "order_screenshot",
        "",
        {"purchase_acknowledgement": "missing", "receipt": "missing"},
    ),
    Row("square", "emv_liability_shift"),
]

# What more is asked of what counts, by the words of the sources.
CHECKS = {
    "amount_differs.receipt": "amount_agrees",
    "cancelled.cardholder_communication": "language_is",
    "customer_requests_credit.cardholder_communication": "language_is",
    "not_as_described.cardholder_communication": "language_is",
    "not_received.cardholder_communication": "language_is",
}
