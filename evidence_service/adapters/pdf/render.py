"""The parent's side: one child process per bundle, limited, watched and killable.

Safe to call from a threaded worker: the child is started afresh, never forked from a process that
has threads. The finished file appears under its name or not at all.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import evidence_service
from evidence_service.adapters.pdf.result import RenderedBundle
from evidence_service.domain import bundle

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from uuid import UUID

_GIB = 1 << 30
_CHECKOUT = Path(evidence_service.__file__).parents[1]
_FAILURES = {
    kind.code: kind
    for kind in (
        bundle.BundleFailed,
        bundle.ExhibitMissing,
        bundle.ExhibitDiffers,
        bundle.BundleDiffers,
        bundle.RenderOutOfMemory,
    )
}
_LAST_WORDS = 2000
# How Python, the loader, GLib and C++ say that there is no memory left.
_NO_MEMORY = ("MemoryError", "failed to map segment", "failed to allocate", "bad_alloc")


def render_bundle(  # noqa: PLR0913 - content, files, where to, and three limits
    content: bundle.BundleContent,
    files: Mapping[UUID, Path],
    out: Path,
    *,
    progress: Callable[[float], None],
    timeout_s: float = 300,
    memory_bytes: int = 2 * _GIB,
) -> RenderedBundle:
    """Draw the bundle into `out`.

    Args:
        content: everything the PDF says.
        files: the bytes of every exhibit, compared with their SHA-256.
        out: the finished file; its folder exists. It is put there whole, at the end.
        progress: called with shares from 0 to 1 in the calling thread; what it raises ends the
            child and is passed on.
        timeout_s: wall-clock limit, and limit of CPU seconds.
        memory_bytes: limit of the child's address space.

    Returns:
        Pages, bytes, hash, the printed index, and the characters no font could draw.

    Raises:
        BundleFailed: one of its kinds says which exhibit and why, or which limit was hit.
        ValueError: the content refers to evidence that is no exhibit.
    """
    bundle.plan(content)
    with tempfile.TemporaryDirectory(prefix="bundle-", dir=out.parent) as folder:
        part = Path(folder) / "bundle.pdf"
        job = {
            "content": content.to_plain(),
            "files": {str(key): str(path.absolute()) for key, path in files.items()},
            "out": str(part.absolute()),
            "memory_bytes": memory_bytes,
            "cpu_s": int(timeout_s) + 1,
        }
        job_file = Path(folder) / "job.json"
        job_file.write_text(json.dumps(job), encoding="utf-8")
        epoch = int(content.dated_at.timestamp())
        rendered = _run(job_file, epoch, progress, timeout_s)
        part.replace(out)
    return rendered


def _run(
    job_file: Path, epoch: int, progress: Callable[[float], None], timeout_s: float
) -> RenderedBundle:
    with tempfile.TemporaryFile() as errors, _child(job_file, epoch, errors) as child:
        ended_late = threading.Event()

        def end() -> None:
            ended_late.set()
            _kill(child)

        clock = threading.Timer(timeout_s, end)
        clock.start()
        try:
            last = _listen(child, progress)
        finally:
            clock.cancel()
        child.wait()
        if ended_late.is_set() or child.returncode == -signal.SIGXCPU:
            raise bundle.RenderTimedOut(limit=f"{timeout_s:g} s")
        return _answer(last, child.returncode, errors)


@contextmanager
def _child(job_file: Path, epoch: int, errors: IO[bytes]) -> Iterator[subprocess.Popen[str]]:
    """A child in a group of its own; leaving ends the whole group."""
    # -P: the working folder is nobody's module path.
    child = subprocess.Popen(
        [sys.executable, "-P", "-m", "evidence_service.adapters.pdf.child", str(job_file)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=errors,
        text=True,
        encoding="utf-8",
        env=_environment(epoch, job_file.parent),
        cwd=job_file.parent,
        start_new_session=True,
    )
    try:
        yield child
    finally:
        _kill(child)
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe:
                pipe.close()


def _environment(epoch: int, folder: Path) -> dict[str, str]:
    """Only what the drawing needs: none of the service's addresses and keys."""
    kept = {
        name: os.environ[name] for name in ("PATH", "HOME", "FONTCONFIG_FILE") if name in os.environ
    }
    return kept | {
        "LANG": "C.UTF-8",
        "PYTHONHASHSEED": "0",
        "PYTHONPATH": str(_CHECKOUT),
        "SOURCE_DATE_EPOCH": str(max(0, epoch)),
        "TMPDIR": str(folder),
    }


def _kill(child: subprocess.Popen[str]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)


def _listen(child: subprocess.Popen[str], progress: Callable[[float], None]) -> dict[str, Any]:
    """Pass progress on until the child's last line."""
    last: dict[str, Any] = {}
    for line in child.stdout or ():
        with suppress(json.JSONDecodeError):
            last = json.loads(line)
            if "progress" in last:
                progress(last["progress"])
    return last


def _answer(last: dict[str, Any], returncode: int, errors: IO[bytes]) -> RenderedBundle:
    if "done" in last:
        return RenderedBundle.from_plain(last["done"])
    if "failed" in last:
        raise _FAILURES[last["failed"]["code"]](**last["failed"]["params"])
    errors.seek(0)
    words = errors.read()[-_LAST_WORDS:].decode(errors="replace").strip()
    if any(sign in words for sign in _NO_MEMORY):
        raise bundle.RenderOutOfMemory
    raise bundle.RenderCrashed(status=str(returncode), reason=words.rsplit("\n", 1)[-1])
