"""adyen: its reasons, each with a complete and an incomplete case."""

from packs import Row

ROWS = [
    Row(
        "adyen",
        "goods_not_returned",
        "goods_not_returned! tid_or_invoice?",
        "return_tracking order_record",
        "invoice",
        {"goods_not_returned": "missing"},
    ),
    Row(
        "adyen",
        "goods_repaired_or_replaced",
        "goods_repaired_or_replaced! tid_or_invoice?",
        "proof_of_shipping invoice",
        "invoice",
        {"goods_repaired_or_replaced": "missing"},
    ),
    Row(
        "adyen",
        "goods_were_as_described",
        "goods_were_as_described! tid_or_invoice!",
        "listing_snapshot order_screenshot",
        "listing_snapshot",
        {"tid_or_invoice": "missing"},
    ),
    Row(
        "adyen",
        "supply_defense_material",
        "defense_material! tid_or_invoice?",
        "proof_of_delivery invoice",
        "invoice",
        {"defense_material": "missing"},
    ),
    Row(
        "adyen",
        "fraud_card_absent",
        "invoice+ email_conversation+ signed_proof_of_delivery+ prior_undisputed_payments+"
        " courier_gps_location+",
        "invoice chat_transcript signature_confirmation additional_information"
        " gps_delivery_screenshot",
        "invoice chat_transcript proof_of_delivery additional_information",
        {"signed_proof_of_delivery": "missing", "courier_gps_location": "missing"},
    ),
    Row(
        "adyen",
        "goods_not_received",
        "goods_description+ invoice+ signed_proof_of_delivery+ message_confirming_possession+"
        " reason_for_shipping_delay+ customer_did_not_contact_seller+",
        "listing_snapshot invoice signature_confirmation chat_screenshot additional_information",
        "listing_snapshot invoice signature_confirmation carrier_statement",
        {
            "message_confirming_possession": "missing",
            "customer_did_not_contact_seller": "missing",
        },
    ),
    Row(
        "adyen",
        "goods_not_as_described",
        "customer_did_not_contact_or_return+ photos_goods_as_described+"
        " signed_proof_of_delivery+ emails_and_agreements+",
        "additional_information item_photo signature_confirmation chat_transcript",
        "additional_information signature_confirmation chat_transcript",
        {"photos_goods_as_described": "missing"},
    ),
    Row("adyen", "scheme_reason"),
]

# What more is asked of what counts, by the words of the sources.
CHECKS = {
    "fraud_card_absent.prior_undisputed_payments": "prior_transactions",
}
