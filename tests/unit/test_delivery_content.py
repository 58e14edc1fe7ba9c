"""What of a case goes along in a delivery, and under which of the platform's names."""

from factories import AGENT, NOON, STORE, make_case, make_item

from evidence_service.domain.checklist import Level
from evidence_service.domain.delivery import Need, Source
from evidence_service.domain.evidence import EvidenceKind
from evidence_service.domain.order import Order
from evidence_service.domain.picture import Picture
from evidence_service.domain.reading import Reading
from evidence_service.domain.records import Statement
from evidence_service.platforms import get_pack
from evidence_service.usecases.submit.delivery_content import candidates, channel_of, stated


def one_of(pack, reason, kind, readings=(), language="en", **over):
    item = make_item(kind, **over)
    case = make_case(pack_id=pack, reason=reason)
    case.items = [item]
    found = Reading(item.media_type, contents=tuple(readings))
    (candidate,) = candidates(case, get_pack(pack), {item.id: found}, {item.id: language})
    return candidate


def test_is_called_by_the_platforms_own_code():
    candidate = one_of("adyen", "goods_not_returned", EvidenceKind.RETURN_TRACKING)

    assert (candidate.slot, candidate.level) == ("GoodsNotReturned", Level.REQUIRED)
    assert candidate.needs == (Need("goods_not_returned"),)


def test_is_called_by_the_requirement_where_that_is_the_code():
    candidate = one_of("stripe", "product_not_received", EvidenceKind.CHAT_SCREENSHOT)

    assert (candidate.slot, candidate.needs) == ("customer_communication", ())


def test_an_order_that_was_read_is_drawn_as_pages():
    order = Order("7", "shopify")
    candidate = one_of(
        "shopify_payments",
        "product_not_received",
        EvidenceKind.ORDER_RECORD,
        [order],
        media_type="application/json",
    )

    assert (candidate.source, candidate.pages) == (Source.RECORD, 1)


def statement_for(platform, reason, delivery, **fields):
    case = make_case(pack_id=platform, reason=reason)
    about = {"case_id": case.id, "store_id": STORE, "written_by": AGENT, "written_at": NOON}
    case.statement = Statement(language="en", fields=fields, **about)
    pack = get_pack(platform)
    return stated(case, pack, channel_of(case, pack, delivery))


def test_a_form_with_one_field_for_words_gets_the_whole_statement():
    said = statement_for("ozon", "malicious_claim", "chat", answer="Delivered.", more="On time.")
    noted = statement_for("ebay", "item_not_received", "payment_dispute", answer="Delivered.")

    assert said == {"message": "Delivered.\n\nOn time."}
    assert noted == {"note": "Delivered."}


def test_a_field_for_a_place_or_a_number_gets_no_statement():
    told = {"general": "It was delivered on 16 March, as the carrier's record shows. " * 9}

    assert statement_for("braintree", "duplicate", "evidence", **told) == told
    reason = "dispute_1_reject_non_receipt"
    told = {"dispute_text_reason": "It was delivered on 16 March."}
    assert statement_for("shopee", reason, "shipping_proof", **told) == told


def test_chinese_letters_may_be_shrunk_less_than_others():
    about = ("taobao", "return_refused", EvidenceKind.CHAT_SCREENSHOT)
    read = [Picture(1170, 2532, text_height_px=22)]
    (chinese,) = one_of(*about, read, language="zh").shots
    (russian,) = one_of(*about, read, language="ru").shots

    assert chinese.letters_px < 0.8 * russian.letters_px
