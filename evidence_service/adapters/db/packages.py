"""The archive package of a case, as a row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from evidence_service.adapters.db.tables import packages
from evidence_service.ports import PackageRow

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy.orm import Session

    from evidence_service.domain.case import Case


class SQLPackages:
    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, case_id: UUID) -> PackageRow | None:
        row = self._session.execute(
            select(packages).where(packages.c.case_id == case_id)
        ).one_or_none()
        return PackageRow(row.sha256, row.size_bytes, row.version_id) if row is not None else None

    def add(self, case: Case, row: PackageRow, at: datetime) -> None:
        self._session.execute(
            insert(packages).values(
                case_id=case.id,
                store_id=case.store_id,
                sha256=row.sha256,
                size_bytes=row.size_bytes,
                version_id=row.version_id,
                made_at=at,
            )
        )
