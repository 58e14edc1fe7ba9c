"""Exhibits as pages: pictures and other people's PDFs, placed by pikepdf without re-drawing.

What a picture's pages show is a part of its own (parts.py): looking into its bytes costs more
than all the rest of an export.

A JPEG goes through as it is but for its hidden segments (EXIF, GPS, comments, embedded previews);
a PNG's pixel stream goes through when a PDF can hold it. Orientation is a matrix, not a
re-encoding. Of other people's PDFs only what is visible is taken over: no scripts, actions, links,
forms or attachments.
"""

from __future__ import annotations

import hashlib
import io
import json
import struct
import warnings
import zlib
from dataclasses import dataclass, field
from math import ceil
from typing import TYPE_CHECKING

import pikepdf
from PIL import Image, ImageOps

from evidence_service.adapters.pdf.parts import NOTE, note_of, part_name
from evidence_service.domain.bundle import (
    LEAST_WIDTH_MM,
    MM_PER_PX,
    TURNED_MM,
    UPRIGHT_MM,
    Placing,
    PlannedSection,
    is_turned,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from evidence_service.adapters.pdf.parts import PartFolder, Spot
    from evidence_service.adapters.pdf.words import Words

# Beyond this a picture is a bomb or a poster, not a screenshot (Pillow's own limit is 179 million).
MAX_PIXELS = 100_000_000
_FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "AVIF")
# What Pillow and pikepdf raise for bytes that are no picture and no PDF; Pillow's bomb warning is
# turned into an error.
_BROKEN = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    RuntimeError,
    struct.error,
    pikepdf.PikepdfError,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)
# Phones append a second picture (depth, brightness) to a JPEG; Pillow names that MPO.
_JPEG = frozenset({"JPEG", "MPO"})

_CUT_FROM = 0.7
# Parts are about equal, lest the last be a strip: a part is seldom full, and ends near its share.
_CUT_FULL, _CUT_EARLY, _CUT_LATE = 0.88, 0.8, 1.25
_BLANK_CONTRAST = 8
_CUT_OVERLAP_PX = 40
# A chat of 500 messages on the narrowest phone comes to about a hundred.
_MOST_PARTS = 250

_UNPACK_BYTES = 1 << 20
_ORIENTATION_TAG = 0x0112
# How the unit square of a stored picture lies on its place, by EXIF orientation.
_MATRICES = {
    1: (1, 0, 0, 1, 0, 0),
    2: (-1, 0, 0, 1, 1, 0),
    3: (-1, 0, 0, -1, 1, 1),
    4: (1, 0, 0, -1, 0, 1),
    5: (0, -1, -1, 0, 1, 1),
    6: (0, -1, 1, 0, 0, 1),
    7: (0, 1, 1, 0, 0, 0),
    8: (0, 1, -1, 0, 1, 0),
}
_TURNED = frozenset({5, 6, 7, 8})

# Strips kept free on an appended page for label and page number.
STRIP_PT = 26.0
_PAGE_PT = (36.0, 14_400.0)


@dataclass(frozen=True, slots=True)
class Encoded:
    """A picture as a PDF can hold it: the bytes of its stream and the entries that read them."""

    data: bytes
    entries: dict[str, object] = field(hash=False)

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True, slots=True)
class Cut:
    """What of a picture stands on one page: rows `top` to `bottom` of it, as seen."""

    encoded: Encoded
    orientation: int
    width_px: int
    height_px: int
    top_px: int
    bottom_px: int


@dataclass(frozen=True, slots=True)
class Piece:
    """A cut as it lies in the picture's part, on its pages."""

    stream: pikepdf.Stream
    sha256: str
    orientation: int
    width_px: int
    height_px: int
    top_px: int
    bottom_px: int


@dataclass(frozen=True, slots=True)
class Place:
    """The room left for a piece in the exhibit's page."""

    anchor: str
    width_mm: float
    height_mm: float


@dataclass(frozen=True, slots=True)
class Sheet:
    """One exhibit, ready to be drawn: its pieces if a picture, its pages if a document.

    `is_unreadable`: it was to be shown, and its bytes cannot be opened. `frames` is how many a
    moving picture has, of which one is shown. `pdf` holds the pieces' streams.
    """

    section: PlannedSection
    is_unreadable: bool = False
    is_wide: bool = False
    frames: int = 0
    places: tuple[Place, ...] = ()
    pieces: tuple[Piece, ...] = ()
    pdf: pikepdf.Pdf | None = None
    document: Document | None = None

    def note(self, words: Words) -> str:
        """What a reader has to know before the pages."""
        if self.document:
            return words("exhibit.document", count=self.document.page_count)
        if self.is_unreadable:
            return words("exhibit.unreadable")
        if self.section.placing is Placing.KEPT:
            return words("exhibit.kept")
        return words("exhibit.frames", count=self.frames) if self.frames else ""


