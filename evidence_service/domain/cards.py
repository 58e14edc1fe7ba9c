"""Card numbers in text: found in their disguises, and masked without moving a byte.

A number counts where its digits have an issuer's prefix *and* one of that issuer's lengths and end
in the right check digit (ISO/IEC 7812); prefixes as the networks publish them. The first six and
the last four digits may stay (PCI DSS 4.0, requirement 3.4.1).

Digits may be full-width or of any script, HTML entities or JSON escapes. Between them may stand
what people and programs write there: blanks, dashes, dots, line breaks; invisible characters
anywhere. A number is a whole run of digits, or a part of one in a card's own groups.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

_KEPT_BEFORE, _KEPT_AFTER = 6, 4
_SHORTEST, _LONGEST = 13, 19
_ISSUERS: tuple[tuple[str, tuple[int, ...]], ...] = (
    (r"4", (13, 16, 19)),  # Visa
    (r"5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720", (16,)),  # Mastercard
    (r"3[47]", (15,)),  # American Express
    (r"30[0-5]|3095|36|3[89]", (14,)),  # Diners Club
    (r"6011|64[4-9]|65", (16, 17, 18, 19)),  # Discover
    (r"35(?:2[89]|[3-8])", (16, 17, 18, 19)),  # JCB
    (r"62|81", (16, 17, 18, 19)),  # UnionPay
    (r"220[0-4]", (16, 17, 18, 19)),  # Mir
    (r"50|5[6-9]|6[0-9]", (16, 17, 18, 19)),  # Maestro; shorter ones look like anything
)
_PREFIXES = tuple((re.compile(prefix), lengths) for prefix, lengths in _ISSUERS)
# Ozon writes the number of every posting so (docs.ozon.ru/api/seller, posting_number), and no card.
_POSTING = re.compile(r"[0-9]{8,10}-[0-9]{4}-[0-9]{1,2}")
# How cards print their numbers: a part of a longer run counts only in these groups.
_GROUPS = frozenset({(4, 4, 4, 4), (4, 4, 4, 4, 3), (4, 6, 5), (4, 6, 4), (4, 4, 4, 1)})

_INVISIBLE = "\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff"
_DIGIT = r"\d|&#(?:x(?:0*3\d)|0*(?:4[89]|5[0-7]));|\\u003\d|\\uff1\d"
_GAP = (
    r"[ \t\u00a0\u2000-\u200a\u202f\u3000]|&nbsp;|\\u00a0|[-\u2010-\u2015\u2212.·\u00b7]|\r?\n|\\n"
)
_RUN = re.compile(
    rf"(?<![0-9A-Za-z_.])(?:{_DIGIT})(?:[{_INVISIBLE}]*(?:(?:{_GAP}){{1,3}}[{_INVISIBLE}]*)?(?:{_DIGIT}))"
    rf"{{{_SHORTEST - 1},80}}(?![0-9A-Za-z_])",
    re.IGNORECASE,
)
_UNIT = re.compile(rf"(?P<digit>{_DIGIT})|(?P<gap>(?:{_GAP})+)|[{_INVISIBLE}]+", re.IGNORECASE)
_CODE = re.compile(
    r"(?:cvv2?|cvc2?|csc|cid|security code|安全码|код безопасности)\W{0,6}(?P<code>\d{3,4})(?!\d)",
    re.IGNORECASE,
)
_WIDE_STAR = "\N{FULLWIDTH ASTERISK}"
# How far from a number its security code is looked for, in characters.
NEAR = 120


@dataclass(frozen=True, slots=True)
class _Digit:
    value: str
    start: int
    end: int
    # What stands between this digit and the one before: empty inside a group.
    gap: str


@dataclass(frozen=True, slots=True)
class Cover:
    """Characters of a text and what is to stand there instead: as many, of the same width."""

    start: int
    end: int
    instead: str

    def as_zero(self) -> Cover:
        """The same with a nought for the star, where a star cannot stand."""
        return Cover(self.start, self.end, self.instead.replace("*", "0"))


def find(text: str, known: Collection[str] = ()) -> tuple[int, tuple[Cover, ...]]:
    """How many card numbers a text holds, and what masks them.

    Args:
        text: of a file, as it was decoded.
        known: numbers that are none, as the case's order numbers; digits alone are compared.
    """
    found = list(each(text, known))
    covers = {cover for _, masks in found for cover in masks}
    return len(found), tuple(sorted(covers, key=lambda cover: cover.start))


def each(text: str, known: Collection[str] = ()) -> Iterator[tuple[int, list[Cover]]]:
    """Where each card number begins, and what masks it and its security code."""
    innocent = {"".join(c for c in number if c.isdecimal()) for number in known}
    for run in _RUN.finditer(text):
        if _POSTING.fullmatch(run[0]) or not _may_hold_a_number(run[0]):
            continue
        for number in _numbers(_digits(run)):
            if "".join(digit.value for digit in number) not in innocent:
                hidden = number[_KEPT_BEFORE : len(number) - _KEPT_AFTER]
                covers = [_cover(text, digit.start, digit.end) for digit in hidden]
                start, end = number[0].start, number[-1].end
                yield start, [*covers, *_codes(text, start, end)]


def is_card(digits: str) -> bool:
    """Whether these digits are a card's number: prefix, length and check digit."""
    lengths = {
        length for prefix, allowed in _PREFIXES if prefix.match(digits) for length in allowed
    }
    return len(digits) in lengths and _check(digits) == 0


