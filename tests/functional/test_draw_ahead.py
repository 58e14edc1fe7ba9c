"""A case that was handed in is drawn before anybody asks; what was drawn is a cache and no more."""

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import psycopg
import pytest
from drawing import screenshot
from sqlalchemy import make_url

from evidence_service.ports import SystemScope
from evidence_service.usecases.administer.fixity import check_fixity
from evidence_service.usecases.administer.sweep_orphans import sweep_orphans
from evidence_service.usecases.submit.case_parts import CaseParts
from evidence_service.usecases.submit.draw_ahead import DELAY_S, DRAW_AHEAD, draw_ahead
from storage import keys


@pytest.fixture(scope="module")
def people(make_people):
    return make_people("Ahead", "ozon")


@pytest.fixture
def case_url(people, samples):
    """A case that may be handed in."""
    body = {
        "store": people.store,
        "reason": "malicious_claim",
        "order_number": "39487512-0042-1",
        "opened_at": "2026-11-21T12:02:00+03:00",
        "claim_text": "Заказ так и не пришёл.",
    }
    opened = people.agent.post("/api/v1/cases", json=body).get_json()
    url = f"/api/v1/cases/{opened['id']}"
    tracking = next(samples.glob("tracking/aftership-v4-tracking-fedex-delivered*"))
    chat = next(samples.glob("chat/ozon-chat-history-v3*"))
    for content, name, kind in (
        (screenshot("Заказ 39487512-0042-1"), "order.png", "order_screenshot"),
        (tracking.read_bytes(), "track.json", "tracking_history"),
        (chat.read_bytes(), "chat.json", "chat_transcript"),
    ):
        fields = {"file": (io.BytesIO(content), name), "kind": kind}
        assert people.agent.post(f"{url}/evidence", data=fields).status_code == 201
    return url


@pytest.fixture
def queued(settings):
    """The case's jobs that wait to draw ahead: the revision, and how long they wait."""

    def find(case_url):
        url = make_url(settings.database_url).set(drivername="postgresql")
        with psycopg.connect(url.render_as_string(hide_password=False)) as database:
            rows = database.execute(
                "select args, extract(epoch from scheduled_at - now()) from procrastinate_jobs"
                " where task_name = %s and status = 'todo' order by id",
                (DRAW_AHEAD,),
            ).fetchall()
        told = [(args["args"], float(wait_s)) for args, wait_s in rows]
        return [(a["revision"], w) for a, w in told if case_url.endswith(a["case_id"])]

    return find


def id_of(case_url):
    return UUID(case_url.rsplit("/", 1)[1])


def hand_in(people, case_url):
    answer = people.agent.post(f"{case_url}/hand-in")
    assert answer.status_code == 200, answer.get_json()
    return answer.get_json()["revision"]


def approve(people, case_url):
    decision = {"decision": "approve", "comment": ""}
    assert people.reviewer.post(f"{case_url}/review", json=decision).status_code == 200


def parts_of(ports, case_url):
    return [one.key for one in ports.store.list(keys.parts(id_of(case_url)))]


