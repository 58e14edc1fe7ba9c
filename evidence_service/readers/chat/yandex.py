"""Yandex Market, the answer of `POST /v2/businesses/{id}/chats/history`.

Source: https://yandex.ru/dev/market/partner-api (chats).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.transcript import Message, MessageRole, Transcript
from evidence_service.readers.chat.transcripts import (
    MORE_MESSAGES_EXIST,
    attachments,
    oldest_first,
    reading,
    words,
)
from evidence_service.readers.instants import instant
from evidence_service.readers.sniff import JSON
from evidence_service.readers.values import dig, items, text

if TYPE_CHECKING:
    from evidence_service.domain.reading import Reading

_ROLES = {
    "PARTNER": MessageRole.SELLER,
    "CUSTOMER": MessageRole.BUYER,
    "MARKET": MessageRole.PLATFORM,
    "SUPPORT": MessageRole.PLATFORM,
}
_MARKS = frozenset({"messageId", "createdAt", "sender"})


def read(value: Any) -> Reading | None:
    result = dig(value, "result") or value
    messages = [one for one in items(result, "messages") if one.keys() >= _MARKS]
    ordered = oldest_first(messages, lambda one: instant(text(one, "createdAt")))
    more = text(result, "paging", "nextPageToken")
    return reading(
        "yandex_chat",
        JSON,
        [Transcript("yandex", tuple(map(_message, ordered)))],
        MORE_MESSAGES_EXIST if more else "",
    )


def _message(one: dict[str, Any]) -> Message:
    return Message(
        author=text(one, "sender"),
        role=_ROLES.get(text(one, "sender").upper(), MessageRole.UNKNOWN),
        sent_at=instant(text(one, "createdAt")),
        local_time=text(one, "createdAt"),
        text=words(one, "message"),
        attachments=attachments(items(one, "payload"), "name", "url"),
    )
