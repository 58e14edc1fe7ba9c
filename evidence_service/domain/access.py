"""Who may do what: one table, read aloud in contract.md §8.

A use case asks once, after loading: `authorise(actor, Permission.CASE_REVIEW, case)`. What an
actor may not know of is answered as not found, what they may see but not do as not allowed.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from evidence_service.domain.case import CaseState
from evidence_service.domain.errors import NotAllowed, NotFound

if TYPE_CHECKING:
    from uuid import UUID


class Role(StrEnum):
    AGENT = "agent"
    REVIEWER = "reviewer"
    AUDITOR = "auditor"
    ADMIN = "admin"


class Permission(StrEnum):
    CASE_READ = "case:read"
    CASE_EDIT = "case:edit"
    CARD_REDACT = "card:redact"
    CASE_REVIEW = "case:review"
    CASE_ARCHIVE = "case:archive"
    CASE_HOLD = "case:hold"
    BUNDLE_MAKE = "bundle:make"
    SUBMISSION_RECORD = "submission:record"
    ARCHIVE_READ = "archive:read"
    PEOPLE_CHANGE = "people:change"
    STORE_ADD = "store:add"


R = Role
PERMISSIONS: dict[Permission, frozenset[Role]] = {
    Permission.CASE_READ: frozenset({R.AGENT, R.REVIEWER, R.AUDITOR}),
    Permission.CASE_EDIT: frozenset({R.AGENT}),
    # In a case that was sent: whoever sees the card number may black it out.
    Permission.CARD_REDACT: frozenset({R.AGENT, R.REVIEWER}),
    Permission.CASE_REVIEW: frozenset({R.REVIEWER}),
    Permission.CASE_ARCHIVE: frozenset({R.REVIEWER}),
    Permission.CASE_HOLD: frozenset({R.REVIEWER, R.AUDITOR}),
    Permission.BUNDLE_MAKE: frozenset({R.AGENT, R.REVIEWER}),
    Permission.SUBMISSION_RECORD: frozenset({R.AGENT, R.REVIEWER}),
    Permission.ARCHIVE_READ: frozenset({R.AGENT, R.REVIEWER, R.AUDITOR}),
    Permission.PEOPLE_CHANGE: frozenset({R.ADMIN}),
    Permission.STORE_ADD: frozenset({R.ADMIN}),
}

# An auditor knows of a case only once it has left the house.
AUDITED_STATES = frozenset({CaseState.SUBMITTED, CaseState.CLOSED, CaseState.ARCHIVED})


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks: the person, what they are, and the stores they see."""

    id: UUID
    email: str
    language: str
    roles: frozenset[Role]
    stores: frozenset[UUID]

    def may(self, permission: Permission) -> bool:
        return bool(self.roles & PERMISSIONS[permission])


class Guarded(Protocol):
    """What stands behind the store wall: a case."""

    @property
    def store_id(self) -> UUID: ...
    @property
    def state(self) -> CaseState: ...


def authorise(actor: Actor, permission: Permission, case: Guarded | None = None) -> None:
    """Let the actor through, or refuse.

    Raises:
        NotAllowed: none of the actor's roles has the permission.
        NotFound: the case is one the actor may not know of.
    """
    if case is not None and not can_see(actor, case):
        raise NotFound
    if not actor.may(permission):
        raise NotAllowed(permission=permission.value)


def can_see(actor: Actor, case: Guarded) -> bool:
    if case.store_id not in actor.stores:
        return False
    if actor.roles & {Role.AGENT, Role.REVIEWER}:
        return True
    return Role.AUDITOR in actor.roles and case.state in AUDITED_STATES
