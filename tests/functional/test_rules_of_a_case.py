"""What a case is judged by: the pack of its day, the platform's own answer, a team's own rules."""

import io
import json
from dataclasses import replace

import pytest
import yaml
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from evidence_service.app import create_app
from evidence_service.platforms.rules import builtin_paths
from evidence_service.platforms.schema import read_yaml
from evidence_service.platforms.shelf import Shelf

OZON = next(path for path in builtin_paths() if path.stem == "ozon")
REASON = "malicious_claim"
HOUSE = {
    "extends": "ozon",
    "version": "house-1",
    "sources": {
        "handbook": {
            "url": "team:handbook/4.2",
            "read_on": None,
            "official": False,
            "title": "Our handbook",
        }
    },
    "evidence": {
        "weight": {
            "accepts": ["weight_record"],
            "title": {"zh": "重量", "en": "Weight", "ru": "Вес"},
            "why": {"zh": "我们自己的规定。", "en": "Our own rule.", "ru": "Наше правило."},
        }
    },
    "reasons": [
        {
            "code": REASON,
            "requirements": [
                {"id": "weight", "level": "required", "verified": False, "sources": ["handbook"]}
            ],
        }
    ],
}

ANSWER = {
    "source": "https://api.example.com/disputes/PP-1",
    "requirements": [
        {"id": "order_screenshot", "title": "", "level": "optional", "kinds": []},
        {"id": "PROOF_OF_REFUND", "title": "Refund id", "kinds": ["refund_proof"]},
    ],
    "respond_by": "2026-11-30T09:00:00Z",
}


@pytest.fixture(scope="module")
def people(make_people):
    return make_people("Rules", "ozon")


@pytest.fixture
def client_of(settings, ports, people):
    """The agent as a client of a service with other packs."""

    def make(shelf):
        client = create_app(settings, replace(ports, shelf=shelf)).test_client()
        client.environ_base.update(people.agent.environ_base)
        return client

    return make


def open_case(client, store):
    body = {
        "store": store,
        "reason": REASON,
        "order_number": "1",
        "opened_at": "2026-11-21T12:02:00Z",
        "claim_text": "Не получил",
    }
    answer = client.post("/api/v1/cases", json=body)
    assert answer.status_code == 201, answer.get_json()
    return answer.get_json()


def lines(client, case_id):
    found = client.get(f"/api/v1/cases/{case_id}/checklist").get_json()["findings"]
    return {finding["requirement"]: finding for finding in found}


def changed(version, **over):
    """The built-in pack with one more line for the reason, under a version of its own."""
    raw = read_yaml(OZON)
    reason = next(one for one in raw["reasons"] if one["code"] == REASON)
    line = {**reason["requirements"][0], "id": "buyer_receipt", "accepts": ["buyer_receipt_proof"]}
    words = raw["evidence"][reason["requirements"][0]["id"]]
    added = {**line, "title": words["title"], "why": words["why"], **over}
    reason["requirements"] = [*reason["requirements"], added]
    return Shelf([{**raw, "version": version}])


class TestPinned:
    def test_a_case_keeps_the_pack_of_its_day_until_an_agent_accepts_a_newer_one(
        self, people, client_of
    ):
        case = open_case(people.agent, people.store)
        url = f"/api/v1/cases/{case['id']}"
        assert case["newer_pack"] is None

        later = client_of(changed("later"))
        seen = later.get(url).get_json()
        assert seen["pack"] == case["pack"]
        assert seen["newer_pack"]["version"] == "later"
        assert any("buyer_receipt" in line for line in seen["newer_pack"]["changes"])
        assert "buyer_receipt" not in lines(later, case["id"])

        assert later.post(f"{url}/pack", json={"version": "other"}).status_code == 422
        accepted = later.post(f"{url}/pack", json={"version": "later"}).get_json()
        assert accepted["pack"]["version"] == "later"
        assert accepted["newer_pack"] is None
        assert accepted["revision"] == case["revision"] + 1
        assert lines(later, case["id"])["buyer_receipt"]["outcome"] == "missing"
        assert accepted["counts"]["missing"] == case["counts"]["missing"] + 1

    def test_only_while_it_is_assembled(self, people, client_of):
        case = open_case(people.agent, people.store)
        url = f"/api/v1/cases/{case['id']}"
        for requirement, finding in lines(people.agent, case["id"]).items():
            if finding["level"] == "required":
                people.agent.post(f"{url}/checklist/{requirement}/waiver", json={"reason": "x"})
        assert people.agent.post(f"{url}/hand-in").status_code == 200

        later = client_of(changed("later still"))

        assert later.get(url).get_json()["newer_pack"]["version"] == "later still"
        assert later.post(f"{url}/pack", json={"version": "later still"}).status_code == 409

    def test_rules_changed_under_the_same_version_are_told_apart(self, people, client_of):
        client = client_of(changed("same"))
        first = open_case(client, people.store)
        other = client_of(changed("same", level="optional"))
        second = open_case(other, people.store)

        assert first["pack"]["version"] == "same"
        assert second["pack"]["version"].startswith("same~")
        assert lines(other, first["id"])["buyer_receipt"]["level"] == "required"
        assert lines(other, second["id"])["buyer_receipt"]["level"] == "optional"

    def test_a_kept_pack_cannot_be_changed(self, settings, people):
        open_case(people.agent, people.store)
        engine = create_engine(settings.database_url)
        with engine.connect() as connection, pytest.raises(DBAPIError, match="permission denied"):
            connection.execute(text("update packs set content = '{}'"))
        engine.dispose()


