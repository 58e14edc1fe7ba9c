"""Pictures and documents from drop to bundle: held, shown, read, redacted, and never with a tag."""

import io
from uuid import UUID

import pikepdf
import pypdfium2
import pytest
from PIL import Image, ImageDraw, ImageFont
from sqlalchemy import create_engine, text

from evidence_service.domain.evidence import Shape
from evidence_service.usecases import looking
from evidence_service.usecases.administer.authenticate import actor_of_email
from storage import keys

NUMBER = "4111 1111 1111 1111"
FONT = "/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf"
CANARY = "SECRET-CANARY"


@pytest.fixture(scope="module")
def people(make_people):
    return make_people("Pictures", "ozon")


@pytest.fixture
def case(people):
    body = {
        "store": people.store,
        "reason": "malicious_claim",
        "order_number": "39487512-0042-1",
        "opened_at": "2026-11-21T12:02:00Z",
    }
    return people.agent.post("/api/v1/cases", json=body).get_json()["id"]


def drawn(*lines, file_format="PNG", **options):
    """A screenshot with lines of text, as people send them."""
    image = Image.new("RGB", (720, 1280), "white")
    draw = ImageDraw.Draw(image)
    for number, line in enumerate(lines):
        draw.text((40, 60 + 90 * number), line, font=ImageFont.truetype(FONT, 34), fill="#222")
    out = io.BytesIO()
    image.save(out, file_format, **options)
    return out.getvalue()


def tagged():
    tags = Image.Exif()
    tags[0x010F] = CANARY
    return tags


def add(people, case, content, name="a.png", **fields):
    answer = people.agent.post(
        f"/api/v1/cases/{case}/evidence", data={"file": (io.BytesIO(content), name), **fields}
    )
    assert answer.status_code == 201, answer.get_json()
    return answer.get_json()


def look(people, case, item):
    return people.agent.get(f"/api/v1/cases/{case}/evidence/{item['id']}").get_json()


def text_of(people, case, item):
    return people.agent.get(f"/api/v1/cases/{case}/evidence/{item['id']}/text").get_json()


def events(people, case):
    found = people.agent.get(f"/api/v1/cases/{case}/audit").get_json()["items"]
    return [one["kind"] for one in found]


def bundle_preview(people, case, run_jobs):
    """The reviewer's preview: its state, and its bytes where it is ready."""
    url = f"/api/v1/cases/{case}"
    asked = people.reviewer.post(f"{url}/bundles")
    if asked.status_code != 202:
        return asked.get_json(), b""
    run_jobs()
    made = people.reviewer.get(f"{url}/bundles/{asked.get_json()['id']}")
    content = people.reviewer.get(f"{url}/bundles/{asked.get_json()['id']}/content")
    return made.get_json(), content.data


def hand_in(people, case):
    """Required lines are waived: what is in the case is another test's business."""
    url = f"/api/v1/cases/{case}"
    for line in people.agent.get(f"{url}/checklist").get_json()["findings"]:
        if line["level"] == "required" and line["outcome"] == "missing":
            people.agent.post(f"{url}/checklist/{line['requirement']}/waiver", json={"reason": "x"})
    assert people.agent.post(f"{url}/hand-in").status_code == 200


class TestHeld:
    @pytest.mark.parametrize(
        ("content", "warning"),
        [
            (drawn("order")[:900], "picture_damaged"),
            (b"%PDF-1.7\nnothing", "document_damaged"),
        ],
    )
    def test_what_cannot_be_parsed_blocks_until_it_is_withdrawn(
        self, people, case, run_jobs, content, warning
    ):
        item = add(people, case, content)
        assert (item["state"], item["held_for"]) == ("held", "unparseable")
        assert item["warnings"] == [warning]

        hand_in(people, case)
        refused, _ = bundle_preview(people, case, run_jobs)
        assert (refused["code"], refused["items"]) == ("items_open", [item["id"]])
        url = f"/api/v1/cases/{case}"
        approve = {"decision": "approve", "comment": ""}
        assert people.reviewer.post(f"{url}/review", json=approve).status_code == 409

        people.agent.post(f"{url}/recall")
        people.agent.post(f"{url}/evidence/{item['id']}/withdraw", json={"reason": "damaged"})
        hand_in(people, case)
        assert people.reviewer.post(f"{url}/review", json=approve).status_code == 200

    def test_the_same_bytes_again_are_held_as_before(self, people, case):
        item = add(people, case, b"%PDF-1.7\nnothing")
        url = f"/api/v1/cases/{case}/evidence"
        people.agent.post(f"{url}/{item['id']}/withdraw", json={"reason": "damaged"})
        again = people.agent.post(url, data={"file": (io.BytesIO(b"%PDF-1.7\nnothing"), "a")})

        assert (again.status_code, again.get_json()["state"]) == (200, "held")

    def test_text_that_nobody_recognises_is_accepted(self, people, case):
        assert add(people, case, b"just some words")["state"] == "accepted"


