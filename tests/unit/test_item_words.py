"""The words of an item, what they mention, and what a find of a card number does to the case."""

from dataclasses import replace

import pytest
from factories import AGENT, NOON, make_bundle, make_case, make_item

from evidence_service.domain.case import CaseState
from evidence_service.domain.errors import WrongState
from evidence_service.domain.evidence import Derivative, HeldFor, ItemState, Shape
from evidence_service.domain.legibility import hard_to_read
from evidence_service.domain.picture import Picture
from evidence_service.domain.sending import BundleState
from evidence_service.domain.words import language_of, mentions, without_long_numbers

ORDER = "39487512-0042-1"
BOTH = {"mentions_order_number", "mentions_tracking_number"}


class TestMentions:
    @pytest.mark.parametrize(
        ("text", "found"),
        [
            (f"Заказ №{ORDER} в пути", {"mentions_order_number"}),
            ("order 39487512 0042 1", {"mentions_order_number"}),
            ("order 39487512-0042-\n1", {"mentions_order_number"}),
            ("SD 7044 1509 8cn", {"mentions_tracking_number"}),
            (f"{ORDER}, SD704415098CN", BOTH),
            ("139487512-0042-1", set()),
            ("39487512-0042-12", set()),
            ("", set()),
        ],
    )
    def test_numbers_are_found_however_they_are_spaced(self, text, found):
        assert mentions(text, [ORDER], ["SD704415098CN"]) == found

    def test_a_number_that_stands_anywhere_by_chance_is_none(self):
        assert mentions("page 12 of 40", ["12"], []) == set()


@pytest.mark.parametrize(
    ("text", "language"),
    [("你好，包裹呢", "zh"), ("Где заказ?", "ru"), ("أين طلبي", "ar"), ("Hola", "es"), ("", "es")],
)
def test_letters_tell_the_language_where_they_can(text, language):
    assert language_of(text, "es") == language


def test_long_numbers_are_starred_and_short_ones_stay():
    said = without_long_numbers("card 4111 1111 1111 1112, order 39487512, at 10:40")

    assert said == "card **** **** **** ****, order 39487512, at 10:40"


class TestLikeness:
    def test_needs_the_same_shape(self):
        edges = f"{(1 << 200) - 1:064x}"
        tall = Picture(100, 200, edges=edges)

        assert tall.looks_like(replace(tall, width=50, height=100))
        assert not tall.looks_like(replace(tall, height=210))
        assert not tall.looks_like(replace(tall, edges=""))


class TestLegible:
    PHONE = Picture(1080, 2400, text_height_px=44)

    def test_letters_of_a_readable_size_that_stand_out_say_nothing(self):
        assert [*hard_to_read(self.PHONE, 15.0, 9.0)] == []

    @pytest.mark.parametrize("picture", [PHONE, Picture(390, 844, text_height_px=12)])
    def test_letters_below_the_platform_s_floor_are_told(self, picture):
        assert [*hard_to_read(picture, 15.0, 12.0)] == ["picture_text_small"]

    @pytest.mark.parametrize(("contrast", "told"), [(4.49, ["picture_contrast_low"]), (4.5, [])])
    def test_letters_that_hardly_stand_out_are_told(self, contrast, told):
        assert [*hard_to_read(self.PHONE, contrast, 9.0)] == told

    def test_of_a_picture_without_letters_nothing_is_said(self):
        assert [*hard_to_read(Picture(1080, 2400), None, 12.0)] == []


class TestHold:
    def test_holds_an_accepted_item_and_says_so(self):
        case = make_case(items=[make_item()])
        case.hold_for_card(case.items[0].id, at=NOON)

        assert case.items[0].state is ItemState.HELD
        assert case.items[0].held_for is HeldFor.CARD_NUMBER
        assert [event.kind for event in case.events] == ["evidence.held"]

    def test_a_withdrawn_one_is_held_when_it_is_taken_back(self):
        case = make_case(items=[make_item(state=ItemState.WITHDRAWN)])
        case.hold_for_card(case.items[0].id, at=NOON)
        case.take_again(case.items[0], by=AGENT, at=NOON)

        assert case.items[0].state is ItemState.HELD

    def test_twice_is_once(self):
        case = make_case(items=[make_item()])
        case.hold_for_card(case.items[0].id, at=NOON)
        case.hold_for_card(case.items[0].id, at=NOON)

        assert len(case.events) == 1


