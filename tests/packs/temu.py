"""temu: its reasons, each with a complete and an incomplete case."""

from packs import Row

ROWS = [
    Row(
        "temu",
        "auto_refund_claim",
        "chat_transcript+ tracking_history+ proof_of_delivery+",
        "chat_screenshot tracking_history/status:delivered",
        "tracking_history/status:in_transit",
        {"chat_transcript": "missing", "proof_of_delivery": "weak"},
    ),
    Row(
        "temu",
        "violation_appeal",
        "proof_of_delivery! shipping_label+ tracking_history+",
        "proof_of_delivery shipping_label tracking_history/status:delivered",
        "shipping_label tracking_history/status:in_transit",
        {"proof_of_delivery": "missing"},
    ),
    Row(
        "temu",
        "seller_cancel_request",
        "cancel_screenshots!",
        "order_screenshot",
        "chat_transcript",
        {"cancel_screenshots": "missing"},
        {"cancel_type": "incorrect_address"},
    ),
    Row(
        "temu",
        "self_delivery_pod",
        "proof_of_delivery!",
        "proof_of_delivery",
        "shipping_label",
        {"proof_of_delivery": "missing"},
    ),
    Row(
        "temu",
        "qualification_penalty_appeal",
        "test_report! test_house_mail!",
        "test_report chat_transcript",
        "test_report",
        {"test_house_mail": "missing"},
    ),
]
