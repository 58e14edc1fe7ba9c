"""What is written onto pages that are already drawn: page numbers, labels, the preview mark.

The numbers are known only when all parts have been put together. The fonts come from a sheet
that WeasyPrint drew with every letter needed, so they are the same fonts, embedded as subsets.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from math import cos, radians, sin
from typing import TYPE_CHECKING

import pikepdf

from evidence_service.adapters.pdf.exhibits import STRIP_PT

if TYPE_CHECKING:
    from evidence_service.adapters.pdf.parts import Spot
    from evidence_service.adapters.pdf.words import Words

_MM = 72 / 25.4
_FOOT_PT = 11.0
_REFERENCE_PT = 10.0
_MARGIN_RIGHT = 18 * _MM
_FOOT_BASELINE = 20 * _MM - 19.0
_STRIP_INSET = 24.0
_PREVIEW_TILT = 35
_SPACE = 260.0  # Noto Sans, thousandths of the size
_GAP = 2.4  # bundle.css: the line of a stamped number stands this much above its box's edge

_BFCHAR = re.compile(rb"<([0-9a-fA-F]{4})>\s*<([0-9a-fA-F]+)>")


@dataclass(frozen=True, slots=True)
class _Glyph:
    font: str
    code: int
    width: float  # thousandths of the size


@dataclass(frozen=True, slots=True)
class _Run:
    """Words at a place, in points from the page's lower left corner."""

    text: str
    left: float
    baseline: float
    size: float
    is_bold: bool = True


def letters_for(words: Words, labels: str) -> str:
    """Every letter that may be stamped in this language."""
    keys = ("page.of", "page.ref", "page.sheet", "preview.mark", "preview.line")
    names = dict.fromkeys(("page", "pages", "label", "sheet", "sheets"), "")
    texts = "".join(words(key, **names) for key in keys)
    return "".join(sorted(set(texts + labels + "0123456789-") - {" "}))


