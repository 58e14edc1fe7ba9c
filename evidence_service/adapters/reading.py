"""Runs the readers in child processes: walled, limited, killable, a fresh one for each file."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import evidence_service
from evidence_service.adapters.sandbox import sandboxed
from evidence_service.domain.choices import NOTHING_CHOSEN
from evidence_service.domain.evidence import DOCUMENT_TYPES, PICTURE_TYPES, Shape
from evidence_service.domain.reading import (
    MAX_READ_BYTES,
    TOO_LARGE,
    UNREADABLE,
    of_parts,
    unread,
)
from evidence_service.ports import Seen
from evidence_service.readers.sniff import HEAD_BYTES, MAIL, TEXTS, sniff

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from evidence_service.domain.choices import Choices
    from evidence_service.domain.reading import Reading
    from evidence_service.ports import Rectangle

_CHECKOUT = Path(evidence_service.__file__).parents[1]
_MIB = 1 << 20
# How many bytes before a part of an answer say how long it is.
LENGTH_BYTES = 8
# A child lives for one file: its pixels come in huge pages, and each step takes what the last gave
# back, as the kernel's making and clearing of small pages is a third of a picture's reading.
_ALLOCATION = "glibc.malloc.hugetlb=1:glibc.malloc.mmap_threshold=33554432"


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one child: CPU seconds, and its address space."""

    cpu_s: int
    memory_bytes: int


_DOCUMENT_BYTES = 512 * _MIB
# Long texts are only looked through for card numbers; it takes its time.
_SCANNED_BYTES_PER_S, _LONGEST_S = 4 * _MIB, 110
_DRAWING = Limits(30, 1024 * _MIB)
_ONE_PAGE = Limits(10, _DOCUMENT_BYTES)
# Of any number of pages.
_REDACTING = Limits(60, 1024 * _MIB)
# Of the picture's strips or the pages, one after the other, each read twice.
_RECOGNISING = Limits(180, 1024 * _MIB)


class _CutShort(Exception):  # noqa: N818 - what it is, not what went wrong
    """The child was killed before it had answered."""


def _exactly(answer: BinaryIO, length: int) -> bytes:
    part = answer.read(length)
    if len(part) < length:
        raise _CutShort
    return part


def _media_type(path: Path) -> str:
    with path.open("rb") as file:
        return sniff(file.read(HEAD_BYTES))


class ChildReader:
    """The Reader and Pictures ports. May be used by threads; the server starts with the first file.

    Args:
        cpu_s: how much CPU reading one file may take; it ends some seconds later by the wall clock.
        memory_bytes: the child's address space. A picture of the largest size that is read takes
            160 MB decoded; Python and Pillow map about as much again.
    """

    def __init__(self, cpu_s: int = 10, memory_bytes: int = 768 * _MIB) -> None:
        self._limits = Limits(cpu_s, memory_bytes)
        self._lock = threading.Lock()
        self._server: _Server | None = None

    def media_type(self, path: Path) -> str:
        return _media_type(path)

    def read(
        self, path: Path, known: Collection[str] = (), choices: Choices | None = None
    ) -> Reading:
        """What the bytes are; what kills the child or outlasts it is kept unread."""
        media_type = _media_type(path)
        size_bytes = path.stat().st_size
        # A text of any length is looked through for card numbers.
        if size_bytes > MAX_READ_BYTES and media_type not in TEXTS | {MAIL}:
            return unread(media_type, TOO_LARGE)
        most, cpu_s = self._limits.memory_bytes, self._limits.cpu_s
        if media_type in DOCUMENT_TYPES:
            most = min(most, _DOCUMENT_BYTES)
        elif media_type not in PICTURE_TYPES:
            cpu_s = min(cpu_s + size_bytes // _SCANNED_BYTES_PER_S, _LONGEST_S)
        limits = Limits(cpu_s, most)
        chosen = (choices or NOTHING_CHOSEN).to_plain()
        try:
            return of_parts(self._parts("read", path, limits, known=list(known), choices=chosen))
        except _CutShort:
            return unread(media_type, UNREADABLE)

    def shaped(self, path: Path, shape: Shape) -> bytes | None:
        media_type = _media_type(path)
        is_one_page = media_type in DOCUMENT_TYPES and shape is not Shape.PAGE
        limits = _ONE_PAGE if is_one_page else _DRAWING
        return self._ask("shaped", path, limits, media_type=media_type, shape=shape.value)

    def page(self, path: Path, number: int) -> bytes | None:
        return self._ask("page", path, _ONE_PAGE, number=number)

    def sizes(self, path: Path) -> list[tuple[int, int]] | None:
        answer = self._ask("sizes", path, _DRAWING, media_type=_media_type(path))
        return [(width, height) for width, height in json.loads(answer)] if answer else None

    def redacted(self, path: Path, rectangles: Sequence[Rectangle]) -> bytes | None:
        plain = [[one.page, one.x, one.y, one.width, one.height] for one in rectangles]
        limits = _REDACTING if _media_type(path) in DOCUMENT_TYPES else _DRAWING
        return self._ask("redacted", path, limits, media_type=_media_type(path), rectangles=plain)

    def words(self, path: Path, languages: Sequence[str]) -> Seen | None:
        answer = self._ask(
            "words", path, _RECOGNISING, media_type=_media_type(path), languages=list(languages)
        )
        return Seen(**json.loads(answer)) if answer is not None else None

    def close(self) -> None:
        with self._lock:
            if self._server is not None:
                self._server.close()
                self._server = None

    def _ask(self, task: str, path: Path, limits: Limits, **about: Any) -> bytes | None:
        """The child's whole answer; None where it was killed, also in the middle of answering."""
        try:
            return b"".join(self._parts(task, path, limits, **about))
        except _CutShort:
            return None

    def _parts(self, task: str, path: Path, limits: Limits, **about: Any) -> Iterator[bytes]:
        """The answer as it comes. The child gets the file opened: it can reach no other.

        Raises:
            _CutShort: the child ended before its answer did.
        """
        request = {"task": task, **asdict(limits), **about}
        reading, writing = os.pipe()
        with os.fdopen(reading, "rb") as answer:
            try:
                with path.open("rb") as file:
                    self._send(json.dumps(request).encode(), [writing, file.fileno()])
            finally:
                os.close(writing)
            while length := int.from_bytes(_exactly(answer, LENGTH_BYTES)):
                yield _exactly(answer, length)

    def _send(self, request: bytes, descriptors: list[int]) -> None:
        with self._lock:
            # A fork of ours must not share the server, nor use one that has ended.
            if self._server is not None and not self._server.is_ours:
                self._server.requests.close()
                self._server = None
            self._server = self._server or _Server()
            socket.send_fds(self._server.requests, [request], descriptors)


class _Server:
    """The process that forks a child for each file; it ends when our end of the socket closes."""

    def __init__(self) -> None:
        self.requests, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._owner = os.getpid()
        with theirs:
            # -P: the working folder is nobody's module path. -S would lose the environment.
            module = "evidence_service.adapters.reading_child"
            self._process = subprocess.Popen(
                sandboxed([sys.executable, "-P", "-m", module, str(theirs.fileno())]),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={
                    "GLIBC_TUNABLES": _ALLOCATION,
                    "LANG": "C.UTF-8",
                    "PATH": os.environ.get("PATH", os.defpath),
                    "PYTHONPATH": str(_CHECKOUT),
                },
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
