"""Chats as CSV: headers in three languages, delimiters, encodings, times."""

from datetime import UTC, datetime

import pytest

from evidence_service.domain.transcript import MessageRole
from evidence_service.readers import read as read_file
from evidence_service.readers import tables
from evidence_service.readers.chat import table
from evidence_service.readers.texts import Text

AT_NOON = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)


def read(text):
    found = (table.read(one) for one in tables.of_text(Text(text.encode())))
    return next(filter(None, found), None)


def messages(*lines):
    return read("\n".join(lines) + "\n").contents[0].messages


class TestHeader:
    @pytest.mark.parametrize(
        "header",
        [
            "Date,Author,Message",
            "sent_at,From,Body",
            "发送时间,发送人,消息内容",
            "Дата и время,Отправитель,Текст сообщения",
        ],
    )
    def test_is_recognised_in_three_languages(self, header):
        (found,) = messages(header, "2026-05-01T12:00:00Z,Ann,hi")

        assert (found.author, found.text, found.sent_at) == ("Ann", "hi", AT_NOON)

    @pytest.mark.parametrize("name", ["Time", "Hour"])
    def test_the_time_of_day_may_stand_apart(self, name):
        (found,) = messages(f"Date,{name},Sender,Message", "2026-05-01,15:00:00,Ann,hi")

        assert found.local_time == "2026-05-01T15:00:00"

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "hello, world",
            "date,status,location\n2026-05-01,Delivered,Tver\n",
            "Name,Email,Notes,Created at\n#1,a@b.test,call,2026-05-01\n",
            "StartMessage,DeletedMessage\n^You,^This\n",
        ],
    )
    def test_other_tables_are_none(self, text):
        assert read(text) is None

    def test_a_date_and_a_time_apart(self):
        (found,) = messages("time,date,author,text", "12:00:00,2026-05-01,Ann,hi")

        assert found.local_time == "2026-05-01T12:00:00"


class TestCells:
    @pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
    def test_delimiter(self, delimiter):
        (found,) = messages(
            delimiter.join(("date", "author", "text")), f"2026-05-01{delimiter}A{delimiter}x"
        )

        assert (found.author, found.text) == ("A", "x")

    def test_a_quoted_text_may_hold_lines_and_delimiters(self):
        (found,) = messages("date,author,text", '2026-05-01,Ann,"one, two\nthree"')

        assert found.text == "one, two\nthree"

    def test_delimiters_that_nobody_quoted_stay_in_the_last_column(self):
        (found,) = messages("date,author,text", "2026-05-01,Ann,one, two, three")

        assert found.text == "one, two, three"

    def test_a_short_row_is_filled_up(self):
        assert messages("date,author,text", "2026-05-01,Ann")[0].text == ""

    @pytest.mark.parametrize(
        ("cell", "role"),
        [
            ("Buyer", MessageRole.BUYER),
            ("客服", MessageRole.SELLER),
            ("Площадка", MessageRole.PLATFORM),
            ("bot", MessageRole.BOT),
            ("incoming", MessageRole.UNKNOWN),
        ],
    )
    def test_roles_that_the_source_tells(self, cell, role):
        (found,) = messages("date,role,text", f"2026-05-01,{cell},hi")

        assert (found.author, found.role) == (cell, role)

    def test_internal_notes_and_attachments(self):
        (found,) = messages("date,author,text,internal,attachment", "2026-05-01,Ann,hi,yes,a.jpg")

        assert (found.is_internal, found.attachments) == (True, ("a.jpg",))


class TestTimes:
    @pytest.mark.parametrize(
        ("header", "written"),
        [
            ("date", "2026-05-01 14:00:00 +0200"),
            ("date", "2026-05-01T12:00:00Z"),
            ("date", "1777636800"),
            ("date", "1777636800000"),
            ("Date (UTC)", "01.05.2026 12:00"),
        ],
    )
    def test_an_instant_where_there_is_a_zone(self, header, written):
        found = read(f"{header},author,text\n{written},Ann,hi\n")

        assert found.contents[0].messages[0].sent_at == AT_NOON
        assert found.warnings == ()

    def test_no_instant_without_one(self):
        found = read("date,author,text\n05/13/2026 1:05 PM,Ann,hi\n")
        (said,) = found.contents[0].messages

        assert (said.sent_at, said.local_time) == (None, "2026-05-13T13:05:00")
        assert found.warnings == ("time_zone_unknown",)

    def test_stays_as_written_where_day_and_month_cannot_be_told_apart(self):
        found = read("date,author,text\n05/04/2026 10:00,Ann,hi\n")

        assert found.contents[0].messages[0].local_time == "05/04/2026 10:00"
        assert "date_order_ambiguous" in found.warnings


class TestEncodings:
    CHINESE = "时间,发送人,内容\n2026-05-01 12:00,王女士,我的包裹到哪里了\n"
    RUSSIAN = "Дата;Автор;Сообщение\n01.05.2026 12:00;Анна;Где моя посылка?\n"

    @pytest.mark.parametrize(
        ("text", "encoding", "warned"),
        [
            (CHINESE, "utf-8-sig", False),
            (CHINESE, "utf-16", False),
            (CHINESE, "gb18030", True),
            (RUSSIAN, "cp1251", True),
            (RUSSIAN, "utf-8", False),
        ],
    )
    def test_is_told_from_the_whole_file(self, tmp_path, text, encoding, warned):
        (tmp_path / "file").write_bytes(text.encode(encoding))
        found = read_file(tmp_path / "file")

        assert (
            found.contents[0].messages[0].text
            == text.strip().rpartition("\n")[2].split(";" if ";" in text else ",")[2]
        )
        assert ("encoding_assumed" in found.warnings) is warned

    @pytest.mark.parametrize("encoding", ["cp1252", "latin-1"])
    def test_western_letters_are_never_taken_for_cyrillic(self, tmp_path, encoding):
        (tmp_path / "file").write_bytes(
            "date,author,text\n2026-05-01,Jürg,schön für Müller\n".encode(encoding)
        )

        assert read_file(tmp_path / "file").reader is None
