"""What happened, one class a kind. The unit of work chains them (domain/chain.py).

An event's `data` holds ids, enums, counts, instants, sizes and hashes only. Free text (a reason, a
comment, a file name) is a `Text` field: it is kept in a row of its own with a salt, and the chain
holds its keyed hash, so that erasing the row leaves the chain valid.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from functools import cache
from typing import Annotated, ClassVar, get_type_hints
from uuid import UUID

SYSTEM = "system"
_IS_TEXT = "free text"
Text = Annotated[str, _IS_TEXT]
_OWN = frozenset({"actor", "at", "case_id"})


def rfc3339(at: datetime) -> str:
    """An instant as every chained event writes it: UTC, microseconds, `Z`."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


@dataclass(frozen=True, kw_only=True)
class Event:
    """Who did it and when; `actor` is None where the service itself did."""

    kind: ClassVar[str] = ""
    actor: UUID | None
    at: datetime

    @property
    def chain(self) -> str:
        return SYSTEM

    @property
    def subject(self) -> UUID | None:
        """What it happened to."""
        return None

    def data(self) -> dict[str, object]:
        """The plain values of the event, without its free texts."""
        return {
            field.name: _plain(value)
            for field in fields(self)
            if field.name not in _OWN | self._text_fields()
            and (value := getattr(self, field.name)) is not None
        }

    def texts(self) -> dict[str, str]:
        """The free texts of the event, by name; empty ones are none."""
        found = {name: getattr(self, name) for name in sorted(self._text_fields())}
        return {name: text for name, text in found.items() if text}

    @classmethod
    @cache
    def _text_fields(cls) -> frozenset[str]:
        hints = get_type_hints(cls, include_extras=True)
        marked = {
            name for name, hint in hints.items() if _IS_TEXT in getattr(hint, "__metadata__", ())
        }
        return frozenset(marked)


def _plain(value: object) -> object:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime):
        return rfc3339(value)
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return value


@dataclass(frozen=True, kw_only=True)
class CaseEvent(Event):
    case_id: UUID

    @property
    def chain(self) -> str:
        return f"case:{self.case_id}"

    @property
    def subject(self) -> UUID | None:
        return self.case_id


@dataclass(frozen=True, kw_only=True)
class AccessEvent(CaseEvent):
    """Somebody looked: chained apart from the case, which looking does not change."""

    @property
    def chain(self) -> str:
        return f"access:{self.case_id}"


# --- the case ------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class CaseOpened(CaseEvent):
    kind = "case.opened"
    store_id: UUID
    platform: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class CaseEdited(CaseEvent):
    kind = "case.edited"
    fields: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class EvidenceEvent(CaseEvent):
    evidence_id: UUID

    @property
    def subject(self) -> UUID | None:
        return self.evidence_id


@dataclass(frozen=True, kw_only=True)
class EvidenceAdded(EvidenceEvent):
    kind = "evidence.added"
    evidence_kind: str
    sha256: str
    size_bytes: int
    reader: str | None
    state: str
    file_name: Text


@dataclass(frozen=True, kw_only=True)
class EvidenceAnnounced(EvidenceEvent):
    """A direct upload is complete and being checked.

    The hash of what was sent is not said: it gives away what is masked before it is stored.
    """

    kind = "evidence.announced"
    size_bytes: int
    file_name: Text


@dataclass(frozen=True, kw_only=True)
class EvidenceRefused(EvidenceEvent):
    """What was announced is not kept."""

    kind = "evidence.refused"
    reason_code: str


@dataclass(frozen=True, kw_only=True)
class EvidenceAltered(EvidenceEvent):
    """Card numbers were masked before the item was stored; the original is destroyed.

    `original_hmac` is of the original's SHA-256, keyed by the case's data key: it can be compared
    with a copy somebody still has, and guessed by nobody.
    """

    kind = "evidence.altered"
    original_size_bytes: int
    masked_count: int
    original_hmac: str


