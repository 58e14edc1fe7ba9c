"""Stores, as rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from evidence_service.adapters.db.tables import stores
from evidence_service.domain.errors import NotFound
from evidence_service.ports import StoreRow

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy.orm import Session


class SQLStores:
    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, store: StoreRow, at: datetime) -> None:
        self._session.execute(
            insert(stores).values(
                id=store.id,
                name=store.name,
                platform=store.platform,
                time_zone=store.time_zone,
                language=store.language,
                added_at=at,
            )
        )

    def all(self) -> Sequence[StoreRow]:
        rows = self._session.execute(select(stores).order_by(stores.c.name))
        return [_store(row) for row in rows]

    def get(self, store_id: UUID) -> StoreRow:
        row = self._session.execute(select(stores).where(stores.c.id == store_id)).one_or_none()
        if row is None:
            raise NotFound(store_id=str(store_id))
        return _store(row)

    def by_name(self, name: str) -> StoreRow | None:
        row = self._session.execute(select(stores).where(stores.c.name == name)).one_or_none()
        return _store(row) if row is not None else None


def _store(row: Any) -> StoreRow:
    return StoreRow(row.id, row.name, row.platform, row.time_zone, row.language)
