"""What a bundle says is what the case holds, of the revision it was asked for."""

from dataclasses import replace
from datetime import timedelta

import pytest
from factories import AGENT, NOON, REVIEWER, STORE, make_bundle, make_case, make_item

from evidence_service.domain.bundle import RevisionGone, plan
from evidence_service.domain.case import CaseState
from evidence_service.domain.evidence import EvidenceKind, ItemState
from evidence_service.domain.order import Address, Money, Order, OrderLine
from evidence_service.domain.reading import Reading
from evidence_service.domain.records import Statement
from evidence_service.domain.tracking import Tracking, TrackingEvent, TrackingStatus
from evidence_service.domain.transcript import Message, MessageRole, Transcript
from evidence_service.platforms import get_pack
from evidence_service.ports import StoreRow
from evidence_service.usecases.assemble.redact_evidence import REDACTED
from evidence_service.usecases.assemble.take_in import ALTERED
from evidence_service.usecases.submit.bundle_content import bundle_content, ensure_current

HOUR = timedelta(hours=1)
NAMES = {AGENT: "agent@example.com", REVIEWER: "reviewer@example.com"}


def make_content(case, bundle=None, readings=None):
    store = StoreRow(STORE, "Tern Pottery", "ozon", "Asia/Shanghai", "zh")
    bundle = bundle or make_bundle(case)
    ensure_current(case, bundle)
    return bundle_content(
        case,
        is_preview=bundle.preview,
        pack=get_pack(case.pack_id),
        store=store,
        readings=readings or {},
        names=NAMES,
    )


def make_approved(*items):
    case = make_case(CaseState.APPROVED)
    case.items = list(items)
    return case


def event(hours, status, **over):
    at = None if hours is None else NOON + hours * HOUR
    return TrackingEvent(at=at, local_time="", status=status, **over)


def parcel(*events):
    item = make_item(EvidenceKind.TRACKING_HISTORY, media_type="application/json")
    content = Tracking("SD1", "Cainiao", TrackingStatus.DELIVERED, events=events)
    return item, {item.id: Reading("application/json", contents=(content,))}


def chat(*hours):
    item = make_item(EvidenceKind.CHAT_TRANSCRIPT, media_type="application/json", position=1)
    messages = tuple(
        Message(
            author="Ольга",
            role=MessageRole.BUYER,
            sent_at=None if hour is None else NOON + hour * HOUR,
            local_time="",
            text=f"message {number}",
        )
        for number, hour in enumerate(hours)
    )
    content = Transcript("Ozon", messages)
    return item, {item.id: Reading("application/json", contents=(content,))}


class TestRevision:
    def test_a_bundle_of_the_approved_one_is_made(self):
        case = make_approved(make_item())

        assert make_content(case).revision == case.revision

    def test_an_approval_voided_since_is_refused(self):
        case = make_approved(make_item())
        bundle = make_bundle(case)
        case.approved_revision, case.approved_at = None, None

        with pytest.raises(RevisionGone):
            make_content(case, bundle)

    @pytest.mark.parametrize("preview", [False, True])
    def test_so_is_a_case_changed_since(self, preview):
        case = make_approved(make_item())
        bundle = make_bundle(case, preview=preview)
        case.revision += 1
        case.approved_revision = case.revision

        with pytest.raises(RevisionGone):
            make_content(case, bundle)

    def test_a_preview_carries_no_approval(self):
        case = make_case(CaseState.IN_REVIEW)

        content = make_content(case, make_bundle(case, preview=True))

        assert (content.is_preview, content.approved_at) == (True, None)


def order(number, **over):
    return Order(number, "shopify", placed_at=NOON, total=Money(2460, "USD"), **over)


def order_record(*orders):
    item = make_item(EvidenceKind.ORDER_RECORD, media_type="application/json")
    return item, {item.id: Reading("application/json", contents=orders)}


class TestOrders:
    def test_are_shown_as_the_record_has_them(self):
        own = make_approved().order_numbers[0]
        line = OrderLine("Glass teapot", 2, "GT-1", Money(1230, "USD"))
        place = Address(name="Olga", city="Novosibirsk", country="RU")
        item, readings = order_record(order(own, ship_to=place, lines=(line,)))

        (record,) = make_content(make_approved(item), readings=readings).orders
        (shown,) = record.orders
        assert (shown.number, shown.total, record.others) == (own, "24.60 USD", 0)
        assert shown.ship_to == ("Olga", "Novosibirsk", "RU")
        assert (shown.items[0].quantity, shown.items[0].price) == (2, "12.30 USD")

    def test_of_other_buyers_are_only_counted(self):
        own = make_approved().order_numbers[0]
        olga, ivan = {"email": "olga@example.com"}, {"email": "ivan@example.com"}
        item, readings = order_record(
            order("1", identity=ivan), order(own, identity=olga), order("2", identity=olga)
        )

        (record,) = make_content(make_approved(item), readings=readings).orders
        assert [one.number for one in record.orders] == [own, "2"]
        assert record.others == 1

    def test_are_all_shown_where_none_is_the_cases(self):
        item, readings = order_record(order("1"), order("2"))

        (record,) = make_content(make_approved(item), readings=readings).orders
        assert [one.number for one in record.orders] == ["1", "2"]


