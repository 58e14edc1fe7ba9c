"""Record how the dispute ended, which closes the case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evidence_service.domain.access import Permission, authorise
from evidence_service.domain.sending import CaseOutcome
from evidence_service.ports import StoreScope

if TYPE_CHECKING:
    from uuid import UUID

    from evidence_service.domain.access import Actor
    from evidence_service.domain.case import Case
    from evidence_service.domain.order import Money
    from evidence_service.domain.sending import OutcomeReason, OutcomeResult
    from evidence_service.ports import Ports


@dataclass(frozen=True, slots=True)
class RecordOutcome:
    case_id: UUID
    result: OutcomeResult
    amount: Money | None = None
    reason: OutcomeReason | None = None
    note: str | None = None


def record_outcome(command: RecordOutcome, *, actor: Actor, ports: Ports) -> Case:
    with ports.unit_of_work(StoreScope(actor.stores)) as work:
        case = work.cases.get_for_update(command.case_id)
        authorise(actor, Permission.SUBMISSION_RECORD, case)
        case.record_outcome(
            CaseOutcome(
                case.id,
                case.store_id,
                command.result,
                command.amount,
                command.reason,
                command.note,
                actor.id,
                ports.now(),
            )
        )
    return case
