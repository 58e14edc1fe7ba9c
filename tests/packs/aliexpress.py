"""aliexpress: its reasons, each with a complete and an incomplete case."""

from packs import Row

ROWS = [
    Row(
        "aliexpress",
        "not_received",
        "tracking_history+ proof_of_delivery+ shipping_label+ delivery_address+"
        " signature_confirmation+ carrier_statement+ refused_clearance+ customs_document?",
        "tracking_history/status:delivered shipping_label order_record signature_confirmation"
        " carrier_statement customs_document",
        "tracking_history/status:in_transit shipping_label order_record signature_confirmation"
        " carrier_statement customs_document",
        {"proof_of_delivery": "weak"},
        {"cause": "held_by_customs"},
    ),
    Row(
        "aliexpress",
        "not_as_described",
        "listing_snapshot+ buyer_receipt_proof+ buyer_photo+ chat_transcript+",
        "listing_snapshot buyer_receipt_proof buyer_photo chat_screenshot",
        "buyer_photo chat_transcript",
        {"listing_snapshot": "missing", "buyer_receipt_proof": "missing"},
    ),
    Row(
        "aliexpress",
        "quality_problem",
        "buyer_photo+",
        "buyer_photo",
        "item_photo",
        {"buyer_photo": "missing"},
    ),
    Row("aliexpress", "damaged", "buyer_photo+", "buyer_photo", "", {"buyer_photo": "missing"}),
    Row("aliexpress", "short_shipment"),
    Row("aliexpress", "counterfeit"),
    Row("aliexpress", "buyer_own_reason"),
    Row(
        "aliexpress",
        "chargeback_not_received",
        "promised_delivery_time! proof_of_shipping! packing_photo! proof_of_delivery!",
        "order_screenshot proof_of_shipping packing_photo proof_of_delivery",
        "order_screenshot proof_of_shipping tracking_history/status:exception",
        {"packing_photo": "missing", "proof_of_delivery": "missing"},
    ),
    Row(
        "aliexpress",
        "chargeback_unauthorized",
        "proof_of_shipping!",
        "proof_of_shipping",
        "chat_transcript",
        {"proof_of_shipping": "missing"},
        {"shipped_before_chargeback": "yes", "shipping_notice_filled_in": "no"},
    ),
    Row(
        "aliexpress",
        "chargeback_other",
        "proof_of_delivery+ item_information+ refund_proof+ replacement_shipment+ chat_transcript+",
        "proof_of_delivery listing_snapshot refund_proof proof_of_shipping chat_transcript",
        "proof_of_delivery listing_snapshot proof_of_shipping chat_transcript",
        {"refund_proof": "missing"},
    ),
    Row("aliexpress", "false_shipment"),
    Row("aliexpress", "logistics_claim_against_carrier"),
]

# What more is asked of what counts, by the words of the sources.
CHECKS = {
    "not_as_described.chat_transcript": "first_reply",
    "not_received.proof_of_delivery": "tracking_shows",
}