class TestTheJob:
    def test_waits_half_a_minute_after_hand_in(self, people, case_url, queued):
        revision = hand_in(people, case_url)

        ((of, wait_s),) = queued(case_url)
        assert of == revision
        assert DELAY_S - 10 < wait_s <= DELAY_S

    def test_waits_again_when_an_approved_case_changes(self, people, case_url, queued):
        revision = hand_in(people, case_url)
        approve(people, case_url)
        evidence = people.agent.get(f"{case_url}/evidence").get_json()["items"][0]["id"]
        people.agent.patch(f"{case_url}/evidence/{evidence}", json={"caption": "The order"})
        people.agent.patch(f"{case_url}/evidence/{evidence}", json={"caption": "Now assembling"})

        assert [of for of, _ in queued(case_url)] == [revision, revision, revision + 1]

    @pytest.mark.parametrize("what", ["statement", "waiver"])
    def test_waits_again_when_an_approved_case_says_something_else(
        self, people, case_url, queued, what
    ):
        revision = hand_in(people, case_url)
        approve(people, case_url)
        if what == "statement":
            said = {"language": "ru", "fields": {"answer": "Заказ вручён."}}
            answer = people.agent.put(f"{case_url}/statement", json=said)
        else:
            line = people.agent.get(f"{case_url}/checklist").get_json()["findings"][0][
                "requirement"
            ]
            waiver = f"{case_url}/checklist/{line}/waiver"
            answer = people.agent.post(waiver, json={"reason": "The carrier keeps none"})

        assert answer.status_code < 300, answer.get_json()
        assert [of for of, _ in queued(case_url)] == [revision, revision, revision + 1]

    def test_draws_nothing_of_a_revision_that_was_left_behind(self, people, case_url, ports):
        revision = hand_in(people, case_url)

        draw_ahead(id_of(case_url), revision - 1, ports=ports, progress=lambda _: None)

        assert parts_of(ports, case_url) == []


class TestWhatWasDrawn:
    @pytest.fixture
    def drawn(self, people, case_url, ports):
        """Handed in, drawn ahead and approved."""
        revision = hand_in(people, case_url)
        draw_ahead(id_of(case_url), revision, ports=ports, progress=lambda _: None)
        approve(people, case_url)
        return case_url

    def test_the_bundle_is_put_together_from(self, people, drawn, ports, run_jobs):
        before = parts_of(ports, drawn)
        asked = people.agent.post(f"{drawn}/bundles", json={}).get_json()
        run_jobs()

        made = people.agent.get(f"{drawn}/bundles/{asked['id']}").get_json()
        assert made["state"] == "ready"
        # The certificate is another one once there is an approval, and may need other letters.
        assert 1 <= len(parts_of(ports, drawn)) - len(before) <= 3
        content = people.agent.get(f"{drawn}/bundles/{asked['id']}/content").data
        assert content.startswith(b"%PDF")

    def test_is_no_evidence(self, people, drawn, ports):
        objects = parts_of(ports, drawn)

        assert objects
        verified = people.reviewer.get(f"{drawn}/verification").get_json()
        assert verified["objects"]["ok"] == 3
        found = check_fixity([id_of(drawn)], orphans=True, ports=replace(ports, now=in_days(2)))
        assert [one for one in found.orphans if "/parts/" in one] == []

    def test_is_swept_when_it_is_old(self, drawn, ports):
        sweep_orphans(ports=replace(ports, now=in_days(2)), progress=lambda _: None)
        kept = parts_of(ports, drawn)
        sweep_orphans(ports=replace(ports, now=in_days(15)), progress=lambda _: None)

        assert kept
        assert parts_of(ports, drawn) == []

    def test_takes_the_place_of_what_was_damaged(self, drawn, ports, tmp_path):
        whole = next(iter(ports.store.list(keys.parts(id_of(drawn)))))
        anew = tmp_path / whole.key.rsplit("/", 1)[1]
        anew.write_bytes(b"drawn anew")
        with ports.unit_of_work(SystemScope()) as work:
            case = work.cases.get(id_of(drawn))

        CaseParts(case, ports).keep([anew])
        anew.unlink()
        CaseParts(case, ports).fetch([anew.name], tmp_path)

        assert anew.read_bytes() == b"drawn anew"
        assert parts_of(ports, drawn).count(whole.key) == 1

    def test_is_encrypted_with_the_cases_key(self, drawn, ports):
        one = next(iter(ports.store.list(keys.parts(id_of(drawn)))))

        with (
            pytest.raises(ports.store_errors),
            ports.store.get(one.key, version_id=one.version_id, case_key=bytes(32)),
        ):
            pass

    def test_names_nothing_of_the_case(self, drawn, ports):
        names = [key.rsplit("/", 1)[1] for key in parts_of(ports, drawn)]

        assert all(len(name) == 64 and int(name, 16) for name in names)


def in_days(days):
    later = datetime.now(UTC) + timedelta(days=days)
    return lambda: later