@dataclass(frozen=True, kw_only=True)
class EvidenceEdited(EvidenceEvent):
    kind = "evidence.edited"
    fields: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class EvidenceWithdrawn(EvidenceEvent):
    kind = "evidence.withdrawn"
    reason: Text


@dataclass(frozen=True, kw_only=True)
class EvidenceTakenBack(EvidenceEvent):
    kind = "evidence.taken_back"


@dataclass(frozen=True, kw_only=True)
class EvidenceReadAgain(EvidenceEvent):
    """A person said what the file does not: `columns` are the fields whose column was named."""

    kind = "evidence.read_again"
    form: str | None
    columns: tuple[str, ...]
    date_order: str | None
    time_zone: str


@dataclass(frozen=True, kw_only=True)
class EvidenceTextCorrected(EvidenceEvent):
    """A person wrote down what the item says."""

    kind = "evidence.text_corrected"
    language: str
    characters: int


@dataclass(frozen=True, kw_only=True)
class EvidenceHeld(EvidenceEvent):
    """Something was found in it after it had been accepted."""

    kind = "evidence.held"
    held_for: str


@dataclass(frozen=True, kw_only=True)
class EvidenceRedacted(EvidenceEvent):
    """A copy with black over some places stands for another item from now on."""

    kind = "evidence.redacted"
    redacted: UUID
    rectangles: int
    left_in_bundles: int
    """So many bundles were made before and keep what they show."""
    reason: Text


@dataclass(frozen=True, kw_only=True)
class EvidenceDestroyed(EvidenceEvent):
    """Its bytes are deleted, the one kind of original that is not kept."""

    kind = "evidence.destroyed"
    held_for: str
    reason: Text


@dataclass(frozen=True, kw_only=True)
class PlatformRequirementsRecorded(CaseEvent):
    kind = "case.platform_requirements_recorded"
    requirements: int
    respond_by: datetime | None
    source: Text


@dataclass(frozen=True, kw_only=True)
class PackAccepted(CaseEvent):
    kind = "case.pack_accepted"
    before: str
    accepted: str


@dataclass(frozen=True, kw_only=True)
class StatementWritten(CaseEvent):
    kind = "statement.written"
    language: str


@dataclass(frozen=True, kw_only=True)
class RequirementWaived(CaseEvent):
    kind = "requirement.waived"
    requirement: str
    reason: Text


@dataclass(frozen=True, kw_only=True)
class CaseHandedIn(CaseEvent):
    """`score` is the checklist's, with four decimals: JSON numbers would hash by their float."""

    kind = "case.handed_in"
    revision: int
    score: str


@dataclass(frozen=True, kw_only=True)
class CaseRecalled(CaseEvent):
    kind = "case.recalled"
    revision: int


@dataclass(frozen=True, kw_only=True)
class CaseApproved(CaseEvent):
    kind = "case.approved"
    revision: int
    comment: Text


@dataclass(frozen=True, kw_only=True)
class CaseReturned(CaseEvent):
    kind = "case.returned"
    revision: int
    comment: Text


@dataclass(frozen=True, kw_only=True)
class ApprovalVoided(CaseEvent):
    kind = "approval.voided"
    revision: int


# --- what leaves the house -----------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class BundleEvent(CaseEvent):
    bundle_id: UUID

    @property
    def subject(self) -> UUID | None:
        return self.bundle_id


@dataclass(frozen=True, kw_only=True)
class BundleRequested(BundleEvent):
    kind = "bundle.requested"
    revision: int
    delivery: str


@dataclass(frozen=True, kw_only=True)
class BundleReady(BundleEvent):
    kind = "bundle.ready"
    sha256: str
    content_sha256: str
    signed_by: str | None
    time_stamp: str | None
    pages: int
    size_bytes: int
    omissions: int
    # What a delivery lacks: left out or shrunk, the requirement's level, the evidence.
    omitted: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, kw_only=True)
