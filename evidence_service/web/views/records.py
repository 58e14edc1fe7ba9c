"""What a reader understood of an item, as its pages say it."""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING

from evidence_service.domain.tracking import Tracking
from evidence_service.domain.transcript import Transcript
from evidence_service.usecases.submit.bundle_content import order_records

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from evidence_service.domain.bundle import OrderFacts
    from evidence_service.domain.case import Case


@dataclass(frozen=True, slots=True)
class Line:
    """A scan or a message. Without `at` the source names no zone; `written` is its own time."""

    at: datetime | None
    written: str
    text: str


@dataclass(frozen=True, slots=True)
class Record:
    """What an item says: orders, of which `others` are other buyers', scans and messages."""

    orders: Sequence[OrderFacts] = ()
    others: int = 0
    lines: Sequence[Line] = ()

    @property
    def is_empty(self) -> bool:
        return not self.orders and not self.lines

    def part(self, start: int, most: int) -> Record:
        """The orders, and so many lines from that one on."""
        return Record(self.orders, self.others, self.lines[start : start + most])


def records(case: Case, contents: Mapping[UUID, Sequence[object]]) -> dict[UUID, Record]:
    """By item; one of which nothing was read is not among them."""
    said = [(key, one) for key, several in contents.items() for one in several]
    orders = {one.evidence_id: one for one in order_records(said, case)}
    found = {}
    for key, several in contents.items():
        order = orders.get(key)
        lines = _in_order([line for one in several for line in _lines(one)])
        record = Record(order.orders if order else (), order.others if order else 0, lines)
        if not record.is_empty:
            found[key] = record
    return found


def _in_order(lines: list[Line]) -> list[Line]:
    """By their instants; as in the source where one has none."""
    if any(line.at is None for line in lines):
        return lines
    return sorted(lines, key=attrgetter("at"))


def _lines(content: object) -> Iterator[Line]:
    if isinstance(content, Tracking):
        for scan in content.events:
            words = (scan.description or scan.carrier_status, scan.place)
            yield Line(scan.at, scan.local_time, " · ".join(filter(None, words)))
    elif isinstance(content, Transcript):
        for message in content.messages:
            if not message.is_internal:
                yield Line(message.sent_at, message.local_time, message.line)
