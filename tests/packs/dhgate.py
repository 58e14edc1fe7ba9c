"""dhgate: its reasons, each with a complete and an incomplete case."""

from packs import Row

ROWS = [
    Row(
        "dhgate",
        "not_received_in_transit_or_delivered",
        "waybill+ billing_weight+ sign_off+",
        "shipping_label weight_record signature_confirmation",
        "weight_record signature_confirmation",
        {"waybill": "missing"},
    ),
    Row(
        "dhgate",
        "not_received_customs",
        "clearance_papers+ carrier_mail+",
        "customs_document carrier_statement",
        "carrier_statement",
        {"clearance_papers": "missing"},
    ),
    Row(
        "dhgate",
        "not_received_returned_refused",
        "reason_of_return+ return_slip+ returned_parcel_photo+ freight_invoice+",
        "tracking_history carrier_statement returned_item_photo invoice",
        "carrier_statement returned_item_photo invoice",
        {"reason_of_return": "missing"},
    ),
    Row(
        "dhgate",
        "false_tracking_number",
        "true_number+ waybill+ billing_weight+",
        "tracking_history shipping_label weight_record",
        "shipping_label weight_record",
        {"true_number": "missing"},
    ),
    Row(
        "dhgate",
        "appearance",
        "confirmation_with_buyer+ parcel_photo+ packing_video+",
        "chat_transcript packing_photo packing_video",
        "packing_photo packing_video",
        {"confirmation_with_buyer": "missing"},
    ),
    Row(
        "dhgate",
        "does_not_work",
        "packing_video+ guiding_video+",
        "packing_video additional_information",
        "additional_information",
        {"packing_video": "missing"},
    ),
    Row(
        "dhgate",
        "quantity",
        "waybill+ weight_proof+",
        "shipping_label weight_record",
        "weight_record",
        {"waybill": "missing"},
    ),
    Row(
        "dhgate",
        "size",
        "order_page+ measured_item+",
        "listing_snapshot buyer_photo",
        "buyer_photo",
        {"order_page": "missing"},
    ),
    Row(
        "dhgate",
        "brand",
        "brand_authorisation+ purchase_certificate+ whole_communication+",
        "authenticity_document invoice chat_transcript",
        "invoice chat_transcript",
        {"brand_authorisation": "missing"},
    ),
]
