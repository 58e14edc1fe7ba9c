"""A document's pages as pixels: read where they hold no letters, and blacked out.

Only inside the readers' limited child (docs/adr/0010).
"""

from __future__ import annotations

import io
import time
from itertools import groupby
from math import ceil, floor
from typing import TYPE_CHECKING, Any

import pikepdf
import pypdfium2
from PIL import ImageDraw

from evidence_service.readers import document, ocr, raster

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from PIL import Image

# Points are 1/72 inch: 200 dots an inch for eyes, 216 for tesseract, which doubles small letters.
_SHOWN_SCALE, _READ_SCALE = 200 / 72, 3.0
# Of one job, however many pages there are.
MOST_READ_PAGES = 60
_READ_S = 140.0
# The words of any document that people read; what is longer is not all looked through.
_MOST_CHARS = 4_000_000
# What pages share without showing the same.
_NOT_SHOWN = frozenset({"/Font", "/ColorSpace", "/CS", "/Parent"})


def words(path: Path, languages: Sequence[str]) -> tuple[str, str, bool]:
    """What the pages say, what was read for numbers, and whether that is all of them.

    Raises:
        PdfiumError: it cannot be opened or drawn.
        CalledProcessError, OSError: tesseract failed, or is not there.
    """
    until = time.monotonic() + _READ_S
    said: list[str] = []
    numbers: list[str] = []
    is_whole, chars, pictured = True, 0, 0
    with document.opened(path) as pdf:
        for page in pdf:
            text = document.letters(page)
            if document.shows_pixels(page, text):
                if pictured < MOST_READ_PAGES and time.monotonic() < until:
                    pictured += 1
                    seen = ocr.recognised(document.drawn(page, _READ_SCALE).convert("L"), languages)
                    numbers += [seen.text, seen.numbers]
                    text = text if len(text.strip()) >= document.LEAST_LETTERS else seen.text
                else:
                    is_whole = False
            page.close()
            chars += len(text)
            if chars > _MOST_CHARS:
                return "\n\n".join(said), "\n\n".join(numbers), False
            said.append(text)
    return "\n\n".join(said), "\n\n".join(numbers), is_whole


def sizes(path: Path) -> list[tuple[int, int]]:
    """Each page's width and height in whole points, as it is shown."""
    with document.opened(path) as pdf:
        found = (pdf.get_page_size(number) for number in range(len(pdf)))
        return [(ceil(width), ceil(height)) for width, height in found]


def redacted(path: Path, rectangles: Sequence[Sequence[int]]) -> bytes:
    """The safe copy, with pictures in the stead of the pages on which something is blacked out.

    Of those pages nothing is left but pixels: a page that shows a stream of one of them too becomes
    a picture with it. The letters of all others stay letters.

    Args:
        path: the document.
        rectangles: page from 1, then x, y, width and height in points from the upper left of the
            page as it is shown.
    """
    safe = document.safe_copy(path)
    black = {
        page: [one[1:] for one in on_it]
        for page, on_it in groupby(sorted(map(tuple, rectangles)), key=lambda one: one[0])
    }
    out = io.BytesIO()
    with (
        pikepdf.open(io.BytesIO(safe)) as source,
        pikepdf.new() as copy,
        pypdfium2.PdfDocument(safe) as shown,
    ):
        source.remove_unreferenced_resources()
        pictured = _sharing(source, black)
        for number, page in enumerate(source.pages, 1):
            if number in pictured:
                _add_picture(copy, shown[number - 1], black.get(number, []))
            else:
                copy.pages.append(page)
        copy.save(out, deterministic_id=True)
    return out.getvalue()


def _sharing(source: pikepdf.Pdf, named: Collection[int]) -> set[int]:
    """The named pages, and those that show something of theirs."""
    streams = [_streams(page.obj) for page in source.pages]
    gone = frozenset().union(*(streams[number - 1] for number in named))
    return {number for number, own in enumerate(streams, 1) if number in named or own & gone}


def _streams(page: Any) -> frozenset[tuple[int, int]]:
    """The streams a page is drawn with, by their numbers; fonts and colours are everybody's."""
    found: set[tuple[int, int]] = set()
    seen: set[tuple[int, int]] = set()
    left = [page]
    while left:
        one = left.pop()
        if not isinstance(one, pikepdf.Object) or (one.is_indirect and one.objgen in seen):
            continue
        seen.add(one.objgen)
        if isinstance(one, pikepdf.Stream):
            found.add(one.objgen)
        if isinstance(one, pikepdf.Array):
            left += list(one)
        elif isinstance(one, pikepdf.Dictionary | pikepdf.Stream):
            left += [one.get(key) for key in set(one.keys()) - _NOT_SHOWN]
    return frozenset(found)


def _add_picture(copy: pikepdf.Pdf, shown: Any, black: Sequence[Sequence[int]]) -> None:
    width, height = shown.get_size()
    picture = document.drawn(shown, _SHOWN_SCALE)
    _burn(picture, picture.width / width, black)
    # Of any size: a page saved from the web is longer than what pikepdf adds.
    page = pikepdf.Dictionary(Type=pikepdf.Name.Page, MediaBox=[0, 0, width, height])
    pixels = copy.make_stream(
        raster.jpeg(picture),
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=picture.width,
        Height=picture.height,
        ColorSpace=pikepdf.Name.DeviceRGB,
        BitsPerComponent=8,
        Filter=pikepdf.Name.DCTDecode,
    )
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=pixels))
    page.Contents = copy.make_stream(f"q {width} 0 0 {height} 0 0 cm /Im0 Do Q".encode())
    copy.pages.append(pikepdf.Page(copy.make_indirect(page)))


def _burn(picture: Image.Image, scale: float, black: Sequence[Sequence[int]]) -> None:
    draw = ImageDraw.Draw(picture)
    for x, y, width, height in black:
        upper_left = floor(x * scale), floor(y * scale)
        lower_right = ceil((x + width) * scale), ceil((y + height) * scale)
        draw.rectangle((*upper_left, *lower_right), fill="black")
