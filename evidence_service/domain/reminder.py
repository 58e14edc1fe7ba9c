"""Who is told what and when while a case is open: pure planning, nothing is sent here.

A reminder is known by its case, its kind and its instant. A case whose deadline moves therefore
gets new ones, and one that is handed in, sent or closed has none of those any more that asked
for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from evidence_service.domain.case import OPEN_STATES, CaseState
from evidence_service.domain.deadline import SANE_YEARS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime, timedelta
    from uuid import UUID

    from evidence_service.domain.deadline import Desk


class ReminderKind(StrEnum):
    """The last is the gravest: a list shows that one."""

    FIRST_REPLY = "first_reply"
    HANDOVER_SOON = "handover_soon"
    FOLLOW_UP = "follow_up"
    SUPERVISOR = "supervisor"
    SOLUTION = "solution"
    DEADLINE_SOON = "deadline_soon"
    HANDOVER_DUE = "handover_due"
    DEADLINE_PASSED = "deadline_passed"


class Audience(StrEnum):
    AGENT = "agent"
    REVIEWERS = "reviewers"
    EVERYBODY = "everybody"


class Until(StrEnum):
    """What has happened when a step of a service level is met."""

    TAKEN = "taken"
    HANDED_IN = "handed_in"
    SUBMITTED = "submitted"
    CLOSED = "closed"


_STEPS_ON = {
    Until.HANDED_IN: frozenset({CaseState.ASSEMBLING}),
    Until.SUBMITTED: OPEN_STATES,
    Until.CLOSED: OPEN_STATES | {CaseState.SUBMITTED},
}


class Watched(Protocol):
    """What planning needs to know of a case; a row of a list is one."""

    @property
    def state(self) -> str: ...
    @property
    def opened_at(self) -> datetime: ...
    @property
    def next_due_at(self) -> datetime: ...
    @property
    def assignee(self) -> UUID | None: ...
    @property
    def item_count(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Step:
    """A service level: `until` must have happened so long `after` the case was opened."""

    kind: ReminderKind
    after: timedelta
    until: Until
    to: Audience

    def is_met(self, case: Watched) -> bool:
        if self.until is Until.TAKEN:
            is_touched = case.assignee is not None or case.item_count > 0
            return is_touched or case.state != CaseState.ASSEMBLING
        return case.state not in _STEPS_ON[self.until]


@dataclass(frozen=True, slots=True)
class DelayTier:
    """What is owed to a buyer whose parcel is late by more than `over`."""

    id: str
    over: timedelta
    text: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Profile:
    """The service levels of one platform, and how early its deadlines are spoken of."""

    steps: tuple[Step, ...]
    delay_tiers: tuple[DelayTier, ...]
    before_handover: tuple[timedelta, ...]
    before_deadline: tuple[timedelta, ...]

    def delay_tier(self, late_by: timedelta) -> DelayTier | None:
        """The tier of a delay; none for a parcel in time."""
        reached = [tier for tier in self.delay_tiers if late_by > tier.over]
        return max(reached, key=lambda tier: tier.over, default=None)


@dataclass(frozen=True, slots=True)
class Reminder:
    """Due at `at`; `about` is the instant it speaks of."""

    kind: ReminderKind
    at: datetime
    about: datetime
    to: Audience


def plan(case: Watched, profile: Profile, desk: Desk) -> tuple[Reminder, ...]:
    """Every reminder of the case as it stands, the soonest first."""
    found: list[Reminder] = []
    if case.opened_at.year in SANE_YEARS:
        found += _of_levels(case, profile.steps)
    if case.state in OPEN_STATES and case.next_due_at.year in SANE_YEARS:
        found += _of_deadline(case, profile, desk)
    return tuple(sorted(found, key=lambda one: one.at))


def _of_levels(case: Watched, steps: Iterable[Step]) -> Iterator[Reminder]:
    for step in steps:
        if not step.is_met(case):
            at = case.opened_at + step.after
            yield Reminder(step.kind, at, at, step.to)


def _of_deadline(case: Watched, profile: Profile, desk: Desk) -> Iterator[Reminder]:
    deadline = case.next_due_at
    if case.state == CaseState.ASSEMBLING:
        handover = desk.work_back(deadline).last_safe_handover
        for early in profile.before_handover:
            yield Reminder(ReminderKind.HANDOVER_SOON, handover - early, handover, Audience.AGENT)
        yield Reminder(ReminderKind.HANDOVER_DUE, handover, deadline, Audience.EVERYBODY)
    for early in profile.before_deadline:
        yield Reminder(ReminderKind.DEADLINE_SOON, deadline - early, deadline, Audience.EVERYBODY)
    yield Reminder(ReminderKind.DEADLINE_PASSED, deadline, deadline, Audience.EVERYBODY)


def gravest(reminders: Sequence[Reminder], now: datetime) -> Reminder | None:
    """Of those that are due the one that a list shows."""
    order = list(ReminderKind)
    due = [one for one in reminders if one.at <= now]
    return max(due, key=lambda one: (order.index(one.kind), one.at), default=None)
