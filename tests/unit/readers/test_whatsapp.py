"""WhatsApp's text export: heads of every locale, what continues, what is no head."""

import contextlib
import io
import zipfile
from datetime import datetime

import pytest

from evidence_service.domain.transcript import MessageRole
from evidence_service.readers.chat import whatsapp
from evidence_service.readers.texts import Text


def read(*lines):
    return read_text("\n".join(lines) + "\n")


def read_text(text):
    return whatsapp.read(Text(text.encode()))


def messages(*lines):
    return read(*lines).contents[0].messages


class TestHeads:
    @pytest.mark.parametrize(
        "head",
        [
            "27/03/2022, 21:41 - ",
            "27/03/22, 9:41 PM - ",
            "27/03/2022, 9:41 p. m. - ",
            "27.03.22, 21:41 - ",
            "2022/03/27, 21:41 - ",
            "[27.03.2022, 21:41:00] ",
            "\u200e[27/03/2022, 21:41:00] ",
            "[27/03/2022, 9:41:00\u202fPM] ",
            "[21:41:00, 27/03/2022] ",
            "[27/03/2565 BE, 21:41:00] ",
            "[27/03/R4, 21:41:00] ",
            "[2022/3/27 下午9:41:00] ",
            "[27/03/2022 21.41.00] ",
            "27.3.2022 klo 21.41 - ",
            "27-Mar-2022, 21:41 - ",
            "[27/03/2022 晚上9:41:00] ",
            "27/03/2022 9:41 μ.μ. - ",
            "27.03.22 21:41:00: ",
            "27/03/22, 9:41:00 PM: ",
            (
                "[\u0662\u0667\u200f/\u0663\u200f/\u0662\u0660\u0662\u0662\u060c"
                " \u0669:\u0664\u0661:\u0660\u0660 م] "
            ),
        ],
    )
    def test_is_the_same_minute_in_every_locale(self, head):
        (message,) = messages(f"{head}Мария: Где посылка?")

        assert message.author == "Мария"
        assert message.text == "Где посылка?"
        assert datetime.fromisoformat(message.local_time) == datetime(2022, 3, 27, 21, 41)  # noqa: DTZ001 - local

    def test_gives_no_instant_because_the_file_names_no_zone(self):
        found = read("27/03/2022, 21:41 - Ann: hi")

        assert found.contents[0].messages[0].sent_at is None
        assert "time_zone_unknown" in found.warnings

    def test_midnight_on_a_twelve_hour_clock(self):
        times = [
            m.local_time
            for m in messages(
                "27/03/2022, 12:08 AM - Ann: a",
                "27/03/2022, 00:09 a. m. - Ann: b",
                "27/03/2022, 12:10 PM - Ann: c",
            )
        ]

        assert [time[11:16] for time in times] == ["00:08", "00:09", "12:10"]


class TestDateOrder:
    def test_is_decided_from_the_whole_file(self):
        first, _ = messages("01/02/2022, 10:00 - Ann: a", "13/02/2022, 10:00 - Ann: b")

        assert first.local_time == "2022-02-01T10:00:00"

    def test_month_first_where_a_second_part_passes_twelve(self):
        first, _ = messages("01/02/2022, 10:00 - Ann: a", "01/13/2022, 10:00 - Ann: b")

        assert first.local_time == "2022-01-02T10:00:00"

    def test_the_only_order_in_which_time_runs_forward(self):
        # As months first: 10 May, then 2 June. As days first: 5 October, then 6 February.
        first, _ = messages("5/10/22, 10:00 - Ann: a", "6/2/22, 10:00 - Ann: b")

        assert first.local_time == "2022-05-10T10:00:00"

    def test_stays_as_written_where_the_lines_leave_it_open(self):
        found = read("1/2/22, 10:00 - Ann: a", "3/4/22, 10:00 - Ann: b")

        assert found.contents[0].messages[0].local_time == "1/2/22, 10:00"
        assert "date_order_ambiguous" in found.warnings


