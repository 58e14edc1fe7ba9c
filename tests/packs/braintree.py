"""braintree: its reasons, each with a complete and an incomplete case."""

from packs import Row

# Any one category is enough; without one all of them are open.
CATEGORIES = (
    "proof_of_delivery",
    "proof_of_delivery_emp_address",
    "proof_of_possession_or_usage",
    "proof_of_authorized_signer",
    "signed_delivery_form",
    "signed_order_form",
    "ticket_proof",
    "legit_payments_for_same_merchandise",
    "merchant_website_or_app_access",
    "profile_setup_or_app_access",
    "proof_of_3d_secure",
)
ANY_CATEGORY = " ".join(f"{name}!" for name in CATEGORIES)
NO_CATEGORY = dict.fromkeys(CATEGORIES, "missing")

ROWS = [
    Row(
        "braintree",
        "fraud",
        ANY_CATEGORY,
        "tracking_history/status:delivered",
        "tracking_history/status:in_transit",
        NO_CATEGORY,
        {"network_reason_code": "1040"},
    ),
    Row(
        "braintree",
        "product_not_received",
        ANY_CATEGORY,
        "signature_confirmation",
        "order_record",
        NO_CATEGORY,
        {"network_reason_code": "C08"},
    ),
    *(
        Row("braintree", reason, "general+", found, "", {"general": "missing"})
        for reason, found in (
            ("not_recognized", "order_record"),
            ("product_unsatisfactory", "listing_snapshot"),
            ("credit_not_processed", "refund_proof"),
            ("duplicate", "invoice"),
            ("cancelled_recurring_transaction", "policy_snapshot"),
            ("transaction_amount_differs", "order_screenshot"),
            ("invalid_account", "additional_information"),
            ("general", "chat_transcript"),
            ("retrieval", "additional_information"),
        )
    ),
]
