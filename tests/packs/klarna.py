"""klarna: its reasons, each with a complete and an incomplete case."""

from packs import Row

ROWS = [
    Row(
        "klarna",
        "products_not_received",
        "proof_of_delivery_attachment!",
        "tracking_history/status:delivered",
        "tracking_history/status:in_transit chat_transcript",
        {"proof_of_delivery_attachment": "missing"},
    ),
    Row(
        "klarna",
        "products_defective_or_not_as_described",
        "product_matches_advert+ handling_of_complaint+",
        "listing_snapshot chat_transcript",
        "item_photo",
        {"handling_of_complaint": "missing"},
    ),
    Row("klarna", "return_not_refunded"),
    Row("klarna", "return_not_possible"),
    Row("klarna", "incorrect_amount"),
    Row("klarna", "purchase_unauthorized"),
    Row("klarna", "high_risk_order"),
    Row("klarna", "compliance_case"),
]
