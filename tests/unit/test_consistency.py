"""Each contradiction with both its places, and what looks like one and is none."""

from datetime import timedelta

import pytest
from factories import NOON, make_item
from hypothesis import given, settings
from hypothesis import strategies as st
from readings import (
    BUYER,
    DAY,
    DELIVERED,
    HOUR,
    ITEMS,
    MOSCOW,
    MOVING,
    OPENED,
    RUB,
    SELLER,
    chat,
    dispute,
    order,
    read,
    track,
)

from evidence_service.catalogue import words
from evidence_service.domain.consistency import Told, contradictions
from evidence_service.domain.evidence import EvidenceKind, ItemState
from evidence_service.domain.order import Address, Money
from evidence_service.domain.saying import Topic, topics

TRACKING, ORDER, CHAT = (
    EvidenceKind.TRACKING_HISTORY,
    EvidenceKind.ORDER_RECORD,
    EvidenceKind.CHAT_TRANSCRIPT,
)


def found(*contents, told=None, **over):
    """The codes, each with its two places as `index of the item:where`."""
    items = [make_item(kind, digest=read(*parts), **over) for kind, *parts in contents]
    numbers = {item.id: number for number, item in enumerate(items)}

    def at(place):
        return f"{numbers.get(place.evidence_id, 'case')}:{place.where}"

    return [
        (one.code, *map(at, one.places))
        for one in contradictions(items, told or Told(order_numbers=("1",)))
    ]


class TestTrackingNumbers:
    def test_one_the_order_did_not_go_out_with(self):
        there = found((TRACKING, track()), (ORDER, order(tracking_numbers=("XX9",))))

        assert there == [
            ("tracking_number_differs", "0:tracking[0].number", "1:order[0].tracking_numbers")
        ]

    @pytest.mark.parametrize("number", ["RB1", "rb-1", "RB 1"])
    def test_the_same_written_otherwise_is_none(self, number):
        assert found((TRACKING, track()), (ORDER, order(tracking_numbers=("A", number)))) == []

    def test_a_return_has_its_own(self):
        back = EvidenceKind.RETURN_TRACKING

        assert found((back, track()), (ORDER, order(tracking_numbers=("XX9",)))) == []

    def test_an_order_of_another_case_is_not_asked(self):
        assert found((TRACKING, track()), (ORDER, order("77", tracking_numbers=("XX9",)))) == []


class TestInstants:
    def test_delivered_before_it_was_on_its_way(self):
        way = track((DELIVERED, OPENED, ""), (MOVING, OPENED + HOUR, ""))

        assert found((TRACKING, way)) == [
            ("delivered_before_shipped", "0:tracking[0].events[0]", "0:tracking[0].events[1]")
        ]

    def test_a_late_scan_behind_an_early_one_is_none(self):
        way = track(
            (MOVING, OPENED - HOUR, ""), (DELIVERED, OPENED, ""), (MOVING, OPENED + HOUR, "")
        )

        assert found((TRACKING, way)) == []

    def test_delivered_before_it_was_ordered(self):
        there = found(
            (TRACKING, track((DELIVERED, OPENED, ""))), (ORDER, order(placed_at=OPENED + HOUR))
        )

        assert (
            "delivered_before_ordered",
            "0:tracking[0].events[0]",
            "1:order[0].placed_at",
        ) in there

    def test_dated_after_its_capture(self):
        way = track((DELIVERED, OPENED, ""))

        there = found((TRACKING, way), captured_at=OPENED - 2 * DAY)

        assert there == [("dated_after_capture", "0:tracking[0].events[0]", "0:captured_at")]
        assert found((TRACKING, way), captured_at=OPENED - HOUR) == []

    def test_without_a_stated_capture_the_day_it_was_added_counts(self):
        said = chat((BUYER, NOON, "hi"), (BUYER, NOON + timedelta(days=3), "?"))

        there = found((CHAT, said))

        assert there == [("dated_after_capture", "0:transcript[0].messages[1]", "0:added_at")]


