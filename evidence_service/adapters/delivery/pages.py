"""A delivery's PDF: exhibits on sheets that say which they are, by the domain's layout.

The sheets (labels, page numbers) are drawn first; pictures, and the pages of documents and records
as forms, are placed on them. No links, scripts, forms, attachments; fonts are embedded.
"""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING

import pikepdf
from PIL import Image, ImageCms

from evidence_service.adapters.delivery.forms import ABOVE_MM, Form, Forms
from evidence_service.adapters.delivery.records import drawn
from evidence_service.domain.arrangement import Layout, flow
from evidence_service.domain.delivery import PNG, Source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evidence_service.adapters.delivery.pictures import Encoded, Pictures
    from evidence_service.adapters.pdf.words import Words
    from evidence_service.domain.arrangement import Channel, PlannedFile, Spot
    from evidence_service.domain.delivery import Candidate
    from evidence_service.domain.fitting import Fitted

_PT_PER_MM = 72 / 25.4
_LABEL_PT = 10.0
_LABEL_MM, _SIDE_MM = 6.0, 12.0
_CSS = """
@page {{ size: {width}mm {height}mm; margin: 0 }}
html {{ font: {pt}pt/1.1 "Noto Sans", "Noto Sans CJK SC", sans-serif; color: #111 }}
body, p {{ margin: 0 }}
section {{ position: relative; width: {width}mm; height: {height}mm; overflow: hidden }}
section + section {{ break-before: page }}
p {{ position: absolute; white-space: nowrap; font-weight: bold; overflow: hidden }}
.number {{ right: 12mm; bottom: 4mm; font-weight: normal }}
.order {{ left: 12mm; top: 4mm; font-weight: normal; max-width: 110mm }}
.goes-on {{ right: 12mm; top: 4mm }}
.preview {{ left: 20mm; top: 120mm; font-size: 70pt; opacity: .16; transform: rotate(-35deg) }}
"""


@dataclass(slots=True)
class _Sheet:
    """What is written on a page, and what is placed on it. `goes_on` names what began before."""

    labels: list[tuple[float, float, str]] = field(default_factory=list)
    pictures: list[tuple[Spot, Encoded]] = field(default_factory=list)
    form: Form | None = None
    goes_on: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """What every sheet says: the order, in the words of the delivery's language."""

    order: str
    words: Words


def make_pdf(
    file: PlannedFile, fitted: Fitted, pictures: Pictures, channel: Channel, heading: Heading
) -> bytes:
    """The file's bytes."""
    sheets = _sheets(file, fitted, pictures, channel, heading.words)
    with pikepdf.open(io.BytesIO(_written(sheets, channel, heading))) as pdf:
        forms = Forms(pdf)
        for sheet, page in zip(sheets, pdf.pages, strict=True):
            _own_resources(page)
            shown = [_show_picture(pdf, page, spot, one, channel) for spot, one in sheet.pictures]
            if sheet.form:
                shown.append(forms.show(page, sheet.form))
            # The page's own program turns its axes upside down and never turns them back.
            page.contents_add(b"q", prepend=True)
            page.contents_add(b"Q " + b" ".join(shown))
        return _saved(pdf, channel, f"{heading.order}: {file.stem}")


def _sheets(
    file: PlannedFile, fitted: Fitted, pictures: Pictures, channel: Channel, words: Words
) -> list[_Sheet]:
    layout = Layout(channel.limits, file.density)
    sheets: list[_Sheet] = []
    for part in file.parts:
        one = part.candidate
        rung = fitted.rungs[one.evidence_id]
        before = layout.pages
        spots = flow(layout, one, channel, rung)
        sheets += [_Sheet() for _ in range(layout.pages - len(sheets))]
        text = f"{one.label} · {words(f'kind.{one.kind}')}"
        if not spots:
            _add_forms(sheets[before:], one, pictures, text)
            continue
        sheets[spots[0].page].labels.append((spots[0].left, spots[0].top - _LABEL_MM, text))
        for number, spot in enumerate(spots):
            sheet = sheets[spot.page]
            if number and not sheet.pictures:
                sheet.goes_on = f"{one.label} · {number + 1}/{len(spots)}"
            sheet.pictures.append((spot, pictures.encoded(one, number, rung, fitted.bounds)))
    return sheets


def _add_forms(sheets: list[_Sheet], one: Candidate, pictures: Pictures, text: str) -> None:
    """A record's pages say themselves what they are."""
    is_record = one.source is Source.RECORD
    for number, sheet in enumerate(sheets):
        sheet.form = Form(pictures.pages_of(one), number, is_record)
        if not is_record:
            numbered = f"{text} · {number + 1}/{len(sheets)}"
            sheet.labels.append((_SIDE_MM, ABOVE_MM - _LABEL_MM, numbered))


def _written(sheets: list[_Sheet], channel: Channel, heading: Heading) -> bytes:
    paper = channel.paper
    size = max(_LABEL_PT, channel.limits.min_text_pt or 0)
    css = _CSS.format(width=paper.width_mm, height=paper.height_mm, pt=size)
    body = "".join(
        _html(sheet, heading, f"{number} / {len(sheets)}", is_preview=channel.is_preview)
        for number, sheet in enumerate(sheets, start=1)
    )
    return drawn(f'<html lang="{heading.words.tag}"><body>{body}</body></html>', (css,))


