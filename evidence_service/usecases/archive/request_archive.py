"""Ask for a closed case to be locked, sealed and archived by a job."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import uuid5

from evidence_service.domain.access import Permission, authorise
from evidence_service.ports import StoreScope
from evidence_service.usecases.archive.archive_case import ARCHIVE_CASE

if TYPE_CHECKING:
    from uuid import UUID

    from evidence_service.domain.access import Actor
    from evidence_service.domain.case import Case
    from evidence_service.ports import Ports


@dataclass(frozen=True, slots=True)
class RequestArchive:
    case_id: UUID


def request_archive(command: RequestArchive, *, actor: Actor, ports: Ports) -> Case:
    with ports.unit_of_work(StoreScope(actor.stores)) as work:
        case = work.cases.get_for_update(command.case_id)
        authorise(actor, Permission.CASE_ARCHIVE, case)
        case.request_archive(by=actor.id, at=ports.now())
        # What was stopped for a held item is asked for again: another job.
        job_id = uuid5(case.id, str(case.archive_requested_at))
        work.jobs.enqueue(
            ARCHIVE_CASE, job_id=job_id, args={"case_id": str(case.id)}, store_id=case.store_id
        )
    return case
