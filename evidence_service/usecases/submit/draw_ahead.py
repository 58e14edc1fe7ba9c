"""The job that draws a case's bundle part by part before anybody asks for it.

From hand-in on the case stands still: an export then only puts together what is ready. The job
waits half a minute for the next change, and is none of a revision that has been left behind.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid5

from evidence_service.domain.bundle import BundleFailed
from evidence_service.domain.case import OPEN_STATES, CaseState
from evidence_service.domain.events import ApprovalVoided
from evidence_service.ports import SystemScope
from evidence_service.usecases.submit.case_parts import CaseParts
from evidence_service.usecases.submit.render_bundle import (
    complete_pages,
    content_of,
    fetch_exhibits,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from evidence_service.domain.case import Case
    from evidence_service.ports import Ports, Work

DRAW_AHEAD = "draw_ahead"
DELAY_S = 30
# Whatever a person waits for comes first.
PRIORITY = -10
_AHEAD = frozenset({CaseState.IN_REVIEW, CaseState.APPROVED})


def queue_ahead(case: Case, work: Work) -> None:
    """Queue the job if the case was handed in or approved, or has just lost its approval."""
    was_voided = any(isinstance(event, ApprovalVoided) for event in case.events)
    if case.state in _AHEAD or was_voided:
        work.jobs.enqueue(
            DRAW_AHEAD,
            job_id=uuid5(case.id, f"{DRAW_AHEAD} {case.revision} {case.state}"),
            args={"case_id": str(case.id), "revision": case.revision},
            store_id=case.store_id,
            priority=PRIORITY,
            delay_s=DELAY_S,
        )


def draw_ahead(
    case_id: UUID, revision: int, *, ports: Ports, progress: Callable[[float], None]
) -> None:
    """Draw what the bundle of this revision is put together from, unless the case went on."""
    with ports.unit_of_work(SystemScope()) as work:
        case = work.cases.get(case_id)
    if case.revision != revision or case.state not in OPEN_STATES or case.key_wrapped is None:
        return
    complete_pages(case_id, ports)
    with ports.unit_of_work(SystemScope()) as work:
        case = work.cases.get(case_id)
        is_preview = case.approved_revision is None
        content = content_of(case, work, ports, is_preview=is_preview)
    with tempfile.TemporaryDirectory(dir=ports.spool) as name:
        folder = Path(name)
        files = fetch_exhibits(case, content, folder, ports)
        try:
            ports.draw_parts(
                content, files, folder, progress=progress, parts=CaseParts(case, ports)
            )
        except BundleFailed:
            return  # whoever asks for the bundle is told why
