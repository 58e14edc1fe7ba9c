"""Holds a finished delivery against a platform's limits, by its files alone.

Nothing of the service is used here: what is checked is what a platform would see.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile

import pikepdf
import pypdfium2
from PIL import Image

SECRETS = (b"SECRETPHONE", b"SECRETAUTHOR", b"Exif\0", b"tracker.example")
PAGES_PT = {"A4": (595.3, 841.9), "Letter": (612.0, 792.0)}
MEDIA = {"pdf": "application/pdf", "jpg": "image/jpeg", "png": "image/png"}


def opened(content):
    """The files of a delivery and what its manifest says; a lone PDF is its only file."""
    if content.startswith(b"%PDF"):
        return {"delivery.pdf": content}, None
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        files = {name: archive.read(name) for name in archive.namelist()}
    return files, json.loads(files.pop("manifest.json"))


def broken_limits(content, limits):
    """Every limit that the delivery does not keep, in words."""
    files, manifest = opened(content)
    if manifest is not None:
        yield from differs_from_manifest(files, manifest)
    sent = {name: data for name, data in files.items() if name != "statement.txt"}
    pages = {name: pages_of(name, data) for name, data in sent.items()}
    kinds = [MEDIA[name.rsplit(".", 1)[1]] for name in sent]
    yield from at_most("max_files", len(sent), limits)
    yield from at_most("max_total_bytes", sum(map(len, files.values())), limits)
    yield from at_most("max_pages", sum(pages.values()), limits)
    if "media_types" in limits and (others := set(kinds) - set(limits["media_types"])):
        yield f"media_types: {others}"
    for name, data in sent.items():
        yield from at_most("max_file_bytes", len(data), limits)
        yield from at_most("max_file_pages", pages[name], limits)
        by_type = limits.get("max_file_bytes_by_type", {})
        if len(data) > by_type.get(MEDIA[name.rsplit(".", 1)[1]], len(data)):
            yield f"max_file_bytes_by_type: {name}"
        if "file_name_pattern" in limits and not re.search(limits["file_name_pattern"], name):
            yield f"file_name_pattern: {name}"
        if any(secret in data for secret in SECRETS):
            yield f"{name} carries what stood beside its pixels"
        check = broken_pdf if name.endswith(".pdf") else broken_picture
        yield from (f"{name}: {what}" for what in check(data, limits))


def at_most(name, count, limits):
    if name in limits and count > limits[name]:
        yield f"{name}: {count} > {limits[name]}"


def differs_from_manifest(files, manifest):
    rows = {row["name"]: row for row in manifest["files"]}
    if rows.keys() != files.keys():
        yield f"manifest: {sorted(rows)} are not {sorted(files)}"
    for name in rows.keys() & files.keys():
        row, data = rows[name], files[name]
        if (row["bytes"], row["sha256"]) != (len(data), hashlib.sha256(data).hexdigest()):
            yield f"manifest: {name} has other bytes"
        if row["pages"] is not None and row["pages"] != pages_of(name, data):
            yield f"manifest: {name} has {pages_of(name, data)} pages"


def pages_of(name, data):
    if not name.endswith(".pdf"):
        return 1
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return len(pdf.pages)


def broken_picture(data, limits):
    with Image.open(io.BytesIO(data)) as image:
        image.load()
        if image.getexif() or {"exif", "xmp", "comment", "icc_profile"} & image.info.keys():
            yield "metadata"
        if limits.get("colour") == "black_and_white" and image.mode not in {"L", "1"}:
            yield "colour"
        if image.width * image.height > limits.get("max_pixels", 1 << 40):
            yield "max_pixels"
        dpi = round(image.info.get("dpi", (limits.get("min_dpi", 96),) * 2)[0])
        if not limits.get("min_dpi", 0) <= dpi <= limits.get("max_dpi", 1 << 20):
            yield f"dpi: {dpi}"


def broken_pdf(data, limits):
    with pikepdf.open(io.BytesIO(data)) as pdf:
        if limits.get("links") is False and any("/Annots" in page for page in pdf.pages):
            yield "links"
        if limits.get("attachments") is False and pdf.attachments:
            yield "attachments"
        if {"/AcroForm", "/OpenAction"} & set(pdf.Root.keys()):
            yield "something that acts"
        if limits.get("pdf_profile") == "PDF/A":
            yield from not_archival(pdf)
        for page in pdf.pages:
            yield from broken_page(page, limits)
    if limits.get("min_text_pt"):
        yield from small_letters(data, limits["min_text_pt"])


def not_archival(pdf):
    with pdf.open_metadata() as meta:
        if (meta.get("pdfaid:part"), meta.get("pdfaid:conformance")) != ("2", "B"):
            yield "no PDF/A claim"
    if "/OutputIntents" not in pdf.Root or pdf.is_encrypted:
        yield "no output intent"
    for one in pdf.objects:
        is_font = isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/FontDescriptor"
        if is_font and not {"/FontFile", "/FontFile2", "/FontFile3"} & set(one.keys()):
            yield f"{one.FontName} is not embedded"


def broken_page(page, limits):
    box = page.mediabox
    width, height = float(box[2]) - float(box[0]), float(box[3]) - float(box[1])
    allowed = [PAGES_PT[name] for name in limits.get("page_size", ())]
    if allowed and not any(abs(width - w) < 1 and abs(height - h) < 1 for w, h in allowed):
        yield f"page_size: {width:.0f} x {height:.0f}"
    if limits.get("orientation") == "portrait" and width > height:
        yield "orientation"
    program = pikepdf.parse_content_stream(page)
    matrix = None
    for operands, operator in program:
        if str(operator) == "cm":
            matrix = [float(number) for number in operands]
        if str(operator) == "Do" and matrix:
            form = page.Resources.XObject[str(operands[0])]
            if form.get("/Subtype") == pikepdf.Name.Image:
                yield from broken_image(form, matrix, limits)


def broken_image(image, matrix, limits):
    dpi = int(image.Width) / (matrix[0] / 72)
    # A pixel more or less is rounding.
    if not limits.get("min_dpi", 0) - 1 <= dpi <= limits.get("max_dpi", 1 << 20) + 1:
        yield f"dpi: {dpi:.0f}"
    if limits.get("colour") == "black_and_white" and image.ColorSpace != pikepdf.Name.DeviceGray:
        yield "colour"
    if int(image.Width) * int(image.Height) > limits.get("max_pixels", 1 << 40):
        yield "max_pixels"


def small_letters(data, least):
    """By the size of the font a letter is set in, as pdfium reads it."""
    document = pypdfium2.PdfDocument(data)
    for page in document:
        text = page.get_textpage()
        raw = pypdfium2.raw
        for at in range(text.count_chars()):
            size = raw.FPDFText_GetFontSize(text.raw, at)
            if text.get_text_range(at, 1).strip() and size < least - 0.1:
                yield f"min_text_pt: {size:.1f}"
                return
