"""What of a case may go along in a delivery, from its rows: levels, labels, sizes. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from evidence_service.domain.arrangement import Channel
from evidence_service.domain.bundle import BundleLanguage, exhibit_labels
from evidence_service.domain.checklist import Level, Outcome
from evidence_service.domain.delivery import (
    Candidate,
    DeliveryOrder,
    Limits,
    Need,
    Shot,
    Source,
    graver,
)
from evidence_service.domain.document import Document
from evidence_service.domain.errors import invalid
from evidence_service.domain.evidence import DOCUMENT_TYPES, PICTURE_TYPES
from evidence_service.domain.order import Order
from evidence_service.domain.picture import Picture
from evidence_service.domain.tracking import Tracking
from evidence_service.domain.transcript import Transcript
from evidence_service.usecases.judging import judge_case, reason_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from evidence_service.domain.bundle import BundleContent
    from evidence_service.domain.case import Case
    from evidence_service.domain.evidence import EvidenceItem
    from evidence_service.domain.reading import Content, Reading
    from evidence_service.domain.sending import Bundle
    from evidence_service.platforms import Pack

# The one PDF for people; what a platform's form takes is a delivery of its own.
MASTER = "master"
# A font's size is a little more than its letters' ink, tall and low ones together. Chinese letters
# fill it and have more strokes: at 9 pt OCR misreads 5 % of them, at 10.5 pt 2.4 % (measured).
_SIZE_PER_INK, _DENSE_SIZE_PER_INK = 1.1, 0.86
_DENSE = frozenset({"zh", "ja", "ko"})
# A page drawn as a picture, at 200 dots an inch; our pages and most others' have 10 pt letters.
PAGE_SHOT = Shot(1654, 2339, 10 / 72 * 200)
# What our pages hold of a chat, of a parcel's history and of an order, about.
_MESSAGES, _SCANS, _ORDERED = 13, 17, 20


def channel_of(case: Case, pack: Pack, delivery: str) -> Channel:
    """The form and the limits that hold for this case.

    Raises:
        InvalidInput: the pack has no such delivery.
    """
    for one in pack.deliveries:
        if one.id == delivery:
            return Channel(one.form, Limits.of(one.limits_for(case.details)))
    if delivery == MASTER:
        return Channel("pdf", Limits())
    known = ", ".join((MASTER, *(one.id for one in pack.deliveries)))
    raise invalid("delivery", "unknown", f"{pack.id} knows: {known}")


def stated(case: Case, pack: Pack, channel: Channel) -> dict[str, str]:
    """The statement under the names of the channel's form.

    A form with one field for what is said gets the whole there, whatever its parts are called. A
    field that this reason does not ask for is none: it holds a place or a number.
    """
    fields = dict(case.statement.fields) if case.statement else {}
    asked = {one.field for one in reason_of(pack, case.reason).fields}
    free = [name for name in channel.limits.text if name in asked or name not in pack.text_limits]
    if not fields or len(channel.limits.text) != 1 or not free or free[0] in fields:
        return fields
    return {free[0]: "\n\n".join(fields.values())}


def candidates(
    case: Case, pack: Pack, readings: Mapping[UUID, Reading], languages: Mapping[UUID, str]
) -> tuple[Candidate, ...]:
    """Every accepted item, in the case's order, with the gravest requirement that it serves.

    `languages` are those of the words in pictures, as far as they were read.
    """
    items = sorted((item for item in case.items if item.counts), key=lambda item: item.position)
    labels = exhibit_labels((item.id, item.kind) for item in items)
    serves = _serves(case, pack)
    return tuple(
        _candidate(
            item,
            labels[item.id],
            serves.get(item.id),
            readings[item.id].contents if item.id in readings else (),
            is_dense=languages.get(item.id) in _DENSE,
        )
        for item in sorted(items, key=lambda item: _label_order(labels[item.id]))
    )


def order_of(  # noqa: PLR0913 - a bundle and what it is made from
    case: Case,
    bundle: Bundle,
    *,
    pack: Pack,
    readings: Mapping[UUID, Reading],
    languages: Mapping[UUID, str],
    content: BundleContent,
) -> DeliveryOrder:
    """What is to be made of the bundle's content for its delivery; `languages` as of candidates."""
    channel = channel_of(case, pack, bundle.delivery)
    known = {one.value: one for one in BundleLanguage}
    asked = known.get(channel.limits.language or "", content.language)
    return DeliveryOrder(
        content=replace(content, language=asked, seller_language=asked),
        candidates=candidates(case, pack, readings, languages),
        form=channel.form,
        limits=channel.limits,
        statement=stated(case, pack, channel),
    )


