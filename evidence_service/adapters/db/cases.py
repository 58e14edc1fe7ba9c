"""Cases, as rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from evidence_service.adapters.db.tables import cases
from evidence_service.domain.case import Case
from evidence_service.domain.errors import NotFound

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy.orm import Session


class SQLCases:
    def __init__(self, session: Session) -> None:
        self._session = session
        self.loaded: list[Case] = []

    def add(self, case: Case) -> None:
        self._session.add(case)
        self.loaded.append(case)

    def get(self, case_id: UUID) -> Case:
        return self._load(case_id, for_update=False)

    def get_for_update(self, case_id: UUID) -> Case:
        return self._load(case_id, for_update=True)

    def _load(self, case_id: UUID, *, for_update: bool) -> Case:
        query = select(Case).where(cases.c.id == case_id)
        if for_update:
            query = query.with_for_update()
        case = self._session.execute(query).scalar_one_or_none()
        if case is None:
            raise NotFound(case_id=str(case_id))
        self.loaded.append(case)
        return case
