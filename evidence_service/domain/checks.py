"""What more a requirement may ask of the items that count for it: a small closed set of sorts.

A check reads digests alone. It passes if as many items show it as the requirement wants; it fails
only where what was read shows otherwise; where nothing was read that could answer, it is unknown
and says so. More evidence can only raise a verdict, and the order of items plays no part.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from enum import Enum, IntEnum
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar, Literal, Protocol

from evidence_service.domain.bundle import is_turned, printed_mm_per_px
from evidence_service.domain.digest import fold, plain_number, scripts
from evidence_service.domain.tracking import TrackingStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from uuid import UUID

    from evidence_service.domain.digest import Chat, Digest, Parcel, Purchase, Scan
    from evidence_service.domain.order import Address, Money
    from evidence_service.domain.picture import Picture


class Verdict(IntEnum):
    FAILED = 0
    UNKNOWN = 1
    PASSED = 2


class Read(Protocol):
    """An item and what was read of it."""

    @property
    def id(self) -> UUID: ...
    @property
    def digest(self) -> Digest: ...


@dataclass(frozen=True)
class Circumstances:
    """What a check may hold an item against; `purchases` are all orders there is evidence of."""

    opened_at: datetime | None = None
    respond_by: datetime | None = None
    amount: Money | None = None
    order_numbers: tuple[str, ...] = ()
    details: Mapping[str, str] = field(default_factory=dict)
    purchases: tuple[Purchase, ...] = ()

    @cached_property
    def own_orders(self) -> tuple[Purchase, ...]:
        """The orders the case is about; others are there to show earlier purchases."""
        numbers = {plain_number(number) for number in self.order_numbers}
        return tuple(one for one in self.purchases if plain_number(one.number) in numbers)

    def instant(self, anchor: str) -> datetime | None:
        """The instant an anchor names: `case_opened`, `respond_by`, `order_placed`, `detail:…`."""
        if anchor == "case_opened":
            return self.opened_at
        if anchor == "respond_by":
            return self.respond_by
        if anchor == "order_placed":
            placed = [one.placed_at for one in self.own_orders if one.placed_at is not None]
            return min(placed, default=None)
        return _stated_instant(self.details.get(anchor.removeprefix("detail:"), ""))


NOTHING_KNOWN = Circumstances()
ANCHORS = ("case_opened", "respond_by", "order_placed")


def _stated_instant(text: str) -> datetime | None:
    """An instant with its offset; a bare date could be meant in any zone."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo is not None else None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a check came to; `code` has its sentence in the catalogue: `finding.<code>`."""

    verdict: Verdict
    code: str
    params: Mapping[str, str] = field(default_factory=dict)
    evidence_ids: tuple[UUID, ...] = ()


PASSED = Answer(Verdict.PASSED, "met")


def _failed(code: str, **params: str) -> Answer:
    return Answer(Verdict.FAILED, code, params)


def _unknown(code: str, **params: str) -> Answer:
    return Answer(Verdict.UNKNOWN, code, params)


def _best(answers: Iterable[Answer]) -> Answer:
    """The highest; of equal ones the first by its words, so that order plays no part."""
    return min(answers, key=lambda a: (-a.verdict, a.code, sorted(a.params.items())))


class Check:
    """One more thing asked of the items that count."""

    __slots__ = ()
    sort: ClassVar[str]

    def judge(self, items: Sequence[Read], at_least: int, about: Circumstances) -> Answer:
        """Judge the items a requirement found.

        Args:
            items: those that count for the requirement.
            at_least: how many of them must show it.
            about: what else is known of the case.
        """
        answers = [(self.of_item(item.digest, about), item.id) for item in items]
        for least in (Verdict.PASSED, Verdict.UNKNOWN):
            reaching = [(answer, id_) for answer, id_ in answers if answer.verdict >= least]
            if len(reaching) >= at_least:
                # The lowest of those that are needed is what it comes to.
                level = [pair for pair in reaching if pair[0].verdict is least]
                return _named(level or reaching)
        return _named([pair for pair in answers if pair[0].verdict is Verdict.FAILED])

    def of_item(self, read: Digest, about: Circumstances) -> Answer:
        raise NotImplementedError

    def to_plain(self) -> dict[str, object]:
        """As a pack writes it."""
        given = {one.name: getattr(self, one.name) for one in fields(self)}  # type: ignore[arg-type]  # every sort is a dataclass
        plain = {name: _plain(value) for name, value in given.items() if value not in (None, ())}
        return {"sort": self.sort, **plain}


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return list(value)
    return value.value if isinstance(value, Enum) else value


