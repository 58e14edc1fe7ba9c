"""Cases, as rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, bindparam, false, func, select, true
from sqlalchemy.orm import joinedload, lazyload

from evidence_service.adapters.db import mapping as _mapping  # noqa: F401 - maps the classes
from evidence_service.adapters.db.tables import cases, evidence, uploads
from evidence_service.domain.case import Case, Standing
from evidence_service.domain.errors import NotFound
from evidence_service.domain.evidence import ItemState
from evidence_service.domain.upload import LIVES

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy import Executable, Select
    from sqlalchemy.orm import Session

# At most one row of each beside the case's own.
_ONE_EACH = (Case.statement, Case.platform_requirements, Case.outcome)
_JOINED = [joinedload(one) for one in _ONE_EACH]  # type: ignore[arg-type]  # mapped elsewhere


class SQLCases:
    def __init__(self, session: Session) -> None:
        self._session = session
        self.loaded: list[Case] = []

    def add(self, case: Case) -> None:
        self._session.add(case)
        self.loaded.append(case)

    def get(self, case_id: UUID) -> Case:
        return self._load(select(Case).options(*_JOINED), case_id)

    def get_for_update(self, case_id: UUID) -> Case:
        # What it owns is read by statements of their own, which begin when the lock is ours.
        return self._load(select(Case).with_for_update(), case_id)

    def get_for_evidence(self, case_id: UUID) -> Case:
        return self._load(select(Case).with_for_update().options(lazyload("*")), case_id)

    def standing(self, case_id: UUID, sha256: str = "") -> Standing:
        asked = {"case_id": case_id, "sha256": sha256}
        row = self._session.execute(_STANDING, asked).one_or_none()
        if row is None:
            raise NotFound(case_id=str(case_id))
        known = (*row.order_numbers, *([row.dispute_ref] if row.dispute_ref else []))
        return Standing(
            *(row.id, row.store_id, row.state, row.key_wrapped, known),
            row.items + row.coming_items,
            row.bytes + row.coming_bytes,
            holds=row.holds,
        )

    def _load(self, query: Select[Case], case_id: UUID) -> Case:
        case = self._session.execute(query.where(cases.c.id == case_id)).scalar_one_or_none()
        if case is None:
            raise NotFound(case_id=str(case_id))
        self.loaded.append(case)
        return case


def _standing() -> Executable:
    """Made once: it costs more to write than to run."""
    c, e = cases.c, evidence.c
    gone = e.state.in_([ItemState.DESTROYED, ItemState.REFUSED])
    coming = (
        select(func.count().label("many"), func.sum(uploads.c.size_bytes).label("size"))
        .where(uploads.c.case_id == c.id, uploads.c.evidence_id.is_(None))
        .where(uploads.c.started_at > func.now() - LIVES)
        .lateral()
    )
    same = and_(e.sha256 == bindparam("sha256"), e.state != ItemState.REFUSED)
    return (
        select(
            *(c.id, c.store_id, c.state, c.key_wrapped, c.order_numbers, c.dispute_ref),
            func.count(e.id).filter(~gone).label("items"),
            func.coalesce(func.sum(e.size_bytes).filter(~gone), 0).label("bytes"),
            func.coalesce(func.bool_or(same), false()).label("holds"),
            coming.c.many.label("coming_items"),
            func.coalesce(coming.c.size, 0).label("coming_bytes"),
        )
        .outerjoin_from(cases, evidence, e.case_id == c.id)
        .join(coming, true())
        .where(c.id == bindparam("case_id"))
        .group_by(c.id, coming.c.many, coming.c.size)
    )


_STANDING = _standing()
