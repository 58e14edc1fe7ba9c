"""The job that reads the words in a picture: for the search, the checklist, and card numbers.

A find makes the item held until somebody redacts it; what is kept of its words hides every long
number. Safe to repeat: a reading that stands is kept, and so is what a person has written.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from evidence_service.domain.cards import find, masked
from evidence_service.domain.errors import Unavailable
from evidence_service.domain.evidence import ItemState
from evidence_service.domain.words import (
    MOST_CHARS,
    ItemText,
    TextSource,
    language_of,
    mentions,
    without_long_numbers,
)
from evidence_service.ports import SystemScope
from evidence_service.usecases.judging import pinned, rejudge
from evidence_service.usecases.originals import fetch_original

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from evidence_service.domain.case import Case
    from evidence_service.ports import Ports, Seen, Work

READ_TEXT = "read_text"
# Behind everything that somebody waits for.
PRIORITY = -10
ENGLISH = "en"


def read_text(case_id: UUID, evidence_id: UUID, language: str = "", *, ports: Ports) -> None:
    """Read the picture's words and keep them.

    In `language` (two letters) anew where one is named, else in the platform's and the store's.

    Raises:
        Unavailable: it could not be read now.
    """
    with ports.unit_of_work(SystemScope()) as work:
        case = work.cases.get(case_id)
        is_read = work.texts.get(evidence_id) is not None
        languages = [language] if language else _languages(case, work, ports)
    item = case.item(evidence_id)
    if item.state is ItemState.DESTROYED or not item.is_picture or (is_read and not language):
        return
    with tempfile.TemporaryDirectory(dir=ports.spool) as folder:
        path = fetch_original(case, item, Path(folder), ports)
        seen = ports.pictures.words(path, languages)
    if seen is None:
        raise Unavailable
    with ports.unit_of_work(SystemScope()) as work:
        _keep(work.cases.get_for_update(case_id), evidence_id, seen, languages[0], work, ports)


def give_up_text(case_id: UUID, evidence_id: UUID, language: str = "", *, ports: Ports) -> None:
    """Keep that nobody could read it: what waits for its words waits no longer."""
    with ports.unit_of_work(SystemScope()) as work:
        case = work.cases.get_for_update(case_id)
        if work.texts.get(evidence_id) is None:
            text = ItemText(language or ENGLISH, "", TextSource.NONE, ports.now())
            work.texts.put(case, evidence_id, text)


def mentioned_in(case: Case, text: str) -> frozenset[str]:
    """Which numbers of the case, and of the parcels in evidence, stand in a text."""
    digests = [item.digest for item in case.items if item.counts]
    parcels = [parcel.number for one in digests for parcel in one.parcels if parcel.number]
    bought = [number for one in digests for p in one.purchases for number in p.tracking_numbers]
    return mentions(text, case.order_numbers, [*parcels, *bought])


def _languages(case: Case, work: Work, ports: Ports) -> list[str]:
    """Screenshots come from the platform's side or from the seller's."""
    store = work.stores.get(case.store_id)
    return list(dict.fromkeys((pinned(case, work, ports).language, store.language)))


def _keep(  # noqa: PLR0913 - the reading, and where it goes
    case: Case, evidence_id: UUID, seen: Seen, language: str, work: Work, ports: Ports
) -> None:
    known: Sequence[str] = work.cases.standing(case.id).known_numbers
    count, covers = find(seen.text, known)
    shows_card = bool(count or find(seen.numbers, known)[0])
    said = masked(seen.text, covers)
    if shows_card:
        said = without_long_numbers(said)
        case.hold_for_card(evidence_id, at=ports.now())
    case.text_read(evidence_id, mentioned_in(case, f"{seen.text}\n{seen.numbers}"))
    text = said.replace("\x00", "")[:MOST_CHARS]
    kept = ItemText(language_of(text, language), text, TextSource.MACHINE, ports.now())
    work.texts.put(case, evidence_id, kept)
    rejudge(case, pinned(case, work, ports))
