"""Pictures and documents made to hurt: refused from their header, or their child is ended.

The numbers are of docs/security: a picture is refused in a second and 256 MB, a document in ten
seconds and 512 MB; whoever asked grows by less than 16 MB.
"""

import io
import json
import resource
import struct
import subprocess
import sys
import time
import zipfile
import zlib

import pikepdf
import pytest
from drawing import screenshot
from PIL import Image, ImageCms, PngImagePlugin

from evidence_service.adapters.reading import ChildReader
from evidence_service.domain.evidence import Shape
from evidence_service.domain.reading import UNREADABLE
from evidence_service.ports import Rectangle
from evidence_service.readers import raster

MB = 1_000_000
MEASURE = r"""
import json, re, sys, time
from pathlib import Path
from evidence_service.readers import read
started = time.process_time()
found = read(Path(sys.argv[1]))
# Of this program alone: what getrusage tells begins with the size of whoever started it.
peak = int(re.search(r"VmHWM:\s*(\d+)", Path("/proc/self/status").read_text())[1]) * 1024
print(json.dumps([found.reader, found.warnings, time.process_time() - started, peak]))
"""


@pytest.fixture(scope="module")
def reader():
    made = ChildReader()
    yield made
    made.close()


def measured(path):
    """Reader, warnings, CPU seconds and peak memory, in a fresh process without limits."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(path)], capture_output=True, check=True
    )
    return json.loads(done.stdout)


def chunk(kind, body):
    whole = kind + body
    return struct.pack(">I", len(body)) + whole + struct.pack(">I", zlib.crc32(whole))


def png(width, height, bits, colour, *extra, pixels=b""):
    header = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0)
    parts = [chunk(b"IHDR", header), *extra, chunk(b"IDAT", zlib.compress(pixels))]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts) + chunk(b"IEND", b"")


def gif(frames, width=1, height=1):
    head = b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80, 0, 0) + bytes(6)
    frame = b"\x2c" + struct.pack("<HHHHB", 0, 0, width, height, 0) + b"\x02\x02\x44\x01\x00"
    return head + (b"\x21\xf9\x04\x00\x00\x00\x00\x00" + frame) * frames + b"\x3b"


def webp(width, height):
    canvas = struct.pack("<I", 2)[:4] + (width - 1).to_bytes(3, "little")
    body = b"VP8X" + struct.pack("<I", 10) + canvas + (height - 1).to_bytes(3, "little")
    body += b"ANIM" + struct.pack("<IIH", 6, 0, 0)
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WEBP" + body


BOMBS = {
    "13,000 squared, one bit": (png(13_000, 13_000, 1, 0), "picture_too_large"),
    "13,000 squared, with alpha": (png(13_000, 13_000, 8, 6), "picture_too_large"),
    "50,000 squared": (png(50_000, 50_000, 8, 2), "picture_too_large"),
    "a GIF of 100,000 frames": (gif(100_000), "picture_too_many_frames"),
    "a GIF of one huge frame": (gif(1, 65_000, 65_000), "picture_too_large"),
    "64 MB of compressed text": (
        png(9, 9, 8, 0, chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(64 * MB)))),
        "picture_damaged",
    ),
    "a WebP animation of 16,000 squared": (webp(16_000, 16_000), "picture_too_large"),
}


class TestPictureBombs:
    @pytest.mark.parametrize(("content", "reason"), BOMBS.values(), ids=BOMBS)
    def test_are_refused_from_the_header(self, tmp_path, content, reason):
        path = tmp_path / "bomb"
        path.write_bytes(content)
        found, warnings, seconds, peak = measured(path)

        assert (found, warnings) == (None, [reason])
        assert seconds < 1
        assert peak < 256 * MB

    def test_frames_that_are_only_claimed_are_no_frames(self, reader, tmp_path):
        claimed = chunk(b"acTL", struct.pack(">II", 0xFFFFFFFF, 0))
        path = tmp_path / "claims.png"
        path.write_bytes(png(9, 9, 8, 0, claimed, pixels=bytes(90)))

        assert reader.read(path).contents[0].frames == 1

    def test_the_largest_picture_that_is_read_stays_within_the_child(self, reader, tmp_path):
        tall = tmp_path / "tall.png"
        Image.new("RGBA", (1080, 37_000), (9, 99, 199, 128)).save(tall, compress_level=1)

        assert reader.read(tall).contents[0].height == 37_000
        assert all(reader.shaped(tall, shape) for shape in Shape)


# Pillow opens 43 formats; what it writes is written by it, of the others the beginning is made.
WRITTEN = {
    **dict.fromkeys(("BMP", "DDS", "DIB", "EPS", "ICNS", "ICO", "JPEG2000", "PCX"), "RGB"),
    **dict.fromkeys(("PPM", "QOI", "SGI", "TGA", "TIFF"), "RGB"),
    "BLP": "P",
    "MSP": "1",
    "SPIDER": "F",
    "XBM": "1",
}
BEGUN = {
    "BUFR": b"BUFR",
    "CUR": b"\0\0\2\0\1\0",
    "DCX": b"\xb1\x68\xde\x3a",
    "FITS": b"SIMPLE  =                    T",
    "FLI": bytes(4) + b"\x11\xaf",
    "FTEX": b"FTEX",
    "GBR": b"\0\0\0\x1c\0\0\0\2",
    "GRIB": b"GRIB\0\0\0\1",
    "HDF5": b"\x89HDF\r\n\x1a\n",
    "IM": b"Image type: L 1 image\r\nImage size (x*y): 8*8\r\n",
    "IMT": b"*  30\nImage type: Greyscale\n",
    "IPTC": b"\x1c\x03\x3c\0",
    "MCIDAS": bytes(7) + b"\4",
    "MPEG": b"\0\0\1\xb3",
    "PCD": bytes(2048) + b"PCD_",
    "PIXAR": b"\x80\xe8\0\0",
    "PSD": b"8BPS\0\1",
    "SUN": b"\x59\xa6\x6a\x95",
    "WMF": b"\xd7\xcd\xc6\x9a",
    "XPM": b"/* XPM */",
    "XVTHUMB": b"P7 332",
}


class TestOtherFormats:
    def test_are_all_that_pillow_knows(self):
        Image.init()
        ours = {name for names in raster.FORMATS.values() for name in names}

        assert {*WRITTEN, *BEGUN, *ours} >= set(Image.OPEN)

    @pytest.mark.parametrize("name", ["picture.png", "picture.jpg"])
    @pytest.mark.parametrize("file_format", [*WRITTEN, *BEGUN])
    def test_are_not_opened_whatever_they_are_called(self, reader, tmp_path, file_format, name):
        path = tmp_path / name
        if file_format in WRITTEN:
            # Not by its name: Pillow's SPIDER would claim the ending for all that is saved later.
            out = io.BytesIO()
            Image.new(WRITTEN[file_format], (64, 64)).save(out, file_format)
            path.write_bytes(out.getvalue())
        else:
            path.write_bytes(BEGUN[file_format] + bytes(4000))
        found = reader.read(path)

        assert (found.reader, found.contents) == (None, ())
        assert not found.media_type.startswith("image/")
        assert reader.shaped(path, Shape.PREVIEW) is None

    def test_a_vector_picture_is_no_picture(self, reader, tmp_path):
        path = tmp_path / "picture.png"
        path.write_bytes(b'<svg xmlns="http://www.w3.org/2000/svg"><script>x()</script></svg>')

        assert reader.read(path).media_type == "application/xml"


def archive():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("SECRET-CANARY.html", "<script>SECRET-CANARY</script>")
    return out.getvalue()


class TestPolyglots:
    @pytest.mark.parametrize(
        "behind", [b"<html><script>CANARY</script>", archive(), b"<?php CANARY"]
    )
    @pytest.mark.parametrize("file_format", ["PNG", "JPEG", "GIF"])
    def test_nothing_foreign_is_in_what_is_made_of_them(
        self, reader, tmp_path, behind, file_format
    ):
        path = tmp_path / "both"
        with Image.open(io.BytesIO(screenshot("order"))) as image:
            image.save(path, file_format)
        path.write_bytes(path.read_bytes() + behind)

        assert reader.read(path).reader == "picture"
        for shape in Shape:
            made = reader.shaped(path, shape)
            assert made
            assert b"CANARY" not in made
            assert b"PK\x03\x04" not in made

    @pytest.mark.parametrize(
        "before", [b"ID3\x03\0\0\0\0\0\0", b"MZ", b"<?php CANARY ?>", b"GIF89a/*", b"Rar!\x1a\x07"]
    )
    def test_what_begins_as_something_else_is_not_shown(self, reader, tmp_path, before):
        path = tmp_path / "both.jpg"
        path.write_bytes(before + jpeg_of("order"))

        assert reader.read(path).reader is None
        assert reader.shaped(path, Shape.PREVIEW) is None

    def test_a_document_that_is_an_archive_too(self, reader, tmp_path):
        path = tmp_path / "both.pdf"
        pdf = pikepdf.new()
        pdf.add_blank_page()
        pdf.save(path)
        path.write_bytes(path.read_bytes() + archive())

        assert reader.read(path).reader == "pdf"
        assert b"CANARY" not in reader.shaped(path, Shape.PAGE)


def jpeg_of(words):
    out = io.BytesIO()
    with Image.open(io.BytesIO(screenshot(words))) as image:
        image.save(out, "JPEG")
    return out.getvalue()


def tagged(file_format):
    """A picture with every sort of thing beside its pixels that the format can carry."""
    tags = Image.Exif()
    tags[0x010F] = CANARY
    tags.get_ifd(0x8825)[1] = CANARY
    carried = {"exif": tags, "icc_profile": PROFILE, "xmp": XMP, "comment": CANARY}
    if file_format == "PNG":
        notes = PngImagePlugin.PngInfo()
        notes.add_text("Author", CANARY, zip=True)
        notes.add_itxt("Title", CANARY)
        carried["pnginfo"] = notes
    out = io.BytesIO()
    with Image.open(io.BytesIO(screenshot("order"))) as image:
        image.save(out, file_format, **carried)
    return out.getvalue()


CANARY = "SECRET-CANARY"
XMP = f"<x:xmpmeta>{CANARY}</x:xmpmeta>".encode()
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
# What a picture may hold besides pixels: how they are coded.
PNG_CHUNKS = {b"IHDR", b"PLTE", b"IDAT", b"IEND"}
JPEG_SEGMENTS = {0xE0, 0xEE, 0xDB, 0xC0, 0xC2, 0xC4, 0xDA}


def png_chunks(content):
    at, found = 8, set()
    while at < len(content):
        (length,) = struct.unpack_from(">I", content, at)
        found.add(content[at + 4 : at + 8])
        at += 12 + length
    return found


def jpeg_segments(content):
    at, found = 2, set()
    while content[at + 1] != 0xDA:
        found.add(content[at + 1])
        at += 2 + int.from_bytes(content[at + 2 : at + 4])
    return found


class TestTags:
    @pytest.mark.parametrize("file_format", ["PNG", "JPEG", "WEBP", "GIF", "HEIF", "AVIF"])
    def test_none_is_in_what_is_made_of_a_picture(self, reader, tmp_path, file_format):
        path = tmp_path / "tagged"
        path.write_bytes(tagged(file_format))
        assert reader.read(path).reader == "picture"
        redacted = reader.redacted(path, [Rectangle(0, 0, 9, 9)])

        for made in [*(reader.shaped(path, shape) for shape in Shape), redacted]:
            assert CANARY.encode() not in made
            if made.startswith(b"\x89PNG"):
                assert png_chunks(made) <= PNG_CHUNKS
            else:
                assert jpeg_segments(made) <= JPEG_SEGMENTS

    def test_the_tags_are_there_to_begin_with(self, tmp_path):
        assert png_chunks(tagged("PNG")) > PNG_CHUNKS - {b"PLTE"}
        assert {0xE1, 0xE2, 0xFE} <= jpeg_segments(tagged("JPEG"))


def pdf_of(path, change):
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(300, 400))
    change(pdf)
    pdf.save(path, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)


def huge_stream(pdf):
    """A gigabyte of blanks that the page draws, packed twice."""
    packer = zlib.compressobj(9)
    once = b"".join(packer.compress(b" " * MB) for _ in range(1000)) + packer.flush()
    twice = zlib.compress(once, 9)
    names = pikepdf.Array([pikepdf.Name.FlateDecode, pikepdf.Name.FlateDecode])
    pdf.pages[0].obj.Contents = pdf.make_stream(twice, Filter=names)


def endless_pages(pdf):
    pdf.Root.Pages.Kids = pikepdf.Array([pdf.Root.Pages])


def own_parent(pdf):
    pdf.Root.Pages.Parent = pdf.Root.Pages


def no_viewer_shows(pdf):
    pdf.pages[0].obj.MediaBox = pikepdf.Array([0, 0, 10**9, 10**9])


def many_pages(pdf):
    page = pdf.pages[0].obj
    pdf.Root.Pages.Kids = pikepdf.Array([page] * 20_000)
    pdf.Root.Pages.Count = 20_000


def many_fonts(pdf):
    fonts = {
        f"/F{n}": pdf.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Courier
            )
        )
        for n in range(10_000)
    }
    pdf.pages[0].obj.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(fonts))


def nested(pdf):
    inner = pikepdf.Array([])
    for _ in range(400):
        inner = pikepdf.Array([inner])
    pdf.Root.Nested = inner


def many_filters(pdf):
    content = b" " * MB
    for _ in range(30):
        content = zlib.compress(content, 9)
    names = pikepdf.Array([pikepdf.Name.FlateDecode] * 30)
    pdf.pages[0].obj.Contents = pdf.make_stream(content, Filter=names)


def draws_itself(pdf):
    """A form that shows itself twice, and so on."""
    form = pdf.make_stream(
        b"/Fm Do /Fm Do",
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Form,
        BBox=pikepdf.Array([0, 0, 9, 9]),
    )
    form.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Fm=form))
    pdf.pages[0].obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Fm=form))
    pdf.pages[0].contents_add(b"/Fm Do")


def doubles(pdf):
    """Thirty forms, each of which shows the next one twice: a billion words."""
    following = pdf.make_stream(b"0 0 9 9 re f")
    for _ in range(30):
        kind = {"Type": pikepdf.Name.XObject, "Subtype": pikepdf.Name.Form}
        one = pdf.make_stream(b"/Fm Do /Fm Do", BBox=pikepdf.Array([0, 0, 9, 9]), **kind)
        one.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Fm=following))
        following = one
    pdf.pages[0].obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Fm=following))
    pdf.pages[0].contents_add(b"/Fm Do")


def huge_picture(pdf):
    """Ten thousand million pixels in a kilobyte."""
    pixels = pdf.make_stream(
        zlib.compress(bytes(MB)),
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=100_000,
        Height=100_000,
        ColorSpace=pikepdf.Name.DeviceRGB,
        BitsPerComponent=8,
        Filter=pikepdf.Name.FlateDecode,
    )
    pdf.pages[0].obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=pixels))
    pdf.pages[0].contents_add(b"q 300 0 0 400 0 0 cm /Im0 Do Q")


def tiny_tiles(pdf):
    """A pattern that is repeated a hundred million times."""
    tile = pdf.make_stream(
        b"0 0 1 1 re f",
        PatternType=1,
        PaintType=1,
        TilingType=1,
        BBox=pikepdf.Array([0, 0, 1, 1]),
        XStep=0.0001,
        YStep=0.0001,
        Resources=pikepdf.Dictionary(),
    )
    pdf.pages[0].obj.Resources = pikepdf.Dictionary(Pattern=pikepdf.Dictionary(P0=tile))
    pdf.pages[0].contents_add(b"/Pattern cs /P0 scn 0 0 300 400 re f")


def a_million_strokes(pdf):
    pdf.pages[0].contents_add(b"[0.001 0.001] 0 d 0 0 m 300 400 l S\n" * 200_000)


def flat_page(pdf):
    pdf.pages[0].obj.MediaBox = pikepdf.Array([0, 0, 0, 0])


BOMB_CHANGES = (
    *(huge_stream, endless_pages, own_parent, no_viewer_shows, many_pages, many_fonts, nested),
    *(many_filters, draws_itself, doubles, huge_picture, tiny_tiles, flat_page),
    pytest.param(a_million_strokes, marks=pytest.mark.nightly),  # ended as late as the tiles
)


class TestDocumentBombs:
    @pytest.mark.parametrize("change", BOMB_CHANGES)
    def test_are_read_or_ended_within_their_limits(self, reader, tmp_path, change):
        path = tmp_path / "bomb.pdf"
        pdf_of(path, change)
        own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        started = time.monotonic()
        found = reader.read(path)
        # Ten seconds of CPU; on a busy machine its turn may be long in coming.
        assert time.monotonic() - started < 31
        if found.reader:
            reader.shaped(path, Shape.THUMBNAIL)

        assert found.media_type == "application/pdf"
        assert found.reader == "pdf" or found.is_unparseable
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - own < 16_000

    def test_one_that_loops_before_its_beginning_is_unparseable(self, reader, tmp_path):
        path = tmp_path / "loop.pdf"
        path.write_bytes(
            b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\nxref\n0 1\n"
            b"0000000000 65535 f \ntrailer<</Size 1/Root 1 0 R/Prev 55>>\nstartxref\n55\n%%EOF"
        )

        assert reader.read(path).is_unparseable

    def test_what_is_ended_is_unreadable(self, reader, tmp_path):
        """Whoever reads on has what the kernel left: nothing."""
        path = tmp_path / "any.pdf"
        pdf_of(path, draws_itself)
        found = reader.read(path)

        assert found.warnings == (UNREADABLE,)
        assert found.is_unparseable
