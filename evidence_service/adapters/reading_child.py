"""`python -m evidence_service.adapters.reading_child FD SECONDS MEMORY_BYTES`: reads for others.

A server that has the readers loaded and forks one child for each file: a fresh process costs a
tenth of a second, a fork a few milliseconds, and this one has a single thread, so that a fork is
safe. A request is a path with the numbers the case knows, and a descriptor for the answer. The
child limits itself before it opens the file, writes the reading as JSON and ends; what kills it
leaves no answer. It can write no file, and its environment holds none of the service's keys.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import socket
import sys
from pathlib import Path
from typing import Any

from evidence_service.readers import read

_OPEN_FILES = 64
_LONGEST_REQUEST = 65_536


def serve(requests: socket.socket, seconds: int, memory_bytes: int) -> None:
    """Answer until the other end is gone."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # ended children need nobody to wait for them
    while True:
        request, (answer, *_), _, _ = socket.recv_fds(requests, _LONGEST_REQUEST, 1)
        if os.fork() == 0:
            _answer(json.loads(request), answer, seconds, memory_bytes)
        os.close(answer)


def _answer(request: dict[str, Any], answer: int, seconds: int, memory_bytes: int) -> None:
    """Read the file and end this process, whatever happens."""
    try:
        _limit(seconds, memory_bytes)
        reading = read(Path(request["path"]), request["known"])
        with os.fdopen(answer, "wb") as out:
            out.write(json.dumps(reading.to_plain()).encode())
    finally:
        os._exit(0)


def _limit(seconds: int, memory_bytes: int) -> None:
    """CPU seconds, wall-clock seconds and memory; the kernel ends what exceeds them."""
    for limit, value in (
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
    ):
        resource.setrlimit(limit, (value, value))
    signal.alarm(seconds)


if __name__ == "__main__":
    descriptor, seconds_, memory_ = map(int, sys.argv[1:4])
    try:
        serve(socket.socket(fileno=descriptor), seconds_, memory_)
    except ValueError:  # no descriptor came: the other end is gone
        sys.exit(0)
