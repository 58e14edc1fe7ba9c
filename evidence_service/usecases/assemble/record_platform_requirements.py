"""Write down what the platform itself asks for in this dispute."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evidence_service.domain.access import Permission, authorise
from evidence_service.ports import StoreScope
from evidence_service.usecases.clocks import follow_clocks
from evidence_service.usecases.judging import pinned, rejudge
from evidence_service.usecases.submit.draw_ahead import queue_ahead

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from evidence_service.domain.access import Actor
    from evidence_service.domain.case import Case
    from evidence_service.domain.checklist import Level
    from evidence_service.domain.evidence import EvidenceKind
    from evidence_service.ports import Ports


@dataclass(frozen=True, slots=True)
class Asked:
    """One line of the platform's answer; without `kinds` those of the pack's line of this id."""

    id: str
    title: str
    level: Level
    kinds: tuple[EvidenceKind, ...] = ()


@dataclass(frozen=True, slots=True)
class RecordPlatformRequirements:
    """`source` says where the answer stands: an address, or the call it came from."""

    case_id: UUID
    source: str
    requirements: tuple[Asked, ...]
    respond_by: datetime | None = None


def record_platform_requirements(
    command: RecordPlatformRequirements, *, actor: Actor, ports: Ports
) -> Case:
    with ports.unit_of_work(StoreScope(actor.stores)) as work:
        case = work.cases.get_for_update(command.case_id)
        authorise(actor, Permission.CASE_EDIT, case)
        case.record_platform_requirements(
            command.source,
            [_plain(one) for one in command.requirements],
            command.respond_by,
            by=actor.id,
            at=ports.now(),
        )
        pack = pinned(case, work, ports)
        rejudge(case, pack)
        follow_clocks(case, pack, ports.sla, work.stores.get(case.store_id).time_zone)
        queue_ahead(case, work)
    return case


def _plain(asked: Asked) -> dict[str, object]:
    return {
        "id": asked.id,
        "title": asked.title,
        "level": asked.level.value,
        "kinds": [kind.value for kind in asked.kinds],
    }
