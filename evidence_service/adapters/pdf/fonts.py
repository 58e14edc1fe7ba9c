"""One font program for all parts, which were drawn without any.

WeasyPrint keeps a font's glyph numbers in a subset, so the union serves every part. A subset of a
Chinese font costs 70 to 140 kB and 15 ms whatever it holds, and a long chat has dozens of parts.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pikepdf

from evidence_service.adapters.pdf.parts import part_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from evidence_service.adapters.pdf.parts import FontUse

_PROGRAMS = ("/FontFile2", "/FontFile3")


@dataclass(frozen=True, slots=True)
class Union:
    """A font with the glyphs of all parts: a part of the bundle as they are."""

    face: str
    glyphs: tuple[int, ...]
    shows_boxes: bool

    @property
    def name(self) -> str:
        return part_name("font", self.face, json.dumps(self.glyphs), str(self.shows_boxes))


def unions(uses: Iterable[FontUse]) -> dict[str, Union]:
    """What the parts show together, by the PDF's name for the font."""
    by_name: dict[str, list[FontUse]] = {}
    for use in uses:
        if use.is_left_out:
            by_name.setdefault(use.name, []).append(use)
    return {
        name: Union(
            same[0].face,
            tuple(sorted({glyph for use in same for glyph in use.glyphs})),
            # Where a part lacks a character, the outline of the box shown for it is kept.
            any(use.shows_boxes for use in same),
        )
        for name, same in by_name.items()
    }


def share_fonts(pdf: pikepdf.Pdf, programs: Mapping[str, bytes]) -> None:
    """Let the pages' own fonts read one program each.

    Fonts inside other people's pages lie in forms and are not touched.

    Args:
        pdf: the parts put together.
        programs: by the PDF's name for the font.
    """
    shared: dict[str, pikepdf.Stream] = {}
    for descriptor, key in _descriptors(pdf):
        name = str(descriptor.FontName)
        if name in programs:
            if name not in shared:
                shared[name] = _stream(pdf, programs[name], descriptor[key])
            descriptor[key] = shared[name]


def _descriptors(pdf: pikepdf.Pdf) -> Iterator[tuple[pikepdf.Object, str]]:
    """Each descriptor of a font that a page itself names, and the entry that holds its program."""
    seen: set[tuple[int, int]] = set()
    for page in pdf.pages:
        for font in page.resources.get("/Font", pikepdf.Dictionary()).values():
            if font.objgen in seen:
                continue
            seen.add(font.objgen)
            for descendant in font.get("/DescendantFonts", []):
                descriptor = descendant.FontDescriptor
                key = next((entry for entry in _PROGRAMS if entry in descriptor), None)
                if key:
                    yield descriptor, key


def _stream(pdf: pikepdf.Pdf, program: bytes, one: pikepdf.Object) -> pikepdf.Stream:
    stream = pikepdf.Stream(pdf, program)
    if "/Subtype" in one:
        stream["/Subtype"] = one.Subtype
    if "/Length1" in one:
        stream["/Length1"] = len(program)
    return stream