class BundleFailed(BundleEvent):
    """`error` is a stable code, never a message."""

    kind = "bundle.failed"
    error: str


@dataclass(frozen=True, kw_only=True)
class SubmissionRecorded(CaseEvent):
    kind = "submission.recorded"
    submission_id: UUID
    bundle_id: UUID
    submitted_at: datetime
    reference: Text


@dataclass(frozen=True, kw_only=True)
class SubmissionCorrected(SubmissionRecorded):
    kind = "submission.corrected"
    corrects: UUID
    reason: Text


@dataclass(frozen=True, kw_only=True)
class ReceiptAdded(CaseEvent):
    kind = "receipt.added"
    submission_id: UUID
    sha256: str
    size_bytes: int
    media_type: str
    file_name: Text

    @property
    def subject(self) -> UUID | None:
        return self.submission_id


@dataclass(frozen=True, kw_only=True)
class OutcomeRecorded(CaseEvent):
    kind = "outcome.recorded"
    result: str
    reason: str | None
    note: Text


# --- the archive ---------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class ArchivingStarted(CaseEvent):
    kind = "archiving.started"


@dataclass(frozen=True, kw_only=True)
class ArchivingStopped(CaseEvent):
    """Nothing was locked: items are held, and have to be seen to first."""

    kind = "archiving.stopped"
    items_held: int


@dataclass(frozen=True, kw_only=True)
class CaseSealed(CaseEvent):
    """Every version is locked; the package holds the chain up to here."""

    kind = "case.sealed"
    objects_locked: int
    locked_until: datetime


@dataclass(frozen=True, kw_only=True)
class CaseArchived(CaseEvent):
    kind = "case.archived"
    package_sha256: str


@dataclass(frozen=True, kw_only=True)
class EvidenceViewed(AccessEvent):
    kind = "evidence.viewed"
    evidence_id: UUID

    @property
    def subject(self) -> UUID | None:
        return self.evidence_id


@dataclass(frozen=True, kw_only=True)
class BundleDownloaded(AccessEvent):
    kind = "bundle.downloaded"
    bundle_id: UUID

    @property
    def subject(self) -> UUID | None:
        return self.bundle_id


@dataclass(frozen=True, kw_only=True)
class ReceiptDownloaded(AccessEvent):
    kind = "receipt.downloaded"
    submission_id: UUID

    @property
    def subject(self) -> UUID | None:
        return self.submission_id


@dataclass(frozen=True, kw_only=True)
class PackageDownloaded(AccessEvent):
    kind = "package.downloaded"


# --- the system ----------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class StoreAdded(Event):
    kind = "store.added"
    store_id: UUID


@dataclass(frozen=True, kw_only=True)
class PersonAdded(Event):
    kind = "person.added"
    person_id: UUID


@dataclass(frozen=True, kw_only=True)
class TokenIssued(Event):
    kind = "token.issued"
    token_id: UUID
    person_id: UUID


@dataclass(frozen=True, kw_only=True)
class SignedIn(Event):
    kind = "person.signed_in"


@dataclass(frozen=True, kw_only=True)
class FixityChecked(Event):
    kind = "fixity.checked"
    objects_ok: int
    differs: int
    unreadable: int


@dataclass(frozen=True, kw_only=True)
class OrphansSwept(Event):
    """Objects without a row, a day old, were deleted."""

    kind = "orphans.swept"
    objects: int


def kinds() -> dict[str, type[Event]]:
    """Every kind of event by its name.

    Raises:
        ValueError: two classes share a kind, or one has none.
    """
    found: dict[str, type[Event]] = {}
    waiting: list[type[Event]] = [Event]
    while waiting:
        cls = waiting.pop()
        waiting += cls.__subclasses__()
        own = cls.__dict__.get("kind")
        if own:
            if own in found or not re.fullmatch(r"[a-z]+\.[a-z_]+", own):
                raise ValueError(f"{cls.__name__}: the kind {own!r} is taken or malformed")
            found[own] = cls
    return found
