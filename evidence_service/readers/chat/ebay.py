"""eBay Trading API: `GetMemberMessages` (questions of members, and answers), `GetMyMessages`.

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

_ROOT, _INBOX = "GetMemberMessagesResponse", "GetMyMessagesResponse"
_TO_THE_SELLER = "AskSellerQuestion"


def read(root: ET.Element) -> Reading | None:
    if local_name(root) == _INBOX:
        return _inbox(root)
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


def _inbox(root: ET.Element) -> Reading | None:
    """A folder of My Messages, of any members."""
    messages = (
        Message(
            author=text(one, "Sender"),
            role=MessageRole.PLATFORM if text(one, "Sender") == "eBay" else MessageRole.UNKNOWN,
            sent_at=instant(text(one, "ReceiveDate")),
            local_time=text(one, "ReceiveDate"),
            text=words(one, "Content", html=("Text",)) or text(one, "Subject"),
            attachments=attachments(items(one, "MessageMedia"), "MediaName", "MediaURL"),
        )
        for one in elements(root, "Message")
        if text(one, "MessageID")
    )
    return reading("ebay_inbox", XML, [Transcript("ebay", tuple(messages))])


def _messages(exchange: Any) -> Iterator[Message]:
    known = text(exchange, "Question", "MessageType") == _TO_THE_SELLER
    time = text(exchange, "CreationDate") or text(exchange, "Question", "CreationDate")
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
