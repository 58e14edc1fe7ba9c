"""Messenger and Instagram: JSON with repaired letters, and Facebook's old page."""

from datetime import UTC, datetime

import pytest

from evidence_service.readers.chat import facebook_html, messenger
from evidence_service.readers.texts import Text


def message(**over):
    return {"sender_name": "Ann", "timestamp_ms": 1777636800000, "content": "hi"} | over


def messages(*found):
    return messenger.read({"messages": list(found)}).contents[0].messages


def garbled(text):
    return text.encode().decode("latin-1")


class TestJson:
    def test_instant(self):
        (found,) = messages(message())

        assert found.sent_at == datetime(2026, 5, 1, 12, 0, tzinfo=UTC)

    def test_turns_the_newest_first_round(self):
        found = messages(message(timestamp_ms=2, content="b"), message(timestamp_ms=1, content="a"))

        assert [m.text for m in found] == ["a", "b"]

    @pytest.mark.parametrize("text", ["Grüße", "Привет", "你好", "😊"])
    def test_repairs_bytes_written_as_characters(self, text):
        (found,) = messages(message(sender_name=garbled(text), content=garbled(text)))

        assert (found.author, found.text) == (text, text)

    def test_leaves_a_clean_file_alone(self):
        odd = garbled("ä")
        found = messages(message(content=odd), message(content="Привет"))

        assert found[0].text == odd

    def test_leaves_what_cannot_be_repaired(self):
        assert messages(message(content="caf\xe9"))[0].text == "caf\xe9"

    def test_names_files_stickers_and_links(self):
        (found,) = messages(
            message(
                content=None,
                photos=[{"uri": "photos/1.jpg"}],
                sticker={"uri": "stickers/2.png"},
                share={"link": "https://x.test", "share_text": "look"},
            )
        )

        assert found.attachments == ("photos/1.jpg", "stickers/2.png", "https://x.test")
        assert found.text == "look"

    def test_says_that_a_message_was_withdrawn(self):
        found = messenger.read({"messages": [message(content=None, is_unsent=True)]})

        assert found.warnings == ("message_removed",)

    def test_the_form_of_encrypted_chats(self):
        (found,) = messages(
            {
                "senderName": "Ann",
                "timestamp": 1777636800000,
                "text": "hi",
                "media": [{"uri": "m/1"}],
            }
        )

        assert (found.author, found.text, found.attachments) == ("Ann", "hi", ("m/1",))

    def test_another_list_of_messages_is_none(self):
        assert messenger.read({"messages": [{"sender": "Ann", "text": "hi"}]}) is None


def head(meta):
    return (
        '<div class="message"><div class="message_header"><span class="user">Ann</span>'
        f'<span class="meta">{meta}</span></div></div>'
    )


def thread(*parts):
    page = f'<html><div class="thread">Ann, Bob{"".join(parts)}</div></html>'
    return facebook_html.read(Text(page.encode()))


class TestOldPage:
    @pytest.mark.parametrize(
        ("zone", "at"),
        [
            ("PDT", datetime(2013, 10, 5, 5, 5, tzinfo=UTC)),
            ("UTC+02", datetime(2013, 10, 4, 20, 5, tzinfo=UTC)),
            ("UTC-03:30", datetime(2013, 10, 5, 1, 35, tzinfo=UTC)),
            ("XYZ", None),
        ],
    )
    def test_instant_where_the_zone_is_known(self, zone, at):
        found = thread(head(f"Friday, October 4, 2013 at 10:05pm {zone}"), "<p>hi</p>")

        assert found.contents[0].messages[0].sent_at == at

    def test_turns_the_newest_first_round(self):
        found = thread(head("b"), "<p>b</p>", head("a"), "<p>a</p>")

        assert [m.text for m in found.contents[0].messages] == ["a", "b"]
