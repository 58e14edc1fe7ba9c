"""The daily job that removes what uploads left which were killed between their bytes and their row.

An object stands before its row, so one without a row is an upload in flight, or an orphan when it
is a day old. Whoever sends the same bytes again is never answered with an old orphan (store.put),
so nothing that is deleted here can be named a moment later.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING
from uuid import UUID

from evidence_service.domain.errors import NotFound
from evidence_service.domain.events import OrphansSwept
from evidence_service.ports import SystemScope
from evidence_service.usecases.administer.fixity import PENDING
from evidence_service.usecases.archive.archive_case import derivatives_of, objects_of
from storage import keys

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from evidence_service.ports import ListedObject, Ports

SWEEP_ORPHANS = "sweep_orphans"
# A crash leaves as many as there were uploads at once. More means that rows are missing, as after
# a restore of an older database: then nothing is deleted, and `evidence fixity` names them.
MOST = 200


def sweep_orphans(*, ports: Ports, progress: Callable[[float], None]) -> int:
    """Delete the orphans and answer how many there were; none where there are too many."""
    orphans = list(_orphans(ports))
    if len(orphans) > MOST:
        return 0
    swept = 0
    for done, orphan in enumerate(orphans, start=1):
        try:
            ports.store.delete_version(orphan.key, version_id=orphan.version_id)
            swept += 1
        except ports.store_errors:
            continue  # a lock holds it, or the store is away: the next day is early enough
        progress(done / len(orphans))
    if swept:
        with ports.unit_of_work(SystemScope()) as work:
            work.record(OrphansSwept(actor=None, at=ports.now(), objects=swept))
    return swept


def _orphans(ports: Ports) -> Iterator[ListedObject]:
    now = ports.now()
    for case_id, objects in groupby(ports.store.list(keys.CASES), key=_case_of):
        old = [one for one in objects if now - one.modified_at >= PENDING]
        named = _named(case_id, ports) if old else None
        if named is not None:
            yield from (one for one in old if (one.key, one.version_id) not in named)


def _case_of(listed: ListedObject) -> str:
    return listed.key.removeprefix(keys.CASES).partition("/")[0]


def _named(case_id: str, ports: Ports) -> set[tuple[str, str]] | None:
    """What the case's rows name; None where there is no such case: then nothing is touched."""
    try:
        with ports.unit_of_work(SystemScope()) as work:
            case = work.cases.get(UUID(case_id))
            package = work.packages.get(case.id)
            return {*objects_of(case, package), *derivatives_of(case)}
    except (NotFound, ValueError):
        return None
