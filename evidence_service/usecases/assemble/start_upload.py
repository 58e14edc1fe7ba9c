"""Announce a direct upload: one PUT, bound to the announced bytes, keeps a place in the case."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from evidence_service.domain.access import Permission, authorise
from evidence_service.domain.errors import TooLarge
from evidence_service.domain.ids import new_id
from evidence_service.domain.names import MAX_NAME_CHARS, shown_name
from evidence_service.domain.upload import MAX_UPLOAD_BYTES, MAY_BEGIN, Upload
from evidence_service.ports import StoreScope
from evidence_service.usecases.judging import pinned, rejudge

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from evidence_service.domain.access import Actor
    from evidence_service.domain.evidence import EvidenceItem, EvidenceKind
    from evidence_service.ports import Ports, PresignedUpload, Work


@dataclass(frozen=True, slots=True)
class StartUpload:
    case_id: UUID
    file_name: str
    size_bytes: int
    sha256: str
    kind: EvidenceKind | None = None
    caption: str = ""
    captured_at: datetime | None = None
    source_url: str | None = None


@dataclass(frozen=True, slots=True)
class Started:
    """`presigned` is the PUT to the object store; where it is None, `token` opens our own."""

    upload: Upload
    presigned: PresignedUpload | None
    token: str


def start_upload(command: StartUpload, *, actor: Actor, ports: Ports) -> Started | EvidenceItem:
    """Answer where to PUT the bytes, or the item that they are already.

    The same bytes announced again, and not completed, are the same upload with another PUT.

    Raises:
        NotFound, NotAllowed: as in access.py.
        WrongState: the case takes no evidence now.
        TooLarge: the file is larger than an upload may be.
        InvalidInput: the case would hold more items or bytes than it may.
    """
    if command.size_bytes > MAX_UPLOAD_BYTES:
        raise TooLarge("upload_too_large", most_bytes=MAX_UPLOAD_BYTES)
    token = "" if ports.upload_origin else secrets.token_urlsafe(32)
    with ports.unit_of_work(StoreScope(actor.stores)) as work:
        case = work.cases.get_for_update(command.case_id)
        authorise(actor, Permission.CASE_EDIT, case)
        known = case.item_with(command.sha256)
        if known is not None:
            case.take_again(known, by=actor.id, at=ports.now())
            rejudge(case, pinned(case, work, ports))
            return known
        upload = _announced(command, case.store_id, actor, work, ports)
        upload.renew(hashed(token) if token else None, ports.now())
    presigned = None
    if ports.upload_origin:
        presigned = ports.store.presign_upload(
            upload.id,
            sha256=upload.sha256,
            size_bytes=upload.size_bytes,
            expires_s=int(MAY_BEGIN.total_seconds()),
        )
    return Started(upload, presigned, token)


def hashed(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _announced(
    command: StartUpload, store_id: UUID, actor: Actor, work: Work, ports: Ports
) -> Upload:
    now = ports.now()
    waiting = work.uploads.waiting(command.case_id, command.sha256, now)
    standing = work.cases.standing(command.case_id)
    if waiting is not None and waiting.size_bytes == command.size_bytes:
        standing.ensure_open()
        return waiting
    standing.ensure_takes(command.size_bytes)
    upload = Upload(
        id=new_id(),
        case_id=command.case_id,
        store_id=store_id,
        file_name=shown_name(command.file_name)[:MAX_NAME_CHARS],
        kind=command.kind,
        size_bytes=command.size_bytes,
        sha256=command.sha256,
        caption=command.caption,
        captured_at=command.captured_at,
        source_url=command.source_url,
        started_by=actor.id,
        started_at=now,
        expires_at=now + MAY_BEGIN,
    )
    work.uploads.add(upload)
    return upload
