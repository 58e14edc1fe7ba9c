"""What readers understood of each item, as rows; a chat's messages stand searchable beside it."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from sqlalchemy import delete, select, text
from sqlalchemy.dialects.postgresql import insert

from evidence_service.adapters.db.search import tokens
from evidence_service.adapters.db.tables import messages, normal_forms
from evidence_service.domain.picture import Picture
from evidence_service.domain.reading import Reading
from evidence_service.domain.transcript import Transcript

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from sqlalchemy.orm import Session

    from evidence_service.domain.case import Case
    from evidence_service.domain.transcript import Message

_INSERT_MESSAGE = text(
    "insert into messages (evidence_id, position, store_id, case_id, message_text, tokens)"
    " values (:evidence_id, :position, :store_id, :case_id, :text,"
    " to_tsvector('simple', :tokens))"
)

# How many rows of a long chat stand in memory.
_AT_ONCE = 1000


class SQLNormalForms:
    def __init__(self, session: Session) -> None:
        self._session = session

    def put(self, case: Case, evidence_id: UUID, reading: Reading) -> None:
        self._session.flush()  # the evidence row must stand before what refers to it
        content = reading.to_plain()
        values = {"store_id": case.store_id, "case_id": case.id, "content": content}
        before = delete(messages).where(messages.c.evidence_id == evidence_id)
        self._session.execute(
            insert(normal_forms)
            .values(evidence_id=evidence_id, **values)
            .on_conflict_do_update(index_elements=["evidence_id"], set_={"content": content})
            .add_cte(before.cte("before"))
        )
        said = [
            message
            for content in reading.contents
            if isinstance(content, Transcript)
            for message in content.messages
        ]
        self._put_messages(case, evidence_id, said)

    def _put_messages(self, case: Case, evidence_id: UUID, said: Sequence[Message]) -> None:
        rows = (
            {
                "evidence_id": evidence_id,
                "position": position,
                "store_id": case.store_id,
                "case_id": case.id,
                "text": message.text,
                "tokens": tokens(message.text),
            }
            for position, message in enumerate(said)
        )
        while some := list(islice(rows, _AT_ONCE)):
            self._session.execute(_INSERT_MESSAGE, some)

    def pictures(self, case_id: UUID) -> Mapping[UUID, Picture]:
        first = normal_forms.c.content["contents"][0]
        rows = self._session.execute(
            select(normal_forms.c.evidence_id, first.label("picture")).where(
                normal_forms.c.case_id == case_id, first["form"].astext == "picture"
            )
        )
        return {row.evidence_id: Picture.from_plain(row.picture) for row in rows}

    def get(self, evidence_id: UUID) -> Reading | None:
        plain = self._session.scalar(
            select(normal_forms.c.content).where(normal_forms.c.evidence_id == evidence_id)
        )
        return Reading.from_plain(plain) if plain else None

    def of_case(self, case_id: UUID) -> Mapping[UUID, Reading]:
        rows = self._session.execute(
            select(normal_forms.c.evidence_id, normal_forms.c.content).where(
                normal_forms.c.case_id == case_id
            )
        )
        return {row.evidence_id: Reading.from_plain(row.content) for row in rows}
