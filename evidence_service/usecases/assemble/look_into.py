"""What is done with an item once its row stands: derivatives and words, in the same transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid5

from evidence_service.domain.document import Document
from evidence_service.domain.picture import Picture
from evidence_service.domain.words import ItemText, TextSource, language_of
from evidence_service.usecases.assemble.make_derivatives import MAKE_DERIVATIVES
from evidence_service.usecases.assemble.read_text import (
    ENGLISH,
    PRIORITY,
    READ_TEXT,
    mentioned_in,
)

if TYPE_CHECKING:
    from datetime import datetime

    from evidence_service.domain.case import Case
    from evidence_service.domain.evidence import EvidenceItem
    from evidence_service.domain.reading import Reading
    from evidence_service.ports import Work

LOOKS_LIKE = "looks_like:"


def look_into(case: Case, item: EvidenceItem, reading: Reading, work: Work, at: datetime) -> None:
    """Queue what takes time, and keep the words that a document holds as letters."""
    work.normal_forms.put(case, item.id, reading)
    documents = [one for one in reading.contents if isinstance(one, Document)]
    for content in documents:
        if content.text:
            language, is_whole = language_of(content.text, ENGLISH), not content.unread_pages
            source = TextSource.DOCUMENT
            text = ItemText(language, content.text, source, at, is_settled=is_whole)
            work.texts.put(case, item.id, text)
            case.text_read(item.id, mentioned_in(case, content.text))
    if item.shapes:
        _queue(case, item, MAKE_DERIVATIVES, 0, work)
    if item.is_picture or any(one.unread_pages for one in documents):
        _queue(case, item, READ_TEXT, PRIORITY, work)


def _queue(case: Case, item: EvidenceItem, name: str, priority: int, work: Work) -> None:
    work.jobs.enqueue(
        name,
        job_id=uuid5(item.id, name),
        args={"case_id": str(case.id), "evidence_id": str(item.id)},
        store_id=case.store_id,
        priority=priority,
    )


def look_alike(case: Case, reading: Reading) -> tuple[str, ...]:
    """A warning that names the item of which the picture is another saving: told, never merged."""
    found = next((one for one in reading.contents if isinstance(one, Picture)), None)
    if found is None:
        return ()
    alike = (
        item.id
        for item in case.items
        if item.counts and any(one.looks_like(found) for one in item.digest.pictures)
    )
    return tuple(f"{LOOKS_LIKE}{evidence_id}" for evidence_id in [*alike][:1])
