"""Two processes that draw what is missing, side by side.

They are forked from the drawing child once it has imported what they need, so they have its
limits, its closed network and its modules. Who draws what does not matter to the result: a part
depends on nothing but its own input.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import traceback
from typing import TYPE_CHECKING, Any, NoReturn

from evidence_service.domain.bundle import BundleFailed, RenderOutOfMemory

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_MOST = 2
_NUMBER_BYTES = 4


def crew_size() -> int:
    return min(_MOST, len(os.sched_getaffinity(0)))


def draw_all(tasks: Sequence[Callable[[], None]], progress: Callable[[float], None]) -> None:
    """Do every task, the first ones first.

    Args:
        tasks: each leaves its part behind as a file. Long ones belong first.
        progress: told the share that is done.

    Raises:
        BundleFailed: what a task raised.
    """
    if not tasks:
        return
    queue = _queue(len(tasks))
    told, tell = os.pipe()
    crew = []
    for _ in range(min(crew_size(), len(tasks))):
        if not (pid := os.fork()):
            os.close(told)
            _draw(tasks, queue, tell)
        crew.append(pid)
    os.close(queue)
    os.close(tell)
    try:
        for done, failure in enumerate(_listen(told), start=1):
            if failure:
                raise _failure(failure)
            progress(done / len(tasks))
    finally:
        for pid in crew:
            os.kill(pid, signal.SIGKILL)
        died = [os.waitpid(pid, 0)[1] for pid in crew]
    _ensure_well(died)


def _queue(count: int) -> int:
    """The numbers of the tasks in a pipe: whoever is free takes the next."""
    queue, fill = os.pipe()
    for number in range(count):
        os.write(fill, number.to_bytes(_NUMBER_BYTES))
    os.close(fill)
    return queue


def _draw(tasks: Sequence[Callable[[], None]], queue: int, tell: int) -> NoReturn:
    """A member's whole life: a line for each task that is done, or one that says what went wrong.

    Ends without the interpreter's own end: buffers and handlers are the parent's.
    """
    status = 0
    try:
        while number := os.read(queue, _NUMBER_BYTES):
            tasks[int.from_bytes(number)]()
            os.write(tell, b"{}\n")
    except BundleFailed as error:
        _tell(tell, error)
    except MemoryError:
        _tell(tell, RenderOutOfMemory())
    except BaseException:  # noqa: BLE001 - nothing may come out of here: the caller is not ours
        traceback.print_exc(file=sys.stderr)
        sys.stderr.flush()
        status = 1
    os._exit(status)


def _tell(tell: int, error: BundleFailed) -> None:
    os.write(tell, json.dumps({"code": error.code, "params": error.params}).encode() + b"\n")


def _listen(told: int) -> Iterator[dict[str, Any]]:
    with os.fdopen(told, encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def _failure(failure: dict[str, Any]) -> BundleFailed:
    kind = RenderOutOfMemory if failure["code"] == RenderOutOfMemory.code else BundleFailed
    return kind(**failure["params"])


def _ensure_well(died: list[int]) -> None:
    """Die of what a member died of: the parent knows what that means."""
    for status in died:
        if os.WIFSIGNALED(status):
            os.kill(os.getpid(), os.WTERMSIG(status))
        if status:
            raise ChildProcessError(f"a drawing process ended with {status}")
