"""Whether a file writes the day or the month first: decided once, from all of its dates."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from itertools import pairwise

# The three numbers of a date as they stand, the year already in full: (27, 3, 2022).
Parts = tuple[int, int, int]
Order = Callable[[Parts], date | None]

_CENTURY, _SHORT = 100, 2


def full_year(year: int) -> int:
    return year + 2000 if year < _CENTURY else year


def parts(first: str, second: str, third: str) -> Parts:
    """The numbers of a written date; the year is the one with most digits, else the last."""
    if len(first) > _SHORT:
        return int(first), int(second), int(third)
    return int(first), int(second), full_year(int(third))


def day_first(numbers: Parts) -> date | None:
    return _date(numbers[2], numbers[1], numbers[0])


def month_first(numbers: Parts) -> date | None:
    return _date(numbers[2], numbers[0], numbers[1])


def year_first(numbers: Parts) -> date | None:
    return _date(*numbers)


def order_of(
    dates: Sequence[Parts], *, points: bool = False, fits: Callable[[Order], bool] | None = None
) -> Order | None:
    """How the dates are to be read, or None where they leave it open.

    Args:
        dates: every date of the file.
        points: whether points stand between the numbers; no language writes the month first then.
        fits: what else an order must fit, such as the weekdays beside the dates.
    """
    if any(numbers[0] >= _CENTURY for numbers in dates):
        return year_first
    possible: list[Order] = [
        order
        for order in (day_first, month_first)
        if all(order(numbers) for numbers in dates) and (fits is None or fits(order))
    ]
    if len(possible) < 2:  # noqa: PLR2004 - one of two
        return possible[0] if possible else None
    if points or all(day_first(numbers) == month_first(numbers) for numbers in dates):
        return day_first
    forward = [order for order in possible if _runs_forward(dates, order)]
    return forward[0] if len(forward) == 1 else None


def _runs_forward(dates: Sequence[Parts], order: Order) -> bool:
    """Whether time never runs back by a day or more."""
    days = [day for numbers in dates if (day := order(numbers))]
    return all(before <= after for before, after in pairwise(days))


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
