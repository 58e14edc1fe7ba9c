"""WeasyPrint: a section's HTML to the part that shows it, and one font for the parts that share it.

Nothing that came from outside is ever HTML, CSS or an address here: texts are escaped, pictures
are placed later by pikepdf, and the fetcher knows no address at all. Imported only where something
has to be drawn.
"""

from __future__ import annotations

import logging
from functools import cache
from typing import TYPE_CHECKING, Any, NoReturn, Self

import pydyf
from cffi import FFI

from evidence_service.adapters.pdf.later import put_off
from evidence_service.adapters.pdf.made_with import faces
from evidence_service.adapters.pdf.parts import NOTE, Drawn, FontUse, Spot
from evidence_service.domain.bundle import BundleFailed

# A quarter of WeasyPrint's import, for fonts with axes and where HarfBuzz cannot subset.
with put_off("fontTools.subset", "fontTools.varLib.instancer"):
    from weasyprint import CSS, HTML
    from weasyprint.draw import text as drawn_text
    from weasyprint.images import RasterImage
    from weasyprint.pdf import fonts as pdf_fonts
    from weasyprint.pdf.fonts import Font
    from weasyprint.text.ffi import ffi, harfbuzz
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import FatalURLFetchingError, URLFetcher

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import TracebackType

    from PIL.Image import Image

    from evidence_service.adapters.pdf.made_with import Face
    from evidence_service.adapters.pdf.sections import Source

_PT_PER_PX = 0.75
_POSTSCRIPT_NAME = 6
_NAME_BYTES = 128


class NoAddressFetcher(URLFetcher):  # type: ignore[misc]  # WeasyPrint is untyped
    """Refuses every address, and by refusing stops the render: nothing may vanish silently."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False, fail_on_errors=True)

    def fetch(self, url: str, headers: object = None) -> NoReturn:
        del headers
        raise ValueError(f"a section asked for {url[:80]}")


class MissingGlyphs(logging.Handler):
    """Collects the characters that no font could draw; WeasyPrint only logs them."""

    _logger = logging.getLogger("weasyprint")

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self._found: set[str] = set()

    def emit(self, record: logging.LogRecord) -> None:
        if str(record.msg).startswith(".notdef glyph") and isinstance(record.args, tuple):
            self._found.add(str(record.args[0]))

    @property
    def found(self) -> tuple[str, ...]:
        return tuple(sorted(self._found))

    def __enter__(self) -> Self:
        self._logger.addHandler(self)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._logger.removeHandler(self)


class Pen:
    """Draws sources one after the other, fonts and style sheets loaded once."""

    def __init__(self) -> None:
        self._fonts = FontConfiguration()
        self._fetcher = NoAddressFetcher()
        self._sheets: dict[str, CSS] = {}

    def draw(self, source: Source) -> bytes:
        """The part of a source, with what Drawn says of it noted inside.

        Raises:
            BundleFailed: the source asked for an address.
        """
        html = HTML(string=source.html, url_fetcher=self._fetcher, base_url="bundle:")
        sheets = [self._sheet(text) for text in source.css]
        try:
            with MissingGlyphs() as glyphs:
                document = html.render(font_config=self._fonts, stylesheets=sheets)
                part: bytes = document.write_pdf(
                    finisher=lambda whole, pdf: _note(whole, pdf, glyphs.found)
                )
        except FatalURLFetchingError as error:
            # A BaseException: `except Exception` would let it end the process.
            raise BundleFailed(reason=str(error)) from error
        return part

    def _sheet(self, text: str) -> CSS:
        if text not in self._sheets:
            self._sheets[text] = CSS(
                string=text, url_fetcher=self._fetcher, font_config=self._fonts
            )
        return self._sheets[text]


def _note(document: Any, pdf: pydyf.PDF, missing: tuple[str, ...]) -> None:
    drawn = Drawn(len(document.pages), _spots(document.pages), _uses(document.fonts), missing)
    pdf.catalog[NOTE[1:]] = pydyf.String(drawn.to_note())


def _spots(pages: list[Any]) -> dict[str, Spot]:
    """Named boxes in points, the first of each name."""
    spots: dict[str, Spot] = {}
    for number, page in enumerate(pages):
        height = page.height * _PT_PER_PX
        for anchor, (left, top, right, bottom) in page.anchors.items():
            spot = Spot(
                number,
                left * _PT_PER_PX,
                height - bottom * _PT_PER_PX,
                right * _PT_PER_PX,
                height - top * _PT_PER_PX,
            )
            spots.setdefault(anchor, spot)
    return spots


def _uses(fonts: dict[Any, Any]) -> tuple[FontUse, ...]:
    """WeasyPrint makes several fonts of one face, of which the first stands for all."""
    by_name: dict[str, list[Any]] = {}
    for font in fonts.values():
        by_name.setdefault(font.name.decode(), []).append(font)
    return tuple(
        FontUse(
            name=name,
            face=same[0].face,
            glyphs=tuple(sorted({glyph for font in same for glyph in font.to_unicode})),
            shows_boxes=any(font.missing for font in same),
            is_left_out=same[0].is_left_out,
        )
        for name, same in by_name.items()
    )


def _leave_out(font: Any, to_unicode: dict[int, str], hinting: bool) -> None:
    """In the place of WeasyPrint's own subset: four bytes that still say which kind of font it is.

    Of fonts with pictures, with axes or used within forms it makes more than a subset: those stay.
    """
    is_more = font.bitmap or font.png or font.svg or font.colr or "fvar" in font.tables
    font.face = _face(font)
    font.is_left_out = bool(font.face) and not is_more and not font.used_in_forms
    if font.is_left_out:
        font.file_content = b"OTTO" if "CFF " in font.tables else b"\0\1\0\0"
    else:
        _subset_now(font, to_unicode, hinting)
        font.file_content = bytes(font.file_content)


_subset_now = Font.clean
Font.clean = _leave_out


def _data_where_it_lies(face: Any) -> Any:
    """A font's file, not copied: a Chinese one has 20 MB, and WeasyPrint asks in each document."""
    length = ffi.new("unsigned int *")
    blob = harfbuzz.hb_face_reference_blob(face)
    data = harfbuzz.hb_blob_get_data(blob, length)
    return ffi.buffer(ffi.gc(data, lambda _: harfbuzz.hb_blob_destroy(blob)), length[0])


