"""Every pack against what its platform was found to ask (tests/packs)."""

import re
from dataclasses import replace
from importlib import import_module
from pkgutil import iter_modules

import packs
import pytest
from factories import make_item
from packs import Row
from readings import (
    BUYER,
    DAY,
    DELIVERED,
    HOUR,
    MOSCOW,
    MOVING,
    OPENED,
    RUB,
    SELLER,
    chat,
    order,
    read,
    track,
)

from evidence_service.catalogue import LANGUAGES
from evidence_service.domain.checklist import Report, judge
from evidence_service.domain.checks import ChannelIs, Circumstances, TrackingShows
from evidence_service.domain.evidence import EvidenceKind
from evidence_service.domain.order import Address, Money
from evidence_service.domain.picture import Picture
from evidence_service.platforms import all_packs, check, get_pack, pack_plain

TABLES = {
    found.name: import_module(f"packs.{found.name}") for found in iter_modules(packs.__path__)
}
PACKS = sorted(pack.id for pack in all_packs())
ROWS = [row for table in TABLES.values() for row in table.ROWS]
ASKING = [row for row in ROWS if row.asks]
MARKS = {"!": "required", "+": "recommended", "?": "optional", "~": "unspecified"}


def by_name(row):
    return row.name


def items_of(text):
    made = []
    for word in text.split():
        kind, *facts = word.split("/")
        made.append(make_item(EvidenceKind(kind), facts=frozenset(facts)))
    return made


def judged(row, text):
    pack = get_pack(row.platform)
    requirements = pack.reason(row.reason).requirements
    return Report(pack.id, pack.version, judge(requirements, items_of(text), (), row.details))


@pytest.mark.parametrize("row", ROWS, ids=by_name)
def test_asks_what_the_platform_was_found_to_ask(row):
    asked = get_pack(row.platform).reason(row.reason).requirements

    expected = {word[:-1]: MARKS[word[-1]] for word in row.asks.split()}
    assert {one.id: one.level.value for one in asked} == expected


@pytest.mark.parametrize("row", ASKING, ids=by_name)
def test_a_complete_case_is_complete(row):
    report = judged(row, row.has)

    assert report.complete
    assert report.score == 1.0
    assert {found.outcome.value for found in report.findings} <= {"met", "not_applicable"}


@pytest.mark.parametrize("row", ASKING, ids=by_name)
def test_an_incomplete_case_names_what_it_lacks(row):
    report = judged(row, row.lacks)

    outcomes = {found.requirement.id: found.outcome.value for found in report.findings}
    expected = dict.fromkeys(outcomes, "met") | row.gaps
    assert outcomes == expected
    # What only may be given weighs nothing: a reason of such lines alone is never scored down.
    weighing = {word[:-1] for word in row.asks.split() if not word.endswith("?")}
    lacking = {name for name, outcome in row.gaps.items() if outcome != "not_applicable"}
    assert (report.score < 1) is bool(weighing & lacking)
    required = {word[:-1] for word in row.asks.split() if word.endswith("!")}
    missing = {name for name, outcome in row.gaps.items() if outcome == "missing"}
    assert {asked.id for asked in report.missing_required} == required & missing
    assert report.complete is not bool(required & missing)


def test_the_table_names_every_reason():
    known = [f"{name}-{reason.code}" for name in PACKS for reason in get_pack(name).reasons]

    assert sorted(row.name for row in ROWS) == sorted(known)


CHECKS = {
    f"{name}.{place}": sorts.split()
    for name, table in TABLES.items()
    for place, sorts in getattr(table, "CHECKS", {}).items()
}
CHECKED = [
    pytest.param(asked, id=f"{pack.id}.{reason.code}.{asked.id}")
    for pack in all_packs()
    for reason in pack.reasons
    for asked in reason.requirements
    if asked.checks
]
ORDERED = order(
    ship_to=MOSCOW, placed_at=OPENED - 20 * DAY, total=RUB, identity={"ip": "a", "device": "b"}
)
ABOUT = Circumstances(
    opened_at=OPENED,
    amount=RUB,
    order_numbers=("1",),
    details={"estimated_delivery_until": (OPENED - DAY).isoformat()},
    purchases=read(ORDERED).purchases,
)
KAZAN = Address(city="Казань", postcode="420000")
ASKED_AT = OPENED - 10 * DAY


def answered(after, channel, language):
    said = [(BUYER, ASKED_AT, "hi"), (SELLER, ASKED_AT + after, "hello")]
    return chat(*said, channel=channel, languages=(language, language))