def _html(sheet: _Sheet, heading: Heading, number: str, *, is_preview: bool) -> str:
    labels = "".join(
        f'<p style="left: {left:.2f}mm; top: {top:.2f}mm">{escape(text)}</p>'
        for left, top, text in sheet.labels
    )
    order = (
        ""
        if sheet.form and sheet.form.is_record
        else f'<p class="order">{escape(heading.order)}</p>'
    )
    goes_on = f'<p class="goes-on">{sheet.goes_on}</p>' if sheet.goes_on else ""
    mark = '<p class="preview">PREVIEW</p>' if is_preview else ""
    return f'<section>{order}{goes_on}{labels}<p class="number">{number}</p>{mark}</section>'


def _own_resources(page: pikepdf.Page) -> None:
    """WeasyPrint's pages share one table of resources: a name set on one would be set on all."""
    page.obj.Resources = pikepdf.Dictionary(dict(page.resources.items()))
    page.obj.Resources.XObject = pikepdf.Dictionary()


def _show_picture(
    pdf: pikepdf.Pdf, page: pikepdf.Page, spot: Spot, picture: Encoded, channel: Channel
) -> bytes:
    name = page.add_resource(_stream(pdf, picture), pikepdf.Name.XObject)
    left, width, height = (v * _PT_PER_MM for v in (spot.left, spot.width, spot.height))
    bottom = channel.paper.height_mm * _PT_PER_MM - spot.top * _PT_PER_MM - height
    return f"q {width:.3f} 0 0 {height:.3f} {left:.3f} {bottom:.3f} cm {name} Do Q".encode()


def _stream(pdf: pikepdf.Pdf, picture: Encoded) -> pikepdf.Stream:
    if picture.media_type == PNG:
        data, entries = _png(picture.data)
    else:
        with Image.open(io.BytesIO(picture.data)) as image:
            space = pikepdf.Name.DeviceGray if image.mode == "L" else pikepdf.Name.DeviceRGB
        data = picture.data
        entries = {"/ColorSpace": space, "/BitsPerComponent": 8, "/Filter": pikepdf.Name.DCTDecode}
    stream = pikepdf.Stream(pdf, data)
    basic = {
        "/Type": pikepdf.Name.XObject,
        "/Subtype": pikepdf.Name.Image,
        "/Width": picture.width,
        "/Height": picture.height,
        "/Interpolate": False,
    }
    for key, value in (basic | entries).items():
        stream[key] = value
    return stream


def _png(data: bytes) -> tuple[bytes, dict[str, object]]:
    """A plain PNG's pixel stream as it is, and what reads it."""
    chunks = list(_chunks(data))
    header = next(body for kind, body in chunks if kind == b"IHDR")
    width, _, bits, colour = struct.unpack(">IIBB", header[:10])
    palette = b"".join(body for kind, body in chunks if kind == b"PLTE")
    space: object = pikepdf.Name.DeviceGray if colour == 0 else pikepdf.Name.DeviceRGB
    is_palette = colour == 3  # noqa: PLR2004 - PNG's number for it
    if is_palette:
        last = len(palette) // 3 - 1
        indexed = (pikepdf.Name.Indexed, pikepdf.Name.DeviceRGB, last, pikepdf.String(palette))
        space = pikepdf.Array(indexed)
    return b"".join(body for kind, body in chunks if kind == b"IDAT"), {
        "/ColorSpace": space,
        "/BitsPerComponent": bits,
        "/Filter": pikepdf.Name.FlateDecode,
        "/DecodeParms": pikepdf.Dictionary(
            Predictor=15,
            Colors=1 if is_palette or colour == 0 else 3,
            BitsPerComponent=bits,
            Columns=width,
        ),
    }


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 8
    while at + 8 <= len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        yield data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        at += 12 + length


def _saved(pdf: pikepdf.Pdf, channel: Channel, title: str) -> bytes:
    for name in [str(name) for name in pdf.docinfo]:
        del pdf.docinfo[name]
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=True) as meta:
        meta["dc:title"] = title
        if channel.limits.pdf_profile:
            meta["pdfaid:part"], meta["pdfaid:conformance"] = "2", "B"
    if channel.limits.pdf_profile:
        _declare_colours(pdf)
    out = io.BytesIO()
    pdf.remove_unreferenced_resources()
    pdf.save(
        out,
        deterministic_id=True,
        min_version="1.7",
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        # PNG streams carry their predictors; compressing them again would lose those.
        recompress_flate=False,
    )
    return out.getvalue()


def _declare_colours(pdf: pikepdf.Pdf) -> None:
    """PDF/A wants to be told which red is red."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    stream = pikepdf.Stream(pdf, profile)
    stream["/N"] = 3
    pdf.Root.OutputIntents = pikepdf.Array(
        [
            pikepdf.Dictionary(
                Type=pikepdf.Name.OutputIntent,
                S=pikepdf.Name.GTS_PDFA1,
                OutputConditionIdentifier=pikepdf.String("sRGB"),
                DestOutputProfile=pdf.make_indirect(stream),
            )
        ]
    )
