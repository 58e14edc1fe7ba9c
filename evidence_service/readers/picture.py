"""Screenshots and photos: PNG and JPEG, decoded whole, so that what is accepted can be shown."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

from PIL import Image

from evidence_service.domain.evidence import EvidenceKind
from evidence_service.domain.reading import Picture, Reading

if TYPE_CHECKING:
    from pathlib import Path

FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG"}
# A scrolling screenshot of a long chat reaches 40 million pixels; decoded that is 160 MB.
MAX_PIXELS = 40_000_000
_ORIENTATION, _CAMERA_MAKE = 0x0112, 0x010F
_TURNED = frozenset({5, 6, 7, 8})


def read(path: Path, media_type: str) -> Reading:
    """Size and proposed kind; a picture that cannot be decoded is kept with a warning."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _read(path, media_type)
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError):
        return Reading(media_type=media_type, warnings=("picture_damaged",))


def _read(path: Path, media_type: str) -> Reading:
    with Image.open(path, formats=(FORMATS[media_type],)) as image:
        width, height = image.size
        if width * height > MAX_PIXELS:
            return Reading(media_type=media_type, warnings=("picture_too_large",))
        image.load()
        exif = image.getexif()
    if exif.get(_ORIENTATION) in _TURNED:
        width, height = height, width
    from_camera = _CAMERA_MAKE in exif
    return Reading(
        media_type=media_type,
        reader="picture",
        kind=EvidenceKind.ITEM_PHOTO if from_camera else EvidenceKind.ORDER_SCREENSHOT,
        contents=(Picture(width, height),),
    )
