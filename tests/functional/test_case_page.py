"""What the pages say, and what their forms take and refuse, in words."""

import io
import json
import secrets

import pytest
from drawing import document, legible

from evidence_service.domain.access import Role
from evidence_service.usecases.administer.add_person import AddPerson, add_person
from evidence_service.usecases.administer.add_store import AddStore, add_store

PASSWORD = "a long enough password"
CARD = "4111 1111 1111 1111"


@pytest.fixture(scope="module")
def signed_in(app, ports):
    """A browser of a new person in this role, at a new store of this platform or at a known one."""

    def sign_in(role, platform="ozon", store=None):
        unique = secrets.token_hex(4)
        if store is None:
            store = add_store(AddStore(f"Page {unique}", platform), by=None, ports=ports).name
        email = f"{role.value}.{unique}@example.com"
        add_person(AddPerson(email, frozenset({role}), (store,), PASSWORD), by=None, ports=ports)
        client = app.test_client()
        token = form_token(client.get("/sign-in?lang=en").text)
        said = {"email": email, "password": PASSWORD, "form_token": token}
        assert client.post("/sign-in", data=said).status_code == 303
        client.store = store
        return client

    return sign_in


@pytest.fixture(scope="module")
def browser(signed_in):
    return signed_in(Role.AGENT)


@pytest.fixture
def case(browser):
    return open_case(browser)


def form_token(page):
    return page.split('name="form_token" value="')[1].split('"')[0]


def post(browser, url, data=None, page=None):
    """A form of the page, as a browser sends it."""
    token = form_token(browser.get(page or url).text)
    return browser.post(url, data={"form_token": token, **(data or {})})


def open_case(browser, reason="malicious_claim", **fields):
    data = {
        "reason": reason,
        "order_number": "39487512-0042-1",
        "opened_at": "2026-11-21T12:02",
        "respond_by": "2036-11-21T12:02",
        "claim_text": "Заказ так и не пришёл, я ничего не получила",
        **fields,
    }
    opened = post(browser, "/cases/new", data)
    assert opened.status_code == 303, opened.text
    return opened.headers["Location"]


def add(browser, case, content, name, kind=""):
    sent = {"file": (io.BytesIO(content), name), "kind": kind}
    assert post(browser, f"{case}/evidence", sent, page=case).status_code == 303
    page = browser.get(case).text
    return page.split('<a class="pic" href="')[-1].split('"')[0]


def test_the_page_asks_the_database_as_often_however_many_items_there_are(browser, case, said):
    counts = []
    for numbers in (range(3), range(3, 20)):
        for number in numbers:
            add(browser, case, f"note {number}".encode(), f"{number}.txt")
        said.clear()
        assert browser.get(case).status_code == 200
        counts.append(len(said))

    assert counts[0] == counts[1] > 0, said


