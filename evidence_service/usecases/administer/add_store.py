"""Add a seller's account on a platform."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import available_timezones

from evidence_service.catalogue import LANGUAGES
from evidence_service.domain.errors import invalid
from evidence_service.domain.events import StoreAdded
from evidence_service.domain.ids import new_id
from evidence_service.ports import StoreRow, SystemScope
from evidence_service.usecases.judging import pack_of

if TYPE_CHECKING:
    from uuid import UUID

    from evidence_service.ports import Ports


@dataclass(frozen=True, slots=True)
class AddStore:
    name: str
    platform: str
    time_zone: str = "UTC"
    language: str = "zh"


def add_store(command: AddStore, *, by: UUID | None, ports: Ports) -> StoreRow:
    """`by` is None for the operator at the command line.

    Raises:
        InvalidInput: the name is empty or taken, the platform, zone or language is not known.
    """
    pack_of(command.platform, ports)
    if command.time_zone not in available_timezones():
        raise invalid("time_zone", "unknown", "give an IANA name such as Asia/Shanghai")
    if command.language not in LANGUAGES:
        raise invalid("language", "unknown", f"give one of {', '.join(LANGUAGES)}")
    name = command.name.strip()
    if not name:
        raise invalid("name", "required", "give the store a name")
    store = StoreRow(new_id(), name, command.platform, command.time_zone, command.language)
    now = ports.now()
    with ports.unit_of_work(SystemScope()) as work:
        if work.stores.by_name(name) is not None:
            raise invalid("name", "taken", "there is a store of this name")
        work.stores.add(store, now)
        work.record(StoreAdded(actor=by, at=now, store_id=store.id))
    return store
