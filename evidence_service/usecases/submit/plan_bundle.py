"""Say what a delivery will come to, before it is made: from rows alone, nothing is rendered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evidence_service.domain.access import Permission, authorise
from evidence_service.domain.fitting import plan_delivery
from evidence_service.ports import StoreScope
from evidence_service.usecases.judging import pinned
from evidence_service.usecases.submit.delivery_content import candidates, channel_of, stated

if TYPE_CHECKING:
    from uuid import UUID

    from evidence_service.domain.access import Actor
    from evidence_service.domain.delivery import DeliveryPlan
    from evidence_service.ports import Ports


def plan_bundle(case_id: UUID, delivery: str, *, actor: Actor, ports: Ports) -> DeliveryPlan:
    """What the delivery of the case as it stands will come to, in any state.

    Raises:
        InvalidInput: the case's pack has no such delivery.
    """
    with ports.unit_of_work(StoreScope(actor.stores)) as work:
        case = work.cases.get(case_id)
        authorise(actor, Permission.CASE_READ, case)
        pack = pinned(case, work, ports)
        channel = channel_of(case, pack, delivery)
        readings = work.normal_forms.of_case(case.id)
        found = candidates(case, pack, readings, work.texts.languages(case.id))
        fields = stated(case, pack, channel)
    return plan_delivery(delivery, found, channel, fields)
