"""Screenshots and photos, decoded whole, so that what is accepted can be shown."""

from __future__ import annotations

from itertools import groupby, pairwise
from statistics import median
from typing import TYPE_CHECKING

from PIL import Image, ImageChops

from evidence_service.domain.evidence import EvidenceKind
from evidence_service.domain.picture import Picture
from evidence_service.domain.reading import Reading, unread
from evidence_service.readers import raster

if TYPE_CHECKING:
    from pathlib import Path

_CAMERA_MAKE = 0x010F
# The sides of the raster on which `Picture.edges` is taken, and the step that makes an edge: saving
# a picture anew changes its grey by less.
_RASTER = 16
_STEP = 2
# Letters have hard edges: so many steps of brightness, in a strip this wide, make a row of text.
_EDGE = 60
_IS_EDGE = [255 * (step >= _EDGE) for step in range(256)]
_STRIP_PX = 400
_EDGES_IN_A_ROW = 4
# What is lower is a rule or noise, what is higher a photograph.
_LINE_PX = range(5, 200)
_LEAST_LINES = 3
# Lines of one text are alike; heights that scatter more are no text.
_MOST_SCATTER = 0.6
# A page of a chat says as much of its letters as the whole scroll.
_MEASURED_PX = 4_000_000


def read(path: Path, media_type: str) -> Reading:
    """Size and proposed kind; what cannot be decoded is kept with a warning."""
    try:
        with raster.opened(path, media_type) as image:
            seen = raster.upright(image)
            # Once for both: of a screenshot that is a tenth of what reading it costs.
            grey = raster.opaque(seen) if seen.mode.startswith("I") else seen.convert("L")
            found = Picture(
                seen.width,
                seen.height,
                measure_text(grey),
                frames=raster.frames(image),
                edges=_edges(grey),
            )
            kind = EvidenceKind.ITEM_PHOTO if _is_photo(image) else EvidenceKind.ORDER_SCREENSHOT
    except raster.NotAPicture as reason:
        return unread(media_type, reason.code)
    return Reading(media_type=media_type, reader="picture", kind=kind, contents=(found,))


def _is_photo(image: Image.Image) -> bool:
    try:
        return _CAMERA_MAKE in image.getexif()
    except Exception:  # noqa: BLE001 - broken EXIF is no broken picture
        return False


def _edges(grey: Image.Image) -> str:
    """Where a small raster of the picture becomes darker to the right, as hexadecimal digits."""
    small = grey.resize((_RASTER + 1, _RASTER), Image.Resampling.BOX).tobytes()
    bits = 0
    for row in range(_RASTER):
        line = small[row * (_RASTER + 1) : (row + 1) * (_RASTER + 1)]
        for left, right in pairwise(line):
            bits = bits << 1 | (left - right > _STEP)
    return f"{bits:0{_RASTER * _RASTER // 4}x}"


def measure_text(grey: Image.Image) -> int | None:
    """How high most lines of text are, from the top of tall letters to the bottom of low ones.

    Returns:
        Pixels, or None where the upright picture holds no lines that look like text.
    """
    rows = min(grey.height, max(1, _MEASURED_PX // grey.width))
    if grey.width == 1:
        return None
    beside = grey.crop((1, 0, grey.width, rows))
    # Of the size of the smaller one.
    marked = ImageChops.difference(grey, beside).point(_IS_EDGE)
    # Averaged in C: of each row of each strip 255 for each edge, over the strip's width.
    averaged = marked.reduce((_STRIP_PX, 1))
    means, strips = averaged.tobytes(), averaged.width
    heights = sorted(
        height
        for strip in range(strips)
        for height in _line_heights(means[strip::strips], marked.width - strip * _STRIP_PX)
    )
    if len(heights) < _LEAST_LINES:
        return None
    middle = median(heights)
    scatter = heights[len(heights) * 3 // 4] - heights[len(heights) // 4]
    return round(middle) if scatter <= _MOST_SCATTER * middle else None


def _line_heights(means: bytes, width: int) -> list[int]:
    """The heights of the runs of rows with many edges, in one strip of the picture."""
    least = 255 * _EDGES_IN_A_ROW / min(width, _STRIP_PX)
    runs = [len(list(run)) for has, run in groupby(means, lambda mean: mean >= least) if has]
    found = [run for run in runs if run in _LINE_PX]
    return found if len(found) >= _LEAST_LINES else []
