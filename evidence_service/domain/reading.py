"""What a reader understood of some bytes, or that none did."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Any

from evidence_service.domain.choices import NOTHING_CHOSEN, Choices, DateOrder, Layout
from evidence_service.domain.dispute import Dispute
from evidence_service.domain.document import Document
from evidence_service.domain.evidence import (
    DOCUMENT_TYPES,
    PICTURE_TYPES,
    EvidenceKind,
    HeldFor,
)
from evidence_service.domain.order import Order
from evidence_service.domain.picture import Picture
from evidence_service.domain.tracking import Tracking
from evidence_service.domain.transcript import Messages, Transcript

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

NOT_RECOGNISED = "not_recognised"
UNREADABLE = "unreadable"
# Larger than any reader is given: kept, and nobody has looked into it.
TOO_LARGE = "too_large_to_read"
MAX_READ_BYTES = 100_000_000
# Not even looked through for card numbers: held.
TEXT_TOO_LONG = "text_too_long"

Content = Transcript | Tracking | Order | Dispute | Picture | Document
_FORMS: dict[str, type[Content]] = {
    "transcript": Transcript,
    "tracking": Tracking,
    "order": Order,
    "dispute": Dispute,
    "picture": Picture,
    "document": Document,
}
_NAMES = {form: name for name, form in _FORMS.items()}


@dataclass(frozen=True, slots=True)
class Masked:
    """How many card numbers the bytes held, and what hides them: bytes to write, and where."""

    count: int
    patches: tuple[tuple[int, bytes], ...]

    def to_plain(self) -> dict[str, Any]:
        return {"count": self.count, "patches": [[at, data.hex()] for at, data in self.patches]}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Masked:
        patches = tuple((at, bytes.fromhex(data)) for at, data in plain["patches"])
        return cls(plain["count"], patches)


@dataclass(frozen=True, slots=True)
class Reading:
    """`reader` is the format's name, or None where nobody recognised the bytes.

    `contents` are the normal forms found in the file: mostly one, several where an export holds
    several parcels or chats. `kind` is what the reader proposes the item to be, `warnings` are
    codes a person is told of.
    """

    media_type: str
    reader: str | None = None
    kind: EvidenceKind | None = None
    contents: tuple[Content, ...] = ()
    warnings: tuple[str, ...] = ()
    masked: Masked | None = None
    """What was read is the bytes with these patches."""
    hides_card: bool = False
    """A card number stands where it cannot be masked in place; nothing of it is in `contents`."""
    date_order: DateOrder | None = None
    """How dates without a month's name were read, where there are such and it is known."""
    layout: Layout | None = None
    """Of a table: which column was taken for what."""
    chosen: Choices = NOTHING_CHOSEN
    """What a person had said of the file when it was read."""

    @property
    def is_unparseable(self) -> bool:
        """Whether the bytes claim to be what we parse and cannot be, or nobody could look."""
        claims = self.media_type in PICTURE_TYPES | DOCUMENT_TYPES
        if self.reader is not None or TOO_LARGE in self.warnings:
            return False
        return claims or not {UNREADABLE, TEXT_TOO_LONG}.isdisjoint(self.warnings)

    @property
    def held_for(self) -> HeldFor | None:
        """Why nothing of a case is approved that holds these bytes."""
        if self.hides_card:
            return HeldFor.CARD_NUMBER
        return HeldFor.UNPARSEABLE if self.is_unparseable else None

    @property
    def facts(self) -> frozenset[str]:
        """What the checklist may ask of the content, as `status:delivered`."""
        return frozenset().union(*(content.facts for content in self.contents))

    def to_plain(self) -> dict[str, Any]:
        return {
            "media_type": self.media_type,
            "reader": self.reader,
            "kind": self.kind.value if self.kind else None,
            "contents": [
                {"form": _NAMES[type(content)], **content.to_plain()} for content in self.contents
            ],
            "warnings": list(self.warnings),
            "masked": self.masked.to_plain() if self.masked else None,
            "hides_card": self.hides_card,
            "date_order": self.date_order.value if self.date_order else None,
            "layout": self.layout.to_plain() if self.layout else None,
            "chosen": self.chosen.to_plain(),
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Reading:
        return cls(
            media_type=plain["media_type"],
            reader=plain["reader"],
            kind=EvidenceKind(plain["kind"]) if plain["kind"] else None,
            contents=tuple(_FORMS[one["form"]].from_plain(one) for one in plain["contents"]),
            warnings=tuple(plain["warnings"]),
            masked=Masked.from_plain(plain["masked"]) if plain["masked"] else None,
            hides_card=plain["hides_card"],
            # What was read before these were told apart lacks them.
            date_order=DateOrder(plain["date_order"]) if plain.get("date_order") else None,
            layout=Layout.from_plain(plain["layout"]) if plain.get("layout") else None,
            chosen=Choices.from_plain(plain["chosen"]) if "chosen" in plain else NOTHING_CHOSEN,
        )


def said_in(reading: Reading) -> dict[int, Messages]:
    """What its chats hold, by the chat's place among the contents."""
    found = enumerate(reading.contents)
    return {place: one.messages for place, one in found if isinstance(one, Transcript)}


def emptied(reading: Reading) -> Reading:
    """The same without what its chats hold."""
    return filled(reading, {})


def filled(reading: Reading, said: Mapping[int, Messages]) -> Reading:
    """The same with its chats holding what `said_in` gave."""
    contents = (
        Transcript(one.channel, said.get(place, ())) if isinstance(one, Transcript) else one
        for place, one in enumerate(reading.contents)
    )
    return replace(reading, contents=tuple(contents))


def in_parts(reading: Reading) -> Iterator[bytes]:
    """The reading as bytes: itself, then what its chats hold as it is packed."""
    said = said_in(reading)
    counts = [[place, len(messages.parts)] for place, messages in said.items()]
    yield json.dumps([emptied(reading).to_plain(), counts]).encode()
    for messages in said.values():
        yield from messages.parts


def of_parts(parts: Iterator[bytes]) -> Reading:
    """What `in_parts` took apart."""
    plain, counts = json.loads(next(parts))
    said = {place: Messages(islice(parts, count)) for place, count in counts}
    return filled(Reading.from_plain(plain), said)


def unread(media_type: str, reason: str = NOT_RECOGNISED) -> Reading:
    """Bytes that are kept as they are, and why nobody read them."""
    return Reading(media_type=media_type, warnings=(reason,))
