"""A chat in one normal form: who said what when, on which channel."""

from __future__ import annotations

import json
import sys
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import islice
from typing import TYPE_CHECKING, Any, overload

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

# How many messages are a part; all but the last one are whole.
AT_ONCE = 500
# As fast as can be.
_COMPRESSION = 1


class MessageRole(StrEnum):
    """Who speaks. Exports of private messengers name people, not roles: those are unknown."""

    BUYER = "buyer"
    SELLER = "seller"
    PLATFORM = "platform"
    BOT = "bot"
    SYSTEM = "system"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Message:
    """`sent_at` is None where the source gives no zone; `local_time` is as it stands there.

    `attachments` are names or addresses in the source; nothing is fetched. `is_internal` marks a
    note the other side never saw: it is kept, and leaves in no bundle. `edits` are the texts that
    stood there before, oldest first. `language` is a tag such as `zh`, where the source says it.
    """

    author: str
    role: MessageRole
    sent_at: datetime | None
    local_time: str
    text: str
    attachments: tuple[str, ...] = ()
    language: str = ""
    edits: tuple[str, ...] = ()
    is_internal: bool = False

    @property
    def line(self) -> str:
        """The text behind who says it; a program's own words have no author."""
        return f"{self.author}: {self.text}" if self.author else self.text

    def to_plain(self) -> dict[str, Any]:
        return {
            "author": self.author,
            "role": self.role.value,
            "sent_at": self.sent_at.isoformat() if self.sent_at else None,
            "local_time": self.local_time,
            "text": self.text,
            "attachments": list(self.attachments),
            "language": self.language,
            "edits": list(self.edits),
            "is_internal": self.is_internal,
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Message:
        return cls(
            author=sys.intern(plain["author"]),  # a few people write all of a long chat
            role=MessageRole(plain["role"]),
            sent_at=datetime.fromisoformat(plain["sent_at"]) if plain["sent_at"] else None,
            local_time=plain["local_time"],
            text=plain["text"],
            attachments=tuple(plain["attachments"]),
            language=plain["language"],
            edits=tuple(plain["edits"]),
            is_internal=plain["is_internal"],
        )


class Messages(Sequence[Message]):
    """The messages of a chat, packed: as objects, those of a long one take ten times its file.

    Each of `parts` is the compressed JSON of some messages: it goes from process to process as it
    is, and whoever goes through the messages holds those of one part.
    """

    __slots__ = ("parts",)

    def __init__(self, parts: Iterable[bytes] = ()) -> None:
        self.parts = tuple(parts)

    @classmethod
    def of(cls, said: Iterable[Message]) -> Messages:
        return said if isinstance(said, Messages) else cls.of_texts(_texts(iter(said)))

    @classmethod
    def of_texts(cls, texts: Iterable[str]) -> Messages:
        """Of what `texts` gave."""
        # Halves of characters are a reader's to replace; here they stop nothing.
        data = (text.encode("utf-8", "surrogatepass") for text in texts)
        return cls(zlib.compress(one, _COMPRESSION) for one in data)

    def texts(self) -> Iterator[str]:
        """The parts as JSON: lists of messages as plain values."""
        return map(_text, self.parts)

    def __iter__(self) -> Iterator[Message]:
        for part in self.parts:
            yield from _unpacked(part)

    def __len__(self) -> int:
        *whole, last = self.parts or (None,)
        return len(whole) * AT_ONCE + (len(_unpacked(last)) if last else 0)

    @overload
    def __getitem__(self, at: int) -> Message: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Message]: ...
    def __getitem__(self, at: int | slice) -> Message | Sequence[Message]:
        if isinstance(at, slice):
            return tuple(self)[at]
        part, within = divmod(range(len(self))[at], AT_ONCE)
        return _unpacked(self.parts[part])[within]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Messages) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))


def _texts(said: Iterator[Message]) -> Iterator[str]:
    while some := [message.to_plain() for message in islice(said, AT_ONCE)]:
        yield json.dumps(some, ensure_ascii=False)


def _text(part: bytes) -> str:
    return zlib.decompress(part).decode("utf-8", "surrogatepass")


def _unpacked(part: bytes) -> list[Message]:
    return [Message.from_plain(plain) for plain in json.loads(_text(part))]


@dataclass(frozen=True, slots=True, init=False)
class Transcript:
    """Messages in the order of the source, which is not always that of their times."""

    channel: str
    messages: Messages

    def __init__(self, channel: str, messages: Iterable[Message]) -> None:
        object.__setattr__(self, "channel", channel)
        object.__setattr__(self, "messages", Messages.of(messages))

    @property
    def facts(self) -> frozenset[str]:
        return frozenset({f"channel:{self.channel}"})

    def to_plain(self) -> dict[str, Any]:
        return {
            "channel": self.channel,
            "messages": [message.to_plain() for message in self.messages],
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Transcript:
        return cls(plain["channel"], map(Message.from_plain, plain["messages"]))
