"""People, their stores, tokens and browser sessions, as rows."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import ARRAY, Uuid, delete, func, insert, or_, select, update

from evidence_service.adapters.db.tables import (
    browser_sessions,
    memberships,
    people,
    stores,
    tokens,
)
from evidence_service.domain.errors import NotFound
from evidence_service.ports import PersonRow

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy.orm import Session

SESSION_IDLE = timedelta(minutes=30)
SESSION_MAX = timedelta(hours=12)

_OWN = select(memberships.c.store_id).where(memberships.c.person_id == people.c.id)
_SEEN = (
    select(stores.c.id)
    .where(or_(people.c.all_stores, stores.c.id.in_(_OWN.correlate(people))))
    .correlate(people)
)
# Each with the stores that he or she sees.
_PEOPLE = select(people, func.array(_SEEN.scalar_subquery(), type_=ARRAY(Uuid())).label("seen"))


class SQLPeople:
    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, person: PersonRow, at: datetime) -> None:
        self._session.execute(
            insert(people).values(
                id=person.id,
                email=person.email,
                password_hash=person.password_hash,
                language=person.language,
                roles=person.roles,
                all_stores=person.all_stores,
                added_at=at,
            )
        )
        for store_id in person.stores:
            self._session.execute(
                insert(memberships).values(person_id=person.id, store_id=store_id)
            )

    def by_email(self, email: str) -> PersonRow | None:
        return self._one(people.c.email == email)

    def get(self, person_id: UUID) -> PersonRow:
        person = self._one(people.c.id == person_id)
        if person is None:
            raise NotFound(person_id=str(person_id))
        return person

    def by_token(self, token_sha256: bytes, now: datetime) -> PersonRow | None:
        owner = select(tokens.c.person_id).where(
            tokens.c.token_sha256 == token_sha256,
            tokens.c.revoked_at.is_(None),
            or_(tokens.c.expires_at.is_(None), tokens.c.expires_at > now),
        )
        return self._one(people.c.id == owner.scalar_subquery())

    def add_token(
        self, token_id: UUID, person_id: UUID, name: str, token_sha256: bytes, at: datetime
    ) -> None:
        self._session.execute(
            insert(tokens).values(
                id=token_id,
                person_id=person_id,
                name=name,
                token_sha256=token_sha256,
                issued_at=at,
            )
        )

    def by_session(self, token_sha256: bytes, now: datetime) -> PersonRow | None:
        """The person behind a live browser session, which is seen by asking."""
        owner = self._session.scalar(
            update(browser_sessions)
            .where(
                browser_sessions.c.token_sha256 == token_sha256,
                browser_sessions.c.seen_at > now - SESSION_IDLE,
                browser_sessions.c.signed_in_at > now - SESSION_MAX,
            )
            .values(seen_at=now)
            .returning(browser_sessions.c.person_id)
        )
        return self._one(people.c.id == owner) if owner is not None else None

    def add_session(self, person_id: UUID, token_sha256: bytes, at: datetime) -> None:
        self._session.execute(
            insert(browser_sessions).values(
                token_sha256=token_sha256, person_id=person_id, signed_in_at=at, seen_at=at
            )
        )

    def end_session(self, token_sha256: bytes) -> None:
        self._session.execute(
            delete(browser_sessions).where(browser_sessions.c.token_sha256 == token_sha256)
        )

    def sign_in_failed(self, person_id: UUID, locked_until: datetime | None) -> None:
        self._session.execute(
            update(people)
            .where(people.c.id == person_id)
            .values(failed_sign_ins=people.c.failed_sign_ins + 1, locked_until=locked_until)
        )

    def sign_in_succeeded(self, person_id: UUID) -> None:
        self._session.execute(
            update(people)
            .where(people.c.id == person_id)
            .values(failed_sign_ins=0, locked_until=None)
        )

    def emails(self, ids: Sequence[UUID]) -> Mapping[UUID, str]:
        rows = self._session.execute(
            select(people.c.id, people.c.email).where(people.c.id.in_(list(ids)))
        )
        return {row.id: row.email for row in rows}

    def of_store(self, store_id: UUID) -> Sequence[PersonRow]:
        members = select(memberships.c.person_id).where(memberships.c.store_id == store_id)
        rows = self._session.execute(
            _PEOPLE.where(
                or_(people.c.all_stores, people.c.id.in_(members)), people.c.disabled_at.is_(None)
            ).order_by(people.c.email)
        )
        return [_person(row) for row in rows]

    def _one(self, condition: Any) -> PersonRow | None:
        row = self._session.execute(
            _PEOPLE.where(condition, people.c.disabled_at.is_(None))
        ).one_or_none()
        return _person(row) if row is not None else None


def _person(row: Any) -> PersonRow:
    return PersonRow(
        row.id,
        row.email,
        row.password_hash,
        row.language,
        row.roles,
        frozenset(row.seen),
        row.all_stores,
        row.failed_sign_ins,
        row.locked_until,
    )