class Document:
    """A PDF exhibit, opened, flattened and taken apart into forms.

    Raises:
        One of _BROKEN: it is damaged or locked, has no pages, or one of a size no viewer shows.
    """

    def __init__(self, path: Path) -> None:
        self._pdf = pikepdf.open(path)
        self._pdf.generate_appearance_streams()
        self._pdf.flatten_annotations("all")
        # What its pages share by a table, but do not show, stays behind.
        self._pdf.remove_unreferenced_resources()
        self._pages = [(_seen_size(page), page.as_form_xobject()) for page in self._pdf.pages]
        if not self._pages:
            raise ValueError("no pages")

    @property
    def page_count(self) -> int:
        return len(self._pages)

    def append_to(self, target: pikepdf.Pdf) -> None:
        """Add each page to `target` as a fresh page of its size.

        The content is a little smaller, so that label and number stand beside it and never on it.
        """
        for (width, height), source in self._pages:
            form = target.copy_foreign(source)
            target.add_blank_page(page_size=(width, height))
            page = target.pages[-1]
            name = page.add_resource(form, pikepdf.Name.XObject, pikepdf.Name.Exhibit)
            frame = pikepdf.Rectangle(0, STRIP_PT, width, height - STRIP_PT)
            page.contents_add(
                page.calc_form_xobject_placement(
                    form, name, frame, allow_shrink=True, allow_expand=False
                )
            )


def _seen_size(page: pikepdf.Page) -> tuple[float, float]:
    box = pikepdf.Rectangle(page.trimbox)
    unit = float(page.obj.get("/UserUnit", 1))
    width, height = float(box.width) * unit, float(box.height) * unit
    if _turn(page) % 180:
        width, height = height, width
    smallest, largest = _PAGE_PT
    if not (smallest <= width <= largest and 3 * STRIP_PT <= height <= largest):
        raise ValueError(f"its size is {width:g} x {height:g} pt")
    return width, height


def _turn(page: pikepdf.Page) -> int:
    node: pikepdf.Object = page.obj
    for _ in range(64):
        if "/Rotate" in node:
            return int(node["/Rotate"])
        if "/Parent" not in node:
            break
        node = node["/Parent"]
    return 0


def pictures_name(sha256: str) -> str:
    """The name of the part that holds a picture's pages."""
    return part_name("pictures", sha256)


def draw_pictures(path: Path) -> bytes:
    """The part of a picture: its streams, and which rows of which stand on which page.

    Bytes that are no picture after all, are damaged or too large make a part that says so.
    """
    pdf = pikepdf.Pdf.new()
    note: dict[str, object] = {"frames": 0, "is_wide": False, "streams": [], "pieces": []}
    streams = pikepdf.Array()
    numbers: dict[int, int] = {}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            frames, is_wide, cuts = _look_at(path)
    except _BROKEN:
        cuts = ()
    else:
        note |= {"frames": frames, "is_wide": is_wide}
    for cut in cuts:
        if id(cut.encoded) not in numbers:
            numbers[id(cut.encoded)] = len(numbers)
            streams.append(pdf.make_indirect(_stream(pdf, cut.encoded)))
    note["streams"] = list({id(cut.encoded): cut.encoded.sha256 for cut in cuts}.values())
    note["pieces"] = [
        [numbers[id(cut.encoded)], cut.orientation, cut.width_px, cut.height_px, *_rows(cut)]
        for cut in cuts
    ]
    pdf.Root.Streams = streams
    pdf.Root[NOTE] = pikepdf.String(json.dumps(note))
    buffer = io.BytesIO()
    pdf.save(buffer, static_id=True)
    return buffer.getvalue()


def _rows(cut: Cut) -> tuple[int, int]:
    return cut.top_px, cut.bottom_px


