"""Order, tracking and chat on one axis of instants. What has no zone has no place on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evidence_service.domain.tracking import Tracking
from evidence_service.domain.transcript import Transcript

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from evidence_service.domain.case import Case


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """`lane` is platform, seller, carrier or chat; `text` is as the source has it."""

    at: datetime
    lane: str
    text: str
    evidence_id: UUID | None


def timeline(case: Case, contents: Mapping[UUID, Sequence[object]]) -> tuple[TimelineEntry, ...]:
    """Everything with an instant, in order; equal instants keep the order of the evidence."""
    entries = [TimelineEntry(case.opened_at, "platform", case.claim_text or case.reason, None)]
    for item in case.items:
        if item.counts and item.id in contents:
            for content in contents[item.id]:
                entries.extend(_entries(item.id, content))
    return tuple(sorted(entries, key=lambda entry: entry.at))


def _entries(evidence_id: UUID, content: object) -> Iterator[TimelineEntry]:
    if isinstance(content, Tracking):
        for scan in content.events:
            if scan.at is not None:
                words = " · ".join(w for w in (scan.description, scan.place) if w)
                yield TimelineEntry(scan.at, "carrier", words, evidence_id)
    elif isinstance(content, Transcript):
        for message in content.messages:
            if message.sent_at is not None and not message.is_internal:
                yield TimelineEntry(message.sent_at, "chat", message.line, evidence_id)