class TestPlatformRequirements:
    def test_stand_over_the_pack_and_are_marked(self, people):
        case = open_case(people.agent, people.store)
        url = f"/api/v1/cases/{case['id']}"
        before = lines(people.agent, case["id"])

        kept = people.agent.put(f"{url}/platform-requirements", json=ANSWER)

        assert kept.status_code == 200, kept.get_json()
        after = lines(people.agent, case["id"])
        assert list(after) == [*before, "PROOF_OF_REFUND"]
        assert [name for name, line in after.items() if line["theirs"]] == [
            "order_screenshot",
            "PROOF_OF_REFUND",
        ]
        assert after["order_screenshot"]["level"] == "optional"
        assert after["order_screenshot"]["title"] == before["order_screenshot"]["title"]
        assert after["PROOF_OF_REFUND"]["title"] == "Refund id"
        assert after["PROOF_OF_REFUND"]["outcome"] == "missing"
        assert after["PROOF_OF_REFUND"]["sources"][0]["url"] == ANSWER["source"]
        assert people.agent.get(url).get_json()["respond_by"] == "2026-11-30T09:00:00Z"
        found = people.agent.get(f"{url}/platform-requirements").get_json()
        assert found["requirements"][1]["kinds"] == ["refund_proof"]

    def test_a_later_answer_takes_the_place_of_an_earlier_one(self, people):
        case = open_case(people.agent, people.store)
        url = f"/api/v1/cases/{case['id']}/platform-requirements"
        people.agent.put(url, json=ANSWER)
        people.agent.put(url, json={"source": "again", "requirements": []})

        assert not any(line["theirs"] for line in lines(people.agent, case["id"]).values())

    @pytest.mark.parametrize(
        "wrong",
        [
            {"source": ""},
            {"requirements": [{"id": "a b"}]},
            {"requirements": [{"id": "a", "kinds": ["nothing"]}]},
            {"requirements": [{"id": "a", "level": "urgent"}]},
            {"requirements": [{"id": "a"}, {"id": "a"}]},
            {"requirements": [{"id": "a", "why": "x"}]},
            {"respond_by": "2026-11-30"},
        ],
    )
    def test_what_makes_no_sense_is_refused(self, people, wrong):
        case = open_case(people.agent, people.store)
        url = f"/api/v1/cases/{case['id']}/platform-requirements"

        assert people.agent.put(url, json=ANSWER | wrong).status_code == 422

    def test_whoever_wrote_them_down_is_a_contributor_and_it_is_chained(self, people):
        case = open_case(people.agent, people.store)
        url = f"/api/v1/cases/{case['id']}"
        people.agent.put(f"{url}/platform-requirements", json=ANSWER)
        events = people.agent.get(f"{url}/audit").get_json()["items"]

        assert events[-1]["kind"] == "case.platform_requirements_recorded"
        assert events[-1]["data"]["requirements"] == 2
        assert "example.com" not in json.dumps(events)


class TestTeamsOwnRules:
    @pytest.fixture
    def folder(self, tmp_path, people):
        [store] = people.agent.get("/api/v1/stores").get_json()["items"]
        (tmp_path / "ozon.weight.yaml").write_text(
            yaml.safe_dump(HOUSE | {"store": store["name"]}, allow_unicode=True), "utf-8"
        )
        return tmp_path

    def test_a_store_asks_for_more_than_the_platform(self, people, client_of, folder):
        client = client_of(Shelf.load(folder))
        case = open_case(client, people.store)

        assert case["pack"]["version"].endswith("+house-1")
        assert lines(client, case["id"])["weight"]["outcome"] == "missing"
        added = client.post(
            f"/api/v1/cases/{case['id']}/evidence",
            data={"file": (io.BytesIO(b"12.5 kg"), "w.txt"), "kind": "weight_record"},
        )
        assert added.status_code == 201
        assert lines(client, case["id"])["weight"]["outcome"] == "met"


class TestChecklist:
    def test_shows_its_arithmetic_next_steps_and_contradictions(self, people):
        case = open_case(people.agent, people.store)
        url = f"/api/v1/cases/{case['id']}"
        refund = {"file": (io.BytesIO(b"paid back"), "r.txt"), "kind": "refund_proof"}
        evidence_id = people.agent.post(f"{url}/evidence", data=refund).get_json()["id"]
        found = people.agent.get(f"{url}/checklist", headers={"Accept-Language": "ru"}).get_json()

        parts = found["score_parts"]
        weight = sum(part["weight"] for part in parts)
        assert found["score"] == pytest.approx(sum(part["points"] for part in parts) / weight)
        [against] = found["contradictions"]
        assert against["code"] == "refund_made"
        assert against["places"] == [
            {"evidence_id": evidence_id, "where": "kind"},
            {"evidence_id": None, "where": "claim_text"},
        ]
        assert "возврат" in against["text"]
        missing = [one for one in found["findings"] if one["outcome"] == "missing"]
        assert all(one["next_step"].startswith("Добавьте") for one in missing)
