"""What is made of pictures and documents alike: derivatives by their shape, and redacted copies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evidence_service.domain.evidence import Shape
from evidence_service.readers import document, pages, raster
from evidence_service.readers.sniff import PDF

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_OF_PICTURES = {
    Shape.THUMBNAIL: raster.thumbnail,
    Shape.PREVIEW: raster.preview,
    Shape.PAGE: raster.page,
}
_WIDTHS_PX = {Shape.THUMBNAIL: raster.THUMBNAIL_PX, Shape.PREVIEW: raster.PREVIEW_PX}


def shaped(path: Path, media_type: str, shape: str) -> bytes:
    """The derivative's bytes: JPEG or PNG, and of a document's pages a PDF.

    Raises:
        Exception: what the libraries raise for what they cannot open or draw.
    """
    wanted = Shape(shape)
    if media_type != PDF:
        return _OF_PICTURES[wanted](path, media_type)
    if wanted is Shape.PAGE:
        return document.safe_copy(path)
    return raster.jpeg(document.first_page(path, _WIDTHS_PX[wanted]))


def page(path: Path, number: int) -> bytes:
    """A document's page (from 1) as a JPEG, as large as a preview."""
    return raster.jpeg(document.page_at(path, number, raster.PREVIEW_PX))


def sizes(path: Path, media_type: str) -> list[tuple[int, int]]:
    """Width and height of each page: of a document in points, of a picture in pixels."""
    return pages.sizes(path) if media_type == PDF else [raster.size(path, media_type)]


def redacted(path: Path, media_type: str, rectangles: Sequence[Sequence[int]]) -> bytes:
    """Black where the rectangles are: page, x, y, width and height in the units of `sizes`."""
    if media_type == PDF:
        return pages.redacted(path, rectangles)
    return raster.redacted(path, media_type, [one[1:] for one in rectangles])
