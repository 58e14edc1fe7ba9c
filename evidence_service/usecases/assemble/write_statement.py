"""Write the seller's statement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evidence_service.domain.access import Permission, authorise
from evidence_service.ports import StoreScope
from evidence_service.usecases.submit.draw_ahead import queue_ahead

if TYPE_CHECKING:
    from uuid import UUID

    from evidence_service.domain.access import Actor
    from evidence_service.domain.case import Case
    from evidence_service.ports import Ports


@dataclass(frozen=True, slots=True)
class WriteStatement:
    case_id: UUID
    language: str
    fields: dict[str, str]


def write_statement(command: WriteStatement, *, actor: Actor, ports: Ports) -> Case:
    with ports.unit_of_work(StoreScope(actor.stores)) as work:
        case = work.cases.get_for_update(command.case_id)
        authorise(actor, Permission.CASE_EDIT, case)
        case.write_statement(command.language, command.fields, by=actor.id, at=ports.now())
        queue_ahead(case, work)
    return case
