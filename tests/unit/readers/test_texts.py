"""A file's text: by its lines, as a whole, and whether it is one."""

import codecs

import pytest

from evidence_service.readers.texts import Text, of_bytes

WORDS = "Где\n\n日本 😀\r\nlast"
LINES = ["Где", "", "日本 😀", "last"]


class TestEncodings:
    @pytest.mark.parametrize(
        "data",
        [
            WORDS.encode(),
            WORDS.encode("utf-8-sig"),
            codecs.BOM_UTF16_LE + WORDS.encode("utf-16-le"),
            codecs.BOM_UTF16_BE + WORDS.encode("utf-16-be"),
        ],
    )
    def test_are_told_by_their_marks(self, data):
        text = of_bytes(data)

        assert (list(text.lines()), str(text)) == (LINES, WORDS)
        assert "日本" in text

    @pytest.mark.parametrize("encoding", ["ISO-8859-5", "windows-1251", "koi8-r"])
    def test_are_told_by_an_xml_document(self, encoding):
        words = f"<?xml version='1.0' encoding='{encoding}'?><a>Где</a>"

        assert str(of_bytes(words.encode(encoding))) == words

    @pytest.mark.parametrize("encoding", ["iso-8859-12", "utf-8", "utf-7", "rot13", "made-up"])
    def test_no_other_encoding_is_taken_from_a_document(self, encoding):
        words = f"<?xml version='1.0' encoding='{encoding}'?><a>\xff</a>"

        assert of_bytes(words.encode("latin-1")) is None

    @pytest.mark.parametrize("cut", range(1, 5))
    def test_a_character_may_stand_on_any_slice(self, cut):
        words = "x" * (65536 - cut) + "😀" * 3

        assert str(of_bytes(words.encode())) == words
        assert str(of_bytes(words.encode("utf-16"))) == words

    @pytest.mark.parametrize(
        "data", [b"\xff", b"x" * 70_000 + b"\xf0\x9f", "Заказ".encode("cp1251"), b"\xff\xfea"]
    )
    def test_what_is_of_none_is_no_text(self, data):
        assert of_bytes(data) is None


def test_blank_lines_before_it_are_no_part_of_it():
    text = Text("\ufeff\r\n\n\ufefffirst\n\n".encode())

    assert list(text.lines()) == ["first", ""]
    assert str(text) == "first\n\n"


def test_is_gone_through_as_often_as_one_likes():
    text = Text(WORDS.encode())

    assert list(text.lines()) == list(text.lines())