class Stamps:
    """Writes with the fonts of a glyph sheet onto the pages of `target`."""

    def __init__(self, target: pikepdf.Pdf, sheet: pikepdf.Pdf, words: Words) -> None:
        self._words = words
        self._fonts: dict[str, pikepdf.Object] = {}
        self._glyphs: dict[tuple[str, bool], _Glyph] = {}
        self._faint = target.make_indirect(pikepdf.Dictionary(ca=0.16, CA=0.16))
        for page in sheet.pages:
            for font in page.resources.get("/Font", {}).values():
                self._take(target, font)

    def _take(self, target: pikepdf.Pdf, font: pikepdf.Object) -> None:
        base = str(font.BaseFont)
        name = f"/Stamp{len(self._fonts)}"
        widths = _widths(font)
        is_bold = "Bold" in base
        taken = False
        for code, text in _BFCHAR.findall(font.ToUnicode.read_bytes()):
            letter = bytes.fromhex(text.decode()).decode("utf-16-be")
            number = int(code, 16)
            if len(letter) == 1 and (letter, is_bold) not in self._glyphs:
                self._glyphs[letter, is_bold] = _Glyph(name, number, widths.get(number, 1000.0))
                taken = True
        if taken:
            self._fonts[name] = target.copy_foreign(font)

    def page_number(
        self, page: pikepdf.Page, number: int, total: int, *, is_foreign: bool
    ) -> bytes:
        text = self._words("page.of", page=number, pages=total)
        width, _ = _size(page)
        size = _REFERENCE_PT if is_foreign else _FOOT_PT
        right = width - (_STRIP_INSET if is_foreign else _MARGIN_RIGHT)
        baseline = (STRIP_PT - _REFERENCE_PT) / 2 + 1 if is_foreign else _FOOT_BASELINE
        run = _Run(text, right - self._measure(text, size), baseline, size)
        return _artifact(f"/Pagination /Page {number}", f"0.07 g {self._show(page, run)}")

    def exhibit_label(self, page: pikepdf.Page, label: str, sheet: int, sheets: int) -> bytes:
        """The label on an appended page, top right, in the strip kept free for it."""
        text = self._words("page.sheet", label=label, sheet=sheet, sheets=sheets)
        width, height = _size(page)
        left = width - _STRIP_INSET - self._measure(text, _REFERENCE_PT)
        baseline = height - STRIP_PT + (STRIP_PT - _REFERENCE_PT) / 2 + 1
        run = _Run(text, left, baseline, _REFERENCE_PT)
        return _artifact("/Pagination", f"0.07 g {self._show(page, run)}")

    def reference(self, page: pikepdf.Page, spot: Spot, form: str, number: int) -> bytes:
        """The number a reference lands on, in the place its template kept for it.

        Args:
            page: the page that carries the reference.
            spot: the kept place.
            form: `p` page number from the left, `q` to the right, `n` the index's bare number.
            number: what is printed.
        """
        is_index = form == "n"
        text = str(number) if is_index else self._words("page.ref", page=number)
        size = _FOOT_PT if is_index else _REFERENCE_PT
        width = self._measure(text, size, is_bold=is_index)
        left = spot.left if form == "p" else spot.right - width
        baseline = spot.bottom + _GAP
        body = self._show(page, _Run(text, left, baseline, size, is_index))
        line = f"0.6 w {left:.2f} {baseline - 2:.2f} m {left + width:.2f} {baseline - 2:.2f} l S"
        return f"q 0.07 G 0.07 g {body} {line} Q\n".encode()

    def preview(self, page: pikepdf.Page) -> bytes:
        """Across the page so that it cannot be cropped away, faint so that all can be read."""
        width, height = _size(page)
        text = self._words("preview.mark")
        size = min(1.1 * min(width, height) / self._measure(text, 1.0), 0.2 * height)
        length = self._measure(text, size)
        across, up = cos(radians(_PREVIEW_TILT)), sin(radians(_PREVIEW_TILT))
        left = width / 2 - (length * across - 0.7 * size * up) / 2
        bottom = height / 2 - (length * up + 0.7 * size * across) / 2
        faint = page.add_resource(
            self._faint, pikepdf.Name.ExtGState, pikepdf.Name.StampFaint, replace_existing=True
        )
        turned = f"{across:.4f} {up:.4f} {-up:.4f} {across:.4f} {left:.2f} {bottom:.2f} cm"
        mark = f"{turned} {faint} gs 0 g {self._show(page, _Run(text, 0, 0, size))}"
        line = self._words("preview.line")
        middle = (width - self._measure(line, _REFERENCE_PT)) / 2
        said = self._show(page, _Run(line, middle, height - 17, _REFERENCE_PT))
        return _artifact("/Watermark", mark) + _artifact("/Watermark", f"0 g {said}")

    def _measure(self, text: str, size: float, *, is_bold: bool = True) -> float:
        return sum(self._advance(letter, is_bold=is_bold) for letter in text) * size / 1000

    def _advance(self, letter: str, *, is_bold: bool) -> float:
        return _SPACE if letter == " " else self._glyphs[letter, is_bold].width

    def _show(self, page: pikepdf.Page, run: _Run) -> str:
        """A text object; a space is a move, for no sheet shows the space's glyph."""
        shown = [f"BT {run.left:.2f} {run.baseline:.2f} Td"]
        for word in re.split("(?= )", run.text):
            letters = word.lstrip(" ")
            glyphs = [self._glyphs[letter, run.is_bold] for letter in letters]
            shown += _shown(glyphs, run.size, _SPACE * (len(word) - len(letters)))
            for name in sorted({glyph.font for glyph in glyphs}):
                font = self._fonts[name]
                kind = pikepdf.Name.Font
                page.add_resource(font, kind, pikepdf.Name(name), replace_existing=True)
        return " ".join([*shown, "ET"])


def _artifact(kind: str, body: str) -> bytes:
    return f"/Artifact <</Type {kind}>> BDC q {body} Q EMC\n".encode()


def _shown(glyphs: list[_Glyph], size: float, skipped: float) -> list[str]:
    """Operators for one word: a run for each font, the first moved on by what is skipped."""
    shown = []
    for font, run in groupby(glyphs, key=lambda glyph: glyph.font):
        codes = "".join(f"{glyph.code:04x}" for glyph in run)
        shown.append(f"{font} {size:.2f} Tf [{-skipped:.0f} <{codes}>] TJ")
        skipped = 0.0
    return shown


def _widths(font: pikepdf.Object) -> dict[int, float]:
    """A composite font's /W array as a table."""
    entries = list(font.DescendantFonts[0].get("/W", []))
    widths: dict[int, float] = {}
    while entries:
        first, second = int(entries.pop(0)), entries.pop(0)
        if isinstance(second, pikepdf.Array):
            widths.update((first + index, float(width)) for index, width in enumerate(second))
        else:
            width = float(entries.pop(0))
            widths.update((code, width) for code in range(first, int(second) + 1))
    return widths


def _size(page: pikepdf.Page) -> tuple[float, float]:
    box = pikepdf.Rectangle(page.mediabox)
    return float(box.width), float(box.height)
