"""Card numbers leave a text before anybody reads it: masked in place, no byte moves."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from evidence_service.domain.cards import find, masked
from evidence_service.domain.reading import Masked

if TYPE_CHECKING:
    from collections.abc import Collection

    from evidence_service.domain.cards import Cover


# With their byte order mark as the first character, so that what is encoded again is the same.
_ENCODINGS = ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"), (b"", "utf-8"))


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


def hides_one(plain: Any, known: Collection[str]) -> bool:
    """Whether a normal form still holds a card number, one that the file hid from the scan."""
    return find(json.dumps(plain, ensure_ascii=False), known)[0] > 0


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
