"""Record that a bundle went to the platform."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evidence_service.domain.access import Permission, authorise
from evidence_service.domain.ids import new_id
from evidence_service.ports import StoreScope

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from evidence_service.domain.access import Actor
    from evidence_service.domain.sending import Submission
    from evidence_service.ports import Ports


@dataclass(frozen=True, slots=True)
class RecordSubmission:
    case_id: UUID
    bundle_id: UUID
    submitted_at: datetime
    reference: str | None = None
    corrects: UUID | None = None
    reason: str | None = None


def record_submission(command: RecordSubmission, *, actor: Actor, ports: Ports) -> Submission:
    with ports.unit_of_work(StoreScope(actor.stores)) as work:
        case = work.cases.get_for_update(command.case_id)
        authorise(actor, Permission.SUBMISSION_RECORD, case)
        return case.record_submission(
            id=new_id(),
            bundle_id=command.bundle_id,
            reference=command.reference,
            submitted_at=command.submitted_at,
            corrects=command.corrects,
            reason=command.reason,
            by=actor.id,
            at=ports.now(),
        )
