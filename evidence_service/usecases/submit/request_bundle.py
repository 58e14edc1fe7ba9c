"""Ask for a bundle of the approved revision; a job draws it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evidence_service.domain.access import Permission, authorise
from evidence_service.domain.ids import new_id
from evidence_service.ports import StoreScope
from evidence_service.usecases.judging import pinned
from evidence_service.usecases.submit.delivery_content import MASTER, channel_of
from evidence_service.usecases.submit.render_bundle import RENDER_BUNDLE

if TYPE_CHECKING:
    from uuid import UUID

    from evidence_service.domain.access import Actor
    from evidence_service.domain.sending import Bundle
    from evidence_service.ports import Ports


@dataclass(frozen=True, slots=True)
class RequestBundle:
    case_id: UUID
    delivery: str = MASTER
    again: bool = False


def request_bundle(command: RequestBundle, *, actor: Actor, ports: Ports) -> tuple[Bundle, bool]:
    """The bundle, and whether it is a new one that is now queued.

    Raises:
        WrongState: there is no approved revision, or items are still open.
        InvalidInput: the delivery is not known.
    """
    with ports.unit_of_work(StoreScope(actor.stores)) as work:
        case = work.cases.get_for_update(command.case_id)
        authorise(actor, Permission.BUNDLE_MAKE, case)
        channel_of(case, pinned(case, work, ports), command.delivery)
        bundle, is_new = case.request_bundle(
            id=new_id(),
            delivery=command.delivery,
            again=command.again,
            by=actor.id,
            at=ports.now(),
        )
        if is_new:
            work.jobs.enqueue(
                RENDER_BUNDLE,
                job_id=bundle.id,
                args={"case_id": str(case.id), "bundle_id": str(bundle.id)},
                store_id=case.store_id,
            )
    return bundle, is_new
