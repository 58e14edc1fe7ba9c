"""The words in pixels, by tesseract: once for what is said, once more for numbers.

The program sees raw pixels of ours on its standard input, writes nothing but its standard output
and lives under the limits of the child that starts it (docs/adr/0010). Tall screenshots are read
in strips that overlap, so that no line is lost in a cut; a line of the overlap stands twice.
"""

from __future__ import annotations

import io
import os
import re
import subprocess
from collections import defaultdict
from dataclasses import dataclass
from math import ceil
from statistics import median
from typing import TYPE_CHECKING

from PIL import Image, ImageOps

from evidence_service.readers import contrast, raster

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

TESSERACT = "tesseract"
_CODES = {"en": "eng", "ru": "rus", "zh": "chi_sim", "ar": "ara", "es": "spa"}
ENGLISH = "eng"
# Its own analysis of the page, and "sparse text", which finds numbers that the first misreads:
# together 251 of 252 drawn ones, with "one block of text" 249 (test_cards_on_pictures.py).
_WORDS, _NUMBERS = "3", "11"
_STRIP_ROWS, _OVERLAP_ROWS = 2400, 60
# Letters below about 20 pixels are read from twice their size; a strip stays within this.
_MOST_SCALED_PX = 12_000_000
_LEAST_PX = 3
# Whether a strip is mostly dark is seen as small as this.
_GLANCE, _MIDDLE_GREY = (64, 64), 128
# A row of its table names one word: block, paragraph, line, word; box; certainty; the word.
_WORD_ROW = re.compile(
    r"5\t\d+\t(?P<line>\d+\t\d+\t\d+)\t\d+\t"
    r"(?P<left>\d+)\t(?P<top>\d+)\t(?P<width>\d+)\t(?P<height>\d+)\t(?P<certainty>[\d.]+)\t(?P<word>.*)"
)
_LEAST_CERTAINTY, _LEAST_LETTERS = 60.0, 3
# Fewer words are a logo.
_LEAST_WORDS = 3


@dataclass(frozen=True, slots=True)
class Recognised:
    """What is said, its lines once more as they are read for numbers, and how it is printed.

    `text_height_px` is how high most lines are, from tall letters to low ones; `contrast` that of
    most words with what is behind them, 1 to 21. None where too few words are certain.
    """

    text: str
    numbers: str
    text_height_px: int | None = None
    contrast: float | None = None


@dataclass(frozen=True, slots=True)
class _Word:
    line: tuple[int, str]
    top: float
    bottom: float
    contrast: float


def words(path: Path, media_type: str, languages: Sequence[str]) -> Recognised:
    """What stands in the picture.

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
    return recognised(grey, languages)


def recognised(grey: Image.Image, languages: Sequence[str]) -> Recognised:
    """The same of grey pixels, upright."""
    models = "+".join(
        dict.fromkeys([*(_CODES[one] for one in languages if one in _CODES), ENGLISH])
    )
    said: list[str] = []
    numbers: list[str] = []
    printed: list[_Word] = []
    for number, strip in enumerate(_strips(grey)):
        scaled, factor = _scaled(strip)
        pixels = _ppm(scaled)
        answer = _read(pixels, models, _WORDS, "txt", "tsv")
        rows = [row for line in answer.split("\n") if (row := _WORD_ROW.fullmatch(line))]
        printed += _words(strip, factor, rows, number)
        said.append("\n".join(line for line in answer.split("\n") if "\t" not in line))
        numbers.append(_read(pixels, ENGLISH, _NUMBERS))
    height, against = _printed(printed)
    return Recognised("\n".join(said).strip(), "\n".join(numbers).strip(), height, against)


def _words(
    strip: Image.Image, factor: float, rows: Sequence[re.Match[str]], number: int
) -> Iterator[_Word]:
    """The certain words of a strip, measured in the picture's own pixels."""
    for row in rows:
        letters = sum(letter.isalnum() for letter in row["word"])
        if letters < _LEAST_LETTERS or float(row["certainty"]) < _LEAST_CERTAINTY:
            continue
        left, top = int(row["left"]) / factor, int(row["top"]) / factor
        right, bottom = left + int(row["width"]) / factor, top + int(row["height"]) / factor
        ratio = contrast.ratio(strip.crop((int(left), int(top), ceil(right), ceil(bottom))))
        yield _Word((number, row["line"]), top, bottom, ratio)


def _printed(found: Sequence[_Word]) -> tuple[int | None, float | None]:
    if len(found) < _LEAST_WORDS:
        return None, None
    lines: defaultdict[tuple[int, str], list[_Word]] = defaultdict(list)
    for word in found:
        lines[word.line].append(word)
    heights = [
        max(word.bottom for word in line) - min(word.top for word in line)
        for line in lines.values()
    ]
    return max(1, round(median(heights))), round(median(word.contrast for word in found), 2)


def _strips(grey: Image.Image) -> Iterator[Image.Image]:
    if min(grey.size) < _LEAST_PX:
        return
    step = _STRIP_ROWS - _OVERLAP_ROWS
    for top in range(0, max(1, grey.height - _OVERLAP_ROWS), step):
        yield grey.crop((0, top, grey.width, min(top + _STRIP_ROWS, grey.height)))


def _scaled(strip: Image.Image) -> tuple[Image.Image, float]:
    """A strip as letters are read best, dark on light and as large, and how much larger that is."""
    if median(strip.resize(_GLANCE).tobytes()) < _MIDDLE_GREY:
        strip = ImageOps.invert(strip)
    factor = min(2.0, (_MOST_SCALED_PX / (strip.width * strip.height)) ** 0.5)
    size = (
        max(_LEAST_PX, int(strip.width * factor)),
        max(_LEAST_PX, int(strip.height * factor)),
    )
    return strip.resize(size, Image.Resampling.BICUBIC), factor


def _ppm(strip: Image.Image) -> bytes:
    out = io.BytesIO()
    strip.save(out, "PPM")
    return out.getvalue()


def _read(strip: bytes, models: str, layout: str, *answers: str) -> str:
    done = subprocess.run(
        [TESSERACT, "stdin", "stdout", "-l", models, "--psm", layout, *answers],
        input=strip,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"PATH": os.environ["PATH"], "OMP_THREAD_LIMIT": "1", "LANG": "C.UTF-8"},
        check=True,
    )
    return done.stdout.decode("utf-8", "replace").replace("\f", "\n")
