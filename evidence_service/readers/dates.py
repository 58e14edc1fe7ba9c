"""Whether a file writes the day or the month first: decided once, from all of its dates."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from itertools import pairwise

from evidence_service.domain.choices import DateOrder

# The three numbers of a date as they stand: (27, 3, 2022), (24, 5, 1).
Parts = tuple[int, int, int]
Order = Callable[[Parts], date | None]

_CENTURY, _FIRST_YEAR = 100, 9
_BUDDHIST, _BUDDHIST_ERA = 2400, 543


def full_year(year: int) -> int:
    """With its century; years of the Buddhist calendar, which Thai phones write, as ours."""
    if year > _BUDDHIST:
        return year - _BUDDHIST_ERA
    return year + 2000 if 0 <= year < _CENTURY else year


def parts(first: str, second: str, third: str) -> Parts:
    return int(first), int(second), int(third)


def day_first(numbers: Parts) -> date | None:
    return _date(numbers[2], numbers[1], numbers[0])


def month_first(numbers: Parts) -> date | None:
    return _date(numbers[2], numbers[0], numbers[1])


def year_first(numbers: Parts) -> date | None:
    return _date(*numbers)


ORDERS: dict[DateOrder, Order] = {
    DateOrder.DAY_FIRST: day_first,
    DateOrder.MONTH_FIRST: month_first,
    DateOrder.YEAR_FIRST: year_first,
}
_NAMES = {order: name for name, order in ORDERS.items()}


def name_of(order: Order | None) -> DateOrder | None:
    return _NAMES[order] if order else None


def order_of(
    dates: Sequence[Parts],
    *,
    points: bool = False,
    leads: bool = False,
    fits: Callable[[Order], bool] | None = None,
    chosen: DateOrder | None = None,
) -> Order | None:
    """How the dates are to be read, or None where they leave it open.

    Args:
        dates: every date of the file.
        points: whether points stand between the numbers; no language writes the month first then.
        leads: whether the form of the dates is one that begins with a short year.
        fits: what else an order must fit, such as the weekdays beside the dates.
        chosen: what a person says, taken where the dates allow it.
    """
    if any(numbers[0] >= _CENTURY for numbers in dates):
        return year_first
    may_lead = _may_begin_with_year(dates, leads=leads)
    possible: list[Order] = [
        order
        for order in (day_first, month_first, *([year_first] if may_lead else []))
        if all(order(numbers) for numbers in dates) and (fits is None or fits(order))
    ]
    if len(possible) < 2:  # noqa: PLR2004 - one of two
        return possible[0] if possible else None
    if chosen and ORDERS[chosen] in possible:
        return ORDERS[chosen]
    if may_lead:
        possible = [year_first] if leads else possible
    elif points or all(day_first(numbers) == month_first(numbers) for numbers in dates):
        return day_first
    forward = [order for order in possible if _runs_forward(dates, order)]
    return forward[0] if len(forward) == 1 else None


def _may_begin_with_year(dates: Sequence[Parts], *, leads: bool) -> bool:
    """Whether the first numbers may be short years: the last ones change more often."""
    if any(numbers[2] >= _CENTURY or numbers[0] < _FIRST_YEAR for numbers in dates):
        return False
    firsts, thirds = ({numbers[at] for numbers in dates} for at in (0, 2))
    return len(firsts) < len(thirds) or (leads and len(firsts) == len(thirds))


def _runs_forward(dates: Sequence[Parts], order: Order) -> bool:
    """Whether time never runs back by a day or more."""
    days = [day for numbers in dates if (day := order(numbers))]
    return all(before <= after for before, after in pairwise(days))


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(full_year(year), month, day)
    except ValueError:
        return None
