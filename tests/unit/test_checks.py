"""Each sort of check: what passes, what fails, and what cannot be known from what was read."""

from dataclasses import replace

import pytest
from factories import make_item
from hypothesis import given, settings
from hypothesis import strategies as st
from readings import (
    BOT,
    BUYER,
    DAY,
    DELIVERED,
    HOUR,
    ITEMS,
    KINDS,
    MOSCOW,
    MOVING,
    OPENED,
    PARIS,
    READ,
    RUB,
    SELLER,
    chat,
    order,
    read,
    track,
)

from evidence_service.catalogue import words
from evidence_service.domain.checklist import Accept, Level, Outcome, Requirement, Source, judge
from evidence_service.domain.checks import (
    SORTS,
    AmountAgrees,
    ChannelIs,
    Circumstances,
    FirstReply,
    LanguageIs,
    PictureLegible,
    PriorTransactions,
    TrackingShows,
    TranscriptCovers,
    Verdict,
    text_pt,
)
from evidence_service.domain.digest import Digest
from evidence_service.domain.order import Address, Money
from evidence_service.domain.picture import Picture
from evidence_service.domain.tracking import TrackingStatus
from evidence_service.domain.transcript import MessageRole


def about(*orders, **over):
    values = {
        "opened_at": OPENED,
        "order_numbers": ("1",),
        "amount": RUB,
        "purchases": read(*orders).purchases,
    }
    return Circumstances(**(values | over))


def verdict(check, contents, circumstances=None):
    item = make_item(digest=read(*contents))
    answer = check.judge([item], 1, circumstances or about())
    return answer.verdict.name.lower(), answer.code


MOSCOW_ORDER = order(ship_to=MOSCOW, placed_at=OPENED - 30 * DAY)
ARRIVED = (DELIVERED, OPENED - 2 * DAY, "")
YES, NO_IDEA = ("passed", "met"), "unknown"


@pytest.mark.parametrize(
    ("asked", "contents", "orders", "expected"),
    [
        ({}, [track(ARRIVED)], [], YES),
        ({}, [track()], [], YES),
        ({}, [track((MOVING, OPENED, ""), status=MOVING)], [], ("failed", "status_not_shown")),
        ({}, [track(status=TrackingStatus.UNKNOWN)], [], (NO_IDEA, "status_unknown")),
        ({}, [Picture(9, 9)], [], (NO_IDEA, "status_unknown")),
        ({"before": "case_opened"}, [track(ARRIVED)], [], YES),
        (
            {"before": "case_opened"},
            [track((DELIVERED, OPENED + HOUR, ""))],
            [],
            ("failed", "status_too_late"),
        ),
        ({"before": "case_opened"}, [track()], [], (NO_IDEA, "status_time_unknown")),
        ({"after": "order_placed"}, [track(ARRIVED)], [MOSCOW_ORDER], YES),
        ({"after": "order_placed"}, [track(ARRIVED)], [], (NO_IDEA, "status_time_unknown")),
        (
            {"after": "order_placed"},
            [track((DELIVERED, OPENED - 31 * DAY, ""))],
            [MOSCOW_ORDER],
            ("failed", "status_too_early"),
        ),
        ({"to": "city"}, [track((DELIVERED, OPENED, "г. Москва"))], [MOSCOW_ORDER], YES),
        ({"to": "city"}, [track(ARRIVED, destination=MOSCOW)], [MOSCOW_ORDER], YES),
        (
            {"to": "city"},
            [track((DELIVERED, OPENED, "Казань"))],
            [MOSCOW_ORDER],
            ("failed", "status_elsewhere"),
        ),
        # One city in two alphabets, or behind asterisks, is not another one.
        (
            {"to": "city"},
            [track((DELIVERED, OPENED, "Moscow"))],
            [MOSCOW_ORDER],
            (NO_IDEA, "status_place_unknown"),
        ),
        (
            {"to": "city"},
            [track((DELIVERED, OPENED, "М*****"))],
            [MOSCOW_ORDER],
            (NO_IDEA, "status_place_unknown"),
        ),
        ({"to": "city"}, [track(ARRIVED)], [MOSCOW_ORDER], (NO_IDEA, "status_place_unknown")),
        (
            {"to": "postcode"},
            [track(ARRIVED, destination=Address(postcode="125 009"))],
            [MOSCOW_ORDER],
            YES,
        ),
        (
            {"to": "postcode"},
            [track(ARRIVED, destination=PARIS)],
            [MOSCOW_ORDER],
            ("failed", "status_elsewhere"),
        ),
        # Of two parcels one is enough.
        (
            {"to": "postcode"},
            [track(ARRIVED, destination=PARIS), track(ARRIVED, destination=MOSCOW)],
            [MOSCOW_ORDER],
            YES,
        ),
    ],
)
def test_a_track_shows_a_status(asked, contents, orders, expected):
    check = TrackingShows(status=DELIVERED, **asked)

    assert verdict(check, contents, about(*orders)) == expected


