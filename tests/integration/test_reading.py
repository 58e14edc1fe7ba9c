"""Readers run in children that are limited and killed; the service outlives what they read."""

import os
import re
import signal
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from drawing import screenshot

from evidence_service.adapters.reading import ChildReader
from evidence_service.domain.reading import UNREADABLE
from evidence_service.readers import MAX_TEXT_BYTES


@pytest.fixture
def reader():
    made = ChildReader()
    yield made
    made.close()


@pytest.fixture
def picture(tmp_path):
    path = tmp_path / "order.png"
    path.write_bytes(screenshot("Заказ"))
    return path


def many_numbers(path):
    """JSON of millions of numbers: slow to parse, and large in memory."""
    path.write_bytes(b"[" + b"1.1," * (MAX_TEXT_BYTES // 4 - 2) + b"1]")
    return path


class TestReads:
    def test_what_a_reader_recognises(self, reader, picture):
        assert reader.read(picture).reader == "picture"

    def test_from_many_threads_at_once(self, reader, picture, tmp_path):
        unknown = tmp_path / "unknown"
        unknown.write_bytes(b"\x00\x01")
        paths = [picture, unknown] * 40

        with ThreadPoolExecutor(8) as pool:
            found = list(pool.map(lambda path: reader.read(path).reader, paths))

        assert found == ["picture", None] * 40

    def test_leaves_no_descriptor_open(self, reader, picture):
        reader.read(picture)
        before = len(list(Path("/proc/self/fd").iterdir()))
        for _ in range(20):
            reader.read(picture)

        assert len(list(Path("/proc/self/fd").iterdir())) == before

    def test_again_after_its_server_was_killed(self, reader, picture):
        reader.read(picture)
        os.kill(reader._server._process.pid, signal.SIGKILL)
        reader._server._process.wait()

        assert reader.read(picture).reader == "picture"


def tesseract_below(pid):
    """The program that one of the process's children runs now, as its folder in /proc, or None."""
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if (entry / "comm").read_text() == "tesseract\n" and pid in ancestors(entry):
                return entry
    return None


def ancestors(entry):
    while entry.name != "0":
        found = re.search(r"PPid:\s*(\d+)", (entry / "status").read_text())
        entry = entry.with_name(found[1])
        yield int(entry.name)


class TestPatience:
    def test_words_are_read_behind_all_else_on_the_machine(self, reader, picture):
        reader.read(picture)
        server, niceness, of_sessions = reader._server._process.pid, set(), set()
        for _ in range(3):  # Linux grants one session its niceness in a tenth of a second
            with ThreadPoolExecutor(1) as pool:
                reading = pool.submit(reader.words, picture, ["ru"])
                while (program := tesseract_below(server)) is None:
                    assert not reading.done()
                niceness.add(os.getpriority(os.PRIO_PROCESS, int(program.name)))
                of_sessions |= {one.read_text() for one in program.glob("autogroup")}

        assert niceness == {19}
        assert not of_sessions or any("nice 19" in one for one in of_sessions)


class TestLimits:
    def test_what_takes_too_long_is_kept_unread(self, tmp_path):
        reader = ChildReader(cpu_s=1)
        found = reader.read(many_numbers(tmp_path / "slow.json"))
        reader.close()

        assert (found.reader, found.warnings) == (None, (UNREADABLE,))
        assert found.media_type == "application/json"

    def test_what_takes_too_much_memory_is_kept_unread(self, tmp_path):
        reader = ChildReader(memory_bytes=300_000_000)
        found = reader.read(many_numbers(tmp_path / "large.json"))
        reader.close()

        assert (found.reader, found.warnings) == (None, (UNREADABLE,))

    def test_the_next_file_is_read_all_the_same(self, tmp_path, picture):
        reader = ChildReader(cpu_s=1)
        reader.read(many_numbers(tmp_path / "slow.json"))

        assert reader.read(picture).reader == "picture"
        reader.close()

    def test_a_child_sees_none_of_our_secrets(self, reader, picture, monkeypatch):
        monkeypatch.setenv("EVIDENCE_SECRET_KEY", "secret")
        reader.read(picture)
        environ = Path(f"/proc/{reader._server._process.pid}/environ").read_bytes()

        assert b"secret" not in environ
