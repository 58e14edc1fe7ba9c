"""Whether a file writes the day or the month first: decided once, from all of its dates."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from itertools import pairwise

# The three numbers of a date as they stand, the year already in full: (27, 3, 2022).
Parts = tuple[int, int, int]
Order = Callable[[Parts], date | None]

_CENTURY = 100


def full_year(year: int) -> int:
    return year + 2000 if year < _CENTURY else year


def day_first(parts: Parts) -> date | None:
    return _date(parts[2], parts[1], parts[0])


def month_first(parts: Parts) -> date | None:
    return _date(parts[2], parts[0], parts[1])


def year_first(parts: Parts) -> date | None:
    return _date(*parts)


def order_of(
    dates: Sequence[Parts], *, points: bool = False, fits: Callable[[Order], bool] | None = None
) -> Order | None:
    """How the dates are to be read, or None where they leave it open.

    Args:
        dates: every date of the file.
        points: whether points stand between the numbers; no language writes the month first then.
        fits: what else an order must fit, such as the weekdays beside the dates.
    """
    if any(parts[0] >= _CENTURY for parts in dates):
        return year_first
    possible: list[Order] = [
        order
        for order in (day_first, month_first)
        if all(order(parts) for parts in dates) and (fits is None or fits(order))
    ]
    if len(possible) < 2:  # noqa: PLR2004 - one of two
        return possible[0] if possible else None
    if points or all(day_first(parts) == month_first(parts) for parts in dates):
        return day_first
    forward = [order for order in possible if _runs_forward(dates, order)]
    return forward[0] if len(forward) == 1 else None


def _runs_forward(dates: Sequence[Parts], order: Order) -> bool:
    """Whether time never runs back by a day or more."""
    days = [day for parts in dates if (day := order(parts))]
    return all(before <= after for before, after in pairwise(days))


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
