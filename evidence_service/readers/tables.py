"""Tables, as text or as sheets: a header and rows that fit it.

In text the delimiter is a comma, a semicolon, a tab or a bar. Statistics fail on chats, which are
full of commas; so each delimiter that gives a header is tried, and the readers know theirs. Files
that are not Unicode are tried as the two encodings such programs write.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from evidence_service.readers.sniff import TEXT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from evidence_service.readers.texts import Text

# A warning: the text is no Unicode, and its encoding was told from what it says.
ENCODING_ASSUMED = "encoding_assumed"

_DELIMITERS = (",", ";", "\t", "|")
_LARGEST_CELL = 1_000_000
MOST_COLUMNS = 200
# Above a header may stand a title, whose row has one cell.
_LAST_HEADER_ROW = 20
# A header and two rows of its width are no chance.
_FEWEST_ROWS = 3
_LONGEST_NAME = 100
_WORD = re.compile(r"[^\W\d_]+")
_COMMON_HANZI = re.compile("[\u4e00-\u9fff]")
# GB 2312 puts the common characters first; what cyrillic looks like in it is rare.
_FIRST_LEVEL_END = 0xD8


@dataclass(frozen=True, slots=True)
class Table:
    """`rows` gives the rows below the header from the first one, each as wide as the header."""

    header: tuple[str, ...]
    rows: Callable[[], Iterator[list[str]]]
    media_type: str = TEXT

    @property
    def names(self) -> tuple[str, ...]:
        """What each column is called, and no two alike: `Time`, `Time (2)`, `column 3`."""
        found: list[str] = []
        for at, written in enumerate(self.header, 1):
            name = " ".join(written.split())[:_LONGEST_NAME] or f"column {at}"
            found.append(f"{name} ({found.count(name) + 1})" if name in found else name)
        return tuple(found)


def of_rows(
    rows: Callable[[], Iterator[list[str]]], media_type: str, delimiter: str = " "
) -> Table | None:
    """The table in a file's rows; None where there is no header.

    A row that is too long fits only where its last column is a text with delimiters in it that
    nobody quoted: it is put together again. Short rows are filled up.
    """
    for at, row in enumerate(islice(rows(), _LAST_HEADER_ROW), 1):
        if sum(bool(cell.strip()) for cell in row) > 1:
            header = tuple(cell.strip() for cell in row)
            if len(header) > MOST_COLUMNS:
                return None
            return Table(header, partial(_below, rows, at, len(header), delimiter), media_type)
    return None


def of_text(text: Text) -> Iterator[Table]:
    """What the text is as a table, by each delimiter that divides its header."""
    for delimiter in _DELIMITERS:
        try:
            table = of_rows(partial(_rows, text, delimiter), TEXT, delimiter)
        except csv.Error:
            continue
        if table is not None:
            yield table


def even(text: Text) -> Iterator[Table]:
    """Of its tables those whose rows are as wide as their header: prose with commas has none."""
    for delimiter in _DELIMITERS:
        try:
            first = list(islice(_rows(text, delimiter), _LAST_HEADER_ROW))
        except csv.Error:
            continue
        widths = {len(row) for row in first}
        if len(first) >= _FEWEST_ROWS and len(widths) == 1 and all(first[0]):
            table = of_rows(partial(_rows, text, delimiter), TEXT, delimiter)
            if table is not None:
                yield table


def _rows(text: Text, delimiter: str) -> Iterator[list[str]]:
    csv.field_size_limit(_LARGEST_CELL)
    reader = csv.reader(text.open(), delimiter=delimiter)
    return (row for row in reader if row and any(map(str.strip, row)))


def _below(
    rows: Callable[[], Iterator[list[str]]], start: int, width: int, delimiter: str
) -> Iterator[list[str]]:
    for row in islice(rows(), start, None):
        if len(row) > width:
            yield [*row[: width - 1], delimiter.join(row[width - 1 :])]
        else:
            yield row + [""] * (width - len(row))


def legacy_texts(data: bytes) -> Iterator[str]:
    """What the bytes may say, as GB 18030 or Windows-1251; nothing where that is not plausible."""
    for encoding, is_plausible in (("gb18030", _is_chinese), ("cp1251", _is_cyrillic)):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if is_plausible(text):
            yield text


def _is_chinese(text: str) -> bool:
    """Whether most of the Chinese characters are common ones."""
    found = _COMMON_HANZI.findall(text)
    common = sum(_lead_byte(char) < _FIRST_LEVEL_END for char in found)
    return bool(found) and common * 2 > len(found)


def _lead_byte(char: str) -> int:
    return char.encode("gb18030")[0]


def _is_cyrillic(text: str) -> bool:
    """Whether words of letters beyond ASCII are whole: in western text such letters stand alone."""
    found = [word for word in _WORD.findall(text) if not word.isascii()]
    whole = sum(all(char > "\u0400" for char in word) and len(word) > 1 for word in found)
    return bool(found) and whole * 2 > len(found)
