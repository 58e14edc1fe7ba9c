"""Contradictions between order, tracking, chat, statement and the platform's own record.

Each names both its places.

They are pointed out and change nothing: which of two records is right, a person decides. What was
not read contradicts nothing, and what could be read in two ways is not brought up.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from evidence_service.domain.checks import same_city, same_postcode
from evidence_service.domain.digest import plain_number
from evidence_service.domain.evidence import EvidenceKind
from evidence_service.domain.order import Money
from evidence_service.domain.saying import Topic, topics
from evidence_service.domain.tracking import TrackingStatus

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from evidence_service.domain.digest import Claim, Digest, Parcel, Purchase, Scan

_SHIPPED = (TrackingStatus.IN_TRANSIT, TrackingStatus.OUT_FOR_DELIVERY)
# Track of a parcel on its way back: another number, the other direction.
ON_THE_WAY_BACK = frozenset({EvidenceKind.RETURN_TRACKING, EvidenceKind.RETURN_LABEL})
# A capture's time is often stated as a day, in nobody's zone.
_CAPTURE_SLACK = timedelta(days=1)
_REFUND_STATUS = re.compile("refund|退款|возвра|reembols|remboursé|erstattet")
# Numbers of the Universal Postal Union and of UPS: the two forms that mean nothing else.
_TRACKING_NUMBER = re.compile(r"\b(?:[A-Z]{2}\d{9}[A-Z]{2}|1Z[0-9A-Z]{16})\b")


class Item(Protocol):
    """An item of the case, with what was read of it."""

    @property
    def id(self) -> UUID: ...
    @property
    def kind(self) -> EvidenceKind: ...
    @property
    def counts(self) -> bool: ...
    @property
    def captured_at(self) -> datetime | None: ...
    @property
    def added_at(self) -> datetime: ...
    @property
    def digest(self) -> Digest: ...


@dataclass(frozen=True, slots=True)
class Told:
    """What the case says by itself, beside its evidence. `statement` maps fields to their text."""

    order_numbers: tuple[str, ...]
    claim_text: str = ""
    # The reason's common name is that nothing came.
    claims_not_received: bool = False
    amount: Money | None = None
    respond_by: datetime | None = None
    dispute_ref: str = ""
    # The reason's code, and those of all reasons the platform knows.
    reason: str = ""
    known_reasons: frozenset[str] = frozenset()
    statement: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands. `where` is a path into the item's reading, or a field of the case.

    `evidence_id` is None for the case itself.
    """

    where: str
    evidence_id: UUID | None = None

    def to_plain(self) -> dict[str, object]:
        return {
            "evidence_id": str(self.evidence_id) if self.evidence_id else None,
            "where": self.where,
        }


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two places that cannot both be right. Its sentence is `contradiction.<code>`."""

    code: str
    places: tuple[Place, Place]
    params: Mapping[str, str] = field(default_factory=dict)

    def to_plain(self) -> dict[str, object]:
        return {
            "code": self.code,
            "params": dict(self.params),
            "places": [place.to_plain() for place in self.places],
        }


def contradictions(items: Sequence[Item], told: Told) -> tuple[Contradiction, ...]:
    """Everything that contradicts something else; the order of the items plays no part."""
    # In one order whatever order they came in, since a place is named for several alike.
    counting = sorted((item for item in items if item.counts), key=lambda item: item.id)
    outward = [item for item in counting if item.kind not in ON_THE_WAY_BACK]
    parcels = [
        (Place(f"tracking[{n}]", item.id), parcel)
        for item in outward
        for n, parcel in enumerate(item.digest.parcels)
    ]
    orders = [
        (Place(f"order[{n}]", item.id), order)
        for item in counting
        for n, order in enumerate(item.digest.purchases)
    ]
    own = [(place, order) for place, order in orders if _is_own(order, told)]
    claims = [
        (Place(f"dispute[{n}]", item.id), claim)
        for item in counting
        for n, claim in enumerate(item.digest.claims)
        if _is_about(claim, told)
    ]
    found = [
        *_numbers(parcels, own),
        *_instants(parcels, own),
        *_places(parcels, own),
        *_amounts(own, told),
        *_claims(counting, own, told),
        *_records(claims, told),
        *_statements(parcels, own, told),
        *_captures(counting),
    ]
    return tuple(sorted(found, key=_position))


def _key(place: Place) -> tuple[str, str]:
    return str(place.evidence_id), place.where


def _position(found: Contradiction) -> tuple[str, list[tuple[str, str]]]:
    return found.code, [_key(place) for place in found.places]


def _is_own(order: Purchase, told: Told) -> bool:
    return plain_number(order.number) in {plain_number(one) for one in told.order_numbers}


def _is_about(claim: Claim, told: Told) -> bool:
    """Whether the record is of this case's dispute: nothing it names is another one's."""
    number, reference = plain_number(claim.order_number), plain_number(claim.reference)
    own = {plain_number(one) for one in told.order_numbers}
    ref = plain_number(told.dispute_ref)
    return (not number or number in own) and (not reference or not ref or reference == ref)


Parcels = list[tuple[Place, "Parcel"]]
Orders = list[tuple[Place, "Purchase"]]
Claims = list[tuple[Place, "Claim"]]


def _in(place: Place, part: str) -> Place:
    return Place(f"{place.where}.{part}", place.evidence_id)


def _scan(place: Place, scan: Scan) -> Place:
    return _in(place, f"events[{scan.index}]")


def _text(at: datetime) -> str:
    return at.isoformat(timespec="minutes")


def _numbers(parcels: Parcels, orders: Orders) -> Iterator[Contradiction]:
    """A parcel none of the case's orders went out with."""
    known = {plain_number(number) for _, order in orders for number in order.tracking_numbers}
    if not known:
        return
    place, order = next((place, order) for place, order in orders if order.tracking_numbers)
    for there, parcel in parcels:
        if plain_number(parcel.number) and plain_number(parcel.number) not in known:
            yield Contradiction(
                "tracking_number_differs",
                (_in(there, "number"), _in(place, "tracking_numbers")),
                {"found": parcel.number, "ordered": ", ".join(order.tracking_numbers)},
            )


