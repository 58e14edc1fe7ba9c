"""mercado_libre: its reasons, each with a complete and an incomplete case."""

from packs import Row

ROWS = [
    Row(
        "mercado_libre",
        "pnr",
        "shipping_evidence! receipt_confirmation?",
        "shipping_label signature_confirmation",
        "chat_transcript handover_record",
        {"shipping_evidence": "missing"},
        {"shipping_method": "mail"},
    ),
    Row(
        "mercado_libre",
        "pdd",
        "claim_attachment?",
        "item_photo",
        "shipping_label",
        {"claim_attachment": "missing"},
    ),
    Row("mercado_libre", "cs"),
    Row(
        "mercado_libre",
        "return_review_srf2",
        "returned_item_photo!",
        "returned_item_photo",
        "item_photo",
        {"returned_item_photo": "missing"},
    ),
    Row(
        "mercado_libre",
        "return_review_srf4",
        "returned_item_photo!",
        "returned_item_photo",
        "buyer_photo",
        {"returned_item_photo": "missing"},
    ),
    Row(
        "mercado_libre",
        "return_review_other",
        "returned_item_photo?",
        "returned_item_photo",
        "item_photo",
        {"returned_item_photo": "missing"},
    ),
]