class TestLines:
    def test_what_has_no_head_continues_the_message(self):
        (message,) = messages("27/03/2022, 21:41 - Ann: one", "", "three")

        assert message.text == "one\n\nthree"

    def test_a_line_without_author_is_the_systems(self):
        system, _ = messages("27/03/2022, 21:41 - You created group", "27/03/2022, 21:42 - Ann: hi")

        assert (system.role, system.author) == (MessageRole.SYSTEM, "")

    def test_a_colon_in_a_quoted_name_makes_no_author(self):
        system, _ = messages(
            '27/03/2022, 21:41 - Ann changed the subject from "A: B" to "C"',
            "27/03/2022, 21:42 - Ann: hi",
        )

        assert system.role is MessageRole.SYSTEM

    def test_keeps_marks_inside_the_text(self):
        (message,) = messages("[27/03/2022, 21:41:00] Ann: \u200eimage omitted")

        assert message.text == "\u200eimage omitted"

    @pytest.mark.parametrize(
        "text",
        [
            "\u200e<attached: 00000035-PHOTO-2022-03-27-21-41-55.jpg>",
            "\u200e< attached: 00000035-PHOTO-2022-03-27-21-41-55.jpg >",
            "\u200e00000035-PHOTO-2022-03-27-21-41-55.jpg (file attached)",
        ],
    )
    def test_names_the_attached_file(self, text):
        (message,) = messages(f"[27/03/2022, 21:41:00] Ann: {text}")

        assert message.attachments == ("00000035-PHOTO-2022-03-27-21-41-55.jpg",)

    @pytest.mark.parametrize(
        "text",
        [
            "hello",
            "",
            "2022-03-27 a log line",
            "2022-03-27 21:41:00: root: started",
            "Dear Ann: 27/03/2022, 21:41 - no",
        ],
    )
    def test_is_no_export_where_the_first_line_has_no_head(self, text):
        assert read_text(text) is None

    def test_a_line_above_the_chat_is_the_systems(self):
        notice, first, second = messages(
            "Messages are end-to-end encrypted.",
            "",
            "27/03/2022, 21:41 - Ann: hi",
            "27/03/2022, 21:42 - Bob: hello",
        )

        assert (notice.role, notice.text) == (
            MessageRole.SYSTEM,
            "Messages are end-to-end encrypted.",
        )
        assert (first.author, second.author) == ("Ann", "Bob")

    @pytest.mark.parametrize(
        "lines",
        [
            ("a title", "27/03/2022, 21:41 - Ann: hi"),
            ("a title", "and more", *["27/03/2022, 21:41 - Ann: hi"] * 2),
        ],
    )
    def test_is_no_export_where_that_may_be_chance(self, lines):
        assert read(*lines) is None


class TestSamples:
    """Messages, of these without author, and line breaks inside, as counted by hand elsewhere."""

    @pytest.mark.parametrize(
        ("pattern", "counts"),
        [
            ("*-ios__whats_json.txt", (23, 0)),
            ("whatsapp-*android*__whatsr.txt", (50, 8)),
            ("whatsapp-*24h__chat-miner.txt", (9, 3)),
            ("whatsapp-merge-part*", (300, 0)),
            ("whatsapp-android-group*", (20, 16)),
            ("whatsapp-english-android-media*", (60, 1)),
        ],
    )
    def test_counts(self, samples, pattern, counts):
        files = list((samples / "chat").glob(pattern))
        assert files

        for file in files:
            found = whatsapp.read(Text(file.read_bytes())).contents[0].messages
            system = sum(message.role is MessageRole.SYSTEM for message in found)
            assert (len(found), system) == counts, file.name

    def test_one_conversation_in_every_language(self, samples):
        files = (samples / "chat").glob("*-ios__whats_json.txt")
        minutes = {
            tuple(
                m.local_time[:16] for m in whatsapp.read(Text(f.read_bytes())).contents[0].messages
            )
            for f in files
        }

        assert len(minutes) == 1


class TestZip:
    CHAT = (
        "[27/03/2022, 21:41:00] Ann: \u200e<attached: 1-PHOTO.jpg>\n"
        "[27/03/2022, 21:42:00] Ann: doc.pdf (Datei angehängt)\n"
        "[27/03/2022, 21:43:00] Bob: notes.txt\n"
    )

    def archive(self, **files):
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as archive:
            for name, content in files.items():
                archive.writestr(name, content)
        return zipfile.ZipFile(made)

    def test_media_of_the_archive_are_attachments(self):
        files = {"_chat.txt": self.CHAT, "1-PHOTO.jpg": b"", "doc.pdf": b"", "notes.txt": "milk"}
        found = whatsapp.read_zip(self.archive(**files))

        assert [m.attachments for m in found.contents[0].messages] == [
            ("1-PHOTO.jpg",),
            ("doc.pdf",),
            ("notes.txt",),
        ]
        assert (found.media_type, found.warnings) == ("application/zip", ("time_zone_unknown",))

    def test_the_chat_has_any_name_and_macos_adds_files(self):
        files = {"__MACOSX/._Чат.txt": b"\0", "Чат WhatsApp с Ann.txt": self.CHAT}

        assert whatsapp.read_zip(self.archive(**files)).warnings == ("time_zone_unknown",)

    def test_says_that_media_have_no_message(self):
        found = whatsapp.read_zip(self.archive(**{"_chat.txt": self.CHAT, "other.jpg": b""}))

        assert whatsapp.MEDIA_WITHOUT_MESSAGE in found.warnings

    def test_another_archive_is_none(self):
        assert whatsapp.read_zip(self.archive(**{"readme.txt": "hello", "a.jpg": b""})) is None

    def test_a_damaged_member_is_none(self, tmp_path):
        path = tmp_path / "file"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("_chat.txt", self.CHAT * 100)
        data = bytearray(path.read_bytes())
        data[45:90] = bytes(45)
        path.write_bytes(data)

        with zipfile.ZipFile(path) as archive, contextlib.suppress(zipfile.BadZipFile):
            assert whatsapp.read_zip(archive) is None