def _instants(parcels: Parcels, orders: Orders) -> Iterator[Contradiction]:
    for there, parcel in parcels:
        arrived = parcel.first(TrackingStatus.DELIVERED)
        if arrived is None or arrived.at is None:
            continue
        starts = [
            scan for status in _SHIPPED if (scan := parcel.first(status)) and scan.at is not None
        ]
        # Something must have moved before it came; a scan behind the delivery alone is no start.
        if starts and all(scan.at and scan.at > arrived.at for scan in starts):
            start = min(starts, key=lambda scan: scan.index)
            yield Contradiction(
                "delivered_before_shipped",
                (_scan(there, arrived), _scan(there, start)),
                {"delivered": _text(arrived.at), "shipped": _text(start.at or arrived.at)},
            )
        for place, order in orders:
            if order.placed_at is not None and arrived.at < order.placed_at:
                yield Contradiction(
                    "delivered_before_ordered",
                    (_scan(there, arrived), _in(place, "placed_at")),
                    {"delivered": _text(arrived.at), "ordered": _text(order.placed_at)},
                )


def _places(parcels: Parcels, orders: Orders) -> Iterator[Contradiction]:
    """A parcel that went where none of the orders was to go."""
    # The same address many times over is held against a parcel once.
    addresses = {order.to: place for place, order in reversed(orders) if order.to is not None}
    wanted = [(place, to) for to, place in addresses.items()]
    for there, parcel in parcels:
        scan = parcel.last(TrackingStatus.DELIVERED)
        where = _in(there, "destination") if parcel.to else _scan(there, scan) if scan else there
        for code, compare, part in (
            ("city_differs", same_city, "city"),
            ("postcode_differs", same_postcode, "postcode"),
        ):
            answers = [compare(parcel.to, scan, to) for _, to in wanted]
            if False not in answers or True in answers:
                continue
            place, to = wanted[answers.index(False)]
            found = getattr(parcel.to, part, "") or (scan.place if scan else "")
            yield Contradiction(
                code,
                (where, _in(place, f"ship_to.{part}")),
                {"found": found, "ordered": getattr(to, part)},
            )
            break


def _amounts(orders: Orders, told: Told) -> Iterator[Contradiction]:
    """More is claimed than the orders of that currency came to together."""
    if told.amount is None:
        return
    currency = told.amount.currency
    # The same order may be in evidence twice: by number, the larger total counts.
    totals: dict[str, tuple[int, Place]] = {}
    for place, order in orders:
        if order.total is not None and order.total.currency == currency:
            entry = (order.total.amount_minor, place)
            number = plain_number(order.number)
            totals[number] = max(totals.get(number, entry), entry, key=lambda one: one[0])
    if not totals or len(totals) < len({plain_number(one) for one in told.order_numbers}):
        return
    together = Money(sum(amount for amount, _ in totals.values()), currency)
    if told.amount.amount_minor > together.amount_minor:
        place = min((place for _, place in totals.values()), key=_key)
        yield Contradiction(
            "amount_above_order",
            (Place("amount"), _in(place, "total")),
            {"claimed": str(told.amount), "ordered": str(together)},
        )


