"""The main job by hand: an agent, a reviewer and an auditor, each in a browser of their own."""

from datetime import UTC, datetime

import pytest
from drawing import screenshot
from playwright.sync_api import expect

from evidence_service import sample
from evidence_service.domain.access import Role

ORDER = sample.ORDER
DELIVERED = datetime(2026, 11, 16, 13, 52, tzinfo=UTC)
FILES = [
    {"name": "order.png", "mimeType": "image/png", "buffer": screenshot(f"Order {ORDER}")},
    {
        "name": "tracking.json",
        "mimeType": "application/json",
        "buffer": sample._tracking(DELIVERED),
    },
    {"name": "chat.json", "mimeType": "application/json", "buffer": sample._chat(DELIVERED)},
]


def open_case(page):
    page.goto("/cases/new")
    page.select_option("[name=reason]", "malicious_claim")
    page.fill("[name=order_number]", ORDER)
    page.fill("[name=opened_at]", "2026-11-21T12:00")
    page.fill("[name=amount]", "1290")
    page.fill("[name=currency]", "RUB")
    page.fill("[name=claim_text]", "Заказ так и не пришёл.")
    pressing(page, "Open the case")
    return page.url


def add_files(page):
    for kind, file in zip(("order_screenshot", "", ""), FILES, strict=True):
        page.select_option("#add [name=kind]", kind)
        with page.expect_navigation():
            page.set_input_files("#f-file", files=[file])
    expect(page.locator(".item")).to_have_count(3)


def pressing(page, words):
    with page.expect_navigation():
        page.get_by_role("button", name=words).click()


class TestJourney:
    def test_from_opening_to_a_checked_archive(self, sign_in, do_jobs):
        agent, reviewer = sign_in(Role.AGENT), sign_in(Role.REVIEWER)
        case = open_case(agent)
        expect(agent.locator("a.btn-main")).to_have_text("Add: Order screenshot")
        add_files(agent)
        agent.goto(f"{case}/statement")
        agent.locator("textarea").first.fill("Заказ выдан по коду.")
        pressing(agent, "Save")
        expect(agent.get_by_role("status")).to_have_text("Saved")
        agent.goto(f"{case}/hand-in")
        pressing(agent, "Hand in to review")

        reviewer.goto("/?tab=in_review")
        reviewer.click(f"text={ORDER} >> nth=-1")
        reviewer.click("text=Review it")
        pressing(reviewer, "Approve")
        expect(reviewer.locator(".sub .chip").first).to_have_text("Approved")

        agent.goto(case)
        agent.click("text=Choose how to send it")
        pressing(agent, "Make the bundle")
        do_jobs()
        expect(agent.locator(".verdict strong")).to_have_text("The bundle is ready")
        with agent.expect_download() as download:
            agent.click(".verdict a")
        assert download.value.path().read_bytes().startswith(b"%PDF-")

        agent.goto(f"{case}/submission")
        expect(agent.locator("[name=typed]")).to_have_count(0)  # it may be sent again there
        pressing(agent, "Record as sent")
        agent.set_input_files("#f-file", files=FILES[:1])
        pressing(agent, "Add the receipt")
        expect(agent.locator(".card .dl a").last).to_have_text(FILES[0]["name"])
        agent.goto(f"{case}/outcome")
        agent.check("[value=won]")
        pressing(agent, "Close the case")
        expect(agent.locator(".sub .chip").last).to_have_text("Won")

        reviewer.goto(f"{case}/archive")
        pressing(reviewer, "Archive the case")
        do_jobs()
        expect(reviewer.locator(".sub .chip").first).to_have_text("Archived")

        auditor = sign_in(Role.AUDITOR)
        auditor.goto("/archive?q=Забрала")
        expect(auditor.locator("mark").first).to_have_text("Забрала")
        auditor.click(".hits .actions a >> nth=0")
        auditor.click("text=Check now")
        expect(auditor.locator(".verdict strong")).to_have_text("Everything is as it was recorded.")
        with auditor.expect_download() as download:
            auditor.click("text=Download the package")
        assert download.value.path().read_bytes().startswith(b"PK")


class TestRefusals:
    def test_a_wrong_field_is_named_and_the_rest_is_still_there(self, sign_in):
        page = sign_in(Role.AGENT)
        page.goto("/cases/new")
        page.select_option("[name=reason]", "malicious_claim")
        page.fill("[name=order_number]", "1-2")
        page.fill("[name=opened_at]", "2026-11-21T12:00")
        page.fill("[name=amount]", "much")
        page.fill("[name=currency]", "RUB")
        page.click("text=Open the case")

        expect(page.locator("[name=amount]")).to_have_attribute("aria-invalid", "true")
        expect(page.locator("[name=amount]")).to_be_focused()
        expect(page.locator("[name=order_number]")).to_have_value("1-2")

    def test_a_file_that_is_not_taken_says_why(self, sign_in):
        page = sign_in(Role.AGENT)
        open_case(page)
        empty = {"name": "empty.txt", "mimeType": "text/plain", "buffer": b""}
        page.set_input_files("#f-file", files=[empty])

        expect(page.locator(".uploads li")).to_have_text(
            "empty.txt: The file is empty; choose it again."
        )

    def test_another_order_number_sends_nothing(self, sign_in):
        page = sign_in(Role.AGENT, java_script_enabled=False)
        case = open_case(page)
        page.goto(f"{case}/submission")

        expect(page.locator("#send")).to_have_count(0)

    def test_without_a_role_a_page_says_so(self, sign_in):
        case = open_case(sign_in(Role.AGENT))
        auditor = sign_in(Role.AUDITOR)
        answer = auditor.goto(case)

        assert answer.status == 404
        expect(auditor.get_by_role("heading")).to_have_text("Not found")


class TestWithoutScript:
    def test_files_are_added_and_the_case_is_handed_in(self, sign_in):
        page = sign_in(Role.AGENT, java_script_enabled=False)
        case = open_case(page)
        page.set_input_files("#f-file", files=FILES[1:])
        page.click("#add button")
        page.select_option("#add [name=kind]", "order_screenshot")
        page.set_input_files("#f-file", files=FILES[:1])
        page.click("#add button")
        expect(page.locator(".item")).to_have_count(3)
        page.goto(f"{case}/hand-in")
        page.click("main form button[type=submit]")

        expect(page.locator(".sub .chip").first).to_have_text("In review")


class TestKeys:
    @pytest.fixture
    def case_page(self, sign_in):
        page = sign_in(Role.AGENT)
        open_case(page)
        add_files(page)
        return page

    def test_j_and_k_move_through_the_items(self, case_page):
        for key in ("j", "j", "k"):
            case_page.keyboard.press(key)

        expect(case_page.locator(".item a.pic").first).to_be_focused()

    def test_a_question_mark_shows_all_keys_and_escape_hides_them(self, case_page):
        case_page.keyboard.press("?")
        expect(case_page.locator("#keys")).to_be_visible()
        case_page.keyboard.press("Escape")
        expect(case_page.locator("#keys")).to_be_hidden()

    def test_single_keys_can_be_switched_off(self, case_page):
        case_page.keyboard.press("?")
        case_page.uncheck("[data-keys]")
        case_page.keyboard.press("Escape")
        case_page.keyboard.press("j")

        expect(case_page.locator(".item a.pic").first).not_to_be_focused()
