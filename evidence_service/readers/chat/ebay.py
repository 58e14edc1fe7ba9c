"""eBay Trading API, the answer of `GetMemberMessages`: questions of members, and answers.

An answer has no time and no author of its own: it is the asked member's.

Source: https://developer.ebay.com/devzone/xml/docs/reference/ebay/GetMemberMessages.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.transcript import Message, MessageRole, Transcript
from evidence_service.readers.chat.transcripts import (
    MORE_MESSAGES_EXIST,
    attachments,
    reading,
    words,
)
from evidence_service.readers.instants import instant
from evidence_service.readers.sniff import XML
from evidence_service.readers.values import elements, items, local_name, text, texts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree import ElementTree as ET

    from evidence_service.domain.reading import Reading

_ROOT = "GetMemberMessagesResponse"
_TO_THE_SELLER = "AskSellerQuestion"


def read(root: ET.Element) -> Reading | None:
    if local_name(root) != _ROOT:
        return None
    exchanges = elements(root, "MemberMessageExchange")
    more = "true" in elements(root, "HasMoreItems")
    return reading(
        "ebay_messages",
        XML,
        [Transcript("ebay", tuple(_messages(one))) for one in exchanges],
        MORE_MESSAGES_EXIST if more else "",
    )


def _messages(exchange: Any) -> Iterator[Message]:
    known = text(exchange, "Question", "MessageType") == _TO_THE_SELLER
    time = text(exchange, "CreationDate")
    for question in items(exchange, "Question"):
        yield Message(
            author=text(question, "SenderID"),
            role=MessageRole.BUYER if known else MessageRole.UNKNOWN,
            sent_at=instant(time),
            local_time=time,
            text=words(question, "Body", html=("Body",)),
            attachments=attachments(items(exchange, "MessageMedia"), "MediaName", "MediaURL"),
        )
    for answer in texts(exchange, "Response"):
        yield Message(
            author=text(exchange, "Question", "RecipientID"),
            role=MessageRole.SELLER if known else MessageRole.UNKNOWN,
            sent_at=None,
            local_time="",
            text=answer,
        )
