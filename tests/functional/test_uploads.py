"""Direct uploads: announced, one PUT, completed, taken in by a job; and what is refused of them."""

import hashlib
import io
import json
import os
import urllib.request
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.error import HTTPError
from uuid import UUID

import pytest
from drawing import screenshot

from evidence_service.app import create_app
from evidence_service.domain.case import MAX_CASE_BYTES
from evidence_service.domain.upload import LIVES, MAX_UPLOAD_BYTES, MAY_BEGIN
from evidence_service.usecases.administer.sweep_incoming import sweep_incoming
from evidence_service.usecases.assemble.ingest_upload import (
    INGEST_UPLOAD,
    give_up_upload,
    ingest_upload,
)
from evidence_service.worker import make_worker

VIDEO = b"\x00\x00\x00\x18ftypmp42" + os.urandom(2000)
CARD = b"card 4111 1111 1111 1111, thank you"


@pytest.fixture(scope="module")
def people(make_people):
    return make_people("Uploads", "ozon")


@pytest.fixture
def case(people):
    body = {
        "store": people.store,
        "reason": "malicious_claim",
        "order_number": "1",
        "opened_at": "2026-11-21T12:02:00Z",
    }
    return people.agent.post("/api/v1/cases", json=body).get_json()


@pytest.fixture
def uploads(case):
    return f"/api/v1/cases/{case['id']}/uploads"


def announced(content, **more):
    return {
        "file_name": "unboxing.mp4",
        "size_bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        **more,
    }


def start(people, uploads, content, **more):
    answer = people.agent.post(uploads, json=announced(content, **more))
    assert answer.status_code == 201, answer.get_json()
    return answer.get_json()


def send(people, started, content):
    """As anybody who has the address: no token goes with it."""
    return people.client(None).put(started["url"], data=content)


def complete(people, uploads, started):
    return people.agent.post(f"{uploads}/{started['id']}/complete", json={})


def upload(people, uploads, content, **more):
    started = start(people, uploads, content, **more)
    assert send(people, started, content).status_code == 204
    answer = complete(people, uploads, started)
    assert answer.status_code == 202, answer.get_json()
    assert answer.get_json()["state"] == "checking"
    return started, answer.get_json()["id"]


def look(people, case, item_id):
    return people.agent.get(f"/api/v1/cases/{case['id']}/evidence/{item_id}").get_json()


def kinds_of_events(people, case):
    events = people.agent.get(f"/api/v1/cases/{case['id']}/audit").get_json()["items"]
    return [event["kind"] for event in events]


def later(ports, by):
    return replace(ports, now=lambda: datetime.now(UTC) + by)


