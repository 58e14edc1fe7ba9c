"""yandex_market: its reasons, each with a complete and an incomplete case."""

from packs import Row

ROWS = [
    Row("yandex_market", "bad_quality"),
    Row("yandex_market", "does_not_fit"),
    Row("yandex_market", "wrong_item"),
    Row("yandex_market", "damage_delivery"),
    Row("yandex_market", "loyalty_fail"),
    Row("yandex_market", "content_fail"),
    Row("yandex_market", "delivery_fail"),
    Row("yandex_market", "unknown"),
    Row(
        "yandex_market",
        "claim_to_market",
        "claim_form! acceptance_certificate!",
        "additional_information handover_record",
        "additional_information proof_of_delivery",
        {"acceptance_certificate": "missing"},
    ),
]
