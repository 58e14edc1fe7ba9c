"""The main job by API alone: on a real database, a real S3 server and a real worker."""

import io
import json
import zipfile
from datetime import UTC, datetime

import pytest
from drawing import screenshot

from evidence_service.cli import main


@pytest.fixture(scope="module")
def people(make_people):
    return make_people("Nordlicht Home", "ozon")


def upload(client, case_id, content, name, **fields):
    return client.post(
        f"/api/v1/cases/{case_id}/evidence",
        data={"file": (io.BytesIO(content), name), **fields},
        content_type="multipart/form-data",
    )


def outcomes(client, case_id):
    found = client.get(f"/api/v1/cases/{case_id}/checklist").get_json()
    required = [f for f in found["findings"] if f["level"] == "required"]
    return found["complete"], [f["outcome"] for f in required]


def open_case(client, store, **over):
    body = {
        "store": store,
        "reason": "malicious_claim",
        "order_number": "39487512-0042-1",
        "amount": {"amount": "1290.00", "currency": "RUB"},
        "opened_at": "2026-11-21T12:02:00+03:00",
        "respond_by": "2026-11-26T18:00:00+03:00",
        "claim_text": "Заказ так и не пришёл. Верните деньги.",
    }
    return client.post("/api/v1/cases", json=body | over)


class TestMainJob:
    def test_from_opening_to_a_verified_archive(  # noqa: PLR0913, PLR0915 - one journey, whole
        self, people, samples, run_jobs, tmp_path, settings, capsys
    ):
        agent, reviewer, auditor = people.agent, people.reviewer, people.auditor
        opened = open_case(agent, people.store)
        assert opened.status_code == 201
        case_id = opened.get_json()["id"]
        url = f"/api/v1/cases/{case_id}"
        assert opened.get_json()["state"] == "assembling"
        assert outcomes(agent, case_id) == (False, ["missing"] * 3)
        assert agent.post(f"{url}/hand-in").get_json()["code"] == "incomplete"

        tracking = next(samples.glob("tracking/aftership-v4-tracking-fedex-delivered*"))
        chat = next(samples.glob("chat/ozon-chat-history-v3*"))
        for content, name, kind, reader in (
            (screenshot("Заказ 39487512-0042-1"), "order.png", "order_screenshot", "picture"),
            (tracking.read_bytes(), "track.json", None, "aftership"),
            (chat.read_bytes(), "chat.json", None, "ozon_chat"),
        ):
            fields = {"kind": kind} if kind else {}
            added = upload(agent, case_id, content, name, **fields)
            assert added.status_code == 201, added.get_json()
            assert added.get_json()["state"] == "accepted"
            assert reader in added.get_json()["reader"]
        assert outcomes(agent, case_id) == (True, ["met"] * 3)

        assert agent.post(f"{url}/hand-in").get_json()["state"] == "in_review"
        assert agent.post(f"{url}/hand-in").status_code == 409
        decision = {"decision": "approve", "comment": ""}
        assert agent.post(f"{url}/review", json=decision).status_code == 403
        assert reviewer.post(f"{url}/review", json=decision).get_json()["state"] == "approved"
        assert reviewer.post(f"{url}/review", json=decision).status_code == 409

        asked = agent.post(f"{url}/bundles", json={})
        assert asked.status_code == 202
        bundle_id = asked.get_json()["id"]
        assert agent.post(f"{url}/bundles", json={}).status_code == 200
        run_jobs()
        bundle = agent.get(f"{url}/bundles/{bundle_id}").get_json()
        assert (bundle["state"], bundle["progress"]) == ("ready", 1.0)
        pdf = agent.get(f"{url}/bundles/{bundle_id}/content")
        assert pdf.data.startswith(b"%PDF-")
        assert len(pdf.data) == bundle["bytes"]

        sent_at = datetime.now(UTC).isoformat()
        sent = {"bundle_id": bundle_id, "reference": "OZ-1", "submitted_at": sent_at}
        assert agent.post(f"{url}/submission", json=sent).status_code == 201
        assert agent.post(f"{url}/submission", json=sent).status_code == 409
        won = {"result": "won", "reason": "evidence_accepted"}
        assert agent.post(f"{url}/outcome", json=won).get_json()["state"] == "closed"
        assert agent.post(f"{url}/outcome", json=won).status_code == 409
        assert agent.post(f"{url}/archive").status_code == 403
        assert reviewer.post(f"{url}/archive").status_code == 202
        run_jobs()
        assert auditor.get(url).get_json()["state"] == "archived"
        assert reviewer.post(f"{url}/archive").status_code == 409

        found = auditor.get("/api/v1/archive", query_string={"q": "Стекло защитное"}).get_json()
        assert [row["id"] for row in found["items"]] == [case_id]
        assert "Стекло защитное" in found["items"][0]["hits"][0]["text"]
        verdict = auditor.get(f"{url}/verification").get_json()
        assert verdict["verdict"] == "intact"
        assert verdict["objects"]["locked"] == verdict["objects"]["ok"] == 5

        package = tmp_path / "case.zip"
        package.write_bytes(auditor.get(f"{url}/package").data)
        assert auditor.get(f"{url}/package").data == package.read_bytes()
        assert main(["verify", str(package)]) == 0
        assert "not named by you" in capsys.readouterr().out
        self.break_and_verify(package, tmp_path, capsys)

        events = auditor.get(f"{url}/audit", query_string={"limit": 200}).get_json()["items"]
        assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
        assert events[0]["kind"] == "case.opened"
        assert events[-1]["kind"] == "case.archived"
        assert main(["fixity", "--all", "--data-dir", str(settings.data_dir)]) == 0

    def break_and_verify(self, package, tmp_path, capsys):
        """Every file of the package, changed by one byte, is named."""
        with zipfile.ZipFile(package) as whole:
            target = next(n for n in whole.namelist() if "/data/originals/" in n)
            broken = tmp_path / "broken.zip"
            with zipfile.ZipFile(broken, "w") as copy:
                for info in whole.infolist():
                    content = whole.read(info)
                    if info.filename == target:
                        content = content[:-1] + bytes([content[-1] ^ 1])
                    copy.writestr(info, content)

        assert main(["verify", str(broken)]) == 1
        assert target.split("/", 1)[1] in capsys.readouterr().err


