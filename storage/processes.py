"""Servers that run beside us: who runs, on which port, and how each is ended.

A process is known by its number *and* the instant it started: numbers are used again, within
minutes in a container, and a pid file left by a crash must never end a stranger.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import select
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

POLL_S = 0.05
"""Between two looks at something that sends no event: a server that is not up yet."""

FIRST_PORT, LAST_PORT = 10240, 22000
GRPC_OFFSET = 10000
"""SeaweedFS listens on each of its ports and on the port this much higher."""


HAS_PROC = Path("/proc/self/stat").exists()


class EngineError(Exception):
    """A server did not start, stop or answer; the text is written for the operator."""


@dataclass(frozen=True, slots=True)
class Running:
    """A process that was seen alive."""

    pid: int
    started: str

    @classmethod
    def of(cls, pid: int) -> Running | None:
        """The live process with this number, or None."""
        started = _started(pid)
        return None if started is None else cls(pid, started)

    @property
    def is_alive(self) -> bool:
        return _started(self.pid) == self.started

    def works_in(self, folder: Path) -> bool:
        """Whether this is its working folder; taken for granted where there is no /proc."""
        if not HAS_PROC:
            return True
        try:
            return Path(f"/proc/{self.pid}/cwd").samefile(folder)
        except OSError:
            return False

    def wait(self, timeout_s: float) -> bool:
        """True once the process has ended; it need not be a child of ours."""
        deadline = time.monotonic() + timeout_s
        with ExitStack() as stack:
            watch = _watch(self.pid, stack)
            while self.is_alive:
                left = deadline - time.monotonic()
                if left <= 0:
                    return False
                if watch is None:
                    time.sleep(min(POLL_S, left))
                else:
                    watch.poll(left * 1000)
        return True

    def send(self, number: signal.Signals, *, group: bool = False) -> None:
        """Send a signal to the process, or to the whole group it leads; gone is no error."""
        if not self.is_alive:
            return
        with suppress(ProcessLookupError):
            if group and os.getpgid(self.pid) == self.pid:
                os.killpg(self.pid, number)
            else:
                os.kill(self.pid, number)

    def end(self, number: signal.Signals, timeout_s: float) -> bool:
        """Ask to end, wait, then kill the group. False if it had to be killed."""
        self.send(number)
        if self.wait(timeout_s):
            return True
        self.send(signal.SIGKILL, group=True)
        self.wait(5)
        return False


def _watch(pid: int, stack: ExitStack) -> select.poll | None:
    """A poll object that wakes when the process ends, where the system has such a thing."""
    if sys.platform != "linux":
        return None
    try:
        descriptor = os.pidfd_open(pid)
    except OSError:
        return None
    stack.callback(os.close, descriptor)
    watch = select.poll()
    watch.register(descriptor, select.POLLIN)
    return watch


def _started(pid: int) -> str | None:
    if HAS_PROC:
        try:
            line = Path(f"/proc/{pid}/stat").read_text()
        except OSError:
            return None
        # The name, in parentheses, may hold spaces and parentheses of its own.
        fields = line.rpartition(")")[2].split()
        return None if fields[0] in "ZX" else fields[19]
    asked = subprocess.run(
        ["/bin/ps", "-o", "stat=", "-o", "lstart=", "-p", str(pid)],
        capture_output=True,
        text=True,
        check=False,
    )
    state, _, started = asked.stdout.strip().partition(" ")
    return None if state.startswith("Z") else started.strip() or None


class Remembered:
    """A value kept in a file for as long as its folder is the same one.

    In a copy of the folder, a restored snapshot for instance, it is not there: what the original
    has running is not the copy's to use or to end.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> Any:
        """The value, or None."""
        with suppress(OSError, ValueError, TypeError):
            folder, value = json.loads(self._path.read_text())
            if folder == self._folder():
                return value
        return None

    def write(self, value: object) -> None:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_private(self._path, json.dumps([self._folder(), value]))

    def forget(self) -> None:
        self._path.unlink(missing_ok=True)

    def _folder(self) -> list[int]:
        found = self._path.parent.stat()
        return [found.st_dev, found.st_ino]


class PidFile:
    """Where a process that must outlive us is remembered, for the next start to find."""

    def __init__(self, path: Path) -> None:
        self._remembered = Remembered(path)

    def read(self) -> Running | None:
        """The process named here, if it is still the same one and alive."""
        known = self._remembered.read()
        running = None if known is None else Running(*known)
        return running if running is not None and running.is_alive else None

    def write(self, pid: int) -> Running:
        running = Running.of(pid) or Running(pid, "")
        self._remembered.write([running.pid, running.started])
        return running

    def remove(self) -> None:
        self._remembered.forget()


