"""The instants that are taken from people and files: every zone's clock can show them."""

from __future__ import annotations

from datetime import UTC, datetime

EARLIEST, LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2999, 12, 31, tzinfo=UTC)


def taken(at: datetime) -> datetime | None:
    """The instant in UTC; None where it lies beyond, which no file means in earnest."""
    return at.astimezone(UTC) if EARLIEST <= at <= LATEST else None
