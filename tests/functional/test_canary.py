"""One card number through every door, then looked for wherever something is kept."""

import base64
import io
import re
import zipfile
from contextlib import nullcontext
from uuid import UUID

import pikepdf
import pypdfium2
import pytest
from sqlalchemy import create_engine, text
from test_pictures import drawn, pdf_of, scan

from evidence_service.ports import SystemScope
from storage import keys

NUMBER = "4000 0012 3456 7899"
DIGITS = NUMBER.replace(" ", "")
ANYWHERE = r"4000[^0-9]{0,3}0012[^0-9]{0,3}3456[^0-9]{0,3}7899"
WHATSAPP = (
    "[20/11/2026, 09:00:00] Ann: my card is {n}\n[20/11/2026, 09:01:00] Bob: thank you, got it\n"
)
MAIL = (
    "From: b@example.com\nTo: s@example.com\nSubject: paid by {n}\n"
    "Date: Fri, 20 Nov 2026 09:00:00 +0000\n\ncard {n}\n"
)
# What is masked before it is stored.
MASKED = {
    "words": "card {n}",
    "chat.txt": WHATSAPP,
    "chat.csv": "time,author,message\n2026-11-20T09:00:00Z,Ann,card {n}\n",
    "mail.eml": MAIL,
    "page.html": "<html><body><p>card {n}</p></body></html>",
    "a.xml": "<order><card>{n}</card></order>",
    "a.json": '{"pan": "{n}"}',
    "{n}.txt": "a file whose name is a card",
}


def archive():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("_chat.txt", WHATSAPP.replace("{n}", NUMBER))
    return out.getvalue()


def hidden_mail():
    body = base64.encodebytes(f"card {NUMBER}".encode()).decode()
    return (
        "From: b@example.com\nTo: s@example.com\nSubject: x\nMIME-Version: 1.0\n"
        "Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\n" + body
    ).encode()


# What is held until a person blacks it out.
BLACKED = {
    "receipt.png": lambda: drawn("Payment", NUMBER, "thank you"),
    "receipt.pdf": lambda: pdf_of(f"paid by {NUMBER}"),
    "scan.pdf": lambda: pdf_of(scan("Payment", NUMBER)),
}
# What nobody can black out: held, withdrawn, and destroyed before it could be locked.
WITHDRAWN = {"chat.zip": archive, "hidden.eml": hidden_mail}


@pytest.fixture(scope="module")
def people(make_people):
    return make_people("Canary", "ozon")


@pytest.fixture(scope="module")
def case(people):
    body = {
        "store": people.store,
        "reason": "malicious_claim",
        "order_number": "39487512-0042-1",
        "opened_at": "2026-11-21T12:02:00Z",
    }
    return people.agent.post("/api/v1/cases", json=body).get_json()["id"]


@pytest.fixture(scope="module")
def pushed(people, case, run_jobs):
    """Everything was sent, blacked out or withdrawn, and the case sent, closed and archived."""
    agent, url = people.agent, f"/api/v1/cases/{case}"

    def send(content, name):
        answer = agent.post(f"{url}/evidence", data={"file": (io.BytesIO(content), name)})
        assert answer.status_code == 201, answer.get_json()
        return answer.get_json()["id"]

    for name, content in MASKED.items():
        send(content.replace("{n}", NUMBER).encode(), name.replace("{n}", DIGITS))
    blacked = [send(make(), name) for name, make in BLACKED.items()]
    withdrawn = [send(make(), name) for name, make in WITHDRAWN.items()]
    run_jobs()
    for item in (*blacked, *withdrawn):
        assert agent.get(f"{url}/evidence/{item}").get_json()["held_for"] == "card_number"
    for item in blacked:
        whole = {"x": 0, "y": 0, "width": 360, "height": 640}
        if agent.get(f"{url}/evidence/{item}").get_json()["media_type"] == "image/png":
            whole |= {"width": 720, "height": 1280}
        body = {"rectangles": [whole], "reason": "a card"}
        assert agent.post(f"{url}/evidence/{item}/redact", json=body).status_code == 201
    for item in withdrawn:
        body = {"reason": "a card"}
        assert agent.post(f"{url}/evidence/{item}/withdraw", json=body).status_code == 200
    archive_it(people, url, run_jobs)


