"""LINE's text export: heads of days, columns, quotations that hold fake heads."""

import pytest

from evidence_service.domain.transcript import MessageRole
from evidence_service.readers.chat import line


def read(*lines):
    return line.read("\r\n".join(lines) + "\r\n")


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

    @pytest.mark.parametrize(
        "text", ["", "hello", "2024/01/15\nno time here", "2024/01/15\n10:00 server started"]
    )
    def test_other_texts_are_none(self, text):
        assert line.read(text) is None
