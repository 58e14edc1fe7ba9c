"""Ozon Seller API, the answer of `POST /v3/chat/history`.

Source: https://docs.ozon.ru/api/seller (ChatAPI), and a recorded answer.
It answers the newest first unless asked otherwise.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from evidence_service.domain.transcript import Message, MessageRole, Transcript
from evidence_service.readers.chat.transcripts import MORE_MESSAGES_EXIST, oldest_first, reading
from evidence_service.readers.instants import instant
from evidence_service.readers.sniff import JSON

if TYPE_CHECKING:
    from evidence_service.domain.reading import Reading

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
    value = value.get("result", value)  # which older versions have around it
    messages = value["messages"]
    if "has_next" not in value or not messages or any(m.keys() < _MARKS for m in messages):
        return None
    ordered = oldest_first(messages, lambda one: one["created_at"])
    return reading(
        "ozon_chat",
        JSON,
        [Transcript("ozon", tuple(map(_message, ordered)))],
        MORE_MESSAGES_EXIST if value["has_next"] else "",
    )


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
