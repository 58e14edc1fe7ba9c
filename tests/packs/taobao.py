"""taobao: its reasons, each with a complete and an incomplete case."""

from packs import Row

ROWS = [
    Row(
        "taobao",
        "refund_refused",
        "refuse_proof! refuse_proof_taobao?",
        "shipping_label",
        "chat_screenshot",
        {"refuse_proof": "missing", "refuse_proof_taobao": "not_applicable"},
        {"marketplace": "tmall"},
    ),
    Row(
        "taobao",
        "return_refused",
        "return_refuse_proof!",
        "returned_item_photo",
        "buyer_photo",
        {"return_refuse_proof": "missing"},
    ),
    Row(
        "taobao",
        "refund_message",
        "image!",
        "additional_information",
        "",
        {"image": "missing"},
    ),
]
