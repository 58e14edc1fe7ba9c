"""allegro: its reasons; no evidence list is known for any of them."""

from packs import Row

ROWS = [
    Row("allegro", "no_product_received"),
    Row("allegro", "no_product_in_parcel"),
    Row("allegro", "no_proof_of_purchase_manual_or_warranty"),
    Row("allegro", "missing_product_element"),
    Row("allegro", "product_and_parcel_damaged_in_transit"),
    Row("allegro", "product_damaged_parcel_intact"),
    Row("allegro", "defect_found_during_use"),
    Row("allegro", "not_as_described"),
    Row("allegro", "seller_does_not_want_to_accept_return"),
    Row("allegro", "problem_with_sending_product_back"),
    Row("allegro", "no_refund_after_returning_product"),
    Row("allegro", "no_refund_after_canceling_order"),
    Row("allegro", "did_not_receive_goods_after_payment"),
    Row("allegro", "received_items_not_matching_description"),
    Row("allegro", "received_incomplete_order"),
    Row("allegro", "item_is_damaged"),
    Row("allegro", "problem_with_withdrawal_cancellation_of_purchase"),
    Row("allegro", "problem_with_goods_return_cancellation_of_purchase"),
    Row("allegro", "other"),
]
