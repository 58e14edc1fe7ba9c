"""Reminders, as rows: a claim is the first insert of an id that follows from what it says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from evidence_service.adapters.db.tables import reminders
from evidence_service.domain.errors import NotFound
from evidence_service.ports import Channel, ReminderRow

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy.orm import Session


class SQLReminders:
    def __init__(self, session: Session) -> None:
        self._session = session

    def claim(self, row: ReminderRow, at: datetime) -> bool:
        made = self._session.scalar(
            insert(reminders)
            .values(
                id=row.id,
                store_id=row.store_id,
                case_id=row.case_id,
                kind=row.kind,
                due_at=row.due_at,
                about=row.about,
                channel=row.channel.value,
                person_id=row.person_id,
                claimed_at=at,
            )
            .on_conflict_do_nothing(index_elements=["id"])
            .returning(reminders.c.id)
        )
        return made is not None

    def get(self, reminder_id: UUID) -> ReminderRow:
        row = self._session.execute(
            select(reminders).where(reminders.c.id == reminder_id).with_for_update()
        ).one_or_none()
        if row is None:
            raise NotFound(reminder_id=str(reminder_id))
        return ReminderRow(
            id=row.id,
            store_id=row.store_id,
            case_id=row.case_id,
            kind=row.kind,
            due_at=row.due_at,
            about=row.about,
            channel=Channel(row.channel),
            person_id=row.person_id,
            started_at=row.started_at,
            sent_at=row.sent_at,
        )

    def started(self, reminder_id: UUID, at: datetime | None) -> None:
        self._set(reminder_id, started_at=at)

    def sent(self, reminder_id: UUID, at: datetime) -> None:
        self._set(reminder_id, sent_at=at)

    def failed(self, reminder_id: UUID, at: datetime) -> None:
        self._set(reminder_id, failed_at=at)

    def _set(self, reminder_id: UUID, **values: Any) -> None:
        self._session.execute(
            update(reminders).where(reminders.c.id == reminder_id).values(**values)
        )
