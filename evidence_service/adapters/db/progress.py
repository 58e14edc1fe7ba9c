"""How far a job is, written in transactions of its own so that it shows while the job runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import update

from evidence_service.adapters.db.tables import bundles, cases
from evidence_service.adapters.db.unit_of_work import set_scope
from evidence_service.domain.case import CaseState
from evidence_service.domain.sending import BundleState
from evidence_service.ports import SystemScope

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy.orm import Session, sessionmaker


class SQLProgress:
    def __init__(self, sessions: sessionmaker[Session]) -> None:
        self._sessions = sessions

    def of_bundle(self, bundle_id: UUID, fraction: float) -> None:
        unfinished = bundles.c.state == BundleState.RENDERING
        with self._sessions.begin() as session:
            set_scope(session.connection(), SystemScope())
            session.execute(
                update(bundles)
                .where(bundles.c.id == bundle_id, unfinished)
                .values(progress=fraction)
            )

    def of_archive(self, case_id: UUID, fraction: float) -> None:
        with self._sessions.begin() as session:
            set_scope(session.connection(), SystemScope())
            session.execute(
                update(cases)
                .where(cases.c.id == case_id, cases.c.state == CaseState.CLOSED)
                .values(archive_progress=fraction)
            )