class TestRedact:
    def redact(self, item, **over):
        case = make_case(items=[item], **over)
        copy = make_item(position=0)
        case.redact_evidence(item.id, copy, "address", rectangles=2)
        return case, copy

    def test_the_copy_takes_the_place_and_the_original_is_withdrawn(self):
        item = make_item(position=4)
        case, copy = self.redact(item)

        assert (copy.position, item.state) == (4, ItemState.WITHDRAWN)
        assert [event.kind for event in case.events] == [
            "evidence.added",
            "evidence.redacted",
            "evidence.withdrawn",
        ]

    def test_one_held_for_a_card_number_is_destroyed(self):
        made = Derivative(Shape.PREVIEW, "0" * 64, 1, "image/jpeg", "v1")
        item = make_item(state=ItemState.HELD, held_for=HeldFor.CARD_NUMBER, derivatives=(made,))
        case, _ = self.redact(item)

        assert (item.state, item.derivatives) == (ItemState.DESTROYED, ())
        assert case.events[-1].kind == "evidence.destroyed"
        assert case.is_contributor(AGENT)

    @pytest.mark.parametrize(
        "over",
        [
            {"state": ItemState.WITHDRAWN},
            {"state": ItemState.DESTROYED, "held_for": HeldFor.CARD_NUMBER},
            {"state": ItemState.HELD, "held_for": HeldFor.UNPARSEABLE},
        ],
    )
    def test_refuses_what_no_redaction_cures(self, over):
        with pytest.raises(WrongState):
            self.redact(make_item(**over))

    def test_refuses_once_the_case_was_sent(self):
        with pytest.raises(WrongState):
            self.redact(make_item(), state=CaseState.SUBMITTED)

    @pytest.mark.parametrize("state", [CaseState.SUBMITTED, CaseState.CLOSED])
    def test_a_card_number_goes_from_a_sent_case_too(self, state):
        item = make_item(state=ItemState.HELD, held_for=HeldFor.CARD_NUMBER)
        case, copy = self.redact(item, state=state, revision=5)

        assert (item.state, copy.state) == (ItemState.DESTROYED, ItemState.ACCEPTED)
        assert (case.state, case.revision) == (state, 5)
        assert [event.kind for event in case.events] == [
            "evidence.added",
            "evidence.redacted",
            "evidence.destroyed",
        ]

    def test_says_how_many_bundles_keep_what_it_shows(self):
        item = make_item(state=ItemState.HELD, held_for=HeldFor.CARD_NUMBER)
        bundles = [make_bundle(make_case(), state=state) for state in BundleState]
        case, _ = self.redact(item, state=CaseState.SUBMITTED, bundles=bundles)

        assert case.events[1].left_in_bundles == 1

    def test_voids_an_approval(self):
        case, _ = self.redact(make_item(), state=CaseState.APPROVED)

        assert case.state is CaseState.ASSEMBLING


class TestDestroyWithdrawn:
    def test_a_card_number_is_not_locked_with_what_was_withdrawn(self):
        item = make_item(state=ItemState.WITHDRAWN, held_for=HeldFor.CARD_NUMBER)
        case = make_case(CaseState.CLOSED, items=[item])
        case.destroy_withdrawn(item.id, at=NOON)

        assert item.state is ItemState.DESTROYED

    @pytest.mark.parametrize(
        "over",
        [
            {"state": ItemState.WITHDRAWN},
            {"state": ItemState.HELD, "held_for": HeldFor.CARD_NUMBER},
        ],
    )
    def test_nothing_else_is_destroyed(self, over):
        item = make_item(**over)
        with pytest.raises(WrongState):
            make_case(CaseState.CLOSED, items=[item]).destroy_withdrawn(item.id, at=NOON)
