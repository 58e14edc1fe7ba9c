"""Open a case in a store, pinned to today's rule pack."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from evidence_service.domain.access import Permission, authorise
from evidence_service.domain.case import Case
from evidence_service.domain.errors import NotFound, invalid
from evidence_service.domain.ids import new_id
from evidence_service.ports import StoreScope
from evidence_service.usecases.clocks import follow_clocks
from evidence_service.usecases.judging import reason_of, rejudge, today

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from evidence_service.domain.access import Actor
    from evidence_service.domain.records import CaseDetails
    from evidence_service.platforms import Pack
    from evidence_service.ports import Cases, Ports, StoreRow


@dataclass(frozen=True, slots=True)
class OpenCase:
    store: str
    reason: str
    opened_at: datetime
    about: CaseDetails
    stage: str | None = None
    follows: UUID | None = None


def open_case(command: OpenCase, *, actor: Actor, ports: Ports) -> Case:
    """Make the case and its data key.

    Raises:
        NotAllowed: the actor opens no cases.
        InvalidInput: no such store, reason, detail or case to follow.
    """
    authorise(actor, Permission.CASE_EDIT)
    scope = StoreScope(actor.stores)
    with ports.unit_of_work(scope) as work:
        store = _store_named(command.store, work.stores.all())
        if command.follows is not None:
            _ensure_followed(command.follows, store, work.cases)
    pack = today(store, ports)
    reason_of(pack, command.reason)
    ensure_details(pack, command.about)
    case_id = new_id()
    key_wrapped = ports.envelope.wrap(case_id, secrets.token_bytes(32))
    # The second copy of the key stands before the first object can.
    ports.store.put_case_key(case_id, key_wrapped)
    with ports.unit_of_work(scope) as work:
        case = Case.open(
            id=case_id,
            store_id=store.id,
            platform=store.platform,
            reason=command.reason,
            pack_version=work.packs.keep(pack, ports.now()),
            opened_at=command.opened_at,
            about=command.about,
            key_wrapped=key_wrapped,
            by=actor.id,
            at=ports.now(),
            stage=command.stage,
            follows=command.follows,
        )
        rejudge(case, pack)
        follow_clocks(case, pack, ports.sla, store.time_zone)
        work.cases.add(case)
    return case


def ensure_details(pack: Pack, about: CaseDetails) -> None:
    for name in about.details:
        if name not in pack.details:
            known = ", ".join(sorted(pack.details)) or "none"
            raise invalid(f"details.{name}", "unknown_field", f"{pack.id} declares: {known}")


def _store_named(name_or_id: str, stores: Sequence[StoreRow]) -> StoreRow:
    for row in stores:
        if name_or_id in {row.name, str(row.id)}:
            return row
    raise invalid("store", "unknown", "you see no store of this name or id")


def _ensure_followed(case_id: UUID, store: StoreRow, cases: Cases) -> None:
    try:
        followed = cases.get(case_id)
    except NotFound:
        raise invalid("follows", "unknown", "there is no such case") from None
    if followed.store_id != store.id:
        raise invalid("follows", "other_store", "the case it follows is of another store")
