"""The job that reads words in pixels: for the search, the checklist, card numbers, and legibility.

It reads pictures, and those pages of documents that hold no letters. A card number makes the item
held until somebody redacts it; what is kept of its words hides every long number. Safe to repeat: a
reading that stands is kept, and so is what a person has written.
"""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from evidence_service.domain.cards import find, masked
from evidence_service.domain.errors import Unavailable
from evidence_service.domain.evidence import ItemState
from evidence_service.domain.legibility import FLOOR_PT, hard_to_read
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
    from uuid import UUID

    from evidence_service.domain.case import Case
    from evidence_service.platforms import Pack
    from evidence_service.ports import Ports, Seen, Work

READ_TEXT = "read_text"
# Behind everything that somebody waits for.
PRIORITY = -10
ENGLISH = "en"
PARTLY_READ = "document_partly_read"


def read_text(case_id: UUID, evidence_id: UUID, language: str = "", *, ports: Ports) -> None:
    """Read the item's words and keep them.

    In `language` (two letters) anew where one is named, else in the platform's and the store's.

    Raises:
        Unavailable: it could not be read now.
    """
    with ports.unit_of_work(SystemScope()) as work:
        case = work.cases.get(case_id)
        kept = work.texts.get(evidence_id)
        languages = [language] if language else _languages(case, work, ports)
    item = case.item(evidence_id)
    is_read = kept is not None and kept.is_settled and not language
    if item.state is ItemState.DESTROYED or not item.shows_pixels or is_read:
        return
    with tempfile.TemporaryDirectory(dir=ports.spool) as folder:
        path = fetch_original(case, item, Path(folder), ports)
        seen = ports.pictures.words(path, languages)
    if seen is None:
        raise Unavailable
    with ports.unit_of_work(SystemScope()) as work:
        case = work.cases.get_for_evidence(case_id)
        if case.item(evidence_id).state is ItemState.DESTROYED:
            return
        _hold(case, evidence_id, seen, work, ports)
        kept = work.texts.get(evidence_id)
        if kept is not None and kept.source is TextSource.PERSON and not language:
            work.texts.put(case, evidence_id, replace(kept, is_settled=True))
        else:
            _keep(case, evidence_id, seen, languages[0], work, ports)
        rejudge(case, pinned(case, work, ports))


def give_up_text(case_id: UUID, evidence_id: UUID, language: str = "", *, ports: Ports) -> None:
    """Keep that nobody could read it: what waits for its words waits no longer."""
    with ports.unit_of_work(SystemScope()) as work:
        case = work.cases.get_for_evidence(case_id)
        kept = work.texts.get(evidence_id)
        nothing = ItemText(language or ENGLISH, "", TextSource.NONE, ports.now())
        work.texts.put(case, evidence_id, replace(kept or nothing, is_settled=True))


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


def _hold(case: Case, evidence_id: UUID, seen: Seen, work: Work, ports: Ports) -> None:
    """Hold what shows a card number; say what a person should know of how it reads."""
    known = work.cases.standing(case.id).known_numbers
    if find(seen.text, known)[0] or find(seen.numbers, known)[0]:
        case.hold_for_card(evidence_id, at=ports.now())
    item = case.item(evidence_id)
    if not seen.is_whole:
        case.warn(evidence_id, [PARTLY_READ])
    if seen.text_height_px is not None:
        shown = (replace(one, text_height_px=seen.text_height_px) for one in item.digest.pictures)
        item.digest = replace(item.digest, pictures=tuple(shown))
    floor = least_pt(pinned(case, work, ports), case)
    for picture in item.digest.pictures:
        case.warn(evidence_id, hard_to_read(picture, seen.contrast, floor))


def least_pt(pack: Pack, case: Case) -> float:
    """How small letters may be in the strictest of the platform's deliveries."""
    limits = (delivery.limits_for(case.details) for delivery in pack.deliveries)
    stated = [float(str(one["min_text_pt"])) for one in limits if "min_text_pt" in one]
    return max(stated, default=FLOOR_PT)


def _keep(  # noqa: PLR0913 - the reading, and where it goes
    case: Case, evidence_id: UUID, seen: Seen, language: str, work: Work, ports: Ports
) -> None:
    _, covers = find(seen.text, work.cases.standing(case.id).known_numbers)
    said = masked(seen.text, covers)
    if case.item(evidence_id).shows_card:
        said = without_long_numbers(said)
    case.text_read(evidence_id, mentioned_in(case, f"{seen.text}\n{seen.numbers}"))
    text = said.replace("\x00", "")[:MOST_CHARS]
    kept = ItemText(language_of(text, language), text, TextSource.MACHINE, ports.now())
    work.texts.put(case, evidence_id, kept)