class TestTheWay:
    def test_a_video_becomes_an_item(self, people, case, uploads, run_jobs, ports):
        started, item_id = upload(people, uploads, VIDEO, kind="unboxing_video")
        checking = look(people, case, item_id)
        assert (
            people.agent.get(f"/api/v1/cases/{case['id']}/evidence/{item_id}/content").status_code
            == 404
        )

        run_jobs()

        item = look(people, case, item_id)
        assert checking["state"] == "checking"
        assert (item["state"], item["kind"]) == ("accepted", "unboxing_video")
        assert item["media_type"] == "video/mp4"
        assert item["sha256"] == hashlib.sha256(VIDEO).hexdigest()
        content = people.agent.get(f"/api/v1/cases/{case['id']}/evidence/{item_id}/content")
        assert content.data == VIDEO
        assert ports.store.find_incoming(UUID(started["id"])) is None
        assert kinds_of_events(people, case)[-2:] == ["evidence.announced", "evidence.added"]

    def test_what_a_reader_knows_is_read(self, people, case, uploads, run_jobs):
        _, item_id = upload(people, uploads, screenshot())
        run_jobs()

        item = look(people, case, item_id)
        assert (item["reader"], item["state"]) == ("picture", "accepted")

    def test_card_numbers_are_masked_and_the_sent_hash_is_forgotten(
        self, people, case, uploads, run_jobs
    ):
        _, item_id = upload(people, uploads, CARD)
        run_jobs()

        item = look(people, case, item_id)
        kept = people.agent.get(f"/api/v1/cases/{case['id']}/evidence/{item_id}/content").data
        assert kept == b"card 4111 11** **** 1111, thank you"
        assert "altered: card_number" in item["warnings"]
        events = people.agent.get(f"/api/v1/cases/{case['id']}/audit").get_json()["items"]
        assert hashlib.sha256(CARD).hexdigest() not in json.dumps(events)

    def test_verification_is_intact_before_and_after(self, people, case, uploads, run_jobs):
        url = f"/api/v1/cases/{case['id']}/verification"
        upload(people, uploads, VIDEO)
        before = people.agent.get(url).get_json()
        run_jobs()
        after = people.agent.get(url).get_json()

        assert (before["verdict"], before["objects"]["ok"]) == ("intact", 0)
        assert (after["verdict"], after["objects"]["ok"]) == ("intact", 1)

    def test_an_approval_waits_for_the_check(self, people, case, uploads, run_jobs):
        _, item_id = upload(people, uploads, VIDEO)
        for finding in people.agent.get(f"/api/v1/cases/{case['id']}/checklist").get_json()[
            "findings"
        ]:
            waiver = f"/api/v1/cases/{case['id']}/checklist/{finding['requirement']}/waiver"
            people.agent.post(waiver, json={"reason": "not needed here"})
        assert people.agent.post(f"/api/v1/cases/{case['id']}/hand-in", json={}).status_code == 200

        review = {"decision": "approve", "comment": ""}
        answer = people.reviewer.post(f"/api/v1/cases/{case['id']}/review", json=review)
        assert (answer.status_code, answer.get_json()["items"]) == (409, [item_id])
        bundle = people.reviewer.post(f"/api/v1/cases/{case['id']}/bundles", json={})
        assert bundle.status_code == 409

        run_jobs()
        answer = people.reviewer.post(f"/api/v1/cases/{case['id']}/review", json=review)
        assert answer.status_code == 200