def _named(level: Sequence[tuple[Answer, UUID]]) -> Answer:
    best = _best(answer for answer, _ in level)
    ids = tuple(sorted(id_ for _, id_ in level))
    return Answer(best.verdict, best.code, best.params, ids)


def _text(at: datetime) -> str:
    return at.isoformat(timespec="minutes")


# --- the way of a parcel --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TrackingShows(Check):
    """A track shows a status; in time, and at the place the order was to go to.

    `before` and `after` are anchors. `to` compares the city or the postcode.
    """

    sort: ClassVar[str] = "tracking_shows"
    status: TrackingStatus
    before: str | None = None
    after: str | None = None
    to: Literal["city", "postcode"] | None = None

    def of_item(self, read: Digest, about: Circumstances) -> Answer:
        if not read.parcels:
            return _unknown("status_unknown", status=self.status.value)
        return _best(self._of_parcel(parcel, about) for parcel in read.parcels)

    def _of_parcel(self, parcel: Parcel, about: Circumstances) -> Answer:
        scan = parcel.first(self.status)
        if scan is None and parcel.status is not self.status:
            unclear = parcel.status is TrackingStatus.UNKNOWN
            code = "status_unknown" if unclear else "status_not_shown"
            answer = _unknown if unclear else _failed
            return answer(code, status=self.status.value)
        asked = [self._in_time(parcel, about)] if self.before or self.after else []
        asked += [self._at_place(parcel, about)] if self.to else []
        return min(asked, key=lambda answer: (answer.verdict, answer.code), default=PASSED)

    def _in_time(self, parcel: Parcel, about: Circumstances) -> Answer:
        """The first such scan is held against `before`, the last against `after`."""
        for anchor, scan, is_within in (
            (self.before, parcel.first(self.status), lambda at, bound: at <= bound),
            (self.after, parcel.last(self.status), lambda at, bound: at >= bound),
        ):
            if anchor is None:
                continue
            answer = self._against(anchor, scan, is_within, about)
            if answer.verdict is not Verdict.PASSED:
                return answer
        return PASSED

    def _against(
        self,
        anchor: str,
        scan: Scan | None,
        is_within: Callable[[datetime, datetime], bool],
        about: Circumstances,
    ) -> Answer:
        bound = about.instant(anchor)
        if scan is None or scan.at is None or bound is None:
            return _unknown("status_time_unknown", status=self.status.value)
        if is_within(scan.at, bound):
            return PASSED
        params = {"status": self.status.value, "at": _text(scan.at), "bound": _text(bound)}
        code = "status_too_late" if anchor == self.before else "status_too_early"
        return _failed(code, **params)

    def _at_place(self, parcel: Parcel, about: Circumstances) -> Answer:
        wanted = list(dict.fromkeys(one.to for one in about.own_orders if one.to is not None))
        scan = parcel.last(self.status)
        compare = same_city if self.to == "city" else same_postcode
        answers = [compare(parcel.to, scan, place) for place in wanted]
        known = [same for same in answers if same is not None]
        if not known:
            return _unknown("status_place_unknown", status=self.status.value)
        if any(known):
            return PASSED
        return _failed(
            "status_elsewhere",
            status=self.status.value,
            wanted=min(one.city or one.postcode for one in wanted),
            found=(parcel.to.city or parcel.to.postcode)
            if parcel.to
            else scan.place
            if scan
            else "",
        )


