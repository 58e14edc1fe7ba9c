"""What a platform's form takes, asked for by API: planned, made by a worker, served, archived."""

import io
import json
import time
import zipfile
from datetime import UTC, datetime

import pytest
from delivery_check import broken_limits
from drawing import screenshot


@pytest.fixture(scope="module")
def people(make_people):
    return make_people("Paper Lantern", "ebay")


def upload(client, case_id, content, name, **fields):
    return client.post(
        f"/api/v1/cases/{case_id}/evidence",
        data={"file": (io.BytesIO(content), name), **fields},
        content_type="multipart/form-data",
    )


def reasons(people):
    return people.agent.get("/api/v1/platforms/ebay").get_json()["reasons"]


def open_case(people, reason):
    body = {
        "store": people.store,
        "reason": reason["code"],
        "order_number": "12-10442-77310",
        "opened_at": "2026-11-21T12:02:00+03:00",
        "respond_by": "2026-11-28T18:00:00+03:00",
    }
    return people.agent.post("/api/v1/cases", json=body).get_json()["id"]


def approve(people, url):
    """What is required and not there is waived."""
    agent = people.agent
    for finding in agent.get(f"{url}/checklist").get_json()["findings"]:
        if (finding["level"], finding["outcome"]) == ("required", "missing"):
            waiver = f"{url}/checklist/{finding['requirement']}/waiver"
            agent.post(waiver, json={"reason": "not at hand"})
    assert agent.post(f"{url}/hand-in").status_code == 200
    decision = {"decision": "approve", "comment": ""}
    assert people.reviewer.post(f"{url}/review", json=decision).status_code == 200


@pytest.fixture(scope="module")
def case_url(people):
    """A case handed in and approved."""
    agent = people.agent
    case_id = open_case(people, reasons(people)[0])
    url = f"/api/v1/cases/{case_id}"
    for number in range(6):
        picture = screenshot(f"Order 12-10442-77310, screen {number}")
        assert upload(agent, case_id, picture, f"{number}.png").status_code == 201
    assert upload(agent, case_id, b"\x00\x01film", "film.bin").status_code == 201
    statement = {"language": "en", "fields": {"note": "Delivered on 16 March, see the scan."}}
    assert agent.put(f"{url}/statement", json=statement).status_code == 200
    approve(people, url)
    return url


class TestPlan:
    def test_says_what_a_delivery_will_come_to_at_once(self, people, case_url):
        query = {"delivery": "payment_dispute"}
        people.agent.get(f"{case_url}/bundles/plan", query_string=query)
        began = time.process_time()
        plan = people.agent.get(f"{case_url}/bundles/plan", query_string=query).get_json()

        assert time.process_time() - began < 0.1
        assert plan["fits"]
        assert plan["files"] <= 5
        assert 0 < plan["bytes"] <= 1_750_000
        assert plan["reason"] is None
        assert [one["detail"] for one in plan["omissions"]] == ["not_taken"]

    def test_without_a_delivery_it_is_of_the_bundle_for_people(self, people, case_url):
        assert people.agent.get(f"{case_url}/bundles/plan").get_json()["delivery"] == "master"

    def test_a_delivery_the_pack_does_not_know_is_refused(self, people, case_url):
        answer = people.agent.get(f"{case_url}/bundles/plan", query_string={"delivery": "fax"})

        assert answer.status_code == 422
        assert answer.get_json()["errors"][0]["field"] == "delivery"


class TestDelivery:
    def test_is_made_served_and_kept_with_what_it_lacks(self, people, case_url, run_jobs):
        asked = people.agent.post(f"{case_url}/bundles", json={"delivery": "payment_dispute"})
        assert asked.status_code == 202
        again = people.agent.post(f"{case_url}/bundles", json={"delivery": "payment_dispute"})
        assert again.status_code == 200
        run_jobs()
        bundle = people.agent.get(f"{case_url}/bundles/{asked.get_json()['id']}").get_json()
        assert bundle["state"] == "ready", bundle
        content = people.agent.get(f"{case_url}/bundles/{bundle['id']}/content")

        assert content.content_type == "application/zip"
        assert "12-10442-77310-r" in content.headers["Content-Disposition"]
        assert content.headers["Content-Disposition"].rstrip('"').endswith("payment_dispute.zip")
        limits = people.agent.get("/api/v1/platforms/ebay").get_json()["deliveries"][0]["limits"]
        assert list(broken_limits(content.data, limits)) == []
        with zipfile.ZipFile(io.BytesIO(content.data)) as archive:
            assert archive.read("statement.txt") == b"Delivered on 16 March, see the scan.\n"
            manifest = json.loads(archive.read("manifest.json"))
        assert manifest["omissions"] == bundle["omissions"]
        assert [one["what"] for one in bundle["omissions"]] == ["left_out"]

        events = people.agent.get(f"{case_url}/audit", query_string={"limit": 200}).get_json()
        ready = next(one for one in events["items"] if one["kind"] == "bundle.ready")
        lost = bundle["omissions"][0]
        assert ready["data"]["omitted"] == [["left_out", "none", lost["evidence_id"]]]

    def test_fails_without_what_is_required_and_says_what_to_change(self, people, run_jobs):
        agent = people.agent
        reason, kind = next(
            (reason, asked["kinds"][0])
            for reason in reasons(people)
            for asked in reason["requirements"]
            if asked["level"] == "required"
        )
        case_id = open_case(people, reason)
        url = f"/api/v1/cases/{case_id}"
        picture = screenshot("Order 12-10442-77310")
        upload(agent, case_id, picture, "order.png", kind="additional_information")
        film = upload(agent, case_id, b"\x00\x01film", "film.bin", kind=kind).get_json()
        assert film["kind"] == kind
        approve(people, url)

        asked = agent.post(f"{url}/bundles", json={"delivery": "payment_dispute"}).get_json()
        run_jobs()
        russian = {"Accept-Language": "ru"}
        bundle = agent.get(f"{url}/bundles/{asked['id']}", headers=russian).get_json()
        assert (bundle["state"], bundle["error"]) == ("failed", "delivery_lacks_required")
        assert [one["evidence_id"] for one in bundle["omissions"]] == [film["id"]]
        (error,) = bundle["errors"]
        assert error["code"] == bundle["error"]
        assert error["detail"].startswith(f"{error['params']['labels']} — обязательное")

    def test_one_that_the_pack_does_not_know_is_refused(self, people, case_url):
        answer = people.agent.post(f"{case_url}/bundles", json={"delivery": "fax"})

        assert answer.status_code == 422

    def test_stands_in_the_package_under_its_own_ending(self, people, case_url, run_jobs):
        sent = next(
            one
            for one in people.agent.get(f"{case_url}/bundles").get_json()["items"]
            if one["delivery"] == "payment_dispute"
        )
        submission = {"bundle_id": sent["id"], "submitted_at": datetime.now(UTC).isoformat()}
        assert people.agent.post(f"{case_url}/submission", json=submission).status_code == 201
        won = {"result": "won", "reason": "evidence_accepted"}
        assert people.agent.post(f"{case_url}/outcome", json=won).status_code == 201
        assert people.reviewer.post(f"{case_url}/archive").status_code == 202
        run_jobs()

        package = people.auditor.get(f"{case_url}/package").data
        with zipfile.ZipFile(io.BytesIO(package)) as archive:
            names = [n for n in archive.namelist() if n.endswith(f"/data/bundles/{sent['id']}.zip")]
            assert len(names) == 1
            assert archive.read(names[0]).startswith(b"PK")
