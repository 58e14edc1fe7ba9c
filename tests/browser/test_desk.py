"""The desk's own pages: blacking out, reviewing part by part, counting, in three languages."""

import json

import pytest
from drawing import document, legible
from playwright.sync_api import expect
from test_every_page import TestEveryPage as EveryPage
from test_journey import open_case, pressing

from evidence_service.catalogue import LANGUAGES
from evidence_service.domain.access import Role

PICTURE = {"name": "order.png", "mimeType": "image/png", "buffer": legible("Order 1", "Total 5")}


INVOICE = {
    "name": "invoice.pdf",
    "mimeType": "application/pdf",
    "buffer": document("first page", "second page"),
}
SCANS = {
    "name": "scans.csv",
    "mimeType": "text/csv",
    "buffer": b"Zeitpunkt;Was geschah;Wo\n03/04/2026 10:00;Zugestellt;Berlin\n",
}


def add_picture(page):
    """The address of a new picture in the case that is open."""
    page.select_option("#add [name=kind]", "order_screenshot")
    return add_file(page, PICTURE)


def add_file(page, file):
    """The address of a new file in the case that is open."""
    if page.evaluate("!!document.querySelector('#add [type=submit][hidden]')"):
        with page.expect_navigation():
            page.set_input_files("#f-file", files=[file])
    else:
        page.set_input_files("#f-file", files=[file])
        page.click("#add [type=submit]")
    return page.locator(".item a.pic").get_attribute("href")


def places(page):
    rows = page.locator("[data-places] li").all()
    return [[int(n.input_value()) for n in row.locator("input").all()] for row in rows]


class TestBlackingOut:
    @pytest.fixture
    def page(self, sign_in):
        page = sign_in(Role.AGENT)
        open_case(page)
        page.goto(add_picture(page) + "/redact")
        return page

    def drag(self, page, start, end):
        frame = page.locator("[data-board]").bounding_box()
        points = [
            (frame["x"] + x * frame["width"], frame["y"] + y * frame["height"])
            for x, y in (start, end)
        ]
        page.mouse.move(*points[0])
        page.mouse.down()
        page.mouse.move(*points[1], steps=4)
        page.mouse.up()

    def test_a_place_is_drawn_moved_and_stretched_by_hand(self, page):
        self.drag(page, (0.5, 0.25), (0.25, 0.125))
        assert places(page) == [[1, 180, 160, 180, 160]]

        self.drag(page, (0.3, 0.2), (0.4, 0.2))
        assert places(page) == [[1, 252, 160, 180, 160]]

        self.drag(page, (0.6, 0.25), (0.6, 0.5))
        assert places(page) == [[1, 252, 160, 180, 480]]

    def test_a_place_is_set_moved_stretched_and_dropped_by_keys(self, page):
        page.get_by_role("button", name="One more place").press("Enter")
        (before,) = places(page)
        for key in ("ArrowRight", "ArrowDown", "Shift+ArrowLeft", "Shift+ArrowDown"):
            page.keyboard.press(key)
        (after,) = places(page)
        assert [b - a for a, b in zip(before, after, strict=True)] == [0, 7, 7, -7, 7]
        expect(page.locator(".black")).to_have_accessible_name("Place 1")

        page.keyboard.press("Delete")

        expect(page.locator(".black")).to_have_count(0)
        expect(page.get_by_role("button", name="One more place")).to_be_focused()

    def test_numbers_draw_the_place(self, page):
        for name, value in {"x": "72", "y": "128", "width": "360", "height": "64"}.items():
            page.fill(f"[name={name}]", value)

        frame = page.locator("[data-board]").bounding_box()
        box = page.locator(".black").bounding_box()
        assert box["x"] - frame["x"] == pytest.approx(frame["width"] / 10, abs=1)
        assert box["width"] == pytest.approx(frame["width"] / 2, abs=1)

    def test_a_drawn_place_is_black_in_the_copy(self, page):
        self.drag(page, (0, 0), (1, 0.2))
        page.fill("[name=reason]", "total")
        page.check("[name=sure]")
        pressing(page, "Replace by the redacted copy")

        expect(page.locator(".note").first).to_contain_text("A redacted copy.")

    def test_without_a_script_numbers_do(self, sign_in):
        page = sign_in(Role.AGENT, java_script_enabled=False)
        open_case(page)
        page.goto(add_picture(page) + "/redact")
        for name, value in {"x": "0", "y": "0", "width": "720", "height": "200"}.items():
            page.fill(f"[name={name}]", value)
        page.fill("[name=reason]", "total")
        page.check("[name=sure]")
        pressing(page, "Replace by the redacted copy")

        expect(page.locator(".note").first).to_contain_text("A redacted copy.")

    def test_a_place_is_drawn_on_the_second_page_of_a_document(self, sign_in):
        page = sign_in(Role.AGENT)
        open_case(page)
        page.goto(add_file(page, INVOICE) + "/redact")
        self.drag(page, (0, 0), (1, 0.1))
        pressing(page, "Next page")
        expect(page.locator(".black")).to_have_count(0)
        self.drag(page, (0, 0), (0.5, 0.1))
        assert places(page) == [[1, 0, 0, 360, 64], [2, 0, 0, 180, 64]]

        page.fill("[name=reason]", "address")
        page.check("[name=sure]")
        pressing(page, "Replace by the redacted copy")

        expect(page.locator(".note").first).to_contain_text("A redacted copy.")

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_its_page_fits_and_is_in_one_language(self, sign_in, page, language):
        path = page.url.partition("//")[2].partition("/")[2]
        other = sign_in(Role.AGENT, language, "dark")

        assert list(EveryPage().problems(other, f"/{path}")) == []


