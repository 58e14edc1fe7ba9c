"""independent_shop: its reasons, each with a complete and an incomplete case."""

from packs import Row

ROWS = [
    Row(
        "independent_shop",
        "not_received",
        "tracking_history! gps_delivery_screenshot+ police_report? carrier_claim+",
        "tracking_history gps_delivery_screenshot police_report",
        "gps_delivery_screenshot",
        {
            "tracking_history": "missing",
            "police_report": "missing",
            "carrier_claim": "not_applicable",
        },
        {"track": "signed"},
    ),
    Row(
        "independent_shop",
        "delayed",
        "late_tracking+",
        "tracking_history",
        "carrier_statement",
        {"late_tracking": "missing"},
    ),
    Row(
        "independent_shop",
        "quality_complaint",
        "test_report+",
        "test_report",
        "",
        {"test_report": "missing"},
    ),
    Row(
        "independent_shop",
        "damaged",
        "clarifying_chat+",
        "chat_transcript",
        "buyer_photo",
        {"clarifying_chat": "missing"},
    ),
    Row(
        "independent_shop",
        "return_policy",
        "policy_snapshot+",
        "policy_snapshot",
        "",
        {"policy_snapshot": "missing"},
    ),
]
