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
from PIL import Image

from evidence_service.adapters.reading import ChildReader
from evidence_service.domain.evidence import Shape
from evidence_service.domain.reading import UNREADABLE

MB = 1_000_000
MEASURE = r"""
import json, re, sys, time
from pathlib import Path
from evidence_service.readers import read
started = time.monotonic()
found = read(Path(sys.argv[1]))
# Of this program alone: what getrusage tells begins with the size of whoever started it.
peak = int(re.search(r"VmHWM:\s*(\d+)", Path("/proc/self/status").read_text())[1]) * 1024
print(json.dumps([found.reader, found.warnings, time.monotonic() - started, peak]))
"""


@pytest.fixture(scope="module")
def reader():
    made = ChildReader()
    yield made
    made.close()


def measured(path):
    """Reader, warnings, seconds and peak memory, in a fresh process without limits."""
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


class TestOtherFormats:
    @pytest.mark.parametrize(
        "file_format", ["BMP", "EPS", "ICO", "JPEG2000", "PCX", "PPM", "SGI", "TGA", "TIFF"]
    )
    def test_are_not_opened_whatever_they_are_called(self, reader, tmp_path, file_format):
        path = tmp_path / "picture.png"
        Image.new("RGB", (40, 30)).save(path, file_format)
        found = reader.read(path)

        assert (found.reader, found.contents) == (None, ())
        assert not found.media_type.startswith("image/")

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

    def test_a_document_that_is_an_archive_too(self, reader, tmp_path):
        path = tmp_path / "both.pdf"
        pdf = pikepdf.new()
        pdf.add_blank_page()
        pdf.save(path)
        path.write_bytes(path.read_bytes() + archive())

        assert reader.read(path).reader == "pdf"
        assert b"CANARY" not in reader.shaped(path, Shape.PAGE)


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


class TestDocumentBombs:
    @pytest.mark.parametrize(
        "change",
        [
            *(huge_stream, endless_pages, own_parent, no_viewer_shows),
            *(many_pages, many_fonts, nested),
        ],
    )
    def test_are_read_or_ended_within_their_limits(self, reader, tmp_path, change):
        path = tmp_path / "bomb.pdf"
        pdf_of(path, change)
        own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        started = time.monotonic()
        found = reader.read(path)
        for shape in Shape if found.reader else ():
            reader.shaped(path, shape)

        assert found.media_type == "application/pdf"
        assert found.reader == "pdf" or found.is_unparseable
        assert time.monotonic() - started < 4 * 10
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - own < 16_000

    def test_one_that_loops_before_its_beginning_is_unparseable(self, reader, tmp_path):
        path = tmp_path / "loop.pdf"
        path.write_bytes(
            b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\nxref\n0 1\n"
            b"0000000000 65535 f \ntrailer<</Size 1/Root 1 0 R/Prev 55>>\nstartxref\n55\n%%EOF"
        )

        assert reader.read(path).is_unparseable

    def test_what_is_ended_is_unreadable(self, tmp_path):
        """Whoever reads on has what the kernel left: nothing."""
        path = tmp_path / "any.pdf"
        pdf_of(path, many_fonts)
        small = ChildReader(memory_bytes=90 * MB)
        found = small.read(path)
        small.close()

        assert found.warnings == (UNREADABLE,)
        assert found.is_unparseable