def _stream(pdf: pikepdf.Pdf, encoded: Encoded) -> pikepdf.Stream:
    stream = pikepdf.Stream(pdf, encoded.data)
    stream["/Type"] = pikepdf.Name.XObject
    stream["/Subtype"] = pikepdf.Name.Image
    stream["/Interpolate"] = False
    for key, value in encoded.entries.items():
        stream[key] = value
    return stream


def prepare(section: PlannedSection, path: Path, sha256: str, parts: PartFolder) -> Sheet:
    """What of an exhibit comes onto its pages.

    An exhibit never vanishes: what cannot be opened makes a sheet that says so, and keeps nobody
    from the rest. The part of a picture is there already.
    """
    if section.placing is Placing.PICTURES:
        return _pictured(section, parts.path(pictures_name(sha256)))
    if section.placing is Placing.KEPT:
        return Sheet(section)
    try:
        return Sheet(section, document=Document(path))
    except _BROKEN:
        return Sheet(section, is_unreadable=True)


def _pictured(section: PlannedSection, path: Path) -> Sheet:
    # Its streams are read when the whole is saved: it stays open with them.
    pdf = pikepdf.open(path)
    note = note_of(pdf)
    if not note["pieces"]:
        return Sheet(section, is_unreadable=True)
    streams = [pdf.Root.Streams[number] for number in range(len(note["streams"]))]
    pieces = tuple(
        Piece(streams[number], note["streams"][number], *seen) for number, *seen in note["pieces"]
    )
    return Sheet(
        section,
        frames=note["frames"],
        is_wide=note["is_wide"],
        places=_places(section, pieces, is_wide=note["is_wide"]),
        pieces=pieces,
        pdf=pdf,
    )


def _look_at(path: Path) -> tuple[int, bool, tuple[Cut, ...]]:
    """How many frames it has if it moves, whether it lies, and its cuts."""
    with Image.open(path, formats=_FORMATS) as image:
        if image.width * image.height > MAX_PIXELS:
            raise ValueError(f"{image.width} x {image.height} pixels")
        frames = getattr(image, "n_frames", 1)
        if image.format == "PNG" and _seen(image)[1] <= max_rows(_seen(image)[0]):
            whole = _png(path.read_bytes())
            if whole and _is_complete(whole):
                cut = Cut(whole, _orientation(image), *_seen(image), 0, _seen(image)[1])
                return 0, _is_wide(image), (cut,)
        image.load()
        moves = frames > 1 and image.format not in _JPEG
        return frames if moves else 0, _is_wide(image), tuple(_cuts(image, path))


def _orientation(image: Image.Image) -> int:
    value = image.getexif().get(_ORIENTATION_TAG, 1)
    return value if value in _MATRICES else 1


def _seen(image: Image.Image) -> tuple[int, int]:
    width, height = image.size
    return (height, width) if _orientation(image) in _TURNED else (width, height)


def _is_wide(image: Image.Image) -> bool:
    return image.format not in _JPEG and is_turned(*_seen(image))


def _cuts(image: Image.Image, path: Path) -> Iterator[Cut]:
    width, height = _seen(image)
    rows = max_rows(width)
    if image.format in _JPEG and (encoded := _jpeg(image, path.read_bytes())):
        # One stream shown through windows: cutting it would mean encoding it again.
        cuts = [(0, height)] if height <= rows else find_cuts(ImageOps.exif_transpose(image), rows)
        for top, bottom in cuts:
            yield Cut(encoded, _orientation(image), width, height, top, bottom)
    elif height > rows:
        upright = _opaque(ImageOps.exif_transpose(image))
        for top, bottom in find_cuts(upright, rows):
            part = upright.crop((0, top, width, bottom))
            yield Cut(_deflated(part), 1, width, bottom - top, 0, bottom - top)
    else:
        encoded = _png(path.read_bytes()) if image.format == "PNG" else None
        orientation = _orientation(image)
        yield Cut(encoded or _deflated(image), orientation, width, height, 0, height)


def max_rows(width_px: int) -> int:
    """How many rows of a picture fit one page without its letters becoming too small."""
    mm_per_px = min(MM_PER_PX, LEAST_WIDTH_MM / width_px)
    return max(1, int(UPRIGHT_MM[1] / mm_per_px))