class TestShown:
    @pytest.fixture
    def actor(self, people, ports):
        return actor_of_email(people.agent.get("/api/v1/me").get_json()["email"], ports=ports)

    def test_the_pages_get_pixels_alone_before_and_after_the_job(
        self, people, case, ports, run_jobs, actor
    ):
        item = add(people, case, drawn("order", file_format="HEIF", exif=tagged()), "a.heic")
        ids = UUID(case), UUID(item["id"])
        before = looking.evidence_picture(*ids, Shape.PREVIEW, actor=actor, ports=ports)
        run_jobs()
        after = looking.evidence_picture(*ids, Shape.PREVIEW, actor=actor, ports=ports)

        assert before == after
        assert before.media_type == "image/jpeg"
        assert CANARY.encode() not in before.content

    def test_what_was_made_is_stored_once_and_no_orphan(self, people, case, ports, run_jobs):
        add(people, case, drawn("order", file_format="WEBP"))
        run_jobs()
        stored = list(ports.store.list(f"{keys.CASES}{case}/derivatives/"))
        run_jobs()

        assert len(stored) == len(Shape)
        verdict = people.agent.get(f"/api/v1/cases/{case}/verification").get_json()
        assert verdict["verdict"] == "intact"


class TestBundle:
    def test_every_format_is_shown_and_nothing_hidden_leaves(self, people, case, run_jobs):
        pdf = pikepdf.new()
        pdf.add_blank_page(page_size=(300, 400))
        pdf.docinfo["/Author"] = CANARY
        pdf.attachments["secret.txt"] = CANARY.encode()
        document = io.BytesIO()
        pdf.save(document, compress_streams=False)
        for file_format in ("PNG", "JPEG", "WEBP", "GIF", "HEIF", "AVIF"):
            hidden = {"comment": CANARY.encode()} if file_format == "GIF" else {"exif": tagged()}
            sent = drawn(file_format, file_format=file_format, **hidden)
            assert CANARY.encode() in sent
            add(people, case, sent)
        kept = add(people, case, document.getvalue(), "a.pdf")
        assert kept["warnings"] == ["document_holds_files"]
        hand_in(people, case)
        made, content = bundle_preview(people, case, run_jobs)

        assert made["state"] == "ready"
        with pikepdf.open(io.BytesIO(content)) as bundle:
            streams = [one for one in bundle.objects if isinstance(one, pikepdf.Stream)]
            pictures = [one for one in streams if one.get("/Width") == 720]
            raw = b"".join(one.read_raw_bytes() for one in streams)
            assert len(pictures) == 6
            assert CANARY.encode() not in raw + content
            assert list(bundle.attachments) == ["manifest.json"]


