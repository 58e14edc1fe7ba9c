"""stripe: its reasons, each with a complete and an incomplete case."""

from packs import Row

PHYSICAL = {"product_type": "physical_product"}
SERVICE = {"product_type": "offline_service"}
STRIPE_FILES = (
    "chat_transcript signature_confirmation proof_of_delivery invoice additional_information"
)

ROWS = [
    Row(
        "stripe",
        "fraudulent",
        "customer_communication+ customer_signature+ shipping_documentation+"
        " service_documentation+ receipt+ uncategorized_file? prior_undisputed_transactions+",
        STRIPE_FILES,
        "chat_transcript signature_confirmation invoice additional_information",
        {"shipping_documentation": "missing", "service_documentation": "not_applicable"},
        PHYSICAL,
    ),
    Row(
        "stripe",
        "unrecognized",
        "customer_communication+ customer_signature+ shipping_documentation+"
        " service_documentation+ receipt+ uncategorized_file?",
        STRIPE_FILES,
        "chat_transcript signature_confirmation tracking_history additional_information",
        {"receipt": "missing", "service_documentation": "not_applicable"},
        PHYSICAL,
    ),
    Row(
        "stripe",
        "product_not_received",
        "customer_communication+ customer_signature+ shipping_documentation+"
        " service_documentation+ receipt+ uncategorized_file?",
        "chat_transcript signature_confirmation invoice additional_information",
        "signature_confirmation invoice additional_information",
        {"customer_communication": "missing", "shipping_documentation": "not_applicable"},
        SERVICE,
    ),
    Row(
        "stripe",
        "product_unacceptable",
        "customer_communication+ refund_policy+ customer_signature+ receipt+"
        " shipping_documentation? uncategorized_file?",
        "chat_transcript policy_snapshot signature_confirmation order_screenshot listing_snapshot"
        " proof_of_delivery",
        "chat_transcript signature_confirmation order_screenshot listing_snapshot"
        " proof_of_delivery",
        {"refund_policy": "missing"},
        PHYSICAL,
    ),
    Row(
        "stripe",
        "credit_not_processed",
        "refund_policy+ customer_communication+ cancellation_policy+ customer_signature+ receipt+"
        " uncategorized_file?",
        "policy_snapshot chat_transcript signature_confirmation invoice refund_proof",
        "chat_transcript signature_confirmation invoice refund_proof",
        {"refund_policy": "missing", "cancellation_policy": "missing"},
        SERVICE,
    ),
    Row(
        "stripe",
        "duplicate",
        "duplicate_charge_documentation+ shipping_documentation+ customer_communication+"
        " service_documentation+ customer_signature+ receipt+ uncategorized_file?",
        STRIPE_FILES,
        "chat_transcript signature_confirmation proof_of_shipping additional_information",
        {
            "duplicate_charge_documentation": "missing",
            "receipt": "missing",
            "service_documentation": "not_applicable",
        },
        PHYSICAL,
    ),
    Row(
        "stripe",
        "subscription_canceled",
        "cancellation_policy+ customer_communication+ service_documentation+ customer_signature+"
        " receipt+ uncategorized_file?",
        "policy_snapshot chat_transcript additional_information signature_confirmation invoice",
        "chat_transcript additional_information signature_confirmation invoice",
        {"cancellation_policy": "missing"},
        SERVICE,
    ),
    Row(
        "stripe",
        "general",
        "customer_signature+ customer_communication+ receipt+",
        "signature_confirmation chat_transcript order_record",
        "signature_confirmation chat_transcript",
        {"receipt": "missing"},
    ),
    Row("stripe", "noncompliant"),
    Row("stripe", "bank_cannot_process"),
    Row("stripe", "check_returned"),
    Row("stripe", "customer_initiated"),
    Row("stripe", "debit_not_authorized"),
    Row("stripe", "incorrect_account_details"),
    Row("stripe", "insufficient_funds"),
]

# What more is asked of what counts, by the words of the sources.
CHECKS = {
    "credit_not_processed.customer_communication": "picture_legible",
    "duplicate.customer_communication": "picture_legible",
    "fraudulent.customer_communication": "picture_legible",
    "fraudulent.prior_undisputed_transactions": "prior_transactions",
    "general.customer_communication": "picture_legible",
    "product_not_received.customer_communication": "picture_legible",
    "product_not_received.shipping_documentation": "tracking_shows tracking_shows",
    "product_unacceptable.customer_communication": "picture_legible",
    "subscription_canceled.customer_communication": "picture_legible",
    "unrecognized.customer_communication": "picture_legible",
}
