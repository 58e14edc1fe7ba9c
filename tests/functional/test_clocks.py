"""The clocks of a case as the API and the queue's page show them."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest

from evidence_service.bootstrap import build_ports
from evidence_service.settings import Settings, SettingsError

NOW = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture(scope="module")
def people(make_people):
    return make_people("Clocks", "ozon")


def said(instant):
    return instant.isoformat().replace("+00:00", "Z")


def open_case(people, **over):
    body = {
        "store": people.store,
        "reason": "malicious_claim",
        "order_number": "1",
        "opened_at": said(NOW - timedelta(days=2)),
    }
    answer = people.agent.post("/api/v1/cases", json=body | over)
    assert answer.status_code == 201, answer.get_json()
    return answer.get_json()


def listed(people, query):
    items = people.agent.get(f"/api/v1/cases?limit=200&{query}").get_json()["items"]
    return {item["id"]: item for item in items}


class TestDeadlines:
    def test_the_platform_s_instant_decides_and_published_terms_are_shown(self, people):
        given = NOW + timedelta(days=20)
        case = open_case(people, respond_by=said(given))
        by_kind = {one["kind"]: one for one in case["deadlines"]}

        assert by_kind["respond_by"] == {
            "kind": "respond_by",
            "instant": said(given),
            "source": "platform",
            "decides": True,
            "confirmed": True,
            "provisional": False,
            "actor": "seller",
            "contested": False,
            "awaits": [],
            "what": None,
            "sources": [],
        }
        assert by_kind["rfbs_request_decision"]["source"] == "pack"
        assert not by_kind["rfbs_request_decision"]["decides"]
        assert by_kind["rfbs_request_decision"]["sources"]
        assert set(by_kind["rfbs_request_decision"]["what"]) == {"zh", "en", "ru"}
        assert datetime.fromisoformat(case["last_safe_handover"]) < given

    def test_without_one_the_shortest_confirmed_term_decides(self, people):
        opened = NOW - timedelta(hours=1)
        case = open_case(people, opened_at=said(opened))
        deciding = [one for one in case["deadlines"] if one["decides"]]
        instants = [
            one["instant"]
            for one in case["deadlines"]
            if one["confirmed"] and one["actor"] == "seller"
        ]

        assert [one["instant"] for one in deciding] == [said(opened + timedelta(hours=24))]
        assert len(instants) > 1
        assert min(instants) == deciding[0]["instant"]

    def test_a_term_says_what_it_waits_for_and_that_another_source_differs(
        self, people, make_people
    ):
        shop = make_people("Cards", "adyen")
        opened = said(NOW - timedelta(hours=1))
        details = {"card_network": "visa", "dispute_stage": "chargeback"}
        case = open_case(shop, reason="goods_not_received", opened_at=opened, details=details)
        found = {one["kind"]: one for one in case["deadlines"]}

        assert set(found) == {"answer_visa", "answer_visa_us_ca"}
        assert found["answer_visa"]["awaits"] == []
        assert found["answer_visa_us_ca"]["awaits"] == ["market"]
        assert found["answer_visa_us_ca"]["decides"]
        assert all(one["contested"] and one["actor"] == "seller" for one in found.values())

    def test_the_strip_leads_from_now_to_the_deadline(self, people):
        given = said(NOW + timedelta(days=20))
        strip = open_case(people, respond_by=given)["strip"]

        assert strip[0]["kind"] == "yours"
        assert strip[-1]["kind"] == "reserve"
        assert strip[-1]["until"] == given
        assert all(one["until"] == other["from"] for one, other in itertools.pairwise(strip))
        assert sum(one["work_minutes"] for one in strip) == 270

    def test_a_new_word_of_the_platform_is_followed(self, people):
        case = open_case(people)
        changed = people.agent.patch(
            f"/api/v1/cases/{case['id']}",
            json={"respond_by": said(NOW + timedelta(days=9))},
            headers={"If-Match": f'"{case["version"]}"'},
        ).get_json()

        assert [one["kind"] for one in changed["deadlines"] if one["decides"]] == ["respond_by"]
        assert case["id"] not in listed(people, f"due_before={said(NOW + timedelta(days=8))}")
        assert case["id"] in listed(people, f"due_before={said(NOW + timedelta(days=10))}")

    def test_a_term_we_counted_ourselves_makes_nothing_expired(self, people):
        counted = open_case(people)["id"]
        given = open_case(people, respond_by=said(NOW - timedelta(hours=1)))["id"]
        expired = listed(people, "state=expired")

        assert counted not in expired
        assert expired[given]["expired"]

    @pytest.mark.parametrize("opened_at", ["1900-01-01T00:00:00Z", "2999-12-31T00:00:00Z"])
    def test_a_slip_of_the_pen_is_no_accident(self, people, opened_at):
        case = open_case(people, opened_at=opened_at, respond_by="1900-01-02T00:00:00Z")

        assert [one["kind"] for one in case["deadlines"]] == ["respond_by"]
        assert case["last_safe_handover"] is None
        assert listed(people, "state=expired")[case["id"]]["attention"] is None


class TestQueue:
    def test_a_row_says_what_its_clocks_say(self, people):
        case_id = open_case(people, respond_by=said(NOW - timedelta(minutes=1)))["id"]
        fresh = open_case(people, opened_at=said(NOW), respond_by=said(NOW + timedelta(days=30)))
        rows = listed(people, "state=assembling")

        assert rows[case_id]["attention"] == "deadline_passed"
        assert rows[fresh["id"]]["attention"] is None


class TestServiceLevels:
    def test_a_file_that_is_wrong_stops_the_start_and_names_the_variable(self, tmp_path, settings):
        own = tmp_path / "sla.yaml"
        own.write_text("desk: {country: XX, hours: ['9']}")
        env = settings.env() | {"EVIDENCE_SLA_FILE": str(own)}

        with pytest.raises(SettingsError) as refused:
            build_ports(Settings.from_env(env))
        assert len(refused.value.problems) == 2
        assert all(
            line.startswith("EVIDENCE_SLA_FILE: sla.yaml") for line in refused.value.problems
        )
