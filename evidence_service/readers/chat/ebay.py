"""eBay: `GetMemberMessages` and `GetMyMessages` of one interface, conversations of the Message API.

The first is of members' questions and the answers; an answer has no time and no author of its own:
it is the asked member's.

Source: https://developer.ebay.com/devzone/xml/docs/reference/ebay/GetMemberMessages.html and
https://developer.ebay.com/api-docs/commerce/message (MessageDetail).
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
from evidence_service.readers.sniff import JSON, XML
from evidence_service.readers.values import elements, items, local_name, text, texts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree import ElementTree as ET

    from evidence_service.domain.reading import Reading

_INBOX = "GetMyMessagesResponse"
_ANSWERS = frozenset({"GetMemberMessagesResponse", _INBOX})
_TO_THE_SELLER = "AskSellerQuestion"
_MARKS = frozenset({"messageId", "messageBody", "senderUsername", "createdDate"})


def read(root: ET.Element) -> Reading | None:
    """An answer, alone or in the envelope in which eBay sends it as a notification."""
    answer = next((one for one in root.iter() if local_name(one) in _ANSWERS), None)
    if answer is None or local_name(root) not in _ANSWERS | {"Envelope"}:
        return None
    if local_name(answer) == _INBOX:
        return _inbox(answer)
    exchanges = elements(answer, "MemberMessageExchange")
    more = "true" in elements(answer, "HasMoreItems")
    return reading(
        "ebay_messages",
        XML,
        [Transcript("ebay", tuple(_messages(one))) for one in exchanges],
        MORE_MESSAGES_EXIST if more else "",
    )


def read_conversation(value: Any) -> Reading | None:
    """Nothing in it tells which of the two members sells; of many, each has its latest only."""
    listed = [items(one, "latestMessage") for one in items(value, "conversations")]
    more = bool(listed) or bool(text(value, "next"))
    return reading(
        "ebay_conversation",
        JSON,
        [_conversation(one) for one in listed or [items(value, "messages")]],
        MORE_MESSAGES_EXIST if more else "",
    )


def _conversation(messages: list[Any]) -> Transcript:
    known = [one for one in messages if one.keys() >= _MARKS]
    ordered = oldest_first(known, lambda one: text(one, "createdDate"))
    return Transcript("ebay", tuple(map(_detail, ordered)))


def _detail(one: dict[str, Any]) -> Message:
    return Message(
        author=text(one, "senderUsername"),
        role=MessageRole.UNKNOWN,
        sent_at=instant(text(one, "createdDate")),
        local_time=text(one, "createdDate"),
        text=words(one, "messageBody") or text(one, "subject"),
        attachments=attachments(items(one, "messageMedia"), "mediaName", "mediaUrl"),
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