SPAN = chat((BUYER, OPENED - 3 * DAY, "hi"), (SELLER, OPENED - 2 * DAY, "hello"))
UNTIMED = chat((BUYER, None, "hi"), (SELLER, OPENED - 2 * DAY, "hello"))


@pytest.mark.parametrize(
    ("asked", "content", "expected"),
    [
        ({"until": "case_opened", "slack_hours": 48}, SPAN, YES),
        ({"until": "case_opened"}, SPAN, ("failed", "span_not_covered")),
        ({"since": "order_placed"}, SPAN, ("failed", "span_not_covered")),
        ({"since": "detail:promised_at"}, SPAN, YES),
        ({"since": "detail:stated_badly"}, SPAN, (NO_IDEA, "span_unknown")),
        ({"until": "case_opened"}, UNTIMED, (NO_IDEA, "span_unknown")),
        ({"until": "case_opened"}, Picture(9, 9), (NO_IDEA, "span_unknown")),
    ],
)
def test_a_transcript_covers_a_span(asked, content, expected):
    details = {
        "promised_at": (OPENED - 2 * DAY).isoformat(),
        "stated_badly": "2026-11-18",
    }

    check = TranscriptCovers(**asked)

    assert verdict(check, [content], about(MOSCOW_ORDER, details=details)) == expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (chat((BUYER, OPENED, "?"), (SELLER, OPENED + 23 * HOUR, "!")), YES),
        (chat((BUYER, OPENED, "?"), (SELLER, OPENED + 25 * HOUR, "!")), ("failed", "reply_late")),
        # What a bot says at once is no reply, nor is what was said before the question.
        (
            chat((SELLER, OPENED - HOUR, "hi"), (BUYER, OPENED, "?"), (BOT, OPENED, "!")),
            ("failed", "reply_absent"),
        ),
        (chat((BUYER, OPENED, "?"), (SELLER, None, "!")), (NO_IDEA, "reply_unknown")),
        (chat((MessageRole.UNKNOWN, OPENED, "?")), (NO_IDEA, "reply_unknown")),
    ],
)
def test_the_first_reply_came_in_time(content, expected):
    assert verdict(FirstReply(within_hours=24), [content]) == expected


@pytest.mark.parametrize(
    ("channel", "expected"),
    [
        ("ozon", YES),
        ("whatsapp", ("failed", "channel_other")),
        ("table", (NO_IDEA, "channel_unknown")),
    ],
)
def test_the_channel_is_one_the_platform_takes(channel, expected):
    assert verdict(ChannelIs(one_of=("ozon",)), [chat(channel=channel)]) == expected


@pytest.mark.parametrize(
    ("one_of", "content", "expected"),
    [
        (("en",), chat((BUYER, OPENED, "Где мой заказ?")), ("failed", "language_other")),
        (("en",), chat((BUYER, OPENED, "我的包裹在哪里？")), ("failed", "language_other")),
        # Latin letters are of many languages.
        (("en",), chat((BUYER, OPENED, "Dónde está mi pedido")), (NO_IDEA, "language_unknown")),
        (("en",), chat((BUYER, OPENED, "Donde"), languages=["es"]), ("failed", "language_other")),
        (("en", "es"), chat((BUYER, OPENED, "Donde"), languages=["es-MX"]), YES),
        # A link among Russian words makes them no other language.
        (("ru",), chat((BUYER, OPENED, "Вот " * 60 + "http")), (NO_IDEA, "language_unknown")),
        (("en",), chat(), (NO_IDEA, "language_unknown")),
    ],
)
def test_the_language_is_one_the_platform_reads(one_of, content, expected):
    assert verdict(LanguageIs(one_of=one_of), [content]) == expected