def priors(days):
    told = {"identity": {"ip": "a", "device": "b"}, "is_disputed": False}
    return [order(n, placed_at=ORDERED.placed_at - days * DAY, **told) for n in ("2", "3")]


def showing(asked):
    """What meets the line and all its checks."""
    channels = [one.one_of[0] for one in asked.checks if isinstance(one, ChannelIs)]
    sorts = {one.sort for one in asked.checks}
    if "tracking_shows" in sorts:
        return [track((DELIVERED, OPENED - 2 * DAY, ""), destination=MOSCOW)]
    if "prior_transactions" in sorts:
        return priors(200)
    if "amount_agrees" in sorts:
        return [ORDERED]
    return [answered(HOUR, *(channels or ["mail"]), "en")]


def contradicting(check):
    """What meets the line and shows otherwise than its check asks, and the finding's code."""
    if isinstance(check, TrackingShows):
        arrived = OPENED + DAY if check.before else OPENED - 2 * DAY
        if check.to or check.before:
            code = "status_elsewhere" if check.to else "status_too_late"
            return [track((DELIVERED, arrived, ""), destination=KAZAN)], code
        return [track((MOVING, arrived, ""), status=MOVING)], "status_not_shown"
    within = getattr(check, "within_hours", 1)
    return {
        "first_reply": ([answered((within + 1) * HOUR, "ozon", "en")], "reply_late"),
        "channel_is": ([answered(HOUR, "whatsapp", "en")], "channel_other"),
        "language_is": ([answered(HOUR, "mail", "zh")], "language_other"),
        "amount_agrees": ([replace(ORDERED, total=Money.parse("1.00", "RUB"))], "amount_differs"),
        "prior_transactions": (priors(30), "prior_too_few"),
        "picture_legible": ([Picture(3000, 2000, 5)], "text_too_small"),
    }[check.sort]


def judged_as_read(asked, contents):
    accept = asked.accepts[0]
    return asked.judge([make_item(accept.kind, facts=accept.facts, digest=read(*contents))], ABOUT)


def test_the_tables_name_every_check():
    stated = {
        f"{pack.id}.{reason.code}.{asked.id}": [check.sort for check in asked.checks]
        for pack in all_packs()
        for reason in pack.reasons
        for asked in reason.requirements
        if asked.checks
    }

    assert stated == CHECKS


@pytest.mark.parametrize("asked", CHECKED)
def test_a_line_with_checks_is_met_by_what_they_ask_and_weak_without_it(asked):
    assert judged_as_read(asked, showing(asked)).code == "met"
    for one in asked.checks:
        contents, code = contradicting(one)

        found = judged_as_read(asked, contents)

        assert (found.outcome.value, found.code) == ("weak", code)


