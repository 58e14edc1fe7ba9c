"""The clocks of a case: its pack's terms, the platform's own word, and the reviewers' hours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evidence_service.domain.deadline import SANE_YEARS, Deadline, Segment, Term, deadlines
from evidence_service.domain.reminder import gravest, plan

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from evidence_service.domain.case import Case
    from evidence_service.platforms import Pack
    from evidence_service.platforms.pack import Clock
    from evidence_service.platforms.sla import SLA
    from evidence_service.ports import CaseRow

# The beginnings of terms that a case's `opened_at` is; of others a case knows no instant.
OPENINGS = frozenset(
    {
        "chargeback_notice",
        "claim_opened",
        "customer_starts_return",
        "dispute_created",
        "dispute_opened",
        "dispute_received",
        "dispute_submitted_or_changed",
        "inquiry_opened",
        "issue_opened",
        "notification_of_chargeback",
        "request_created",
        "request_for_information",
        "request_received",
        "ticket_opened",
    }
)


@dataclass(frozen=True, slots=True)
class Clocks:
    """`strip` is the way to the deciding deadline, without one empty and without a hand-over."""

    deadlines: tuple[Deadline, ...]
    last_safe_handover: datetime | None
    strip: tuple[Segment, ...]
    published: Mapping[str, Clock]
    """The pack's clocks by the kind of deadline they are."""


def clocks_of(case: Case, pack: Pack, sla: SLA, store_zone: str, now: datetime) -> Clocks:
    found = _deadlines(case, pack, sla, store_zone)
    published = {clock.id: clock for clock in _running(case, pack)}
    decides = _deciding(found)
    if decides is None or decides.year not in SANE_YEARS:
        return Clocks(found, None, (), published)
    back = sla.desk.work_back(decides)
    return Clocks(found, back.last_safe_handover, back.strip(now), published)


def follow_clocks(case: Case, pack: Pack, sla: SLA, store_zone: str) -> None:
    """Let the case stand in lists by the deadline that decides; after a change of what it says."""
    case.fall_due(_deciding(_deadlines(case, pack, sla, store_zone)))


def attention(row: CaseRow, sla: SLA, now: datetime) -> str | None:
    """What a list says of the row's clocks: the gravest reminder that is due."""
    found = gravest(plan(row, sla.profile(row.platform), sla.desk), now)
    return found.kind.value if found is not None else None


def handover_of(row: CaseRow, sla: SLA) -> datetime | None:
    """When a listed case must be with the reviewers at the latest; None without a deadline."""
    if row.next_due_at.year not in SANE_YEARS:
        return None
    return sla.desk.work_back(row.next_due_at).last_safe_handover


def _deadlines(case: Case, pack: Pack, sla: SLA, store_zone: str) -> tuple[Deadline, ...]:
    place = sla.place(case.platform, store_zone)
    return deadlines(case.respond_by, case.opened_at, _terms(case, pack), place)


def _terms(case: Case, pack: Pack) -> Iterator[Term]:
    running = list(_running(case, pack))
    for clock in running:
        if clock.amount is not None and clock.unit is not None:
            yield Term(
                clock.id,
                clock.amount,
                clock.unit,
                confirmed=clock.verified,
                actor=clock.actor,
                rivals=frozenset(one.id for one in running if _are_rivals(one, clock)),
                awaits=tuple(name for name in clock.when if name not in case.details),
                amount_max=clock.amount_max,
            )


def _are_rivals(one: Clock, other: Clock) -> bool:
    """Whether one of them says of the other, or both of a third, that their lengths differ."""
    of = {one.differs_from or one.id, other.differs_from or other.id}
    return one.id != other.id and len(of) == 1


def _running(case: Case, pack: Pack) -> Iterator[Clock]:
    """What begins as the case does and is not ruled out by what the case says of itself."""
    for clock in pack.clocks:
        is_ours = not clock.reasons or case.reason in clock.reasons
        applies = all(case.details.get(n, wanted[0]) in wanted for n, wanted in clock.when.items())
        if clock.starts in OPENINGS and is_ours and applies:
            yield clock


def _deciding(found: tuple[Deadline, ...]) -> datetime | None:
    return next((one.at for one in found if one.decides), None)
