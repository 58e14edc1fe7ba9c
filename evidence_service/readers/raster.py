"""Pixels out of a picture's bytes, and new pictures out of pixels.

Of the formats below alone, never more than a limit that the header tells before anything is
decoded. What is written is made from raw pixels: nothing that the source carried beside them
(EXIF, GPS, XMP, profiles, comments, embedded previews, other files behind its end) comes over.
Only inside the readers' limited child (docs/adr/0010).
"""

from __future__ import annotations

import io
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pillow_heif
from PIL import Image, ImageDraw
from PIL.JpegImagePlugin import JpegImageFile

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

FORMATS = {
    "image/png": ("PNG",),
    "image/jpeg": ("JPEG",),
    "image/webp": ("WEBP",),
    "image/gif": ("GIF",),
    # One container for both: its first brand need not say what is inside.
    "image/heic": ("AVIF", "HEIF"),
    "image/avif": ("AVIF", "HEIF"),
}
# A scrolling screenshot of a long chat reaches 40 million pixels; decoded that is 160 MB.
MAX_PIXELS = 40_000_000
# Only the first is ever decoded; more than this is no animation anybody watches.
MAX_FRAMES = 10_000
DAMAGED, TOO_LARGE, TOO_MANY_FRAMES = (
    "picture_damaged",
    "picture_too_large",
    "picture_too_many_frames",
)
_ANIMATED = frozenset({"PNG", "WEBP", "GIF", "AVIF"})
_ORIENTATION = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
TURNED = frozenset({5, 6, 7, 8})

THUMBNAIL_PX, PREVIEW_PX = 480, 1600
# A thumbnail of a scrolling screenshot shows its beginning.
_THUMBNAIL_ROWS = 2 * THUMBNAIL_PX
_MOST_ROWS = 65_000  # of a JPEG: its height has 16 bits
_THUMBNAIL_QUALITY, _SHOWN_QUALITY, _PAGE_QUALITY = 70, 85, 92

pillow_heif.register_heif_opener(thumbnails=False)


class NotAPicture(Exception):  # noqa: N818 - what it is, not what went wrong
    """Bytes that say they are a picture and cannot be one here; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@contextmanager
def opened(path: Path, media_type: str) -> Iterator[Image.Image]:
    """The picture with its header read; decoding inside the block is under its guard too.

    Raises:
        NotAPicture: it is damaged, or larger than what is decoded.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(path, formats=FORMATS[media_type]) as image:
                _ensure_bounded(image)
                yield image
    except NotAPicture:
        raise
    except Image.DecompressionBombError as error:
        raise NotAPicture(TOO_LARGE) from error
    except Exception as error:  # decoders raise whatever their format's code stumbles over
        raise NotAPicture(DAMAGED) from error


def _ensure_bounded(image: Image.Image) -> None:
    if image.width * image.height > MAX_PIXELS:
        raise NotAPicture(TOO_LARGE)
    if frames(image) > MAX_FRAMES:
        raise NotAPicture(TOO_MANY_FRAMES)


def frames(image: Image.Image) -> int:
    """Of an animation; the several pictures of a photograph are one picture."""
    return getattr(image, "n_frames", 1) if image.format in _ANIMATED else 1


def orientation(image: Image.Image) -> int:
    """1 to 8 as EXIF counts them; 1 where it says nothing that means anything."""
    try:
        value = image.getexif().get(_ORIENTATION, 1)
    except Exception:  # noqa: BLE001 - broken EXIF is no broken picture
        return 1
    return value if value in _TURNS else 1


def upright(image: Image.Image) -> Image.Image:
    """As a person sees it, decoded."""
    image.load()
    turn = _TURNS.get(orientation(image))
    return image if turn is None else image.transpose(turn)


def size(path: Path, media_type: str) -> tuple[int, int]:
    """Width and height as a person sees it."""
    with opened(path, media_type) as image:
        return image.size[::-1] if orientation(image) in TURNED else image.size


def opaque(image: Image.Image) -> Image.Image:
    """In grey or colours, eight bits a channel, laid on white; a picture of its own."""
    if image.mode.startswith("I"):
        return image.convert("I").point(lambda level: level / 256).convert("L")
    if image.mode in {"1", "L", "RGB", "CMYK"} and "transparency" not in image.info:
        return image.convert("L" if image.mode in {"1", "L"} else "RGB")
    coloured = image.convert("RGBA")
    laid = Image.new("RGB", image.size, "white")
    laid.paste(coloured, mask=coloured.getchannel("A"))
    return laid


def thumbnail(path: Path, media_type: str) -> bytes:
    """A small JPEG for lists: by width, and of a tall picture its beginning."""
    with opened(path, media_type) as image:
        if isinstance(image, JpegImageFile):
            image.draft("RGB", (THUMBNAIL_PX, THUMBNAIL_PX))
        seen = upright(image)
        rows = min(seen.height, seen.width * _THUMBNAIL_ROWS // THUMBNAIL_PX)
        beginning = seen.crop((0, 0, seen.width, rows))
        # Nobody reads it: half the work of the filter that keeps letters sharp.
        small = _narrowed(beginning, THUMBNAIL_PX, Image.Resampling.HAMMING)
        return jpeg(small, _THUMBNAIL_QUALITY)


def preview(path: Path, media_type: str) -> bytes:
    """A JPEG for a page of the web, letters still readable."""
    with opened(path, media_type) as image:
        return jpeg(_narrowed(upright(image), PREVIEW_PX))


def page(path: Path, media_type: str) -> bytes:
    """The whole picture as a PNG or JPEG: for formats that a PDF page cannot hold.

    A PNG where nothing was lost before (a GIF), else a JPEG that loses nothing one can see.
    """
    with opened(path, media_type) as image:
        seen = opaque(upright(image))
        if image.format == "GIF" or seen.height > _MOST_ROWS:
            return _png(seen)
        return jpeg(seen, _PAGE_QUALITY)


def redacted(path: Path, media_type: str, rectangles: Sequence[Sequence[int]]) -> bytes:
    """The whole picture as a PNG with black where the rectangles (x, y, width, height) are.

    Their pixels are counted from the upper left of the picture as a person sees it.
    """
    with opened(path, media_type) as image:
        seen = opaque(upright(image)).copy()
        draw = ImageDraw.Draw(seen)
        for x, y, width, height in rectangles:
            draw.rectangle((x, y, x + width - 1, y + height - 1), fill="black")
        return _png(seen)


def _narrowed(
    seen: Image.Image, width: int, resampling: Image.Resampling = Image.Resampling.LANCZOS
) -> Image.Image:
    factor = min(1.0, width / seen.width, _MOST_ROWS / seen.height)
    size = (max(1, round(seen.width * factor)), max(1, round(seen.height * factor)))
    flat = opaque(seen)
    return flat if size == seen.size else flat.resize(size, resampling)


def jpeg(pixels: Image.Image, quality: int = _SHOWN_QUALITY) -> bytes:
    """Without anything but the pixels; a twelfth smaller would take twice the time."""
    out = io.BytesIO()
    _bare(pixels).save(out, "JPEG", quality=quality, subsampling=0)
    return out.getvalue()


def _png(pixels: Image.Image) -> bytes:
    out = io.BytesIO()
    _bare(pixels).save(out, "PNG")
    return out.getvalue()


def _bare(pixels: Image.Image) -> Image.Image:
    """Without the source's other data, which Pillow's writers would hand on."""
    pixels.info = {}
    return pixels
