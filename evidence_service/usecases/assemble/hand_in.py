"""Give a complete case to a reviewer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evidence_service.domain.access import Permission, authorise
from evidence_service.ports import StoreScope
from evidence_service.usecases.judging import judge_case, pinned
from evidence_service.usecases.submit.draw_ahead import queue_ahead

if TYPE_CHECKING:
    from uuid import UUID

    from evidence_service.domain.access import Actor
    from evidence_service.domain.case import Case
    from evidence_service.ports import Ports


@dataclass(frozen=True, slots=True)
class HandIn:
    case_id: UUID


def hand_in(command: HandIn, *, actor: Actor, ports: Ports) -> Case:
    with ports.unit_of_work(StoreScope(actor.stores)) as work:
        case = work.cases.get_for_update(command.case_id)
        authorise(actor, Permission.CASE_EDIT, case)
        report = judge_case(case, pinned(case, work, ports))
        case.hand_in(report, by=actor.id, at=ports.now())
        work.reports.put(case, report, ports.now())
        queue_ahead(case, work)
    return case
