"""Pages of documents and records as forms on a delivery's sheets.

A document's letters keep the size they came in wherever what is printed has room between the
strips: its blank margins may reach into those and beyond the sheet.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pikepdf
import pypdfium2

if TYPE_CHECKING:
    from pathlib import Path

_PT_PER_MM = 72 / 25.4
# Kept free of a document: for the order and the label, for the page's number, at the sides.
ABOVE_MM, BELOW_MM, _BESIDE_MM = 17.0, 11.0, 3.0
# How finely a page is looked at for where something stands, and what is no longer white there.
_LOOK_SCALE, _WHITE = 0.75, 252


@dataclass(frozen=True, slots=True)
class Form:
    """A drawn page: a record's fills the sheet, a document's leaves the strips free."""

    path: Path
    number: int
    is_record: bool


@dataclass(frozen=True, slots=True)
class Printed:
    """A page as it is seen, and the part of it where something stands, in points."""

    width: float
    height: float
    box: pikepdf.Rectangle


class Forms:
    """Draws forms on pages of `target`."""

    def __init__(self, target: pikepdf.Pdf) -> None:
        self._target = target
        self._sources: dict[Path, pikepdf.Pdf] = {}
        self._seen: dict[Path, pypdfium2.PdfDocument] = {}

    def show(self, page: pikepdf.Page, form: Form) -> bytes:
        """The operators that draw it."""
        source = self._source(form.path).pages[form.number]
        drawn = self._target.copy_foreign(source.as_form_xobject())
        name = page.add_resource(drawn, pikepdf.Name.XObject)
        free = place = pikepdf.Rectangle(page.mediabox)
        if not form.is_record:
            free = _between_strips(free)
            place = _place(self._printed(form), free)
        shown = page.calc_form_xobject_placement(drawn, name, place, allow_expand=False)
        edges = f"{free.llx:.3f} {free.lly:.3f} {free.width:.3f} {free.height:.3f}"
        return f"q {edges} re W n ".encode() + bytes(shown) + b" Q"

    def _source(self, path: Path) -> pikepdf.Pdf:
        if path not in self._sources:
            opened = self._sources[path] = pikepdf.open(path)
            opened.generate_appearance_streams()
            opened.flatten_annotations("all")
        return self._sources[path]

    def _printed(self, form: Form) -> Printed:
        if form.path not in self._seen:
            self._seen[form.path] = pypdfium2.PdfDocument(form.path)
        page = self._seen[form.path][form.number]
        width, height = page.get_size()
        left, above, right, below = ink_of(page) or (0, 0, 1, 1)
        box = pikepdf.Rectangle(
            left * width, (1 - below) * height, right * width, (1 - above) * height
        )
        return Printed(width, height, box)


def ink_of(page: pypdfium2.PdfPage) -> tuple[float, float, float, float] | None:
    """Where something stands on the page: left, top, right and bottom as shares of its size."""
    drawn = page.render(scale=_LOOK_SCALE, may_draw_forms=False).to_pil().convert("L")
    ink = drawn.point(lambda level: 255 * (level < _WHITE)).getbbox()
    if ink is None:
        return None
    left, top, right, bottom = ink
    width, height = drawn.size
    return left / width, top / height, right / width, bottom / height


def _between_strips(sheet: pikepdf.Rectangle) -> pikepdf.Rectangle:
    beside = _BESIDE_MM * _PT_PER_MM
    return pikepdf.Rectangle(
        sheet.llx + beside,
        sheet.lly + BELOW_MM * _PT_PER_MM,
        sheet.urx - beside,
        sheet.ury - ABOVE_MM * _PT_PER_MM,
    )


def _place(page: Printed, free: pikepdf.Rectangle) -> pikepdf.Rectangle:
    """Where the whole page goes so that what is printed on it stands in `free`, never enlarged."""
    box = page.box
    scale = min(1.0, free.width / box.width, free.height / box.height)
    left = _moved(free.llx, free.urx, box.llx * scale, box.urx * scale, page.width * scale)
    bottom = _moved(free.lly, free.ury, box.lly * scale, box.ury * scale, page.height * scale)
    return pikepdf.Rectangle(left, bottom, left + page.width * scale, bottom + page.height * scale)


def _moved(start: float, end: float, printed_from: float, printed_to: float, size: float) -> float:
    """Where the page begins along one side: in the middle, moved no further than it must be."""
    middle = (start + end - size) / 2
    return min(max(middle, start - printed_from), end - printed_to)