def _label_order(label: str) -> tuple[str, int]:
    letter, _, number = label.partition("-")
    return letter, int(number)


def _serves(case: Case, pack: Pack) -> dict[UUID, _Serves]:
    """What each item serves; a waived requirement needs nothing."""
    found: dict[UUID, _Serves] = {}
    for finding in judge_case(case, pack).findings:
        if finding.outcome is Outcome.NOT_APPLICABLE:
            continue
        asked = finding.requirement
        is_needed = asked.level is Level.REQUIRED and finding.outcome is not Outcome.WAIVED
        needs = (Need(asked.id, asked.at_least, asked.group or ""),) if is_needed else ()
        for evidence_id in finding.evidence_ids:
            known = found.get(evidence_id) or _Serves(asked.level, asked.code or asked.id)
            if graver(asked.level, known.level):
                known = replace(known, level=asked.level, slot=asked.code or asked.id)
            found[evidence_id] = replace(known, needs=(*known.needs, *needs))
    return found


@dataclass(frozen=True, slots=True)
class _Serves:
    """The level and name of the gravest requirement an item serves, and all required ones."""

    level: Level
    slot: str
    needs: tuple[Need, ...] = ()


def _candidate(
    item: EvidenceItem,
    label: str,
    serves: _Serves | None,
    contents: tuple[Content, ...],
    *,
    is_dense: bool,
) -> Candidate:
    source = _source(item, contents)
    return Candidate(
        evidence_id=item.id,
        label=label,
        kind=item.kind.value,
        slot=serves.slot if serves else item.kind.value,
        level=serves.level if serves else None,
        needs=serves.needs if serves else (),
        source=source,
        media_type=item.media_type,
        size_bytes=item.size_bytes,
        shots=_shots(source, contents, _DENSE_SIZE_PER_INK if is_dense else _SIZE_PER_INK),
    )


def _source(item: EvidenceItem, contents: tuple[Content, ...]) -> Source:
    """A picture or a document is shown itself, even where a reader also understood it."""
    if item.reader is not None and item.media_type in PICTURE_TYPES:
        return Source.PICTURE
    if item.reader is not None and item.media_type in DOCUMENT_TYPES:
        return Source.DOCUMENT
    is_read = any(isinstance(one, Order | Tracking | Transcript) for one in contents)
    return Source.RECORD if is_read else Source.UNREAD


def _shots(source: Source, contents: tuple[Content, ...], per_ink: float) -> tuple[Shot, ...]:
    if source is Source.PICTURE:
        return tuple(_shot(one, per_ink) for one in contents if isinstance(one, Picture))[:1]
    return (PAGE_SHOT,) * sum(_pages(one) for one in contents)


def _shot(picture: Picture, per_ink: float) -> Shot:
    ink = picture.text_height_px
    return Shot(picture.width, picture.height, ink * per_ink if ink else None)


def _pages(content: Content) -> int:
    if isinstance(content, Document):
        return content.pages
    if isinstance(content, Transcript):
        return 1 + len(content.messages) // _MESSAGES
    if isinstance(content, Tracking):
        return 1 + len(content.events) // _SCANS
    if isinstance(content, Order):
        return 1 + len(content.lines) // _ORDERED
    return 0
