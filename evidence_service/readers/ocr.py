"""The words in a picture, by tesseract: once for what is said, once more for numbers.

The program sees raw pixels of ours on its standard input, writes nothing but its standard output
and lives under the limits of the child that starts it (docs/adr/0010). Tall screenshots are read
in strips that overlap, so that no line is lost in a cut; a line of the overlap stands twice.
"""

from __future__ import annotations

import io
import os
import subprocess
from typing import TYPE_CHECKING

from PIL import Image

from evidence_service.readers import raster

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

TESSERACT = "tesseract"
_CODES = {"en": "eng", "ru": "rus", "zh": "chi_sim", "ar": "ara", "es": "spa"}
ENGLISH = "eng"
# Its own analysis of the page, and "one block of text": the second leaves no line out.
_WORDS, _NUMBERS = "3", "6"
_STRIP_ROWS, _OVERLAP_ROWS = 2400, 60
# Letters below about 20 pixels are read from twice their size; a strip stays within this.
_MOST_SCALED_PX = 12_000_000
_LEAST_PX = 3


def words(path: Path, media_type: str, languages: Sequence[str]) -> tuple[str, str]:
    """What stands in the picture, and its lines as they are read for numbers.

    Args:
        path: the picture.
        media_type: what its bytes say it is.
        languages: by two letters; those without a model are read as English.

    Raises:
        NotAPicture: it cannot be decoded.
        CalledProcessError, OSError: the program failed, or is not there.
    """
    with raster.opened(path, media_type) as image:
        grey = raster.opaque(raster.upright(image)).convert("L")
    models = "+".join(
        dict.fromkeys([*(_CODES[one] for one in languages if one in _CODES), ENGLISH])
    )
    strips = [_ppm(strip) for strip in _strips(grey)]
    said = "\n".join(_read(strip, models, _WORDS) for strip in strips)
    return said.strip(), "\n".join(_read(strip, ENGLISH, _NUMBERS) for strip in strips).strip()


def _strips(grey: Image.Image) -> Iterator[Image.Image]:
    if min(grey.size) < _LEAST_PX:
        return
    step = _STRIP_ROWS - _OVERLAP_ROWS
    for top in range(0, max(1, grey.height - _OVERLAP_ROWS), step):
        strip = grey.crop((0, top, grey.width, min(top + _STRIP_ROWS, grey.height)))
        factor = min(2.0, (_MOST_SCALED_PX / (strip.width * strip.height)) ** 0.5)
        size = (
            max(_LEAST_PX, int(strip.width * factor)),
            max(_LEAST_PX, int(strip.height * factor)),
        )
        yield strip.resize(size, Image.Resampling.BICUBIC)


def _ppm(strip: Image.Image) -> bytes:
    out = io.BytesIO()
    strip.save(out, "PPM")
    return out.getvalue()


def _read(strip: bytes, models: str, layout: str) -> str:
    done = subprocess.run(
        [TESSERACT, "stdin", "stdout", "-l", models, "--psm", layout],
        input=strip,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"PATH": os.environ["PATH"], "OMP_THREAD_LIMIT": "1", "LANG": "C.UTF-8"},
        check=True,
    )
    return done.stdout.decode("utf-8", "replace").replace("\f", "\n")