def texts_of(value):
    """Every {zh, en, ru} of a plain pack."""
    if isinstance(value, dict):
        if set(LANGUAGES) & value.keys():
            yield value
        else:
            for inner in value.values():
                yield from texts_of(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts_of(inner)


class TestOzon:
    def test_takes_either_proof_against_a_malicious_claim_and_any_form_of_chat(self):
        asked = {one.id: one for one in get_pack("ozon").reason("malicious_claim").requirements}

        assert [kind.value for kind in asked["order_screenshot"].kinds] == ["order_screenshot"]
        assert [(a.kind.value, sorted(a.facts)) for a in asked["proof_of_delivery"].accepts] == [
            ("proof_of_delivery", []),
            ("tracking_history", ["status:delivered"]),
        ]
        assert [kind.value for kind in asked["chat_transcript"].kinds] == [
            "chat_transcript",
            "chat_screenshot",
        ]
        sources = {source.url for one in asked.values() for source in one.sources}
        # The check of the chat is of one more: where to write.
        where = "https://docs.ozon.ru/global/en/policies/communication/"
        assert sources - {where} == {"seed:S001"}

    @pytest.mark.parametrize(
        ("found", "outcome"), [("after_order", "not_applicable"), (None, "missing")]
    )
    def test_asks_for_the_purchase_cost_only_where_it_decides(self, found, outcome):
        row = Row(
            "ozon",
            "fbp_damaged_or_disposed",
            details={"damage_found": found} if found else {},
        )

        [finding] = judged(row, "").findings

        assert finding.outcome.value == outcome


class TestStripe:
    def test_names_requirements_and_fields_as_its_interface_does(self):
        pack = get_pack("stripe")
        files = {one.id for reason in pack.reasons for one in reason.requirements}
        words = {one.field for reason in pack.reasons for one in reason.fields}

        assert files == {
            "cancellation_policy",
            "customer_communication",
            "customer_signature",
            "duplicate_charge_documentation",
            "receipt",
            "refund_policy",
            "service_documentation",
            "shipping_documentation",
            "uncategorized_file",
            "prior_undisputed_transactions",
        }
        assert len(words) == 20

    @pytest.mark.parametrize(("network", "pages"), [("visa", 49), ("mastercard", 19), (None, 49)])
    def test_takes_fewer_pages_for_mastercard(self, network, pages):
        [delivery] = get_pack("stripe").deliveries

        limits = delivery.limits_for({"card_network": network} if network else {})

        assert (limits["max_pages"], limits["max_total_bytes"]) == (pages, 4_500_000)

    def test_gives_the_last_instant_itself(self):
        clocks = {clock.id: clock for clock in get_pack("stripe").clocks}

        assert clocks["respond_by"].given_in == "evidence_details.due_by"
        assert (clocks["response_range"].amount, clocks["response_range"].amount_max) == (7, 21)


def test_names_the_ways_that_take_a_case_only_once():
    found = {
        f"{pack.id}.{way.id}" for pack in all_packs() for way in pack.deliveries if way.one_try
    }

    assert found == {
        "braintree.evidence",
        "ebay.payment_dispute",
        "mercado_libre.claim_evidence",
        "shopify_payments.evidence",
        "square.evidence",
        "stripe.evidence",
    }


@pytest.mark.parametrize("name", PACKS)
class TestEveryPack:
    def test_passes_the_check(self, name):
        assert [str(p) for p in check() if p.pack == f"{name}.yaml"] == []

    def test_gives_a_source_for_every_requirement_clock_and_note(self, name):
        pack = get_pack(name)
        entries = [
            *pack.clocks,
            *pack.notes,
            *pack.text_limits.values(),
            *pack.reasons,
            *(one for reason in pack.reasons for one in reason.requirements),
            *(one for reason in pack.reasons for one in reason.fields),
            *(one for reason in pack.reasons for one in reason.notes),
        ]

        assert [entry for entry in entries if not entry.sources] == []

    def test_pins_repositories_and_numbers_documents(self, name):
        pack = get_pack(name)
        urls = {
            source.url
            for reason in pack.reasons
            for holder in (reason, *reason.requirements, *reason.fields, *reason.notes)
            for source in holder.sources
        } | {source.url for holder in (*pack.clocks, *pack.notes) for source in holder.sources}

        for url in urls:
            if url.startswith("https://github.com/"):
                assert re.fullmatch(r"https://github\.com/[^/]+/[^/]+/blob/[0-9a-f]{40}/.+", url)
            if url.startswith("seed:"):
                assert 1 <= int(url.removeprefix("seed:S")) <= 105

    def test_holds_no_document_of_a_client_or_a_third_party_for_confirmed(self, name):
        pack = get_pack(name)

        for reason in pack.reasons:
            for one in reason.requirements:
                for source in one.sources:
                    assert not (source.url.startswith("seed:") and source.verified)

    def test_says_everything_in_three_languages(self, name):
        texts = list(texts_of(pack_plain(get_pack(name))))

        assert len(texts) > 20
        for text in texts:
            assert sorted(text) == sorted(LANGUAGES)
            assert all(text[language].strip() for language in LANGUAGES)
            assert not re.search("[\u4e00-\u9fff\u0400-\u04ff]", text["en"])
            assert not re.search("[\u4e00-\u9fff]", text["ru"])
            assert not re.search("[\u0400-\u04ff]", text["zh"])

    def test_gives_each_reason_and_requirement_words_of_its_own_in_each_language(self, name):
        for reason in get_pack(name).reasons:
            for text in [reason.title, *(w for r in reason.requirements for w in (r.why, r.title))]:
                assert re.search("[\u4e00-\u9fff]", text["zh"])
                assert re.search("[\u0400-\u04ff]", text["ru"])

    def test_has_a_delivery(self, name):
        deliveries = get_pack(name).deliveries

        assert deliveries
        assert all(way.limits or not way.verified for way in deliveries)

    def test_declares_the_details_its_conditions_ask_for(self, name):
        pack = get_pack(name)
        asked = {
            detail
            for reason in pack.reasons
            for one in (*reason.requirements, *reason.fields)
            for detail in one.when
        }

        assert asked <= pack.details.keys()
