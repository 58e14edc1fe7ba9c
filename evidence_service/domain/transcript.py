"""A chat in one normal form: who said what when, on which channel."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


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


@dataclass(frozen=True, slots=True)
class Transcript:
    """Messages in the order of the source, which is not always that of their times."""

    channel: str
    messages: tuple[Message, ...]

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
        return cls(
            channel=plain["channel"],
            messages=tuple(Message.from_plain(message) for message in plain["messages"]),
        )
