"""Add an original to a case: read, stored under its hash, then its row.

When this returns, the bytes are durable and read. Killed before the row stands, nothing was
acknowledged and the janitor sweeps the object; killed after, both are there.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from evidence_service.domain.access import Permission, authorise
from evidence_service.domain.digest import digest
from evidence_service.domain.errors import NotFound, invalid
from evidence_service.domain.evidence import EvidenceItem, EvidenceKind, HeldFor, ItemState, can_be
from evidence_service.domain.ids import new_id
from evidence_service.ports import Spooled, StoreScope
from evidence_service.usecases.assemble.look_into import look_alike, look_into
from evidence_service.usecases.judging import pinned, rejudge
from evidence_service.usecases.originals import key_of
from storage import keys

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from evidence_service.domain.access import Actor
    from evidence_service.domain.case import Case
    from evidence_service.domain.reading import Masked, Reading
    from evidence_service.ports import Ports

ALTERED = "altered: card_number"


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
    """
    if command.file.size_bytes == 0:
        raise invalid("file", "empty", "the file is empty; choose the file again")
    scope = StoreScope(actor.stores)
    with ports.unit_of_work(scope) as work:
        standing = work.cases.standing(command.case_id)
        authorise(actor, Permission.CASE_EDIT, standing)
        is_held = work.cases.holds(standing.id, command.file.sha256)
    if is_held:
        return _take_again(command, actor, ports)
    standing.ensure_takes(command.file.size_bytes)
    case_key = ports.envelope.unwrap(standing.id, key_of(standing))
    reading = ports.reader.read(command.file.path, standing.known_numbers)
    kind = _kind(command, reading)
    sent = command.file
    if reading.masked is not None:
        command = replace(command, file=_masked(sent, reading.masked))
    with command.file.path.open("rb") as source:
        stored = ports.store.put(
            keys.evidence(standing.id, command.file.sha256),
            source,
            sha256=command.file.sha256,
            size_bytes=command.file.size_bytes,
            case_key=case_key,
            media_type=reading.media_type,
        )
    with ports.unit_of_work(scope) as work:
        case = work.cases.get_for_update(command.case_id)
        authorise(actor, Permission.CASE_EDIT, case)
        candidate = _item(command, case, reading, kind, actor.id, ports.now(), stored.version_id)
        alike = look_alike(case, reading, work)
        item = case.add_evidence(candidate)
        created = item is candidate
        if created:
            item.warnings += alike
            look_into(case, item, replace(reading, masked=None), work, ports.now())
            if reading.masked is not None:
                case.evidence_altered(
                    item,
                    original_size_bytes=sent.size_bytes,
                    masked_count=reading.masked.count,
                    original_hmac=hmac.digest(case_key, sent.sha256.encode(), "sha256").hex(),
                    at=ports.now(),
                )
        rejudge(case, pinned(case, work, ports))
    return Added(item, created, _warnings(item, command, created=created))


def _masked(sent: Spooled, masked: Masked) -> Spooled:
    """Write the masks over the file that was sent: the original is gone before anything is stored.

    The file is as long as before, so that nothing of the original is left behind its end.
    """
    with sent.path.open("r+b") as file:
        for at, instead in masked.patches:
            file.seek(at)
            file.write(instead)
        file.flush()
        os.fsync(file.fileno())
        file.seek(0)
        digest = hashlib.file_digest(file, "sha256")
    return Spooled(sent.path, digest.hexdigest(), sent.size_bytes)


def _held_for(reading: Reading) -> HeldFor | None:
    if reading.hides_card:
        return HeldFor.CARD_NUMBER
    return HeldFor.UNPARSEABLE if reading.is_unparseable else None


def _take_again(command: AddEvidence, actor: Actor, ports: Ports) -> Added:
    """The bytes are an item of the case: nothing is stored or read."""
    with ports.unit_of_work(StoreScope(actor.stores)) as work:
        case = work.cases.get_for_update(command.case_id)
        authorise(actor, Permission.CASE_EDIT, case)
        item = case.item_with(command.file.sha256)
        if item is None:
            raise NotFound(case_id=str(command.case_id))
        case.take_again(item, by=actor.id, at=ports.now())
        rejudge(case, pinned(case, work, ports))
    return Added(item, created=False, warnings=_warnings(item, command, created=False))


def _kind(command: AddEvidence, reading: Reading) -> EvidenceKind:
    """The given kind where the bytes could be it, else what the reader proposes."""
    given = command.kind
    if given is None:
        return reading.kind or EvidenceKind.ADDITIONAL_INFORMATION
    if can_be(given, reading.media_type):
        return given
    raise invalid(
        "kind",
        "cannot_be",
        f"a file of type {reading.media_type} cannot be {given.value}; leave the kind out",
    )


def _item(  # noqa: PLR0913 - one row from everything that is known of it
    command: AddEvidence,
    case: Case,
    reading: Reading,
    kind: EvidenceKind,
    added_by: UUID,
    at: datetime,
    version_id: str,
) -> EvidenceItem:
    return EvidenceItem(
        id=new_id(),
        case_id=case.id,
        store_id=case.store_id,
        kind=kind,
        state=ItemState.HELD if _held_for(reading) else ItemState.ACCEPTED,
        held_for=_held_for(reading),
        sha256=command.file.sha256,
        size_bytes=command.file.size_bytes,
        media_type=reading.media_type,
        reader=reading.reader,
        file_name=command.file_name,
        caption=command.caption,
        position=0,
        added_by=added_by,
        added_at=at,
        version_id=version_id,
        captured_at=command.captured_at,
        source_url=command.source_url,
        warnings=(*reading.warnings, *([ALTERED] if reading.masked else [])),
        facts=reading.facts,
        digest=digest(reading),
    )


def _warnings(item: EvidenceItem, command: AddEvidence, *, created: bool) -> tuple[str, ...]:
    differs = not created and command.kind is not None and command.kind is not item.kind
    return (*item.warnings, "kept_other_kind") if differs else item.warnings