class TestText:
    def test_is_read_searched_and_corrected(self, people, case, run_jobs):
        item = add(people, case, drawn("Заказ 39487512-0042-1", "Стекло получено целым"))
        assert text_of(people, case, item)["text"] is None
        run_jobs()
        read = text_of(people, case, item)

        assert "Стекло получено целым" in read["text"]
        assert (read["language"], read["source"]) == ("ru", "machine")
        found = people.agent.get("/api/v1/cases", query_string={"q": "получено целым"}).get_json()
        assert case in [row["id"] for row in found["items"]]

        url = f"/api/v1/cases/{case}/evidence/{item['id']}/text"
        said = {"language": "ru", "text": "Стекло получено разбитым"}
        assert people.agent.put(url, json=said).get_json()["source"] == "person"
        run_jobs()
        assert text_of(people, case, item)["text"] == said["text"]
        found = people.agent.get("/api/v1/cases", query_string={"q": "разбитым"}).get_json()
        assert [row["id"] for row in found["items"]] == [case]
        assert events(people, case)[-1] == "evidence.text_corrected"

    def test_it_is_read_again_in_another_language(self, people, case, run_jobs):
        item = add(people, case, drawn("¿Dónde está mi pedido?"))
        run_jobs()
        url = f"/api/v1/cases/{case}/evidence/{item['id']}/text"
        people.agent.put(url, json={"language": "es"})
        run_jobs()

        assert text_of(people, case, item)["text"] == "¿Dónde está mi pedido?"
        assert text_of(people, case, item)["language"] == "es"

    def test_a_card_number_is_refused_in_it(self, people, case):
        item = add(people, case, drawn("order"))
        url = f"/api/v1/cases/{case}/evidence/{item['id']}/text"
        answer = people.agent.put(url, json={"language": "en", "text": f"card {NUMBER}"})

        assert answer.status_code == 422

    def test_the_order_s_number_becomes_a_fact(self, people, case, run_jobs, settings):
        named = add(people, case, drawn("Order 39487512-0042-1"))
        other = add(people, case, drawn("Order 11111111-0042-1"))
        run_jobs()
        owner = create_engine(settings.database_owner_url)
        with owner.connect() as connection:
            facts = dict(
                connection.execute(
                    text("select id, facts from evidence where case_id = :case"), {"case": case}
                ).all()
            )
        owner.dispose()

        assert facts[UUID(named["id"])] == ["mentions_order_number"]
        assert facts[UUID(other["id"])] == []


class TestRedaction:
    def redact(self, people, case, item, rectangles, reason="hides the number"):
        return people.agent.post(
            f"/api/v1/cases/{case}/evidence/{item['id']}/redact",
            json={"rectangles": rectangles, "reason": reason},
        )

    def test_a_card_number_holds_the_item_until_it_is_burnt_out(
        self, people, case, run_jobs, ports, settings
    ):
        item = add(people, case, drawn("Payment", NUMBER, "Thank you"), caption="receipt")
        assert item["state"] == "accepted"
        run_jobs()
        held = look(people, case, item)
        assert (held["state"], held["held_for"]) == ("held", "card_number")
        assert "1111 1111" not in text_of(people, case, item)["text"]

        answer = self.redact(people, case, item, [{"x": 0, "y": 140, "width": 720, "height": 80}])
        new = answer.get_json()
        assert answer.status_code == 201
        assert (new["state"], new["kind"], new["caption"]) == ("accepted", item["kind"], "receipt")
        assert new["warnings"] == ["redacted"]
        assert look(people, case, item)["state"] == "destroyed"
        run_jobs()
        assert look(people, case, new)["state"] == "accepted"
        assert "Thank you" in text_of(people, case, new)["text"]

        gone = people.agent.get(f"/api/v1/cases/{case}/evidence/{item['id']}/content")
        assert gone.status_code == 404
        assert list(ports.store.list(keys.evidence(UUID(case), item["sha256"]))) == []
        assert len(list(ports.store.list(f"{keys.CASES}{case}/derivatives/"))) == 2
        assert text_of(people, case, item)["text"] is None
        assert events(people, case)[-3:] == [
            "evidence.added",
            "evidence.redacted",
            "evidence.destroyed",
        ]
        verdict = people.agent.get(f"/api/v1/cases/{case}/verification").get_json()
        assert verdict["verdict"] == "intact"

    def test_the_destroyed_bytes_do_not_come_back(self, people, case, run_jobs):
        content = drawn("Payment", NUMBER)
        item = add(people, case, content)
        run_jobs()
        self.redact(people, case, item, [{"x": 0, "y": 0, "width": 720, "height": 400}])
        again = people.agent.post(
            f"/api/v1/cases/{case}/evidence", data={"file": (io.BytesIO(content), "a.png")}
        )

        assert (again.status_code, again.get_json()["state"]) == (200, "destroyed")

    def test_without_a_card_number_the_original_stays_and_is_withdrawn(self, people, case):
        item = add(people, case, drawn("private address"))
        new = self.redact(people, case, item, [{"x": 0, "y": 0, "width": 720, "height": 200}])

        assert new.status_code == 201
        assert look(people, case, item)["state"] == "withdrawn"
        original = people.agent.get(f"/api/v1/cases/{case}/evidence/{item['id']}/content")
        assert original.data == drawn("private address")
        assert (
            self.redact(people, case, item, [{"x": 0, "y": 0, "width": 9, "height": 9}]).status_code
            == 409
        )

    @pytest.mark.parametrize(
        "rectangle",
        [
            {"x": 700, "y": 0, "width": 21, "height": 1},
            {"x": 0, "y": 0, "width": 0, "height": 1},
            {"x": -1, "y": 0, "width": 1, "height": 1},
        ],
    )
    def test_a_rectangle_outside_of_it_is_refused(self, people, case, rectangle):
        item = add(people, case, drawn("order"))

        assert self.redact(people, case, item, [rectangle]).status_code == 422

    def test_what_is_no_picture_is_refused(self, people, case):
        item = add(people, case, b"just some words")
        answer = self.redact(people, case, item, [{"x": 0, "y": 0, "width": 1, "height": 1}])

        assert answer.get_json()["errors"][0]["code"] == "no_picture"


