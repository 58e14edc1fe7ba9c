"""The hourly job that empties the incoming bucket of what nobody waits for any more.

It knows the rows: what is on its way or being checked stays, whatever its age.
"""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from evidence_service.domain.upload import LIVES
from evidence_service.ports import SystemScope
from evidence_service.usecases.assemble.ingest_upload import SPOOL_PREFIX

if TYPE_CHECKING:
    from collections.abc import Callable

    from evidence_service.ports import Ports

SWEEP_INCOMING = "sweep_incoming"


def sweep_incoming(*, ports: Ports, progress: Callable[[float], None]) -> int:
    """Delete what is a day old and wanted by no row; answer how many there were."""
    now = ports.now()
    old = [one for one in ports.store.list_incoming() if now - one.modified_at >= LIVES]
    with ports.unit_of_work(SystemScope()) as work:
        work.uploads.forget(now)
        wanted = work.uploads.wanted(now)
    swept = [one.upload_id for one in old if one.upload_id not in wanted]
    for done, upload_id in enumerate(swept, start=1):
        ports.store.delete_incoming(upload_id)
        progress(done / len(swept))
    _sweep_spool(ports)
    return len(swept)


def _sweep_spool(ports: Ports) -> None:
    """Remove what killed jobs left on this machine."""
    for left in ports.spool.glob(f"{SPOOL_PREFIX}*"):
        if ports.now() - datetime.fromtimestamp(left.stat().st_mtime, UTC) >= LIVES:
            shutil.rmtree(left, ignore_errors=True)
