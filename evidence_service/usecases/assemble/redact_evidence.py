"""Put a copy with black over some places in an item's stead.

The copy is made from raw pixels and takes the original's place, kind and caption. The original is
withdrawn; where it was held for a card number it is destroyed: its row stays and says so, its
bytes and all that was made of them are deleted.
"""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from evidence_service.domain.access import Permission, authorise
from evidence_service.domain.digest import digest
from evidence_service.domain.errors import Unavailable, invalid
from evidence_service.domain.evidence import EvidenceItem, ItemState
from evidence_service.domain.ids import new_id
from evidence_service.domain.picture import Picture
from evidence_service.ports import Spooled, StoreScope
from evidence_service.usecases.assemble.look_into import look_into
from evidence_service.usecases.judging import pinned, rejudge
from evidence_service.usecases.originals import fetch_original, key_of
from evidence_service.usecases.submit.draw_ahead import queue_ahead
from storage import keys

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from evidence_service.domain.access import Actor
    from evidence_service.domain.case import Case
    from evidence_service.domain.reading import Reading
    from evidence_service.ports import Ports, Rectangle

REDACTED = "redacted"


@dataclass(frozen=True, slots=True)
class RedactEvidence:
    case_id: UUID
    evidence_id: UUID
    rectangles: tuple[Rectangle, ...]
    reason: str


def redact_evidence(command: RedactEvidence, *, actor: Actor, ports: Ports) -> EvidenceItem:
    """The new item.

    Raises:
        NotFound, NotAllowed: as in access.py.
        WrongState: the case takes no evidence now, or the item is withdrawn, destroyed or held
            for something that no redaction cures.
        InvalidInput: the item is no picture, or a rectangle lies outside of it.
        Unavailable: the copy could not be made now.
    """
    scope = StoreScope(actor.stores)
    with ports.unit_of_work(scope) as work:
        case = work.cases.get(command.case_id)
        authorise(actor, Permission.CASE_EDIT, case)
        work.cases.standing(case.id).ensure_takes(0)
        known = work.cases.standing(case.id).known_numbers
    item = case.item(command.evidence_id)
    _ensure_inside(item, command.rectangles)
    with tempfile.TemporaryDirectory(dir=ports.spool) as folder:
        copy = _burnt(case, item, command.rectangles, Path(folder), ports)
        reading = ports.reader.read(copy.path, known)
        version_id = _store(case, copy, reading, ports)
    with ports.unit_of_work(scope) as work:
        case = work.cases.get_for_update(command.case_id)
        authorise(actor, Permission.CASE_EDIT, case)
        original = case.item(command.evidence_id)
        gone = list(_objects(case, original))
        candidate = _copy_of(original, copy, reading, version_id, actor.id, ports)
        new = case.redact_evidence(
            original.id, candidate, command.reason, rectangles=len(command.rectangles)
        )
        if new is candidate:
            look_into(case, new, reading, work, ports.now())
        if original.state is ItemState.DESTROYED:
            work.texts.remove(original.id)
        rejudge(case, pinned(case, work, ports))
        queue_ahead(case, work)
    if original.state is ItemState.DESTROYED:
        _delete(gone, ports)
    return new


def _ensure_inside(item: EvidenceItem, rectangles: tuple[Rectangle, ...]) -> None:
    seen = next((one for one in item.digest.pictures if isinstance(one, Picture)), None)
    if seen is None:
        raise invalid("evidence_id", "no_picture", "only pictures can be redacted")
    for one in rectangles:
        if one.x + one.width > seen.width or one.y + one.height > seen.height:
            size = f"{seen.width} x {seen.height}"
            raise invalid("rectangles", "outside", f"the picture is {size} pixels large")


def _burnt(
    case: Case, item: EvidenceItem, rectangles: tuple[Rectangle, ...], folder: Path, ports: Ports
) -> Spooled:
    original = fetch_original(case, item, folder, ports)
    content = ports.pictures.redacted(original, rectangles)
    original.unlink()
    if content is None:
        raise Unavailable
    path = folder / "redacted"
    path.write_bytes(content)
    return Spooled(path, hashlib.sha256(content).hexdigest(), len(content))


def _store(case: Case, copy: Spooled, reading: Reading, ports: Ports) -> str:
    with copy.path.open("rb") as source:
        stored = ports.store.put(
            keys.evidence(case.id, copy.sha256),
            source,
            sha256=copy.sha256,
            size_bytes=copy.size_bytes,
            case_key=ports.envelope.unwrap(case.id, key_of(case)),
            media_type=reading.media_type,
        )
    return stored.version_id


def _copy_of(  # noqa: PLR0913 - one row from everything that is known of it
    original: EvidenceItem,
    copy: Spooled,
    reading: Reading,
    version_id: str,
    by: UUID,
    ports: Ports,
) -> EvidenceItem:
    return EvidenceItem(
        id=new_id(),
        case_id=original.case_id,
        store_id=original.store_id,
        kind=original.kind,
        state=ItemState.ACCEPTED,
        held_for=None,
        sha256=copy.sha256,
        size_bytes=copy.size_bytes,
        media_type=reading.media_type,
        reader=reading.reader,
        file_name=f"{Path(original.file_name).stem}.png"[:255],
        caption=original.caption,
        position=original.position,
        added_by=by,
        added_at=ports.now(),
        version_id=version_id,
        captured_at=original.captured_at,
        source_url=original.source_url,
        warnings=(*reading.warnings, REDACTED),
        facts=reading.facts,
        digest=digest(reading),
    )


def _objects(case: Case, item: EvidenceItem) -> Iterator[tuple[str, str]]:
    yield keys.evidence(case.id, item.sha256), item.version_id
    for made in item.derivatives:
        yield keys.derivative(case.id, made.sha256), made.version_id


def _delete(objects: list[tuple[str, str]], ports: Ports) -> None:
    """Now; what fails is an object without a row, which the janitor sweeps."""
    for key, version_id in objects:
        try:
            ports.store.delete_version(key, version_id=version_id)
        except ports.store_errors:
            continue
