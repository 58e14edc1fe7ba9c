"""Takes jobs. A job calls one use case, as a view would."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from evidence_service.adapters.jobs import JobContext, Task, Worker
from evidence_service.bootstrap import build_ports
from evidence_service.usecases.administer.sweep_orphans import SWEEP_ORPHANS, sweep_orphans
from evidence_service.usecases.archive.archive_case import ARCHIVE_CASE, archive_case
from evidence_service.usecases.submit.render_bundle import (
    RENDER_BUNDLE,
    give_up_bundle,
    render_bundle,
)

if TYPE_CHECKING:
    from evidence_service.ports import Ports
    from evidence_service.settings import Settings

# Nobody can ask twice for archiving, so it outlasts an outage of half a day.
ARCHIVE_TRIES = 80


def make_worker(settings: Settings, ports: Ports | None = None) -> Worker:
    """A worker that knows every job; `run()` takes jobs until it is told to stop."""
    outside = ports or build_ports(settings)

    def render(job: JobContext, case_id: str, bundle_id: str) -> None:
        render_bundle(UUID(case_id), UUID(bundle_id), ports=outside, progress=job.progress)

    def render_given_up(case_id: str, bundle_id: str) -> None:
        give_up_bundle(UUID(case_id), UUID(bundle_id), ports=outside)

    def archive(job: JobContext, case_id: str) -> None:
        archive_case(UUID(case_id), ports=outside, progress=job.progress)

    def sweep(job: JobContext) -> None:
        sweep_orphans(ports=outside, progress=job.progress)

    return Worker(
        settings.database_url,
        {
            RENDER_BUNDLE: Task(render, given_up=render_given_up),
            ARCHIVE_CASE: Task(archive, tries=ARCHIVE_TRIES),
            SWEEP_ORPHANS: Task(sweep),
        },
        daily=(SWEEP_ORPHANS,),
    )