def same_city(to: Address | None, scan: Scan | None, wanted: Address) -> bool | None:
    """Whether a parcel went to the wanted city; None where the two cannot be compared.

    Names in two scripts, or hidden behind asterisks, may be of one city or of two.
    """
    places = [place for place in (to.city if to else "", scan.place if scan else "") if place]
    answers = {_same_name(place, wanted.city) for place in places}
    if True in answers:
        return True
    return False if answers == {False} else None


def _same_name(place: str, city: str) -> bool | None:
    found, wanted = fold(place), fold(city)
    if not found or not wanted or "*" in place + city:
        return None
    if wanted in found or found in wanted:
        return True
    return None if scripts(found) != scripts(wanted) else False


def same_postcode(to: Address | None, _scan: Scan | None, wanted: Address) -> bool | None:
    """Likewise for postcodes; a longer form (ZIP+4) agrees with its beginning."""
    found, asked = (plain_number(place.postcode) if place else "" for place in (to, wanted))
    if not found or not asked or "*" in (to.postcode if to else "") + wanted.postcode:
        return None
    return found.startswith(asked) or asked.startswith(found)


# --- what was said --------------------------------------------------------------------------


class _OfChats(Check):
    """Asked of a chat; of another item it cannot be known."""

    __slots__ = ()
    unknown: ClassVar[str]

    def of_item(self, read: Digest, about: Circumstances) -> Answer:
        if not read.chats:
            return _unknown(self.unknown)
        return _best(self.of_chat(chat, about) for chat in read.chats)

    def of_chat(self, chat: Chat, about: Circumstances) -> Answer:
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class TranscriptCovers(_OfChats):
    """A chat reaches from one anchor to another; `slack_hours` may lack at either end."""

    sort: ClassVar[str] = "transcript_covers"
    unknown: ClassVar[str] = "span_unknown"
    since: str | None = None
    until: str | None = None
    slack_hours: int = 0

    def of_chat(self, chat: Chat, about: Circumstances) -> Answer:
        if chat.first_at is None or chat.last_at is None:
            return _unknown(self.unknown)
        slack = timedelta(hours=self.slack_hours)
        since = about.instant(self.since) if self.since else chat.first_at
        until = about.instant(self.until) if self.until else chat.last_at
        if since is None or until is None:
            return _unknown(self.unknown)
        if chat.first_at <= since + slack and chat.last_at >= until - slack:
            return PASSED
        if not chat.is_timed:
            # What has no instant may lie where something seems to lack.
            return _unknown(self.unknown)
        return _failed(
            "span_not_covered",
            since=_text(since),
            until=_text(until),
            first=_text(chat.first_at),
            last=_text(chat.last_at),
        )


@dataclass(frozen=True, slots=True)
class FirstReply(_OfChats):
    """The seller answered the buyer's first message within a time."""

    sort: ClassVar[str] = "first_reply"
    unknown: ClassVar[str] = "reply_unknown"
    within_hours: int

    def of_chat(self, chat: Chat, about: Circumstances) -> Answer:  # noqa: ARG002 - a sort's interface
        if chat.asked_at is None:
            return _unknown(self.unknown)
        within = str(self.within_hours)
        if chat.answered_at is None:
            timed = chat.is_timed
            return (_failed if timed else _unknown)(
                "reply_absent" if timed else self.unknown, **({"within": within} if timed else {})
            )
        took = chat.answered_at - chat.asked_at
        if took <= timedelta(hours=self.within_hours):
            return PASSED
        hours = took / timedelta(hours=1)
        return _failed("reply_late", within=within, took=f"{hours:.1f}")


@dataclass(frozen=True, slots=True)
class ChannelIs(_OfChats):
    """The chat was held where the platform wants it."""

    sort: ClassVar[str] = "channel_is"
    unknown: ClassVar[str] = "channel_unknown"
    one_of: tuple[str, ...]

    def of_chat(self, chat: Chat, about: Circumstances) -> Answer:  # noqa: ARG002 - a sort's interface
        if chat.channel in self.one_of:
            return PASSED
        if chat.channel in _SAYS_NO_CHANNEL:
            return _unknown(self.unknown)
        return _failed("channel_other", found=chat.channel, wanted=", ".join(self.one_of))


