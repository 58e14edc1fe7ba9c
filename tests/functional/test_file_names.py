"""File names are what strangers choose: kept for people, harmless in headers, never a path."""

import io
from uuid import UUID

import pytest

from storage import keys

NAMES = (
    *(
        "../../etc/passwd",
        "..\\..\\evil.exe",
        "/absolute",
        "C:\\Windows\\x",
        "CON",
        "-rf",
        "~",
        ".",
    ),
    *('quote".png', "semi;colon.png", "%2e%2e%2f", "<script>alert(1)</script>.png", "{{7*7}}"),
    *(
        "отчёт.pdf",
        "证据.png",
        "\U0001f4a9.png",
        "é",
        "раураl.png",
        "a" * 300,
        " ",
        "a\tb",
        "$(id)",
    ),
    *(
        "evil\u202egnp.exe",
        "a\u200bb.png",
        "\ufeff.png",
        "';drop table evidence;--",
        "NULL",
        "\x7f",
    ),
)


@pytest.fixture(scope="module")
def people(make_people):
    return make_people("Names", "ozon")


@pytest.fixture(scope="module")
def case(people):
    body = {
        "store": people.store,
        "reason": "malicious_claim",
        "order_number": "39487512-0042-1",
        "opened_at": "2026-11-21T12:02:00Z",
    }
    return people.agent.post("/api/v1/cases", json=body).get_json()["id"]


@pytest.mark.parametrize("name", NAMES)
def test_any_name_is_kept_and_none_acts(people, case, ports, name):
    content = f"named {name!r}".encode()
    url = f"/api/v1/cases/{case}/evidence"
    added = people.agent.post(url, data={"file": (io.BytesIO(content), name)})
    assert added.status_code == 201, added.get_json()
    item = added.get_json()
    answer = people.agent.get(f"{url}/{item['id']}/content")

    assert answer.data == content
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith("attachment; filename")
    assert disposition.isascii()
    assert disposition.isprintable()
    assert "\u202e" not in item["file_name"]
    assert 0 < len(item["file_name"]) <= 255
    assert [one.key for one in ports.store.list(keys.evidence(UUID(case), item["sha256"]))] == [
        f"{keys.CASES}{case}/evidence/{item['sha256']}"
    ]
