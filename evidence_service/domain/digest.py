"""What judging asks of a reading, taken from it once, when it is made.

A chat of two thousand messages comes down to some instants and the few places where something
telling is said. Digests are kept with their items: judging a case walks no message and opens no
normal form. They hold no sentence of anybody; `index` says where in the reading one stands.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any

from evidence_service.domain.dispute import Dispute
from evidence_service.domain.order import Address, Money, Order
from evidence_service.domain.picture import Picture
from evidence_service.domain.saying import Topic, topics
from evidence_service.domain.tracking import Tracking, TrackingStatus
from evidence_service.domain.transcript import MessageRole, Transcript

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from evidence_service.domain.reading import Reading
    from evidence_service.domain.transcript import Message

# Enough to show where; the rest of a long quarrel repeats it.
_MOST_SAYINGS = 20
# A script below this share of the letters is a brand or a link, not the language.
_LEAST_SHARE = 0.1
_NOT_THE_BUYER = frozenset(
    {MessageRole.SELLER, MessageRole.PLATFORM, MessageRole.BOT, MessageRole.SYSTEM}
)


@dataclass(frozen=True, slots=True)
class Scan:
    """The first or the last scan of a status; `index` counts the record's scans from 0."""

    status: TrackingStatus
    at: datetime | None
    place: str
    index: int


@dataclass(frozen=True, slots=True)
class Parcel:
    """`ends` are the first and last scan of each status, by the record's order where times lack."""

    number: str
    status: TrackingStatus
    to: Address | None
    ends: tuple[Scan, ...]

    def first(self, status: TrackingStatus) -> Scan | None:
        return next((scan for scan in self.ends if scan.status is status), None)

    def last(self, status: TrackingStatus) -> Scan | None:
        return next((scan for scan in reversed(self.ends) if scan.status is status), None)


@dataclass(frozen=True, slots=True)
class Said:
    """Somebody says one of the things that may contradict a claim; `index` counts messages."""

    topic: Topic
    at: datetime | None
    index: int


@dataclass(frozen=True, slots=True)
class Chat:
    """`first_at` and `last_at` are of the messages with an instant, `last_index` places the last.

    `asked_at` is the buyer's first word and `answered_at` the seller's first after it; both are
    None where the export names people instead of roles. `languages` are the tags the source gives,
    `scripts` what the letters are.
    """

    channel: str
    first_at: datetime | None
    last_at: datetime | None
    last_index: int
    is_timed: bool
    asked_at: datetime | None
    answered_at: datetime | None
    languages: frozenset[str]
    scripts: frozenset[str]
    said: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Purchase:
    """An order. `elements` are what ties it to a person: "ip:…", "device:…", "address:…"."""

    number: str
    placed_at: datetime | None
    total: Money | None
    to: Address | None
    tracking_numbers: tuple[str, ...]
    status: str
    elements: frozenset[str]
    is_disputed: bool | None
    promised_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """What the platform's own record says of a dispute; what it leaves out is empty."""

    reference: str
    order_number: str
    reason: str
    status: str
    amount: Money | None
    respond_by: datetime | None


@dataclass(frozen=True, slots=True)
class Digest:
    """Of one item. Empty where nothing was read: then nothing is known, and nothing is wrong."""

    parcels: tuple[Parcel, ...] = ()
    chats: tuple[Chat, ...] = ()
    purchases: tuple[Purchase, ...] = ()
    claims: tuple[Claim, ...] = ()
    pictures: tuple[Picture, ...] = ()

    def to_plain(self) -> dict[str, Any]:
        """As JSON values; what is empty is left out."""
        plain: dict[str, list[Any]] = {
            "parcels": [_parcel_plain(one) for one in self.parcels],
            "chats": [_chat_plain(one) for one in self.chats],
            "purchases": [_purchase_plain(one) for one in self.purchases],
            "claims": [_claim_plain(one) for one in self.claims],
            "pictures": [one.to_plain() for one in self.pictures],
        }
        return {name: values for name, values in plain.items() if values}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Digest:
        if not plain:
            return NOTHING_READ
        return cls(
            parcels=tuple(_parcel(one) for one in plain.get("parcels", ())),
            chats=tuple(_chat(one) for one in plain.get("chats", ())),
            purchases=tuple(_purchase(one) for one in plain.get("purchases", ())),
            claims=tuple(_claim(one) for one in plain.get("claims", ())),
            pictures=tuple(Picture.from_plain(one) for one in plain.get("pictures", ())),
        )


NOTHING_READ = Digest()


