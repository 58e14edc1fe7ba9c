from dataclasses import replace

import pytest
from factories import make_item
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence_service.catalogue import LANGUAGES, say
from evidence_service.domain.checklist import (
    Accept,
    Level,
    Outcome,
    Report,
    Requirement,
    Source,
    judge,
)
from evidence_service.domain.evidence import EvidenceKind, ItemState
from evidence_service.domain.ids import new_id

DELIVERED, IN_TRANSIT = frozenset({"status:delivered"}), frozenset({"status:in_transit"})
TRACKING, PROOF, CHAT = (
    EvidenceKind.TRACKING_HISTORY,
    EvidenceKind.PROOF_OF_DELIVERY,
    EvidenceKind.CHAT_TRANSCRIPT,
)
NOT_REQUIRED = [Level.RECOMMENDED, Level.OPTIONAL, Level.UNSPECIFIED]
EVERY_LEVEL = [Level.REQUIRED, *NOT_REQUIRED]


def requirement(*accepts, **over):
    text = {"zh": "为何", "en": "why", "ru": "зачем"}
    values = {
        "id": "delivery",
        "level": Level.REQUIRED,
        "accepts": accepts or (Accept(PROOF), Accept(TRACKING, DELIVERED)),
        "why": text,
        "title": text,
        "sources": (Source("https://example.com/rules", None, verified=True),),
    }
    return Requirement(**(values | over))


def only(asked, items=(), waivers=(), **details):
    [found] = judge([asked], items, waivers, details)
    return found


class TestMet:
    @pytest.mark.parametrize("level", EVERY_LEVEL)
    def test_by_an_item_of_any_accepted_kind(self, level):
        proof = make_item(PROOF)

        found = only(requirement(level=level), [proof])

        assert (found.outcome, found.code, found.evidence_ids) == (Outcome.MET, "met", (proof.id,))

    def test_by_an_item_with_the_fact_asked_of_its_kind(self):
        found = only(requirement(), [make_item(TRACKING, facts=DELIVERED | {"carrier:cdek"})])

        assert found.outcome is Outcome.MET

    def test_names_every_item_that_counts_and_no_other(self):
        proof, track = make_item(PROOF), make_item(TRACKING, facts=DELIVERED)
        others = [make_item(CHAT), make_item(TRACKING, facts=IN_TRANSIT)]

        found = only(requirement(), [track, *others, proof])

        assert found.evidence_ids == tuple(sorted([proof.id, track.id]))

    def test_by_as_many_items_as_are_wanted(self):
        photos = [make_item(EvidenceKind.ITEM_PHOTO) for _ in range(3)]

        found = only(requirement(Accept(EvidenceKind.ITEM_PHOTO), at_least=3), photos)

        assert found.outcome is Outcome.MET


class TestMissing:
    @pytest.mark.parametrize("level", EVERY_LEVEL)
    def test_without_anything_of_the_kind(self, level):
        found = only(requirement(level=level), [make_item(CHAT)])

        assert (found.outcome, found.code) == (Outcome.MISSING, "none_of_kind")
        assert found.evidence_ids == ()

    @pytest.mark.parametrize("state", [s for s in ItemState if s is not ItemState.ACCEPTED])
    def test_with_an_item_that_does_not_count_yet_or_any_more(self, state):
        found = only(requirement(), [make_item(PROOF, state=state)])

        assert found.code == "none_of_kind"

    def test_with_a_track_that_has_not_arrived(self):
        track = make_item(TRACKING, facts=IN_TRANSIT)

        found = only(requirement(), [track])

        assert (found.outcome, found.code) == (Outcome.MISSING, "fact_absent")
        assert found.params == {"fact": "status:delivered"}
        assert found.evidence_ids == (track.id,)

    def test_with_too_few(self):
        found = only(
            requirement(Accept(EvidenceKind.ITEM_PHOTO), at_least=3),
            [make_item(EvidenceKind.ITEM_PHOTO)],
        )

        assert (found.outcome, found.code) == (Outcome.MISSING, "too_few")
        assert found.params == {"found": "1", "wanted": "3"}

    def test_the_same_item_twice_is_one(self):
        photo = make_item(EvidenceKind.ITEM_PHOTO)

        found = only(requirement(Accept(EvidenceKind.ITEM_PHOTO), at_least=2), [photo, photo])

        assert found.code == "too_few"

    def test_names_the_facts_of_the_item_that_comes_closest(self):
        asked = requirement(Accept(TRACKING, frozenset({"status:delivered", "signed"})))

        found = only(asked, [make_item(TRACKING), make_item(TRACKING, facts=DELIVERED)])

        assert found.params == {"fact": "signed"}