pdf_fonts.get_hb_object_data = _data_where_it_lies


_emojis: dict[str, RasterImage] = {}


def _emoji(picture: Image, name: str, data: bytes) -> RasterImage:
    """WeasyPrint encodes an emoji anew wherever it stands; `name` is of its font and glyph."""
    if name not in _emojis:
        _emojis[name] = RasterImage(picture, name, data)
    return _emojis[name]


drawn_text.RasterImage = _emoji


_open = FFI()
_open.cdef("""
    void *hb_blob_create_from_file(const char *file_name);
    void *hb_face_create(void *blob, unsigned int index);
    void hb_blob_destroy(void *blob);
    void hb_face_destroy(void *face);
    unsigned int hb_ot_name_get_utf8(
        void *face, unsigned int name, void *language, unsigned int *size, char *text);
""")


@cache
def _harfbuzz() -> Any:
    return _open.dlopen("libharfbuzz.so.0")


def _face(font: Any) -> str:
    """Which installed font it is; nothing where that is not sure."""
    found = (_name(font), font.index, len(font.file_content))
    same = (
        place
        for place, face in faces().items()
        if (face.name, face.index) == found[:2] and face.file.stat().st_size == found[2]
    )
    return next(same, "")


def _name(font: Any) -> str:
    """Its PostScript name, which is the same in every language."""
    face = _open.cast("void *", int(ffi.cast("uintptr_t", font.hb_face)))
    text = _open.new("char[]", _NAME_BYTES)
    size = _open.new("unsigned int *", _NAME_BYTES)
    _harfbuzz().hb_ot_name_get_utf8(face, _POSTSCRIPT_NAME, _open.NULL, size, text)
    name: bytes = _open.string(text)
    return name.decode()


def draw_font(face: str, glyphs: Iterable[int], *, shows_boxes: bool) -> bytes:
    """The font with these glyphs alone, as WeasyPrint subsets it: glyphs keep their numbers."""
    found: Face = faces()[face]
    library = _harfbuzz()
    blob = library.hb_blob_create_from_file(str(found.file).encode())
    opened = library.hb_face_create(blob, found.index)
    library.hb_blob_destroy(blob)
    try:
        font = Font.__new__(Font)
        font.family, font.file_content = found.name, b""
        # Of this WeasyPrint asks only whether there is any: then the box keeps its outline.
        font.missing = {0: 0} if shows_boxes else {}
        font.hb_face = ffi.cast("hb_face_t *", int(_open.cast("uintptr_t", opened)))
        font.subset(dict.fromkeys(glyphs, ""), hinting=False)
        program: bytes = bytes(font.file_content)
    finally:
        library.hb_face_destroy(opened)
    if not program:
        raise BundleFailed(reason=f"no subset of {face}")
    return program