def digest(reading: Reading) -> Digest:
    """What judging asks of the reading."""
    contents = reading.contents
    return Digest(
        parcels=tuple(_of_tracking(one) for one in contents if isinstance(one, Tracking)),
        chats=tuple(_of_transcript(one) for one in contents if isinstance(one, Transcript)),
        purchases=tuple(_of_order(one) for one in contents if isinstance(one, Order)),
        claims=tuple(
            Claim(
                one.reference, one.order_number, one.reason, one.status, one.amount, one.respond_by
            )
            for one in contents
            if isinstance(one, Dispute)
        ),
        pictures=tuple(one for one in contents if isinstance(one, Picture)),
    )


@lru_cache(maxsize=4096)
def plain_number(number: str) -> str:
    """A number as carriers compare it: letters and digits, without case."""
    return "".join(letter for letter in number if letter.isalnum()).upper()


# --- from the normal forms ------------------------------------------------------------------


def _of_tracking(tracking: Tracking) -> Parcel:
    scans = [
        Scan(event.status, event.at, event.place, index)
        for index, event in enumerate(tracking.events)
    ]
    if all(scan.at is not None for scan in scans):
        scans.sort(key=lambda scan: (scan.at, scan.index))
    ends: dict[int, Scan] = {}
    for status in TrackingStatus:
        same = [scan for scan in scans if scan.status is status]
        ends |= {scan.index: scan for scan in (*same[:1], *same[-1:])}
    kept = tuple(scan for scan in scans if scan.index in ends)
    return Parcel(tracking.number, tracking.status, tracking.destination, kept)


def _of_transcript(transcript: Transcript) -> Chat:
    heard = _Heard()
    for index, message in _shown(transcript):
        heard.add(index, message)
    return Chat(
        channel=transcript.channel,
        first_at=heard.first[0] if heard.first else None,
        last_at=heard.last[0] if heard.last else None,
        last_index=heard.last[1] if heard.last else 0,
        is_timed=heard.first is not None and not heard.is_any_timeless,
        asked_at=heard.asked_at,
        answered_at=_answer(transcript, heard.asked_at) if heard.asked_at else None,
        languages=frozenset(heard.languages),
        scripts=_scripts(heard.letters),
        said=tuple(heard.said),
    )


def _shown(transcript: Transcript) -> Iterator[tuple[int, Message]]:
    return ((i, one) for i, one in enumerate(transcript.messages) if not one.is_internal)


@dataclass(slots=True)
class _Heard:
    """What is gathered on the way through a chat, message by message: a long one is never held."""

    first: tuple[datetime, int] | None = None
    last: tuple[datetime, int] | None = None
    is_any_timeless: bool = False
    asked_at: datetime | None = None
    languages: set[str] = field(default_factory=set)
    letters: Counter[str] = field(default_factory=Counter)
    said: list[Said] = field(default_factory=list)

    def add(self, index: int, message: Message) -> None:
        at = message.sent_at
        if at is None:
            self.is_any_timeless = True
        else:
            self.first = min(self.first or (at, index), (at, index))
            self.last = max(self.last or (at, index), (at, index))
            if message.role is MessageRole.BUYER:
                self.asked_at = min(self.asked_at or at, at)
        if message.language:
            self.languages.add(message.language.casefold().replace("_", "-").split("-")[0])
        self.letters.update(message.text)
        self.said += islice(_said(index, message), _MOST_SAYINGS - len(self.said))


def _answer(transcript: Transcript, asked_at: datetime) -> datetime | None:
    """A person's: what a bot says at once answers nobody."""
    answers = (
        one.sent_at
        for _, one in _shown(transcript)
        if one.role is MessageRole.SELLER and one.sent_at is not None and one.sent_at >= asked_at
    )
    return min(answers, default=None)


def _said(index: int, message: Message) -> Iterator[Said]:
    for topic in topics(message.text):
        # That a parcel came is the buyer's to say; of a refund both sides speak.
        if topic is Topic.REFUNDED or message.role not in _NOT_THE_BUYER:
            yield Said(topic, message.sent_at, index)


@lru_cache(maxsize=1024)
def scripts(text: str) -> frozenset[str]:
    """The scripts its letters are of, as `han`, `cyrillic`, `latin`."""
    return _scripts(Counter(text))


def _scripts(found: Counter[str]) -> frozenset[str]:
    counted: Counter[str] = Counter()
    for letter, times in found.items():
        if letter.isalpha():
            counted[_script(letter)] += times
    letters = counted.total()
    return frozenset(name for name, times in counted.items() if times >= letters * _LEAST_SHARE)


@lru_cache(maxsize=4096)
def _script(letter: str) -> str:
    name = unicodedata.name(letter, "UNKNOWN").split()[0].split("-")[0].casefold()
    return {"cjk": "han", "fullwidth": "latin"}.get(name, name)


