"""paypal: its reasons, each with a complete and an incomplete case."""

from packs import Row

# Any one line of a reason is enough; without one all of them are open.
NEITHER = {"proof_of_refund": "missing", "other": "missing"}

ROWS = [
    Row(
        "paypal",
        "merchandise_or_service_not_received",
        "proof_of_fulfillment! proof_of_refund!",
        "tracking_history",
        "chat_transcript",
        {"proof_of_fulfillment": "missing", "proof_of_refund": "missing"},
    ),
    Row(
        "paypal",
        "merchandise_or_service_not_as_described",
        "other! proof_of_refund!",
        "listing_snapshot",
        "tracking_history",
        NEITHER,
    ),
    Row(
        "paypal",
        "unauthorised",
        "proof_of_fulfillment! proof_of_refund! other!",
        "signature_confirmation",
        "listing_snapshot",
        {"proof_of_fulfillment": "missing", **NEITHER},
    ),
    Row(
        "paypal",
        "credit_not_processed",
        "proof_of_refund! other!",
        "refund_proof",
        "tracking_history",
        NEITHER,
    ),
    Row("paypal", "duplicate_transaction", "proof_of_refund! other!", "invoice", "", NEITHER),
    Row("paypal", "incorrect_amount", "proof_of_refund! other!", "refund_proof", "", NEITHER),
    Row(
        "paypal",
        "payment_by_other_means",
        "proof_of_refund! other!",
        "additional_information",
        "tracking_history",
        NEITHER,
    ),
    Row(
        "paypal",
        "canceled_recurring_billing",
        "proof_of_refund! other!",
        "policy_snapshot",
        "proof_of_delivery",
        NEITHER,
    ),
    Row("paypal", "problem_with_remittance"),
    Row("paypal", "other", "proof_of_refund! other!", "chat_screenshot", "", NEITHER),
]

# What more is asked of what counts, by the words of the sources.
CHECKS = {
    "merchandise_or_service_not_received.proof_of_fulfillment": "tracking_shows",
}
