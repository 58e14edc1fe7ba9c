"""Accept a newer rule pack for a case that was opened under an older one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evidence_service.domain.access import Permission, authorise
from evidence_service.domain.errors import invalid
from evidence_service.ports import StoreScope
from evidence_service.usecases.clocks import follow_clocks
from evidence_service.usecases.judging import pinned, reason_of, rejudge, today

if TYPE_CHECKING:
    from uuid import UUID

    from evidence_service.domain.access import Actor
    from evidence_service.domain.case import Case
    from evidence_service.ports import Ports


@dataclass(frozen=True, slots=True)
class AcceptPack:
    """`version` is the one the caller was shown: another may have come since."""

    case_id: UUID
    version: str


def accept_pack(command: AcceptPack, *, actor: Actor, ports: Ports) -> Case:
    """Judge the case by today's pack from now on.

    Raises:
        WrongState: the case is not being assembled.
        InvalidInput: today's pack is of another version, or no longer knows the case's reason.
    """
    with ports.unit_of_work(StoreScope(actor.stores)) as work:
        case = work.cases.get_for_update(command.case_id)
        authorise(actor, Permission.CASE_EDIT, case)
        store = work.stores.get(case.store_id)
        pack = today(store, ports)
        if command.version != pack.version:
            raise invalid("version", "unknown", f"today's is {pack.version}")
        reason_of(pack, case.reason)
        if pinned(case, work, ports).raw != pack.raw:
            case.accept_pack(work.packs.keep(pack, ports.now()), by=actor.id, at=ports.now())
            rejudge(case, pack)
            follow_clocks(case, pack, ports.sla, store.time_zone)
    return case
