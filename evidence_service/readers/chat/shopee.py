"""Shopee: the answer of `sellerchat/get_message`, and the webchat push (code 10).

Pages repeat messages, so an id counts once. A push brings one message, and never the shop's own. A
buyer may have a shop too: only a push says which shop is the seller's.

Source: https://open.shopee.com (sellerchat), typings of a client of it, and pushes in its tests.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.transcript import Message, MessageRole, Transcript
from evidence_service.readers.chat.transcripts import (
    MORE_MESSAGES_EXIST,
    ONE_SIDED,
    oldest_first,
    reading,
    words,
)
from evidence_service.readers.instants import epoch
from evidence_service.readers.sniff import JSON
from evidence_service.readers.values import dig, items, joined, text

if TYPE_CHECKING:
    from evidence_service.domain.reading import Reading

_MARKS = frozenset({"message_id", "message_type", "from_id", "created_timestamp"})
_PUSH = "10"
_FILES = ("url", "image_url", "video_url", "thumb_url")
_NAMED = ("sticker_id", "item_id", "order_sn")


def read(value: Any) -> Reading | None:
    pushes = [one for one in items(value) if text(one, "code") == _PUSH]
    if pushes:
        return _from_pushes(pushes)
    answer = dig(value, "response") or value
    messages = [one for one in items(answer, "messages") if one.keys() >= _MARKS]
    unique = list({text(one, "message_id"): one for one in messages}.values())
    ordered = oldest_first(unique, lambda one: int(one["created_timestamp"]))
    more = text(answer, "page_result", "next_offset")
    return reading(
        "shopee",
        JSON,
        [Transcript("shopee", tuple(_message(one, "") for one in ordered))],
        MORE_MESSAGES_EXIST if more else "",
    )


def _from_pushes(pushes: list[dict[str, Any]]) -> Reading | None:
    """One push, or the lines of a log of them."""
    found: dict[str, Message] = {}
    for push in pushes:
        content = dig(push, "data", "content")
        if isinstance(content, dict) and content.keys() >= _MARKS:
            found[text(content, "message_id")] = _message(content, text(push, "shop_id"))
    return reading("shopee", JSON, [Transcript("shopee", tuple(found.values()))], ONE_SIDED)


def _message(one: dict[str, Any], own_shop: str) -> Message:
    sent_at = epoch(int(one["created_timestamp"]))
    content = dig(one, "content")
    files = tuple(address for name in _FILES if (address := text(content, name)))
    return Message(
        author=text(one, "from_user_name") or joined("user", text(one, "from_id"), by=" "),
        role=_role(text(one, "from_shop_id"), own_shop),
        sent_at=sent_at,
        local_time=sent_at.isoformat() if sent_at else text(one, "created_timestamp"),
        text=words(content, "text") or _beside(one, content),
        attachments=files[:1],
    )


def _role(shop: str, own_shop: str) -> MessageRole:
    if not (shop and own_shop):
        return MessageRole.UNKNOWN
    return MessageRole.SELLER if shop == own_shop else MessageRole.BUYER


def _beside(one: dict[str, Any], content: Any) -> str:
    """The kind of a message without words, and the number of what it shows."""
    return joined(text(one, "message_type"), *(text(content, name) for name in _NAMED), by=" ")
