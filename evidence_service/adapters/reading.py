"""Runs the readers in a child process: limited, killable, started afresh for each file."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import evidence_service
from evidence_service.domain.reading import Reading
from evidence_service.readers.sniff import HEAD_BYTES, sniff

_CHECKOUT = Path(evidence_service.__file__).parents[1]
_MIB = 1 << 20
UNREADABLE = "unreadable"


class ChildReader:
    """The Reader port.

    Args:
        timeout_s: how long one file may take, in wall-clock and in CPU seconds.
        memory_bytes: the child's address space. A picture of the largest size that is read takes
            160 MB decoded; Python and Pillow map about as much again.
    """

    def __init__(self, timeout_s: int = 10, memory_bytes: int = 768 * _MIB) -> None:
        self._timeout_s = timeout_s
        self._memory_bytes = memory_bytes

    def read(self, path: Path) -> Reading:
        """What the bytes are; what kills the child or outlasts it is kept unread."""
        answer = self._ask(path)
        if answer is not None:
            return Reading.from_plain(json.loads(answer))
        with path.open("rb") as file:
            return Reading(media_type=sniff(file.read(HEAD_BYTES)), warnings=(UNREADABLE,))

    def _ask(self, path: Path) -> bytes | None:
        # -P: the working folder is nobody's module path. -S would lose the virtual environment.
        command = [sys.executable, "-P", "-m", "evidence_service.adapters.reading_child"]
        limits = [str(self._timeout_s), str(self._memory_bytes)]
        try:
            done = subprocess.run(
                [*command, str(path.absolute()), *limits],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={"LANG": "C.UTF-8", "PYTHONPATH": str(_CHECKOUT)},
                cwd=path.parent,
                timeout=self._timeout_s,
                check=False,
                start_new_session=True,
            )
        except subprocess.TimeoutExpired:
            return None
        return done.stdout if done.returncode == 0 else None
