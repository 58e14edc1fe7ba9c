"""amazon: its reasons, each with a complete and an incomplete case."""

from packs import Row

ROWS = [
    Row(
        "amazon",
        "atoz_delivery",
        "shipping_method+ proof_of_delivery+ tracking_number+ delivery_address+"
        " signature_confirmation+ carrier_details+ chat_transcript+",
        "tracking_history/status:delivered order_record signature_confirmation chat_transcript",
        "tracking_history/status:in_transit order_record chat_screenshot",
        {"proof_of_delivery": "weak", "signature_confirmation": "missing"},
    ),
    Row(
        "amazon",
        "atoz_return_or_condition",
        "return_label+ chat_transcript+",
        "return_label chat_screenshot",
        "chat_transcript",
        {"return_label": "missing"},
    ),
    Row(
        "amazon",
        "atoz_appeal",
        "proof_of_delivery+",
        "additional_information",
        "tracking_history/status:in_transit",
        {"proof_of_delivery": "weak"},
        {"appeal_reason_other": "yes"},
    ),
    Row(
        "amazon",
        "chargeback",
        "shipping_date! shipping_method! tracking_number! chat_transcript+ item_information?",
        "shipping_label chat_transcript listing_snapshot",
        "chat_transcript listing_snapshot",
        {"shipping_date": "missing", "shipping_method": "missing", "tracking_number": "missing"},
        {"item_claimed_different": "yes"},
    ),
    Row(
        "amazon",
        "safet_inr",
        "delivered_tracking! signature_confirmation!",
        "tracking_history/status:delivered",
        "tracking_history/status:in_transit",
        {"delivered_tracking": "missing", "signature_confirmation": "not_applicable"},
        {"label_from_buy_shipping": "yes"},
    ),
    Row(
        "amazon",
        "safet_return_damaged",
        "returned_item_photo+ order_record+",
        "returned_item_photo order_screenshot",
        "order_record",
        {"returned_item_photo": "missing"},
    ),
    Row(
        "amazon",
        "safet_materially_different",
        "returned_item_photo+ serial_number_photo+",
        "returned_item_photo",
        "item_photo",
        {"returned_item_photo": "missing"},
    ),
    Row(
        "amazon",
        "safet_not_returned",
        "return_tracking!",
        "return_tracking",
        "tracking_history/status:delivered",
        {"return_tracking": "missing"},
    ),
    Row("amazon", "safet_abuse"),
]

# What more is asked of what counts, by the words of the sources.
CHECKS = {
    "atoz_delivery.proof_of_delivery": "tracking_shows",
}