# Tables and plain exports do not say where the chat was held.
_SAYS_NO_CHANNEL = frozenset({"", "table", "unknown"})
# Which scripts a language is written in; a text in others is in another language.
_SCRIPTS = {
    "zh": {"han"},
    "ja": {"han", "hiragana", "katakana"},
    "ko": {"hangul"},
    "ru": {"cyrillic"},
    "uk": {"cyrillic"},
    "be": {"cyrillic"},
    "bg": {"cyrillic"},
    "kk": {"cyrillic"},
    "ar": {"arabic"},
    "th": {"thai"},
    "el": {"greek"},
    "he": {"hebrew"},
}


@dataclass(frozen=True, slots=True)
class LanguageIs(_OfChats):
    """The chat is in a language the platform reads, by the source's tags or else its letters.

    Letters can show another language, never which of those that share them it is.
    """

    sort: ClassVar[str] = "language_is"
    unknown: ClassVar[str] = "language_unknown"
    one_of: tuple[str, ...]

    def of_chat(self, chat: Chat, about: Circumstances) -> Answer:  # noqa: ARG002 - a sort's interface
        wanted = ", ".join(self.one_of)
        if chat.languages:
            others = chat.languages - set(self.one_of)
            found = ", ".join(sorted(others))
            return _failed("language_other", found=found, wanted=wanted) if others else PASSED
        readable = set().union(*(_SCRIPTS.get(one, {"latin"}) for one in self.one_of))
        strange = chat.scripts - readable
        if strange:
            return _failed("language_other", found=", ".join(sorted(strange)), wanted=wanted)
        return _unknown(self.unknown)


# --- money, pictures, earlier purchases -----------------------------------------------------


@dataclass(frozen=True, slots=True)
class AmountAgrees(Check):
    """An order's total is the disputed amount; or, with `covers`, not below it."""

    sort: ClassVar[str] = "amount_agrees"
    covers: bool = False

    def of_item(self, read: Digest, about: Circumstances) -> Answer:
        totals = [one.total for one in read.purchases if one.total is not None]
        if not totals or about.amount is None:
            return _unknown("amount_unknown")
        return _best(self._of_total(total, about.amount) for total in totals)

    def _of_total(self, total: Money, wanted: Money) -> Answer:
        if total.currency != wanted.currency:
            # Converted at a rate nobody here knows.
            return _unknown("amount_unknown")
        agrees = total.amount_minor >= wanted.amount_minor if self.covers else total == wanted
        return PASSED if agrees else _failed("amount_differs", found=str(total), wanted=str(wanted))


_POINTS_PER_MM = 72 / 25.4
# A font's size is a little more than its letters' ink, tall and low ones together.
_SIZE_PER_INK = 1.1


def text_pt(picture: Picture) -> float | None:
    """The size of the picture's letters once it stands on a page; None without letters."""
    width, height, ink = picture.width, picture.height, picture.text_height_px
    if ink is None or not width or not height:
        return None
    mm_per_px = printed_mm_per_px(width, height, turned=is_turned(width, height))
    return ink * _SIZE_PER_INK * mm_per_px * _POINTS_PER_MM


@dataclass(frozen=True, slots=True)
class PictureLegible(Check):
    """The letters of a picture are large enough once it stands on a page.

    What a reader understood is set in our own letters and is legible.
    """

    sort: ClassVar[str] = "picture_legible"
    min_pt: float

    def of_item(self, read: Digest, about: Circumstances) -> Answer:  # noqa: ARG002 - a sort's interface
        if read.chats or read.parcels or read.purchases:
            return PASSED
        sizes = [size for one in read.pictures if (size := text_pt(one)) is not None]
        if not sizes:
            return _unknown("legibility_unknown")
        if max(sizes) >= self.min_pt:
            return PASSED
        return _failed("text_too_small", found=f"{max(sizes):.1f}", wanted=f"{self.min_pt:g}")