@pytest.mark.parametrize("level", NOT_REQUIRED)
class TestWeak:
    def test_with_the_kind_but_not_the_fact(self, level):
        found = only(requirement(level=level), [make_item(TRACKING, facts=IN_TRANSIT)])

        assert (found.outcome, found.code) == (Outcome.WEAK, "fact_absent")

    def test_with_too_few(self, level):
        found = only(requirement(level=level, at_least=2), [make_item(PROOF)])

        assert (found.outcome, found.code) == (Outcome.WEAK, "too_few")


class TestWaived:
    @pytest.mark.parametrize("level", EVERY_LEVEL)
    def test_what_is_missing(self, level):
        found = only(requirement(level=level), waivers={"delivery"})

        assert (found.outcome, found.code) == (Outcome.WAIVED, "waived")

    def test_keeps_naming_what_is_there(self):
        track = make_item(TRACKING, facts=IN_TRANSIT)

        assert only(requirement(), [track], {"delivery"}).evidence_ids == (track.id,)

    def test_gives_way_to_evidence_that_meets_it(self):
        assert only(requirement(), [make_item(PROOF)], {"delivery"}).outcome is Outcome.MET

    def test_of_another_requirement_changes_nothing(self):
        assert only(requirement(), waivers={"chat"}).outcome is Outcome.MISSING

    def test_of_what_does_not_apply_changes_nothing(self):
        asked = requirement(when={"card_network": ("visa",)})

        found = only(asked, waivers={"delivery"}, card_network="amex")

        assert found.outcome is Outcome.NOT_APPLICABLE


class TestCondition:
    VISA = requirement(when={"card_network": ("visa", "mastercard")})

    def test_that_holds_asks(self):
        assert only(self.VISA, card_network="mastercard").code == "none_of_kind"

    def test_that_does_not_hold_asks_nothing_even_with_evidence(self):
        found = only(self.VISA, [make_item(PROOF)], card_network="amex")

        assert (found.outcome, found.code) == (Outcome.NOT_APPLICABLE, "condition_not_met")
        assert found.params == {"condition": "card_network = visa / mastercard"}

    def test_that_is_unknown_keeps_a_required_line_on_the_list(self):
        found = only(self.VISA)

        assert (found.outcome, found.code) == (Outcome.MISSING, "condition_unknown")
        assert found.params == {"condition": "card_network = visa / mastercard"}

    @pytest.mark.parametrize("level", NOT_REQUIRED)
    def test_that_is_unknown_does_not_ask_for_what_is_not_required(self, level):
        found = only(replace(self.VISA, level=level))

        assert (found.outcome, found.code) == (Outcome.NOT_APPLICABLE, "condition_unknown")

    @pytest.mark.parametrize("level", EVERY_LEVEL)
    def test_that_is_unknown_counts_evidence_that_meets_the_line(self, level):
        found = only(replace(self.VISA, level=level), [make_item(PROOF)])

        assert found.outcome is Outcome.MET

    def test_that_is_unknown_can_be_waived(self):
        assert only(self.VISA, waivers={"delivery"}).outcome is Outcome.WAIVED

    def test_of_two_details_fails_with_either(self):
        asked = requirement(when={"card_network": ("visa",), "product_type": ("physical",)})

        assert only(asked, product_type="digital").code == "condition_not_met"
        assert only(asked, product_type="physical").code == "condition_unknown"

    def test_chooses_among_lines_of_the_same_id(self):
        recommended = requirement(level=Level.RECOMMENDED, when={"sort": ("digital",)})
        required = requirement(when={"sort": ("physical",)})

        [found] = judge([recommended, required], [], (), {"sort": "physical"})

        assert found.requirement is required


