"""Idempotency keys, as rows: claimed by an insert, so that of two requests exactly one runs."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import and_, delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from evidence_service.adapters.db.tables import idempotency_keys as k
from evidence_service.ports import FirstAnswer

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session, sessionmaker

KEPT = timedelta(hours=24)
# A request that died unanswered leaves its key claimed; nothing runs this long.
ABANDONED = timedelta(minutes=10)


class SQLIdempotencyKeys:
    def __init__(self, sessions: sessionmaker[Session]) -> None:
        self._sessions = sessions

    def claim(
        self, person: UUID, path: str, key: str, fingerprint: bytes, now: datetime
    ) -> FirstAnswer | None:
        with self._sessions.begin() as session:
            abandoned = and_(k.c.status.is_(None), k.c.created_at < now - ABANDONED)
            session.execute(delete(k).where(or_(k.c.created_at < now - KEPT, abandoned)))
            claimed = session.execute(
                insert(k)
                .values(
                    person_id=person, path=path, key=key, fingerprint=fingerprint, created_at=now
                )
                .on_conflict_do_nothing()
                .returning(k.c.key)
            ).one_or_none()
            if claimed is not None:
                return None
            row = session.execute(select(k).where(_is(person, path, key))).one()
            return FirstAnswer(row.fingerprint, row.status, row.body or b"", row.headers or {})

    def settle(  # noqa: PLR0913 - the answer as it went out
        self,
        person: UUID,
        path: str,
        key: str,
        status: int,
        body: bytes,
        headers: Mapping[str, str],
    ) -> None:
        with self._sessions.begin() as session:
            session.execute(
                update(k)
                .where(_is(person, path, key))
                .values(status=status, body=body, headers=dict(headers))
            )

    def release(self, person: UUID, path: str, key: str) -> None:
        with self._sessions.begin() as session:
            session.execute(delete(k).where(_is(person, path, key)))


def _is(person: UUID, path: str, key: str) -> ColumnElement[bool]:
    return and_(k.c.person_id == person, k.c.path == path, k.c.key == key)
