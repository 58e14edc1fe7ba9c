"""Three packs against what the platforms were found to ask: a complete and an incomplete case."""

import re
from dataclasses import dataclass, field

import pytest
from factories import make_item

from evidence_service.catalogue import LANGUAGES
from evidence_service.domain.checklist import Report, judge
from evidence_service.domain.evidence import EvidenceKind
from evidence_service.platforms import check, get_pack, pack_plain

PACKS = ["ozon", "aliexpress", "stripe"]
MARKS = {"!": "required", "+": "recommended", "?": "optional"}


@dataclass(frozen=True)
class Row:
    """A reason, what it asks (! required, + recommended, ? optional), and two cases.

    `has` is a case that meets everything that applies; `lacks` is one that does not, and `gaps` is
    what that one comes to. An item is a kind, with its facts after slashes.
    """

    platform: str
    reason: str
    asks: str = ""
    has: str = ""
    lacks: str = ""
    gaps: dict = field(default_factory=dict)
    details: dict = field(default_factory=dict)

    @property
    def name(self):
        return f"{self.platform}-{self.reason}"


PHYSICAL = {"product_type": "physical_product"}
SERVICE = {"product_type": "offline_service"}
STRIPE_FILES = (
    "chat_transcript signature_confirmation proof_of_delivery invoice additional_information"
)

