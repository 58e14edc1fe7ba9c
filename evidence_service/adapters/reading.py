"""Runs the readers in child processes: limited, killable, a fresh one for each file."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import evidence_service
from evidence_service.domain.reading import UNREADABLE, Reading, unread
from evidence_service.readers.sniff import HEAD_BYTES, sniff

if TYPE_CHECKING:
    from collections.abc import Collection

_CHECKOUT = Path(evidence_service.__file__).parents[1]
_MIB = 1 << 20


class ChildReader:
    """The Reader port. May be used by several threads; the server starts with the first file.

    Args:
        timeout_s: how long one file may take, in wall-clock and in CPU seconds.
        memory_bytes: the child's address space. A picture of the largest size that is read takes
            160 MB decoded; Python and Pillow map about as much again.
    """

    def __init__(self, timeout_s: int = 10, memory_bytes: int = 768 * _MIB) -> None:
        self._limits = (str(timeout_s), str(memory_bytes))
        self._lock = threading.Lock()
        self._server: _Server | None = None

    def read(self, path: Path, known: Collection[str] = ()) -> Reading:
        """What the bytes are; what kills the child or outlasts it is kept unread."""
        request = {"path": str(path.absolute()), "known": list(known)}
        answer = self._ask(json.dumps(request).encode())
        if answer:
            return Reading.from_plain(json.loads(answer))
        with path.open("rb") as file:
            return unread(sniff(file.read(HEAD_BYTES)), UNREADABLE)

    def close(self) -> None:
        with self._lock:
            if self._server is not None:
                self._server.close()
                self._server = None

    def _ask(self, request: bytes) -> bytes:
        """The child's answer, empty where it was killed."""
        reading, writing = os.pipe()
        with os.fdopen(reading, "rb") as answer:
            try:
                self._send(request, writing)
            finally:
                os.close(writing)
            return answer.read()

    def _send(self, request: bytes, writing: int) -> None:
        with self._lock:
            # A fork of ours must not share the server, nor use one that has ended.
            if self._server is not None and not self._server.is_ours:
                self._server.requests.close()
                self._server = None
            self._server = self._server or _Server(self._limits)
            socket.send_fds(self._server.requests, [request], [writing])


class _Server:
    """The process that forks a child for each file; it ends when our end of the socket closes."""

    def __init__(self, limits: tuple[str, str]) -> None:
        self.requests, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._owner = os.getpid()
        with theirs:
            # -P: the working folder is nobody's module path. -S would lose the environment.
            module = "evidence_service.adapters.reading_child"
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", module, str(theirs.fileno()), *limits],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={"LANG": "C.UTF-8", "PYTHONPATH": str(_CHECKOUT)},
                cwd="/",
                pass_fds=(theirs.fileno(),),
                start_new_session=True,
            )

    @property
    def is_ours(self) -> bool:
        return self._owner == os.getpid() and self._process.poll() is None

    def close(self) -> None:
        self.requests.close()
        self._process.wait(10)
