"""What leaves a case: bundles, the record of what was sent, the platform's answer.

Plain records; `case.py` says when each may come into being and what follows from it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Any
    from uuid import UUID

    from evidence_service.domain.order import Money


class BundleState(StrEnum):
    QUEUED = "queued"
    RENDERING = "rendering"
    READY = "ready"
    FAILED = "failed"


class TimeStamp(StrEnum):
    """Whether a bundle's signature carries a time-stamp of an authority."""

    STAMPED = "stamped"
    NOT_ASKED = "not_asked"  # no authority is named
    UNAVAILABLE = "unavailable"  # it gave none in time


class OutcomeResult(StrEnum):
    WON = "won"
    LOST = "lost"
    PARTIAL = "partial"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    NOT_CONTESTED = "not_contested"


class OutcomeReason(StrEnum):
    """Why it ended so: the vocabulary insights count by."""

    EVIDENCE_ACCEPTED = "evidence_accepted"
    EVIDENCE_INSUFFICIENT = "evidence_insufficient"
    EVIDENCE_LATE = "evidence_late"
    EVIDENCE_ILLEGIBLE = "evidence_illegible"
    BUYER_WITHDREW = "buyer_withdrew"
    REFUNDED_BEFORE = "refunded_before"
    PLATFORM_POLICY = "platform_policy"
    OTHER = "other"


# A case may end with these without having been sent.
ENDS_UNSENT = frozenset(
    {OutcomeResult.WITHDRAWN, OutcomeResult.EXPIRED, OutcomeResult.NOT_CONTESTED}
)


@dataclass(eq=False)
class Bundle:
    """One PDF or set of one revision: asked for, drawn by a job, then never changed.

    `sha256` is of the bytes served, `content_sha256` of those before they were signed. `signed_by`
    is the fingerprint of the certificate; previews and sets have none.
    """

    id: UUID
    case_id: UUID
    store_id: UUID
    revision: int
    delivery: str
    preview: bool
    requested_by: UUID
    requested_at: datetime
    state: BundleState = BundleState.QUEUED
    progress: float = 0.0
    pages: int | None = None
    size_bytes: int | None = None
    sha256: str | None = None
    content_sha256: str | None = None
    version_id: str | None = None
    signed_by: str | None = None
    time_stamp: TimeStamp | None = None
    omissions: list[dict[str, Any]] = field(default_factory=list)
    media_type: str = "application/pdf"
    # Characters no installed font could draw; each shows as a box in the PDF.
    missing_glyphs: str = ""
    # What failed, as a code, and what its sentence is filled with.
    error: str | None = None
    error_params: dict[str, str] = field(default_factory=dict)
    ready_at: datetime | None = None

    @property
    def ending(self) -> str:
        """Of its file's name: a set is an archive."""
        return "zip" if self.media_type == "application/zip" else "pdf"


@dataclass(eq=False)
class Submission:
    id: UUID
    case_id: UUID
    store_id: UUID
    bundle_id: UUID
    reference: str | None
    submitted_at: datetime
    corrects: UUID | None
    reason: str | None
    recorded_by: UUID
    recorded_at: datetime
    receipt: Receipt | None = None


@dataclass(eq=False)
class Receipt:
    """What the platform showed or sent when it had taken a submission; no evidence of the case."""

    submission_id: UUID
    case_id: UUID
    store_id: UUID
    sha256: str
    size_bytes: int
    media_type: str
    file_name: str
    version_id: str
    added_by: UUID
    added_at: datetime


@dataclass(eq=False)
class CaseOutcome:
    case_id: UUID
    store_id: UUID
    result: OutcomeResult
    amount: Money | None
    reason: OutcomeReason | None
    note: str | None
    recorded_by: UUID
    recorded_at: datetime
