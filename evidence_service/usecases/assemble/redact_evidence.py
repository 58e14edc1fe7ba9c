"""Put a copy with black over some places in an item's stead.

The copy takes the original's place, kind and caption. Of a picture, and of each page of a document
that is concerned, it holds raw pixels alone. The original is withdrawn; where it was held for a
card number it is destroyed: its row stays and says so, its bytes and all that was made of them are
deleted. What shows a card number is redacted in a case that was sent, too (docs/adr/0017).
"""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from evidence_service.domain.access import Permission, authorise
from evidence_service.domain.case import SENT_STATES
from evidence_service.domain.digest import digest
from evidence_service.domain.errors import invalid
from evidence_service.domain.evidence import DOCUMENT_TYPES, EvidenceItem, ItemState
from evidence_service.domain.ids import new_id
from evidence_service.ports import Spooled, StoreScope
from evidence_service.usecases.assemble.look_into import look_into
from evidence_service.usecases.judging import pinned, rejudge
from evidence_service.usecases.originals import (
    destroy,
    fetch_original,
    key_of,
    objects_of_item,
)
from evidence_service.usecases.submit.draw_ahead import queue_ahead
from storage import keys

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from evidence_service.domain.access import Actor
    from evidence_service.domain.case import Case
    from evidence_service.domain.reading import Reading
    from evidence_service.ports import Ports, Rectangle

REDACTED = "redacted"
NOT_DRAWN = "it cannot be drawn; add a picture of it instead"


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
        WrongState: the case takes no evidence now and the item shows no card number, or it is
            withdrawn, destroyed or held for something that no redaction cures.
        InvalidInput: the item is no picture and no document, it costs more to draw than is spent
            on it, or a rectangle lies outside of it.
    """
    scope = StoreScope(actor.stores)
    with ports.unit_of_work(scope) as work:
        case = work.cases.get(command.case_id)
        _ensure_may(actor, case)
        standing = work.cases.standing(case.id)
    item = case.item(command.evidence_id)
    if not (case.state in SENT_STATES and item.shows_card):
        standing.ensure_takes(0)
    if not item.shows_pixels:
        raise invalid("evidence_id", "no_picture", "only pictures and documents can be redacted")
    with tempfile.TemporaryDirectory(dir=ports.spool) as folder:
        copy = _burnt(case, item, command.rectangles, Path(folder), ports)
        reading = ports.reader.read(copy.path, standing.known_numbers)
        version_id = _store(case, copy, reading, ports)
    with ports.unit_of_work(scope) as work:
        case = work.cases.get_for_update(command.case_id)
        _ensure_may(actor, case)
        original = case.item(command.evidence_id)
        gone = list(objects_of_item(case, original))
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
        destroy(gone, ports)
    return new


def _ensure_may(actor: Actor, case: Case) -> None:
    is_sent = case.state in SENT_STATES
    authorise(actor, Permission.CARD_REDACT if is_sent else Permission.CASE_EDIT, case)


def _burnt(
    case: Case, item: EvidenceItem, rectangles: tuple[Rectangle, ...], folder: Path, ports: Ports
) -> Spooled:
    original = fetch_original(case, item, folder, ports)
    sizes = ports.pictures.sizes(original)
    if sizes is None:
        raise invalid("evidence_id", "not_drawn", NOT_DRAWN)
    _ensure_inside(rectangles, sizes)
    content = ports.pictures.redacted(original, rectangles)
    original.unlink()
    if content is None:
        raise invalid("evidence_id", "not_drawn", NOT_DRAWN)
    path = folder / "redacted"
    path.write_bytes(content)
    return Spooled(path, hashlib.sha256(content).hexdigest(), len(content))


def _ensure_inside(rectangles: tuple[Rectangle, ...], sizes: Sequence[tuple[int, int]]) -> None:
    for one in rectangles:
        if one.page > len(sizes):
            raise invalid("rectangles", "no_such_page", f"it has {len(sizes)} pages")
        width, height = sizes[one.page - 1]
        if one.x + one.width > width or one.y + one.height > height:
            raise invalid("rectangles", "outside", f"page {one.page} measures {width} x {height}")


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


def _file_name(original: EvidenceItem, reading: Reading) -> str:
    ending = "pdf" if reading.media_type in DOCUMENT_TYPES else "png"
    return f"{Path(original.file_name).stem[:250]}.{ending}"


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
        state=ItemState.HELD if reading.held_for else ItemState.ACCEPTED,
        held_for=reading.held_for,
        sha256=copy.sha256,
        size_bytes=copy.size_bytes,
        media_type=reading.media_type,
        reader=reading.reader,
        file_name=_file_name(original, reading),
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
