"""`python -m evidence_service.adapters.pdf.child JOB`: draws one bundle and ends.

Reads the job from a JSON file, writes progress and the result as JSON lines to standard output,
and lives no longer than its parent: when standard input closes, it ends at once and takes along
what it forked. A line `{"want": [names]}` asks for parts; an empty line on standard input says
that those there are lie in the folder now. Its limits are set before anything large is imported.
"""

from __future__ import annotations

import ctypes.util
import gc
import json
import os
import queue
import resource
import signal
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from evidence_service.domain.bundle import BundleContent, BundleFailed, RenderOutOfMemory

if TYPE_CHECKING:
    from collections.abc import Callable

_OPEN_FILES = 1024
# Between the signal that says why and the one that cannot be put off.
_CPU_GRACE_S = 5
# Looking for unreachable cycles as often as Python does takes a twentieth of a short life.
_OBJECTS_UNTIL_GC = 20_000
_answers: queue.SimpleQueue[None] = queue.SimpleQueue()


def main(job_file: str, work: Callable[[dict[str, Any]], dict[str, Any]]) -> int:
    """Limit this process, do the work of the job, and say what it came to."""
    job: dict[str, Any] = json.loads(Path(job_file).read_text(encoding="utf-8"))
    _limit(job["cpu_s"], job["memory_bytes"])
    gc.set_threshold(_OBJECTS_UNTIL_GC)
    sys.addaudithook(_refuse_network)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        _say(done=work(job))
    except BundleFailed as error:
        _say(failed={"code": error.code, "params": error.params})
    except MemoryError:
        _say(failed={"code": RenderOutOfMemory.code, "params": {}})
    except RecursionError as error:
        _say(failed={"code": BundleFailed.code, "params": {"reason": str(error)}})
    return 0


def _render(job: dict[str, Any]) -> dict[str, Any]:
    ctypes.util.find_library = _find_no_library
    # After the limits: this imports what reads other people's bytes.
    from evidence_service.adapters.pdf.assemble import build  # noqa: PLC0415 - see above
    from evidence_service.adapters.pdf.parts import PartFolder  # noqa: PLC0415 - likewise

    content = BundleContent.from_plain(job["content"])
    files = {UUID(name): Path(path) for name, path in job["files"].items()}
    out = Path(job["out"]) if job["out"] else None
    parts = PartFolder(Path(job["parts"]), _ask_for)
    rendered = build(content, files, out, parts, progress, Path(job["templates"]))
    return (rendered.to_plain() if rendered else {}) | _cost()


def _find_no_library(name: str) -> str | None:
    """WeasyPrint runs a compiler to find each of its libraries, then loads them by name anyway."""
    del name
    return None


def _cost() -> dict[str, float]:
    """Of this process and of those it forked, which were at most two at a time and alike."""
    own = resource.getrusage(resource.RUSAGE_SELF)
    forked = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "child_cpu_s": own.ru_utime + own.ru_stime + forked.ru_utime + forked.ru_stime,
        "child_peak_bytes": max(_own_peak_kb(), forked.ru_maxrss) * 1024,
    }


def _own_peak_kb() -> int:
    """Not `ru_maxrss`, which a process that was started by a large one inherits from it."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1])


def _ask_for(names: list[str]) -> None:
    _say(want=names)
    _answers.get()


def _limit(cpu_s: int, memory_bytes: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s + _CPU_GRACE_S))
    # The whole file passes through memory: it cannot become larger than that.
    resource.setrlimit(resource.RLIMIT_FSIZE, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    files = _OPEN_FILES if hard == resource.RLIM_INFINITY else min(_OPEN_FILES, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))


def _refuse_network(event: str, _: tuple[object, ...]) -> None:
    """Nothing here has a reason to open a socket, whatever an exhibit or a library asks for."""
    if event.startswith("socket."):
        raise PermissionError(f"no network while drawing: {event}")


def _end_with_parent() -> None:
    """Pass answers on; when the parent has gone, killed or not, the whole group ends.

    Unbuffered: a thread that waits inside a buffered reader aborts the interpreter's own end.
    """
    while os.read(sys.stdin.fileno(), 1):
        _answers.put(None)
    os.killpg(0, signal.SIGKILL)


def progress(share: float) -> None:
    """Tell the parent how far it is, from 0 to 1."""
    _say(progress=share)


def _say(**line: object) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    # All is said: to take apart what was loaded would take longer than putting a bundle together.
    os._exit(main(sys.argv[1], _render))
