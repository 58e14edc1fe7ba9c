"""What readers understood of each item, as rows.

What a chat holds stands beside it: some messages a row as they are, and each to be searched.
"""

from __future__ import annotations

from itertools import chain, groupby, islice
from typing import TYPE_CHECKING

from sqlalchemy import Text, cast, delete, select, text
from sqlalchemy.dialects.postgresql import insert

from evidence_service.adapters.db.search import tokens
from evidence_service.adapters.db.tables import messages, normal_forms, transcript_parts
from evidence_service.domain.reading import Reading, emptied, filled, said_in
from evidence_service.domain.transcript import Messages

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from uuid import UUID

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from evidence_service.domain.case import Case
    from evidence_service.domain.transcript import Message

_INSERT_MESSAGE = text(
    "insert into messages (evidence_id, position, store_id, case_id, message_text, tokens)"
    " values (:evidence_id, :position, :store_id, :case_id, :text,"
    " to_tsvector('simple', :tokens))"
)

_INSERT_PART = text(
    "insert into transcript_parts (evidence_id, place, number, store_id, case_id, messages)"
    " values (:evidence_id, :place, :number, :store_id, :case_id, cast(:messages as jsonb))"
)
# How many rows of a long chat stand in memory.
_AT_ONCE, _PARTS_AT_ONCE = 1000, 10


class SQLNormalForms:
    def __init__(self, session: Session) -> None:
        self._session = session

    def put(self, case: Case, evidence_id: UUID, reading: Reading) -> None:
        self._session.flush()  # the evidence row must stand before what refers to it
        content = emptied(reading).to_plain()
        owner = {"evidence_id": evidence_id, "store_id": case.store_id, "case_id": case.id}
        parts = delete(transcript_parts).where(transcript_parts.c.evidence_id == evidence_id)
        rows = delete(messages).where(messages.c.evidence_id == evidence_id)
        self._session.execute(
            insert(normal_forms)
            .values(content=content, **owner)
            .on_conflict_do_update(index_elements=["evidence_id"], set_={"content": content})
            .add_cte(parts.cte("parts"), rows.cte("rows"))
        )
        said = said_in(reading)
        for place, chat in said.items():
            for number, part in enumerate(chat.texts()):
                row = {"place": place, "number": number, "messages": part}
                self._session.execute(_INSERT_PART, row | owner)
        self._put_messages(chain.from_iterable(said.values()), owner)

    def _put_messages(self, said: Iterable[Message], owner: Mapping[str, UUID]) -> None:
        rows = (
            {"position": position, "text": one.text, "tokens": tokens(one.text), **owner}
            for position, one in enumerate(said)
        )
        while some := list(islice(rows, _AT_ONCE)):
            self._session.execute(_INSERT_MESSAGE, some)

    def get(self, evidence_id: UUID) -> Reading | None:
        return self._found(normal_forms.c.evidence_id == evidence_id).get(evidence_id)

    def of_case(self, case_id: UUID) -> Mapping[UUID, Reading]:
        return self._found(normal_forms.c.case_id == case_id)

    def _found(self, wanted: ColumnElement[bool]) -> dict[UUID, Reading]:
        rows = self._session.execute(
            select(normal_forms.c.evidence_id, normal_forms.c.content).where(wanted)
        )
        readings = {row.evidence_id: Reading.from_plain(row.content) for row in rows}
        said = self._said(list(readings)) if readings else {}
        return {key: filled(reading, said.get(key, {})) for key, reading in readings.items()}

    def _said(self, evidence_ids: Sequence[UUID]) -> dict[UUID, dict[int, Messages]]:
        part = transcript_parts.c
        rows = self._session.execute(
            select(part.evidence_id, part.place, cast(part.messages, Text).label("messages"))
            .where(part.evidence_id.in_(evidence_ids))
            .order_by(part.evidence_id, part.place, part.number),
            execution_options={"yield_per": _PARTS_AT_ONCE},
        )
        found: dict[UUID, dict[int, Messages]] = {}
        for (evidence_id, place), parts in groupby(rows, lambda row: (row.evidence_id, row.place)):
            packed = Messages.of_texts(row.messages for row in parts)
            found.setdefault(evidence_id, {})[place] = packed
        return found
