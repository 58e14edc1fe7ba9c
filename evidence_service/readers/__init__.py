"""Other people's formats, one file each: bytes in, domain values out.

A reader is a pure function that answers a Reading for what it recognises, else None. To add one,
write its file and test, and name it in the tuple of what it reads (docs/readers.md).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from evidence_service.domain.reading import unread
from evidence_service.readers import picture, sniff
from evidence_service.readers.chat import ozon, whatsapp
from evidence_service.readers.tracking import aftership

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from evidence_service.domain.reading import Reading

JSON_READERS: tuple[Callable[[Any], Reading | None], ...] = (aftership.read, ozon.read)
TEXT_READERS: tuple[Callable[[str], Reading | None], ...] = (whatsapp.read,)

# A year of a busy chat is below 10 MB; what is larger is kept unread.
MAX_TEXT_BYTES = 32_000_000
# What a malformed file of a recognised format leads to.
_MALFORMED = (AttributeError, KeyError, TypeError, ValueError, IndexError, RecursionError)


def read(path: Path) -> Reading:
    """What the file is. Never raises for what it contains; memory and time are the caller's."""
    with path.open("rb") as file:
        media_type = sniff.sniff(file.read(sniff.HEAD_BYTES))
    if media_type in picture.FORMATS:
        return picture.read(path, media_type)
    if media_type in {sniff.JSON, sniff.TEXT} and path.stat().st_size <= MAX_TEXT_BYTES:
        return _read_text(path.read_bytes(), media_type)
    return unread(media_type)


def _read_text(data: bytes, media_type: str) -> Reading:
    text = sniff.decode(data)
    if text is None:
        return unread(sniff.OCTET_STREAM)
    if media_type == sniff.JSON:
        value = _parse(text)
        if value is not None:
            return _first(JSON_READERS, value) or unread(sniff.JSON)
    return _first(TEXT_READERS, text) or unread(sniff.TEXT)


def _parse(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _first(readers: tuple[Callable[[Any], Reading | None], ...], value: object) -> Reading | None:
    for reader in readers:
        try:
            reading = reader(value)
        except _MALFORMED:
            continue
        if reading is not None:
            return reading
    return None
