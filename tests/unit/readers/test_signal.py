"""Signal: the text of signal-export, and a backup's lines."""

from datetime import UTC, datetime

import pytest

from evidence_service.domain.transcript import MessageRole
from evidence_service.readers.chat import signal
from evidence_service.readers.texts import Text


def read(text):
    return signal.read_text(Text(text.encode()))


class TestText:
    def test_lines_without_a_head_continue_the_message(self):
        found = read("[2026-05-01, 12:00] Ann: hi\nthere\n[2026-05-01, 12:01] Me: yes\n")
        first, second = found.contents[0].messages

        assert (first.author, first.text) == ("Ann", "hi\nthere")
        assert (second.local_time, second.sent_at) == ("2026-05-01T12:01:00", None)
        assert found.warnings == ("time_zone_unknown",)

    @pytest.mark.parametrize("time", ["2026-05-01, 12:00:00", "2026-05-01 12:00:00"])
    def test_whatsapps_heads_are_none_of_it(self, time):
        assert read(f"[{time}] Ann: hi\n") is None

    def test_later_versions_write_seconds(self):
        found = read(
            "[2026-05-01 12:00:09] Ann: see ![a](./media/a.jpg)  \n\n"
            "[2026-05-01 12:01:00] Me: yes\n"
        )
        first, second = found.contents[0].messages

        assert (first.local_time, first.attachments) == ("2026-05-01T12:00:09", ("media/a.jpg",))
        assert (second.author, second.text) == ("Me", "yes")


LINE = {
    "date": "2026-05-01T12:00:00",
    "sender": "Ann",
    "body": "hi",
    "quote": "",
    "sticker": None,
    "reactions": [],
    "attachments": [{"name": "a.jpg", "path": "media/a.jpg"}],
}


class TestLines:
    def test_a_message_on_each(self):
        found = signal.read_lines([LINE, LINE | {"body": "", "deleted": True}])
        first, _ = found.contents[0].messages

        assert (first.author, first.text, first.attachments) == ("Ann", "hi", ("media/a.jpg",))
        assert first.local_time == "2026-05-01T12:00:00"
        assert found.warnings == ("time_zone_unknown", "message_removed")

    def test_other_lines_are_none(self):
        assert signal.read_lines([{"date": "2026-05-01", "body": "hi"}]) is None


def backup(*items):
    return signal.read_backup(
        [
            {"version": "1"},
            {"recipient": {"id": "1", "self": {}}},
            {"recipient": {"id": "2", "contact": {"profileGivenName": "Ann"}}},
            *({"chatItem": {"chatId": "9", "dateSent": "1777636800000"} | item} for item in items),
        ]
    )


class TestBackup:
    def test_names_people_by_their_records(self):
        found = backup(
            {"authorId": "2", "standardMessage": {"text": {"body": "hi"}}},
            {"authorId": "1", "standardMessage": {"text": {"body": "yes"}}},
            {"authorId": "5", "standardMessage": {"text": {"body": "who"}}},
        )

        assert [m.author for m in found.contents[0].messages] == ["Ann", "self", "recipient 5"]
        assert found.contents[0].messages[0].sent_at == datetime(2026, 5, 1, 12, 0, tzinfo=UTC)

    def test_an_update_is_the_systems_and_a_removed_message_is_told(self):
        found = backup(
            {"authorId": "2", "updateMessage": {"expirationTimerChange": {}}},
            {"authorId": "2", "remoteDeletedMessage": {}},
        )
        update, removed = found.contents[0].messages

        assert (update.role, update.text) == (MessageRole.SYSTEM, "expirationTimerChange")
        assert (removed.text, found.warnings) == ("", ("message_removed",))

    def test_names_attachments(self):
        files = [{"pointer": {"fileName": "a.jpg"}}, {"pointer": {"contentType": "image/png"}}]
        found = backup({"authorId": "2", "standardMessage": {"attachments": files}})

        assert found.contents[0].messages[0].attachments == ("a.jpg", "image/png")

    def test_other_lines_are_none(self):
        assert signal.read_backup([{"a": 1}, {"b": 2}]) is None