def find_cuts(upright: Image.Image, rows: int) -> list[tuple[int, int]]:
    """Divide a tall picture between its lines of text.

    Args:
        upright: the picture as seen, eight bits a channel.
        rows: the most rows one part may have.

    Returns:
        From and to row of each part, from the top. Parts meet in a blank row; where there is none
        they overlap, so that no line is lost in the cut.

    Raises:
        ValueError: it would fill more pages than anybody leafs through.
    """
    grey = upright.convert("L")
    if grey.height > _MOST_PARTS * rows * _CUT_FROM:
        raise ValueError(f"{grey.width} x {grey.height} pixels")
    parts = []
    top = 0
    while grey.height - top > rows:
        left = grey.height - top
        share = left / ceil(left / (_CUT_FULL * rows))
        latest = min(rows, int(share * _CUT_LATE))
        blank = _blank_row(grey, top + int(share * _CUT_EARLY), top + latest)
        bottom = blank if blank is not None else top + rows
        parts.append((top, bottom))
        top = bottom if blank is not None else bottom - min(_CUT_OVERLAP_PX, rows // 4)
    return [*parts, (top, grey.height)]


def _blank_row(grey: Image.Image, first: int, last: int) -> int | None:
    """The middle of the longest run of rows without contrast."""
    best: tuple[int, int] | None = None
    start = None
    for row in range(first, last + 1):
        is_blank = row < last and _contrast(grey, row) <= _BLANK_CONTRAST
        if is_blank and start is None:
            start = row
        elif not is_blank and start is not None:
            if best is None or row - start >= best[1] - best[0]:
                best = (start, row)
            start = None
    return (best[0] + best[1]) // 2 if best else None


def _contrast(grey: Image.Image, row: int) -> float:
    low, high = grey.crop((0, row, grey.width, row + 1)).getextrema()
    return float(high) - float(low)  # type: ignore[arg-type]  # mode L has one band: two numbers


def _places(
    section: PlannedSection, pieces: tuple[Piece, ...], *, is_wide: bool
) -> tuple[Place, ...]:
    room_width, room_height = TURNED_MM if is_wide else UPRIGHT_MM
    tallest = max(piece.bottom_px - piece.top_px for piece in pieces)
    mm_per_px = min(MM_PER_PX, room_width / pieces[0].width_px, room_height / tallest)
    return tuple(
        Place(
            f"{section.anchor}.{number}",
            round(piece.width_px * mm_per_px, 3),
            round((piece.bottom_px - piece.top_px) * mm_per_px, 3),
        )
        for number, piece in enumerate(pieces, start=1)
    )


class Placer:
    """Puts pieces on their pages; a stream that several show is stored once."""

    def __init__(self, target: pikepdf.Pdf) -> None:
        self._target = target

    def place(self, page: pikepdf.Page, piece: Piece, spot: Spot) -> None:
        # Copied once: qpdf remembers what it has taken from another file.
        stream = self._target.copy_foreign(piece.stream)
        _own_resources(page)
        name = page.add_resource(stream, pikepdf.Name.XObject, pikepdf.Name.Exhibit)
        # The page's own program turns its axes upside down and never turns them back.
        page.contents_add(b"q", prepend=True)
        page.contents_add(b"Q " + _drawing(piece, spot, str(name)))


def _own_resources(page: pikepdf.Page) -> None:
    """WeasyPrint's pages share one table of resources: a name set on one would be set on all."""
    own = pikepdf.Dictionary(dict(page.resources.items()))
    own.XObject = pikepdf.Dictionary(dict(own.get("/XObject", pikepdf.Dictionary()).items()))
    page.obj.Resources = own


def _drawing(piece: Piece, spot: Spot, name: str) -> bytes:
    """Operators that show the piece's rows in its place, clipped to it."""
    width, height = spot.right - spot.left, spot.top - spot.bottom
    per_px = height / (piece.bottom_px - piece.top_px)
    full_height = piece.height_px * per_px
    lower = spot.bottom - (piece.height_px - piece.bottom_px) * per_px
    matrix = " ".join(map(str, _MATRICES[piece.orientation]))
    return (
        f"q {spot.left:.3f} {spot.bottom:.3f} {width:.3f} {height:.3f} re W n "
        f"{width:.3f} 0 0 {full_height:.3f} {spot.left:.3f} {lower:.3f} cm "
        f"{matrix} cm {name} Do Q"
    ).encode()


_JPEG_COLOURS = {"L": "/DeviceGray", "RGB": "/DeviceRGB", "CMYK": "/DeviceCMYK"}


def _jpeg(image: Image.Image, data: bytes) -> Encoded | None:
    """The JPEG without its hidden segments, or nothing if viewers may not decode it."""
    # Importing the readers takes longer than putting together what is ready.
    from evidence_service.readers import jpeg  # noqa: PLC0415 - see above

    stripped = jpeg.strip(data)
    if image.mode not in _JPEG_COLOURS or stripped is None:
        return None
    entries: dict[str, object] = {
        "/Width": image.width,
        "/Height": image.height,
        "/ColorSpace": pikepdf.Name(_JPEG_COLOURS[image.mode]),
        "/BitsPerComponent": 8,
        "/Filter": pikepdf.Name.DCTDecode,
    }
    if image.mode == "CMYK" and "adobe" in image.info:
        # Adobe writes CMYK inverted.
        entries["/Decode"] = pikepdf.Array([1, 0] * 4)
    return Encoded(stripped, entries)


_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
# Grey, true colour, palette; what has an alpha channel is laid on white first.
_PNG_COLOURS = {0: 1, 2: 3, 3: 1}


def _png(data: bytes) -> Encoded | None:
    """The PNG's own pixel stream, or nothing where a PDF cannot hold it as it is."""
    header: tuple[int, ...] = ()
    palette = b""
    pixels = bytearray()
    for kind, body in _png_chunks(data):
        if kind == b"IHDR":
            header = struct.unpack(">IIBBBBB", body)
        elif kind == b"PLTE":
            palette = body
        elif kind == b"tRNS":
            return None
        elif kind == b"IDAT":
            pixels += body
    width, height, bits, colour, _, _, interlace = header
    if interlace or colour not in _PNG_COLOURS:
        return None
    space: object = pikepdf.Name.DeviceGray if colour == 0 else pikepdf.Name.DeviceRGB
    if palette and colour == 3:  # noqa: PLR2004 - PNG's number for "by palette"
        last = len(palette) // 3 - 1
        name, base = pikepdf.Name.Indexed, pikepdf.Name.DeviceRGB
        space = pikepdf.Array([name, base, last, pikepdf.String(palette)])
    predictor = pikepdf.Dictionary(
        Predictor=15, Colors=_PNG_COLOURS[colour], BitsPerComponent=bits, Columns=width
    )
    entries: dict[str, object] = {
        "/Width": width,
        "/Height": height,
        "/ColorSpace": space,
        "/BitsPerComponent": bits,
        "/Filter": pikepdf.Name.FlateDecode,
        "/DecodeParms": predictor,
    }
    return Encoded(bytes(pixels), entries)


def _is_complete(png: Encoded) -> bool:
    """Whether the pixel stream holds every row, without turning it into pixels."""
    # Entries are whatever a PDF holds; these we put there ourselves, as numbers.
    parms = png.entries["/DecodeParms"]
    bits = int(parms.Colors) * int(parms.BitsPerComponent) * int(parms.Columns)  # type: ignore[attr-defined]  # see above
    left = (1 + (bits + 7) // 8) * int(png.entries["/Height"])  # type: ignore[call-overload]  # see above
    unpacked = zlib.decompressobj()
    try:
        rest = png.data
        while rest and not unpacked.eof:
            left -= len(unpacked.decompress(rest, _UNPACK_BYTES))
            rest = unpacked.unconsumed_tail
    except zlib.error:
        return False
    return unpacked.eof and left == 0


def _png_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(_PNG_SIGNATURE)
    while at + 8 <= len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        yield data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        at += 12 + length


def _deflated(image: Image.Image) -> Encoded:
    """Any picture, laid on white, as a PNG's pixel stream."""
    buffer = io.BytesIO()
    # A profile, text or EXIF that the source carried is not handed on.
    bare = _opaque(image).copy()
    bare.info = {}
    bare.save(buffer, "PNG")
    encoded = _png(buffer.getvalue())
    if encoded is None:
        raise ValueError("the picture could not be encoded")
    return encoded


def _opaque(image: Image.Image) -> Image.Image:
    """The picture in black and white, grey or colours, eight bits a channel, laid on white."""
    if image.mode.startswith("I"):
        return image.convert("I").point(lambda level: level / 256).convert("L")
    if image.mode in {"1", "L", "RGB"} and "transparency" not in image.info:
        return image
    coloured = image.convert("RGBA")
    opaque = Image.new("RGB", image.size, "white")
    opaque.paste(coloured, mask=coloured.getchannel("A"))
    return opaque
