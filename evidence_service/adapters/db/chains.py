"""Events become rows of their chains, last in the transaction, so that the lock is short."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, text

from evidence_service.adapters.db.tables import event_texts, events
from evidence_service.domain.chain import FIRST_PREV, SALT_BYTES, Link, link
from evidence_service.domain.events import rfc3339

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from sqlalchemy.orm import Session

    from evidence_service.domain.events import AccessEvent, Event

ONE_VIEW = timedelta(minutes=10)


def append_events(session: Session, pending: Sequence[tuple[Event, UUID | None]]) -> None:
    """Chain the events, each with the store it belongs to, in the order given."""
    # One order for all transactions, so that two that touch two chains cannot wait in a ring.
    for chain in sorted({event.chain for event, _ in pending}):
        _lock(session, chain)
        _append(session, chain, [one for one in pending if one[0].chain == chain])


def was_seen_just_now(session: Session, event: AccessEvent) -> bool:
    """Whether the same person had the same thing within ten minutes (contract.md §7)."""
    c = events.c
    before = select(c.seq).where(
        c.chain == event.chain,
        c.kind == event.kind,
        c.actor == event.actor,
        c.subject.is_not_distinct_from(event.subject),
        c.at > event.at - ONE_VIEW,
    )
    return bool(session.scalar(select(before.exists())))


def _lock(session: Session, chain: str) -> None:
    session.execute(
        text("select pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": f"audit:{chain}"}
    )


def _head(session: Session, chain: str) -> tuple[int, str]:
    row = session.execute(
        select(events.c.seq, events.c.hash)
        .where(events.c.chain == chain)
        .order_by(events.c.seq.desc())
        .limit(1)
    ).one_or_none()
    return (row.seq, row.hash) if row is not None else (0, FIRST_PREV)


def _append(session: Session, chain: str, added: Sequence[tuple[Event, UUID | None]]) -> None:
    rows: list[dict[str, Any]] = []
    words: list[dict[str, Any]] = []
    last, prev = _head(session, chain)
    for seq, (event, store_id) in enumerate(added, last + 1):
        texts = event.texts()
        salts = {name: secrets.token_bytes(SALT_BYTES) for name in texts}
        chained = link(event, seq=seq, prev=prev, salts=salts)
        prev = chained.hash
        typed = {"at": event.at, "actor": event.actor, "subject": event.subject}
        rows.append({**chained.to_plain(), **typed, "store_id": store_id})
        place = {"chain": chain, "seq": seq, "store_id": store_id}
        words += [
            {**place, "name": name, "salt": salts[name], "text": said}
            for name, said in texts.items()
        ]
    session.execute(insert(events), rows)
    if words:
        session.execute(insert(event_texts), words)


def to_link(row: Any) -> Link:
    """A row of the chain as it was hashed."""
    return Link(
        chain=row.chain,
        seq=row.seq,
        at=rfc3339(row.at),
        kind=row.kind,
        actor=str(row.actor) if row.actor else None,
        subject=str(row.subject) if row.subject else None,
        data=row.data,
        prev=row.prev,
        hash=row.hash,
    )