class TestPlaces:
    @pytest.mark.parametrize(
        ("to", "code", "part"),
        [
            (Address(city="Казань"), "city_differs", "city"),
            (Address(postcode="420000"), "postcode_differs", "postcode"),
        ],
    )
    def test_a_parcel_that_went_elsewhere(self, to, code, part):
        there = found((TRACKING, track(destination=to)), (ORDER, order(ship_to=MOSCOW)))

        assert there == [(code, "0:tracking[0].destination", f"1:order[0].ship_to.{part}")]

    @pytest.mark.parametrize(
        "to", [Address(city="Moscow"), Address(city="москва г."), Address(city="М***"), None]
    )
    def test_what_may_be_the_same_is_none(self, to):
        assert found((TRACKING, track(destination=to)), (ORDER, order(ship_to=MOSCOW))) == []

    def test_one_of_two_orders_went_there(self):
        told = Told(order_numbers=("1", "2"))
        orders = [order("1", ship_to=Address(city="Казань")), order("2", ship_to=MOSCOW)]

        assert found((TRACKING, track(destination=MOSCOW)), (ORDER, *orders), told=told) == []


class TestClaims:
    @pytest.mark.parametrize(
        "told",
        [
            Told(("1",), claim_text="Заказ так и не пришёл"),
            Told(("1",), claim_text="我没有收到包裹"),
            Told(("1",), claims_not_received=True),
        ],
    )
    @pytest.mark.parametrize(
        "said", ["我已经收到货了", "Получила, спасибо", "Ya recibí el paquete"]
    )
    def test_received_in_the_chat_and_not_in_the_claim(self, told, said):
        spoken = chat((SELLER, OPENED, "hi"), (BUYER, OPENED, said))
        against = "case:claim_text" if told.claim_text else "case:reason"

        assert found((CHAT, spoken), told=told) == [
            ("said_received", "0:transcript[0].messages[1]", against)
        ]

    def test_a_seller_who_says_it_proves_nothing(self):
        spoken = chat((SELLER, OPENED, "You received it yesterday. I got it here."))

        assert found((CHAT, spoken), told=Told(("1",), claims_not_received=True)) == []

    def test_a_refund_that_was_made(self):
        spoken = chat((SELLER, OPENED, "已为您退款"))

        assert found((CHAT, spoken)) == [
            ("said_refunded", "0:transcript[0].messages[0]", "case:reason")
        ]
        assert found((EvidenceKind.REFUND_PROOF,)) == [("refund_made", "0:kind", "case:reason")]
        assert found((ORDER, order(status="Refunded"))) == [
            ("order_refunded", "0:order[0].status", "case:reason")
        ]

    def test_more_is_claimed_than_was_ordered(self):
        told = Told(("1",), amount=RUB)
        less = order(total=Money.parse("1000.00", "RUB"))

        assert found((ORDER, less), told=told) == [
            ("amount_above_order", "case:amount", "0:order[0].total")
        ]
        # The same order seen twice is one; an order nobody has seen may make up the rest.
        assert len(found((ORDER, less), (ORDER, less), told=told)) == 1
        assert found((ORDER, less), told=Told(("1", "2"), amount=RUB)) == []


