"""lazada: its reasons, each with a complete and an incomplete case."""

from packs import Row

REFUND = {"refusal": "refuse_refund"}

ROWS = [
    Row(
        "lazada",
        "not_delivered",
        "tracking_history+ proof_of_delivery+",
        "tracking_history/status:delivered",
        "tracking_history/status:in_transit",
        {"proof_of_delivery": "weak"},
    ),
    Row(
        "lazada",
        "damaged",
        "buyer_photo! refusal_image! packing_video+",
        "buyer_photo packing_photo",
        "buyer_photo packing_video",
        {"refusal_image": "missing"},
        REFUND,
    ),
    Row(
        "lazada",
        "defective",
        "refusal_image!",
        "returned_item_photo",
        "chat_transcript",
        {"refusal_image": "missing"},
        REFUND,
    ),
    Row(
        "lazada",
        "wrong_item",
        "refusal_image! packing_video+",
        "packing_video",
        "",
        {"refusal_image": "not_applicable", "packing_video": "missing"},
        {"refusal": "refuse_return"},
    ),
    Row(
        "lazada",
        "missing_parts",
        "refusal_image!",
        "additional_information",
        "packing_video",
        {"refusal_image": "missing"},
    ),
    Row(
        "lazada",
        "not_as_advertised",
        "refusal_image! listing_snapshot+",
        "listing_snapshot",
        "item_photo",
        {"listing_snapshot": "missing"},
        REFUND,
    ),
    Row("lazada", "does_not_fit"),
    Row("lazada", "change_of_mind"),
    Row(
        "lazada",
        "dispute_by_buyer",
        "as_asked!",
        "additional_information",
        "",
        {"as_asked": "missing"},
    ),
]
