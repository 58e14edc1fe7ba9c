"""The job that takes a completed upload in: from the incoming bucket into the case, or refused.

Safe to repeat from any line: the item's row changes once, in the transaction that says how it
ended, and only then the incoming object goes; what a kill leaves there is swept.
"""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from evidence_service.domain.errors import InvalidInput
from evidence_service.domain.evidence import ItemState
from evidence_service.ports import Spooled, SystemScope
from evidence_service.usecases.assemble.take_in import (
    CANNOT_BE,
    About,
    after_taking,
    alike,
    take_in,
)
from evidence_service.usecases.judging import pinned, rejudge
from evidence_service.usecases.submit.draw_ahead import queue_ahead

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from evidence_service.domain.upload import Upload
    from evidence_service.ports import Ports
    from evidence_service.usecases.assemble.take_in import Taken

INGEST_UPLOAD = "ingest_upload"
# What a kill leaves of it in the spool is swept by this name.
SPOOL_PREFIX = "ingest-"
LOST, OTHER_BYTES, UNPROCESSED, DUPLICATE = "lost", "other_bytes", "unprocessed", "duplicate"


def ingest_upload(upload_id: UUID, *, ports: Ports, progress: Callable[[float], None]) -> None:
    """Check the upload and settle its item.

    Raises:
        Unavailable: the scanner does not answer; the item stays `checking`.
    """
    with ports.unit_of_work(SystemScope()) as work:
        upload = work.uploads.get(upload_id)
        item = work.cases.get(upload.case_id).item(upload.evidence_id)  # type: ignore[arg-type]  # it is completed
        standing = work.cases.standing(upload.case_id)
    if item.state is ItemState.CHECKING:
        with tempfile.TemporaryDirectory(prefix=SPOOL_PREFIX, dir=ports.spool) as folder:
            file = _fetch(upload, Path(folder) / "original", ports, progress)
            if file is None:
                _refuse(upload, LOST, ports)
            elif file.sha256 != upload.sha256:
                _refuse(upload, OTHER_BYTES, ports)
            else:
                try:
                    taken = take_in(file, upload.kind, standing, ports)
                except InvalidInput:
                    _refuse(upload, CANNOT_BE, ports)
                else:
                    _settle(upload, taken, ports)
    ports.store.delete_incoming(upload_id)


def give_up_upload(upload_id: UUID, *, ports: Ports) -> None:
    """Refuse what could not be checked in half a day.

    Not `held`: what is held stands in the store and waits for a person's decision, while of this
    nothing has been scanned, so nothing is kept. It stands in nobody's way and can be sent again.
    """
    with ports.unit_of_work(SystemScope()) as work:
        upload = work.uploads.get(upload_id)
    _refuse(upload, UNPROCESSED, ports)


def _fetch(
    upload: Upload, path: Path, ports: Ports, progress: Callable[[float], None]
) -> Spooled | None:
    """The bytes as a file; None where they are gone."""
    if ports.store.find_incoming(upload.id) is None:
        return None
    digest, size_bytes = hashlib.sha256(), 0
    with ports.store.open_incoming(upload.id) as chunks, path.open("wb") as out:
        for chunk in chunks:
            digest.update(chunk)
            size_bytes += out.write(chunk)
            progress(size_bytes / max(upload.size_bytes, size_bytes))
    return Spooled(path, digest.hexdigest(), size_bytes)


def _settle(upload: Upload, taken: Taken, ports: Ports) -> None:
    with ports.unit_of_work(SystemScope()) as work:
        case = work.cases.get_for_evidence(upload.case_id)
        item = case.item(upload.evidence_id)  # type: ignore[arg-type]  # it is completed
        if item.state is not ItemState.CHECKING:
            return
        if case.item_with(taken.file.sha256) not in (None, item):
            kept = taken.file.sha256
            work.uploads.get(upload.id).sha256 = kept
            case.refuse_evidence(item.id, DUPLICATE, at=ports.now(), sha256=kept)
            return
        about = About(item.file_name, item.added_by, item.added_at)
        checked = taken.item(item.id, case, about)
        checked.warnings += alike(case, taken)
        case.settle_evidence(checked)
        # The hash of bytes that were masked is kept nowhere.
        work.uploads.get(upload.id).sha256 = checked.sha256
        after_taking(case, item, taken, work, ports.now())
        rejudge(case, pinned(case, work, ports))
        queue_ahead(case, work)


def _refuse(upload: Upload, reason_code: str, ports: Ports) -> None:
    with ports.unit_of_work(SystemScope()) as work:
        case = work.cases.get_for_evidence(upload.case_id)
        case.refuse_evidence(upload.evidence_id, reason_code, at=ports.now())  # type: ignore[arg-type]  # it is completed
        work.uploads.get(upload.id).sha256 = ""
        rejudge(case, pinned(case, work, ports))