def track(number, tag="Delivered"):
    return json.dumps(
        {
            "tracking_number": number,
            "slug": "cainiao",
            "tag": tag,
            "checkpoints": [
                {
                    "tag": tag,
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


class TestCase:
    def test_a_chat_that_contradicts_the_claim_is_named_and_both_places_linked(self, browser, case):
        add(browser, case, track("UC418827362CN"), "a.json")
        chat = add(browser, case, CHAT, "b.json")

        page = browser.get(case).text

        assert "These cannot both be right." in page
        assert f'href="{chat}#read"' in page
        assert f'href="{case}/details#f-claim_text"' in page

    def test_the_deadline_is_worked_backwards_by_both_clocks(self, browser, case):
        page = browser.get(case).text

        steps = ("Last safe hand-over", "Approved by", "Sent by", "Platform closes")
        assert [page.index(step) for step in steps] == sorted(page.index(step) for step in steps)
        assert "Moscow" in page

    def test_every_term_stands_there_with_whose_it_is_and_how_sure(self, browser, case):
        terms = browser.get(case).text.split("Deadlines (")[1].split("</details>")[0]

        assert "Review of a return request as buyers are told" in terms
        assert "the seller · sources give different lengths" in terms
        assert "the seller · the case goes by this one" in terms
        assert "the platform ·" in terms
        assert "Late by more than 7 d" in terms

    def test_what_a_buyer_gets_for_a_late_parcel_is_said_at_once(self, browser, case):
        promise = {"delivery_date_end": "2020-05-01T10:00:00Z"}
        posting = {
            "posting_number": "39487512-0042-1",
            "status": "delivering",
            "products": [],
            "analytics_data": promise,
        }
        add(browser, case, json.dumps({"result": posting}).encode(), "posting.json")
        assert "The buyer gets:" not in browser.get(case).text

        add(browser, case, track("UC418827362CN", "InTransit"), "way.json")

        late = browser.get(case).text.split("The parcel is ")[1].split("</p>")[0]
        assert "late. The buyer gets:</b> A priority customs channel" in late

    def test_a_long_chat_stands_on_several_pages(self, browser, case):
        chat = {
            "has_next": False,
            "messages": [
                {
                    "message_id": str(number),
                    "user": {"id": "1", "type": "Customer"},
                    "created_at": f"2026-11-{1 + number // 60:02}T09:{number % 60:02}:00Z",
                    "data": [f"word{number}."],
                }
                for number in range(501)
            ],
        }
        item = add(browser, case, json.dumps(chat).encode(), "long.json")

        for url in (item, f"{case}/timeline"):
            first = browser.get(url).text
            assert "word0." in first
            assert "word500." not in first
            onward = first.split("start=500")[0].rsplit('href="', 1)[1]
            assert "word500." in browser.get(f"{onward}start=500").text

    def test_an_earlier_term_of_the_platform_is_pointed_out(self, browser, case):
        assert "By the platform’s rules it ends earlier" in browser.get(case).text

    def test_the_queue_says_when_to_hand_over(self, browser, case):
        assert "Last safe hand-over" in browser.get("/").text


class TestText:
    def test_of_a_picture_is_awaited_read_and_put_right(self, browser, case, run_jobs):
        item = add(browser, case, legible("Order 39487512-0042-1"), "a.png", "chat_screenshot")
        assert "A machine will read it soon." in browser.get(item).text
        run_jobs()
        read = browser.get(item).text
        assert "Read by a machine" in read
        assert "39487512-0042-1</textarea>" in read

        said = {"text": "Заказ 39487512-0042-1\nвыдан", "language": "ru"}
        assert post(browser, f"{item}/text", said, page=item).status_code == 303

        page = browser.get(item).text
        assert "Put right by a person" in page
        assert "Заказ 39487512-0042-1\nвыдан</textarea>" in page

    def test_that_is_asked_for_again_is_awaited_until_it_has_come(self, browser, case, run_jobs):
        item = add(browser, case, legible("Order 1"), "a.png", "chat_screenshot")
        run_jobs()

        asked = post(browser, f"{item}/text", {"language": "en", "again": "yes"}, page=item)
        assert "A machine will read it soon." in browser.get(asked.headers["Location"]).text
        run_jobs()

        assert "Read by a machine" in browser.get(asked.headers["Location"]).text

    def test_that_is_empty_is_refused_by_name(self, browser, case):
        item = add(browser, case, legible("Order 2"), "a.png", "chat_screenshot")

        refused = post(browser, f"{item}/text", {"text": " ", "language": "ru"}, page=item)

        assert refused.status_code == 422
        assert '<a href="#f-text">What it says</a>: Fill this in.' in refused.text


PLACE = {"page": "1", "x": "0", "y": "0", "width": "700", "height": "200"}


class TestBlackingOut:
    @pytest.fixture
    def held(self, browser, case, run_jobs):
        item = add(browser, case, legible(CARD), "card.png", "order_screenshot")
        run_jobs()
        return item

    def test_a_held_card_number_leads_there_and_destroys_the_original(self, browser, case, held):
        assert f'href="{held}/redact"' in browser.get(case).text
        said = {**PLACE, "reason": "card number", "sure": "yes"}

        done = post(browser, f"{held}/redact", said)

        assert done.status_code == 303
        assert "A redacted copy." in browser.get(done.headers["Location"]).text
        assert "Destroyed" in browser.get(held).text

    def test_without_the_confirmation_nothing_is_destroyed(self, browser, held):
        refused = post(browser, f"{held}/redact", {**PLACE, "reason": "card number"})

        assert refused.status_code == 422
        assert "Confirmation</a>: Tick it to go on." in refused.text
        assert 'name="x" type="number" min="0" max="720" inputmode="numeric" value="0"' in (
            refused.text
        )
        assert "Held" in browser.get(held).text

    @pytest.mark.parametrize(
        ("place", "words"),
        [
            ({}, "Mark at least one place."),
            (
                {"page": "1", "x": "a", "y": "0", "width": "1", "height": "1"},
                "Four whole numbers each",
            ),
            (
                {"page": "1", "x": "0", "y": "0", "width": "0", "height": "1"},
                "Four whole numbers each",
            ),
            (
                {"page": "1", "x": "700", "y": "0", "width": "100", "height": "1"},
                "beyond the picture",
            ),
        ],
    )
    def test_a_place_that_is_none_is_refused_in_words(self, browser, held, place, words):
        said = {**place, "reason": "card number", "sure": "yes"}

        refused = post(browser, f"{held}/redact", said)

        assert refused.status_code == 422
        assert words in refused.text

    def test_one_more_place_is_asked_for_without_a_script(self, browser, held):
        page = post(browser, f"{held}/redact", {**PLACE, "more": "yes"})

        assert page.status_code == 200
        assert page.text.count('name="width"') == 2
        assert 'value="700"' in page.text


SCANS = """Zeitpunkt;Was geschah;Wo
03/04/2026 10:00;Zugestellt;Berlin
02/04/2026 09:00;Angekommen;Leipzig
"""


class TestReading:
    @pytest.fixture
    def table(self, browser, case):
        return add(browser, case, SCANS.encode(), "scans.csv")

    def test_what_a_file_leaves_open_leads_there_from_its_case_and_its_own_page(
        self, browser, case, table
    ):
        assert all(f'href="{table}/reading"' in browser.get(page).text for page in (case, table))

        page = browser.get(f"{table}/reading").text

        assert "What each column means was concluded; check it." in page
        assert "Day and month cannot be told apart" in page
        assert '<td dir="auto">Zugestellt</td>' in page
        assert '<option value="Was geschah" selected>' in page

    def test_what_is_chosen_is_read_at_once_and_remembered(self, browser, case):
        content = SCANS.replace("Was", "Was dort")
        table = add(browser, case, content.encode(), "scans.csv")
        said = {
            "form": "tracking",
            "columns.time": "Zeitpunkt",
            "columns.event": "Was dort geschah",
            "columns.place": "Wo",
            "date_order": "day_first",
            "time_zone": "Europe/Berlin",
        }

        done = post(browser, f"{table}/reading", said)

        page = browser.get(done.headers["Location"]).text
        assert "It was read again as chosen." in page
        assert "2026-04-03T08:00:00+00:00" in page
        again = add(browser, case, content.replace("Berlin", "Bonn").encode(), "more.csv")
        assert "check it" not in browser.get(again).text

    @pytest.mark.parametrize(
        ("said", "words"),
        [
            ({"columns.time": ""}, 'href="#f-columns.time">Time</a>: Choose a column'),
            ({"columns.event": "Wohin"}, 'href="#f-columns">Which column is what</a>: The file'),
            ({"time_zone": "Berlin"}, 'href="#f-time_zone">Time zone</a>: There is no such'),
            ({"date_order": "backwards"}, 'href="#f-date_order">Order of dates</a>: Choose one'),
        ],
    )
    def test_what_does_not_fit_names_its_field_and_changes_nothing(
        self, browser, table, said, words
    ):
        chosen = {
            "form": "tracking",
            "columns.time": "Zeitpunkt",
            "columns.event": "Was geschah",
            "columns.place": "Wo",
        }

        refused = post(browser, f"{table}/reading", chosen | said)

        assert refused.status_code == 422
        assert words in refused.text
        assert "check it" in browser.get(table).text

    def test_a_table_that_nobody_knows_is_read_as_a_person_says(self, browser, case):
        rows = "Wann|Vorgang\n2026-04-03 10:00|Ausgabe\n2026-04-02 10:00|Ablage\n"
        table = add(browser, case, rows.encode(), "halls.csv")
        assert f'href="{table}/reading"' in browser.get(case).text
        page = browser.get(f"{table}/reading?form=tracking").text
        assert '<td dir="auto">Ausgabe</td>' in page
        said = {
            "form": "tracking",
            "columns.time": "Wann",
            "columns.event": "Vorgang",
        }

        done = post(browser, f"{table}/reading", said)

        page = browser.get(done.headers["Location"]).text
        assert '<span dir="auto">Ausgabe</span>' in page
        assert '<option value="tracking_history" selected>' in page

    def test_the_rows_can_be_something_else(self, browser, table):
        page = browser.get(f"{table}/reading?form=transcript").text

        assert 'name="columns.author"' in page
        assert 'name="columns.parcel"' not in page

    def test_a_file_that_leaves_nothing_open_has_nothing_to_choose(self, browser, case):
        item = add(browser, case, track("UC418827362CN"), "a.json")

        assert "/reading" not in browser.get(item).text
        assert "There is nothing to choose" in browser.get(f"{item}/reading").text


ORDERS = """Order ID,Order date,Item,Quantity,Total,Currency
39487512-0042-1,2026-11-02 10:00,Desk lamp,1,12.50,USD
"""


class TestRecord:
    def test_an_order_is_shown_by_its_facts(self, browser, case):
        item = add(browser, case, ORDERS.encode(), "orders.csv")

        page = browser.get(item).text

        for words in ("2026-11-02T10:00:00", "1 × Desk lamp", "12.50 USD"):
            assert words in page
        assert "Nothing was read" not in page

    def test_lines_without_a_zone_stand_as_they_were_written(self, signed_in, browser, case):
        item = add(browser, case, SCANS.encode(), "scans.csv")
        for line in ("order_screenshot", "proof_of_delivery"):
            post(browser, f"{case}/checklist/{line}/waive", {"reason": "lost"}, page=case)
        post(browser, f"{case}/hand-in")
        reviewer = signed_in(Role.REVIEWER, store=browser.store)

        for page in (browser.get(item).text, reviewer.get(f"{case}/review").text):
            assert "03/04/2026 10:00" in page
            assert "Berlin: Zugestellt" in page

    def test_after_the_platform_has_closed_the_page_says_what_can_still_be_done(self, browser):
        page = browser.get(open_case(browser, respond_by="2026-11-22T12:02")).text

        assert "Platform closed" in page
        assert "else record how it ended." in page
        assert "last safe hand-over" not in page


class TestPages:
    @pytest.fixture
    def document(self, browser, case):
        return add(browser, case, document("first page", "second page"), "a.pdf")

    def test_each_page_is_shown_by_itself_and_no_other(self, browser, document):
        shown = [browser.get(f"{document}/picture?page={n}") for n in (1, 2, 3)]

        assert [one.status_code for one in shown] == [200, 200, 404]
        assert shown[0].data != shown[1].data
        assert "sandbox" in shown[1].headers["Content-Security-Policy"]

    def test_turning_to_a_page_keeps_what_was_marked(self, browser, document):
        page = post(browser, f"{document}/redact", {**PLACE, "shown": "1", "show": "2"}).text

        assert "page 2 has 360 × 640" in page
        assert f'src="{document}/picture?page=2"' in page
        assert 'value="700"' in page

    def test_a_page_it_does_not_have_is_refused_in_words(self, browser, document):
        said = {**PLACE, "page": "3", "reason": "address", "sure": "yes"}

        refused = post(browser, f"{document}/redact", said)

        assert "The document has no such page." in refused.text


class TestReview:
    @pytest.fixture
    def reviewed(self, signed_in, browser, case):
        """A case in review, an item of it, and its reviewer's browser."""
        item = add(browser, case, CHAT, "b.json")
        for line in ("order_screenshot", "proof_of_delivery"):
            post(browser, f"{case}/checklist/{line}/waive", {"reason": "lost"}, page=case)
        assert post(browser, f"{case}/hand-in").status_code == 303
        return case, item.rpartition("/")[2], signed_in(Role.REVIEWER, store=browser.store)

    def said(self, reviewer, case, **more):
        page = reviewer.get(f"{case}/review").text
        revision = page.split('name="revision" value="')[1].split('"')[0]
        return {"decision": "return", "revision": revision, **more}

    def test_without_a_word_returns_nothing_and_says_why(self, reviewed):
        case, item, reviewer = reviewed
        said = self.said(reviewer, case) | {f"item.{item}": "Whose words are these?"}

        refused = post(reviewer, f"{case}/review", said)

        assert refused.status_code == 422
        assert "Comment on the case</a>: Say what has to change" in refused.text
        assert "Whose words are these?</textarea>" in refused.text

    def test_one_decision_speaks_of_several_items_and_lines(self, browser, reviewed):
        case, item, reviewer = reviewed
        said = self.said(reviewer, case, comment="Not yet.") | {
            f"item.{item}": "Whose words are these?",
            "requirement.order_screenshot": "The order is needed.",
        }

        assert post(reviewer, f"{case}/review", said).status_code == 303

        page = browser.get(case).text
        for words in ("Not yet.", "Whose words are these?", "The order is needed."):
            assert words in page
        assert "<b>Order screenshot</b>" in page


@pytest.fixture(scope="module")
def approve(signed_in, browser):
    """A new case, approved by somebody else; returns its address."""

    def approved():
        case = open_case(browser)
        add(browser, case, CHAT, "b.json")
        for line in ("order_screenshot", "proof_of_delivery"):
            post(browser, f"{case}/checklist/{line}/waive", {"reason": "lost"}, page=case)
        post(browser, f"{case}/hand-in")
        reviewer = signed_in(Role.REVIEWER, store=browser.store)
        revision = reviewer.get(f"{case}/review").text.split('name="revision" value="')[1]
        said = {"decision": "approve", "revision": revision.split('"')[0]}
        assert post(reviewer, f"{case}/review", said).status_code == 303
        return case

    return approved


@pytest.fixture(scope="module")
def sent(browser, approve, run_jobs):
    """A case that was sent, and the address that takes the platform's receipt."""
    case = approve()
    post(browser, f"{case}/bundles", page=case)
    run_jobs()
    said = {"submitted_at": "2026-11-21T12:02", "reference": "OZ-7"}
    assert post(browser, f"{case}/submission", said).status_code == 303
    page = browser.get(f"{case}/submission").text
    return case, page.split('/receipt"')[0].rpartition('"')[2] + "/receipt"


class TestSubmission:
    @pytest.mark.parametrize(
        ("file", "words"),
        [
            (None, "Choose a file."),
            ((b"", "empty.png"), "The file is empty; choose it again."),
            ((b'{"a": 1}', "a.json"), "A receipt is a picture, a PDF or a mail"),
        ],
    )
    def test_what_is_no_receipt_is_refused_beside_its_field(self, browser, sent, file, words):
        case, receipt = sent
        given = {"file": (io.BytesIO(file[0]), file[1])} if file else {}

        refused = post(browser, receipt, given, page=f"{case}/submission")

        assert refused.status_code == 422
        assert 'id="e-file"' in refused.text
        assert words in refused.text

    def test_of_an_outcome_every_wrong_field_is_named_at_once(self, browser, sent):
        url = f"{sent[0]}/outcome"

        refused = post(browser, url, {"amount": "12,5x", "currency": "USD"})

        assert refused.status_code == 422
        assert "Outcome</a>: Choose one." in refused.text
        assert "Amount</a>: Write it like 12.50" in refused.text

    def test_a_receipt_of_what_was_never_sent_is_refused_in_words(self, browser, approve):
        case = approve()
        receipt = f"{case}/submissions/00000000-0000-7000-8000-000000000000/receipt"

        refused = post(browser, receipt, page=case)

        assert refused.status_code == 422
        assert "Choose a file." in refused.text


class TestStatement:
    @pytest.fixture
    def case(self, signed_in):
        browser = signed_in(Role.AGENT, "ebay")
        page = browser.get("/cases/new").text
        reason = page.split('id="f-reason"')[1].split('value="')[2].split('"')[0]
        return browser, open_case(browser, reason)

    def test_that_is_too_long_is_refused_with_the_count_and_not_cut(self, case):
        browser, url = case
        text = "ё" * 1_001

        refused = post(browser, f"{url}/statement", {"field.note": text})

        assert refused.status_code == 422
        assert "1001 of at most 1000" in refused.text
        assert f"{text}</textarea>" in refused.text

    def test_that_fits_to_the_letter_is_kept(self, case):
        browser, url = case

        assert post(browser, f"{url}/statement", {"field.note": "ё" * 1_000}).status_code == 303
        assert "1000 of 1000 characters" in browser.get(f"{url}/statement").text


class TestRefusals:
    def test_a_form_sent_after_signing_out_leads_back_and_says_it_was_not_saved(self, app, case):
        client = app.test_client()
        page = f"http://localhost{case}/statement?lang=en"

        sent = client.post(f"{case}/statement", headers={"Referer": page})

        assert sent.headers["Location"] == f"/sign-in?next={case}/statement&unsaved=1"
        assert "What you sent was not saved" in client.get(sent.headers["Location"]).text

    def test_a_form_with_another_token_leads_back_to_its_page(self, browser, case):
        page = f"http://localhost{case}/statement"

        refused = browser.post(
            f"{case}/statement", data={"form_token": "x"}, headers={"Referer": page}
        )

        assert refused.status_code == 403
        assert f'href="{case}/statement">Back to the page</a>' in refused.text

    @pytest.mark.parametrize("part", ["evidence", "statement"])
    def test_a_body_above_the_limit_is_refused_on_a_page(self, browser, case, part):
        refused = browser.post(
            f"{case}/{part}",
            data={"file": (io.BytesIO(b"long"), "long.txt")},
            headers={"Referer": f"http://localhost{case}"},
            environ_overrides={"CONTENT_LENGTH": "200000000"},
        )

        assert refused.status_code == 413
        assert "Too large" in refused.text
        assert f'href="{case}">Back to the page</a>' in refused.text

    def test_an_address_that_asks_for_what_there_is_not_names_it(self, browser):
        refused = browser.get("/archive?outcome=bogus")

        assert refused.status_code == 422
        assert "Outcome: Choose one of those offered." in refused.text


@pytest.fixture(scope="module")
def admin(signed_in):
    return signed_in(Role.ADMIN)


class TestStoresAndPeople:
    def person(self, **more):
        email = f"new.{secrets.token_hex(4)}@example.com"
        return {"email": email, "password": PASSWORD, "language": "ru", "role": "agent", **more}

    def test_somebody_added_there_signs_in_and_sees_the_store(self, app, admin):
        name = f"Лавка {secrets.token_hex(4)}"
        store = {"name": name, "platform": "ozon", "time_zone": "Europe/Moscow", "language": "ru"}
        assert post(admin, "/admin/stores", store, page="/admin").status_code == 303
        page = admin.get("/admin").text
        store_id = page.split(f">{name}</span>")[0].rpartition('value="')[2].split('"')[0]
        person = self.person(store=store_id)
        assert post(admin, "/admin/people", person, page="/admin").status_code == 303

        client = app.test_client()
        said = {"email": person["email"], "password": PASSWORD}
        assert post(client, "/sign-in", said).status_code == 303
        assert name in client.get("/cases/new").text

    def test_a_store_of_a_language_without_words_is_refused(self, admin):
        store = {"name": "x", "platform": "ozon", "time_zone": "UTC", "language": "xx"}
        refused = post(admin, "/admin/stores", store, page="/admin")

        assert refused.status_code == 422
        assert "There are zh, en and ru; choose one." in refused.text

    @pytest.mark.parametrize(
        ("wrong", "words"),
        [
            ({"role": ""}, "Roles</a>: Tick at least one role."),
            ({"password": "short"}, "Password</a>: Use 12 to 256 characters."),
            ({"email": "nobody"}, "E-mail</a>: Write it like li.wei@example.com."),
        ],
    )
    def test_a_person_who_is_not_in_order_is_refused_by_field(self, admin, wrong, words):
        refused = post(admin, "/admin/people", self.person(**wrong), page="/admin")

        assert refused.status_code == 422
        assert words in refused.text
        assert PASSWORD not in refused.text

    def test_all_that_is_wrong_of_a_person_is_named_at_once(self, admin):
        wrong = self.person(email="nobody", password="short", role="")

        refused = post(admin, "/admin/people", wrong, page="/admin")

        assert all(f'id="e-{name}"' in refused.text for name in ("email", "password", "role"))

    def test_nobody_else_has_that_page(self, browser):
        assert browser.get("/admin").status_code == 403
        assert post(browser, "/admin/people", self.person(), page="/").status_code == 403
        assert "/admin" not in browser.get("/").text
