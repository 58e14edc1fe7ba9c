"""The public surface as an outsider tries it: wrong values, races, other people's stores."""

import base64
import io
import json
import threading
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from drawing import screenshot

OPENED = "2026-11-21T12:02:00Z"
NOBODY = "00000000-0000-7000-8000-000000000000"


def at_once(*calls):
    """The answers of calls that are made at the same time."""
    answers, gate = [None] * len(calls), threading.Barrier(len(calls))

    def run(number):
        gate.wait()
        answers[number] = calls[number]()

    threads = [threading.Thread(target=run, args=[number]) for number in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def field_errors(answer):
    assert answer.status_code == 422, answer.get_data()
    return {one["field"] for one in answer.get_json()["errors"]}


def in_seconds(seconds):
    return (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat()


class Desk:
    """One store's people at work, by API alone."""

    def __init__(self, people):
        self.people = people
        self.agent, self.reviewer = people.agent, people.reviewer

    def opening(self, **changes):
        body = {"store": self.people.store, "reason": "item_not_received", "order_number": "O-77"}
        return self.agent.post("/api/v1/cases", json={**body, "opened_at": OPENED, **changes})

    def case(self, **changes):
        opened = self.opening(**changes)
        assert opened.status_code == 201, opened.get_data()
        return opened.headers["Location"]

    def add(self, case, content=None, name="order.png", **fields):
        content = screenshot(uuid.uuid4().hex) if content is None else content
        data = {"file": (io.BytesIO(content), name), **fields}
        return self.agent.post(f"{case}/evidence", data=data)

    def patch(self, case, **changes):
        version = self.agent.get(case).headers["ETag"]
        return self.agent.patch(case, json=changes, headers={"If-Match": version})

    def handed_in(self, **changes):
        case = self.case(**changes)
        assert self.add(case).status_code == 201
        for finding in self.agent.get(f"{case}/checklist").get_json()["findings"]:
            if finding["level"] == "required":
                waiver = f"{case}/checklist/{finding['requirement']}/waiver"
                self.agent.post(waiver, json={"reason": "not at hand"})
        assert self.agent.post(f"{case}/hand-in").status_code == 200
        return case

    def approve(self, case):
        return self.reviewer.post(f"{case}/review", json={"decision": "approve", "comment": ""})

    def approved(self, **changes):
        case = self.handed_in(**changes)
        assert self.approve(case).status_code == 200
        return case

    def state(self, case):
        return self.agent.get(case).get_json()["state"]


@pytest.fixture(scope="module")
def desk(make_people):
    return Desk(make_people("Contract", "ebay"))


@pytest.fixture(scope="module")
def case(desk):
    return desk.case()


class TestBadInput:
    @pytest.mark.parametrize(
        "at",
        [
            "0001-01-01T00:00:00+14:00",
            "0001-01-01T00:00:00Z",
            "9999-12-31T23:59:59-14:00",
            "2026-11-21",
            "2026-11-21T12:02:00",
            "1795262400",
            1795262400,
        ],
    )
    def test_an_instant_is_rfc_3339_with_an_offset_and_on_every_clock(self, desk, case, at):
        assert field_errors(desk.opening(opened_at=at)) == {"opened_at"}
        assert field_errors(desk.patch(case, respond_by=at)) == {"respond_by"}
        assert field_errors(desk.add(case, captured_at=at)) == {"captured_at"}
        listed = desk.agent.get("/api/v1/cases", query_string={"due_before": at})
        assert field_errors(listed) == {"due_before"}

    @pytest.mark.parametrize("headers", [{}, {"Idempotency-Key": "deep"}])
    def test_json_nested_too_deep_is_malformed(self, desk, headers):
        deep = b'{"a":' * 100_000
        answer = desk.agent.post(
            "/api/v1/cases", data=deep, content_type="application/json", headers=headers
        )

        assert answer.status_code == 400

    @pytest.mark.parametrize("headers", [{}, {"Idempotency-Key": "large"}])
    def test_json_that_is_too_large_is_refused_as_that(self, desk, headers):
        answer = desk.agent.post("/api/v1/cases", json={"x": "x" * 2_000_000}, headers=headers)

        assert answer.status_code == 413

    @pytest.mark.parametrize(
        "url", ["http://a\x00b", "http://a\nb", "javascript:alert(1)", "https://"]
    )
    def test_a_source_is_a_web_address(self, desk, case, url):
        announced = {"file_name": "a.mp4", "size_bytes": 3, "sha256": "0" * 64, "source_url": url}

        assert field_errors(desk.add(case, source_url=url)) == {"source_url"}
        started = desk.agent.post(f"{case}/uploads", json=announced)
        assert field_errors(started) == {"source_url"}

    def test_a_case_is_given_only_to_who_works_for_its_store(self, desk, case, make_people):
        stranger = make_people("Elsewhere", "ebay").agent.get("/api/v1/me").get_json()["id"]
        colleague = desk.reviewer.get("/api/v1/me").get_json()["id"]

        assert field_errors(desk.patch(case, assignee=NOBODY)) == {"assignee"}
        assert field_errors(desk.patch(case, assignee=stranger)) == {"assignee"}
        assert desk.patch(case, assignee=colleague).get_json()["assignee"] == colleague

    def test_an_order_number_stands_once(self, desk, case):
        changed = desk.patch(case, order_numbers=["O-77", "O-78", "O-77"]).get_json()

        assert changed["order_numbers"] == ["O-77", "O-78"]

    @pytest.mark.parametrize(
        "item", [{}, {"evidence_id": NOBODY, "requirement": "x"}, {"evidence_id": NOBODY}]
    )
    def test_a_remark_is_on_one_thing_of_the_case(self, desk, item):
        handed_in = desk.handed_in()
        body = {"decision": "return", "comment": "see", "items": [{**item, "comment": "x"}]}

        answer = desk.reviewer.post(f"{handed_in}/review", json=body)

        assert answer.status_code == 422
        assert desk.state(handed_in) == "in_review"

    def test_what_is_missing_is_named_in_words(self, desk):
        answer = desk.agent.post(f"{desk.case()}/hand-in")

        assert answer.status_code == 409
        assert answer.get_json()["requirements"]
        assert "[" not in answer.get_json()["detail"]


class TestLists:
    def test_every_list_is_given_page_by_page(self, desk):
        case = desk.case()
        added = [desk.add(case, str(n).encode(), f"{n}.txt").get_json()["id"] for n in range(5)]
        seen, cursor = [], None
        while cursor is not None or not seen:
            query = {"limit": 2} | ({"cursor": cursor} if cursor else {})
            page = desk.agent.get(f"{case}/evidence", query_string=query).get_json()
            assert len(page["items"]) <= 2
            seen += [one["id"] for one in page["items"]]
            cursor = page["next"]

        assert seen == added

    @pytest.mark.parametrize(
        "path", ["/stores", "/platforms", "{case}/evidence", "{case}/bundles", "{case}/timeline"]
    )
    @pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 201}, {"cursor": "x"}, {"x": "1"}])
    def test_a_wrong_page_is_refused(self, desk, case, path, query):
        where = path.format(case=case.removeprefix("/api/v1"))

        answer = desk.agent.get(f"/api/v1{where}", query_string=query)

        assert field_errors(answer) == set(query)

    @pytest.mark.parametrize("place", [[5, 5], ["2026-01-01T00:00:00+00:00", 5], [None, None]])
    def test_a_cursor_of_nobodys_making_is_refused(self, desk, case, place):
        forged = base64.urlsafe_b64encode(json.dumps(["due", *place]).encode()).decode()
        listed = desk.agent.get("/api/v1/cases", query_string={"cursor": forged})
        chain = desk.agent.get(f"{case}/audit", query_string={"cursor": "9" * 20})

        assert field_errors(listed) == {"cursor"}
        assert field_errors(chain) == {"cursor"}