@pytest.mark.parametrize(
    ("total", "covers", "expected"),
    [
        ("1290.00 RUB", False, YES),
        ("1300.00 RUB", False, ("failed", "amount_differs")),
        ("1300.00 RUB", True, YES),
        ("1200.00 RUB", True, ("failed", "amount_differs")),
        ("1290.00 USD", False, (NO_IDEA, "amount_unknown")),
        ("", False, (NO_IDEA, "amount_unknown")),
    ],
)
def test_the_amounts_agree(total, covers, expected):
    found = order(total=Money.parse(*total.split()) if total else None)

    assert verdict(AmountAgrees(covers=covers), [found]) == expected


class TestPictureLegible:
    @pytest.mark.parametrize(
        ("picture", "expected"),
        [
            (Picture(1080, 2400, 46), YES),
            (Picture(1080, 2400, 20), ("failed", "text_too_small")),
            (Picture(1920, 1080, 12), ("failed", "text_too_small")),
            (Picture(800, 600, None), (NO_IDEA, "legibility_unknown")),
        ],
    )
    def test_by_the_height_of_its_letters_on_the_page(self, picture, expected):
        assert verdict(PictureLegible(min_pt=9), [picture]) == expected

    def test_what_a_reader_understood_is_set_in_our_own_letters(self):
        assert verdict(PictureLegible(min_pt=12), [chat()]) == YES

    def test_a_phone_s_screenshot_comes_out_as_it_is_placed(self):
        """46 pixels of 1170 on the 88 mm a tall picture is cut for: 9.8 pt, and a tenth on it."""
        assert text_pt(Picture(1170, 9000, 46)) == pytest.approx(9.8 * 1.1, abs=0.1)

    def test_a_small_picture_is_not_blown_up(self):
        assert text_pt(Picture(200, 100, 16)) == pytest.approx(16 * 1.1 * 0.75)


def payment(number, days, *, disputed=False, **identity):
    return order(
        number,
        placed_at=OPENED - days * DAY,
        identity=identity,
        is_disputed=disputed,
        ship_to=MOSCOW,
    )


DISPUTED = payment("1", 5, ip="203.0.113.7", account="lin", device="d")


class TestPriorTransactions:
    def judged(self, *prior, check=PriorTransactions()):  # noqa: B008 - frozen
        return verdict(check, [DISPUTED, *prior], about(DISPUTED))

    def test_two_of_the_same_ip_and_address_within_the_window(self):
        prior = [payment("2", 130, ip="203.0.113.7"), payment("3", 300, ip="203.0.113.7")]

        assert self.judged(*prior) == YES

    @pytest.mark.parametrize(
        "third",
        [
            payment("3", 5 + 119, ip="203.0.113.7"),
            payment("3", 5 + 366, ip="203.0.113.7"),
            payment("3", 200, ip="203.0.113.7", disputed=True),
            payment("3", 200, ip="198.51.100.1", device="x", account="other"),
        ],
    )
    def test_one_that_does_not_qualify_is_one_too_few(self, third):
        assert self.judged(payment("2", 130, ip="203.0.113.7"), third) == (
            "failed",
            "prior_too_few",
        )

    def test_the_same_purchase_twice_is_one(self):
        one = payment("2", 130, ip="203.0.113.7")

        assert self.judged(one, one) == ("failed", "prior_too_few")

    @pytest.mark.parametrize(
        "third",
        [
            payment("3", 200, ip="203.0.113.7", disputed=None),
            # It names no IP and no device: they may well be the same.
            payment("3", 200),
            replace(payment("3", 200, ip="203.0.113.7"), placed_at=None),
        ],
    )
    def test_what_a_record_does_not_say_is_unknown(self, third):
        found = self.judged(payment("2", 130, ip="203.0.113.7"), third)

        assert found == (NO_IDEA, "prior_unknown")

    def test_an_address_and_an_account_alone_do_not_tie_it_to_the_person(self):
        prior = [payment(n, 200, account="lin", ip="198.51.100.1", device="b") for n in ("2", "3")]
        disputed = payment("1", 5, account="lin", ip="203.0.113.7", device="a")

        found = verdict(PriorTransactions(), [disputed, *prior], about(disputed))

        assert found == ("failed", "prior_too_few")


class TestDigest:
    @given(st.data())
    @settings(max_examples=60, deadline=None)
    def test_survives_its_way_through_json(self, data):
        kept = data.draw(READ)

        assert Digest.from_plain(kept.to_plain()) == kept

    def test_holds_no_sentence(self):
        said = chat((BUYER, OPENED, "I received the parcel, my secret is 42"))

        assert "secret" not in str(read(said).to_plain())

    def test_keeps_the_first_and_last_scan_of_a_status_alone(self):
        found = read(track(*[(MOVING, OPENED + n * HOUR, str(n)) for n in range(50)]))

        assert [scan.index for scan in found.parcels[0].ends] == [0, 49]


