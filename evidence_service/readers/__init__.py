"""Other people's formats, one file each: bytes in, domain values out.

A reader is a pure function that answers a Reading for what it recognises, else None. To add one,
write its file and test, and name it in the tuple of what it reads (docs/readers.md): a parsed JSON
value (numbers with a point as Decimal), the root of an XML document, a text, or an open ZIP.
"""

from __future__ import annotations

import json
import zipfile
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from evidence_service.domain.reading import unread
from evidence_service.readers import picture, sniff
from evidence_service.readers.chat import ozon, whatsapp
from evidence_service.readers.tracking import aftership

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from zipfile import ZipFile

    from evidence_service.domain.reading import Reading

JSON_READERS: tuple[Callable[[Any], Reading | None], ...] = (
    aftership.read,
    ozon.read,
)
XML_READERS: tuple[Callable[[ET.Element], Reading | None], ...] = ()
TEXT_READERS: tuple[Callable[[str], Reading | None], ...] = (whatsapp.read,)
ZIP_READERS: tuple[Callable[[ZipFile], Reading | None], ...] = ()

# A year of a busy chat is below 10 MB; what is larger is kept unread.
MAX_TEXT_BYTES = 32_000_000
# What a malformed file of a recognised format leads to.
_MALFORMED = (
    ArithmeticError,
    AttributeError,
    IndexError,
    KeyError,
    RecursionError,
    RuntimeError,
    TypeError,
    ValueError,
    zipfile.BadZipFile,
)


def read(path: Path) -> Reading:
    """What the file is. Never raises for what it contains; memory and time are the caller's."""
    with path.open("rb") as file:
        media_type = sniff.sniff(file.read(sniff.HEAD_BYTES))
    if media_type in picture.FORMATS:
        return picture.read(path, media_type)
    if media_type == sniff.ZIP:
        return _read_zip(path)
    if media_type in sniff.TEXTS and path.stat().st_size <= MAX_TEXT_BYTES:
        return _read_text(path.read_bytes(), media_type)
    return unread(media_type)


def _read_zip(path: Path) -> Reading:
    try:
        with zipfile.ZipFile(path) as archive:
            return _first(ZIP_READERS, archive) or unread(sniff.ZIP)
    except zipfile.BadZipFile:
        return unread(sniff.ZIP)


def _read_text(data: bytes, media_type: str) -> Reading:
    text = sniff.decode(data)
    if text is None:
        return unread(sniff.OCTET_STREAM)
    if media_type == sniff.JSON and (value := _parse_json(text)) is not None:
        return _first(JSON_READERS, value) or unread(sniff.JSON)
    if media_type == sniff.XML and (root := _parse_xml(text)) is not None:
        return _first(XML_READERS, root) or unread(sniff.XML)
    return _first(TEXT_READERS, text) or unread(
        sniff.HTML if media_type == sniff.HTML else sniff.TEXT
    )


def _parse_json(text: str) -> Any:
    try:
        return json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError):
        return None


def _parse_xml(text: str) -> ET.Element | None:
    """The root; a document that declares entities is not parsed: they multiply, or reach out."""
    if "<!ENTITY" in text:
        return None
    try:
        return ET.fromstring(text)  # noqa: S314 - no entities, and the child's limits hold
    except (ET.ParseError, ValueError):
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
