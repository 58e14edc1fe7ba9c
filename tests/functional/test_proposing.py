"""A dispute's own record proposes the case it would open."""

import io
import json

import pytest

from evidence_service.domain.access import Role
from evidence_service.usecases.administer.add_person import AddPerson, add_person

STRIPE = {
    "object": "dispute",
    "id": "dp_1",
    "amount": 1500,
    "currency": "usd",
    "reason": "product_not_received",
    "status": "needs_response",
    "created": 1777636800,
    "metadata": {"order_number": "A-17"},
    "evidence_details": {"due_by": 1778241600},
    "payment_method_details": {
        "type": "card",
        "card": {"brand": "visa", "network_reason_code": "13.1"},
    },
}
BRAINTREE = (
    b"<notification><kind>dispute_opened</kind><subject><dispute><id>d1</id><amount>5.00</amount>"
    b"<currency-iso-code>USD</currency-iso-code><kind>pre_arbitration</kind><reason>fraud</reason>"
    b"<reason-code>10.4</reason-code><reply-by-date>2026-05-11</reply-by-date><transaction><id>t</id>"
    b"<payment-instrument-subtype>Visa</payment-instrument-subtype></transaction></dispute></subject>"
    b"</notification>"
)
CHECKOUT_COM = {"id": "dsp_1", "category": "fraudulent", "amount": 500, "currency": "USD"}
EBAY_INQUIRY = {"inquiryId": "5", "claimAmount": {"value": 5, "currency": "USD"}}
EBAY_RETURN = {"returnId": "8", "orderId": "26-1", "creationInfo": {"reason": "DEFECTIVE_ITEM"}}
SQUARE = {
    "id": "D1",
    "amount_money": {"amount": 500, "currency": "USD"},
    "due_at": "2026-05-08T12:00:00Z",
    "reason": "NO_KNOWLEDGE",
    "state": "EVIDENCE_REQUIRED",
}


@pytest.fixture(scope="module")
def people(make_people):
    return make_people("Proposing", "stripe")


@pytest.fixture(scope="module")
def elsewhere(make_people):
    return make_people("Elsewhere", "ozon")


def propose(client, record, **fields):
    content = record if isinstance(record, bytes) else json.dumps(record).encode()
    data = {"file": (io.BytesIO(content), "dispute.json"), **fields}
    return client.post("/api/v1/cases/proposal", data=data)


class TestProposal:
    def test_says_all_that_opens_the_case(self, people):
        answer = propose(people.agent, STRIPE)
        found = answer.get_json()
        stores = [row["id"] for row in found.pop("stores")]

        assert answer.status_code == 200
        assert stores == [people.store]
        assert found == {
            "platform": "stripe",
            "reason": "product_not_received",
            "unknown_reason": None,
            "order_number": "A-17",
            "dispute_ref": "dp_1",
            "amount": {"amount": "15.00", "currency": "USD"},
            "opened_at": "2026-05-01T12:00:00Z",
            "respond_by": "2026-05-08T12:00:00Z",
            "claim_text": None,
            "details": {"card_network": "visa", "network_reason_code": "13.1"},
            "warnings": [],
        }

    def test_opens_the_case(self, people):
        found = propose(people.agent, STRIPE).get_json()
        names = ("reason", "order_number", "dispute_ref", "amount", "opened_at", "details")
        body = {"store": found["stores"][0]["id"], **{name: found[name] for name in names}}

        assert people.agent.post("/api/v1/cases", json=body).status_code == 201

    def test_keeps_nothing(self, people):
        before = people.agent.get("/api/v1/cases").get_json()
        propose(people.agent, STRIPE)

        assert people.agent.get("/api/v1/cases").get_json() == before

    def test_a_reason_that_the_rules_do_not_have_is_told(self, people):
        found = propose(people.agent, {**STRIPE, "reason": "the moon"}).get_json()

        assert (found["reason"], found["unknown_reason"]) == (None, "the moon")

    def test_the_first_of_several_is_proposed(self, people):
        found = propose(people.agent, {"data": [STRIPE, {**STRIPE, "id": "dp_2"}]}).get_json()

        assert (found["dispute_ref"], found["warnings"]) == ("dp_1", ["several_disputes"])

    def test_another_platforms_store_does_not_match(self, elsewhere):
        assert propose(elsewhere.agent, STRIPE).get_json()["stores"] == []

    @pytest.mark.parametrize(
        ("record", "fields", "field"),
        [
            (b"no dispute", {}, "file"),
            (b"", {}, "file"),
            (STRIPE, {"store": "nobody's"}, "store"),
            (STRIPE, {"else": "x"}, "else"),
        ],
    )
    def test_what_is_no_dispute_of_ones_own_is_refused(self, people, record, fields, field):
        answer = propose(people.agent, record, **fields)

        assert answer.status_code == 422
        assert answer.get_json()["errors"][0]["field"] == field

    @pytest.mark.parametrize(
        ("platform", "reason", "record"),
        [
            ("braintree", "fraud", BRAINTREE),
            ("checkout_com", "fraudulent", CHECKOUT_COM),
            ("ebay", "mbg_item_not_received", EBAY_INQUIRY),
            ("ebay", "mbg_return_case", EBAY_RETURN),
            ("square", "no_knowledge", SQUARE),
        ],
    )
    def test_the_rules_know_each_records_reason(self, people, platform, reason, record):
        found = propose(people.agent, record).get_json()

        assert (found["platform"], found["reason"], found["unknown_reason"]) == (
            platform,
            reason,
            None,
        )

    def test_the_rules_details_are_filled_in(self, people):
        assert propose(people.agent, BRAINTREE).get_json()["details"] == {
            "card_network": "visa",
            "network_reason_code": "10.4",
            "kind": "pre_arbitration",
        }

    @pytest.mark.parametrize("name", ["paypal-dispute-details__laravel-paypal.json"])
    def test_a_real_record(self, people, samples, name):
        found = propose(people.agent, (samples / "order" / name).read_bytes()).get_json()

        assert (found["platform"], found["unknown_reason"]) == ("paypal", None)
        assert found["reason"]


PASSWORD = "a long enough password"


@pytest.fixture(scope="module")
def browser(app, ports, people):
    email = f"page.{people.store}@example.com"
    command = AddPerson(email, frozenset({Role.AGENT}), (people.store,), PASSWORD)
    add_person(command, by=None, ports=ports)
    client = app.test_client()
    submit(client, "/sign-in?lang=en", {"email": email, "password": PASSWORD})
    return client


def submit(client, path, fields):
    token = client.get(path).text.split('name="form_token" value="')[1].split('"')[0]
    return client.post(path, data={**fields, "form_token": token})


class TestPage:
    def test_a_record_fills_in_the_form(self, browser):
        record = {"file": (io.BytesIO(json.dumps({**STRIPE, "reason": "moon"}).encode()), "a.json")}
        text = submit(browser, "/cases/new", record).text

        for value in ("A-17", "dp_1", "15.00", "USD", "2026-05-01T12:00", "13.1"):
            assert f'value="{value}"' in text
        assert "moon" in text

    def test_what_is_no_record_is_said_beside_the_field(self, browser):
        answer = submit(browser, "/cases/new", {"file": (io.BytesIO(b"x"), "a.json")})

        assert answer.status_code == 422
        assert 'id="e-file"' in answer.text