class TestLikeness:
    def test_the_same_picture_saved_anew_is_told_and_kept(self, people, case):
        lines = ["Здравствуйте, где мой заказ? Жду давно"] * 12
        first = add(people, case, drawn(*lines))
        second = add(people, case, drawn(*lines, file_format="JPEG", quality=85))
        other = add(people, case, drawn(*["Спасибо, всё хорошо"] * 5))

        assert second["warnings"] == [f"looks_like:{first['id']}"]
        assert other["warnings"] == []


class TestDocuments:
    def test_its_letters_are_its_text_at_once(self, people, case):
        pdf = pikepdf.new()
        pdf.add_blank_page(page_size=(300, 400))
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
        pdf.pages[0].obj.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        pdf.pages[0].contents_add(b"BT /F1 12 Tf 9 99 Td (Invoice for 39487512-0042-1) Tj ET")
        out = io.BytesIO()
        pdf.save(out)
        item = add(people, case, out.getvalue(), "invoice.pdf")

        assert (item["kind"], item["reader"], item["state"]) == ("invoice", "pdf", "accepted")
        read = text_of(people, case, item)
        assert (read["text"], read["source"]) == ("Invoice for 39487512-0042-1", "document")

    def test_a_scanned_page_is_read_by_a_job_and_found(self, people, case, run_jobs):
        item = add(people, case, pdf_of("Letter of the carrier", scan("Посылка вручена")), "a.pdf")
        assert text_of(people, case, item)["text"] == "Letter of the carrier"
        run_jobs()
        read = text_of(people, case, item)

        assert read["text"] == "Letter of the carrier\n\nПосылка вручена"
        assert (read["language"], read["source"]) == ("ru", "machine")
        found = people.agent.get("/api/v1/cases", query_string={"q": "Посылка вручена"}).get_json()
        assert [row["id"] for row in found["items"]] == [case]

    def test_a_card_number_on_a_scanned_page_holds_it(self, people, case, run_jobs):
        item = add(people, case, pdf_of("Letter of the carrier", scan("Card", NUMBER)), "a.pdf")
        assert item["state"] == "accepted"
        run_jobs()

        assert look(people, case, item)["held_for"] == "card_number"
        assert "1111 1111" not in text_of(people, case, item)["text"]

    def test_what_a_person_writes_does_not_hide_a_card_number(self, people, case, run_jobs):
        item = add(people, case, drawn("Payment", NUMBER))
        url = f"/api/v1/cases/{case}/evidence/{item['id']}/text"
        people.agent.put(url, json={"language": "en", "text": "a receipt"})
        run_jobs()

        assert look(people, case, item)["held_for"] == "card_number"
        assert text_of(people, case, item)["text"] == "a receipt"


def scan(*lines):
    """A page's picture, as a scanner makes one."""
    return Image.open(io.BytesIO(drawn(*lines)))