def _claims(items: Sequence[Item], orders: Orders, told: Told) -> Iterator[Contradiction]:
    claim = topics(told.claim_text)
    denies = told.claims_not_received or Topic.NOT_RECEIVED in claim
    claimed_at = Place("claim_text" if told.claim_text else "reason")
    for item in items:
        for n, chat in enumerate(item.digest.chats):
            # The first of each is enough to open the chat at.
            for said in {said.topic: said for said in reversed(chat.said)}.values():
                there = Place(f"transcript[{n}].messages[{said.index}]", item.id)
                params = {"said": _text(said.at) if said.at else ""}
                if said.topic is Topic.RECEIVED and denies:
                    yield Contradiction("said_received", (there, claimed_at), params)
                if said.topic is Topic.REFUNDED:
                    yield Contradiction("said_refunded", (there, claimed_at), params)
        if item.kind is EvidenceKind.REFUND_PROOF:
            yield Contradiction("refund_made", (Place("kind", item.id), claimed_at))
    for place, order in orders:
        if _REFUND_STATUS.search(order.status.casefold()):
            there = _in(place, "status")
            yield Contradiction("order_refunded", (there, claimed_at), {"status": order.status})


def _records(claims: Claims, told: Told) -> Iterator[Contradiction]:
    """The platform's own word on the dispute against what the case says of it."""
    for place, claim in claims:
        if told.amount and claim.amount and _differ(claim.amount, told.amount):
            yield Contradiction(
                "dispute_amount",
                (_in(place, "amount"), Place("amount")),
                {"found": str(claim.amount), "stated": str(told.amount)},
            )
        reason = claim.reason.casefold()
        if reason != told.reason and reason in told.known_reasons:
            yield Contradiction(
                "dispute_reason",
                (_in(place, "reason"), Place("reason")),
                {"found": reason, "stated": told.reason},
            )
        if claim.respond_by and told.respond_by and claim.respond_by < told.respond_by:
            yield Contradiction(
                "dispute_deadline",
                (_in(place, "respond_by"), Place("respond_by")),
                {"found": _text(claim.respond_by), "stated": _text(told.respond_by)},
            )
        if _REFUND_STATUS.search(claim.status.casefold()):
            claimed_at = Place("claim_text" if told.claim_text else "reason")
            yield Contradiction(
                "dispute_refunded", (_in(place, "status"), claimed_at), {"status": claim.status}
            )


def _differ(one: Money, other: Money) -> bool:
    """Of two currencies nobody here knows the rate."""
    return one.currency == other.currency and one != other


def _statements(parcels: Parcels, orders: Orders, told: Told) -> Iterator[Contradiction]:
    """The seller's own words against the evidence they go out with."""
    numbers = {plain_number(parcel.number): place for place, parcel in parcels}
    known = numbers.keys() | {
        plain_number(number) for _, order in orders for number in order.tracking_numbers
    }
    arrived = any(parcel.first(TrackingStatus.DELIVERED) for _, parcel in parcels)
    for name, text in sorted(told.statement.items()):
        there = Place(f"statement.{name}")
        for number in sorted(set(_TRACKING_NUMBER.findall(text)) - known):
            if parcels:
                place, parcel = parcels[0]
                params = {"stated": number, "found": parcel.number}
                yield Contradiction("statement_number", (there, _in(place, "number")), params)
        if parcels and not arrived and Topic.DELIVERED in topics(text):
            place, parcel = parcels[0]
            params = {"status": parcel.status.value}
            yield Contradiction("statement_delivered", (there, _in(place, "status")), params)


def _captures(items: Sequence[Item]) -> Iterator[Contradiction]:
    """Something in a record that had not happened when it was captured."""
    for item in items:
        taken = item.captured_at or item.added_at
        named = "captured_at" if item.captured_at else "added_at"
        late = [(at, where) for at, where in _dated(item.digest) if at > taken + _CAPTURE_SLACK]
        if late:
            at, where = max(late)
            yield Contradiction(
                "dated_after_capture",
                (Place(where, item.id), Place(named, item.id)),
                {"dated": _text(at), "captured": _text(taken)},
            )


def _dated(read: Digest) -> Iterator[tuple[datetime, str]]:
    for n, parcel in enumerate(read.parcels):
        for scan in parcel.ends:
            if scan.at is not None:
                yield scan.at, f"tracking[{n}].events[{scan.index}]"
    for n, chat in enumerate(read.chats):
        if chat.last_at is not None:
            yield chat.last_at, f"transcript[{n}].messages[{chat.last_index}]"
    for n, order in enumerate(read.purchases):
        if order.placed_at is not None:
            yield order.placed_at, f"order[{n}].placed_at"
