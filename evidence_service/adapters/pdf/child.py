"""`python -m evidence_service.adapters.pdf.child JOB`: draws one bundle and ends.

Reads the job from a JSON file, writes progress and the result as JSON lines to standard output,
and lives no longer than its parent: when standard input closes, it ends at once. Its limits are
set before anything large is imported.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import threading
from pathlib import Path
from typing import Any
from uuid import UUID

from evidence_service.domain.bundle import BundleContent, BundleFailed, RenderOutOfMemory

_OPEN_FILES = 1024
# Between the signal that says why and the one that cannot be put off.
_CPU_GRACE_S = 5
_EXIT_ORPHANED = 3


def main(job_file: str) -> int:
    job: dict[str, Any] = json.loads(Path(job_file).read_text(encoding="utf-8"))
    _limit(job["cpu_s"], job["memory_bytes"])
    sys.addaudithook(_refuse_network)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        _say(done=_render(job))
    except BundleFailed as error:
        _say(failed={"code": error.code, "params": error.params})
    except MemoryError:
        _say(failed={"code": RenderOutOfMemory.code, "params": {}})
    except RecursionError as error:
        _say(failed={"code": BundleFailed.code, "params": {"reason": str(error)}})
    return 0


def _render(job: dict[str, Any]) -> dict[str, Any]:
    # After the limits: this imports WeasyPrint.
    from evidence_service.adapters.pdf.assemble import build  # noqa: PLC0415 - see above

    content = BundleContent.from_plain(job["content"])
    files = {UUID(name): Path(path) for name, path in job["files"].items()}
    rendered = build(content, files, Path(job["out"]), lambda share: _say(progress=share))
    spent = resource.getrusage(resource.RUSAGE_SELF)
    cost = {
        "child_cpu_s": spent.ru_utime + spent.ru_stime,
        "child_peak_bytes": spent.ru_maxrss * 1024,
    }
    return rendered.to_plain() | cost


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
    """The parent never writes: a read returns only when it has gone, killed or not.

    Unbuffered: a thread that waits inside a buffered reader aborts the interpreter's own end.
    """
    os.read(sys.stdin.fileno(), 1)
    os._exit(_EXIT_ORPHANED)


def _say(**line: object) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