class TestPlatformRecords:
    KIND = EvidenceKind.ADDITIONAL_INFORMATION
    TOLD = Told(
        order_numbers=("1",),
        amount=RUB,
        respond_by=OPENED + 3 * DAY,
        dispute_ref="dp_1",
        reason="late",
        known_reasons=frozenset({"late", "not_received"}),
    )

    def found(self, **record):
        return found((self.KIND, dispute(**record)), told=self.TOLD)

    @pytest.mark.parametrize(
        ("record", "contradiction"),
        [
            (
                {"amount": Money.parse("99.00", "RUB")},
                ("dispute_amount", "0:dispute[0].amount", "case:amount"),
            ),
            (
                {"reason": "NOT_RECEIVED"},
                ("dispute_reason", "0:dispute[0].reason", "case:reason"),
            ),
            (
                {"respond_by": OPENED + 2 * DAY},
                ("dispute_deadline", "0:dispute[0].respond_by", "case:respond_by"),
            ),
            (
                {"status": "charge_refunded"},
                ("dispute_refunded", "0:dispute[0].status", "case:reason"),
            ),
        ],
    )
    def test_that_say_otherwise_than_the_case(self, record, contradiction):
        assert self.found(**record) == [contradiction]

    @pytest.mark.parametrize(
        "record",
        [
            {"amount": RUB, "reason": "LATE", "respond_by": OPENED + 3 * DAY},
            # At another rate, by a code of another list, later than what the case is worked by.
            {"amount": Money.parse("99.00", "USD"), "reason": "13.1"},
            {"respond_by": OPENED + 9 * DAY, "status": "needs_response"},
            {},
        ],
    )
    def test_that_may_be_right_beside_the_case_are_none(self, record):
        assert self.found(**record) == []

    @pytest.mark.parametrize("other", [{"order_number": "2"}, {"reference": "dp_2"}])
    def test_of_another_dispute_are_not_asked(self, other):
        assert self.found(reason="not_received", **other) == []


class TestStatement:
    def test_a_tracking_number_that_is_not_in_evidence(self):
        told = Told(("1",), statement={"answer": "Sent as UC418827362CN on Monday."})

        assert found((TRACKING, track()), told=told) == [
            ("statement_number", "case:statement.answer", "0:tracking[0].number")
        ]

    @pytest.mark.parametrize("text", ["Посылка доставлена 5 ноября.", "The parcel was delivered."])
    def test_delivered_where_the_track_knows_of_none(self, text):
        told = Told(("1",), statement={"answer": text})
        way = track((MOVING, OPENED, ""), status=MOVING)

        assert found((TRACKING, way), told=told) == [
            ("statement_delivered", "case:statement.answer", "0:tracking[0].status")
        ]
        assert found((TRACKING, track((DELIVERED, OPENED, ""))), told=told) == []


class TestSayings:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("收到了，谢谢", {Topic.RECEIVED}),
            ("还没收到", {Topic.NOT_RECEIVED}),
            ("收到了吗", set()),
            ("收到退款了", {Topic.REFUNDED}),
            ("I got the parcel", {Topic.RECEIVED}),
            ("I've received it, but it is broken", {Topic.RECEIVED}),
            ("I got your message", set()),
            ("Did you get it? I have not received anything", {Topic.NOT_RECEIVED}),
            ("it never arrived", {Topic.NOT_RECEIVED}),
            ("We have refunded you", {Topic.REFUNDED}),
            ("You will be refunded", set()),
            ("Получил", {Topic.RECEIVED}),
            ("не получил", {Topic.NOT_RECEIVED}),
            ("Вы получили?", set()),
            ("получил письмо", set()),
            ("no me ha llegado", {Topic.NOT_RECEIVED}),
            ("ich habe nichts erhalten", {Topic.NOT_RECEIVED}),
            ("je n'ai pas reçu le colis", {Topic.NOT_RECEIVED}),
            ("não recebi", {Topic.NOT_RECEIVED}),
            ("hello", set()),
        ],
    )
    def test_are_told_apart(self, text, expected):
        assert topics(text) == expected


class TestProperties:
    @given(ITEMS, st.randoms())
    @settings(max_examples=100, deadline=None)
    def test_the_order_of_evidence_plays_no_part(self, items, chance):
        told = Told(("1",), "не получил", claims_not_received=True, amount=RUB)
        shuffled = list(items)
        chance.shuffle(shuffled)

        assert contradictions(items, told) == contradictions(shuffled, told)

    @given(ITEMS)
    @settings(max_examples=100, deadline=None)
    def test_each_has_its_words_and_two_places(self, items):
        for one in contradictions(items, Told(("1",), "не получил", amount=RUB)):
            assert f"contradiction.{one.code}" in words()
            assert one.places[0] != one.places[1]

    @given(ITEMS)
    @settings(max_examples=50, deadline=None)
    def test_what_does_not_count_contradicts_nothing(self, items):
        for item in items:
            item.state = ItemState.WITHDRAWN

        assert contradictions(items, Told(("1",), "не получил")) == ()
