"""Times as exports write them: an instant only where they say the zone."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from evidence_service.domain.calendar import taken

# A warning: times of the source have no instant, because it names no zone.
TIME_ZONE_UNKNOWN = "time_zone_unknown"

# As seconds it is a year far ahead, as milliseconds one before these programs.
_MILLISECONDS = 100_000_000_000
_LONGEST = 15


def instant(text: str) -> datetime | None:
    """ISO 8601 with an offset or Z, in UTC; None for a time without zone, or for no time."""
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError:
        return None
    if parsed.tzinfo is None:
        return None
    return taken(parsed)


def in_zone(text: str, zone: str) -> datetime | None:
    """A local time in the zone of this name, at an hour that comes twice the first."""
    try:
        parsed = datetime.fromisoformat(text)
        return taken(parsed.replace(tzinfo=ZoneInfo(zone)))
    except (KeyError, OSError, ValueError):
        return None


def counted(written: str) -> datetime | None:
    """Seconds since 1970, or milliseconds, which their number tells; None for other words."""
    if not (written.isascii() and written.isdecimal() and len(written) <= _LONGEST):
        return None
    number = int(written)
    return epoch(number / 1000 if number >= _MILLISECONDS else number)


def epoch(seconds: float) -> datetime | None:
    """Seconds since 1970, as many interfaces write an instant; None outside the calendar."""
    try:
        return taken(datetime.fromtimestamp(float(seconds), UTC))
    except (OverflowError, OSError, ValueError):
        return None