def pdf_of(*pages):
    """A document whose pages hold letters or a picture each; with files and tags beside them."""
    pdf = pikepdf.new()
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
    )
    for number, page in enumerate(pages):
        pdf.add_blank_page(page_size=(360, 640))
        own = pdf.pages[number]
        if isinstance(page, str):
            own.obj.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
            own.contents_add(f"BT /F1 12 Tf 40 600 Td ({page}) Tj ET".encode())
        else:
            pixels = pdf.make_stream(
                page.tobytes(),
                Type=pikepdf.Name.XObject,
                Subtype=pikepdf.Name.Image,
                Width=page.width,
                Height=page.height,
                ColorSpace=pikepdf.Name.DeviceRGB,
                BitsPerComponent=8,
            )
            own.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=pixels))
            own.contents_add(b"q 360 0 0 640 0 0 cm /Im0 Do Q")
    pdf.docinfo["/Author"] = CANARY
    pdf.attachments["secret.txt"] = CANARY.encode()
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


class TestDocumentRedaction:
    redact = TestRedaction.redact

    def words(self, content):
        with pypdfium2.PdfDocument(content) as pdf:
            return [page.get_textpage().get_text_bounded() for page in pdf]

    def test_a_page_becomes_pixels_and_the_others_stay(self, people, case):
        item = add(
            people, case, pdf_of("first page stays", "secret address", "third page"), "a.pdf"
        )
        black = [{"page": 2, "x": 30, "y": 20, "width": 200, "height": 30}]
        answer = self.redact(people, case, item, black)
        new = answer.get_json()
        content = people.agent.get(f"/api/v1/cases/{case}/evidence/{new['id']}/content").data

        assert (answer.status_code, new["media_type"], new["reader"]) == (
            201,
            "application/pdf",
            "pdf",
        )
        assert new["warnings"] == ["redacted"]
        assert self.words(content) == ["first page stays", "", "third page"]
        with pikepdf.open(io.BytesIO(content)) as pdf:
            raw = b"".join(
                one.read_raw_bytes() for one in pdf.objects if isinstance(one, pikepdf.Stream)
            )
            assert not list(pdf.attachments)
            assert CANARY not in repr([*pdf.objects])
        assert CANARY.encode() not in raw + content
        assert b"secret" not in raw
        with pypdfium2.PdfDocument(content) as pdf:
            page = pdf[1].render(scale=1).to_pil().convert("L")
        assert page.crop((32, 22, 228, 48)).getextrema() == (0, 0)
        assert page.crop((0, 60, 360, 640)).getextrema() == (255, 255)
        assert look(people, case, item)["state"] == "withdrawn"

    def test_a_card_number_in_its_letters_holds_it_until_then(self, people, case, run_jobs):
        item = add(people, case, pdf_of("a first page", f"paid by {NUMBER}"), "a.pdf")
        assert (item["state"], item["held_for"]) == ("held", "card_number")

        other = [{"page": 1, "x": 30, "y": 20, "width": 200, "height": 30}]
        still = self.redact(people, case, item, other).get_json()
        assert (still["state"], still["held_for"]) == ("held", "card_number")
        right = [{"page": 2, "x": 30, "y": 20, "width": 300, "height": 30}]
        new = self.redact(people, case, still, right).get_json()
        run_jobs()

        assert look(people, case, new)["state"] == "accepted"
        states = [look(people, case, one)["state"] for one in (item, still)]
        assert states == ["destroyed", "destroyed"]

    @pytest.mark.parametrize(
        ("rectangle", "code"),
        [
            ({"page": 3, "x": 0, "y": 0, "width": 1, "height": 1}, "no_such_page"),
            ({"page": 1, "x": 300, "y": 0, "width": 61, "height": 1}, "outside"),
        ],
    )
    def test_a_rectangle_outside_of_it_is_refused(self, people, case, rectangle, code):
        item = add(people, case, pdf_of("one", "two"), "a.pdf")
        answer = self.redact(people, case, item, [rectangle])

        assert answer.status_code == 422
        assert answer.get_json()["errors"][0]["code"] == code


