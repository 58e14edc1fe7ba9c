"""Ozon Seller API, the answer of `POST /v3/chat/history`.

Source: https://docs.ozon.ru/api/seller (ChatAPI), and a recorded answer.
"""

from __future__ import annotations

import re
from typing import Any

from evidence_service.domain.evidence import EvidenceKind
from evidence_service.domain.reading import Reading
from evidence_service.domain.transcript import Message, MessageRole, Transcript
from evidence_service.readers.instants import instant
from evidence_service.readers.sniff import JSON

_ROLES = {
    "customer": MessageRole.BUYER,
    "seller": MessageRole.SELLER,
    "crm": MessageRole.PLATFORM,
    "courier": MessageRole.PLATFORM,
    "support": MessageRole.PLATFORM,
    "notificationuser": MessageRole.SYSTEM,
}
# The interface writes "Customer" with a Cyrillic capital Es.
_LOOKALIKES = str.maketrans({"\N{CYRILLIC CAPITAL LETTER ES}": "C"})
_PICTURE = re.compile(r"!\[[^\]]*\]\((?P<url>[^)\s]+)\)")
_MARKS = frozenset({"message_id", "user", "data", "created_at"})


def read(value: Any) -> Reading | None:
    messages = value["messages"]
    if "has_next" not in value or not messages or any(m.keys() < _MARKS for m in messages):
        return None
    return Reading(
        media_type=JSON,
        reader="ozon_chat",
        kind=EvidenceKind.CHAT_TRANSCRIPT,
        contents=(Transcript("ozon", tuple(_message(one) for one in _oldest_first(messages))),),
        warnings=("more_messages_exist",) if value["has_next"] else (),
    )


def _oldest_first(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The interface answers newest first unless asked otherwise."""
    newest_first = messages[0]["created_at"] > messages[-1]["created_at"]
    return messages[::-1] if newest_first else messages


def _message(one: dict[str, Any]) -> Message:
    kind = str(one["user"]["type"])
    text = "\n".join(one["data"])
    return Message(
        author=f"{kind.translate(_LOOKALIKES)} {one['user']['id']}",
        role=_ROLES.get(kind.translate(_LOOKALIKES).casefold(), MessageRole.UNKNOWN),
        sent_at=instant(one["created_at"]),
        local_time=one["created_at"],
        text=text,
        attachments=tuple(match["url"] for match in _PICTURE.finditer(text)),
    )