def _of_order(order: Order) -> Purchase:
    elements = {f"{name}:{fold(value)}" for name, value in order.identity.items() if value}
    if order.ship_to is not None and order.ship_to.street:
        place = order.ship_to
        parts = (place.street, place.city, place.postcode, place.country)
        elements.add("address:" + fold(" ".join(parts)))
    return Purchase(
        number=order.number,
        placed_at=order.placed_at,
        total=order.total,
        to=order.ship_to,
        tracking_numbers=order.tracking_numbers,
        status=order.status,
        elements=frozenset(elements),
        is_disputed=order.is_disputed,
        promised_at=order.promised_at,
    )


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Letters and digits alone, as readers take them for the same: no case, accent or comma."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    kept = (c if c.isalnum() else " " for c in plain if not unicodedata.combining(c))
    return " ".join("".join(kept).split())


# --- to and from JSON values ----------------------------------------------------------------


def _instant(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _at(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _place(plain: Mapping[str, str] | None) -> Address | None:
    return Address(**plain) if plain else None


def _parcel_plain(parcel: Parcel) -> dict[str, Any]:
    return {
        "number": parcel.number,
        "status": parcel.status.value,
        "to": parcel.to.to_plain() if parcel.to else None,
        "ends": [[s.status.value, _instant(s.at), s.place, s.index] for s in parcel.ends],
    }


def _parcel(plain: Mapping[str, Any]) -> Parcel:
    ends = tuple(
        Scan(TrackingStatus(status), _at(at), place, index)
        for status, at, place, index in plain["ends"]
    )
    return Parcel(plain["number"], TrackingStatus(plain["status"]), _place(plain["to"]), ends)


def _chat_plain(chat: Chat) -> dict[str, Any]:
    return {
        "channel": chat.channel,
        "span": [_instant(chat.first_at), _instant(chat.last_at)],
        "last_index": chat.last_index,
        "is_timed": chat.is_timed,
        "answer": [_instant(chat.asked_at), _instant(chat.answered_at)],
        "languages": sorted(chat.languages),
        "scripts": sorted(chat.scripts),
        "said": [[said.topic.value, _instant(said.at), said.index] for said in chat.said],
    }


def _chat(plain: Mapping[str, Any]) -> Chat:
    first_at, last_at = map(_at, plain["span"])
    asked_at, answered_at = map(_at, plain["answer"])
    return Chat(
        channel=plain["channel"],
        first_at=first_at,
        last_at=last_at,
        last_index=plain["last_index"],
        is_timed=plain["is_timed"],
        asked_at=asked_at,
        answered_at=answered_at,
        languages=frozenset(plain["languages"]),
        scripts=frozenset(plain["scripts"]),
        said=tuple(Said(Topic(topic), _at(at), index) for topic, at, index in plain["said"]),
    )


def _purchase_plain(purchase: Purchase) -> dict[str, Any]:
    return {
        "number": purchase.number,
        "placed_at": _instant(purchase.placed_at),
        "total": purchase.total.to_plain() if purchase.total else None,
        "to": purchase.to.to_plain() if purchase.to else None,
        "tracking_numbers": list(purchase.tracking_numbers),
        "status": purchase.status,
        "elements": sorted(purchase.elements),
        "is_disputed": purchase.is_disputed,
        "promised_at": _instant(purchase.promised_at),
    }


def _purchase(plain: Mapping[str, Any]) -> Purchase:
    return Purchase(
        number=plain["number"],
        placed_at=_at(plain["placed_at"]),
        total=Money.from_plain(plain["total"]) if plain["total"] else None,
        to=_place(plain["to"]),
        tracking_numbers=tuple(plain["tracking_numbers"]),
        status=plain["status"],
        elements=frozenset(plain["elements"]),
        is_disputed=plain["is_disputed"],
        promised_at=_at(plain.get("promised_at")),
    )


def _claim_plain(claim: Claim) -> dict[str, Any]:
    return {
        "reference": claim.reference,
        "order_number": claim.order_number,
        "reason": claim.reason,
        "status": claim.status,
        "amount": claim.amount.to_plain() if claim.amount else None,
        "respond_by": _instant(claim.respond_by),
    }


def _claim(plain: Mapping[str, Any]) -> Claim:
    return Claim(
        reference=plain["reference"],
        order_number=plain["order_number"],
        reason=plain["reason"],
        status=plain["status"],
        amount=Money.from_plain(plain["amount"]) if plain["amount"] else None,
        respond_by=_at(plain["respond_by"]),
    )