class TestFoundLate:
    """A card number that is found once the case was sent (docs/adr/0017)."""

    redact = TestRedaction.redact

    @pytest.fixture
    def postponed(self, settings):
        """Reading waits, as behind a long queue, until archiving asks for it."""
        owner = create_engine(settings.database_owner_url)

        def postpone(item):
            with owner.begin() as connection:
                connection.execute(
                    text(
                        "update procrastinate_jobs set scheduled_at = now() + interval '1 day'"
                        " where task_name = 'read_text' and args::text like :named"
                    ),
                    {"named": f"%{item['id']}%"},
                )

        yield postpone
        owner.dispose()

    def send(self, people, case, run_jobs):
        url = f"/api/v1/cases/{case}"
        hand_in(people, case)
        approve = {"decision": "approve", "comment": ""}
        assert people.reviewer.post(f"{url}/review", json=approve).status_code == 200
        bundle = people.agent.post(f"{url}/bundles", json={}).get_json()["id"]
        run_jobs()
        sent = {"bundle_id": bundle, "submitted_at": "2026-11-22T10:00:00Z"}
        assert people.agent.post(f"{url}/submission", json=sent).status_code == 201
        won = {"result": "won", "reason": "evidence_accepted"}
        assert people.agent.post(f"{url}/outcome", json=won).status_code == 201
        return bundle

    def test_archiving_stops_and_goes_on_after_the_redaction(
        self, people, case, run_jobs, postponed, ports
    ):
        url = f"/api/v1/cases/{case}"
        late = add(people, case, drawn("Payment", NUMBER))
        postponed(late)
        taken_out = add(people, case, drawn("Receipt", NUMBER, "copy"))
        postponed(taken_out)
        people.agent.post(f"{url}/evidence/{taken_out['id']}/withdraw", json={"reason": "twice"})
        bundle = self.send(people, case, run_jobs)
        revision = people.agent.get(url).get_json()["revision"]

        assert people.reviewer.post(f"{url}/archive").status_code == 202
        run_jobs()
        assert people.agent.get(url).get_json()["state"] == "closed"
        assert look(people, case, late)["held_for"] == "card_number"
        assert events(people, case)[-1] == "archiving.stopped"
        assert people.reviewer.post(f"{url}/archive").get_json()["code"] == "items_open"

        black = [{"x": 0, "y": 100, "width": 720, "height": 160}]
        answer = people.reviewer.post(
            f"{url}/evidence/{late['id']}/redact", json={"rectangles": black, "reason": "a card"}
        )
        assert answer.status_code == 201
        assert people.agent.get(url).get_json()["revision"] == revision
        assert people.reviewer.post(f"{url}/archive").status_code == 202
        run_jobs()

        assert people.agent.get(url).get_json()["state"] == "archived"
        states = [look(people, case, one)["state"] for one in (late, taken_out)]
        assert states == ["destroyed", "destroyed"]
        for gone in (late, taken_out):
            assert list(ports.store.list(keys.evidence(UUID(case), gone["sha256"]))) == []
        assert people.agent.get(f"{url}/bundles/{bundle}").get_json()["state"] == "ready"
        assert people.agent.get(f"{url}/verification").get_json()["verdict"] == "intact"

    def test_nothing_else_is_redacted_once_the_case_was_sent(self, people, case, run_jobs):
        item = add(people, case, drawn("order"))
        self.send(people, case, run_jobs)
        answer = self.redact(people, case, item, [{"x": 0, "y": 0, "width": 9, "height": 9}])

        assert (answer.status_code, answer.get_json()["code"]) == (409, "wrong_state")


class TestLegibility:
    def chat(self, size, ink):
        """A phone's screenshot, 1080 pixels wide."""
        image = Image.new("RGB", (1080, 1920), "white")
        draw = ImageDraw.Draw(image)
        for line in range(12):
            words = "Здравствуйте, где мой заказ"
            draw.text((60, 80 + 140 * line), words, font=ImageFont.truetype(FONT, size), fill=ink)
        out = io.BytesIO()
        image.save(out, "PNG")
        return out.getvalue()

    @pytest.mark.parametrize(
        ("size", "ink", "warnings"),
        [
            (56, "#222222", []),
            (24, "#222222", ["picture_text_small"]),
            (56, "#999999", ["picture_contrast_low"]),
        ],
    )
    def test_letters_that_will_be_hard_to_read_are_told(  # noqa: PLR0913 - table and fixtures
        self, people, case, run_jobs, size, ink, warnings
    ):
        item = add(people, case, self.chat(size, ink))
        run_jobs()

        assert look(people, case, item)["warnings"] == warnings
