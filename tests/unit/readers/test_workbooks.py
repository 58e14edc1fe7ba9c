"""Workbooks are read as a CSV is: by the same readers, under limits told before they are opened."""

import zipfile

import pytest
from workbooks import Day, ods, xlsx

from evidence_service.readers import read
from evidence_service.readers.sheets import MOST_BYTES, ODS, XLSX

CHAT = [["Date", "Author", "Message"], ["2026-05-01 12:00", "Ann", "where is it?"]]
CARD = [["Note", "Kept"], ["4111 1111 1111 1111", "x"]]


def messages(found):
    return [(one.author, one.local_time, one.text) for one in found.contents[0].messages]


class TestSheets:
    def test_a_chat_as_a_sheet_is_the_chat_as_csv(self, tmp_path):
        found = read(xlsx(tmp_path / "a", CHAT))
        (tmp_path / "b").write_text("\n".join(map(",".join, CHAT)))

        assert (found.reader, found.media_type) == ("table", XLSX)
        assert found.contents == read(tmp_path / "b").contents

    def test_open_document(self, tmp_path):
        found = read(ods(tmp_path / "a", CHAT))

        assert (found.media_type, messages(found)) == (
            ODS,
            [("Ann", "2026-05-01T12:00:00", "where is it?")],
        )

    def test_a_third_party_export_of_wechat(self, tmp_path):
        rows = [
            ["time(Asia/Shanghai)", "from_id", "from_nickname", "content_type", "content"],
            ["2026-05-01 12:00:00", "1", "Ann", "Text", "在吗"],
        ]

        assert read(xlsx(tmp_path / "a", rows)).reader == "wechat_csv"

    def test_dates_and_numbers_are_what_a_person_sees(self, tmp_path):
        rows = [["Date", "Author", "Message"], [Day(46143.5), "Ann", 12.0], [Day(46143), 7, 1.5]]
        found = read(xlsx(tmp_path / "a", rows))

        assert messages(found) == [
            ("Ann", "2026-05-01T12:00:00", "12"),
            ("7", "2026-05-01", "1.5"),
        ]

    def test_the_header_may_stand_below_a_title(self, tmp_path):
        assert read(xlsx(tmp_path / "a", [["Chat with Ann"], [], *CHAT])).reader == "table"

    def test_the_first_sheet_that_is_recognised_is_read(self, tmp_path):
        found = read(xlsx(tmp_path / "a", [["a", "b"], ["1", "2"]], CHAT))

        assert found.reader == "table"

    def test_a_hidden_sheet_is_not_read(self, tmp_path):
        found = read(xlsx(tmp_path / "a", CHAT, hidden={0}))

        assert (found.reader, found.media_type) == (None, XLSX)


class TestCards:
    @pytest.mark.parametrize("hidden", [(), {1}])
    def test_a_card_number_in_any_sheet_holds_the_file(self, tmp_path, hidden):
        found = read(xlsx(tmp_path / "a", CHAT, CARD, hidden=hidden))

        assert (found.hides_card, found.contents, found.layout) == (True, (), None)


class TestLimits:
    def test_a_sheet_that_says_it_is_too_large_is_not_opened(self, tmp_path):
        dimension = '<dimension ref="A1:XFD1048576"/>'
        found = read(xlsx(tmp_path / "a", CHAT, dimension=dimension))

        assert (found.reader, found.warnings) == (None, ("sheet_too_large",))

    def test_a_workbook_that_unpacks_to_too_much_is_not_opened(self, tmp_path):
        workbook = xlsx(tmp_path / "a", CHAT)
        with zipfile.ZipFile(workbook, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as more:
            more.writestr("xl/media/image1.png", bytes(MOST_BYTES))

        assert read(workbook).warnings == ("sheet_too_large",)

    def test_a_damaged_one_is_kept_unread(self, tmp_path):
        whole = xlsx(tmp_path / "a", CHAT).read_bytes()
        (tmp_path / "b").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
        (tmp_path / "c").write_bytes(whole[:-40])

        assert read(tmp_path / "b").warnings == ("not_recognised",)
        assert read(tmp_path / "c").warnings == ("not_recognised",)
