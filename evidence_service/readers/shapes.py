"""Derivatives by their shape: what a list, a page of the web and a page of a bundle show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evidence_service.domain.evidence import Shape
from evidence_service.readers import document, raster
from evidence_service.readers.sniff import PDF

if TYPE_CHECKING:
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
