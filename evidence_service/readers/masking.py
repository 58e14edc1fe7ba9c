"""Card numbers leave a text before anybody reads it: masked in place, no byte moves."""

from __future__ import annotations

import json
import re
import sys
from itertools import islice
from typing import TYPE_CHECKING, Any

from evidence_service.domain.cards import NEAR, each, find
from evidence_service.domain.reading import Masked

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from pathlib import Path

    from evidence_service.domain.cards import Cover


# With their byte order mark as the first character, so that what is encoded again is the same.
_ENCODINGS = ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"), (b"", "utf-8"))
_WINDOW_CHARS = 250_000
# No card number goes on over one of these.
_BREAK = re.compile(r"[^\W\d]{8}|[,\"'{}\[\]()<>=/?!@|]")
# A number and all that is looked for around it.
_AROUND = 2 * NEAR + 200
_MOST_PATCHES = 100_000
# How many values are looked through as one text.
_AT_ONCE = 500


class TooMany(Exception):  # noqa: N818 - what it is, not what went wrong
    """A file holds more card numbers than are masked one by one."""


def mask(
    path: Path, known: Collection[str], *, window_chars: int = _WINDOW_CHARS
) -> tuple[bytes, Masked | None]:
    """The file's bytes without card numbers, and what was put where; None where there were none."""
    data = path.read_bytes()
    found = _look_through(path, known, window_chars)
    if found is None:
        return data, None
    hidden = _patched(data, found)
    if _is_json(data) and not _is_json(hidden):
        # A number without quotes cannot hold a star.
        found = _look_through(path, known, window_chars, with_noughts=True)
        hidden = _patched(data, found) if found else data
    return hidden, found


def mask_large(
    path: Path,
    known: Collection[str],
    *,
    is_json: bool,
    window_chars: int = _WINDOW_CHARS,
    most_patches: int = _MOST_PATCHES,
) -> Masked | None:
    """What hides the card numbers of a file that is too large to be held in memory.

    In JSON noughts stand for the digits: whether a number stands in quotes is not looked up.

    Raises:
        TooMany: it is a list of them.
    """
    return _look_through(path, known, window_chars, with_noughts=is_json, most=most_patches)


def _look_through(
    path: Path,
    known: Collection[str],
    window_chars: int,
    *,
    with_noughts: bool = False,
    most: int = sys.maxsize,
) -> Masked | None:
    with path.open("rb") as file:
        head = file.read(2)
    encoding = next(name for mark, name in _ENCODINGS if head.startswith(mark))
    try:
        windows = _windows(path, encoding, window_chars)
        return _found(windows, encoding, known, with_noughts=with_noughts, most=most)
    except UnicodeDecodeError:
        # Where digits are those of ASCII, any bytes can be taken as Latin-1.
        windows = _windows(path, "latin-1", window_chars)
        return _found(windows, "latin-1", known, with_noughts=with_noughts, most=most)


def _found(
    windows: Iterator[tuple[str, int, int]],
    encoding: str,
    known: Collection[str],
    *,
    with_noughts: bool,
    most: int,
) -> Masked | None:
    patches: list[tuple[int, bytes]] = []
    count = offset = 0
    for text, first, last in windows:
        found = [masks for at, masks in each(text, known) if first <= at < last]
        covers = sorted({cover for masks in found for cover in masks}, key=lambda one: one.start)
        hidden = tuple(cover.as_zero() for cover in covers) if with_noughts else tuple(covers)
        base = offset - len(text[:first].encode(encoding))
        patches += [(base + at, data) for at, data in _patches(text, hidden, encoding)]
        count += len(found)
        if len(patches) > most:
            raise TooMany
        offset += len(text[first:last].encode(encoding))
    return Masked(count, tuple(_joined(patches))) if count else None


def _patches(text: str, covers: tuple[Cover, ...], encoding: str) -> Iterator[tuple[int, bytes]]:
    """Each cover as the bytes to write, and where."""
    offset = at = 0
    for cover in covers:
        offset += len(text[at : cover.start].encode(encoding))
        instead = cover.instead.encode(encoding)
        yield offset, instead
        offset, at = offset + len(instead), cover.end


def _windows(path: Path, encoding: str, window_chars: int) -> Iterator[tuple[str, int, int]]:
    """Parts of a text, and from where to where each is the first to show it.

    What stands before and behind is there to be looked at only.
    """
    text, first = "", 0
    with path.open(encoding=encoding, newline="") as file:
        while piece := file.read(window_chars):
            text += piece
            last = max(first, len(text) - _AROUND)
            breaks = _BREAK.finditer(text, max(first, last - _AROUND), last)
            last = max((one.end() for one in breaks), default=last)
            yield text, first, last
            start = max(0, last - _AROUND)
            text, first = text[start:], last - start
    yield text, first, len(text)


def _joined(patches: Iterable[tuple[int, bytes]]) -> Iterator[tuple[int, bytes]]:
    """Each byte once, and what is side by side in one."""
    at, data = 0, b""
    for start, instead in sorted(set(patches)):
        if data and start < at + len(data):
            continue
        if data and start == at + len(data):
            data += instead
            continue
        if data:
            yield at, data
        at, data = start, instead
    if data:
        yield at, data


def _patched(data: bytes, found: Masked) -> bytes:
    hidden = bytearray(data)
    for at, instead in found.patches:
        hidden[at : at + len(instead)] = instead
    return bytes(hidden)


def as_texts(values: Iterable[Any]) -> Iterator[str]:
    """Plain values as JSON, some at a time."""
    found = iter(values)
    while some := list(islice(found, _AT_ONCE)):
        yield json.dumps(some, ensure_ascii=False)


def hides_one(texts: Iterable[str], known: Collection[str]) -> bool:
    """Whether what was read still holds a card number, one that the file hid from the scan."""
    return any(find(text, known)[0] for text in texts)


def _is_json(data: bytes) -> bool:
    try:
        json.loads(data)
    except (ValueError, RecursionError):
        return False
    return True