def archive_it(people, url, run_jobs):
    agent, reviewer = people.agent, people.reviewer
    for line in agent.get(f"{url}/checklist").get_json()["findings"]:
        if line["level"] == "required" and line["outcome"] == "missing":
            agent.post(f"{url}/checklist/{line['requirement']}/waiver", json={"reason": "x"})
    assert agent.post(f"{url}/hand-in").status_code == 200
    approve = {"decision": "approve", "comment": ""}
    assert reviewer.post(f"{url}/review", json=approve).status_code == 200
    bundle = agent.post(f"{url}/bundles", json={}).get_json()["id"]
    run_jobs()
    sent = {"bundle_id": bundle, "submitted_at": "2026-11-22T10:00:00Z"}
    assert agent.post(f"{url}/submission", json=sent).status_code == 201
    assert agent.post(f"{url}/outcome", json={"result": "lost"}).status_code == 201
    assert reviewer.post(f"{url}/archive").status_code == 202
    run_jobs()
    assert agent.get(url).get_json()["state"] == "archived"


def words_of(content):
    """What a search of an object would find: its bytes, and what it holds packed."""
    yield content.decode("utf-8", "replace")
    if content.startswith(b"%PDF"):
        with pikepdf.open(io.BytesIO(content)) as pdf:
            has_pages = len(pdf.pages) > 0  # a part may hold a font alone
        with pypdfium2.PdfDocument(content) if has_pages else nullcontext(()) as pdf:
            yield from (page.get_textpage().get_text_bounded() for page in pdf)
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as made:
            for name in made.namelist():
                yield name
                yield from words_of(made.read(name))


@pytest.mark.usefixtures("pushed")
class TestCanary:
    def test_no_row_of_any_table_holds_it(self, settings):
        owner = create_engine(settings.database_owner_url)
        with owner.connect() as connection:
            tables = connection.scalars(
                text(
                    "select relname from pg_class where relkind = 'r'"
                    " and relnamespace = 'public'::regnamespace"
                )
            ).all()
            found = [
                table
                for table in tables
                if connection.scalar(
                    text(f'select exists (select from "{table}" t where t::text ~ :number)'),  # noqa: S608 - a name from the catalogue
                    {"number": ANYWHERE},
                )
            ]
        owner.dispose()

        assert found == []

    def test_no_object_in_the_store_holds_it(self, ports, case):
        with ports.unit_of_work(SystemScope()) as work:
            key = ports.envelope.unwrap(UUID(case), work.cases.get(UUID(case)).key_wrapped)
        found, seen = [], 0
        for one in ports.store.list(f"{keys.CASES}{case}/"):
            with ports.store.get(one.key, version_id=one.version_id, case_key=key) as chunks:
                content = b"".join(chunks)
            seen += 1
            found += [one.key for words in words_of(content) if re.search(ANYWHERE, words)]

        assert seen > len(MASKED) + len(BLACKED)
        assert found == []

    def test_no_picture_that_was_made_shows_it(self, ports, case, tmp_path):
        """Thumbnails, previews and pages, read as pictures are."""
        with ports.unit_of_work(SystemScope()) as work:
            kept = work.cases.get(UUID(case))
            key = ports.envelope.unwrap(kept.id, kept.key_wrapped)
        seen = 0
        for item in kept.items:
            for made in item.derivatives:
                where = keys.derivative(kept.id, made.sha256)
                with ports.store.get(where, version_id=made.version_id, case_key=key) as chunks:
                    path = tmp_path / made.sha256
                    path.write_bytes(b"".join(chunks))
                read = ports.pictures.words(path, ["en"])
                seen += 1
                assert not re.search(ANYWHERE, f"{read.text}\n{read.numbers}")

        assert seen >= len(BLACKED)

    def test_no_log_and_nothing_left_in_the_spool_holds_it(self, ports, settings):
        assert list(ports.spool.rglob("*")) == []
        for path in settings.data_dir.rglob("*.log"):
            assert not re.search(ANYWHERE, path.read_text(errors="replace"))

    def test_no_answer_of_the_api_holds_it(self, people, case):
        url = f"/api/v1/cases/{case}"
        for path in ("", "/evidence", "/transcript", "/order", "/timeline", "/audit", "/checklist"):
            answer = people.agent.get(f"{url}{path}", query_string={"limit": 200})
            assert not re.search(ANYWHERE, answer.get_data(as_text=True))
        hits = people.agent.get("/api/v1/archive", query_string={"q": DIGITS}).get_json()
        assert hits["items"] == []


class TestWords:
    @pytest.mark.parametrize(
        ("method", "path", "body"),
        [
            ("put", "/statement", {"language": "en", "fields": {"answer": NUMBER}}),
            ("patch", "", {"claim_text": NUMBER}),
            ("patch", "", {"buyer_ref": NUMBER}),
        ],
    )
    def test_one_that_people_write_is_refused(self, people, case, method, path, body):
        url = f"/api/v1/cases/{case}"
        version = people.agent.get(url).headers["ETag"]
        send = getattr(people.agent, method)
        answer = send(f"{url}{path}", json=body, headers={"If-Match": version})

        assert answer.status_code == 422
        assert DIGITS not in answer.get_data(as_text=True)
