"""Say how a file is to be read where it does not say so itself, and have it read again."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import available_timezones

from evidence_service.domain.access import Permission, authorise
from evidence_service.domain.choices import Choices
from evidence_service.domain.errors import invalid
from evidence_service.domain.reading import unread
from evidence_service.ports import StoreScope
from evidence_service.usecases.judging import pinned, rejudge
from evidence_service.usecases.originals import fetch_original
from evidence_service.usecases.submit.draw_ahead import queue_ahead

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from evidence_service.domain.access import Actor
    from evidence_service.domain.choices import DateOrder, TableForm
    from evidence_service.domain.evidence import EvidenceItem
    from evidence_service.domain.reading import Reading
    from evidence_service.ports import Ports


@dataclass(frozen=True, slots=True)
class ChooseReading:
    """All that is chosen; what is left out is as the file says it, or as was proposed.

    Without a form `columns` are of the form that the table was read as.
    """

    case_id: UUID
    evidence_id: UUID
    columns: Mapping[str, str]
    date_order: DateOrder | None = None
    time_zone: str = ""
    form: TableForm | None = None


def choose_reading(
    command: ChooseReading, *, actor: Actor, ports: Ports
) -> tuple[EvidenceItem, Reading]:
    """Read the original with the choices; of a table they are remembered for its header.

    Raises:
        NotFound, NotAllowed: as in access.py.
        WrongState: the case takes no change now, or the item is not accepted.
        InvalidInput: the zone is unknown, or the choices do not fit the file.
    """
    if command.time_zone and command.time_zone not in available_timezones():
        raise invalid("time_zone", "unknown", "give an IANA name such as Asia/Shanghai")
    scope = StoreScope(actor.stores)
    with ports.unit_of_work(scope) as work:
        case = work.cases.get(command.case_id)
        authorise(actor, Permission.CASE_EDIT, case)
        case.ensure_revisable()
        item = case.item(command.evidence_id)
        before = work.normal_forms.get(item.id) or unread(item.media_type)
        known = work.cases.standing(case.id).known_numbers
    with tempfile.TemporaryDirectory(dir=ports.spool) as folder:
        path = fetch_original(case, item, Path(folder), ports)
        after = ports.reader.read(path, known, _choices(command, before))
    _ensure_fits(command, after)
    with ports.unit_of_work(scope) as work:
        case = work.cases.get_for_update(command.case_id)
        authorise(actor, Permission.CASE_EDIT, case)
        at = ports.now()
        item = case.read_again(command.evidence_id, before, after, by=actor.id, at=at)
        work.normal_forms.put(case, item.id, after)
        if after.layout is not None:
            fingerprint = after.layout.fingerprint
            work.choices.put(case.store_id, fingerprint, after.chosen, actor.id, at)
        rejudge(case, pinned(case, work, ports))
        queue_ahead(case, work)
    return item, after


def _choices(command: ChooseReading, before: Reading) -> Choices:
    form = command.form or (before.layout.form if before.layout else None)
    return Choices(form, command.columns, command.date_order, command.time_zone)


def _ensure_fits(command: ChooseReading, after: Reading) -> None:
    if after.reader is None or (command.columns and after.layout is None):
        raise invalid("columns", "do_not_fit", "the file is no table with these columns")
    if command.date_order is not None and after.date_order is not command.date_order:
        raise invalid("date_order", "does_not_fit", "the file's dates cannot be read so")
