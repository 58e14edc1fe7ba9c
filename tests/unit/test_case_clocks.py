"""Which of a pack's clocks run in a case, by what the case says of itself."""

from datetime import UTC, datetime, timedelta

import pytest
from factories import make_case

from evidence_service.platforms import get_pack
from evidence_service.platforms.sla import load_sla
from evidence_service.usecases.clocks import clocks_of

OPENED = datetime(2026, 11, 24, 9, tzinfo=UTC)


def deadlines_of(platform, reason, **details):
    case = make_case(
        platform=platform, reason=reason, opened_at=OPENED, respond_by=None, details=details
    )
    found = clocks_of(case, get_pack(platform), load_sla(), "UTC", OPENED).deadlines
    return {one.kind: one for one in found}


def deciding(found):
    return [(kind, one.at - OPENED) for kind, one in found.items() if one.decides]


def test_a_range_ends_no_earlier_than_its_upper_end():
    found = deadlines_of("stripe", "product_not_received")["response_range"]

    assert [one - OPENED for one in (found.at, found.at_latest)] == [
        timedelta(days=7),
        timedelta(days=21),
    ]
    assert not found.ends_before(OPENED + timedelta(days=21))
    assert found.ends_before(OPENED + timedelta(days=22))


@pytest.mark.parametrize(
    ("network", "kind", "days"),
    [
        ("mastercard", "answer_mastercard", 40),
        ("amex", "answer_amex", 14),
        ("cup", "answer_cup_nyce_pulse", 30),
    ],
)
def test_a_stated_card_network_has_its_own_term(network, kind, days):
    found = deadlines_of(
        "adyen", "goods_not_received", card_network=network, dispute_stage="chargeback"
    )

    assert list(found) == [kind]
    assert deciding(found) == [(kind, timedelta(days=days))]
    assert found[kind].awaits == ()


def test_until_the_network_is_stated_every_term_is_shown_and_the_shortest_decides():
    found = deadlines_of("adyen", "goods_not_received", dispute_stage="chargeback")

    assert set(found) == {
        "answer_visa",
        "answer_visa_us_ca",
        "answer_mastercard",
        "answer_amex",
        "answer_diners_discover",
        "answer_jcb",
        "answer_cup_nyce_pulse",
    }
    assert found["answer_amex"].awaits == ("card_network",)


def test_a_shorter_term_published_elsewhere_is_shown_and_decides():
    visa = {"card_network": "visa", "dispute_stage": "chargeback"}
    contested = deadlines_of("adyen", "goods_not_received", **visa, market="us_or_canada")
    settled = deadlines_of("adyen", "goods_not_received", **visa, market="other")

    assert deciding(contested) == [("answer_visa_us_ca", timedelta(days=9))]
    assert {kind for kind, one in contested.items() if one.contested} == {
        "answer_visa",
        "answer_visa_us_ca",
    }
    assert deciding(settled) == [("answer_visa", timedelta(days=18))]
    assert not settled["answer_visa"].contested


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("purchase_unauthorized", [("respond_unauthorized", timedelta(days=7))]),
        ("products_not_received", [("respond_other", timedelta(days=21))]),
        ("high_risk_order", []),
    ],
)
def test_a_term_of_some_reasons_runs_for_those_alone(reason, expected):
    assert deciding(deadlines_of("klarna", reason)) == expected
