"""Change what is said of a case, if it still is as the caller saw it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from evidence_service.domain.access import Permission, authorise
from evidence_service.domain.errors import StaleRevision, invalid
from evidence_service.domain.records import CaseDetails
from evidence_service.ports import StoreScope
from evidence_service.usecases.assemble.open_case import ensure_details
from evidence_service.usecases.clocks import follow_clocks
from evidence_service.usecases.judging import pinned, rejudge

if TYPE_CHECKING:
    from uuid import UUID

    from evidence_service.domain.access import Actor
    from evidence_service.domain.case import Case
    from evidence_service.ports import Ports, Work


@dataclass(frozen=True, slots=True)
class EditCase:
    """`changes` maps names of CaseDetails to their new values; `version` is what the caller saw."""

    case_id: UUID
    version: int
    changes: dict[str, Any]


def edit_case(command: EditCase, *, actor: Actor, ports: Ports) -> Case:
    with ports.unit_of_work(StoreScope(actor.stores)) as work:
        case = work.cases.get_for_update(command.case_id)
        authorise(actor, Permission.CASE_EDIT, case)
        if case.version != command.version:
            raise StaleRevision(version=case.version)
        about = replace(said_of(case), **command.changes)
        pack = pinned(case, work, ports)
        ensure_details(pack, about)
        if about.assignee not in {None, case.assignee}:
            _ensure_works_for(case.store_id, about.assignee, work)
        case.edit(about, by=actor.id, at=ports.now())
        rejudge(case, pack)
        follow_clocks(case, pack, ports.sla, work.stores.get(case.store_id).time_zone)
    return case


def _ensure_works_for(store_id: UUID, assignee: UUID | None, work: Work) -> None:
    if all(person.id != assignee for person in work.people.of_store(store_id)):
        raise invalid("assignee", "unknown", "nobody of this id works for the store")


def said_of(case: Case) -> CaseDetails:
    return CaseDetails(**{name: getattr(case, name) for name in CaseDetails.__dataclass_fields__})