def end_all_in(folder: Path, number: signal.Signals, timeout_s: float) -> None:
    """End every process whose working folder is this one (where there is a /proc to ask)."""
    everyone = (Running.of(int(entry.name)) for entry in Path("/proc").glob("[0-9]*"))
    found = [running for running in everyone if running is not None and running.works_in(folder)]
    for running in found:
        running.send(number)
    for running in found:
        running.end(number, timeout_s)


def spawn(
    command: Sequence[str | Path],
    *,
    cwd: Path,
    log: Path,
    env: Mapping[str, str],
    keep: Sequence[int] = (),
) -> subprocess.Popen[bytes]:
    """Start a process in a session of its own: Ctrl+C in our terminal is not its business.

    The descriptors in `keep` are inherited, for instance a lock that is shared.
    """
    _cut(log)
    with log.open("ab") as output:
        return subprocess.Popen(
            [str(part) for part in command],
            cwd=cwd,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            pass_fds=tuple(keep),
        )


def _cut(log: Path, most_bytes: int = 10_000_000) -> None:
    """Keep one older log, so that neither grows without end over restarts."""
    log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if log.exists() and log.stat().st_size > most_bytes:
        log.replace(log.with_suffix(".1.log"))


def tail(log: Path, lines: int = 5) -> str:
    """The last lines of a log, for a message."""
    try:
        return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return ""


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        # As servers do: a port in TIME_WAIT is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """A port on the loopback that nobody listens on."""
    while True:
        port = secrets.choice(range(FIRST_PORT, LAST_PORT))
        if is_free(port):
            return port


def pair_is_free(port: int) -> bool:
    return is_free(port) and is_free(port + GRPC_OFFSET)


def free_port_pairs(count: int) -> list[int]:
    """Free ports whose partner, `GRPC_OFFSET` higher, is free too; none is another's partner."""
    ports: list[int] = []
    while len(ports) < count:
        port = free_port()
        taken = {*ports, *(other + GRPC_OFFSET for other in ports)}
        if pair_is_free(port) and not taken & {port, port + GRPC_OFFSET}:
            ports.append(port)
    return ports


@contextmanager
def locked(path: Path, *, wait: bool = True) -> Iterator[int]:
    """Hold an exclusive lock that a crash releases.

    Raises:
        BlockingIOError: someone holds it, and `wait` is False.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        yield descriptor
    finally:
        os.close(descriptor)


def write_private(path: Path, content: str | bytes) -> None:
    """Write a file that only we can read, whole or not at all."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # mkstemp makes the file 0600 before anything is in it.
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def make_folder(folder: Path) -> None:
    """Make a private folder and its parents, where they are not there yet.

    Raises:
        EngineError: something else stands there, or we may not.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise EngineError(
            f"{folder} cannot be a data folder: {error.strerror}; name another one"
            " (EVIDENCE_DATA_DIR or --data-dir)"
        ) from error


class SocketFolder:
    """A short private folder for sockets, the same again after a crash.

    Socket paths are limited to 107 bytes, so it cannot lie in a deep data folder.

    Args:
        path: the file that remembers it.
        owner: user and group it is given to; ours by default.
    """

    def __init__(self, path: Path, owner: tuple[int, int] | None = None) -> None:
        self._remembered = Remembered(path)
        self._owner = owner or (os.geteuid(), os.getegid())

    def make(self) -> Path:
        """The folder of the last time if it is still ours, else a new one; empty."""
        folder = self._standing()
        if folder is None:
            folder = Path(tempfile.mkdtemp(prefix="evidence-", dir="/tmp"))
            os.chown(folder, *self._owner)
            self._remembered.write(str(folder))
        self._empty(folder)
        return folder

    def remove(self) -> None:
        """Remove the folder with the sockets in it."""
        folder = self._standing()
        if folder is not None:
            self._empty(folder)
            folder.rmdir()
        self._remembered.forget()

    def _standing(self) -> Path | None:
        """The remembered folder, if it is a private one of our own and no link to another."""
        name = self._remembered.read()
        if name is not None:
            with suppress(OSError):
                found = Path(name).lstat()
                if found.st_mode == stat.S_IFDIR | 0o700 and found.st_uid == self._owner[0]:
                    return Path(name)
        return None

    @staticmethod
    def _empty(folder: Path) -> None:
        # A lock file whose process is a zombie that nobody reaps would stop the next server.
        for left in folder.iterdir():
            left.unlink()
