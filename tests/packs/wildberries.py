"""wildberries: its reasons, each with a complete and an incomplete case."""

from packs import Row

ROWS = [
    Row(
        "wildberries",
        "return_claim",
        "buyer_photos! expert_conclusion+",
        "unboxing_video expert_conclusion",
        "item_photo test_report",
        {"buyer_photos": "missing"},
    ),
    Row(
        "wildberries",
        "substitution_deduction",
        "deduction_report~",
        "additional_information",
        "buyer_photo",
        {"deduction_report": "missing"},
    ),
]
