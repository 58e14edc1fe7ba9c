"""Say why a requirement is not met, so that a reviewer can judge that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evidence_service.domain.access import Permission, authorise
from evidence_service.domain.errors import invalid
from evidence_service.ports import StoreScope
from evidence_service.usecases.judging import judge_case, pinned, rejudge
from evidence_service.usecases.submit.draw_ahead import queue_ahead

if TYPE_CHECKING:
    from uuid import UUID

    from evidence_service.domain.access import Actor
    from evidence_service.domain.case import Case
    from evidence_service.ports import Ports


@dataclass(frozen=True, slots=True)
class WaiveRequirement:
    case_id: UUID
    requirement: str
    reason: str


def waive_requirement(command: WaiveRequirement, *, actor: Actor, ports: Ports) -> Case:
    with ports.unit_of_work(StoreScope(actor.stores)) as work:
        case = work.cases.get_for_update(command.case_id)
        authorise(actor, Permission.CASE_EDIT, case)
        pack = pinned(case, work, ports)
        known = [f.requirement.id for f in judge_case(case, pack).findings]
        if command.requirement not in known:
            raise invalid("requirement", "unknown", f"this case has: {', '.join(known)}")
        case.waive(command.requirement, command.reason, by=actor.id, at=ports.now())
        rejudge(case, pack)
        queue_ahead(case, work)
    return case
