"""Walls around a child that parses or draws what strangers sent, where the machine has bubblewrap.

Inside there is no network, no other process and no file but the system's programs and libraries,
this program's own code, and what the caller names. Whether that works here is tried once; where it
does not (no `bwrap`, or a container that forbids user namespaces) children have their resource
limits alone, and the log says so.
"""

from __future__ import annotations

import logging
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import evidence_service
import storage

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_BWRAP = "bwrap"
_PROBE_S = 10
# Programs, libraries and fonts. Of /etc and /sys what loading, drawing and malloc ask for, and no
# more.
_SYSTEM = tuple(
    map(
        Path,
        (
            *("/usr", "/bin", "/sbin", "/lib", "/lib64", "/var/cache/fontconfig"),
            *("/etc/ld.so.cache", "/etc/alternatives", "/etc/fonts"),
            "/sys/kernel/mm/transparent_hugepage",
        ),
    )
)
_OURS = (
    *(Path(package.__path__[0]) for package in (evidence_service, storage)),
    *(Path(place) for place in (sys.prefix, sys.base_prefix)),
)

log = logging.getLogger(__name__)


def sandboxed(
    argv: Sequence[str], readable: Iterable[Path] = (), writable: Iterable[Path] = ()
) -> list[str]:
    """The command as it is to be started: behind walls where there are any, else unchanged.

    Descriptors, the environment, the working folder (where it is visible inside) and the process
    group are handed on; what a signal ends answers 128 and the signal's number. The walls do not
    fall with whoever started them: end the process group.

    Args:
        argv: the command.
        readable: files and folders it may read besides the system's and ours.
        writable: files and folders it may write; they stand under the same names.
    """
    if not is_walled():
        return list(argv)
    return [*_walls(readable, writable), *argv]


@cache
def is_walled() -> bool:
    """Whether children get walls here; tried once in a process, and said once."""
    reason = _refusal()
    if reason is None:
        log.info("untrusted files are read behind bubblewrap's walls")
    else:
        log.warning("untrusted files are read under resource limits alone: %s", reason)
    return reason is None


def _refusal() -> str | None:
    if shutil.which(_BWRAP) is None:
        return f"there is no {_BWRAP}"
    try:
        done = subprocess.run(
            [*_walls((), ()), sys.executable, "-I", "-c", ""],
            capture_output=True,
            timeout=_PROBE_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    said = done.stderr.decode(errors="replace").strip()
    return None if done.returncode == 0 else said or f"{_BWRAP} ended with {done.returncode}"


def _walls(readable: Iterable[Path], writable: Iterable[Path]) -> list[str]:
    """`--unshare-all`: user, processes, network, mounts, IPC and host name are its own."""
    options = [_BWRAP, "--unshare-all", "--cap-drop", "ALL", "--proc", "/proc", "--dev", "/dev"]
    options += ["--tmpfs", "/tmp"]  # noqa: S108 - its own, gone with it
    for place in (*_SYSTEM, *_OURS, *readable):
        options += ["--ro-bind-try", str(place), str(place)]
    for place in writable:
        options += ["--bind", str(place), str(place)]
    return [*options, "--remount-ro", "/", "--"]
