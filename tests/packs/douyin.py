"""douyin: its reasons, each with a complete and an incomplete case."""

from packs import Row

ROWS = [
    Row(
        "douyin",
        "after_sale_refusal",
        "refusal_evidence!",
        "additional_information",
        "",
        {"refusal_evidence": "missing"},
        {"evidence_need": "Y"},
    ),
    Row(
        "douyin",
        "arbitration",
        "arbitration_evidence!",
        "additional_information",
        "",
        {"arbitration_evidence": "missing"},
    ),
]
