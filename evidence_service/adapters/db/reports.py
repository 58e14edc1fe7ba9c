"""The checklist as it was judged at a hand-in, so that an auditor sees the rules of the day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.dialects.postgresql import insert

from evidence_service.adapters.db.tables import checklist_reports

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from evidence_service.domain.case import Case
    from evidence_service.domain.checklist import Report


class SQLReports:
    def __init__(self, session: Session) -> None:
        self._session = session

    def put(self, case: Case, report: Report, at: datetime) -> None:
        judged = {"report": report.to_plain(), "judged_at": at}
        self._session.execute(
            insert(checklist_reports)
            .values(case_id=case.id, store_id=case.store_id, revision=case.revision, **judged)
            .on_conflict_do_update(index_elements=["case_id", "revision"], set_=judged)
        )
