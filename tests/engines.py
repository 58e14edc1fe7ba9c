"""What both embedded engines promise alike; the test classes of each inherit it."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from storage.processes import EngineError

ROOT = Path(__file__).parents[1]
# Longer than the 107 bytes a socket's path may have, and with what shells and options split at.
AWKWARD = Path("with spaces, 证据 and a comma") / ("deep" * 20) / ("deeper" * 10)


@contextmanager
def reachable_folder():
    """A folder that other users may pass, as PostgreSQL's user must when we are root."""
    folder = Path(tempfile.mkdtemp(prefix="evidence-test-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def put_out(engine):
    """End an engine at once; nobody looks at it again."""
    kill(engine)
    engine.stop()


def kill(engine):
    running = engine.process
    if running is not None:
        running.send(signal.SIGKILL)
        assert running.wait(10)


class EngineContract:
    """Tests of `kind`.

    The inheriting class says how to reach an engine: `address(engine)`, `is_same(one, other)`,
    `client(engine)`, `write(client, name)`, `read(client)` for all names, `sockets(engine)`, and
    the `failures` of a client whose server dies.
    """

    @pytest.fixture(scope="class")
    @classmethod
    def folder(cls):
        with reachable_folder() as folder:
            yield folder

    @pytest.fixture(scope="class")
    @classmethod
    def started(cls, folder):
        engine = cls.kind(folder / AWKWARD).start()
        yield engine
        put_out(engine)

    @pytest.fixture
    def engine(self, started):
        """Running, whatever the test before left."""
        return started.start()

    def run_in_a_child(self, engine, then=""):
        """Start the engine in a process group of its own; prints the address."""
        code = (
            "import signal, sys, time; from pathlib import Path\n"
            # A shell's background job ignores the interrupt, and hands that on.
            "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
            f"from {self.kind.__module__} import {self.kind.__name__} as Kind\n"
            "engine = Kind(Path(sys.argv[1])).start()\n"
            "print(engine.process.pid, flush=True)\n"
            f"{then}"
        )
        return subprocess.Popen(
            [sys.executable, "-c", code, str(engine._data)],
            env={"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"]},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )

    # --- promises -------------------------------------------------------------------------

    def test_is_healthy_once_started(self, engine):
        assert engine.is_healthy()

    def test_a_second_start_adopts_it(self, engine):
        with self.run_in_a_child(engine) as child:
            pid = child.stdout.readline().strip()

        assert pid == str(engine.process.pid)
        assert engine.is_healthy()

    def test_secrets_are_private(self, engine):
        folder = engine._data / "secrets"

        assert folder.stat().st_mode & 0o777 == 0o700
        assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}

    def test_keeps_everything_over_a_restart_and_leaves_nothing_in_tmp(self, engine):
        address, sockets = self.address(engine), self.sockets(engine)
        assert sockets
        with self.client(engine) as client:
            self.write(client, "before")
        engine.stop()

        assert [path for path in sockets if path.exists()] == []
        assert engine.process is None
        assert not engine.is_healthy()

        engine.start()

        with self.client(engine) as client:
            assert "before" in self.read(client)
        assert self.is_same(address, self.address(engine))

    def test_keeps_what_was_acknowledged_over_a_kill(self, engine):
        address = self.address(engine)
        acknowledged = self.kill_while_writing(engine, "a")
        engine.start()

        assert len(acknowledged) > 5
        assert self.address(engine) == address
        with self.client(engine) as client:
            assert acknowledged <= self.read(client)

    @pytest.mark.nightly
    def test_keeps_what_was_acknowledged_over_many_kills(self, engine):
        acknowledged = set()
        for loop in range(10):
            acknowledged |= self.kill_while_writing(engine, f"loop-{loop}")
            engine.start()

        with self.client(engine) as client:
            assert acknowledged <= self.read(client)

    def test_outlives_an_interrupt_of_those_who_started_it(self, engine):
        """Ctrl+C in a terminal reaches the whole process group."""
        engine.stop()
        with self.run_in_a_child(engine, then="time.sleep(60)") as child:
            pid = child.stdout.readline().strip()
            os.killpg(child.pid, signal.SIGINT)

        assert child.returncode != 0
        assert str(engine.process.pid) == pid
        assert engine.start().is_healthy()

    def test_a_copy_of_its_folder_is_another_engine(self, engine, folder):
        """A restored snapshot must not write into the original."""
        copy = folder / "copy"
        subprocess.run(["cp", "-a", engine._data, copy], check=False)  # files come and go
        restored = self.kind(copy)

        assert restored.process is None

        try:
            restored.start()

            assert restored.process != engine.process
            assert self.address(restored) != self.address(engine)
        finally:
            put_out(restored)
        assert engine.is_healthy()

    def test_refuses_a_folder_that_is_a_file(self, folder):
        file = folder / "file"
        file.touch()

        with pytest.raises(EngineError, match="cannot be a data folder"):
            self.kind(file).start()

    def kill_while_writing(self, engine, prefix):
        """The names whose writing was acknowledged before the kill."""
        acknowledged = set()
        enough = threading.Event()

        def write():
            with suppress(*self.failures), self.client(engine) as client:
                for number in range(100_000):
                    name = f"{prefix}-{number:06}"
                    self.write(client, name)
                    acknowledged.add(name)
                    if number == 20:
                        enough.set()

        writer = threading.Thread(target=write)
        writer.start()
        assert enough.wait(20)
        kill(engine)
        writer.join()
        return acknowledged
