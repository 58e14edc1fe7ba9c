"""yandex_market: its reasons, each with a complete and an incomplete case."""

from packs import Row

NO_PHOTOS = {"buyer_photos": "missing"}

ROWS = [
    Row("yandex_market", "bad_quality", "buyer_photos~", "buyer_photo", "item_photo", NO_PHOTOS),
    Row("yandex_market", "does_not_fit", "buyer_photos~", "buyer_photo", "item_photo", NO_PHOTOS),
    Row("yandex_market", "wrong_item", "buyer_photos~", "buyer_photo", "item_photo", NO_PHOTOS),
    Row(
        "yandex_market", "damage_delivery", "buyer_photos~", "buyer_photo", "item_photo", NO_PHOTOS
    ),
    Row("yandex_market", "loyalty_fail", "buyer_photos~", "buyer_photo", "item_photo", NO_PHOTOS),
    Row("yandex_market", "content_fail", "buyer_photos~", "buyer_photo", "item_photo", NO_PHOTOS),
    Row("yandex_market", "delivery_fail", "buyer_photos~", "buyer_photo", "item_photo", NO_PHOTOS),
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
