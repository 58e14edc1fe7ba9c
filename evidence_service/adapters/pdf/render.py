"""The parent's side: one child process group per bundle, limited, watched and killable.

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
from evidence_service.adapters.pdf.templates import put_compiled
from evidence_service.adapters.sandbox import sandboxed
from evidence_service.domain import bundle

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from uuid import UUID

    from evidence_service.ports import Parts

_DRAWER = "evidence_service.adapters.pdf.child"
_GIB = 1 << 30
_CHECKOUT = Path(evidence_service.__file__).parents[1]
_TEMPLATES = _CHECKOUT / "templates"
# Ended by the signal itself, or, behind walls, by who passes its number on.
_OUT_OF_CPU = (-signal.SIGXCPU, 128 + signal.SIGXCPU)
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


def program(module: str) -> tuple[str, ...]:
    """A module of ours as a command. -P: the working folder is nobody's module path."""
    return (sys.executable, "-P", "-m", module)


def render_bundle(  # noqa: PLR0913 - content, files, where to, and what may be spared and spent
    content: bundle.BundleContent,
    files: Mapping[UUID, Path],
    out: Path,
    *,
    progress: Callable[[float], None],
    parts: Parts | None = None,
    timeout_s: float = 300,
    memory_bytes: int = 2 * _GIB,
    drawer: Sequence[str] = program(_DRAWER),
) -> RenderedBundle:
    """Draw the bundle into `out`.

    Args:
        content: everything the PDF says.
        files: the bytes of every exhibit, compared with their SHA-256.
        out: the finished file; its folder exists. It is put there whole, at the end.
        progress: called with shares from 0 to 1 in the calling thread; what it raises ends the
            child and is passed on.
        parts: what was drawn before and what is drawn now; the result is the same without.
        timeout_s: wall-clock limit, and limit of each process's CPU seconds.
        memory_bytes: limit of each process's address space.
        drawer: the command that draws; the file with its job is put behind it.

    Returns:
        Pages, bytes, hash, the printed index, and the characters no font could draw.

    Raises:
        BundleFailed: one of its kinds says which exhibit and why, or which limit was hit.
        ValueError: the content refers to evidence that is no exhibit.
    """
    with _workshop(content, files, out.parent, parts, drawer) as shop:
        drawn_to = shop.folder / "bundle.pdf"
        rendered = RenderedBundle.from_plain(shop.run(drawn_to, progress, timeout_s, memory_bytes))
        take(drawn_to, out)
    return rendered


def draw_parts(  # noqa: PLR0913 - as above
    content: bundle.BundleContent,
    files: Mapping[UUID, Path],
    folder: Path,
    *,
    progress: Callable[[float], None],
    parts: Parts,
    timeout_s: float = 300,
    memory_bytes: int = 2 * _GIB,
) -> None:
    """Draw what a bundle is put together from, ahead of it; `folder` is for passing use."""
    with _workshop(content, files, folder, parts, program(_DRAWER)) as shop:
        shop.run(None, progress, timeout_s, memory_bytes)


def take(made: Path, out: Path) -> None:
    """Put what a child made under its name.

    Raises:
        RenderCrashed: there is no file of its own: a link leads to what the child may not give.
    """
    if made.is_symlink() or not made.is_file():
        raise bundle.RenderCrashed(why="no file")
    made.replace(out)


@contextmanager
def _workshop(
    content: bundle.BundleContent,
    files: Mapping[UUID, Path],
    beside: Path,
    parts: Parts | None,
    drawer: Sequence[str],
) -> Iterator[_Workshop]:
    """A folder for one child; what it drew is kept, also by one that ran out of time."""
    bundle.plan(content)
    with tempfile.TemporaryDirectory(prefix="bundle-", dir=beside) as folder:
        shop = _Workshop(content, files, Path(folder), parts, drawer)
        shop.parts_folder.mkdir()
        try:
            yield shop
        except bundle.BundleFailed:
            shop.keep()
            raise
        shop.keep()


