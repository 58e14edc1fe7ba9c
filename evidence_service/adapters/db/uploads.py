"""Direct uploads, as rows, for as long as somebody may ask for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, delete, or_, select

from evidence_service.adapters.db.tables import evidence, uploads
from evidence_service.domain.errors import NotFound
from evidence_service.domain.evidence import ItemState
from evidence_service.domain.upload import LIVES, Upload

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy.orm import Session


class SQLUploads:
    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, upload: Upload) -> None:
        self._session.add(upload)

    def get(self, upload_id: UUID) -> Upload:
        found = self._session.get(Upload, upload_id)
        if found is None:
            raise NotFound(upload_id=str(upload_id))
        return found

    def waiting(self, case_id: UUID, sha256: str, now: datetime) -> Upload | None:
        return self._session.scalars(
            select(Upload)
            .where(uploads.c.case_id == case_id, uploads.c.sha256 == sha256)
            .where(uploads.c.evidence_id.is_(None), uploads.c.started_at > now - LIVES)
        ).first()

    def by_token(self, upload_id: UUID, token_sha256: bytes) -> Upload | None:
        return self._session.scalars(
            select(Upload)
            .where(uploads.c.id == upload_id, uploads.c.token_sha256 == token_sha256)
            .with_for_update()
        ).one_or_none()

    def complete(self, upload: Upload, evidence_id: UUID) -> None:
        self._session.flush()  # the item's row must stand before what refers to it
        upload.evidence_id = evidence_id

    def forget(self, now: datetime) -> None:
        settled = select(evidence.c.id).where(evidence.c.state != ItemState.CHECKING)
        self._session.execute(
            delete(uploads)
            .where(uploads.c.started_at <= now - LIVES)
            .where(or_(uploads.c.evidence_id.is_(None), uploads.c.evidence_id.in_(settled)))
        )

    def wanted(self, now: datetime) -> Collection[UUID]:
        checking = select(evidence.c.id).where(evidence.c.state == ItemState.CHECKING)
        unfinished = and_(uploads.c.evidence_id.is_(None), uploads.c.started_at > now - LIVES)
        return set(
            self._session.scalars(
                select(uploads.c.id).where(or_(unfinished, uploads.c.evidence_id.in_(checking)))
            )
        )
