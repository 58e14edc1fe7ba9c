"""walmart: its reasons, each with a complete and an incomplete case."""

from packs import Row

ROWS = [
    Row(
        "walmart",
        "customer_return",
        "returned_item_photo! serial_number_photo!",
        "returned_item_photo item_photo",
        "item_photo",
        {"returned_item_photo": "missing"},
        {"electronics": "yes"},
    ),
    Row(
        "walmart",
        "customer_care_refund",
        "correspondence!",
        "chat_transcript",
        "tracking_history",
        {"correspondence": "missing"},
    ),
    Row(
        "walmart",
        "failed_delivery",
        "tracking_history!",
        "tracking_history/status:delivered",
        "shipping_label",
        {"tracking_history": "missing"},
    ),
    Row("walmart", "referral_fee"),
]