class TestReport:
    def report(self, *asked, items=(), waivers=(), **details):
        return Report("ozon", "1", judge(asked, items, waivers, details))

    def test_is_complete_when_nothing_required_is_missing(self):
        optional = requirement(id="video", level=Level.OPTIONAL)

        assert self.report(requirement(), optional, items=[make_item(PROOF)]).complete
        assert self.report(requirement(), waivers={"delivery"}).complete
        assert not self.report(requirement(), optional).complete

    def test_names_what_is_missing(self):
        chat = requirement(Accept(CHAT), id="chat")

        report = self.report(requirement(), chat, items=[make_item(PROOF)])

        assert [asked.id for asked in report.missing_required] == ["chat"]

    @pytest.mark.parametrize(
        ("items", "waivers", "score"),
        [
            ([], set(), 0.0),
            ([make_item(PROOF)], set(), 0.6),
            ([make_item(PROOF), make_item(CHAT)], set(), 1.0),
            ([make_item(CHAT)], {"delivery"}, 0.7),
        ],
    )
    def test_weighs_required_three_and_recommended_two(self, items, waivers, score):
        chat = requirement(Accept(CHAT), id="chat", level=Level.RECOMMENDED)
        extra = requirement(Accept(EvidenceKind.POLICE_REPORT), id="extra", level=Level.OPTIONAL)

        report = self.report(requirement(), chat, extra, items=items, waivers=waivers)

        assert report.score == score

    def test_weighs_nothing_that_does_not_apply(self):
        asked = requirement(when={"card_network": ("visa",)})

        assert self.report(asked, card_network="amex").score == 1.0

    def test_shows_itself_as_plain_values(self):
        plain = self.report(requirement(), items=[make_item(CHAT)]).to_plain()

        assert plain["pack"] == {"platform": "ozon", "version": "1"}
        assert (plain["complete"], plain["score"]) == (False, 0.0)
        [found] = plain["findings"]
        assert (found["requirement"], found["outcome"]) == ("delivery", "missing")
        assert sorted(found["why"]) == sorted(LANGUAGES)
        assert found["sources"] == [
            {"url": "https://example.com/rules", "read_on": None, "verified": True}
        ]


KINDS = st.sampled_from([TRACKING, PROOF, CHAT])
FACTS = st.frozensets(st.sampled_from(["status:delivered", "signed"]))
DETAILS = st.dictionaries(st.sampled_from(["network", "sort"]), st.sampled_from(["a", "b"]))
WHEN = st.dictionaries(
    st.sampled_from(["network", "sort"]), st.sampled_from([("a",), ("b",), ("a", "b")])
)
ITEMS = st.lists(
    st.builds(
        make_item,
        KINDS,
        id=st.builds(new_id),
        facts=FACTS,
        state=st.sampled_from([ItemState.ACCEPTED, ItemState.ACCEPTED, ItemState.HELD]),
    ),
    max_size=5,
)
REQUIREMENTS = st.lists(
    st.builds(
        lambda accepts, **over: requirement(*accepts, **over),
        accepts=st.lists(st.builds(Accept, KINDS, FACTS), min_size=1, max_size=3),
        id=st.sampled_from(["one", "two", "three"]),
        level=st.sampled_from(Level),
        when=WHEN,
        at_least=st.integers(1, 3),
    ),
    max_size=5,
)
WAIVERS = st.frozensets(st.sampled_from(["one", "two", "three"]))
# What more evidence can only improve; a line that does not apply stands outside of the order.
RANK = {Outcome.MISSING: 0, Outcome.WEAK: 1, Outcome.WAIVED: 1, Outcome.MET: 2}


