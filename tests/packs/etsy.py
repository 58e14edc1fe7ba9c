"""etsy: its reasons, each with a complete and an incomplete case."""

from packs import Row

ROWS = [
    Row(
        "etsy",
        "non_delivery",
        "tracking_history+ proof_of_shipping+",
        "tracking_history/status:delivered",
        "tracking_history/status:in_transit",
        {"proof_of_shipping": "weak"},
    ),
    Row(
        "etsy",
        "not_as_described",
        "additional_information?",
        "chat_transcript",
        "order_record",
        {"additional_information": "missing"},
    ),
    Row(
        "etsy",
        "arrived_damaged",
        "additional_information?",
        "packing_photo",
        "order_record",
        {"additional_information": "missing"},
    ),
    Row(
        "etsy",
        "arrived_late",
        "tracking_history+",
        "tracking_history/status:delivered",
        "shipping_label",
        {"tracking_history": "missing"},
    ),
    Row(
        "etsy",
        "chargeback",
        "as_asked_by_mail!",
        "additional_information",
        "",
        {"as_asked_by_mail": "missing"},
    ),
]

# What more is asked of what counts, by the words of the sources.
CHECKS = {
    "arrived_late.tracking_history": "tracking_shows",
    "non_delivery.tracking_history": "tracking_shows",
}
