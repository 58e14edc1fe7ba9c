"""The job of every minute that finds which reminders are due and queues each one once.

Nothing is planned ahead: what a case asks for follows from its row and the service levels of the
moment, so a deadline that moved or a case that was sent needs no clearing up. That a reminder is
due once is held by its row, whose id follows from the case, the kind, the instant and the receiver.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import chain
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from evidence_service.domain.access import Role
from evidence_service.domain.case import OPEN_STATES, CaseState
from evidence_service.domain.reminder import Audience, Reminder, plan
from evidence_service.ports import CaseFilter, Channel, ReminderRow, StoreScope, SystemScope

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from evidence_service.platforms.sla import SLA
    from evidence_service.ports import CaseRow, PersonRow, Ports, Work

FIND_DUE_REMINDERS = "find_due_reminders"
# The first keeps the name that was once both's: what waits from then is still sent.
MAIL_REMINDER, POST_REMINDER = "deliver_reminder", "post_reminder"
EVERY = timedelta(minutes=1)
# What came due while no worker ran is still sent, but not the news of the day before yesterday.
LATE = timedelta(hours=24)
# From the last safe hand-over to its deadline: the longest holidays, and the work beside them.
LONGEST_BACK = timedelta(days=21)
PAGE = 200
_ID = UUID("0d5f5f0e-0f5b-4b7f-9a65-7d1a8e0d3b52")
_ROLES = {
    Audience.AGENT: frozenset({Role.AGENT}),
    Audience.REVIEWERS: frozenset({Role.REVIEWER}),
    Audience.EVERYBODY: frozenset({Role.AGENT, Role.REVIEWER}),
}


def find_due_reminders(*, ports: Ports, progress: Callable[[float], None]) -> int:
    """Queue what is due and was not queued before; answer how much that was."""
    now, queued = ports.now(), 0
    with ports.unit_of_work(SystemScope()) as work:
        scope = StoreScope(frozenset(store.id for store in work.stores.all()))
    for page in _watched(scope, now, ports):
        due = [(row, one) for row in page for one in _due(row, now, ports.sla)]
        if due:
            with ports.unit_of_work(SystemScope()) as work:
                queued += sum(_queue(row, one, work, ports) for row, one in due)
        progress(0)
    return queued


def _watched(scope: StoreScope, now: datetime, ports: Ports) -> Iterator[Sequence[CaseRow]]:
    """Open cases with a deadline ahead or just behind, and those whose levels still run."""
    profiles = ports.sla.profiles.values()
    early = max(chain.from_iterable(p.before_handover for p in profiles), default=timedelta(0))
    steps = [step.after for profile in profiles for step in profile.steps]
    open_states = tuple(sorted(OPEN_STATES))
    for wanted in (
        CaseFilter(states=open_states, due_from=now - LATE, due_before=now + LONGEST_BACK + early),
        CaseFilter(
            states=(*open_states, CaseState.SUBMITTED),
            from_at=now - LATE - max(steps, default=timedelta(0)),
            sort="-opened",
        ),
    ):
        cursor: str | None = None
        while True:
            page = ports.queries.cases(scope, wanted, now=now, limit=PAGE, cursor=cursor)
            yield page.items
            cursor = page.next
            if cursor is None:
                break


def _due(row: CaseRow, now: datetime, sla: SLA) -> list[Reminder]:
    """Of each kind the newest that came due since the case is here."""
    since = max(now - LATE, row.created_at)
    planned = plan(row, sla.profile(row.platform), sla.desk)
    return list({one.kind: one for one in planned if since <= one.at <= now}.values())


def _queue(row: CaseRow, reminder: Reminder, work: Work, ports: Ports) -> int:
    made = 0
    for channel, person in _receivers(row, reminder, work, ports):
        key = f"{row.id} {reminder.kind} {reminder.at.isoformat()} {channel} {person}"
        kept = ReminderRow(
            id=uuid5(_ID, key),
            store_id=row.store_id,
            case_id=row.id,
            kind=reminder.kind.value,
            due_at=reminder.at,
            about=reminder.about,
            channel=channel,
            person_id=person,
        )
        if work.reminders.claim(kept, ports.now()):
            work.jobs.enqueue(
                MAIL_REMINDER if channel is Channel.MAIL else POST_REMINDER,
                job_id=kept.id,
                args={"reminder_id": str(kept.id)},
                store_id=row.store_id,
            )
            made += 1
    return made


def _receivers(
    row: CaseRow, reminder: Reminder, work: Work, ports: Ports
) -> Iterator[tuple[Channel, UUID | None]]:
    if ports.mailer is not None:
        for person in work.people.of_store(row.store_id):
            if _is_told(person, row, reminder.to):
                yield Channel.MAIL, person.id
    if ports.webhook is not None:
        yield Channel.WEBHOOK, None


def _is_told(person: PersonRow, row: CaseRow, to: Audience) -> bool:
    """An agent's reminders are the assignee's, where there is one."""
    roles = _ROLES[to] & person.roles
    if row.assignee is not None and person.id != row.assignee:
        roles -= {Role.AGENT}
    return bool(roles)
