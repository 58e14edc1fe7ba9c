"""What of a case goes along in a delivery, and under which of the platform's names."""

from factories import make_case, make_item

from evidence_service.domain.checklist import Level
from evidence_service.domain.delivery import Need, Source
from evidence_service.domain.evidence import EvidenceKind
from evidence_service.domain.order import Order
from evidence_service.domain.reading import Reading
from evidence_service.platforms import get_pack
from evidence_service.usecases.submit.delivery_content import candidates


def one_of(pack, reason, kind, readings=(), **over):
    item = make_item(kind, **over)
    case = make_case(pack_id=pack, reason=reason)
    case.items = [item]
    found = Reading(item.media_type, contents=tuple(readings))
    (candidate,) = candidates(case, get_pack(pack), {item.id: found})
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
