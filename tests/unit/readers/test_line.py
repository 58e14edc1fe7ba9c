"""LINE's text export: heads of days, columns, quotations that hold fake heads."""

import pytest

from evidence_service.domain.transcript import MessageRole
from evidence_service.readers.chat import line
from evidence_service.readers.texts import Text


def read(*lines):
    return read_text("\r\n".join(lines) + "\r\n")


def read_text(text):
    return line.read(Text(text.encode()))


def messages(*lines):
    return read(*lines).contents[0].messages


class TestTimes:
    @pytest.mark.parametrize(
        ("day", "clock"),
        [
            ("2024/01/15(Mon)", "16:32"),
            ("2024.01.15 Monday", "16:32"),
            ("2024/1/15(月)", "午後4:32"),
            ("2024/1/15周一", "下午04:32"),
            ("Mon, 01/15/2024", "4:32PM"),
            ("Mon, 15/01/2024", "4:32PM"),
        ],
    )
    def test_is_the_same_minute_in_every_form(self, day, clock):
        (found,) = messages(day, f"{clock}\tBob\thi")

        assert (found.author, found.text) == ("Bob", "hi")
        assert found.local_time == "2024-01-15T16:32:00"
        assert found.sent_at is None

    def test_the_weekday_settles_which_number_is_the_month(self):
        (american,) = messages("Mon, 11/03/2025", "9:30AM\tBob\thi")

        assert american.local_time == "2025-11-03T09:30:00"

    def test_stays_as_written_where_nothing_settles_it(self):
        found = read("01/02/2025", "9:30AM\tBob\thi", "03/04/2025", "9:31AM\tBob\tho")

        assert found.contents[0].messages[0].local_time == "01/02/2025 9:30AM"
        assert "date_order_ambiguous" in found.warnings

    def test_a_time_that_no_clock_shows_stays_as_written(self):
        (found,) = messages("2024/01/15(Mon)", "000:71\tBob\thi")

        assert found.local_time == "2024/01/15(Mon) 000:71"


class TestLines:
    def test_a_header_is_no_message(self):
        (found,) = messages(
            "[LINE] Chat history with Bob",
            "Saved on: 2024/01/16 10:00",
            "",
            "2024/01/15(Mon)",
            "10:00\tBob\thi",
        )

        assert found.text == "hi"

    def test_a_line_without_author_is_the_systems(self):
        (found,) = messages("2024/01/15(Mon)", "10:00\t\tBob joined the chat.")

        assert (found.role, found.text) == (MessageRole.SYSTEM, "Bob joined the chat.")

    def test_a_quotation_may_hold_heads_and_times(self):
        first, second = messages(
            "2024/01/15(Mon)",
            '10:00\tBob\t"look:',
            "2017/01/01(Sun)",
            "00:00\tEve\tfake",
            'end"',
            "10:01\tAnn\tyes",
        )

        assert first.text == "look:\n2017/01/01(Sun)\n00:00\tEve\tfake\nend"
        assert (second.author, second.local_time) == ("Ann", "2024-01-15T10:01:00")

    def test_a_quotation_mark_that_nobody_closes_is_text(self):
        first, second = messages("2024/01/15(Mon)", '10:00\tBob\t"oh', "10:01\tAnn\tyes")

        assert (first.text, second.text) == ('"oh', "yes")

    def test_what_has_no_time_continues_the_message(self):
        (found,) = messages("2024/01/15(Mon)", "10:00\tBob\tone", "", "two")

        assert found.text == "one\n\ntwo"

    def test_the_pc_program_separates_by_blanks_so_names_are_uncertain(self):
        found = read(
            "[LINE] Chat history with Bob Lee",
            "2024/01/15(Mon)",
            "10:00 Bob Lee hi there",
            "10:01 Ann yes",
        )

        assert [(m.author, m.text) for m in found.contents[0].messages] == [
            ("Bob Lee", "hi there"),
            ("Ann", "yes"),
        ]
        assert "author_uncertain" in found.warnings

    def test_an_editor_may_have_made_blanks_of_the_tabs(self):
        found = read("[LINE] x", "2024/01/15(Mon)", "10:00    Bob Lee    hi there")
        (said,) = found.contents[0].messages

        assert (said.author, said.text) == ("Bob Lee", "hi there")
        assert "author_uncertain" not in found.warnings

    @pytest.mark.parametrize(
        "text", ["", "hello", "2024/01/15\nno time here", "2024/01/15\n10:00 server started"]
    )
    def test_other_texts_are_none(self, text):
        assert read_text(text) is None


class TestLanguages:
    """Heads as exports of phones and of the PC program write them."""

    @pytest.mark.parametrize(
        ("head", "clock", "local"),
        [
            ("2015/12/25 Fri", "07:33", "2015-12-25T07:33:00"),
            ("Sun, 26/04/2026", "04:35PM", "2026-04-26T16:35:00"),
            ("2024.02.01 Thursday", "10:00 AM", "2024-02-01T10:00:00"),
            ("2024/01/15 จันทร์", "10:30", "2024-01-15T10:30:00"),
            ("จ. 15/01/2567", "10:30", "2024-01-15T10:30:00"),
            ("2024/01/23（二）", "下午01:02", "2024-01-23T13:02:00"),
            ("2024/01/23（週二）", "09:15", "2024-01-23T09:15:00"),
            ("2024.01.23 화요일", "오전 09:15", "2024-01-23T09:15:00"),
            ("Sel, 23/01/2024", "09.15", "2024-01-23T09:15:00"),
            ("R6/01/23(火)", "09:15", "2024-01-23T09:15:00"),
            ("H31/04/30(火)", "09:15", "2019-04-30T09:15:00"),
        ],
    )
    def test_a_message_has_its_author_and_time(self, head, clock, local):
        found = read_text(f"\n[LINE] x\nSaved\n\n{head}\n{clock}\tAnn\thello\n")
        (said,) = found.contents[0].messages

        assert (said.author, said.local_time, said.text) == ("Ann", local, "hello")

    def test_the_pc_program_writes_no_header(self):
        found = read_text("2025.12.30 火曜日\n23:43 natsumi スタンプ\n23:47 Ann わ！\n見ます\n")

        assert [one.text for one in found.contents[0].messages] == ["スタンプ", "わ！\n見ます"]
        assert "author_uncertain" in found.warnings

    def test_in_english_names_that_come_again_tell_a_chat_from_a_diary(self):
        found = read_text("2025.12.30 Tuesday\n23:43 Ann hi\n23:44 Bob yes?\n23:45 Ann late\n")

        assert [one.author for one in found.contents[0].messages] == ["Ann", "Bob", "Ann"]

    def test_a_diary_is_none(self):
        assert read_text("2025.12.30 Tuesday\n23:43 went home and slept\n") is None