class TestReading:
    @pytest.fixture
    def table(self, sign_in):
        """Where it is chosen how a table is read."""
        page = sign_in(Role.AGENT)
        open_case(page)
        return add_file(page, SCANS) + "/reading"

    def test_columns_are_chosen_without_a_script(self, sign_in, table):
        page = sign_in(Role.AGENT, java_script_enabled=False)
        page.goto(table.removesuffix("/reading"))
        page.locator(".note a", has_text="Look and choose").first.click()
        page.click("text=a tracking event")
        page.select_option("[name='columns.time']", "Zeitpunkt")
        page.select_option("[name='columns.event']", "Was geschah")
        page.select_option("[name='columns.place']", "Wo")
        page.select_option("[name=date_order]", "day_first")
        page.fill("[name=time_zone]", "Europe/Berlin")
        pressing(page, "Read it so")

        expect(page.locator(".note").first).to_contain_text("It was read again as chosen.")
        expect(page.locator(".custody time").last).to_have_attribute(
            "datetime", "2026-04-03T08:00:00+00:00"
        )

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_its_page_fits_and_is_in_one_language(self, sign_in, table, language):
        page = sign_in(Role.AGENT, language, "dark")
        paths = [f"{table}?form={form}" for form in ("transcript", "tracking", "order")]

        assert [p for path in paths for p in EveryPage().problems(page, path)] == []


class TestReview:
    @pytest.fixture
    def review(self, sign_in):
        """A reviewer's page of a case with two exhibits."""
        agent = sign_in(Role.AGENT)
        case = open_case(agent)
        add_picture(agent)
        chat = {"messages": [], "has_next": False}
        note = {"name": "n.json", "mimeType": "application/json", "buffer": json.dumps(chat)}
        with agent.expect_navigation():
            agent.set_input_files("#f-file", files=[note | {"buffer": note["buffer"].encode()}])
        for _ in range(5):
            waivers = agent.locator(".req:has(.st-missing) details.more")
            if not waivers.count():
                break
            agent.locator(".req:has(.st-missing) > summary").first.evaluate(
                "line => { line.parentNode.open = true }"
            )
            waivers.first.locator("summary").click()
            waivers.first.locator("textarea").fill("lost")
            with agent.expect_navigation():
                waivers.first.locator("button[type=submit]").click()
        agent.goto(f"{case}/hand-in")
        with agent.expect_navigation():
            agent.click("main form button[type=submit]")
        page = sign_in(Role.REVIEWER)
        page.goto(f"{case}/review")
        return page

    def test_what_was_written_is_there_when_the_page_is_opened_again(self, review):
        review.locator(".rev-note textarea").first.fill("Whose order is this?")
        review.goto(review.url)

        expect(review.locator(".rev-note textarea").first).to_have_value("Whose order is this?")

    def test_sheets_are_as_wide_as_paper_and_grey_on_demand(self, review):
        sheet = review.locator(".a4").first
        assert sheet.evaluate("one => one.offsetWidth") == pytest.approx(794, abs=1)
        review.check("#grey")

        expect(sheet).to_have_css("filter", "grayscale(1)")

    def test_j_leads_from_exhibit_to_exhibit_and_to_the_decision(self, review):
        for _ in range(2):
            review.keyboard.press("j")

        expect(review.locator(".rev-list [aria-current]")).to_have_attribute("href", "#decide")

    def test_a_return_without_a_word_is_refused_where_it_is_missing(self, review):
        review.click("[value=return]")

        expect(review.locator("[name=comment]")).to_be_focused()
        expect(review.locator("#e-comment")).to_contain_text("Say what has to change")


class TestCounting:
    def test_a_text_is_counted_while_it_is_written_and_never_cut(self, sign_in):
        page = sign_in(Role.AGENT)
        page.goto(open_case(page) + "/statement")
        area = page.locator("textarea").first
        most = int(area.get_attribute("data-most"))
        area.fill("ё" * (most + 1))

        expect(page.locator("[data-of]").first).to_have_text(f"{most + 1} of {most} characters")
        expect(area).to_have_attribute("aria-invalid", "true")
        area.fill("ё")
        expect(area).not_to_have_attribute("aria-invalid", "true")
