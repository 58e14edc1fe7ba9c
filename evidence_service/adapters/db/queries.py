"""The read side: lists by keyset, searches and chains. Nothing here changes a row."""

from __future__ import annotations

import base64
import json
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import Select, and_, func, literal, or_, select, text, tuple_

from evidence_service.adapters.db import tables as t
from evidence_service.adapters.db.chains import to_link
from evidence_service.adapters.db.search import excerpt, find_messages
from evidence_service.adapters.db.unit_of_work import set_scope
from evidence_service.domain.case import OPEN_STATES, CaseState
from evidence_service.domain.errors import invalid
from evidence_service.domain.evidence import ItemState
from evidence_service.domain.sending import OutcomeResult
from evidence_service.ports import CaseFilter, CaseRow, Hit, Page, StoreScope, SystemScope

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session, sessionmaker

    from evidence_service.domain.chain import Link

_FIELDS = tuple(
    name
    for name in CaseRow.__dataclass_fields__
    if name not in {"item_count", "result", "attention"}
)


class SQLQueries:
    def __init__(self, sessions: sessionmaker[Session]) -> None:
        self._sessions = sessions

    @contextmanager
    def _reading(self, scope: StoreScope | SystemScope) -> Iterator[Session]:
        with self._sessions.begin() as session:
            set_scope(session.connection(), scope)
            yield session

    def cases(
        self,
        scope: StoreScope,
        wanted: CaseFilter,
        *,
        now: datetime,
        limit: int,
        cursor: str | None,
    ) -> Page[CaseRow]:
        with self._reading(scope) as session:
            query = _select_cases().where(*_conditions(scope, wanted, now, session))
            keyset = (
                (t.cases.c.next_due_at, t.cases.c.id)
                if wanted.sort == "due"
                else (t.cases.c.opened_at, t.cases.c.id)
            )
            query = _after(query, keyset, wanted.sort, cursor).limit(limit + 1)
            rows = list(session.execute(query))
        items = [_case_row(row) for row in rows[:limit]]
        more = _cursor(wanted.sort, rows[limit - 1]) if len(rows) > limit else None
        return Page(items, more)

    def hits(self, scope: StoreScope, words: str, case_ids: Sequence[UUID]) -> Sequence[Hit]:
        with self._reading(scope) as session:
            found = find_messages(session, words)
            if not found:
                return []
            rows = session.execute(
                select(t.messages).where(
                    tuple_(t.messages.c.evidence_id, t.messages.c.position).in_(found),
                    t.messages.c.case_id.in_(list(case_ids)),
                )
            )
            return [
                Hit(r.case_id, r.evidence_id, r.position, excerpt(r.message_text, words))
                for r in rows
            ]

    def chain(self, chain: str, after: int = 0, limit: int | None = None) -> Sequence[Link]:
        with self._reading(SystemScope()) as session:
            rows = session.execute(
                select(t.events)
                .where(t.events.c.chain == chain, t.events.c.seq > after)
                .order_by(t.events.c.seq)
                .limit(limit)
            )
            return [to_link(row) for row in rows]

    def chains(self) -> Sequence[str]:
        with self._reading(SystemScope()) as session:
            return list(session.scalars(select(t.events.c.chain).distinct()))

    def case_ids(self) -> Sequence[UUID]:
        with self._reading(SystemScope()) as session:
            return list(session.scalars(select(t.cases.c.id).order_by(t.cases.c.id)))

    def ping(self) -> None:
        with self._reading(SystemScope()) as session:
            session.execute(text("select 1 from procrastinate_jobs limit 1"))


def _select_cases() -> Select[Any]:
    items = (
        select(func.count())
        .where(
            t.evidence.c.case_id == t.cases.c.id,
            t.evidence.c.state.not_in([ItemState.WITHDRAWN, ItemState.DESTROYED]),
        )
        .scalar_subquery()
    )
    return select(
        *(t.cases.c[name] for name in _FIELDS),
        items.label("item_count"),
        t.outcomes.c.result,
    ).outerjoin_from(t.cases, t.outcomes, t.outcomes.c.case_id == t.cases.c.id)


def _conditions(
    scope: StoreScope, wanted: CaseFilter, now: datetime, session: Session
) -> list[ColumnElement[bool]]:
    c = t.cases.c
    found: list[ColumnElement[bool]] = [c.store_id.in_(list(scope.stores))]
    if wanted.states is not None:
        found.append(c.state.in_([CaseState(s) for s in wanted.states]))
    if wanted.expired is not None:
        # A term we counted ourselves may be late; only the platform's own word makes it expired.
        given = and_(c.respond_by.is_not(None), c.respond_by < now)
        late = and_(c.state.in_(sorted(OPEN_STATES)), c.next_due_at < now, given)
        found.append(late if wanted.expired else ~late)
    if wanted.store is not None:
        named = select(t.stores.c.id).where(t.stores.c.name == wanted.store)
        found.append(or_(c.store_id.in_(named), c.store_id == _uuid_or_none(wanted.store)))
    for column, value in (
        (c.platform, wanted.platform),
        (c.reason, wanted.reason),
        (c.assignee, wanted.assignee),
        (t.outcomes.c.result, OutcomeResult(wanted.outcome) if wanted.outcome else None),
    ):
        if value is not None:
            found.append(column == value)
    for column, first, end in (
        (c.next_due_at, wanted.due_from, wanted.due_before),
        (c.opened_at, wanted.from_at, wanted.to_at),
    ):
        if first is not None:
            found.append(column >= first)
        if end is not None:
            found.append(column < end)
    if wanted.words:
        found.append(_says(wanted.words, session))
    return found


def _says(words: str, session: Session) -> ColumnElement[bool]:
    """The order number, a reference, or a message of the case says these words."""
    c = t.cases.c
    evidence_ids = {evidence_id for evidence_id, _ in find_messages(session, words)}
    of_evidence = select(t.evidence.c.case_id).where(t.evidence.c.id.in_(evidence_ids))
    return or_(
        c.order_numbers.contains([words.strip()]),
        c.dispute_ref == words.strip(),
        c.buyer_ref == words.strip(),
        c.id.in_(of_evidence),
    )


def _after(
    query: Select[Any], keyset: tuple[Any, Any], sort: str, cursor: str | None
) -> Select[Any]:
    descending = sort.startswith("-")
    ordered = query.order_by(*(c.desc() if descending else c.asc() for c in keyset))
    if cursor is None:
        return ordered
    at, case_id = _read_cursor(cursor, sort)
    place = tuple_(literal(at), literal(case_id))
    return ordered.where(tuple_(*keyset) < place if descending else tuple_(*keyset) > place)


def _cursor(sort: str, row: Any) -> str:
    at = row.next_due_at if sort == "due" else row.opened_at
    return base64.urlsafe_b64encode(
        json.dumps([sort, at.isoformat(), str(row.id)]).encode()
    ).decode()


def _read_cursor(cursor: str, sort: str) -> tuple[datetime, UUID]:
    try:
        made_for, at, case_id = json.loads(base64.urlsafe_b64decode(cursor))
        if made_for == sort:
            return datetime.fromisoformat(at), UUID(str(case_id))
    except (ValueError, TypeError):
        pass
    raise invalid("cursor", "malformed", "take `next` of the page before, with the same sort")


def _case_row(row: Any) -> CaseRow:
    values = {name: getattr(row, name) for name in _FIELDS}
    values["state"] = row.state.value
    result = row.result.value if row.result is not None else None
    return CaseRow(**values, item_count=row.item_count, result=result)


def _uuid_or_none(words: str) -> UUID | None:
    try:
        return UUID(words)
    except ValueError:
        return None
