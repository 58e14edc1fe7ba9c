"""ebay: its reasons, each with a complete and an incomplete case."""

from packs import Row

ROWS = [
    Row(
        "ebay",
        "item_not_received",
        "tracking_number!",
        "tracking_history/status:delivered",
        "chat_transcript",
        {"tracking_number": "missing"},
    ),
    Row(
        "ebay",
        "significantly_not_as_described",
        "item_as_described!",
        "item_photo",
        "returned_item_photo",
        {"item_as_described": "missing"},
    ),
    Row(
        "ebay",
        "counterfeit",
        "authenticity_document!",
        "authenticity_document",
        "listing_snapshot",
        {"authenticity_document": "missing"},
    ),
    Row(
        "ebay",
        "credit_not_processed",
        "credit_not_due!",
        "policy_snapshot",
        "chat_transcript",
        {"credit_not_due": "missing"},
    ),
    Row("ebay", "fraud"),
    Row("ebay", "duplicate_amount"),
    Row("ebay", "incorrect_amount"),
    Row("ebay", "transaction_issue"),
    Row(
        "ebay",
        "mbg_item_not_received",
        "delivered_tracking! signature_confirmation!",
        "tracking_history/status:delivered signature_confirmation",
        "tracking_history/status:in_transit",
        {"delivered_tracking": "missing", "signature_confirmation": "missing"},
        {"order_of_750_usd": "yes"},
    ),
    Row(
        "ebay",
        "mbg_return_case",
        "item_as_described+ return_tracking+ refund_proof+",
        "listing_snapshot return_tracking refund_proof",
        "listing_snapshot refund_proof",
        {"return_tracking": "missing"},
    ),
]

# What more is asked of what counts, by the words of the sources.
CHECKS = {
    "mbg_item_not_received.delivered_tracking": "tracking_shows",
}
