"""Exhibits as pictures: decoded, cut, scaled and encoded, and what each size comes to in bytes.

Runs in the child process. What leaves is made from pixels, or is a JPEG or PNG without anything
beside them: no EXIF, place, comment, profile or preview.
"""

from __future__ import annotations

import io
import struct
import threading
import warnings
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pypdfium2
from PIL import Image, ImageChops, ImageDraw, ImageOps
from PIL.ExifTags import Base

from evidence_service.adapters.delivery.forms import ink_of
from evidence_service.adapters.pdf.exhibits import find_cuts
from evidence_service.domain.arrangement import Carrier, columns_of
from evidence_service.domain.delivery import (
    JPEG,
    LADDER,
    PNG,
    WHOLE,
    Candidate,
    Shot,
    Source,
    scale_of,
)
from evidence_service.domain.fitting import Estimate
from evidence_service.readers import jpeg

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from uuid import UUID

    from evidence_service.domain.arrangement import Bounds, Channel

MAX_PIXELS = 100_000_000
# EXIF's orientations whose width is the height of what a person sees.
_LYING = range(5, 9)
_FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "AVIF")
_WHOLE_QUALITY = 90
# Decoded pictures kept at hand; Pillow frees the interpreter's lock while it scales and encodes.
_CACHE_BYTES, _THREADS = 320_000_000, 2
_PAGE_PX = 1654
_PAGE_LETTERS_PT = 10.0
_PDF_POINTS = 595.0
_DPI = 200
_HALF = 0.5
# What stays free below a page's writing.
_MARGIN_SHARE = 0.02
_LEAST_CAPTION_PX, _CAPTION_SHARE = 28, 36
# Letters that only colour sets off: more than so much of their edges is lost in grey.
_EDGE, _GREY_EDGE, _LOST_SHARE = 60, 18, 0.1


@dataclass(frozen=True, slots=True)
class Encoded:
    """A picture as it leaves. `stream` is what a PDF holds of it, where that is not `data`."""

    data: bytes
    media_type: str
    width: int
    height: int


def png_pixels(data: bytes) -> bytes | None:
    """A PNG's chunks that make its pixels and no others; None where alpha lies beside colours."""
    kept = bytearray(data[:8])
    at = 8
    while at + 8 <= len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        if data[at + 4 : at + 8] in {b"IHDR", b"PLTE", b"IDAT", b"IEND"}:
            kept += data[at : at + 12 + length]
        at += 12 + length
    return bytes(kept)


def _opened(path: Path) -> Image.Image:
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        image = Image.open(path, formats=_FORMATS)
        if image.width * image.height > MAX_PIXELS:
            raise ValueError(f"{image.width} x {image.height} pixels")
        return image


def _orientation(image: Image.Image) -> int:
    """How a camera held it, by EXIF's numbers; 1 is upright. Nothing is decoded."""
    return int(image.getexif().get(Base.Orientation, 1))


def _upright_size(image: Image.Image) -> tuple[int, int]:
    width, height = image.size
    return (height, width) if _orientation(image) in _LYING else (width, height)


def _laid_on_white(image: Image.Image) -> Image.Image:
    """As a person sees it: upright, grey or colours, eight bits a channel."""
    image.load()
    upright = ImageOps.exif_transpose(image)
    if upright.mode.startswith("I"):
        return upright.convert("I").point(lambda level: level / 256).convert("L")
    if upright.mode in {"1", "L"} and "transparency" not in upright.info:
        return upright.convert("L")
    if upright.mode in {"RGB", "CMYK"} and "transparency" not in upright.info:
        return upright.convert("RGB")
    coloured = upright.convert("RGBA")
    opaque = Image.new("RGB", upright.size, "white")
    opaque.paste(coloured, mask=coloured.getchannel("A"))
    return opaque


