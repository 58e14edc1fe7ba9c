"""`python -m evidence_service.adapters.reading_child FD`: looks into untrusted files for others.

A server that has the readers loaded and forks one child for each file: a fresh process costs a
tenth of a second, a fork a few milliseconds, and this one has a single thread, so that a fork is
safe. A request names a task and the child's limits, and brings two descriptors: for the answer, and
the file. The child limits itself before it reads, and ends when it has answered: in parts, each
after the number of its bytes, and then a part of none, so that what kills it in between is seen. A
long chat goes as the parts that its messages are packed in. It can write no file, its environment
holds none of the service's keys, and where there are walls (sandbox.py) it sees no other file and
no network.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import socket
import sys
from contextlib import suppress
from dataclasses import asdict
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image

from evidence_service.adapters.reading import LENGTH_BYTES
from evidence_service.domain.choices import Choices
from evidence_service.domain.reading import in_parts
from evidence_service.readers import ocr, pages, read, shapes, sniff

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_OPEN_FILES = 64
_LONGEST_REQUEST = 65_536
_PATIENCE = 19
_WAITING_S = 20


def _read(path: Path, request: dict[str, Any]) -> Iterator[bytes]:
    return in_parts(read(path, request["known"], Choices.from_plain(request["choices"])))


def _shaped(path: Path, request: dict[str, Any]) -> Iterator[bytes]:
    _give_way()
    yield shapes.shaped(path, request["media_type"], request["shape"])


def _page(path: Path, request: dict[str, Any]) -> Iterator[bytes]:
    yield shapes.page(path, request["number"])


def _sizes(path: Path, request: dict[str, Any]) -> Iterator[bytes]:
    yield json.dumps(shapes.sizes(path, request["media_type"])).encode()


def _redacted(path: Path, request: dict[str, Any]) -> Iterator[bytes]:
    yield shapes.redacted(path, request["media_type"], request["rectangles"])


def _words(path: Path, request: dict[str, Any]) -> Iterator[bytes]:
    # The server wants no news of ended children; this child waits for its own.
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    _give_way()
    if request["media_type"] == sniff.PDF:
        text, numbers, is_whole = pages.words(path, request["languages"])
        yield json.dumps({"text": text, "numbers": numbers, "is_whole": is_whole}).encode()
    else:
        seen = ocr.words(path, request["media_type"], request["languages"])
        yield json.dumps(asdict(seen)).encode()


_TASKS: dict[str, Callable[[Path, dict[str, Any]], Iterator[bytes]]] = {
    "read": _read,
    "shaped": _shaped,
    "page": _page,
    "sizes": _sizes,
    "redacted": _redacted,
    "words": _words,
}


def serve(requests: socket.socket) -> None:
    """Answer until the other end is gone."""
    Image.init()  # its decoders, which each child would load anew
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # ended children need nobody to wait for them
    while True:
        request, (answer, file), _, _ = socket.recv_fds(requests, _LONGEST_REQUEST, 2)
        if os.fork() == 0:
            _answer(json.loads(request), answer, file)
        os.close(answer)
        os.close(file)


def _answer(request: dict[str, Any], answer: int, file: int) -> None:
    """Do the task and end this process, whatever happens."""
    try:
        _limit(request["cpu_s"], request["memory_bytes"])
        parts = _TASKS[request["task"]](Path(f"/proc/self/fd/{file}"), request)
        with os.fdopen(answer, "wb") as out:
            for part in chain(parts, [b""]):
                out.write(len(part).to_bytes(LENGTH_BYTES))
                out.write(part)
    finally:
        os._exit(0)


def _give_way() -> None:
    """Let all others have the processor first: nobody waits for what a job has made."""
    os.nice(_PATIENCE)
    # Linux may share it out among sessions, and a process is then nice to its own session alone.
    with suppress(OSError):
        os.setsid()
        Path("/proc/self/autogroup").write_text(str(_PATIENCE))


def _limit(cpu_s: int, memory_bytes: int) -> None:
    """CPU seconds, more of the wall clock's, and memory; the kernel ends what exceeds them.

    On a busy machine a child waits for its turn: a good file must not be held for that.
    """
    for limit, value in (
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_CPU, cpu_s),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
    ):
        resource.setrlimit(limit, (value, value))
    signal.alarm(cpu_s + _WAITING_S)


if __name__ == "__main__":
    try:
        serve(socket.socket(fileno=int(sys.argv[1])))
    except ValueError:  # no descriptor came: the other end is gone
        sys.exit(0)