ROWS = [
    # Ozon
    Row(
        "ozon",
        "malicious_claim",
        "order_screenshot! proof_of_delivery! chat_transcript!",
        "order_screenshot tracking_history/status:delivered chat_screenshot",
        "order_screenshot tracking_history/status:in_transit chat_transcript",
        {"proof_of_delivery": "missing"},
    ),
    Row(
        "ozon",
        "rfbs_return_request",
        "defect_photos! request_description!",
        "buyer_photo additional_information",
        "additional_information",
        {"defect_photos": "missing"},
    ),
    Row(
        "ozon",
        "rfbs_request_declined",
        "request_photos! chat_transcript! additional_information?",
        "buyer_photo chat_transcript additional_information",
        "buyer_photo",
        {"chat_transcript": "missing", "additional_information": "missing"},
    ),
    Row(
        "ozon",
        "return_in_transit_gt_14d",
        "return_tracking! receipt_of_return+",
        "return_tracking handover_record",
        "tracking_history/status:delivered",
        {"return_tracking": "missing", "receipt_of_return": "missing"},
    ),
    Row(
        "ozon",
        "return_in_transit_gt_31d",
        "return_tracking! receipt_of_return+",
        "return_tracking unboxing_video",
        "handover_record",
        {"return_tracking": "missing"},
    ),
    Row(
        "ozon",
        "received_not_refunded",
        "inspection_photos! chat_transcript! additional_information?",
        "returned_item_photo chat_transcript additional_information",
        "chat_transcript additional_information",
        {"inspection_photos": "missing"},
    ),
    Row(
        "ozon",
        "misgrading_or_damage",
        "packing_video! expert_conclusion?",
        "packing_video expert_conclusion",
        "packing_photo expert_conclusion",
        {"packing_video": "missing"},
        {"technically_complex": "yes"},
    ),
    Row(
        "ozon",
        "seller_dispute_on_return",
        "returned_item_photo+ unboxing_video+",
        "returned_item_photo unboxing_video",
        "returned_item_photo",
        {"unboxing_video": "missing"},
    ),
    Row(
        "ozon",
        "posting_not_scanned",
        "handover_record+",
        "handover_record",
        "",
        {"handover_record": "missing"},
    ),
    Row("ozon", "lost_in_delivery_partner"),
    Row(
        "ozon",
        "fbp_damaged_or_disposed",
        "purchase_cost!",
        "invoice",
        "item_photo",
        {"purchase_cost": "missing"},
        {"damage_found": "before_order"},
    ),
    Row(
        "ozon",
        "untraceable_track_number",
        "traceable_number!",
        "tracking_history/status:in_transit",
        "shipping_label",
        {"traceable_number": "missing"},
    ),
    Row(
        "ozon",
        "return_shipping_cost",
        "return_shipping_receipt! return_tracking!",
        "buyer_receipt_proof return_tracking",
        "buyer_receipt_proof",
        {"return_tracking": "missing"},
    ),
    Row(
        "ozon",
        "fbs_fbo_return_compensation",
        "return_acceptance_act! unboxing_video! packing_video+",
        "handover_record unboxing_video packing_video",
        "handover_record packing_video",
        {"unboxing_video": "missing"},
    ),
    Row("ozon", "warehouse_acceptance_dispute"),
    # AliExpress
    Row(
        "aliexpress",
        "not_received",
        "tracking_history+ proof_of_delivery+ shipping_label+ delivery_address+"
        " signature_confirmation+ carrier_statement+ refused_clearance+ customs_document?",
        "tracking_history/status:delivered shipping_label order_record signature_confirmation"
        " carrier_statement customs_document",
        "tracking_history/status:in_transit shipping_label order_record signature_confirmation"
        " carrier_statement customs_document",
        {"proof_of_delivery": "weak"},
        {"cause": "held_by_customs"},
    ),
    Row(
        "aliexpress",
        "not_as_described",
        "listing_snapshot+ buyer_receipt_proof+ buyer_photo+ chat_transcript+",
        "listing_snapshot buyer_receipt_proof buyer_photo chat_screenshot",
        "buyer_photo chat_transcript",
        {"listing_snapshot": "missing", "buyer_receipt_proof": "missing"},
    ),
    Row(
        "aliexpress",
        "quality_problem",
        "buyer_photo+",
        "buyer_photo",
        "item_photo",
        {"buyer_photo": "missing"},
    ),
    Row("aliexpress", "damaged", "buyer_photo+", "buyer_photo", "", {"buyer_photo": "missing"}),
    Row("aliexpress", "short_shipment"),
    Row("aliexpress", "counterfeit"),
    Row("aliexpress", "buyer_own_reason"),
    Row(
        "aliexpress",
        "chargeback_not_received",
        "promised_delivery_time! proof_of_shipping! packing_photo! proof_of_delivery!",
        "order_screenshot proof_of_shipping packing_photo proof_of_delivery",
        "order_screenshot proof_of_shipping tracking_history/status:exception",
        {"packing_photo": "missing", "proof_of_delivery": "missing"},
    ),
    Row(
        "aliexpress",
        "chargeback_unauthorized",
        "proof_of_shipping!",
        "proof_of_shipping",
        "chat_transcript",
        {"proof_of_shipping": "missing"},
        {"shipped_before_chargeback": "yes", "shipping_notice_filled_in": "no"},
    ),
    Row(
        "aliexpress",
        "chargeback_other",
        "proof_of_delivery+ item_information+ refund_proof+ replacement_shipment+ chat_transcript+",
        "proof_of_delivery listing_snapshot refund_proof proof_of_shipping chat_transcript",
        "proof_of_delivery listing_snapshot proof_of_shipping chat_transcript",
        {"refund_proof": "missing"},
    ),
    Row("aliexpress", "false_shipment"),
    Row("aliexpress", "logistics_claim_against_carrier"),
    # Stripe: nothing is required; a line for another sort of product does not apply.
    Row(
        "stripe",
        "fraudulent",
        "customer_communication+ customer_signature+ shipping_documentation+"
        " service_documentation+ receipt+ uncategorized_file?",
        STRIPE_FILES,
        "chat_transcript signature_confirmation invoice additional_information",
        {"shipping_documentation": "missing", "service_documentation": "not_applicable"},
        PHYSICAL,
    ),
    Row(
        "stripe",
        "unrecognized",
        "customer_communication+ customer_signature+ shipping_documentation+"
        " service_documentation+ receipt+ uncategorized_file?",
        STRIPE_FILES,
        "chat_transcript signature_confirmation tracking_history additional_information",
        {"receipt": "missing", "service_documentation": "not_applicable"},
        PHYSICAL,
    ),
    Row(
        "stripe",
        "product_not_received",
        "customer_communication+ customer_signature+ shipping_documentation+"
        " service_documentation+ receipt+ uncategorized_file?",
        "chat_transcript signature_confirmation invoice additional_information",
        "signature_confirmation invoice additional_information",
        {"customer_communication": "missing", "shipping_documentation": "not_applicable"},
        SERVICE,
    ),
    Row(
        "stripe",
        "product_unacceptable",
        "customer_communication+ refund_policy+ customer_signature+ receipt+ uncategorized_file?",
        "chat_transcript policy_snapshot signature_confirmation order_screenshot listing_snapshot",
        "chat_transcript signature_confirmation order_screenshot listing_snapshot",
        {"refund_policy": "missing"},
        PHYSICAL,
    ),
    Row(
        "stripe",
        "credit_not_processed",
        "refund_policy+ customer_communication+ cancellation_policy+ customer_signature+ receipt+"
        " uncategorized_file?",
        "policy_snapshot chat_transcript signature_confirmation invoice refund_proof",
        "chat_transcript signature_confirmation invoice refund_proof",
        {"refund_policy": "missing", "cancellation_policy": "missing"},
        SERVICE,
    ),
    Row(
        "stripe",
        "duplicate",
        "duplicate_charge_documentation+ shipping_documentation+ customer_communication+"
        " service_documentation+ customer_signature+ receipt+ uncategorized_file?",
        STRIPE_FILES,
        "chat_transcript signature_confirmation proof_of_shipping additional_information",
        {
            "duplicate_charge_documentation": "missing",
            "receipt": "missing",
            "service_documentation": "not_applicable",
        },
        PHYSICAL,
    ),
    Row(
        "stripe",
        "subscription_canceled",
        "cancellation_policy+ customer_communication+ service_documentation+ customer_signature+"
        " receipt+ uncategorized_file?",
        "policy_snapshot chat_transcript additional_information signature_confirmation invoice",
        "chat_transcript additional_information signature_confirmation invoice",
        {"cancellation_policy": "missing"},
        SERVICE,
    ),
    Row(
        "stripe",
        "general",
        "customer_signature+ customer_communication+ receipt+",
        "signature_confirmation chat_transcript order_record",
        "signature_confirmation chat_transcript",
        {"receipt": "missing"},
    ),
    Row("stripe", "noncompliant"),
    Row("stripe", "bank_cannot_process"),
    Row("stripe", "check_returned"),
    Row("stripe", "customer_initiated"),
    Row("stripe", "debit_not_authorized"),
    Row("stripe", "incorrect_account_details"),
    Row("stripe", "insufficient_funds"),
]
ASKING = [row for row in ROWS if row.asks]


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
    assert report.score < 1
    required = {word[:-1] for word in row.asks.split() if word.endswith("!")}
    missing = {name for name, outcome in row.gaps.items() if outcome == "missing"}
    assert {asked.id for asked in report.missing_required} == required & missing
    assert report.complete is not bool(required & missing)


def test_the_table_names_every_reason():
    known = [f"{name}-{reason.code}" for name in PACKS for reason in get_pack(name).reasons]

    assert sorted(row.name for row in ROWS) == sorted(known)


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
        assert sources == {"seed:S001"}

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

        assert len(texts) > 50
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
