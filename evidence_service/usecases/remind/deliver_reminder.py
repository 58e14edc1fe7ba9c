"""The job that sends one reminder to one receiver.

What fails is tried again. What was interrupted while its bytes left is not: whether they arrived
nobody can know, the list shows the case in any case, and a second mail of the same is worse.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from evidence_service.domain.deadline import as_local
from evidence_service.domain.errors import Unavailable
from evidence_service.domain.events import rfc3339
from evidence_service.ports import Channel, Mail, SystemScope
from evidence_service.usecases.judging import pinned, reason_of

if TYPE_CHECKING:
    from uuid import UUID

    from evidence_service.domain.case import Case
    from evidence_service.ports import PersonRow, Ports, ReminderRow, StoreRow

MESSAGE = "reminder"


def deliver_reminder(reminder_id: UUID, *, ports: Ports) -> None:
    """Send it, unless it was sent or its sending was interrupted.

    Raises:
        Unavailable: the receiver did not take it; try again.
    """
    with ports.unit_of_work(SystemScope()) as work:
        row = work.reminders.get(reminder_id)
        if row.sent_at is not None:
            return
        if row.started_at is not None:
            work.reminders.failed(reminder_id, ports.now())
            return
        case = work.cases.get(row.case_id)
        store = work.stores.get(row.store_id)
        person = work.people.get(row.person_id) if row.person_id is not None else None
    try:
        _send(row, case, store, person, ports)
    except Unavailable:
        _mark_started(reminder_id, ports, is_leaving=False)
        raise
    with ports.unit_of_work(SystemScope()) as work:
        work.reminders.sent(reminder_id, ports.now())


def give_up_reminder(reminder_id: UUID, *, ports: Ports) -> None:
    with ports.unit_of_work(SystemScope()) as work:
        work.reminders.failed(reminder_id, ports.now())


def _send(
    row: ReminderRow, case: Case, store: StoreRow, person: PersonRow | None, ports: Ports
) -> None:
    def leaving() -> None:
        _mark_started(row.id, ports, is_leaving=True)

    link = f"{ports.public_url}/cases/{case.id}"
    if row.channel is Channel.MAIL and ports.mailer is not None and person is not None:
        values = _values(row, case, store, person.language, ports) | {"link": link}
        mail = Mail(row.id, MESSAGE, person.email, person.language, values)
        ports.mailer.send(mail, leaving=leaving)
    elif row.channel is Channel.WEBHOOK and ports.webhook is not None:
        ports.webhook.post(_content(row, case) | {"link": link}, post_id=row.id, leaving=leaving)
    else:
        # Another worker's settings had the channel; ours do not.
        raise Unavailable(channel=row.channel.value)


def _mark_started(reminder_id: UUID, ports: Ports, *, is_leaving: bool) -> None:
    with ports.unit_of_work(SystemScope()) as work:
        work.reminders.started(reminder_id, ports.now() if is_leaving else None)


def _values(
    row: ReminderRow, case: Case, store: StoreRow, language: str, ports: Ports
) -> dict[str, str]:
    with ports.unit_of_work(SystemScope()) as work:
        pack = pinned(case, work, ports)
    reason = reason_of(pack, case.reason).title
    return {
        "kind": row.kind,
        "number": case.order_numbers[0],
        "store": store.name,
        "platform": pack.name.get(language) or pack.name["en"],
        "reason": reason.get(language) or reason["en"],
        "about": as_local(row.about, ZoneInfo(store.time_zone)),
    }


def _content(row: ReminderRow, case: Case) -> dict[str, str]:
    return {
        "type": MESSAGE,
        "id": str(row.id),
        "kind": row.kind,
        "due_at": rfc3339(row.due_at),
        "about": rfc3339(row.about),
        "case": str(case.id),
        "store": str(case.store_id),
        "platform": case.platform,
        "order_number": case.order_numbers[0],
    }