class TestWhateverIsAsked:
    @settings(deadline=None)
    @given(REQUIREMENTS, ITEMS, ITEMS, WAIVERS, DETAILS)
    def test_more_evidence_never_makes_a_line_worse(self, asked, items, more, waivers, details):
        before = judge(asked, items, waivers, details)
        after = judge(asked, [*items, *more], waivers, details)

        for was, now in zip(before, after, strict=True):
            assert now.requirement is was.requirement
            if Outcome.NOT_APPLICABLE not in {was.outcome, now.outcome}:
                assert RANK[now.outcome] >= RANK[was.outcome]
            assert now.outcome is Outcome.MET or was.outcome is not Outcome.MET

    @settings(deadline=None)
    @given(REQUIREMENTS, ITEMS, WAIVERS, DETAILS, st.randoms())
    def test_the_order_of_the_evidence_plays_no_part(self, asked, items, waivers, details, chance):
        shuffled = list(items)
        chance.shuffle(shuffled)

        assert judge(asked, shuffled, waivers, details) == judge(asked, items, waivers, details)

    @settings(deadline=None)
    @given(REQUIREMENTS, ITEMS, WAIVERS, DETAILS)
    def test_every_finding_says_why_in_three_languages(self, asked, items, waivers, details):
        for found in judge(asked, items, waivers, details):
            for language in LANGUAGES:
                said = say(f"finding.{found.code}", language, **found.params)

                assert found.requirement.why[language]
                assert said != f"finding.{found.code}"
                assert "{" not in said

    @settings(deadline=None)
    @given(REQUIREMENTS, ITEMS, WAIVERS, DETAILS)
    def test_judging_again_says_the_same_and_touches_nothing(self, asked, items, waivers, details):
        facts = [(item.id, item.kind, item.state, item.facts) for item in items]
        kept = dict(details)

        first = judge(asked, items, waivers, details)
        again = judge(iter(asked), iter(items), waivers, details)

        assert first == again
        assert Report("p", "1", first).to_plain() == Report("p", "1", again).to_plain()
        assert [(item.id, item.kind, item.state, item.facts) for item in items] == facts
        assert details == kept

    @settings(deadline=None)
    @given(REQUIREMENTS, ITEMS, WAIVERS, DETAILS)
    def test_each_id_has_one_finding_and_the_score_lies_between_0_and_1(
        self, asked, items, waivers, details
    ):
        report = Report("p", "1", judge(asked, items, waivers, details))

        assert [f.requirement.id for f in report.findings] == list(
            dict.fromkeys(r.id for r in asked)
        )
        assert 0 <= report.score <= 1


class TestGroups:
    def group(self, *levels):
        return [
            requirement(Accept(kind), id=kind.value, level=level, group="either")
            for kind, level in zip((PROOF, CHAT), levels, strict=True)
        ]

    def outcomes(self, asked, *items):
        return {f.requirement.id: f.code for f in judge(asked, items, (), {})}

    def test_any_one_of_a_group_is_enough(self):
        asked = self.group(Level.REQUIRED, Level.REQUIRED)

        found = self.outcomes(asked, make_item(CHAT))

        assert found == {PROOF.value: "group_met", CHAT.value: "met"}

    def test_without_any_all_are_missing(self):
        asked = self.group(Level.REQUIRED, Level.REQUIRED)

        assert set(self.outcomes(asked).values()) == {"none_of_kind"}

    def test_what_is_met_stays_met(self):
        asked = self.group(Level.REQUIRED, Level.OPTIONAL)

        found = self.outcomes(asked, make_item(CHAT), make_item(PROOF))

        assert set(found.values()) == {"met"}
