"""A file's text as the readers get it: its bytes, decoded while somebody goes through them."""

from __future__ import annotations

import codecs
import io
import re
from collections import deque
from typing import TYPE_CHECKING, TextIO

from evidence_service.readers import sniff

if TYPE_CHECKING:
    from collections.abc import Iterator

_UTF_16 = ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
# What may stand before a text: its byte order mark, blank lines.
_BEFORE = re.compile(rb"(?:\xef\xbb\xbf|[\r\n])*")
_SLICE_BYTES = 1 << 16


class Text:
    """One emoji makes all of a decoded text four bytes a character: who can goes by its lines."""

    def __init__(self, data: bytes) -> None:
        """Of UTF-8, with or without its byte order mark."""
        found = _BEFORE.match(data)
        self._data, self._start = data, found.end() if found else 0

    def __contains__(self, words: str) -> bool:
        return words.encode() in self._data

    def __str__(self) -> str:
        return self._data[self._start :].decode()

    def open(self, newline: str = "") -> TextIO:
        file = io.BytesIO(self._data)  # shares the bytes
        file.seek(self._start)
        return io.TextIOWrapper(file, "utf-8", newline=newline)

    def lines(self) -> Iterator[str]:
        for line in self.open("\n"):
            yield line.removesuffix("\n").removesuffix("\r")


def of_bytes(data: bytes) -> Text | None:
    """The text, by its byte order mark, as UTF-8, or as XML declares it; None for what is none."""
    encoding = next((name for mark, name in _UTF_16 if data.startswith(mark)), None)
    if encoding is not None:
        return _in_utf_8(data, encoding)
    try:
        deque(_decoded(data, "utf-8"), maxlen=0)
    except UnicodeDecodeError:
        declared = sniff.declared_encoding(data)
        return _in_utf_8(data, declared) if declared else None
    return Text(data)


def _in_utf_8(data: bytes, encoding: str) -> Text | None:
    try:
        return Text(b"".join(map(str.encode, _decoded(data, encoding))))
    except UnicodeDecodeError:
        return None


def _decoded(data: bytes, encoding: str) -> Iterator[str]:
    slices = (data[at : at + _SLICE_BYTES] for at in range(0, len(data), _SLICE_BYTES))
    return codecs.iterdecode(slices, encoding)
