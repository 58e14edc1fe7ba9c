"""How often the database is asked: as often for a case of many items as for one of a few."""

import io
import re

import pytest

OF_AN_UPLOAD = 26
FEW, MANY = 3, 20


@pytest.fixture(scope="module")
def people(make_people):
    return make_people("Statements", "ozon")


def open_case(people):
    body = {
        "store": people.store,
        "reason": "malicious_claim",
        "order_number": "1",
        "opened_at": "2026-11-21T12:02:00Z",
    }
    return people.agent.post("/api/v1/cases", json=body).get_json()["id"]


def add(people, case_id, number):
    sent = {"file": (io.BytesIO(f"note {number}".encode()), f"{number}.txt")}
    answer = people.agent.post(f"/api/v1/cases/{case_id}/evidence", data=sent)
    assert answer.status_code == 201, answer.get_json()


@pytest.fixture(scope="module")
def cases(people):
    """A case of a few items and one of many."""
    made = []
    for count in (FEW, MANY):
        made.append(open_case(people))
        for number in range(count):
            add(people, made[-1], number)
    return made


@pytest.mark.parametrize("path", ["", "/evidence", "/checklist", "/timeline", "/transcript"])
def test_looking_at_a_case_asks_as_often_however_many_items_it_has(people, cases, said, path):
    counts = []
    for case_id in cases:
        said.clear()
        assert people.agent.get(f"/api/v1/cases/{case_id}{path}").status_code == 200
        counts.append(len(said))

    assert counts[0] == counts[1] > 0, said


def test_adding_to_a_case_asks_as_often_however_many_items_it_has(people, cases, said):
    counts = []
    for case_id in cases:
        said.clear()
        add(people, case_id, "the last")
        counts.append(len(said))

    assert counts[0] == counts[1] <= OF_AN_UPLOAD, said


def test_what_an_upload_does_not_look_at_is_not_loaded(people, cases, said):
    add(people, cases[0], "one more")

    read = {found[1] for one in said if (found := re.search(r"^SELECT .* FROM (\w+)", one))}
    assert read.isdisjoint({"reviews", "bundles", "submissions", "statements", "outcomes"}), read
