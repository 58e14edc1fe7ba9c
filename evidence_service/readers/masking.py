"""Card numbers leave a text before anybody reads it: masked in place, no byte moves."""

from __future__ import annotations

import json
import re
from itertools import islice
from typing import TYPE_CHECKING, Any

from evidence_service.domain.cards import NEAR, each, find, masked
from evidence_service.domain.reading import Masked

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from pathlib import Path

    from evidence_service.domain.cards import Cover


# With their byte order mark as the first character, so that what is encoded again is the same.
_ENCODINGS = ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"), (b"", "utf-8"))

# How many values are looked through as one text.
_AT_ONCE = 500


def mask(data: bytes, known: Collection[str]) -> tuple[bytes, Masked | None]:
    """The bytes without card numbers, and what was put where; None where there were none."""
    encoding, text = _decoded(data)
    count, covers = find(text, known)
    if not count:
        return data, None
    hidden = masked(text, covers)
    if _is_json(text) and not _is_json(hidden):
        # A number without quotes cannot hold a star.
        covers = tuple(cover.as_zero() for cover in covers)
        hidden = masked(text, covers)
    return hidden.encode(encoding), Masked(count, _patches(text, covers, encoding))


def _decoded(data: bytes) -> tuple[str, str]:
    """Encoding and text. Where digits are those of ASCII, any bytes can be taken as Latin-1."""
    encoding = next(name for mark, name in _ENCODINGS if data.startswith(mark))
    try:
        return encoding, data.decode(encoding)
    except UnicodeDecodeError:
        return "latin-1", data.decode("latin-1")


def _patches(text: str, covers: tuple[Cover, ...], encoding: str) -> tuple[tuple[int, bytes], ...]:
    """Each cover as the bytes to write, and where."""
    found = []
    offset = at = 0
    for cover in covers:
        offset += len(text[at : cover.start].encode(encoding))
        instead = cover.instead.encode(encoding)
        found.append((offset, instead))
        offset, at = offset + len(instead), cover.end
    return tuple(found)


# --- files that are too large to be held in memory ------------------------------------------

_WINDOW_CHARS = 4_000_000
# No card number goes on over one of these.
_BREAK = re.compile(r"[^\W\d]{8}|[,\"'{}\[\]()<>=/?!@|]")
# A number and all that is looked for around it.
_AROUND = 2 * NEAR + 200
MOST_PATCHES = 100_000


class TooMany(Exception):  # noqa: N818 - what it is, not what went wrong
    """A file holds more card numbers than are masked one by one."""


def mask_large(
    path: Path, known: Collection[str], *, is_json: bool, window_chars: int = _WINDOW_CHARS
) -> Masked | None:
    """What hides the card numbers of a text of any length; memory is some windows.

    In JSON noughts stand for the digits: whether a number stands in quotes is not looked up.

    Raises:
        TooMany: it is a list of them.
    """
    with path.open("rb") as file:
        head = file.read(2)
    encoding = next(name for mark, name in _ENCODINGS if head.startswith(mark))
    try:
        found = _found(_windows(path, encoding, window_chars), encoding, known, is_json)
    except UnicodeDecodeError:
        windows = _windows(path, "latin-1", window_chars)
        found = _found(windows, "latin-1", known, is_json)
    return found


def _found(
    windows: Iterator[tuple[str, int, int]], encoding: str, known: Collection[str], is_json: bool
) -> Masked | None:
    patches: list[tuple[int, bytes]] = []
    count = offset = 0
    for text, first, last in windows:
        found = [masks for at, masks in each(text, known) if first <= at < last]
        covers = sorted({cover for masks in found for cover in masks}, key=lambda one: one.start)
        hidden = tuple(cover.as_zero() for cover in covers) if is_json else tuple(covers)
        base = offset - len(text[:first].encode(encoding))
        patches += [(base + at, data) for at, data in _patches(text, hidden, encoding)]
        count += len(found)
        if len(patches) > MOST_PATCHES:
            raise TooMany
        offset += len(text[first:last].encode(encoding))
    return Masked(count, tuple(_joined(patches))) if count else None


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


def hides_one(plain: Iterable[Any], known: Collection[str]) -> bool:
    """Whether what was read still holds a card number, one that the file hid from the scan."""
    found = iter(plain)
    while some := list(islice(found, _AT_ONCE)):
        if find(json.dumps(some, ensure_ascii=False), known)[0]:
            return True
    return False


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
