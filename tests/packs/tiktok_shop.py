"""tiktok_shop: its reasons, each with a complete and an incomplete case."""

from packs import Row

ROWS = [
    Row(
        "tiktok_shop",
        "delivery_on_schedule",
        "tracking_history+ agreement?",
        "tracking_history/status:in_transit chat_screenshot",
        "chat_transcript",
        {"tracking_history": "missing"},
    ),
    Row(
        "tiktok_shop",
        "shipped_in_multiple_packages",
        "tracking_number+",
        "tracking_history shipping_label",
        "packing_photo",
        {"tracking_number": "missing"},
    ),
    Row(
        "tiktok_shop",
        "replacement_shipped",
        "replacement_shipment+ agreement+",
        "proof_of_shipping chat_screenshot",
        "proof_of_shipping",
        {"agreement": "missing"},
    ),
    Row(
        "tiktok_shop",
        "delivery_attempt_failed",
        "delivery_attempt+ delivery_instructions?",
        "carrier_statement chat_transcript",
        "tracking_history chat_transcript",
        {"delivery_attempt": "missing"},
    ),
    Row("tiktok_shop", "delivered_to_correct_address"),
    Row(
        "tiktok_shop",
        "item_is_correct",
        "comparison_photo+",
        "comparison_photo",
        "item_photo",
        {"comparison_photo": "missing"},
    ),
    Row("tiktok_shop", "product_functions_well"),
    Row(
        "tiktok_shop",
        "product_damaged_or_used",
        "returned_item_photo+ return_label+",
        "returned_item_photo return_label",
        "returned_item_photo",
        {"return_label": "missing"},
    ),
    Row(
        "tiktok_shop",
        "missing_products_or_parts",
        "returned_item_photo+ return_label+",
        "returned_item_photo return_label",
        "return_label",
        {"returned_item_photo": "missing"},
    ),
    Row(
        "tiktok_shop",
        "returned_not_what_was_sent",
        "returned_item_photo+ comparison_photo+ return_label+",
        "returned_item_photo comparison_photo return_label",
        "returned_item_photo return_label",
        {"comparison_photo": "missing"},
    ),
    Row(
        "tiktok_shop",
        "return_package_not_received",
        "return_tracking+",
        "return_tracking",
        "tracking_history/status:delivered",
        {"return_tracking": "missing"},
    ),
    Row("tiktok_shop", "reason_unclear"),
    Row(
        "tiktok_shop",
        "cancel_already_packed",
        "packing_photo!",
        "packing_photo",
        "order_record",
        {"packing_photo": "missing"},
    ),
    Row(
        "tiktok_shop",
        "agreement_with_buyer",
        "agreement!",
        "chat_screenshot",
        "",
        {"agreement": "missing"},
    ),
    Row("tiktok_shop", "unable_to_change_address"),
    Row("tiktok_shop", "delivered_refund_only"),
    Row(
        "tiktok_shop",
        "fulfilment_violation_appeal",
        "packing_video+ dispatch_manifest+ carrier_correspondence+",
        "packing_photo handover_record chat_transcript",
        "packing_video chat_transcript",
        {"dispatch_manifest": "missing"},
    ),
]

# What more is asked of what counts, by the words of the sources.
CHECKS = {
    "replacement_shipped.agreement": "channel_is",
}
