"""The words an item shows: as a machine read them, or as a person put them right."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from evidence_service.domain.digest import plain_number, scripts

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from uuid import UUID

MOST_CHARS = 100_000
ORDER_NUMBER, TRACKING_NUMBER = "mentions_order_number", "mentions_tracking_number"
MENTIONS = frozenset({ORDER_NUMBER, TRACKING_NUMBER})
# A shorter number stands in any text by chance.
_LEAST_CHARS = 5
_LANGUAGES = {"han": "zh", "cyrillic": "ru", "arabic": "ar"}
# A run that may be a card number which was misread by a digit.
_LONG_NUMBER = re.compile(r"(?:\d[ \t.-]{0,2}){12,}")


class TextSource(StrEnum):
    """`none`: nobody could read it, and nobody will try again by themselves."""

    MACHINE = "machine"
    DOCUMENT = "document"
    PERSON = "person"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class ItemText:
    """`written_by` is None where no person wrote it.

    `is_settled`: all that can be read of the item was looked through for card numbers, or nobody
    could read it; until then a job has more to do, and archiving waits for it.
    """

    language: str
    text: str
    source: TextSource
    written_at: datetime
    written_by: UUID | None = None
    is_settled: bool = True


def language_of(text: str, otherwise: str) -> str:
    """The language by its letters, where they tell; Latin ones do not."""
    return next((_LANGUAGES[one] for one in scripts(text) if one in _LANGUAGES), otherwise)


def mentions(
    text: str, order_numbers: Iterable[str], tracking_numbers: Iterable[str]
) -> frozenset[str]:
    """Which of the case's numbers stand in a text, as facts a checklist may ask for."""
    named = {ORDER_NUMBER: order_numbers, TRACKING_NUMBER: tracking_numbers}
    return frozenset(
        fact for fact, numbers in named.items() if any(_stands_in(text, one) for one in numbers)
    )


def _stands_in(text: str, number: str) -> bool:
    """Letter for letter, whatever blanks and dashes stand between them."""
    wanted = plain_number(number)
    if len(wanted) < _LEAST_CHARS:
        return False
    spaced = r"[\s.–-]{0,2}".join(map(re.escape, wanted))
    return re.search(rf"(?<![0-9A-Za-z]){spaced}(?![0-9A-Za-z])", text, re.IGNORECASE) is not None


def without_long_numbers(text: str) -> str:
    """With stars for the digits of every number that could be a card's."""
    return _LONG_NUMBER.sub(lambda run: re.sub(r"\d", "*", run[0]), text)
