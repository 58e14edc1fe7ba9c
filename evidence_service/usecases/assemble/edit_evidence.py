"""Change an item's kind, caption or place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evidence_service.domain.access import Permission, authorise
from evidence_service.domain.errors import invalid
from evidence_service.domain.evidence import can_be
from evidence_service.ports import StoreScope
from evidence_service.usecases.judging import pinned, rejudge
from evidence_service.usecases.submit.draw_ahead import queue_ahead

if TYPE_CHECKING:
    from uuid import UUID

    from evidence_service.domain.access import Actor
    from evidence_service.domain.evidence import EvidenceItem, EvidenceKind
    from evidence_service.ports import Ports


@dataclass(frozen=True, slots=True)
class EditEvidence:
    case_id: UUID
    evidence_id: UUID
    kind: EvidenceKind | None = None
    caption: str | None = None
    position: int | None = None


def edit_evidence(command: EditEvidence, *, actor: Actor, ports: Ports) -> EvidenceItem:
    with ports.unit_of_work(StoreScope(actor.stores)) as work:
        case = work.cases.get_for_update(command.case_id)
        authorise(actor, Permission.CASE_EDIT, case)
        known = case.item(command.evidence_id)
        if command.kind is not None and not can_be(command.kind, known.media_type):
            raise invalid("kind", "cannot_be", f"{known.media_type} cannot be {command.kind}")
        item = case.edit_evidence(
            command.evidence_id,
            by=actor.id,
            at=ports.now(),
            kind=command.kind,
            caption=command.caption,
            position=command.position,
        )
        rejudge(case, pinned(case, work, ports))
        queue_ahead(case, work)
    return item
