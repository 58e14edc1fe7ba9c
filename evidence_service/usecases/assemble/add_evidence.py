"""Add an original to a case: taken in, then its row.

When this returns, the bytes are durable and read. Killed before the row stands, nothing was
acknowledged and the janitor sweeps the object; killed after, both are there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evidence_service.domain.access import Permission, authorise
from evidence_service.domain.errors import NotFound, invalid
from evidence_service.domain.ids import new_id
from evidence_service.ports import StoreScope
from evidence_service.usecases.assemble.take_in import About, after_taking, alike, take_in
from evidence_service.usecases.judging import pinned, rejudge
from evidence_service.usecases.submit.draw_ahead import queue_ahead

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from evidence_service.domain.access import Actor
    from evidence_service.domain.evidence import EvidenceItem, EvidenceKind
    from evidence_service.ports import Ports, Spooled


@dataclass(frozen=True, slots=True)
class AddEvidence:
    case_id: UUID
    file: Spooled
    file_name: str
    kind: EvidenceKind | None = None
    caption: str = ""
    captured_at: datetime | None = None
    source_url: str | None = None


@dataclass(frozen=True, slots=True)
class Added:
    item: EvidenceItem
    created: bool
    warnings: tuple[str, ...]


def add_evidence(command: AddEvidence, *, actor: Actor, ports: Ports) -> Added:
    """Keep the file and what a reader understands of it.

    Raises:
        NotFound, NotAllowed: as in access.py.
        WrongState: the case takes no evidence now.
        InvalidInput: the file is empty, or cannot be of the kind it is given as.
        Unavailable: the malware scanner does not answer.
    """
    if command.file.size_bytes == 0:
        raise invalid("file", "empty", "the file is empty; choose the file again")
    scope = StoreScope(actor.stores)
    with ports.unit_of_work(scope) as work:
        standing = work.cases.standing(command.case_id, command.file.sha256)
        authorise(actor, Permission.CASE_EDIT, standing)
    if standing.holds:
        return _take_again(command, actor, ports)
    standing.ensure_takes(command.file.size_bytes)
    taken = take_in(command.file, command.kind, standing, ports)
    with ports.unit_of_work(scope) as work:
        case = work.cases.get_for_evidence(command.case_id)
        authorise(actor, Permission.CASE_EDIT, case)
        about = About(
            command.file_name,
            actor.id,
            ports.now(),
            command.caption,
            command.captured_at,
            command.source_url,
        )
        candidate = taken.item(new_id(), case, about)
        candidate.warnings += alike(case, taken)
        if case.item_with(candidate.sha256) is None:
            # Again, with the case locked and beside what has been announced meanwhile.
            work.cases.standing(case.id).ensure_takes(candidate.size_bytes)
        item = case.add_evidence(candidate)
        created = item is candidate
        if created:
            after_taking(case, item, taken, work, ports.now())
        rejudge(case, pinned(case, work, ports))
        queue_ahead(case, work)
    return Added(item, created, _warnings(item, command, created=created))


def _take_again(command: AddEvidence, actor: Actor, ports: Ports) -> Added:
    """The bytes are an item of the case: nothing is stored or read."""
    with ports.unit_of_work(StoreScope(actor.stores)) as work:
        case = work.cases.get_for_evidence(command.case_id)
        authorise(actor, Permission.CASE_EDIT, case)
        item = case.item_with(command.file.sha256)
        if item is None:
            raise NotFound(case_id=str(command.case_id))
        case.take_again(item, by=actor.id, at=ports.now())
        rejudge(case, pinned(case, work, ports))
        queue_ahead(case, work)
    return Added(item, created=False, warnings=_warnings(item, command, created=False))


def _warnings(item: EvidenceItem, command: AddEvidence, *, created: bool) -> tuple[str, ...]:
    differs = not created and command.kind is not None and command.kind is not item.kind
    return (*item.warnings, "kept_other_kind") if differs else item.warnings
