"""Malformed files as people send them: each is taken in or refused, and nothing answers 5xx."""

import io

import malformed
import pytest

NAMES = (
    *("table: no table", "table: a head alone", "pages: 2,000 levels of pages"),
    *("pages: a page of a hair's breadth", "pages: a page of 20,000 points"),
    *("filter: LZW of junk", "picture JBIG2 of 2,147,483,647 squared"),
    *("colours in themselves", "around: a form of junk", "around: a lock of junk"),
    *("font that descends from itself", "PNG cut at 4 of 8", "JPEG of 65,535 squared"),
    *("GIF with codes of junk", "WebP of junk", "HEIC of 4,294,967,295 squared"),
)
FILES = {**malformed.PICTURES, **malformed.DOCUMENTS}


@pytest.fixture(scope="module")
def people(make_people):
    return make_people("Hostile", "ozon")


@pytest.fixture(scope="module")
def case(people):
    body = {
        "store": people.store,
        "reason": "malicious_claim",
        "order_number": "39487512-0042-1",
        "opened_at": "2026-11-21T12:02:00Z",
    }
    return f"/api/v1/cases/{people.agent.post('/api/v1/cases', json=body).get_json()['id']}"


@pytest.mark.parametrize("name", NAMES)
def test_no_file_is_the_service_s_fault(people, case, name):
    content = FILES[name]
    added = people.agent.post(f"{case}/evidence", data={"file": (io.BytesIO(content), "a.pdf")})
    assert added.status_code == 201, added.get_json()
    item = added.get_json()
    url = f"{case}/evidence/{item['id']}"

    held_for = None if item["reader"] else "unparseable"
    assert (item["state"], item["held_for"]) == ("held" if held_for else "accepted", held_for)
    assert people.agent.get(f"{url}/content").data == content
    black = {"rectangles": [{"page": 1, "x": 0, "y": 0, "width": 1, "height": 1}], "reason": "x"}
    redacted = people.agent.post(f"{url}/redact", json=black)
    assert redacted.status_code in {201, 422}, redacted.get_json()
