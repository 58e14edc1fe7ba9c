"""What the case page says of contradictions and of what to do, and newer rules."""

import io
import json

import pytest

from evidence_service.domain.access import Role
from evidence_service.usecases.administer.add_person import AddPerson, add_person
from evidence_service.usecases.administer.add_store import AddStore, add_store

PASSWORD = "a long enough password"


@pytest.fixture(scope="module")
def browser(app, ports):
    """A signed-in agent's browser, and their store."""
    store = add_store(AddStore("Page", "ozon"), by=None, ports=ports)
    command = AddPerson("page@example.com", frozenset({Role.AGENT}), (str(store.id),), PASSWORD)
    add_person(command, by=None, ports=ports)
    client = app.test_client()
    token = form_token(client.get("/sign-in?lang=en").text)
    said = {"email": "page@example.com", "password": PASSWORD, "form_token": token}
    assert client.post("/sign-in", data=said).status_code == 303
    return client


def form_token(page):
    return page.split('name="form_token" value="')[1].split('"')[0]


def track(number):
    return json.dumps(
        {
            "tracking_number": number,
            "slug": "cainiao",
            "tag": "Delivered",
            "subtag": "Delivered_001",
            "checkpoints": [
                {
                    "tag": "Delivered",
                    "message": "Handed over",
                    "location": "Yekaterinburg",
                    "checkpoint_time": "2026-11-20T13:02:00+05:00",
                }
            ],
        }
    ).encode()


CHAT = json.dumps(
    {
        "has_next": False,
        "messages": [
            {
                "message_id": "1",
                "user": {"id": "1", "type": "Customer"},
                "created_at": "2026-11-20T09:00:00Z",
                "data": ["Я получила посылку, спасибо"],
            }
        ],
    }
).encode()


def test_a_chat_that_contradicts_the_claim_is_named(browser):
    token = form_token(browser.get("/cases/new").text)
    opened = browser.post(
        "/cases/new",
        data={
            "form_token": token,
            "reason": "malicious_claim",
            "order_number": "39487512-0042-1",
            "opened_at": "2026-11-21T12:02",
            "respond_by": "2036-11-21T12:02",
            "claim_text": "Заказ так и не пришёл, я ничего не получила",
        },
    )
    assert opened.status_code == 303
    url = opened.headers["Location"]
    for content in (track("UC418827362CN"), CHAT):
        sent = {"form_token": token, "file": (io.BytesIO(content), "a.json")}
        assert browser.post(f"{url}/evidence", data=sent).status_code == 303

    page = browser.get(f"{url}?lang=en").text

    assert "These cannot both be right." in page
    assert "Last safe hand-over" in page
    assert "What to do" in page
    # Two official sources give different terms for the answer: both are shown, with whose they are.
    terms = page.split("Deadlines (")[1].split("</details>")[0]
    assert "Review of a return request as buyers are told" in terms
    assert "the seller · sources give different lengths" in terms
    assert "the seller · the case goes by this one" in terms
    assert "the platform ·" in terms
