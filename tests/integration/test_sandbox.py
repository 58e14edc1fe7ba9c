"""Walls around children: what is named is reached, everything else is not there."""

import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from evidence_service.adapters import sandbox
from evidence_service.adapters.sandbox import sandboxed

TRY = """
import socket, sys
from pathlib import Path
kind, what = sys.argv[1:]
if kind == "read": sys.stdout.write(Path(what).read_text())
if kind == "write": Path(what).write_text("written")
if kind == "connect": socket.create_connection(("127.0.0.1", int(what)), 5)
if kind == "processes": print(sum(one.name.isdigit() for one in Path("/proc").iterdir()))
"""


@pytest.fixture(scope="module", autouse=True)
def _walls():
    if not sandbox.is_walled():
        pytest.skip("bubblewrap does not work here; children have resource limits alone")


@pytest.fixture
def attempt():
    def run(kind, what, **places):
        argv = [sys.executable, "-I", "-c", TRY, kind, str(what)]
        return subprocess.run(
            sandboxed(argv, **places), capture_output=True, text=True, check=False, timeout=30
        )

    return run


@pytest.fixture
def secret(tmp_path):
    path = tmp_path / "secret"
    path.write_text("secret")
    return path


class TestWalls:
    def test_a_file_that_is_not_named_is_not_there(self, attempt, secret):
        assert "No such file" in attempt("read", secret).stderr

    def test_a_named_file_is_read_and_not_written(self, attempt, secret):
        assert attempt("read", secret, readable=[secret]).stdout == "secret"
        assert "Read-only" in attempt("write", secret, readable=[secret]).stderr

    def test_a_named_folder_is_written_under_its_own_name(self, attempt, tmp_path):
        assert attempt("write", tmp_path / "new", writable=[tmp_path]).returncode == 0
        assert (tmp_path / "new").read_text() == "written"

    def test_nothing_else_is_written(self, attempt):
        assert "Read-only" in attempt("write", Path(sandbox.__file__).with_name("x")).stderr
        assert "Read-only" in attempt("write", "/x").stderr

    @pytest.mark.parametrize("path", ["/etc/passwd", "/root/.bashrc", "/var/lib"])
    def test_the_machine_s_own_files_are_not_there(self, attempt, path):
        assert attempt("read", path).returncode == 1

    def test_what_it_leaves_in_its_own_folder_is_gone_with_it(self, attempt):
        left = Path(tempfile.gettempdir(), "left-behind")

        assert attempt("write", left).returncode == 0
        assert not left.exists()

    def test_there_is_no_network(self, attempt):
        with socket.create_server(("127.0.0.1", 0)) as server:
            done = attempt("connect", server.getsockname()[1])

        assert done.returncode == 1

    def test_no_other_process_is_seen(self, attempt):
        assert int(attempt("processes", "").stdout) <= 2


class TestProbe:
    def test_a_machine_without_it_is_told_and_goes_on(self, monkeypatch, caplog):
        monkeypatch.setenv("PATH", "/nowhere")
        sandbox.is_walled.cache_clear()
        try:
            assert sandboxed(["true"]) == ["true"]
            assert sandboxed(["true"]) == ["true"]
        finally:
            sandbox.is_walled.cache_clear()

        assert [one.message for one in caplog.records] == [
            "untrusted files are read under resource limits alone: there is no bwrap"
        ]
