"""A card number that arrives is gone before the answer: from the bytes, the rows and the search."""

import base64
import hashlib
import io
import json

import pytest
from sqlalchemy import create_engine, text

NUMBER = "4111111111111111"
HIDDEN = "411111******1111"


@pytest.fixture(scope="module")
def people(make_people):
    return make_people("Cards", "ozon")


@pytest.fixture
def case(people):
    body = {
        "store": people.store,
        "reason": "malicious_claim",
        "order_number": "5555555555554444",
        "opened_at": "2026-11-21T12:02:00Z",
    }
    return people.agent.post("/api/v1/cases", json=body).get_json()


def add(people, case, content, name="chat.txt"):
    url = f"/api/v1/cases/{case['id']}/evidence"
    answer = people.agent.post(url, data={"file": (io.BytesIO(content), name)})
    assert answer.status_code in {200, 201}, answer.get_json()
    return answer.get_json()


def stored(people, case, item):
    return people.agent.get(f"/api/v1/cases/{case['id']}/evidence/{item['id']}/content").data


def chat(said):
    return json.dumps(
        {
            "has_next": False,
            "messages": [
                {
                    "message_id": "1",
                    "user": {"id": "1", "type": "Customer"},
                    "created_at": "2026-11-20T09:00:00Z",
                    "data": [said],
                }
            ],
        }
    ).encode()


class TestText:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be", "utf-8-sig", "cp1251"])
    def test_a_masked_copy_is_the_item(self, people, case, encoding):
        mark = "\ufeff" if encoding == "utf-16-be" else ""
        sent = f"{mark}карта {NUMBER}, спасибо".encode(encoding)
        item = add(people, case, sent)

        content = f"{mark}карта {HIDDEN}, спасибо".encode(encoding)
        assert stored(people, case, item) == content
        assert item["sha256"] == hashlib.sha256(content).hexdigest()
        assert item["size_bytes"] == len(sent)
        assert "altered: card_number" in item["warnings"]
        assert item["state"] == "accepted"

    def test_what_is_read_is_the_masked_copy(self, people, case):
        item = add(people, case, chat(f"моя карта {NUMBER}"), "chat.json")

        assert item["reader"] == "ozon_chat"
        (read,) = people.agent.get(f"/api/v1/cases/{case['id']}/transcript").get_json()["items"]
        assert read["messages"][0]["text"] == f"моя карта {HIDDEN}"

    def test_a_json_number_stays_json(self, people, case):
        item = add(people, case, f'{{"pan": {NUMBER}}}'.encode(), "a.json")

        assert json.loads(stored(people, case, item)) == {"pan": 4111110000001111}

    def test_the_case_s_own_numbers_are_left_alone(self, people, case):
        item = add(people, case, b"order 5555 5555 5555 4444")

        assert stored(people, case, item) == b"order 5555 5555 5555 4444"
        assert item["warnings"] == ["not_recognised"]

    def test_the_same_bytes_again_are_the_same_item(self, people, case):
        sent = f"card {NUMBER}".encode()
        first, second = add(people, case, sent), add(people, case, sent)

        assert first["id"] == second["id"]
        assert "altered: card_number" in second["warnings"]

    def test_the_event_says_what_was_done_and_gives_nothing_away(self, people, case):
        sent = f"card {NUMBER}".encode()
        add(people, case, sent)
        events = people.agent.get(f"/api/v1/cases/{case['id']}/audit").get_json()["items"]

        (altered,) = [one for one in events if one["kind"] == "evidence.altered"]
        assert altered["data"]["masked_count"] == 1
        assert altered["data"]["original_size_bytes"] == len(sent)
        assert len(altered["data"]["original_hmac"]) == 64
        assert hashlib.sha256(sent).hexdigest() not in json.dumps(events)


class TestHidden:
    def test_one_in_a_mail_s_base64_holds_the_item(self, people, case):
        body = base64.encodebytes(f"card {NUMBER}".encode())
        mail = (
            b"From: Buyer <b@example.com>\nTo: shop@example.com\nSubject: payment\n"
            b"Date: Fri, 20 Nov 2026 09:00:00 +0000\nMIME-Version: 1.0\n"
            b"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n" + body
        )
        item = add(people, case, mail, "mail.eml")

        assert (item["state"], item["held_for"]) == ("held", "card_number")
        read = people.agent.get(f"/api/v1/cases/{case['id']}/transcript").get_json()["items"]
        assert read == []


class TestTraces:
    def test_the_number_stands_nowhere(self, people, case, settings, ports):
        """Every row of every table, and the spool."""
        add(people, case, chat(f"{NUMBER} и 4111-1111-1111-1111"), "chat.json")
        owner = create_engine(settings.database_owner_url)
        with owner.connect() as connection:
            tables = connection.scalars(
                text("select relname from pg_class where relkind = 'r' and relnamespace = :n"),
                {"n": connection.scalar(text("select 'public'::regnamespace::oid"))},
            ).all()
            found = [
                table
                for table in tables
                if connection.scalar(
                    text(f'select exists (select from "{table}" t where t::text ~ :number)'),  # noqa: S608 - a name from the catalogue
                    {"number": "4111.?1111.?1111.?1111"},
                )
            ]
        owner.dispose()

        assert found == []
        assert list(ports.spool.glob("upload-*")) == []


class TestWords:
    def test_one_in_what_people_write_is_refused(self, people, case):
        url = f"/api/v1/cases/{case['id']}/statement"
        said = {"language": "ru", "fields": {"answer": f"оплата картой {NUMBER}"}}
        answer = people.agent.put(url, json=said)

        assert answer.status_code == 422
        assert answer.get_json()["errors"][0]["code"] == "card_number"