@dataclass(frozen=True, slots=True)
class PriorTransactions(Check):
    """Earlier undisputed purchases of the same person, as Visa's compelling evidence asks for.

    Each lies `min_days` to `max_days` before the disputed one and shares `matching` of `elements`
    with it, of which one is in `one_of`. What a record does not say of itself is unknown.
    """

    sort: ClassVar[str] = "prior_transactions"
    count: int = 2
    min_days: int = 120
    max_days: int = 365
    elements: tuple[str, ...] = ("account", "address", "device", "ip")
    matching: int = 2
    one_of: tuple[str, ...] = ("device", "ip")

    def judge(self, items: Sequence[Read], at_least: int, about: Circumstances) -> Answer:  # noqa: ARG002 - a sort's interface
        """The purchases of all items together, each counted once by its number."""
        own = {one.number for one in about.own_orders}
        found = {
            one.number: (one, item.id)
            for item in sorted(items, key=lambda item: item.id)
            for one in item.digest.purchases
            if one.number not in own
        }
        verdicts = [(self._of_prior(one, about), id_) for one, id_ in found.values()]
        for least, code in ((Verdict.PASSED, "met"), (Verdict.UNKNOWN, "prior_unknown")):
            reaching = [id_ for verdict, id_ in verdicts if verdict >= least]
            unread = [item.id for item in items if not item.digest.purchases]
            if len(reaching) >= self.count or (least is Verdict.UNKNOWN and unread):
                ids = tuple(sorted({*reaching, *(unread if least is Verdict.UNKNOWN else ())}))
                return Answer(
                    least, code, {"wanted": str(self.count)} if code != "met" else {}, ids
                )
        good = sum(verdict is Verdict.PASSED for verdict, _ in verdicts)
        params = {"found": str(good), "wanted": str(self.count)}
        ids = tuple(sorted({item.id for item in items}))
        return Answer(Verdict.FAILED, "prior_too_few", params, ids)

    def _of_prior(self, prior: Purchase, about: Circumstances) -> Verdict:
        disputed = about.own_orders
        if not disputed:
            return Verdict.UNKNOWN
        return max(self._against(prior, one) for one in disputed)

    def _against(self, prior: Purchase, disputed: Purchase) -> Verdict:
        undisputed = {None: Verdict.UNKNOWN, False: Verdict.PASSED, True: Verdict.FAILED}
        parts = (
            undisputed[prior.is_disputed],
            self._in_time(prior, disputed),
            self._matches(prior, disputed),
        )
        return min(parts)

    def _in_time(self, prior: Purchase, disputed: Purchase) -> Verdict:
        if prior.placed_at is None or disputed.placed_at is None:
            return Verdict.UNKNOWN
        before = disputed.placed_at - prior.placed_at
        is_within = timedelta(days=self.min_days) <= before <= timedelta(days=self.max_days)
        return Verdict.PASSED if is_within else Verdict.FAILED

    def _matches(self, prior: Purchase, disputed: Purchase) -> Verdict:
        ours, theirs = _by_name(prior), _by_name(disputed)
        same = {n for n in self.elements if n in ours and ours[n] == theirs.get(n)}
        if self._is_enough(same):
            return Verdict.PASSED
        open_ = {n for n in self.elements if n not in ours or n not in theirs}
        return Verdict.UNKNOWN if self._is_enough(same | open_) else Verdict.FAILED

    def _is_enough(self, names: set[str]) -> bool:
        return len(names) >= self.matching and (not self.one_of or bool(names & set(self.one_of)))


def _by_name(purchase: Purchase) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for element in purchase.elements:
        name, _, value = element.partition(":")
        found.setdefault(name, set()).add(value)
    return {name: frozenset(values) for name, values in found.items()}


SORTS: dict[str, type[Check]] = {
    sort.sort: sort
    for sort in (
        TrackingShows,
        TranscriptCovers,
        FirstReply,
        ChannelIs,
        LanguageIs,
        AmountAgrees,
        PictureLegible,
        PriorTransactions,
    )
}
