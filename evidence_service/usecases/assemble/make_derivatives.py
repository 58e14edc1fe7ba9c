"""The job that makes what lists, pages and bundles show of an item, each stored under its hash.

Safe to repeat: what is there is kept. What cannot be made is left out: pages then show a symbol,
and a bundle is drawn from the original.
"""

from __future__ import annotations

import hashlib
import io
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from evidence_service.domain.evidence import Derivative, ItemState
from evidence_service.ports import SystemScope
from evidence_service.usecases.originals import fetch_original, key_of
from storage import keys

if TYPE_CHECKING:
    from uuid import UUID

    from evidence_service.domain.case import Case
    from evidence_service.domain.evidence import EvidenceItem, Shape
    from evidence_service.ports import Ports

MAKE_DERIVATIVES = "make_derivatives"


def make_derivatives(case_id: UUID, evidence_id: UUID, *, ports: Ports) -> None:
    """Make what is missing of the item's derivatives."""
    with ports.unit_of_work(SystemScope()) as work:
        case = work.cases.get(case_id)
    item = case.item(evidence_id)
    missing = [shape for shape in item.shapes if item.derivative(shape) is None]
    if item.state is ItemState.DESTROYED or not missing:
        return
    with tempfile.TemporaryDirectory(dir=ports.spool) as folder:
        path = fetch_original(case, item, Path(folder), ports)
        made = [one for shape in missing if (one := _made(case, path, shape, ports))]
    with ports.unit_of_work(SystemScope()) as work:
        _keep(work.cases.get_for_evidence(case_id).item(evidence_id), made)


def _made(case: Case, path: Path, shape: Shape, ports: Ports) -> Derivative | None:
    content = ports.pictures.shaped(path, shape)
    if content is None:
        return None
    sha256, media_type = hashlib.sha256(content).hexdigest(), media_type_of(content)
    stored = ports.store.put(
        keys.derivative(case.id, sha256),
        io.BytesIO(content),
        sha256=sha256,
        size_bytes=len(content),
        case_key=ports.envelope.unwrap(case.id, key_of(case)),
        media_type=media_type,
    )
    return Derivative(shape, sha256, len(content), media_type, stored.version_id)


def _keep(item: EvidenceItem, made: list[Derivative]) -> None:
    """Beside those that another run has made; of what was destroyed meanwhile nothing stays."""
    if item.state is not ItemState.DESTROYED:
        new = (one for one in made if item.derivative(one.shape) is None)
        item.derivatives = (*item.derivatives, *new)


def media_type_of(content: bytes) -> str:
    """Of a derivative, which is one of three things."""
    if content.startswith(b"%PDF"):
        return "application/pdf"
    return "image/png" if content.startswith(b"\x89PNG") else "image/jpeg"
