"""The daily job that removes what uploads left which were killed between their bytes and their row.

An object stands before its row, so one without a row is an upload in flight, or an orphan when it
is a day old. Whoever sends the same bytes again is never answered with an old orphan (store.put),
so nothing that is deleted here can be named a moment later. Drawn parts of bundles have no rows:
they go when they are old, and cost the next export some time.
"""

from __future__ import annotations

from datetime import timedelta
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
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import datetime

    from evidence_service.ports import ListedObject, Ports

SWEEP_ORPHANS = "sweep_orphans"
# A crash leaves as many as there were uploads at once. More means that rows are missing, as after
# a restore of an older database: then nothing is deleted, and `evidence fixity` names them.
MOST = 200
PARTS_KEPT = timedelta(days=14)


def sweep_orphans(*, ports: Ports, progress: Callable[[float], None]) -> int:
    """Delete the orphans and answer how many there were; none where there are too many."""
    listed = [one for one in ports.store.list(keys.CASES) if _is_due(one, ports.now())]
    parts = [one for one in listed if keys.is_part(one.key)]
    orphans = list(_orphans((one for one in listed if not keys.is_part(one.key)), ports))
    _delete(parts, ports, lambda share: progress(share / 2))
    if len(orphans) > MOST:
        return 0
    swept = _delete(orphans, ports, lambda share: progress(0.5 + share / 2))
    if swept:
        with ports.unit_of_work(SystemScope()) as work:
            work.record(OrphansSwept(actor=None, at=ports.now(), objects=swept))
    return swept


def _is_due(listed: ListedObject, now: datetime) -> bool:
    return now - listed.modified_at >= (PARTS_KEPT if keys.is_part(listed.key) else PENDING)


def _delete(found: Sequence[ListedObject], ports: Ports, progress: Callable[[float], None]) -> int:
    deleted = 0
    for done, one in enumerate(found, start=1):
        try:
            ports.store.delete_version(one.key, version_id=one.version_id)
            deleted += 1
        except ports.store_errors:
            continue  # a lock holds it, or the store is away: the next day is early enough
        progress(done / len(found))
    return deleted


def _orphans(old: Iterable[ListedObject], ports: Ports) -> Iterator[ListedObject]:
    for case_id, objects in groupby(old, key=_case_of):
        named = _named(case_id, ports)
        if named is not None:
            yield from (one for one in objects if (one.key, one.version_id) not in named)


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
