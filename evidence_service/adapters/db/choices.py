"""What a store's people chose for tables, as rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from evidence_service.adapters.db.tables import table_choices
from evidence_service.domain.choices import Choices

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy.orm import Session


class SQLChoices:
    def __init__(self, session: Session) -> None:
        self._session = session

    def put(
        self, store_id: UUID, fingerprint: str, choices: Choices, by: UUID, at: datetime
    ) -> None:
        values = {"choices": choices.to_plain(), "chosen_by": by, "chosen_at": at}
        self._session.execute(
            insert(table_choices)
            .values(store_id=store_id, fingerprint=fingerprint, **values)
            .on_conflict_do_update(index_elements=["store_id", "fingerprint"], set_=values)
        )

    def get(self, store_id: UUID, fingerprint: str) -> Choices | None:
        plain = self._session.scalar(
            select(table_choices.c.choices).where(
                table_choices.c.store_id == store_id, table_choices.c.fingerprint == fingerprint
            )
        )
        return Choices.from_plain(plain) if plain else None
