"""Tables as text, comma-, semicolon-, tab- or bar-separated: the delimiter is decided by the whole.

Sniffing by statistics fails on chats, which are full of commas; here the header decides, and every
row has to fit it. Files that are not Unicode are tried as the two encodings such programs write.
"""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

# A warning: the text is no Unicode, and its encoding was told from what it says.
ENCODING_ASSUMED = "encoding_assumed"

_DELIMITERS = (",", ";", "\t", "|")
_LARGEST_CELL = 1_000_000
_WORD = re.compile(r"[^\W\d_]+")
_COMMON_HANZI = re.compile("[\u4e00-\u9fff]")
# GB 2312 puts the common characters first; what cyrillic looks like in it is rare.
_FIRST_LEVEL_END = 0xD8


def rows(text: str, suits: Callable[[Sequence[str]], bool]) -> list[list[str]] | None:
    """The table's rows, the header first; None where no delimiter gives a header that suits.

    A row that is too long for the header fits only where its last column is a text with delimiters
    in it that nobody quoted; then it is put together again. Short rows are filled up.
    """
    for delimiter in _DELIMITERS:
        if suits(_first_row(text, delimiter)):
            return _fitted(_parse(text, delimiter), delimiter)
    return None


def legacy_texts(data: bytes) -> Iterator[str]:
    """What the bytes may say, as GB 18030 or Windows-1251; nothing where that is not plausible."""
    for encoding, is_plausible in (("gb18030", _is_chinese), ("cp1251", _is_cyrillic)):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if is_plausible(text):
            yield text


def _first_row(text: str, delimiter: str) -> list[str]:
    header = text.lstrip("\ufeff\r\n")
    try:
        return next(_reader(header, delimiter), [])
    except csv.Error:
        return []


def _parse(text: str, delimiter: str) -> list[list[str]]:
    try:
        found = list(_reader(text.lstrip("\ufeff\r\n"), delimiter))
    except csv.Error:
        return []
    return [row for row in found if any(cell.strip() for cell in row)]


def _reader(text: str, delimiter: str) -> Iterator[list[str]]:
    csv.field_size_limit(_LARGEST_CELL)
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)


def _fitted(found: list[list[str]], delimiter: str) -> list[list[str]] | None:
    width = len(found[0]) if found else 0
    fitted = [
        [*row[: width - 1], delimiter.join(row[width - 1 :])] if len(row) > width else row
        for row in found
    ]
    return [row + [""] * (width - len(row)) for row in fitted] or None


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
