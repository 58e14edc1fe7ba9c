"""The transaction: leaving the block commits, raising rolls back, and there is no `commit()`.

The store scope is set for row-level security as each transaction begins; the domain's events
become chained rows just before it ends, so a step and its record stand or fall together.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from sqlalchemy import create_engine, event, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from evidence_service.adapters.db import mapping as _mapping  # noqa: F401 - maps the classes
from evidence_service.adapters.db.cases import SQLCases
from evidence_service.adapters.db.chains import append_events, was_seen_just_now
from evidence_service.adapters.db.choices import SQLChoices
from evidence_service.adapters.db.normal_forms import SQLNormalForms
from evidence_service.adapters.db.packages import SQLPackages
from evidence_service.adapters.db.packs import Built, SQLPacks
from evidence_service.adapters.db.people import SQLPeople
from evidence_service.adapters.db.reminders import SQLReminders
from evidence_service.adapters.db.reports import SQLReports
from evidence_service.adapters.db.stores import SQLStores
from evidence_service.adapters.db.texts import SQLTexts
from evidence_service.adapters.db.uploads import SQLUploads
from evidence_service.adapters.jobs import TransactionJobs
from evidence_service.domain.errors import Unavailable
from evidence_service.domain.events import AccessEvent
from evidence_service.ports import StoreScope, SystemScope

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from sqlalchemy import Connection, Engine

    from evidence_service.domain.events import Event
    from evidence_service.ports import UnitOfWork

_open_transactions: ContextVar[int] = ContextVar("open_transactions", default=0)


def in_transaction() -> bool:
    """Whether this thread is inside a unit of work: no network call belongs there."""
    return _open_transactions.get() > 0


def make_engine(database_url: str) -> Engine:
    return create_engine(
        database_url,
        pool_size=10,
        max_overflow=10,
        pool_pre_ping=True,
        connect_args={"options": "-c timezone=UTC", "connect_timeout": 5},
    )


class SQLWork:
    """One open transaction and what may be asked of it."""

    def __init__(self, session: Session, built: Built) -> None:
        self.session = session
        self.cases = SQLCases(session)
        self.normal_forms = SQLNormalForms(session)
        self.texts = SQLTexts(session)
        self.choices = SQLChoices(session)
        self.people = SQLPeople(session)
        self.stores = SQLStores(session)
        self.packages = SQLPackages(session)
        self.packs = SQLPacks(session, built)
        self.reports = SQLReports(session)
        self.reminders = SQLReminders(session)
        self.uploads = SQLUploads(session)
        self.jobs = TransactionJobs(session)
        self._recorded: list[tuple[Event, UUID | None]] = []

    def record(self, event: Event, store_id: UUID | None = None) -> None:
        if isinstance(event, AccessEvent) and was_seen_just_now(self.session, event):
            return
        self._recorded.append((event, store_id))

    def append_events(self) -> None:
        self.session.flush()  # rows first: the chain is appended last, so its lock is short
        pending = list(self._recorded)
        for case in self.cases.loaded:
            pending.extend((e, case.store_id) for e in case.events)
            case.events = []
        self._recorded = []
        append_events(self.session, pending)


def set_scope(connection: Connection, scope: StoreScope | SystemScope) -> None:
    """Say which stores row-level security lets this transaction see."""
    if isinstance(scope, SystemScope):
        settings = {"scope": "system", "stores": ""}
    else:
        stores = ",".join(sorted(str(store) for store in scope.stores))
        settings = {"scope": "stores", "stores": stores}
    connection.execute(_SET_SCOPE, settings)


_SET_SCOPE = text(
    "select set_config('app.scope', :scope, true), set_config('app.stores', :stores, true)"
)


def sql_unit_of_work(sessions: sessionmaker[Session]) -> UnitOfWork:
    """Every call opens its own session, so threads share nothing but packs nobody changes."""
    built: Built = {}

    @contextmanager
    def begin(scope: StoreScope | SystemScope) -> Iterator[SQLWork]:
        token = _open_transactions.set(_open_transactions.get() + 1)
        try:
            with sessions() as session:
                event.listen(session, "after_begin", lambda _s, _t, c: set_scope(c, scope))
                with session.begin():
                    work = SQLWork(session, built)
                    yield work
                    work.append_events()
        except OperationalError as error:
            raise Unavailable from error
        finally:
            _open_transactions.reset(token)

    return begin


def make_sessions(engine: Engine) -> sessionmaker[Session]:
    return sessionmaker(engine, expire_on_commit=False)