@pytest.fixture(scope="module")
def case(people):
    """A case that refused requests leave as it is."""
    return open_case(people.agent, people.store).get_json()


class TestBadInput:
    def problem(self, response, status, field=None):
        assert response.status_code == status
        assert response.content_type == "application/problem+json"
        found = json.loads(response.data)
        assert {"type", "title", "status", "detail", "code"} <= set(found)
        if field is not None:
            assert [e["field"] for e in found["errors"]] == [field]
        return found

    def test_unknown_store(self, people):
        self.problem(open_case(people.agent, "Nobody's"), 422, "store")

    def test_malformed_json(self, people):
        response = people.agent.post("/api/v1/cases", data="{", content_type="application/json")
        self.problem(response, 400)

    def test_unknown_field(self, people):
        self.problem(open_case(people.agent, people.store, colour="red"), 422, "colour")

    def test_instant_without_an_offset(self, people):
        response = open_case(people.agent, people.store, opened_at="2026-11-21T12:02:00")
        self.problem(response, 422, "opened_at")

    def test_unknown_reason(self, people):
        self.problem(open_case(people.agent, people.store, reason="whim"), 422, "reason")

    def test_undeclared_detail(self, people):
        response = open_case(people.agent, people.store, details={"moon": "full"})
        self.problem(response, 422, "details.moon")

    def test_empty_file(self, people, case):
        self.problem(upload(people.agent, case["id"], b"", "a.png"), 422, "file")

    def test_no_file(self, people, case):
        response = people.agent.post(f"/api/v1/cases/{case['id']}/evidence", data={"caption": "x"})
        self.problem(response, 422, "file")

    def test_text_as_a_screenshot(self, people, case):
        response = upload(people.agent, case["id"], b"hello", "a.png", kind="order_screenshot")
        self.problem(response, 422, "kind")

    def test_what_nobody_recognises_is_kept(self, people, case):
        response = upload(people.agent, case["id"], b"\x00\x01\x02 mystery", "a.bin")

        assert response.status_code == 201
        added = response.get_json()
        assert (added["kind"], added["reader"]) == ("additional_information", None)
        assert "not_recognised" in added["warnings"]

    def test_the_same_bytes_twice(self, people, case):
        first = upload(people.agent, case["id"], screenshot("same"), "a.png").get_json()
        second = upload(
            people.agent, case["id"], screenshot("same"), "b.png", kind="chat_screenshot"
        )

        assert second.status_code == 200
        assert second.get_json()["id"] == first["id"]
        assert "kept_other_kind" in second.get_json()["warnings"]

    def test_wrong_token(self, people, case):
        stranger = people.client("ev_wrong")
        response = upload(stranger, case["id"], b"x" * 1000, "a.png")

        self.problem(response, 401)
        assert response.headers["WWW-Authenticate"].startswith("Bearer")

    def test_no_token(self, people):
        self.problem(people.client(None).get("/api/v1/me"), 401)

    def test_change_without_the_version_seen(self, people, case):
        response = people.agent.patch(f"/api/v1/cases/{case['id']}", json={"buyer_ref": "b"})
        self.problem(response, 428)

    def test_change_on_a_stale_version(self, people):
        case = open_case(people.agent, people.store).get_json()
        url = f"/api/v1/cases/{case['id']}"
        seen = {"If-Match": f'"{case["version"]}"'}
        assert people.agent.patch(url, json={"buyer_ref": "b"}, headers=seen).status_code == 200

        self.problem(people.agent.patch(url, json={"buyer_ref": "c"}, headers=seen), 412)

    def test_case_of_another_store(self, people, case, make_people):
        stranger = make_people("Kettle & Co", "aliexpress").agent

        self.problem(stranger.get(f"/api/v1/cases/{case['id']}"), 404)
        self.problem(upload(stranger, case["id"], b"x", "a.txt"), 404)

    def test_case_an_auditor_may_not_know_of(self, people, case):
        self.problem(people.auditor.get(f"/api/v1/cases/{case['id']}"), 404)

    def test_words_in_the_readers_language(self, people):
        headers = {"Accept-Language": "ru"}
        response = people.agent.get(
            "/api/v1/cases/00000000-0000-7000-8000-000000000000", headers=headers
        )

        assert self.problem(response, 404)["title"] == "Не найдено"


class TestIdempotency:
    def test_answers_the_first_response_again(self, people):
        body = {"headers": {"Idempotency-Key": "k-1"}}
        url, case = (
            "/api/v1/cases",
            {
                "store": people.store,
                "reason": "malicious_claim",
                "order_number": "1",
                "opened_at": "2026-11-21T12:02:00Z",
            },
        )
        first = people.agent.post(url, json=case, **body)

        again = people.agent.post(url, json=case, **body)
        other = people.agent.post(url, json=case | {"order_number": "2"}, **body)

        assert again.get_json() == first.get_json()
        assert again.status_code == 201
        assert again.headers["Idempotency-Replayed"] == "true"
        assert other.status_code == 422

    def test_knows_the_same_upload_by_its_content(self, people):
        case = open_case(people.agent, people.store).get_json()
        url = f"/api/v1/cases/{case['id']}/evidence"
        answers = [
            people.agent.post(
                url,
                data={"file": (io.BytesIO(b"the same"), "a.txt")},
                headers={"Idempotency-Key": "k-2"},
            )
            for _ in range(2)
        ]

        assert [a.status_code for a in answers] == [201, 201]
        assert answers[0].get_json() == answers[1].get_json()