class TestRefused:
    def test_completing_before_the_put(self, people, uploads):
        answer = complete(people, uploads, start(people, uploads, VIDEO))

        assert (answer.status_code, answer.get_json()["code"]) == (409, "upload_not_received")

    def test_other_bytes(self, people, uploads):
        started = start(people, uploads, VIDEO)
        answer = send(people, started, VIDEO[::-1])

        assert answer.status_code == 422
        assert answer.get_json()["errors"][0]["code"] == "other_bytes"
        assert complete(people, uploads, started).status_code == 409

    def test_another_length(self, people, uploads):
        answer = send(people, start(people, uploads, VIDEO), VIDEO + b"!")

        assert answer.get_json()["errors"][0]["code"] == "other_length"

    def test_a_put_without_the_address_or_a_second_one(self, people, uploads):
        started = start(people, uploads, VIDEO)
        guessed = started["url"].split("token=")[0] + "token=guessed"
        assert people.client(None).put(guessed, data=VIDEO).status_code == 401

        assert send(people, started, VIDEO).status_code == 204
        assert send(people, started, VIDEO).status_code == 401

    def test_a_put_that_begins_too_late(self, people, uploads, settings, ports):
        started = start(people, uploads, VIDEO)
        late = create_app(settings, later(ports, MAY_BEGIN)).test_client()
        answer = late.put(started["url"], data=VIDEO)

        assert (answer.status_code, answer.get_json()["code"]) == (409, "upload_expired")

    def test_more_than_an_upload_may_hold(self, people, uploads):
        body = announced(VIDEO) | {"size_bytes": MAX_UPLOAD_BYTES + 1}

        assert people.agent.post(uploads, json=body).status_code == 413

    def test_the_case_is_full_with_what_is_on_its_way(self, people, uploads):
        for number in range(MAX_CASE_BYTES // MAX_UPLOAD_BYTES):
            body = announced(str(number).encode()) | {"size_bytes": MAX_UPLOAD_BYTES}
            assert people.agent.post(uploads, json=body).status_code == 201

        answer = people.agent.post(uploads, json=announced(VIDEO))
        assert answer.get_json()["errors"][0]["code"] == "case_full"
        added = people.agent.post(
            uploads.replace("uploads", "evidence"), data={"file": (io.BytesIO(b"x"), "x.txt")}
        )
        assert added.status_code == 422

    def test_a_case_that_takes_no_evidence(self, people, case, uploads):
        started = start(people, uploads, VIDEO)
        send(people, started, VIDEO)
        body = {"result": "withdrawn"}
        assert (
            people.agent.post(f"/api/v1/cases/{case['id']}/outcome", json=body).status_code == 201
        )

        assert complete(people, uploads, started).status_code == 409
        assert people.agent.post(uploads, json=announced(VIDEO)).status_code == 409

    def test_a_kind_the_bytes_cannot_be_is_told_by_the_item(self, people, case, uploads, run_jobs):
        _, item_id = upload(people, uploads, b"no picture", kind="order_screenshot")
        run_jobs()

        item = look(people, case, item_id)
        assert (item["state"], item["warnings"]) == ("refused", ["refused: cannot_be"])
        assert kinds_of_events(people, case)[-1] == "evidence.refused"
        # Nobody has looked whether it shows a card number.
        assert item["sha256"] is None
        # It may be sent again as something else.
        _, second = upload(people, uploads, b"no picture")
        run_jobs()
        assert second != item_id
        assert look(people, case, second)["state"] == "accepted"

    def test_while_it_is_checked_nothing_is_changed_of_it(self, people, case, uploads):
        _, item_id = upload(people, uploads, VIDEO)
        url = f"/api/v1/cases/{case['id']}/evidence/{item_id}"

        assert people.agent.patch(url, json={"caption": "c"}).status_code == 409
        assert people.agent.post(f"{url}/withdraw", json={"reason": "r"}).status_code == 409

    def test_another_case_s_upload(self, people, case, uploads, make_people):
        started = start(people, uploads, VIDEO)
        stranger = make_people("Strangers", "aliexpress")
        answer = stranger.agent.post(f"{uploads}/{started['id']}/complete", json={})

        assert answer.status_code == 404


class TestAgain:
    def test_completing_twice_is_one_item(self, people, case, uploads, run_jobs):
        started, item_id = upload(people, uploads, VIDEO)
        assert complete(people, uploads, started).get_json()["id"] == item_id
        run_jobs()
        assert complete(people, uploads, started).get_json()["state"] == "accepted"
        items = people.agent.get(f"/api/v1/cases/{case['id']}/evidence").get_json()["items"]
        assert [item["id"] for item in items] == [item_id]

    def test_the_same_bytes_are_the_first_item(self, people, case, uploads):
        _, item_id = upload(people, uploads, VIDEO)
        answer = people.agent.post(uploads, json=announced(VIDEO))

        assert (answer.status_code, answer.get_json()["id"]) == (200, item_id)

    def test_what_is_announced_again_keeps_its_place_and_gets_another_address(
        self, people, uploads
    ):
        first, second = (start(people, uploads, VIDEO) for _ in range(2))

        assert first["id"] == second["id"]
        assert send(people, first, VIDEO).status_code == 401
        assert send(people, second, VIDEO).status_code == 204

    def test_bytes_that_were_added_meanwhile_are_that_item(self, people, case, uploads):
        started = start(people, uploads, VIDEO)
        send(people, started, VIDEO)
        added = people.agent.post(
            f"/api/v1/cases/{case['id']}/evidence", data={"file": (io.BytesIO(VIDEO), "v.mp4")}
        ).get_json()

        assert complete(people, uploads, started).get_json()["id"] == added["id"]

    def test_masked_bytes_that_are_here_already_are_not_kept_twice(
        self, people, case, uploads, run_jobs
    ):
        people.agent.post(
            f"/api/v1/cases/{case['id']}/evidence", data={"file": (io.BytesIO(CARD), "a.txt")}
        )
        _, item_id = upload(people, uploads, CARD)
        run_jobs()

        item = look(people, case, item_id)
        assert item["warnings"] == ["refused: duplicate"]
        assert item["sha256"] == hashlib.sha256(b"card 4111 11** **** 1111, thank you").hexdigest()


class Killed(BaseException):
    """The process ends at this line."""


class Dying:
    """The store, until one call: it does its work, or not, and nobody hears of it."""

    def __init__(self, store, at, *, after):
        self._store, self._at, self._after = store, at, after

    def __getattr__(self, name):
        call = getattr(self._store, name)
        if name != self._at:
            return call

        def die(*args, **kwargs):
            if self._after:
                call(*args, **kwargs)
            raise Killed

        return die


class TestTheJob:
    @pytest.mark.parametrize("after", [False, True])
    @pytest.mark.parametrize("at", ["find_incoming", "open_incoming", "put", "delete_incoming"])
    def test_killed_anywhere_it_starts_over(  # noqa: PLR0913 - two ways to die at each call
        self, people, case, uploads, ports, run_jobs, at, after
    ):
        started, item_id = upload(people, uploads, VIDEO)
        dying = replace(ports, store=Dying(ports.store, at, after=after))
        with pytest.raises(Killed):
            ingest_upload(UUID(started["id"]), ports=dying, progress=lambda _: None)

        run_jobs()

        assert look(people, case, item_id)["state"] == "accepted"
        assert ports.store.find_incoming(UUID(started["id"])) is None
        assert kinds_of_events(people, case).count("evidence.added") == 1

    def test_waits_for_no_other_job(self, settings, ports):
        lanes = make_worker(settings, ports)._lanes

        assert [lane for lane in lanes if INGEST_UPLOAD in lane] == [[INGEST_UPLOAD]]

    def test_given_up_it_refuses_the_item_and_stands_in_nobody_s_way(
        self, people, case, uploads, ports, run_jobs
    ):
        started, item_id = upload(people, uploads, VIDEO)
        give_up_upload(UUID(started["id"]), ports=ports)
        run_jobs()

        item = look(people, case, item_id)
        assert (item["state"], item["warnings"]) == ("refused", ["refused: unprocessed"])

    def test_bytes_that_are_gone_refuse_the_item(self, people, case, uploads, ports, run_jobs):
        started, item_id = upload(people, uploads, VIDEO)
        ports.store.delete_incoming(UUID(started["id"]))
        run_jobs()

        assert look(people, case, item_id)["warnings"] == ["refused: lost"]


class TestTheSweep:
    def exists(self, ports, started):
        return ports.store.find_incoming(UUID(started["id"])) is not None

    def sweep(self, ports, by):
        sweep_incoming(ports=later(ports, by), progress=lambda _: None)

    def test_takes_what_nobody_completes_and_spares_what_is_checked(self, people, uploads, ports):
        left = start(people, uploads, b"left alone")
        send(people, left, b"left alone")
        checked, _ = upload(people, uploads, b"being checked")

        self.sweep(ports, LIVES / 2)
        assert self.exists(ports, left)

        self.sweep(ports, LIVES + timedelta(minutes=1))
        assert not self.exists(ports, left)
        assert self.exists(ports, checked)
        assert complete(people, uploads, left).status_code == 404

    def test_takes_what_a_killed_job_left_in_the_spool(self, ports):
        left, fresh = (ports.spool / name for name in ("ingest-left", "ingest-fresh"))
        for folder in (left, fresh):
            folder.mkdir()
            (folder / "original").write_bytes(b"x")
        old = (datetime.now(UTC) - LIVES - timedelta(minutes=1)).timestamp()
        os.utime(left, (old, old))

        self.sweep(ports, timedelta(0))

        assert (left.exists(), fresh.exists()) == (False, True)


class TestTheStoreItself:
    """Where browsers reach the object store, the address is its own."""

    @pytest.fixture
    def direct(self, settings, ports, people, case):
        app = create_app(settings, replace(ports, upload_origin=settings.s3.endpoint_url))
        client = app.test_client()
        client.environ_base.update(people.agent.environ_base)
        return client

    @staticmethod
    def put(started, content):
        request = urllib.request.Request(  # noqa: S310 - the store's own address
            started["url"], data=content, method=started["method"], headers=started["headers"]
        )
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - as above
                return answer.status
        except HTTPError as refused:
            return refused.code

    def test_takes_the_announced_bytes_alone(self, direct, people, case, uploads, run_jobs):
        started = direct.post(uploads, json=announced(VIDEO)).get_json()

        assert self.put(started, VIDEO[::-1]) == 400
        assert self.put(started, VIDEO) == 200
        item = complete(people, uploads, started).get_json()
        run_jobs()
        assert look(people, case, item["id"])["state"] == "accepted"
