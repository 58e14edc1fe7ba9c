"""Say that an upload's bytes have been sent: its item is `checking`, and a job takes it in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import uuid5

from evidence_service.domain.access import Permission, authorise
from evidence_service.domain.errors import NotFound, WrongState, invalid
from evidence_service.domain.evidence import EvidenceItem, EvidenceKind, ItemState
from evidence_service.domain.ids import new_id
from evidence_service.ports import StoreScope
from evidence_service.usecases.assemble.ingest_upload import INGEST_UPLOAD
from evidence_service.usecases.judging import pinned, rejudge

if TYPE_CHECKING:
    from uuid import UUID

    from evidence_service.domain.access import Actor
    from evidence_service.domain.upload import Upload
    from evidence_service.ports import Ports, Work

UNKNOWN_TYPE = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class CompleteUpload:
    case_id: UUID
    upload_id: UUID


def complete_upload(command: CompleteUpload, *, actor: Actor, ports: Ports) -> EvidenceItem:
    """The item; the same one however often this is said.

    Raises:
        NotFound, NotAllowed: as in access.py, or there is no such upload.
        WrongState: nothing has come, it came too late, or the case takes no evidence now.
        InvalidInput: what has come is not what was announced.
    """
    scope = StoreScope(actor.stores)
    with ports.unit_of_work(scope) as work:
        authorise(actor, Permission.CASE_EDIT, work.cases.standing(command.case_id))
        upload = _of_case(command, work)
    if upload.evidence_id is None:
        _ensure_arrived(upload, ports)
    with ports.unit_of_work(scope) as work:
        case = work.cases.get_for_evidence(command.case_id)
        authorise(actor, Permission.CASE_EDIT, case)
        upload = _of_case(command, work)
        if upload.evidence_id is not None:
            return case.item(upload.evidence_id)
        announced = _announced(upload, actor.id, ports)
        item = case.announce_evidence(announced)
        work.uploads.complete(upload, item.id)
        work.jobs.enqueue(
            INGEST_UPLOAD,
            job_id=uuid5(upload.id, INGEST_UPLOAD),
            args={"upload_id": str(upload.id)},
            store_id=case.store_id,
        )
        rejudge(case, pinned(case, work, ports))
    return item


def _of_case(command: CompleteUpload, work: Work) -> Upload:
    upload = work.uploads.get(command.upload_id)
    if upload.case_id != command.case_id:
        raise NotFound(upload_id=str(command.upload_id))
    return upload


def _ensure_arrived(upload: Upload, ports: Ports) -> None:
    if not upload.lives(ports.now()):
        raise WrongState("upload_expired")
    found = ports.store.find_incoming(upload.id)
    if found is None:
        raise WrongState("upload_not_received")
    if (found.sha256, found.size_bytes) != (upload.sha256, upload.size_bytes):
        raise invalid("file", "other_bytes", "the bytes are not those that were announced")


def _announced(upload: Upload, by: UUID, ports: Ports) -> EvidenceItem:
    return EvidenceItem(
        id=new_id(),
        case_id=upload.case_id,
        store_id=upload.store_id,
        kind=upload.kind or EvidenceKind.ADDITIONAL_INFORMATION,
        state=ItemState.CHECKING,
        held_for=None,
        sha256=upload.sha256,
        size_bytes=upload.size_bytes,
        media_type=UNKNOWN_TYPE,
        reader=None,
        file_name=upload.file_name,
        caption=upload.caption,
        position=0,
        added_by=by,
        added_at=ports.now(),
        version_id="",
        captured_at=upload.captured_at,
        source_url=upload.source_url,
    )
