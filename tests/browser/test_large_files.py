"""A file too large for a form goes by itself: read, sent, checked, all on the page that stays."""

import os

import pytest
from playwright.sync_api import expect
from test_journey import open_case

from evidence_service.domain.access import Role

VIDEO = b"\x00\x00\x00\x18ftypmp42" + os.urandom(9_000_000)
FORM = "document.querySelector('[data-upload]')"


@pytest.fixture
def page(sign_in):
    page = sign_in(Role.AGENT)
    open_case(page)
    page.evaluate(f"{FORM}.dataset.most = 1000")
    return page


def choose(page, content, name="unboxing.mp4"):
    page.set_input_files(
        "#f-file", files=[{"name": name, "mimeType": "video/mp4", "buffer": content}]
    )


class TestLargeFiles:
    def test_a_video_becomes_an_item_that_is_checked(self, page, do_jobs):
        page.select_option("[name=kind]", "unboxing_video")
        choose(page, VIDEO)
        card = page.locator("li.item")

        expect(card).to_contain_text("Being checked")
        do_jobs()
        expect(card).not_to_contain_text("Being checked")
        expect(card).to_contain_text("Unboxing video")
        expect(card).to_contain_text("9 MB")

    def test_what_is_refused_stays_said(self, page, do_jobs):
        page.select_option("[name=kind]", "order_screenshot")
        choose(page, VIDEO, "order.png")
        expect(page.locator("li.item")).to_contain_text("Being checked")
        do_jobs()
        page.reload()

        expect(page.locator(".note", has_text="order.png")).to_contain_text("chosen kind")
        expect(page.locator("li.item")).to_have_count(0)

    def test_a_lost_connection_says_so(self, page):
        page.route("**/uploads/*", lambda route: route.abort())
        choose(page, VIDEO)

        expect(page.locator(".uploads li")).to_have_text("unboxing.mp4: Not uploaded; try again")

    def test_the_hash_in_pieces_is_the_hash_of_the_whole(self, page):
        """Against the browser's own digest, at every length around a block."""
        differ = page.evaluate("""async () => {
            const differ = [];
            for (let length = 0; length < 200; length += 1) {
                const bytes = crypto.getRandomValues(new Uint8Array(length));
                const whole = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
                const hash = new Sha256();
                for (let at = 0; at < length; at += 37) hash.update(bytes.subarray(at, at + 37));
                const hex = [...whole].map((b) => b.toString(16).padStart(2, "0")).join("");
                if (hash.hex() !== hex) differ.push(length);
            }
            return differ;
        }""")

        assert differ == []
