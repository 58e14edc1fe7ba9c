"""What a person should look at in a chat: found in three languages, and not everywhere."""

from datetime import timedelta
from uuid import UUID

import pytest
from factories import NOON

from evidence_service.domain.conversation import Remark, remarks
from evidence_service.domain.transcript import Message, MessageRole

ITEM = UUID(int=5)
BUYER, SELLER, BOT = MessageRole.BUYER, MessageRole.SELLER, MessageRole.BOT


def say(text="hello", role=SELLER, minutes=0):
    return Message("x", role, NOON + timedelta(minutes=minutes), "", text)


def found(*messages):
    return remarks(ITEM, messages)


def codes(*messages):
    return [one.remark for one in found(*messages)]


class TestContactOutside:
    @pytest.mark.parametrize(
        ("text", "what"),
        [
            ("加我微信：abc123", "messenger"),
            ("write me on WhatsApp please", "messenger"),
            ("напишите в телеграм", "messenger"),
            ("https://t.me/shop", "messenger"),
            ("call +7 912 345-67-89", "phone"),
            ("+86 138 0013 8000", "phone"),
            ("mail me: shop.name@example.com", "mail"),
        ],
    )
    def test_asked_for_or_given(self, text, what):
        (one,) = found(say(text))

        assert (one.remark, one.position, one.params["what"]) == (Remark.CONTACT_OUTSIDE, 0, what)
        assert one.params["by"] == "seller"

    @pytest.mark.parametrize(
        "text", ["order 39487512-0042-1", "track UC418827362CN", "2026-11-25 13:30", "1 290 ₽", "@"]
    )
    def test_not_in_numbers_of_the_trade(self, text):
        assert found(say(text)) == ()


class TestReviewsAndThreats:
    @pytest.mark.parametrize(
        "text",
        [
            "给五星好评返现10元",
            "We send a gift card for a positive review",
            "За отзыв подарим купон",
        ],
    )
    def test_a_gift_for_a_review(self, text):
        assert codes(say(text)) == [Remark.GIFT_FOR_REVIEW]

    @pytest.mark.parametrize("text", ["谢谢您的好评", "a gift for my sister", "Спасибо за отзыв"])
    def test_either_alone_is_none(self, text):
        assert codes(say(text)) == []

    @pytest.mark.parametrize(
        "text", ["不退款我就给差评", "I will sue you", "Подам в суд", "I'll file a chargeback"]
    )
    def test_a_threat(self, text):
        assert codes(say(text, BUYER), say())[0] is Remark.THREAT


class TestAnswers:
    def test_how_long_the_first_answer_by_a_person_took(self):
        (one,) = found(say(role=BUYER), say(role=BOT, minutes=1), say(minutes=95), say(minutes=99))

        assert (one.remark, one.params) == (Remark.FIRST_REPLY, {"minutes": "95"})

    def test_answers_by_a_bot_alone(self):
        assert codes(say(role=BUYER), say(role=BOT, minutes=1)) == [Remark.BOT_ONLY]

    def test_no_answer(self):
        assert codes(say(), say(role=BUYER)) == [Remark.NO_REPLY]

    def test_nobody_asked(self):
        assert codes(say(), say()) == []

    def test_times_without_a_zone_are_not_counted(self):
        asked = Message("x", BUYER, None, "2026-11-25T12:00", "hello")

        assert found(asked, say()) == ()
