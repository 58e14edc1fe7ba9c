"""Cases, as rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, func, select

from evidence_service.adapters.db.tables import cases, evidence, uploads
from evidence_service.domain.case import Case, Standing
from evidence_service.domain.errors import NotFound
from evidence_service.domain.evidence import ItemState
from evidence_service.domain.upload import LIVES

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

    def standing(self, case_id: UUID) -> Standing:
        c = cases.c
        kept = evidence.c.state.not_in([ItemState.DESTROYED, ItemState.REFUSED])
        coming = (uploads.c.case_id == c.id) & uploads.c.evidence_id.is_(None)
        coming &= uploads.c.started_at > func.now() - LIVES
        count = select(func.count()).where(coming).correlate(cases)
        size = select(func.coalesce(func.sum(uploads.c.size_bytes), 0)).where(coming)
        row = self._session.execute(
            select(
                *(c.id, c.store_id, c.state, c.key_wrapped, c.order_numbers, c.dispute_ref),
                func.count(evidence.c.id).label("items"),
                func.coalesce(func.sum(evidence.c.size_bytes), 0).label("bytes"),
                count.scalar_subquery().label("coming_items"),
                size.correlate(cases).scalar_subquery().label("coming_bytes"),
            )
            .outerjoin_from(cases, evidence, and_(evidence.c.case_id == c.id, kept))
            .where(c.id == case_id)
            .group_by(c.id)
        ).one_or_none()
        if row is None:
            raise NotFound(case_id=str(case_id))
        known = (*row.order_numbers, *([row.dispute_ref] if row.dispute_ref else []))
        return Standing(
            *(row.id, row.store_id, row.state, row.key_wrapped, known),
            row.items + row.coming_items,
            row.bytes + row.coming_bytes,
        )

    def holds(self, case_id: UUID, sha256: str) -> bool:
        same = select(evidence.c.id).where(
            evidence.c.case_id == case_id,
            evidence.c.sha256 == sha256,
            evidence.c.state != ItemState.REFUSED,
        )
        return bool(self._session.scalar(select(same.exists())))

    def _load(self, case_id: UUID, *, for_update: bool) -> Case:
        query = select(Case).where(cases.c.id == case_id)
        if for_update:
            query = query.with_for_update()
        case = self._session.execute(query).scalar_one_or_none()
        if case is None:
            raise NotFound(case_id=str(case_id))
        self.loaded.append(case)
        return case
