"""checkout_com: its reasons, each with a complete and an incomplete case."""

from packs import Row

ROWS = [
    Row(
        "checkout_com",
        "product_service_not_received",
        "proof_of_delivery_or_service+ proof_of_delivery_or_service_date+"
        " customer_communication+ additional_evidence+",
        "tracking_history/status:delivered chat_transcript additional_information",
        "tracking_history/status:in_transit chat_transcript carrier_statement",
        {
            "proof_of_delivery_or_service": "weak",
            "proof_of_delivery_or_service_date": "weak",
        },
    ),
    Row(
        "checkout_com",
        "not_as_described",
        "customer_communication+ refund_or_cancellation_policy+"
        " proof_of_delivery_or_service+ additional_evidence+",
        "chat_screenshot policy_snapshot signature_confirmation listing_snapshot",
        "chat_screenshot signature_confirmation listing_snapshot",
        {"refund_or_cancellation_policy": "missing"},
    ),
    Row(
        "checkout_com",
        "fraudulent",
        "proof_of_delivery_or_service+ customer_communication+ invoice_or_receipt+"
        " additional_evidence+ historical_transactions+",
        "proof_of_delivery chat_transcript order_record additional_information",
        "proof_of_delivery chat_transcript additional_information",
        {"invoice_or_receipt": "missing"},
        {"is_ce_candidate": "yes"},
    ),
    Row(
        "checkout_com",
        "unrecognized",
        "invoice_or_receipt+ proof_of_delivery_or_service+ customer_communication+",
        "invoice proof_of_delivery chat_transcript",
        "invoice chat_transcript",
        {"proof_of_delivery_or_service": "missing"},
    ),
    Row(
        "checkout_com",
        "duplicate",
        "invoice_showing_distinct_transactions+ invoice_or_receipt+ customer_communication+",
        "invoice chat_transcript",
        "chat_transcript",
        {"invoice_showing_distinct_transactions": "missing", "invoice_or_receipt": "missing"},
    ),
    Row(
        "checkout_com",
        "credit_not_issued",
        "refund_or_cancellation_policy+ customer_communication+ additional_evidence+",
        "policy_snapshot chat_transcript refund_proof",
        "chat_transcript refund_proof",
        {"refund_or_cancellation_policy": "missing"},
    ),
    Row(
        "checkout_com",
        "canceled_recurring",
        "recurring_transaction_agreement+ refund_or_cancellation_policy+ customer_communication+",
        "additional_information policy_snapshot chat_transcript",
        "policy_snapshot chat_transcript",
        {"recurring_transaction_agreement": "missing"},
    ),
    Row(
        "checkout_com",
        "incorrect_amount",
        "invoice_or_receipt+ customer_communication+",
        "order_screenshot chat_transcript",
        "order_screenshot",
        {"customer_communication": "missing"},
    ),
    Row(
        "checkout_com",
        "general",
        "additional_evidence+",
        "additional_information",
        "chat_transcript",
        {"additional_evidence": "missing"},
    ),
]

# What more is asked of what counts, by the words of the sources.
CHECKS = {
    "fraudulent.historical_transactions": "prior_transactions",
}
