"""Telegram's exports: `result.json` of one chat and of an account, and `messages.html`."""

from datetime import UTC, datetime

import pytest

from evidence_service.domain.transcript import MessageRole
from evidence_service.readers.chat import telegram, telegram_html
from evidence_service.readers.texts import Text


def message(**over):
    return {
        "id": 1,
        "type": "message",
        "date": "2026-05-01T15:00:00",
        "date_unixtime": "1777636800",
        "from": "Анна",
        "from_id": "user7",
        "text": "Где посылка?",
    } | over


def only(**over):
    return telegram.read({"messages": [message(**over)]}).contents[0].messages[0]


class TestJson:
    def test_instant_beside_the_exporters_local_time(self):
        found = only()

        assert found.sent_at == datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
        assert found.local_time == "2026-05-01T15:00:00"

    def test_an_old_export_has_no_instant(self):
        found = telegram.read({"messages": [{"type": "message", "date": "2019-05-01T15:00:00"}]})

        assert found.contents[0].messages[0].sent_at is None
        assert found.warnings == ("time_zone_unknown",)

    def test_joins_a_text_of_pieces(self):
        pieces = ["see ", {"type": "link", "text": "t.me"}, "!"]

        assert only(text=pieces).text == "see t.me!"

    def test_a_deleted_account_goes_by_its_id(self):
        assert only(**{"from": None}).author == "user7"

    def test_a_service_line_is_the_systems(self):
        found = only(type="service", actor="Анна", action="phone_call", text="")

        assert (found.role, found.author, found.text) == (MessageRole.SYSTEM, "Анна", "phone_call")

    @pytest.mark.parametrize(
        ("fields", "names"),
        [
            ({"photo": "photos/1.jpg"}, ("photos/1.jpg",)),
            ({"file": "(File not included.)", "file_name": "a.pdf"}, ("a.pdf",)),
            ({"photo": "(File not included.)"}, ("(File not included.)",)),
        ],
    )
    def test_names_what_is_attached_even_where_it_was_left_out(self, fields, names):
        assert only(**fields).attachments == names

    @pytest.mark.parametrize(
        ("fields", "text"),
        [
            ({"sticker_emoji": "👍"}, "👍"),
            ({"location_information": {"latitude": 1.5, "longitude": 2}}, "1.5, 2"),
            ({"contact_information": {"first_name": "Li", "phone_number": "+86"}}, "Li +86"),
            ({"poll": {"question": "When?"}}, "When?"),
        ],
    )
    def test_says_what_stands_in_place_of_words(self, fields, text):
        assert only(text="", **fields).text == text

    def test_each_chat_of_an_account_is_a_transcript(self):
        account = {
            "chats": {"list": [{"messages": [message()]}, {"messages": []}]},
            "left_chats": {"list": [{"messages": [message(), message()]}]},
        }

        assert [len(one.messages) for one in telegram.read(account).contents] == [1, 2]

    @pytest.mark.parametrize("value", [[message()], {"chats": [{"messages": [message()]}]}])
    def test_lists_with_less_around_them(self, value):
        assert len(telegram.read(value).contents[0].messages) == 1

    def test_another_list_of_messages_is_none(self):
        assert telegram.read({"messages": [{"type": "message", "text": "hi"}]}) is None


def page(*blocks):
    return Text(f"<!DOCTYPE html><html><body>{''.join(blocks)}</body></html>".encode())


def block(said, *, name="", title="01.05.2026 15:00:00 UTC+03:00", joined=""):
    named = f'<div class="from_name"> {name} </div>' if name else ""
    return (
        f'<div class="message default clearfix{joined}"><div class="body">'
        f'<div class="pull_right date details" title="{title}">15:00</div>{named}{said}</div></div>'
    )


class TestHtml:
    def test_instant_with_a_warning_because_the_offset_ignores_summer(self):
        found = telegram_html.read(page(block('<div class="text">Hi<br>there</div>', name="Ann")))
        (said,) = found.contents[0].messages

        assert (said.author, said.text) == ("Ann", "Hi\nthere")
        assert said.sent_at == datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
        assert found.warnings == (telegram_html.OFFSET_UNCERTAIN,)

    def test_no_instant_without_an_offset(self):
        found = telegram_html.read(
            page(block('<div class="text">Hi</div>', name="Ann", title="01.05.2026 15:00:00"))
        )

        assert found.contents[0].messages[0].local_time == "01.05.2026 15:00:00"
        assert found.warnings == ("time_zone_unknown",)

    def test_a_joined_block_goes_on_by_the_same_author(self):
        found = telegram_html.read(
            page(
                block('<div class="text">a</div>', name="Ann"),
                block('<div class="text">b</div>', joined=" joined"),
            )
        )

        assert [m.author for m in found.contents[0].messages] == ["Ann", "Ann"]

    def test_a_day_between_messages_is_the_systems(self):
        day = '<div class="message service"><div class="body details">1 May 2026</div></div>'
        found = telegram_html.read(page(day, block('<div class="text">a</div>', name="Ann")))

        assert found.contents[0].messages[0].role is MessageRole.SYSTEM
        assert found.contents[0].messages[0].text == "1 May 2026"

    def test_a_day_that_the_exporter_puts_between_is_no_message(self):
        day = '<div class="message service" id="message-1"><div class="body">1 May</div></div>'
        found = telegram_html.read(page(day, block('<div class="text">a</div>', name="Ann")))

        assert [m.text for m in found.contents[0].messages] == ["a"]
        assert "time_unknown" not in found.warnings

    def test_names_the_files_of_the_export(self):
        media = (
            '<div class="media_wrap"><a href="photos/1.jpg"></a><a href="https://x.test"></a></div>'
        )
        found = telegram_html.read(page(block(media, name="Ann")))

        assert found.contents[0].messages[0].attachments == ("photos/1.jpg",)

    def test_another_page_is_none(self):
        assert telegram_html.read(page("<p>hello</p>")) is None
