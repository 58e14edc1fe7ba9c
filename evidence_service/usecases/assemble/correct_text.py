"""Write down what an item says, or have it read again in another language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import uuid5

from evidence_service.domain.access import Permission, authorise
from evidence_service.domain.errors import invalid
from evidence_service.domain.ids import new_id
from evidence_service.domain.words import ItemText, TextSource
from evidence_service.ports import StoreScope
from evidence_service.usecases.assemble.read_text import PRIORITY, READ_TEXT, mentioned_in
from evidence_service.usecases.judging import pinned, rejudge

if TYPE_CHECKING:
    from uuid import UUID

    from evidence_service.domain.access import Actor
    from evidence_service.domain.case import Case
    from evidence_service.ports import Ports, Work


@dataclass(frozen=True, slots=True)
class CorrectText:
    """`text` is None to have a picture or a document read again in `language`."""

    case_id: UUID
    evidence_id: UUID
    language: str
    text: str | None


def correct_text(command: CorrectText, *, actor: Actor, ports: Ports) -> ItemText | None:
    """Keep the text as it is given; the search and the checklist go by it.

    Raises:
        NotFound, NotAllowed: as in access.py.
        WrongState: the case takes no change now, or the item is destroyed.
        InvalidInput: it is to be read again and is neither picture nor document.
    """
    with ports.unit_of_work(StoreScope(actor.stores)) as work:
        case = work.cases.get_for_update(command.case_id)
        authorise(actor, Permission.CASE_EDIT, case)
        if command.text is None:
            _read_again(case, command, work)
            return work.texts.get(command.evidence_id)
        case.correct_text(
            command.evidence_id,
            language=command.language,
            characters=len(command.text),
            facts=mentioned_in(case, command.text),
            by=actor.id,
            at=ports.now(),
        )
        is_settled = _is_settled(case, command.evidence_id, work)
        by, source = actor.id, TextSource.PERSON
        kept = ItemText(command.language, command.text, source, ports.now(), by, is_settled)
        work.texts.put(case, command.evidence_id, kept)
        rejudge(case, pinned(case, work, ports))
    return kept


def _is_settled(case: Case, evidence_id: UUID, work: Work) -> bool:
    """Whether no job has to look through it any more: what a person writes hides no card number."""
    before = work.texts.get(evidence_id)
    return before.is_settled if before is not None else not case.item(evidence_id).shows_pixels


def _read_again(case: Case, command: CorrectText, work: Work) -> None:
    item = case.item(command.evidence_id)
    if not item.shows_pixels:
        raise invalid("text", "required", "only pixels are read again; give the text itself")
    work.jobs.enqueue(
        READ_TEXT,
        job_id=uuid5(item.id, str(new_id())),
        args={
            "case_id": str(case.id),
            "evidence_id": str(item.id),
            "language": command.language,
        },
        store_id=case.store_id,
        priority=PRIORITY,
    )
