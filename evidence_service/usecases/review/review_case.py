"""Approve or return one revision, as somebody who had no hand in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evidence_service.domain.access import Permission, authorise
from evidence_service.domain.ids import new_id
from evidence_service.ports import StoreScope
from evidence_service.usecases.submit.draw_ahead import queue_ahead

if TYPE_CHECKING:
    from uuid import UUID

    from evidence_service.domain.access import Actor
    from evidence_service.domain.case import Case
    from evidence_service.domain.records import Decision
    from evidence_service.ports import Ports


@dataclass(frozen=True, slots=True)
class ReviewCase:
    case_id: UUID
    decision: Decision
    comment: str
    revision: int | None = None
    items: tuple[dict[str, str], ...] = ()


def review_case(command: ReviewCase, *, actor: Actor, ports: Ports) -> Case:
    with ports.unit_of_work(StoreScope(actor.stores)) as work:
        case = work.cases.get_for_update(command.case_id)
        authorise(actor, Permission.CASE_REVIEW, case)
        case.review(
            id=new_id(),
            decision=command.decision,
            comment=command.comment,
            items=command.items,
            revision=command.revision,
            by=actor.id,
            at=ports.now(),
        )
        queue_ahead(case, work)
    return case