class TestExhibits:
    def test_stand_in_the_order_of_their_positions(self):
        last, first = make_item(position=2, file_name="b"), make_item(position=1, file_name="a")

        content = make_content(make_approved(last, first))

        assert [(e.label, e.file_name) for e in plan(content).manifest] == [
            ("A-1", "a"),
            ("A-2", "b"),
        ]

    def test_what_was_withdrawn_is_none(self):
        case = make_approved(make_item(), make_item(state=ItemState.WITHDRAWN))

        assert len(make_content(case).exhibits) == 1

    def test_their_people_are_named(self):
        (one,) = make_content(make_approved(make_item())).exhibits

        assert one.added_by == "agent@example.com"


class TestStatement:
    def test_fields_have_the_titles_of_the_platforms_form(self):
        case = make_approved()
        case.pack_id, case.reason = "aliexpress", "not_received"
        stated = {"defence_statement": "It was sent.", "own": "And more."}
        case.statement = Statement(case.id, STORE, "en", stated, AGENT, NOON)

        fields = make_content(case).statement

        assert [field.text for field in fields] == ["It was sent.", "And more."]
        assert fields[0].title.startswith("Defence statement")
        assert fields[1].title == "own"


class TestOmissions:
    def test_notes_the_other_side_never_saw_are_counted(self):
        talk, said = chat(1, 2)
        (content,) = said[talk.id].contents
        noted = replace(content.messages[0], is_internal=True)
        shown = replace(content, messages=(noted, content.messages[1]))

        found = make_content(
            make_approved(talk), readings={talk.id: replace(said[talk.id], contents=(shown,))}
        )

        assert len(found.omissions) == 1
        assert found.omissions[0].endswith(": 1")
        assert [line.text for line in found.conversations[0].lines] == ["message 1"]

    @pytest.mark.parametrize("warning", [REDACTED, ALTERED])
    def test_what_was_covered_or_masked_is_said(self, warning):
        item = make_item(file_name="waybill.png", warnings=(warning, "blurred"))

        (said,) = make_content(make_approved(item)).omissions

        assert said.startswith("waybill.png: ")
        assert "omitted" not in said

    def test_a_case_shown_as_it_came_in_has_none(self):
        assert make_content(make_approved(make_item())).omissions == ()


class TestConversations:
    def test_what_stood_there_before_an_edit_comes_along(self):
        talk, said = chat(1)
        (content,) = said[talk.id].contents
        edited = replace(content.messages[0], edits=("first", "second"))
        shown = replace(content, messages=(edited,))

        (found,) = make_content(
            make_approved(talk), readings={talk.id: replace(said[talk.id], contents=(shown,))}
        ).conversations

        assert found.lines[0].edits == ("first", "second")


class TestTimeline:
    def test_puts_scans_and_messages_on_one_axis(self):
        tracking, tracked = parcel(event(1, TrackingStatus.IN_TRANSIT))
        talk, said = chat(0, 2)

        rows = make_content(make_approved(tracking, talk), readings=tracked | said).timeline

        assert [(row.lane, row.count) for row in rows] == [
            ("platform", 1), ("chat", 1), ("carrier", 1), ("chat", 1)
        ]  # fmt: skip

    def test_messages_with_nothing_between_are_one_row(self):
        talk, said = chat(5, 3, 4, None)

        rows = make_content(make_approved(talk), readings=said).timeline

        assert [(row.text, row.count, row.until) for row in rows[1:]] == [
            ("Ольга: message 1", 3, NOON + 5 * HOUR)
        ]

    def test_the_hand_over_and_the_last_delivery_are_key(self):
        tracking, tracked = parcel(
            event(9, TrackingStatus.DELIVERED),
            event(8, TrackingStatus.DELIVERED),
            event(1, TrackingStatus.PRE_TRANSIT),
            event(3, TrackingStatus.IN_TRANSIT),
            event(2, TrackingStatus.IN_TRANSIT),
        )

        rows = make_content(make_approved(tracking), readings=tracked).timeline

        assert [row.at for row in rows if row.is_key] == [NOON + 2 * HOUR, NOON + 9 * HOUR]

    def test_a_dispute_without_a_claim_opens_with_its_reason(self):
        case = make_approved()
        case.claim_text = None

        (row,) = make_content(case).timeline

        assert row.text == make_content(case).case.reason_title


class TestParcels:
    def test_all_of_one_record_are_there(self):
        tracking, tracked = parcel(event(1, TrackingStatus.DELIVERED))
        other = Tracking("SD2", "Cainiao", TrackingStatus.DELIVERED)
        reading = tracked[tracking.id]
        both = {tracking.id: Reading("application/json", contents=(*reading.contents, other))}

        content = make_content(make_approved(tracking), readings=both)

        assert [(one.number, one.evidence_id) for one in content.parcels] == [
            ("SD1", tracking.id),
            ("SD2", tracking.id),
        ]

    def test_scans_are_in_order_of_time(self):
        tracking, tracked = parcel(
            event(2, TrackingStatus.DELIVERED), event(1, TrackingStatus.IN_TRANSIT)
        )

        (found,) = make_content(make_approved(tracking), readings=tracked).parcels

        assert [scan.status for scan in found.scans] == ["in_transit", "delivered"]

    def test_or_as_in_the_record_where_one_has_no_instant(self):
        tracking, tracked = parcel(
            event(2, TrackingStatus.DELIVERED), event(None, TrackingStatus.IN_TRANSIT)
        )

        (found,) = make_content(make_approved(tracking), readings=tracked).parcels

        assert [scan.status for scan in found.scans] == ["delivered", "in_transit"]
