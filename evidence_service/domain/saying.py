"""Sentences that say a parcel came, that it did not, or that money went back.

Words, not meaning: a list of turns of speech in the languages buyers write in. What it finds is
shown to a person beside its place and changes nothing, so it leaves out rather than guesses:
questions are passed over, and "received" counts only where no message or money is received.
"""

from __future__ import annotations

import re
from enum import StrEnum


class Topic(StrEnum):
    RECEIVED = "received"
    NOT_RECEIVED = "not_received"
    REFUNDED = "refunded"
    # What a seller states; a buyer who says it says `received`.
    DELIVERED = "delivered"


def _any(*turns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{turn})" for turn in turns))


_SENTENCE = re.compile(r"[^.!?。！？\n]+[.!?。！？]*")
_ASKED = _any(r"[?？]", "吗", "沒有收到嗎", r"没有[?？]?$")

_NOT_RECEIVED = _any(
    "[没沒未]有?(?:收到|到货|到貨|送到|送达|送達)",
    "还没到",
    r"(?:\bnot|n['’]t|\bnever)\s+(?:\w+\s+){0,3}?"
    r"(?:receiv\w*|arriv\w*|g[eo]t\b|deliver\w*|c[oa]me\b)",
    r"\bне\s+(?:\w+\s+){0,2}?(?:получ|приш[её]?л|приход|достав|дош[её]?л|вруч)\w*",
    r"\bno\s+(?:\w+\s+){0,3}?(?:recib|lleg)\w*",
    r"\bn[ãa]o\s+(?:\w+\s+){0,2}?(?:receb|cheg)\w*",
    r"\bnichts?\s+(?:\w+\s+){0,2}?(?:erhalten|bekommen|angekommen|geliefert)",
    r"\b(?:pas|jamais)\s+(?:\w+\s+){0,2}?(?:re[çc]u|arriv|livr)\w*",
    r"\bnon\s+(?:\w+\s+){0,2}?(?:ricevut|arrivat|consegnat)\w*",
    r"\bnie\s+(?:\w+\s+){0,2}?(?:dosta[łl]|otrzyma[łl]|dotar[łl]|przysz)\w*",
    r"\b(?:gelmedi|ulaşmadı)\b",
)
_RECEIVED = _any(
    "收到了",
    "已经?收到",
    "收到货",
    "签收了",
    r"\b(?:i|we)(?:\s+|['’]ve\s+)(?:have\s+)?(?:just\s+|already\s+)?(?:received|got)\b",
    r"\b(?:parcel|package|order|item|it)\s+(?:has\s+)?(?:just\s+|already\s+)?(?:arrived|came)\b",
    r"\b(?:получил[аи]?|забрал[аи]?)\b",
    r"\b(?:посылка|заказ|товар)\s+(?:\w+\s+)?(?:приш[её]?л[аи]?|получен[аы]?)\b",
    r"\b(?:recib[íi]|he recibido|me lleg[óo]|ha llegado)\b",
    r"\b(?:recebi|chegou)\b",
    r"\b(?:erhalten|bekommen|angekommen)\b",
    r"\bj['’]ai\s+(?:bien\s+)?re[çc]u\b",
    r"\bho\s+ricevuto\b",
    r"\b(?:dosta[łl][ae]m|otrzyma[łl][ae]m)\b",
    r"\bteslim aldım\b",
)
_SOMETHING_ELSE = _any(
    "退款|消息|回复|回覆|短信|邮件|钱",
    r"\b(?:message|mail|e-mail|reply|answer|refund|money|notification|notice|code)",
    r"\b(?:сообщени|письм|ответ|деньг|денег|возврат|уведомлени|код)",
    r"\b(?:mensaje|respuesta|reembolso|dinero|correo|mensagem|resposta|dinheiro)",
    r"\b(?:nachricht|antwort|geld|erstattung|remboursement|réponse|rimborso|risposta|zwrot)",
)
_REFUNDED = _any(
    "已(?:经|为您)?退款",
    "收到退款",
    "退款(?:已经?)?(?:到账|成功)",
    r"\b(?:have|has|been|already|was|we|i)\s+(?:been\s+|already\s+)?refunded\b",
    r"\b(?:received|got)\s+(?:\w+\s+){0,2}?refund\b",
    r"\brefund\s+(?:has\s+)?(?:been\s+)?(?:arrived|received|issued|completed|sent)\b",
    r"\b(?:деньги|средства)\s+(?:\w+\s+)?(?:верну|возвращен|получ|приш)\w*",
    r"\b(?:вернули|возвратили)\s+(?:\w+\s+)?(?:деньги|средства)\b",
    r"\bвозврат\s+(?:\w+\s+)?(?:оформлен|выполнен|сделан|приш)\w*",
    r"\b(?:reembolsado|recib[íi]\s+(?:el\s+)?reembolso)\b",
)
_NEGATED = _any(
    "[没沒未不]",
    r"\b(?:not|never|no|will|would|не|нет|nicht|pas|non|nie|n[ãa]o)\b",
    r"n['’]t\b",
)
_DELIVERED = _any(
    "已?(?:签收|送达|妥投)",
    r"\b(?:was|has been|were|is)\s+(?:\w+\s+)?delivered\b",
    r"\b(?:доставлен|вручен|получен)[аоы]?\b",
    r"\b(?:entregad[oa]|entregue|zugestellt|livré|consegnato|doręczon[aoy])\b",
)


def topics(text: str) -> frozenset[Topic]:
    """Which of the topics a buyer's or seller's message speaks of."""
    found: set[Topic] = set()
    for match in _SENTENCE.finditer(text.casefold()):
        found |= _topics_of(match.group())
    return frozenset(found)


def _topics_of(sentence: str) -> set[Topic]:
    if _ASKED.search(sentence):
        return set()
    found = set()
    if _REFUNDED.search(sentence) and not _NEGATED.search(sentence):
        found.add(Topic.REFUNDED)
    if _SOMETHING_ELSE.search(sentence):
        return found
    if _NOT_RECEIVED.search(sentence):
        return found | {Topic.NOT_RECEIVED}
    if _RECEIVED.search(sentence) and not _NEGATED.search(sentence):
        found.add(Topic.RECEIVED)
    if _DELIVERED.search(sentence) and not _NEGATED.search(sentence):
        found.add(Topic.DELIVERED)
    return found
