"""The words of pictures and documents, as rows; each is searchable as one message of its item."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select, text
from sqlalchemy.dialects.postgresql import insert

from evidence_service.adapters.db.search import tokens
from evidence_service.adapters.db.tables import evidence_texts, messages
from evidence_service.domain.words import ItemText

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from sqlalchemy.orm import Session

    from evidence_service.domain.case import Case

_INSERT_MESSAGE = text(
    "insert into messages (evidence_id, position, store_id, case_id, message_text, tokens)"
    " values (:evidence_id, 0, :store_id, :case_id, :text, to_tsvector('simple', :tokens))"
)


class SQLTexts:
    def __init__(self, session: Session) -> None:
        self._session = session

    def put(self, case: Case, evidence_id: UUID, text: ItemText) -> None:
        self._session.flush()  # the evidence row must stand before what refers to it
        values = {
            "language": text.language,
            "text": text.text,
            "source": text.source,
            "written_by": text.written_by,
            "written_at": text.written_at,
            "is_settled": text.is_settled,
        }
        owner = {"store_id": case.store_id, "case_id": case.id}
        self._session.execute(
            insert(evidence_texts)
            .values(evidence_id=evidence_id, **owner, **values)
            .on_conflict_do_update(index_elements=["evidence_id"], set_=values)
        )
        self._session.execute(delete(messages).where(messages.c.evidence_id == evidence_id))
        if text.text:
            row = {"evidence_id": evidence_id, "text": text.text, "tokens": tokens(text.text)}
            self._session.execute(_INSERT_MESSAGE, row | owner)

    def get(self, evidence_id: UUID) -> ItemText | None:
        row = self._session.execute(
            select(evidence_texts).where(evidence_texts.c.evidence_id == evidence_id)
        ).one_or_none()
        if row is None:
            return None
        return ItemText(
            row.language, row.text, row.source, row.written_at, row.written_by, row.is_settled
        )

    def languages(self, case_id: UUID) -> Mapping[UUID, str]:
        told = select(evidence_texts.c.evidence_id, evidence_texts.c.language)
        rows = self._session.execute(told.where(evidence_texts.c.case_id == case_id))
        return {row.evidence_id: row.language for row in rows}

    def remove(self, evidence_id: UUID) -> None:
        self._session.execute(delete(messages).where(messages.c.evidence_id == evidence_id))
        self._session.execute(
            delete(evidence_texts).where(evidence_texts.c.evidence_id == evidence_id)
        )