class _Workshop:
    def __init__(
        self,
        content: bundle.BundleContent,
        files: Mapping[UUID, Path],
        folder: Path,
        parts: Parts | None,
        drawer: Sequence[str],
    ) -> None:
        self.folder = folder.absolute()
        self.parts_folder = self.folder / "parts"
        self._content = content
        self._files = files
        self._parts = parts
        self._drawer = drawer
        self._fetched: set[str] = set()

    def run(
        self,
        out: Path | None,
        progress: Callable[[float], None],
        timeout_s: float,
        memory_bytes: int,
    ) -> dict[str, Any]:
        """The child's last word."""
        job = {
            "content": self._content.to_plain(),
            "files": {str(key): str(path.absolute()) for key, path in self._files.items()},
            "out": str(out.absolute()) if out else None,
            "parts": str(self.parts_folder.absolute()),
            "templates": str((self.folder / "templates").absolute()),
            "memory_bytes": memory_bytes,
            "cpu_s": int(timeout_s) + 1,
        }
        put_compiled(self.folder / "templates")
        job_file = self.folder / "job.json"
        job_file.write_text(json.dumps(job), encoding="utf-8")
        readable = (_TEMPLATES, *self._files.values())
        return run_child(self._drawer, job_file, readable, progress, timeout_s, self._fetch)

    def _fetch(self, names: list[str]) -> None:
        """Hand parts over by renaming: a link that the child left is replaced, not followed."""
        if self._parts is None or self.parts_folder.is_symlink():
            return
        with tempfile.TemporaryDirectory(prefix="parts-", dir=self.folder.parent) as fresh:
            self._parts.fetch(names, Path(fresh))
            for path in Path(fresh).iterdir():
                path.replace(self.parts_folder / path.name)
                self._fetched.add(path.name)

    def keep(self) -> None:
        if self._parts is not None and not self.parts_folder.is_symlink():
            self._parts.keep(
                [
                    path
                    for path in self.parts_folder.iterdir()
                    # The child, which has read other people's bytes, may have left a link here.
                    if path.is_file() and not path.is_symlink()
                    if path.name[0] != "." and path.name not in self._fetched
                ]
            )


def run_child(  # noqa: PLR0913 - a program, what it works on and its limits
    command: Sequence[str],
    job_file: Path,
    readable: Iterable[Path],
    progress: Callable[[float], None],
    timeout_s: float,
    fetch: Callable[[list[str]], None] = lambda _: None,
) -> dict[str, Any]:
    """Run a program like `child.py` on its job, behind walls where there are any.

    It may write into the job's folder, and read what is named.

    Returns:
        Its last word.

    Raises:
        BundleFailed: the child says why, or hit a limit.
    """
    with tempfile.TemporaryFile() as errors, _child(command, job_file, readable, errors) as child:
        ended_late = threading.Event()

        def end() -> None:
            ended_late.set()
            _kill(child)

        clock = threading.Timer(timeout_s, end)
        clock.start()
        try:
            last = _listen(child, progress, fetch)
        finally:
            clock.cancel()
        child.wait()
        if ended_late.is_set() or child.returncode in _OUT_OF_CPU:
            raise bundle.RenderTimedOut(limit=f"{timeout_s:g} s")
        return _answer(last, child.returncode, errors)


@contextmanager
def _child(
    command: Sequence[str], job_file: Path, readable: Iterable[Path], errors: IO[bytes]
) -> Iterator[subprocess.Popen[str]]:
    """A child in a group of its own; leaving ends the whole group."""
    folder = job_file.parent.absolute()
    walled = sandboxed(
        [*command, str(job_file.absolute())],
        readable=[path.absolute() for path in readable],
        writable=[folder],
    )
    child = subprocess.Popen(
        walled,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=errors,
        text=True,
        encoding="utf-8",
        env=_environment(folder),
        cwd=folder,
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


def _environment(folder: Path) -> dict[str, str]:
    """Only what the drawing needs: none of the service's addresses and keys."""
    kept = {
        name: os.environ[name] for name in ("PATH", "HOME", "FONTCONFIG_FILE") if name in os.environ
    }
    return kept | {
        "LANG": "C.UTF-8",
        "PYTHONHASHSEED": "0",
        "PYTHONPATH": str(_CHECKOUT),
        # The date inside a font's subset; the bundle's own dates come from its content.
        "SOURCE_DATE_EPOCH": "0",
        "TMPDIR": str(folder),
    }


def _kill(child: subprocess.Popen[str]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)


def _listen(
    child: subprocess.Popen[str],
    progress: Callable[[float], None],
    fetch: Callable[[list[str]], None],
) -> dict[str, Any]:
    """Pass progress on and answer its questions until the child's last line."""
    last: dict[str, Any] = {}
    for line in child.stdout or ():
        with suppress(json.JSONDecodeError):
            last = json.loads(line)
        if "progress" in last:
            progress(last["progress"])
        if "want" in last and child.stdin:
            fetch(last["want"])
            with suppress(BrokenPipeError):  # it has ended meanwhile, and its status says why
                child.stdin.write("\n")
                child.stdin.flush()
    return last


def _answer(last: dict[str, Any], returncode: int, errors: IO[bytes]) -> dict[str, Any]:
    if "done" in last:
        done: dict[str, Any] = last["done"]
        return done
    if "failed" in last:
        raise _FAILURES[last["failed"]["code"]](**last["failed"]["params"])
    errors.seek(0)
    words = errors.read()[-_LAST_WORDS:].decode(errors="replace").strip()
    if any(sign in words for sign in _NO_MEMORY):
        raise bundle.RenderOutOfMemory
    raise bundle.RenderCrashed(status=str(returncode), reason=words.rsplit("\n", 1)[-1])
