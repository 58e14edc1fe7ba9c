"""Takes jobs. A job calls one use case, as a view would."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from evidence_service.adapters.jobs import JobContext, Task, Worker
from evidence_service.bootstrap import build_ports
from evidence_service.usecases.administer.sweep_incoming import SWEEP_INCOMING, sweep_incoming
from evidence_service.usecases.administer.sweep_orphans import SWEEP_ORPHANS, sweep_orphans
from evidence_service.usecases.archive.archive_case import ARCHIVE_CASE, archive_case
from evidence_service.usecases.assemble.ingest_upload import (
    INGEST_UPLOAD,
    give_up_upload,
    ingest_upload,
)
from evidence_service.usecases.assemble.make_derivatives import (
    MAKE_DERIVATIVES,
    make_derivatives,
)
from evidence_service.usecases.assemble.read_text import READ_TEXT, give_up_text, read_text
from evidence_service.usecases.remind.deliver_reminder import deliver_reminder, give_up_reminder
from evidence_service.usecases.remind.find_due_reminders import EVERY as FIND_DUE_EVERY
from evidence_service.usecases.remind.find_due_reminders import (
    FIND_DUE_REMINDERS,
    MAIL_REMINDER,
    POST_REMINDER,
    find_due_reminders,
)
from evidence_service.usecases.submit.draw_ahead import DRAW_AHEAD, draw_ahead
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
# A scanner that is away for half a day costs nobody an upload.
INGEST_TRIES = 80
# With the waits between them two hours: later than that a reminder is none.
DELIVER_TRIES = 16


def make_worker(settings: Settings, ports: Ports | None = None) -> Worker:
    """A worker that knows every job; `run()` takes jobs until it is told to stop."""
    outside = ports or build_ports(settings)

    def render(job: JobContext, case_id: str, bundle_id: str) -> None:
        render_bundle(UUID(case_id), UUID(bundle_id), ports=outside, progress=job.progress)

    def render_given_up(case_id: str, bundle_id: str) -> None:
        give_up_bundle(UUID(case_id), UUID(bundle_id), ports=outside)

    def ahead(job: JobContext, case_id: str, revision: int) -> None:
        draw_ahead(UUID(case_id), revision, ports=outside, progress=job.progress)

    def archive(job: JobContext, case_id: str) -> None:
        archive_case(UUID(case_id), ports=outside, progress=job.progress)

    def sweep(job: JobContext) -> None:
        sweep_orphans(ports=outside, progress=job.progress)

    def find_due(job: JobContext) -> None:
        find_due_reminders(ports=outside, progress=job.progress)

    def deliver(_job: JobContext, reminder_id: str) -> None:
        deliver_reminder(UUID(reminder_id), ports=outside)

    def deliver_given_up(reminder_id: str) -> None:
        give_up_reminder(UUID(reminder_id), ports=outside)

    return Worker(
        settings.database_url,
        {
            RENDER_BUNDLE: Task(render, given_up=render_given_up),
            DRAW_AHEAD: Task(ahead, tries=2),
            ARCHIVE_CASE: Task(archive, tries=ARCHIVE_TRIES),
            **_picture_tasks(outside),
            SWEEP_ORPHANS: Task(sweep),
            **_upload_tasks(outside),
            FIND_DUE_REMINDERS: Task(find_due, tries=1),
            MAIL_REMINDER: Task(deliver, given_up=deliver_given_up, tries=DELIVER_TRIES),
            POST_REMINDER: Task(deliver, given_up=deliver_given_up, tries=DELIVER_TRIES),
        },
        every={
            SWEEP_ORPHANS: timedelta(days=1),
            SWEEP_INCOMING: timedelta(hours=1),
            FIND_DUE_REMINDERS: FIND_DUE_EVERY,
        },
        # A bundle may take minutes: neither a reminder nor a preview waits for it, nor a file for
        # its check; and none of them for a mail server or a webhook that hangs, nor one of these
        # for the other.
        aside=(
            (FIND_DUE_REMINDERS, MAKE_DERIVATIVES),
            (INGEST_UPLOAD,),
            (MAIL_REMINDER,),
            (POST_REMINDER,),
        ),
    )


def _upload_tasks(outside: Ports) -> dict[str, Task]:
    def ingest(job: JobContext, upload_id: str) -> None:
        ingest_upload(UUID(upload_id), ports=outside, progress=job.progress)

    def given_up(upload_id: str) -> None:
        give_up_upload(UUID(upload_id), ports=outside)

    def sweep(job: JobContext) -> None:
        sweep_incoming(ports=outside, progress=job.progress)

    return {
        INGEST_UPLOAD: Task(ingest, given_up=given_up, tries=INGEST_TRIES),
        SWEEP_INCOMING: Task(sweep),
    }


def _picture_tasks(outside: Ports) -> dict[str, Task]:
    def make(_job: JobContext, case_id: str, evidence_id: str) -> None:
        make_derivatives(UUID(case_id), UUID(evidence_id), ports=outside)

    def read(_job: JobContext, case_id: str, evidence_id: str, language: str = "") -> None:
        read_text(UUID(case_id), UUID(evidence_id), language, ports=outside)

    def reading_given_up(case_id: str, evidence_id: str, language: str = "") -> None:
        give_up_text(UUID(case_id), UUID(evidence_id), language, ports=outside)

    return {
        MAKE_DERIVATIVES: Task(make),
        READ_TEXT: Task(read, given_up=reading_given_up),
    }
