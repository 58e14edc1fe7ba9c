"""One font program for all parts: each part was drawn with a subset of its own.

WeasyPrint keeps a font's glyph numbers in every subset, so the union serves all of them. A subset
of a Chinese font costs 70 to 140 kB whatever it holds, and a long chat has dozens of parts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pikepdf

if TYPE_CHECKING:
    from collections.abc import Iterable

_PROGRAMS = ("/FontFile2", "/FontFile3")


def share_fonts(pdf: pikepdf.Pdf, drawn_with: Iterable[Any]) -> None:
    """Let the pages' own fonts read one program each.

    Fonts inside other people's pages lie in forms and are not touched.

    Args:
        pdf: the parts put together.
        drawn_with: the fonts of every part, as WeasyPrint's documents list them.
    """
    by_name: dict[str, list[Any]] = {}
    for font in drawn_with:
        # Of fonts with pictures or used within forms WeasyPrint makes more than a subset.
        if not (font.bitmap or font.png or font.svg or font.colr or font.used_in_forms):
            by_name.setdefault(font.name.decode(), []).append(font)
    shared: dict[str, pikepdf.Stream] = {}
    for descriptor, key in _descriptors(pdf):
        name = str(descriptor.FontName)
        if len(by_name.get(name, ())) > 1:
            if name not in shared:
                shared[name] = _stream(pdf, _union(by_name[name]), descriptor[key])
            descriptor[key] = shared[name]


def _descriptors(pdf: pikepdf.Pdf) -> list[tuple[pikepdf.Object, str]]:
    """Each descriptor of a font that a page itself names, and the entry that holds its program."""
    found: dict[tuple[int, int], tuple[pikepdf.Object, str]] = {}
    for page in pdf.pages:
        for font in page.resources.get("/Font", pikepdf.Dictionary()).values():
            for descendant in font.get("/DescendantFonts", []):
                descriptor = descendant.FontDescriptor
                key = next((entry for entry in _PROGRAMS if entry in descriptor), None)
                if key:
                    found[descriptor.objgen] = (descriptor, key)
    return list(found.values())


def _union(fonts: list[Any]) -> bytes:
    # One that lacks a character keeps the outline of the box that is shown for it.
    best = max(fonts, key=lambda font: len(font.missing))
    glyphs = {code: text for font in fonts for code, text in font.to_unicode.items()}
    best.subset(glyphs, hinting=False)
    program: bytes = bytes(best.file_content)
    return program


def _stream(pdf: pikepdf.Pdf, program: bytes, one: pikepdf.Object) -> pikepdf.Stream:
    stream = pikepdf.Stream(pdf, program)
    if "/Subtype" in one:
        stream["/Subtype"] = one.Subtype
    if "/Length1" in one:
        stream["/Length1"] = len(program)
    return stream
