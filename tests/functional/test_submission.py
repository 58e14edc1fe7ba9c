"""What left the house: a signed bundle, the record of its sending, and the platform's receipt."""

import io
import json
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from drawing import screenshot

from evidence_service.adapters.pdf.check_seal import verify_bundle
from evidence_service.cli import main
from evidence_service.domain.sending import TimeStamp
from evidence_service.ports import Sealed
from evidence_service.usecases.submit.render_bundle import render_bundle

MAIL = b"From: shop@ozon.ru\r\nSubject: Received\r\n\r\nOK\r\n"
CARD = b"From: a@b.ru\r\nSubject: Card\r\n\r\nCard 4111 1111 1111 1111 was charged.\r\n"


@pytest.fixture(scope="module")
def people(make_people):
    return make_people("Sent", "ozon")


def approve_case(people):
    """The address of a case that was approved with one screenshot in it."""
    body = {
        "store": people.store,
        "reason": "malicious_claim",
        "order_number": "39487512-0042-1",
        "opened_at": "2026-11-21T12:02:00+03:00",
    }
    case_id = people.agent.post("/api/v1/cases", json=body).get_json()["id"]
    url = f"/api/v1/cases/{case_id}"
    people.agent.post(
        f"{url}/evidence",
        data={"file": (io.BytesIO(screenshot(case_id)), "o.png"), "kind": "order_screenshot"},
    )
    for finding in people.agent.get(f"{url}/checklist").get_json()["findings"]:
        if finding["level"] == "required" and finding["outcome"] != "met":
            waiver = f"{url}/checklist/{finding['requirement']}/waiver"
            people.agent.post(waiver, json={"reason": "not there"})
    people.agent.post(f"{url}/hand-in")
    decided = people.reviewer.post(f"{url}/review", json={"decision": "approve", "comment": ""})
    assert decided.get_json()["state"] == "approved"
    return url


def draw_bundle(people, url, run_jobs):
    asked = people.agent.post(f"{url}/bundles", json={}).get_json()
    run_jobs()
    return people.agent.get(f"{url}/bundles/{asked['id']}").get_json()


@pytest.fixture(scope="module")
def approved(people):
    """A case that no test changes: further bundles of it may be asked for."""
    return approve_case(people)


@pytest.fixture(scope="module")
def bundle(people, approved, run_jobs):
    return draw_bundle(people, approved, run_jobs)


def send(people, run_jobs):
    """The address of a case that was sent, and the record of its sending."""
    url = approve_case(people)
    return url, record(people, url, draw_bundle(people, url, run_jobs)).get_json()


@pytest.fixture(scope="module")
def sent(people, run_jobs):
    """A case that no test gives a receipt."""
    return send(people, run_jobs)


@pytest.fixture
def own_sent(people, run_jobs):
    return send(people, run_jobs)


def record(people, url, bundle, **over):
    body = {"bundle_id": bundle["id"], "submitted_at": datetime.now(UTC).isoformat()}
    return people.agent.post(f"{url}/submission", json=body | over)


def attach(client, url, submission, content, name="receipt.png"):
    return client.post(
        f"{url}/submissions/{submission['id']}/receipt",
        data={"file": (io.BytesIO(content), name)},
    )


def wrong(answer):
    return answer.status_code, answer.get_json()["errors"][0]["code"]


# --- the signed bundle --------------------------------------------------------------------


def test_a_bundle_is_signed_with_the_key_that_is_published(people, approved, bundle, tmp_path):
    file = tmp_path / "bundle.pdf"
    file.write_bytes(people.agent.get(f"{approved}/bundles/{bundle['id']}/content").data)
    published = people.client(None).get("/api/v1/keys").get_json()["items"]
    key = next(key for key in published if key["signs"] == "bundles")
    named = tmp_path / "certificate.pem"
    named.write_text(key["public_key"])

    assert main(["verify", str(file), "--key", str(named)]) == 0
    assert verify_bundle(file).content_sha256 == bundle["content_sha256"]
    assert bundle["signed_by"] == key["fingerprint"]
    assert bundle["time_stamp"] == "not_asked"
    assert key["self_signed"]
    assert key["valid_from"] < datetime.now(UTC).isoformat() < key["valid_to"]


def test_a_preview_is_not_signed(people, run_jobs):
    url = approve_case(people)
    people.agent.post(f"{url}/evidence", data={"file": (io.BytesIO(screenshot("more")), "m.png")})
    people.agent.post(f"{url}/hand-in")
    asked = people.reviewer.post(f"{url}/bundles", json={}).get_json()
    run_jobs()
    preview = people.reviewer.get(f"{url}/bundles/{asked['id']}").get_json()

    assert preview["state"] == "ready"
    assert preview["preview"]
    assert (preview["signed_by"], preview["time_stamp"]) == (None, None)
    assert preview["sha256"] == preview["content_sha256"]


def test_exports_of_two_days_are_the_same_before_they_are_signed(people, approved, bundle, ports):
    asked = people.agent.post(f"{approved}/bundles", json={"again": True}).get_json()
    tomorrow = replace(ports, now=lambda: datetime.now(UTC) + timedelta(days=1))

    case_id = UUID(approved.rsplit("/", 1)[1])
    render_bundle(case_id, UUID(asked["id"]), ports=tomorrow, progress=lambda _: None)

    second = people.agent.get(f"{approved}/bundles/{asked['id']}").get_json()
    assert second["state"] == "ready"
    assert second["content_sha256"] == bundle["content_sha256"]
    assert second["sha256"] != bundle["sha256"]


