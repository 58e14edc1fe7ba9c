"""How the bundle will print an item, and what was seen in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evidence_service.domain import conversation
from evidence_service.domain.bundle import MM_PER_PX, is_turned, printed_mm_per_px

if TYPE_CHECKING:
    from uuid import UUID

    from evidence_service.domain.evidence import EvidenceItem
    from evidence_service.domain.picture import Picture
    from evidence_service.web.words import Reader


@dataclass(frozen=True, slots=True)
class Remarked:
    """What was seen in a chat, beside its words. `asks` says that a person must read it."""

    evidence_id: UUID
    words: str
    text: str
    asks: bool

    @classmethod
    def of(cls, found: conversation.Remarked, text: str, reader: Reader) -> Remarked:
        params = dict(found.params)
        if "what" in params:
            params["what"] = reader.named("ui.contact", params["what"])
        words = reader.say(f"remark.{found.remark.value}", **params)
        asks = found.remark is not conversation.Remark.FIRST_REPLY
        return cls(found.evidence_id, words, text, asks)


def picture_of(item: EvidenceItem) -> Picture | None:
    """What is known of the picture an item is."""
    return next(iter(item.digest.pictures), None)


def printed_width_px(item: EvidenceItem) -> int | None:
    """How wide the bundle prints it, in pixels of a screen at 100 %."""
    seen = picture_of(item)
    if seen is None:
        return None
    mm_per_px = printed_mm_per_px(seen.width, seen.height, turned=is_printed_wide(item))
    return round(seen.width * mm_per_px / MM_PER_PX)


def is_printed_wide(item: EvidenceItem) -> bool:
    """Whether its page of the bundle is turned sideways."""
    seen = picture_of(item)
    if seen is None or item.media_type == "image/jpeg":
        return False
    return is_turned(seen.width, seen.height)
