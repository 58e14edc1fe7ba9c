"""What people add to a case beside its evidence: details, statement, waivers, reviews.

Plain records; `case.py` says when each may come into being and what follows from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

    from evidence_service.domain.order import Money


# The name of the statement's field where the platform's form names none.
ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class CaseDetails:
    """What an agent may say of a case besides its evidence; None leaves a field empty."""

    order_numbers: tuple[str, ...]
    dispute_ref: str | None
    buyer_ref: str | None
    amount: Money | None
    respond_by: datetime | None
    claim_text: str | None
    details: Mapping[str, str]
    assignee: UUID | None = None


@dataclass(eq=False)
class Waiver:
    case_id: UUID
    requirement: str
    store_id: UUID
    reason: str
    waived_by: UUID
    waived_at: datetime


@dataclass(eq=False)
class Statement:
    """The seller's answer, in the platform's language. `fields` maps a field's name to its text."""

    case_id: UUID
    store_id: UUID
    language: str
    fields: dict[str, str]
    written_by: UUID
    written_at: datetime


@dataclass(eq=False)
class PlatformRequirements:
    """What the platform itself asks for in this dispute, and who wrote that down when.

    `requirements` hold `id`, `title`, `level` and `kinds` each, as plain values; `source` says
    where the platform's answer stands.
    """

    case_id: UUID
    store_id: UUID
    source: str
    requirements: list[dict[str, object]]
    recorded_by: UUID
    recorded_at: datetime


class Decision(StrEnum):
    APPROVE = "approve"
    RETURN = "return"


@dataclass(eq=False)
class Review:
    id: UUID
    case_id: UUID
    store_id: UUID
    revision: int
    decision: Decision
    comment: str
    items: list[dict[str, str]]
    reviewed_by: UUID
    reviewed_at: datetime


@dataclass(eq=False)
class Contributor:
    """Somebody who had a hand in the case and therefore cannot approve it."""

    case_id: UUID
    person_id: UUID
    store_id: UUID