# --- properties -----------------------------------------------------------------------------

CHECK = st.sampled_from(
    [
        TrackingShows(DELIVERED, before="case_opened", to="city"),
        TrackingShows(DELIVERED, after="order_placed", to="postcode"),
        TranscriptCovers(since="order_placed", until="case_opened", slack_hours=24),
        FirstReply(within_hours=24),
        ChannelIs(one_of=("ozon",)),
        LanguageIs(one_of=("ru",)),
        AmountAgrees(),
        PictureLegible(min_pt=9),
        PriorTransactions(),
    ]
)
TEXT = {"zh": "为何", "en": "why", "ru": "зачем"}
REQUIREMENT = st.builds(
    Requirement,
    id=st.just("line"),
    level=st.sampled_from(Level),
    accepts=st.just(tuple(map(Accept, KINDS))),
    why=st.just(TEXT),
    title=st.just(TEXT),
    sources=st.just((Source("https://example.com", None, verified=True),)),
    at_least=st.integers(1, 2),
    checks=st.lists(CHECK, max_size=3, unique=True).map(tuple),
)
RANK = {Outcome.MISSING: 0, Outcome.WEAK: 1, Outcome.MET: 2}


def judged(requirement, items, orders=()):
    circumstances = about(*orders)
    [found] = judge([requirement], items, (), {}, circumstances)
    return found


def judged_with_its_orders(requirement, items):
    """As a case is: the orders in evidence are what the other items are held against."""
    orders = tuple(one for item in items for one in item.digest.purchases)
    [found] = judge([requirement], items, (), {}, about(purchases=orders))
    return found


class TestProperties:
    @given(REQUIREMENT, ITEMS, ITEMS, st.randoms())
    @settings(max_examples=200, deadline=None)
    def test_more_evidence_never_makes_a_met_line_missing(self, asked, items, more, chance):
        """An order may move an anchor, so a met line may turn weak: missing it never does."""
        before = judged_with_its_orders(asked, items)
        together = [*items, *more]
        after = judged_with_its_orders(asked, together)
        chance.shuffle(together)

        assert judged_with_its_orders(asked, together) == after
        if before.outcome is Outcome.MET:
            assert after.outcome is not Outcome.MISSING

    @given(REQUIREMENT, ITEMS, ITEMS)
    @settings(max_examples=200, deadline=None)
    def test_more_evidence_never_lowers_an_outcome(self, requirement, items, more):
        before = judged(requirement, items, [MOSCOW_ORDER])
        after = judged(requirement, [*items, *more], [MOSCOW_ORDER])

        assert RANK[after.outcome] >= RANK[before.outcome]

    @given(REQUIREMENT, ITEMS, st.randoms())
    @settings(max_examples=100, deadline=None)
    def test_the_order_of_evidence_plays_no_part_and_judging_repeats(self, asked, items, chance):
        shuffled = list(items)
        chance.shuffle(shuffled)

        assert judged(asked, items) == judged(asked, shuffled) == judged(asked, items)

    @given(REQUIREMENT, ITEMS)
    @settings(max_examples=100, deadline=None)
    def test_every_finding_and_every_answer_has_its_words(self, requirement, items):
        found = judged(requirement, items)

        assert f"finding.{found.code}" in words()
        assert found.outcome is Outcome.MET or f"next.{found.code}" in words()
        for answer in found.answers:
            assert f"finding.{answer.code}" in words()

    @given(REQUIREMENT, ITEMS)
    @settings(max_examples=100, deadline=None)
    def test_what_cannot_be_known_is_met_under_its_own_code(self, requirement, items):
        found = judged(requirement, items)
        verdicts = {answer.verdict for answer in found.answers}

        if found.answers and Verdict.FAILED not in verdicts:
            assert found.outcome is Outcome.MET
            assert (found.code == "met") is (Verdict.UNKNOWN not in verdicts)
        if Verdict.FAILED in verdicts:
            assert (found.outcome, found.code == "met") == (Outcome.WEAK, False)


def test_every_sort_writes_itself_as_a_pack_does():
    assert {name: sort.sort for name, sort in SORTS.items()} == {name: name for name in SORTS}
    assert TrackingShows(DELIVERED, before="case_opened").to_plain() == {
        "sort": "tracking_shows",
        "status": "delivered",
        "before": "case_opened",
    }
