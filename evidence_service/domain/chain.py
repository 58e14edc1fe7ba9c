"""The chain of events: each link's hash covers the link before it (docs/package-format.md).

A chain shows what was changed, removed, added or reordered inside it. It does not show that its
newest links were cut off, or that all of it was written anew: for that its head must be known
from elsewhere, as a package's seal does.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import rfc8785

from evidence_service.domain.events import rfc3339

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from evidence_service.domain.events import Event

FIRST_PREV = "0" * 64
SALT_BYTES = 16


@dataclass(frozen=True, slots=True)
class Link:
    """A chained event. `at` is RFC 3339 in UTC with microseconds; ids are text."""

    chain: str
    seq: int
    at: str
    kind: str
    actor: str | None
    subject: str | None
    data: Mapping[str, Any]
    prev: str
    hash: str

    def to_plain(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in _FIELDS} | {"data": dict(self.data)}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Link:
        """Raises KeyError or TypeError where a field is absent or one too many."""
        if set(plain) != set(_FIELDS):
            raise KeyError("a link has other fields than it should")
        return cls(**plain)


_FIELDS = ("chain", "seq", "at", "kind", "actor", "subject", "data", "prev", "hash")


@dataclass(frozen=True, slots=True)
class ChainProblem:
    """`seq` is the place in the chain where it first shows."""

    seq: int
    what: str

    def __str__(self) -> str:
        return f"event {self.seq}: {self.what}"


def link(event: Event, *, seq: int, prev: str, salts: Mapping[str, bytes]) -> Link:
    """Chain an event; each of its texts enters as a hash keyed by its salt."""
    data = event.data()
    for name, text in event.texts().items():
        data[f"{name}_hmac"] = text_digest(salts[name], text)
    unhashed = Link(
        chain=event.chain,
        seq=seq,
        at=rfc3339(event.at),
        kind=event.kind,
        actor=str(event.actor) if event.actor else None,
        subject=str(event.subject) if event.subject else None,
        data=data,
        prev=prev,
        hash="",
    )
    return Link.from_plain(unhashed.to_plain() | {"hash": digest(unhashed)})


def digest(link: Link) -> str:
    """SHA-256 over RFC 8785 of the link without its hash."""
    plain = link.to_plain()
    del plain["hash"]
    return hashlib.sha256(rfc8785.dumps(plain)).hexdigest()


def text_digest(salt: bytes, text: str) -> str:
    return hmac.new(salt, text.encode(), hashlib.sha256).hexdigest()


def verify_chain(links: Iterable[Link]) -> list[ChainProblem]:
    """What does not fit, each by its place; empty when the chain is whole."""
    problems: list[ChainProblem] = []
    name: str | None = None
    prev, expected = FIRST_PREV, 1
    for one in links:
        name = name or one.chain
        problems += _problems(one, name, prev, expected)
        prev, expected = one.hash, one.seq + 1
    return problems


def _problems(one: Link, name: str, prev: str, expected: int) -> list[ChainProblem]:
    found = []
    if one.chain != name:
        found.append(f"belongs to chain {one.chain}, not {name}")
    if one.seq != expected:
        found.append(f"stands where event {expected} should")
    if one.prev != prev:
        found.append("does not follow the event before it")
    try:
        if digest(one) != one.hash:
            found.append("was changed: its hash is not that of its content")
    except (rfc8785.CanonicalizationError, TypeError, ValueError):
        found.append("holds values that no chain holds")
    return [ChainProblem(one.seq, what) for what in found]
