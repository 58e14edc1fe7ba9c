"""What a person should look at in a chat before it is sent: said, never changed.

Off-platform contact, gifts for reviews and threats, in either direction; answers by a bot alone;
how long the first answer took. Words are patterns in Chinese, English and Russian: a remark names
the message, and a person decides what it means. Whether off-platform contact is forbidden is the
platform's rule (Ozon forbids it; shops of their own do not), so it is a remark everywhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from evidence_service.domain.transcript import MessageRole

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from uuid import UUID

    from evidence_service.domain.transcript import Message


class Remark(StrEnum):
    """What was seen; the words stand in the catalogue under `remark.<code>`."""

    CONTACT_OUTSIDE = "contact_outside"
    GIFT_FOR_REVIEW = "gift_for_review"
    THREAT = "threat"
    BOT_ONLY = "bot_only"
    FIRST_REPLY = "first_reply"
    NO_REPLY = "no_reply"


@dataclass(frozen=True, slots=True)
class Remarked:
    """`position` is the message's in its chat, from 0; None where it is about the whole chat."""

    remark: Remark
    evidence_id: UUID
    position: int | None = None
    params: Mapping[str, str] = field(default_factory=dict)


_PHONE = r"(?<![\w-])\+\d{1,3}[\s(.-]{0,2}(?:\d[\s().-]{0,2}){8,11}(?![\w-])"
_MAIL = r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+"
_MESSENGER = (
    r"\b(?:whats?\s?app|wechat|weixin|telegram|viber|vk\.com|wa\.me|t\.me)\b|微信|加v信|加微|薇信"
    r"|вотсап|ватсап|вацап|телеграм|вайбер|вичат"
)
_REVIEW = (
    r"好评|五星|5\s?星|评价|positive (?:review|feedback)|(?:5|five)[\s-]?stars?"
    r"|отзыв|пять звёзд|5 звёзд"
)
_GIFT = (
    r"返现|红包|赠品|礼物|送您|优惠券|补偿"
    r"|gift|cash\s?back|coupon|voucher|refund you|free item|bonus"
    r"|подар|кэшбэк|кешбэк|купон|бонус|скидк|вернём деньги|вернем деньги"
)
_THREAT = (
    r"(?:差评|投诉你|曝光|报警|起诉|找律师)"
    r"|(?:i(?:'ll| will)|going to) (?:sue|report|expose|destroy)"
    r"|bad review|negative feedback|chargeback"
    r"|(?:подам|пойду) в суд|плохой отзыв|негативный отзыв|пожалуюсь|буду жаловаться|полици"
)


def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(words, re.IGNORECASE)


_CONTACTS = (
    ("phone", _pattern(_PHONE)),
    ("mail", _pattern(_MAIL)),
    ("messenger", _pattern(_MESSENGER)),
)
_OF_REVIEW, _OF_GIFT, _OF_THREAT = _pattern(_REVIEW), _pattern(_GIFT), _pattern(_THREAT)
_ANSWERS = frozenset({MessageRole.SELLER, MessageRole.BOT})


def remarks(evidence_id: UUID, said: Sequence[Message]) -> tuple[Remarked, ...]:
    """What is to be looked at in one chat, in the order of its messages."""
    return (*_about_messages(evidence_id, said), *_about_the_whole(evidence_id, said))


def _about_messages(evidence_id: UUID, said: Sequence[Message]) -> Iterator[Remarked]:
    for position, message in enumerate(said):
        for name, pattern in _CONTACTS:
            if pattern.search(message.text):
                params = {"what": name, "by": message.role.value}
                yield Remarked(Remark.CONTACT_OUTSIDE, evidence_id, position, params)
                break
        if _OF_REVIEW.search(message.text) and _OF_GIFT.search(message.text):
            by = {"by": message.role.value}
            yield Remarked(Remark.GIFT_FOR_REVIEW, evidence_id, position, by)
        if _OF_THREAT.search(message.text):
            by = {"by": message.role.value}
            yield Remarked(Remark.THREAT, evidence_id, position, by)


def _about_the_whole(evidence_id: UUID, messages: Sequence[Message]) -> Iterator[Remarked]:
    first = next((n for n, m in enumerate(messages) if m.role is MessageRole.BUYER), None)
    if first is None:
        return
    answers = [m for m in messages[first + 1 :] if m.role in _ANSWERS]
    by_people = [m for m in answers if m.role is MessageRole.SELLER]
    if not answers:
        yield Remarked(Remark.NO_REPLY, evidence_id, first)
    elif not by_people:
        yield Remarked(Remark.BOT_ONLY, evidence_id)
    else:
        yield from _first_reply(evidence_id, messages[first], by_people[0], first)


def _first_reply(
    evidence_id: UUID, asked: Message, answered: Message, position: int
) -> Iterator[Remarked]:
    if asked.sent_at is not None and answered.sent_at is not None:
        minutes = int((answered.sent_at - asked.sent_at).total_seconds()) // 60
        yield Remarked(Remark.FIRST_REPLY, evidence_id, position, {"minutes": str(minutes)})