def test_a_missing_time_stamp_is_said_in_the_bundle_and_the_chain(people, approved, bundle, ports):
    asked = people.agent.post(f"{approved}/bundles", json={"again": True}).get_json()

    def seal_without_stamp(path):
        sealed = ports.seal(path)
        return Sealed(sealed.sha256, sealed.size_bytes, sealed.signed_by, TimeStamp.UNAVAILABLE)

    case_id = UUID(approved.rsplit("/", 1)[1])
    unstamped = replace(ports, seal=seal_without_stamp)
    render_bundle(case_id, UUID(asked["id"]), ports=unstamped, progress=lambda _: None)

    again = people.agent.get(f"{approved}/bundles/{asked['id']}").get_json()
    events = people.reviewer.get(f"{approved}/audit?limit=200").get_json()["items"]
    assert (again["state"], again["time_stamp"]) == ("ready", "unavailable")
    assert events[-1]["kind"] == "bundle.ready"
    assert events[-1]["data"]["time_stamp"] == "unavailable"


# --- the record ---------------------------------------------------------------------------


def test_a_sending_in_the_future_is_refused(people, approved, bundle):
    soon = (datetime.now(UTC) + timedelta(hours=1)).isoformat()

    assert wrong(record(people, approved, bundle, submitted_at=soon)) == (422, "in_future")


# --- the receipt --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "name", "media_type"),
    [(screenshot("thank you"), "shown.png", "image/png"), (MAIL, "m.eml", "message/rfc822")],
)
def test_a_receipt_is_kept_and_given_back(people, own_sent, content, name, media_type):
    url, submission = own_sent
    added = attach(people.agent, url, submission, content, name)

    assert added.status_code == 201, added.get_json()
    assert added.get_json()["media_type"] == media_type
    again = people.reviewer.get(f"{url}/submissions/{submission['id']}/receipt")
    assert again.data == content
    assert name in again.headers["Content-Disposition"]
    assert again.headers["X-Content-Type-Options"] == "nosniff"
    shown = people.agent.get(url).get_json()
    assert shown["submissions"][0]["receipt"]["sha256"] == added.get_json()["sha256"]


def test_the_same_receipt_twice_is_one_and_another_is_refused(people, own_sent):
    url, submission = own_sent
    assert attach(people.agent, url, submission, screenshot("one")).status_code == 201
    assert attach(people.agent, url, submission, screenshot("one")).status_code == 200

    other = attach(people.agent, url, submission, screenshot("two"))
    assert (other.status_code, other.get_json()["code"]) == (409, "receipt_stands")


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "empty.png", "empty"),
        (b"\x89PNG\r\n\x1a\nbroken", "broken.png", "broken"),
        (b"MZ\x90\x00" + b"\0" * 100, "setup.exe", "no_receipt"),
        (b'{"a": 1}', "a.json", "no_receipt"),
        (CARD, "card.eml", "shows_card"),
    ],
)
def test_what_is_no_receipt_is_refused(people, sent, content, name, code):
    assert wrong(attach(people.agent, *sent, content, name)) == (422, code)


def test_a_submission_that_does_not_exist_takes_no_receipt(people, sent):
    url, _ = sent
    nowhere = {"id": "00000000-0000-7000-8000-000000000000"}

    assert attach(people.agent, url, nowhere, screenshot("x")).status_code == 404
    assert people.agent.get(f"{url}/submissions/{nowhere['id']}/receipt").status_code == 404


def test_a_receipt_is_locked_packed_and_verified(people, own_sent, run_jobs, settings, tmp_path):
    url, submission = own_sent
    content = screenshot("taken")
    kept = attach(people.agent, url, submission, content).get_json()
    people.agent.post(f"{url}/outcome", json={"result": "won"})
    assert people.reviewer.post(f"{url}/archive").status_code == 202
    late = attach(people.agent, url, submission, screenshot("late"))
    assert late.status_code == 409
    run_jobs()

    verdict = people.auditor.get(f"{url}/verification").get_json()
    assert verdict["verdict"] == "intact"
    assert verdict["objects"]["locked"] == verdict["objects"]["ok"] == 4
    package = tmp_path / "case.zip"
    package.write_bytes(people.auditor.get(f"{url}/package").data)
    with zipfile.ZipFile(package) as bag:
        case = json.loads(bag.read(next(n for n in bag.namelist() if n.endswith("case.json"))))
        packed = next(n for n in bag.namelist() if "/receipts/" in n)
        assert bag.read(packed) == content
    assert case["submissions"][0]["receipt"]["sha256"] == kept["sha256"]
    assert main(["verify", str(package)]) == 0
    events = people.auditor.get(f"{url}/audit?limit=200").get_json()["items"]
    added = next(event for event in events if event["kind"] == "receipt.added")
    assert added["subject"] == submission["id"]
    assert "file_name" not in added["data"] or added["data"]["file_name"] != "receipt.png"
    assert main(["fixity", "--all", "--data-dir", str(settings.data_dir)]) == 0