def _may_hold_a_number(run: str) -> bool:
    """Quickly, for tables of figures: a part needs a card's groups, the whole a card's length."""
    if "&" in run or "\\" in run:
        return True
    lengths = [len(group) for group in re.findall(r"\d+", run)]
    parts = any(length == 4 or length >= _SHORTEST for length in lengths)  # noqa: PLR2004 - cards are grouped by four
    return parts or sum(lengths) <= _LONGEST


def _check(digits: str) -> int:
    doubled = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)
    values = [int(digit) for digit in reversed(digits)]
    return (sum(values[::2]) + sum(doubled[value] for value in values[1::2])) % 10


def _digits(run: re.Match[str]) -> list[_Digit]:
    found: list[_Digit] = []
    gap = ""
    for unit in _UNIT.finditer(run[0]):
        if unit["gap"]:
            gap = unit["gap"]
        elif unit["digit"]:
            at = run.start()
            value = _value(unit["digit"])
            found.append(_Digit(value, at + unit.start(), at + unit.end(), gap))
            gap = ""
    return found


def _value(unit: str) -> str:
    if len(unit) == 1:
        return str(unicodedata.digit(unit))
    if unit.startswith("\\"):
        return unit[-1]
    code = unit[2:-1]
    return chr(int(code[1:], 16) if code[0] in "xX" else int(code))


def _numbers(digits: list[_Digit]) -> Iterator[Sequence[_Digit]]:
    """The whole run, else its single groups and those parts that are grouped as cards are."""
    if _is_number(digits):
        yield digits
        return
    starts = [0, *(n for n, digit in enumerate(digits) if n and digit.gap), len(digits)]
    groups = list(pairwise(starts))
    at = 0
    while at < len(groups):
        taken = next(
            (size for size in (5, 4, 3, 1) if _is_part(digits, groups[at : at + size], size)),
            None,
        )
        if taken:
            yield digits[groups[at][0] : groups[at + taken - 1][1]]
        at += taken or 1


def _is_part(digits: list[_Digit], groups: list[tuple[int, int]], size: int) -> bool:
    if len(groups) != size:
        return False
    lengths = tuple(end - start for start, end in groups)
    gaps = {digits[start].gap for start, _ in groups[1:]}
    # After a point alone stand decimals.
    whole = size == 1 and digits[groups[0][0]].gap != "."
    grouped = whole or (lengths in _GROUPS and len(gaps) == 1)
    return grouped and _is_number(digits[groups[0][0] : groups[-1][1]])


def _is_number(digits: Sequence[_Digit]) -> bool:
    return _SHORTEST <= len(digits) <= _LONGEST and is_card("".join(d.value for d in digits))


def _codes(text: str, start: int, end: int) -> Iterator[Cover]:
    """The security code that stands near a number; it may never be kept."""
    for found in _CODE.finditer(text, max(0, start - NEAR), min(len(text), end + NEAR)):
        for at in range(found.start("code"), found.end("code")):
            yield _cover(text, at, at + 1)


def _cover(text: str, start: int, end: int) -> Cover:
    """A star in the place of one digit, written as the digit was."""
    unit = text[start:end]
    if unit.startswith("\\"):
        return Cover(start, end, "\\u002a")
    if unit.startswith("&"):
        hexadecimal = unit[2] in "xX"
        code = f"{unit[2]}{0x2A:0{len(unit) - 4}x}" if hexadecimal else f"{0x2A:0{len(unit) - 3}d}"
        return Cover(start, end, f"&#{code};")
    width = len(unit.encode())
    return Cover(start, end, _WIDE_STAR if width == len(_WIDE_STAR.encode()) else "*" * width)


def masked(text: str, covers: Iterable[Cover]) -> str:
    """The text with its covers in place."""
    pieces, at = [], 0
    for cover in covers:
        pieces += [text[at : cover.start], cover.instead]
        at = cover.end
    return "".join([*pieces, text[at:]])