class Pictures:
    """The sizes of one delivery's exhibits, measured; and the pictures themselves."""

    def __init__(
        self,
        channel: Channel,
        files: Mapping[UUID, Path],
        records: Mapping[UUID, Path],
        *,
        is_preview: bool,
    ) -> None:
        self._channel, self._limits = channel, channel.limits
        self._files, self._records = files, records
        self._is_preview = is_preview
        self._rows: dict[tuple[UUID, int], tuple[int, int]] = {}
        self._decoded: OrderedDict[tuple[UUID, int, bool], Image.Image] = OrderedDict()
        self._made: dict[tuple[UUID, int, int, float], Encoded] = {}
        self._whole: dict[UUID, Encoded | None] = {}
        self._lock = threading.Lock()
        self._estimate = Estimate()
        self.faded: set[UUID] = set()

    # --- what there is ----------------------------------------------------------------------

    def looked_at(self, candidate: Candidate) -> Candidate:
        """The candidate as its bytes say: real pictures and pages; unread where none open."""
        try:
            shots = self._shots_of(candidate)
        except (
            OSError,
            ValueError,
            SyntaxError,
            RuntimeError,
            Image.DecompressionBombError,
            Image.DecompressionBombWarning,
        ):
            return replace(candidate, source=Source.UNREAD, shots=())
        return replace(candidate, shots=shots)

    def _shots_of(self, candidate: Candidate) -> tuple[Shot, ...]:
        if candidate.source is Source.PICTURE:
            return self._cut(candidate)
        if candidate.source is Source.UNREAD:
            return ()
        document = pypdfium2.PdfDocument(self.pages_of(candidate))
        try:
            whole = [_page_shot(*page.get_size()) for page in document]
            if self._channel.carrier_of(candidate) is Carrier.PDF:
                return tuple(whole)
            ends = [_written_rows(page, shot) for page, shot in zip(document, whole, strict=True)]
        finally:
            document.close()
        for number, end in enumerate(ends):
            self._rows[candidate.evidence_id, number] = (0, end)
        return tuple(replace(shot, height=end) for shot, end in zip(whole, ends, strict=True))

    def pages_of(self, candidate: Candidate) -> Path:
        is_record = candidate.source is Source.RECORD
        return (self._records if is_record else self._files)[candidate.evidence_id]

    def _cut(self, candidate: Candidate) -> tuple[Shot, ...]:
        """Between lines of text, where it is too tall for a page or a picture."""
        with _opened(self._files[candidate.evidence_id]) as image:
            width, height = _upright_size(image)
        letters = candidate.shots[0].letters_px if candidate.shots else None
        whole = Shot(width, height, letters)
        rows = self._channel.rows(candidate, whole)
        if height <= rows:
            return (whole,)
        with _opened(self._files[candidate.evidence_id]) as image:
            cuts = find_cuts(_laid_on_white(image), rows)
        for number, cut in enumerate(cuts):
            self._rows[candidate.evidence_id, number] = cut
        return tuple(Shot(width, bottom - top, letters) for top, bottom in cuts)

    # --- what it comes to -------------------------------------------------------------------

    def guess(self, candidate: Candidate, rung: int, bounds: Bounds) -> int:
        if self._channel.is_drawn(candidate, rung):
            return self.pages_of(candidate).stat().st_size
        return self._estimate.guess(candidate, rung, bounds)

    def measure(self, wanted: Sequence[tuple[Candidate, int]], bounds: Bounds) -> list[int]:
        with ThreadPoolExecutor(_THREADS) as pool:
            return list(pool.map(lambda one: self._size(one[0], one[1], bounds), wanted))

    def _size(self, candidate: Candidate, rung: int, bounds: Bounds) -> int:
        if self._channel.is_drawn(candidate, rung):
            return self.pages_of(candidate).stat().st_size
        numbers = range(len(candidate.shots))
        return sum(len(self.encoded(candidate, n, rung, bounds).data) for n in numbers)

    def encoded(self, candidate: Candidate, number: int, rung: int, bounds: Bounds) -> Encoded:
        """One picture at a rung; its own bytes where they are allowed and no larger."""
        step = LADDER[rung]
        limits = bounds.get((candidate.evidence_id, number), (0.0, 1.0))
        scale = scale_of(candidate.shots[number], step, limits)
        key = (candidate.evidence_id, number, step.quality or _WHOLE_QUALITY, scale)
        if key not in self._made:
            whole = self._as_it_is(candidate) if limits[1] >= 1 else None
            if rung == WHOLE and whole is not None:
                return whole
            made = self._encode(candidate, number, scale, step.quality or _WHOLE_QUALITY)
            is_larger = whole is not None and len(whole.data) <= len(made.data)
            self._made[key] = whole if whole is not None and is_larger else made
        return self._made[key]

    def pixels(self, candidate: Candidate, number: int, scale: float) -> Image.Image:
        """Scaled, in the colours the channel takes."""
        full = self._full(candidate, number, is_half=_is_half_enough(candidate, scale))
        width, height = _scaled(candidate.shots[number], scale)
        small = full
        if (width, height) != full.size:
            small = full.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=1.1)
        if self._limits.is_grey and small.mode != "L":
            small = small.convert("L")
        return _marked(small) if self._is_preview else small

    def _encode(self, candidate: Candidate, number: int, scale: float, quality: int) -> Encoded:
        return as_jpeg(self.pixels(candidate, number, scale), quality, self._dpi)

    @property
    def _dpi(self) -> int | None:
        if self._limits.min_dpi is None and self._limits.max_dpi is None:
            return None
        return min(max(_DPI, self._limits.min_dpi or 0), self._limits.max_dpi or _DPI)

    def jpeg(self, pixels: Image.Image, quality: int) -> Encoded:
        return as_jpeg(pixels, quality, self._dpi)

    def _as_it_is(self, candidate: Candidate) -> Encoded | None:
        """The file's own bytes without what stands beside the pixels, where they may leave so."""
        if candidate.evidence_id not in self._whole:
            self._whole[candidate.evidence_id] = self._stripped(candidate)
        return self._whole[candidate.evidence_id]

    def _stripped(self, candidate: Candidate) -> Encoded | None:
        is_touched = self._is_preview or self._limits.is_grey or self._dpi is not None
        if candidate.source is not Source.PICTURE or len(candidate.shots) != 1 or is_touched:
            return None
        path = self._files[candidate.evidence_id]
        with _opened(path) as image:
            is_page = self._channel.carrier_of(candidate) is Carrier.PDF
            taken = [m for m in (JPEG, PNG) if is_page or self._limits.takes(m)]
            if _orientation(image) != 1:
                return None
            if image.format in {"JPEG", "MPO"} and image.mode in {"RGB", "L"} and JPEG in taken:
                data, media_type = jpeg.strip(path.read_bytes()), JPEG
            elif image.format == "PNG" and _is_plain(image) and PNG in taken:
                data, media_type = png_pixels(path.read_bytes()), PNG
            else:
                return None
            return Encoded(data, media_type, image.width, image.height) if data else None

    def _full(self, candidate: Candidate, number: int, *, is_half: bool) -> Image.Image:
        key = (candidate.evidence_id, number, is_half)
        with self._lock:
            if key in self._decoded:
                self._decoded.move_to_end(key)
                return self._decoded[key]
        image = self._decode(candidate, number, is_half=is_half)
        with self._lock:
            self._decoded[key] = image
            while sum(map(_bytes_of, self._decoded.values())) > _CACHE_BYTES:
                self._decoded.popitem(last=False)
        return image

    def _decode(self, candidate: Candidate, number: int, *, is_half: bool) -> Image.Image:
        if candidate.source is Source.PICTURE:
            with _opened(self._files[candidate.evidence_id]) as opened:
                if is_half:
                    opened.draft(opened.mode, (opened.width // 2, opened.height // 2))
                image = _laid_on_white(opened)
        else:
            with self._lock:  # pdfium is one thread's at a time
                image = _drawn_page(self.pages_of(candidate), number)
        top, bottom = self._rows.get((candidate.evidence_id, number), (0, image.height))
        if bottom - top != image.height:
            image = image.crop((0, top, image.width, bottom))
        if self._limits.is_grey and fades_in_grey(image):
            self.faded.add(candidate.evidence_id)
        return image


def _is_plain(image: Image.Image) -> bool:
    """Without alpha and not interlaced: a PDF can hold its pixel stream as it is."""
    return (
        image.mode in {"RGB", "L", "P", "1"}
        and "transparency" not in image.info
        and not image.info.get("interlace")
    )


def _is_half_enough(candidate: Candidate, scale: float) -> bool:
    """A photograph's JPEG is decoded at half its size for a quarter of the work."""
    is_photo = candidate.media_type == JPEG and candidate.source is Source.PICTURE
    return is_photo and len(candidate.shots) == 1 and scale <= _HALF


def _page_shot(width_pt: float, height_pt: float) -> Shot:
    scale = _PAGE_PX / min(width_pt, height_pt)
    letters = _PAGE_LETTERS_PT * _PAGE_PX / _PDF_POINTS
    return Shot(round(width_pt * scale), round(height_pt * scale), letters)


def _written_rows(page: pypdfium2.PdfPage, shot: Shot) -> int:
    """Down to where something stands on the page: a picture need not show the blank rest of it."""
    ink = ink_of(page)
    return min(shot.height, int((ink[3] + _MARGIN_SHARE) * shot.height)) if ink else shot.height


def _drawn_page(path: Path, number: int) -> Image.Image:
    document = pypdfium2.PdfDocument(path)
    try:
        page = document[number]
        shot = _page_shot(*page.get_size())
        image: Image.Image = page.render(
            scale=shot.width / page.get_width(), may_draw_forms=False
        ).to_pil()
        return image.convert("RGB").resize((shot.width, shot.height))
    finally:
        document.close()


def _scaled(shot: Shot, scale: float) -> tuple[int, int]:
    return max(1, round(shot.width * scale)), max(1, round(shot.height * scale))


def _bytes_of(image: Image.Image) -> int:
    return image.width * image.height * len(image.getbands())


def as_jpeg(pixels: Image.Image, quality: int, dpi: int | None) -> Encoded:
    """Without anything but the pixels, and their density where the channel asks for one."""
    bare = pixels.copy()
    bare.info = {}
    out = io.BytesIO()
    density = {"dpi": (dpi, dpi)} if dpi else {}
    bare.save(out, "JPEG", quality=quality, optimize=True, **density)
    return Encoded(out.getvalue(), JPEG, pixels.width, pixels.height)


def joined(pictures: Sequence[Image.Image], captions: Sequence[str]) -> Image.Image:
    """In columns, each under its caption; without one it goes on right below what stands above."""
    columns = columns_of([one.size for one in pictures])
    size = max(_LEAST_CAPTION_PX, max(one.width for one in pictures) // _CAPTION_SHARE)
    strip, gap = 2 * size, size
    places: list[tuple[int, int]] = []
    left = top = width = height = column = 0
    for number, one in enumerate(pictures):
        if columns[number] != column:
            column, left, top = columns[number], width + gap, 0
        top += strip if captions[number] else 0
        places.append((left, top))
        top += one.height
        width, height = max(width, left + one.width), max(height, top)
    is_grey = all(one.mode == "L" for one in pictures)
    whole = Image.new("L" if is_grey else "RGB", (width, height), "white")
    draw = ImageDraw.Draw(whole)
    for one, caption, (left, top) in zip(pictures, captions, places, strict=True):
        whole.paste(one, (left, top))
        draw.text((left + size // 2, top - strip + size // 3), caption, "black", font_size=size)
    return whole


def _marked(pixels: Image.Image) -> Image.Image:
    """A preview is marked across: it cannot be sent by mistake."""
    marked = pixels.copy()
    draw = ImageDraw.Draw(marked)
    size = max(12, min(pixels.size) // 6)
    for top in range(size, pixels.height, 4 * size):
        draw.text((size // 2, top), "PREVIEW", fill="gray", font_size=size)
    return marked


def fades_in_grey(pixels: Image.Image) -> bool:
    """Whether colours set off what grey does not: red letters on an equally bright green."""
    if pixels.mode != "RGB":
        return False
    small = pixels.copy()
    small.thumbnail((1600, 1600))
    edges = [_edges(band) for band in small.split()]
    strongest = ImageChops.lighter(ImageChops.lighter(edges[0], edges[1]), edges[2])
    sharp = strongest.point(lambda step: 255 * (step >= _EDGE))
    grey = _edges(small.convert("L")).point(lambda step: 255 * (step < _GREY_EDGE))
    lost = ImageChops.multiply(sharp, grey).histogram()[255]
    return lost > _LOST_SHARE * max(1, sharp.histogram()[255])


def _edges(band: Image.Image) -> Image.Image:
    return ImageChops.difference(band, ImageChops.offset(band, 1, 0))
