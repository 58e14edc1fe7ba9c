"""Files that break one rule of their format each, by the rule that they break.

Written byte by byte: no library would write them. A document's objects are numbered from 1, the
first is its root.
"""

import io
import random
import struct
import zlib
from functools import cache

import pillow_heif
from PIL import Image

pillow_heif.register_heif_opener(thumbnails=False)
MANY = 100_000
BEYOND = 2**31 - 1
JUNK = bytes(random.Random(7).randrange(256) for _ in range(3000))  # noqa: S311 - the same always


def spoiled(content, seed, changes=8):
    """The file with some bytes in it changed; the same for the same seed."""
    dice = random.Random(seed)  # noqa: S311 - not to be secret but repeated
    data = bytearray(content)
    for _ in range(changes):
        data[dice.randrange(len(data))] = dice.choice((0, 1, 0x7F, 0x80, 0xFF, dice.randrange(256)))
    return bytes(data)


def cuts(content, count=8):
    return {f"cut at {n} of {count}": content[: len(content) * n // count] for n in range(1, count)}


# --- pictures -------------------------------------------------------------------------------


@cache
def whole(file_format, size=(60, 40), **options):
    out = io.BytesIO()
    noise = Image.effect_noise(size, 60).convert("RGB")
    noise.save(out, file_format, **options)
    return out.getvalue()


def flate(megabytes):
    """So many million noughts, packed: one million, and that again and again."""
    packer = zlib.compressobj(9, wbits=-15)
    million = packer.compress(bytes(1_000_000)) + packer.flush(zlib.Z_FULL_FLUSH)
    check = megabytes * 1_000_000 % 65_521 << 16 | 1
    return b"\x78\xda" + million * megabytes + b"\x03\0" + struct.pack(">I", check)


def chunk(kind, body, check=None):
    check = zlib.crc32(kind + body) if check is None else check
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", check)


def png(  # noqa: PLR0913 - each field of the header
    *extra, width=9, height=9, bits=8, colour=0, interlace=0, pixels=bytes(90), end=True
):
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, interlace))
    data = chunk(b"IDAT", zlib.compress(pixels))
    tail = chunk(b"IEND", b"") if end else b""
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(extra) + data + tail


def tiff(*entries, following=0):
    """A TIFF's tags: number, type, count, value; the first directory stands at 8."""
    rows = b"".join(struct.pack("<HHII", *entry) for entry in entries)
    return (
        b"II*\0\x08\0\0\0" + struct.pack("<H", len(entries)) + rows + struct.pack("<I", following)
    )


TAGS = {
    "EXIF that is its own directory": tiff((0x8769, 4, 1, 8), following=8),
    "EXIF that lies outside": tiff((0x8769, 4, 1, BEYOND), (0x010F, 2, BEYOND, BEYOND)),
    "EXIF of a million tags": b"II*\0\x08\0\0\0\xff\xff" + bytes(MANY),
    "EXIF of junk": JUNK[:500],
    "EXIF whose orientation is a text": tiff((0x0112, 2, 4, 0x41414141)),
    "EXIF whose orientation is divided by nothing": tiff((0x0112, 5, 1, 8)),
}
PNGS = {
    **cuts(whole("PNG")),
    "of 2,147,483,647 by 1": png(width=BEYOND, height=1),
    "of 1 by 2,147,483,647": png(width=1, height=BEYOND),
    "of more than 31 bits": png(width=2**32 - 1, height=2**32 - 1),
    "of nothing": png(width=0, height=0),
    "of 3 bits": png(bits=3),
    "of colour 5": png(colour=5),
    "interlaced in a ninth way": png(interlace=9),
    "whose header's check is wrong": png().replace(b"IHDR", b"IHDR", 1)[:29] + b"\0" + png()[30:],
    "whose pixels' check is wrong": png(pixels=JUNK)[:-13] + b"\0" + png(pixels=JUNK)[-12:],
    "without a palette": png(colour=3),
    "with a palette of junk": png(chunk(b"PLTE", JUNK[:2000]), colour=3),
    "with pixels of junk": png()[:33] + chunk(b"IDAT", JUNK) + chunk(b"IEND", b""),
    "with fewer pixels": png(pixels=bytes(9)),
    "with many more pixels": png(pixels=bytes(20_000_000)),
    "without an end": png(end=False),
    "with two headers": png(png()[8:33]),
    "without a header": b"\x89PNG\r\n\x1a\n" + png()[33:],
    "with a chunk of 4 GB": png()[:33] + b"\xff\xff\xff\xffIDAT" + JUNK,
    "with a chunk of no letters": png(chunk(b"\0\1\2\3", b"x")),
    "with 100,000 chunks": png(chunk(b"tEXt", b"a\0b") * MANY),
    "with a profile of junk": png(chunk(b"iCCP", b"a\0\0" + JUNK)),
    "with a profile that unfolds": png(chunk(b"iCCP", b"a\0\0" + flate(90))),
    "with a text that unfolds": png(chunk(b"iTXt", b"a\0\1\0\0\0" + flate(90))),
    "animated after its pixels": png()[:-12] + chunk(b"acTL", bytes(8)) + chunk(b"IEND", b""),
    "animated outside of itself": png(
        chunk(b"acTL", struct.pack(">II", 2, 0)),
        chunk(b"fcTL", struct.pack(">IIIIIHHBB", 0, BEYOND, BEYOND, BEYOND, BEYOND, 0, 0, 9, 9)),
        chunk(b"fdAT", b"\0\0\0\1" + zlib.compress(bytes(90))),
    ),
    **{f"with {name}": png(chunk(b"eXIf", tags)) for name, tags in TAGS.items()},
}


def segment(kind, body, length=None):
    return bytes([0xFF, kind]) + struct.pack(">H", length or len(body) + 2) + body


def jpeg(*segments, after=b""):
    """A whole JPEG with segments behind its beginning, and more behind its end."""
    plain = whole("JPEG")
    return plain[:2] + b"".join(segments) + plain[2:] + after


def with_frame(height, width, parts=3):
    plain = whole("JPEG")
    at = plain.index(b"\xff\xc0") + 5
    return plain[:at] + struct.pack(">HHB", height, width, parts) + plain[at + 5 :]


def progressive(scans):
    """The picture's scans again and again: each costs a pass over all of it."""
    out = io.BytesIO()
    Image.linear_gradient("L").resize((1200, 1200)).save(out, "JPEG", progressive=True)
    plain = out.getvalue()
    start = plain.index(b"\xff\xda", plain.index(b"\xff\xda") + 2)
    return plain[:-2] + plain[start:-2] * scans + b"\xff\xd9"


PROFILE = b"ICC_PROFILE\0"
JPEGS = {
    **cuts(whole("JPEG")),
    **{f"progressive, {name}": one for name, one in cuts(whole("JPEG", progressive=True)).items()},
    "of 65,535 squared": with_frame(65_535, 65_535),
    "of no height": with_frame(0, 60),
    "of no width": with_frame(40, 0),
    "of 255 colours": with_frame(40, 60, 255),
    "with a table of junk": jpeg().replace(b"\xff\xc4", b"\xff\xc4\0\x43\0" + b"\xff" * 64, 1),
    "without its tables": b"\xff\xd8" + whole("JPEG")[whole("JPEG").index(b"\xff\xc0") :],
    "with a segment of no length": jpeg(segment(0xE5, b"", 1)),
    "with a segment that ends behind the end": jpeg(segment(0xE5, b"x", 65_535)),
    "with a scan repeated 2,000 times": progressive(2_000),
    "with 20,000 comments": jpeg(segment(0xFE, b"x" * 9) * 20_000),
    "with a profile of junk": jpeg(segment(0xE2, PROFILE + b"\1\1" + JUNK)),
    "with the ninth part of a profile": jpeg(segment(0xE2, PROFILE + b"\x09\xff" + JUNK)),
    "with other pictures' places of junk": jpeg(segment(0xE2, b"MPF\0" + tiff(following=8))),
    "with other pictures outside": jpeg(
        segment(0xE2, b"MPF\0" + tiff((0xB000, 7, 4, 0x30303130), (0xB001, 4, 1, BEYOND)))
    ),
    "with resolutions of junk": jpeg(segment(0xED, b"Photoshop 3.0\x008BIM\3\xed\0\0" + JUNK[:90])),
    "with colours it does not have": jpeg(segment(0xEE, b"Adobe\0\x64\0\0\0\0\x09")),
    "followed by a megabyte of junk": jpeg(after=JUNK * 350),
    **{
        f"with {name}": jpeg(segment(0xE1, b"Exif\0\0" + tags[:60_000]))
        for name, tags in TAGS.items()
    },
}


def gif(*blocks, width=9, height=9):
    return (
        b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80, 0, 0) + bytes(6) + b"".join(blocks)
    )


def frame(  # noqa: PLR0913 - each field of the block
    left=0, top=0, width=9, height=9, code=2, data=b"\x02\x44\x01"
):
    return (
        b"\x2c" + struct.pack("<HHHHB", left, top, width, height, 0) + bytes([code]) + data + b"\0"
    )


GIFS = {
    **cuts(whole("GIF")),
    "of 65,535 squared": gif(frame(), b";", width=65_535, height=65_535),
    "whose picture is larger than itself": gif(frame(width=65_535, height=65_535), b";"),
    "whose picture lies outside": gif(frame(left=65_535, top=65_535), b";"),
    "with codes of 255 bits": gif(frame(code=255), b";"),
    "with codes of junk": gif(frame(data=b"\xff" + JUNK[:255]), b";"),
    "without a picture": gif(b";"),
    "of nothing": gif(frame(), b";", width=0, height=0),
    "whose frames grow": gif(*(frame(width=n, height=n) for n in range(1, 6000, 50)), b";"),
    "with a comment without end": gif(b"\x21\xfe" + (b"\xff" + bytes(255)) * 20_000),
    "with an extension of junk": gif(b"\x21\x99\xff" + JUNK),
}


def riff(*parts, size=None):
    body = b"WEBP" + b"".join(
        kind + struct.pack("<I", len(one)) + one + b"\0" * (len(one) % 2) for kind, one in parts
    )
    return b"RIFF" + struct.pack("<I", len(body) if size is None else size) + body


def canvas(width, height, flags=2):
    sides = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return b"VP8X", struct.pack("<I", flags) + sides


def moved(x, y, width, height):
    """A WebP's frame at a place; its own picture is 60 by 40."""
    numbers = b"".join((one).to_bytes(3, "little") for one in (x, y, width - 1, height - 1, 0))
    return b"ANMF", numbers + b"\0" + whole("WEBP")[12:]


PLAY = b"ANIM", bytes(6)
WEBPS = {
    **cuts(whole("WEBP")),
    **{f"lossless, {name}": one for name, one in cuts(whole("WEBP", lossless=True)).items()},
    "of 16,777,216 squared": riff(canvas(2**24, 2**24), PLAY),
    "longer than it is": riff((b"VP8 ", JUNK), size=2**32 - 1),
    "of no length": riff((b"VP8 ", JUNK), size=0),
    "of junk": riff((b"VP8 ", JUNK)),
    "of lossless junk": riff((b"VP8L", b"\x2f" + JUNK)),
    "of lossless 16,384 squared": riff((b"VP8L", b"\x2f\xff\xff\xff\x0f" + JUNK)),
    "whose frame lies outside": riff(canvas(60, 40), PLAY, moved(999, 999, 60, 40)),
    "whose frame is larger than itself": riff(canvas(60, 40), PLAY, moved(0, 0, 9000, 9000)),
    "of 20,000 frames": riff(canvas(60, 40), PLAY, *[moved(0, 0, 60, 40)] * 200),
    "with tags of junk": riff(
        canvas(60, 40, 0x2C), *((k, JUNK) for k in (b"ICCP", b"EXIF", b"XMP "))
    ),
    "without a picture": riff(canvas(9, 9, 0)),
}


def boxed(file_format):
    """HEIC and AVIF: what their boxes say of sizes and places, made untrue."""
    plain = whole(file_format, size=(64, 64))
    size_at, place_at = plain.index(b"ispe") + 8, plain.index(b"iloc")
    return {
        **cuts(plain),
        "of 4,294,967,295 squared": plain[:size_at] + b"\xff" * 8 + plain[size_at + 8 :],
        "of 60,000 squared": plain[:size_at]
        + struct.pack(">II", 60_000, 60_000)
        + plain[size_at + 8 :],
        "of nothing": plain[:size_at] + bytes(8) + plain[size_at + 8 :],
        "that lies outside": plain[: place_at + 4] + b"\xff" * 20 + plain[place_at + 24 :],
        "whose first box is endless": b"\xff\xff\xff\xff" + plain[4:],
        "whose boxes are 4 GB": plain.replace(b"\0\0\0\x14ispe", b"\xff\xff\xff\xffispe"),
        "whose boxes are boxes": plain[: plain.index(b"meta") - 4] + box(b"meta", depth=2000),
        "of junk alone": plain[:24] + JUNK,
    }


def box(kind, depth):
    content = b"x" * 8
    for _ in range(depth):
        content = struct.pack(">I", len(content) + 12) + kind + bytes(4) + content
    return content


TIFFS = {
    "whose directory is its own next": tiff((0x100, 4, 1, 9), following=8),
    "whose directories are in each other": tiff((0x14A, 4, 1, 8), (0x100, 4, 1, 9)),
    "of 2,147,483,647 squared": tiff((0x100, 4, 1, BEYOND), (0x101, 4, 1, BEYOND)),
    "with a tag that lies outside": tiff((0x111, 4, BEYOND, BEYOND)),
    "of junk": b"II*\0" + JUNK,
}

PICTURES = {
    f"{kind} {name}": content
    for kind, made in (
        ("PNG", PNGS),
        ("JPEG", JPEGS),
        ("GIF", GIFS),
        ("WebP", WEBPS),
        ("HEIC", boxed("HEIF")),
        ("AVIF", boxed("AVIF")),
        ("TIFF", TIFFS),
    )
    for name, content in made.items()
}
FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "HEIF", "AVIF")


# --- documents ------------------------------------------------------------------------------

CATALOGUE = "<</Type/Catalog/Pages 2 0 R>>"
PAGES = "<</Type/Pages/Kids[3 0 R]/Count 1>>"
DRAWS = b"BT /F1 12 Tf 40 200 Td (hello) Tj ET"


def stream(content=b"", entries="", length=None):
    told = len(content) if length is None else length
    return f"<<{entries}/Length {told}>>stream\n".encode() + content + b"\nendstream"


def page(entries="", box="/MediaBox[0 0 300 400]"):
    return f"<</Type/Page/Parent 2 0 R/Contents 4 0 R{box}{entries}>>"


def resources(entries):
    return page(f"/Resources<<{entries}>>")


def pdf(*objects, trailer="/Root 1 0 R", start=None, head=b"%PDF-1.7\n"):
    """A document of these objects, numbered from 1, with a table that is right."""
    body, places = head, []
    for number, one in enumerate(objects, 1):
        places.append(len(body))
        plain = one if isinstance(one, bytes) else one.encode()
        body += b"%d 0 obj\n" % number + plain + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1) + table
    told = f"trailer<</Size {len(places) + 1}{trailer}>>\nstartxref\n".encode()
    return body + table + told + str(len(body) if start is None else start).encode() + b"\n%%EOF\n"


def drawing(content, entries="", *more):
    """One page with this content and these resources; `more` are the objects from 5 on."""
    return pdf(CATALOGUE, PAGES, resources(entries), stream(content), *more)


def rooted(entries, *more):
    root = f"<</Type/Catalog/Pages 2 0 R{entries}>>"
    return pdf(root, PAGES, page(), stream(DRAWS), *more)


def with_pages(pages, *more):
    return pdf(CATALOGUE, pages, page(), stream(DRAWS), *more)


def boxed_page(value):
    return pdf(CATALOGUE, PAGES, page(box=f"/MediaBox{value}"), stream(DRAWS))


def shown(entries, content, *more):
    """A page that shows one picture, object 5."""
    picture = stream(content, "/Type/XObject/Subtype/Image" + entries)
    return drawing(b"q 300 0 0 400 0 0 cm /Im Do Q", "/XObject<</Im 5 0 R>>", picture, *more)


def filtered(entries, content):
    return pdf(CATALOGUE, PAGES, page(), stream(content, entries))


def fonted(*objects):
    return drawing(DRAWS, "/Font<</F1 5 0 R>>", *objects)


def coloured(space, *more):
    return drawing(b"/C cs 0.5 sc 0 0 300 400 re f", f"/ColorSpace<</C {space}>>", *more)


def shaded(entries, content=b""):
    return drawing(b"/S sh", "/Shading<</S 5 0 R>>", stream(content, entries))


def deep_tree(depth):
    middle = [f"<</Type/Pages/Count 1/Kids[{n + 1} 0 R]>>" for n in range(5, 5 + depth)]
    last = f"<</Type/Page/Parent {4 + depth} 0 R/MediaBox[0 0 9 9]>>"
    return with_pages("<</Type/Pages/Kids[5 0 R]/Count 1>>", *middle, last)


def packed(objects, entries="", number="1"):
    """Objects in a stream of objects (5), named by a table that is a stream too (6)."""
    inner = stream(
        zlib.compress(objects, 1), f"/Type/ObjStm/N {number}/First 4/Filter/FlateDecode{entries}"
    )
    whole_body = pdf(CATALOGUE, PAGES, page(), stream(DRAWS), inner)
    body = whole_body[: whole_body.index(b"xref\n")]
    places = [body.index(b"%d 0 obj" % n) for n in range(1, 6)]
    rows = [
        (0, 0, 65_535),
        *((1, place, 0) for place in places),
        (1, len(body), 0),
        (2, 5, 0),
        (2, 7, 0),
    ]
    table = b"".join(struct.pack(">BIH", *row) for row in rows)
    xref = stream(table, f"/Type/XRef/Size {len(rows)}/W[1 4 2]/Root 7 0 R")
    return body + b"6 0 obj\n" + xref + b"\nendobj\nstartxref\n%d\n%%%%EOF" % len(body)


def cmap(body):
    return stream(b"/CIDInit /ProcSet findresource begin begincmap\n" + body + b"\nendcmap")


def jbig2(width, height):
    """A page's information and a generic region that say how large they are."""
    told = struct.pack(">IIIIBH", width, height, 0, 0, 0, 0)
    region = (
        struct.pack(">IIIIB", width, height, 0, 0, 0) + b"\0\3\xff\xfd\xff\2\xfe\xfe\xfe" + JUNK
    )
    pieces = [(0, 0x30, told), (1, 0x26, region)]
    return b"".join(struct.pack(">IBBBI", n, kind, 0, 1, len(one)) + one for n, kind, one in pieces)


def jpx(width, height, parts=3, tile=None):
    """A JPEG 2000 stream's sizes with junk behind them."""
    size = struct.pack(
        ">HIIIIIIIIH", 0, width, height, 0, 0, tile or width, tile or height, 0, 0, parts
    )
    size += b"\7\1\1" * parts
    coding = b"\xff\x52\0\x0c\0\0\0\1\0\5\4\4\0\1"
    return (
        b"\xff\x4f\xff\x51" + struct.pack(">H", len(size) + 2) + size + coding + b"\xff\x90" + JUNK
    )


FORM = "/Type/XObject/Subtype/Form/BBox[0 0 300 400]"
PIXELS = "/Width 60/Height 40/BitsPerComponent 8/ColorSpace/DeviceRGB"
LARGE = "/Width 60000/Height 60000/BitsPerComponent 1/ColorSpace/DeviceGray"
PLAIN = pdf(CATALOGUE, PAGES, page(), stream(DRAWS))
NESTED = "[" * 20_000 + "]" * 20_000

TABLES = {
    **{name: one for name, one in cuts(PLAIN).items() if not name.startswith("cut at 1 ")},
    "a head alone": b"%PDF-1.7\n",
    "no table": PLAIN[: PLAIN.index(b"xref\n")],
    "a table that starts behind the end": pdf(CATALOGUE, PAGES, page(), stream(DRAWS), start=10**9),
    "a table that starts before the beginning": pdf(
        CATALOGUE, PAGES, page(), stream(DRAWS), start=-5
    ),
    "a table of wrong places": PLAIN.replace(b"00000 n", b"00001 n").replace(
        b"0000000", b"0000001"
    ),
    "a table of a thousand million rows": PLAIN.replace(b"xref\n0 5", b"xref\n0 999999999"),
    "a table whose rows begin at 2,147,483,647": PLAIN.replace(b"xref\n0 5", b"xref\n2147483647 5"),
    "a size of 2,147,483,647": PLAIN.replace(b"/Size 5", b"/Size 2147483647"),
    "a size below nothing": PLAIN.replace(b"/Size 5", b"/Size -1"),
    "a table before itself": PLAIN.replace(b"/Size 5", b"/Size 5/Prev %d" % PLAIN.index(b"xref\n")),
    "a second table that is itself": PLAIN.replace(
        b"/Size 5", b"/Size 5/XRefStm %d" % PLAIN.index(b"xref\n")
    ),
    "no root": pdf(CATALOGUE, PAGES, page(), stream(DRAWS), trailer=""),
    "a root that is a number": pdf(CATALOGUE, PAGES, page(), stream(DRAWS), trailer="/Root 7"),
    "a root that is nowhere": pdf(CATALOGUE, PAGES, page(), stream(DRAWS), trailer="/Root 99 0 R"),
    "a root that is a page": pdf(CATALOGUE, PAGES, page(), stream(DRAWS), trailer="/Root 3 0 R"),
    "a root that is itself": pdf("1 0 R", PAGES, page(), stream(DRAWS)),
    "objects that are each other": with_pages("5 0 R", "6 0 R", "5 0 R"),
    "an object without an end": PLAIN.replace(b"endobj", b"", 1),
    "100,000 objects of one number": PLAIN[:9] + b"3 0 obj<</A 1>>endobj\n" * MANY + PLAIN[9:],
    "100,000 updates": PLAIN + b"startxref\n%d\n%%%%EOF\n" % PLAIN.index(b"xref\n") * 20_000,
    "junk between its objects": PLAIN.replace(b"endobj\n", b"endobj\n" + JUNK),
    "linear by its own word": rooted("").replace(
        b"%PDF-1.7\n", b"%PDF-1.7\n9 0 obj<</Linearized 1/L 9/H[9 9]/O 9/E 9/N 9/T 9>>endobj\n"
    ),
    "objects packed in themselves": packed(b"5 0 <</Type/ObjStm>>"),
    "a thousand million packed objects": packed(b"7 0 " + CATALOGUE.encode(), number="999999999"),
    "packed objects that extend themselves": packed(b"7 0 " + CATALOGUE.encode(), "/Extends 5 0 R"),
    "packed objects of 60 MB": packed(b"7 0 " + CATALOGUE.encode() + b" " * 60_000_000),
    "packed objects that lie outside": packed(b"7 9999999 " + CATALOGUE.encode()),
    "a packed root": packed(b"7 0 " + CATALOGUE.encode()),
}
TREES = {
    "no pages": pdf("<</Type/Catalog>>", PAGES, page(), stream(DRAWS)),
    "pages that are a number": pdf("<</Type/Catalog/Pages 7>>", PAGES, page(), stream(DRAWS)),
    "a child that is a number": with_pages("<</Type/Pages/Kids[1 2 3]/Count 3>>"),
    "a child that is nowhere": with_pages("<</Type/Pages/Kids[99 0 R]/Count 1>>"),
    "children that are a number": with_pages("<</Type/Pages/Kids 7/Count 1>>"),
    "a count below nothing": with_pages("<</Type/Pages/Kids[3 0 R]/Count -1>>"),
    "a count of 2,147,483,647": with_pages("<</Type/Pages/Kids[3 0 R]/Count 2147483647>>"),
    "a count that is a text": with_pages("<</Type/Pages/Kids[3 0 R]/Count(x)>>"),
    "a page twice": with_pages("<</Type/Pages/Kids[3 0 R 3 0 R]/Count 2>>"),
    "its root among its pages": with_pages("<</Type/Pages/Kids[3 0 R 1 0 R 2 0 R]/Count 3>>"),
    "2,000 levels of pages": deep_tree(2_000),
    "100,000 children that are one": with_pages(
        f"<</Type/Pages/Kids[{'3 0 R ' * MANY}]/Count {MANY}>>"
    ),
    "a page without a size": pdf(CATALOGUE, PAGES, page(box=""), stream(DRAWS)),
    "a page whose parent is itself": pdf(
        CATALOGUE, PAGES, "<</Type/Page/Parent 3 0 R/Contents 4 0 R>>", stream(DRAWS)
    ),
    "a page of no contents": pdf(CATALOGUE, PAGES, page(), "null"),
    "a page whose contents are itself": pdf(CATALOGUE, PAGES, page(), "[3 0 R 4 0 R]"),
    "a page of 100,000 contents": pdf(
        CATALOGUE, PAGES, page().replace("4 0 R", f"[{'4 0 R ' * MANY}]"), stream(DRAWS)
    ),
    "a page turned by 45 degrees": pdf(CATALOGUE, PAGES, page("/Rotate 45"), stream(DRAWS)),
    "a page turned very often": pdf(CATALOGUE, PAGES, page("/Rotate 999999990"), stream(DRAWS)),
    "a page of huge units": pdf(CATALOGUE, PAGES, page("/UserUnit 1000000000"), stream(DRAWS)),
    **{
        f"a page of {what}": boxed_page(value)
        for what, value in {
            "huge sides": "[0 0 1e9 1e9]",
            "sides beyond all numbers": "[0 0 9e99 9e99]",
            "no side": "[0 0 0 0]",
            "a hair's breadth": "[0 0 0.00001 400]",
            "a hair's height": "[0 0 14400 0.001]",
            "turned sides": "[300 400 0 0]",
            "sides far off": "[1e8 1e8 100000300 100000400]",
            "sides of names": "[/a /b /c /d]",
            "three sides": "[0 0 300]",
            "20,000 points": "[0 0 600 20000]",
            "sides that are a number": " 7",
        }.items()
    },
}
SYNTAX = {
    "20,000 arrays in each other": rooted(f"/A{NESTED}"),
    "arrays in each other without an end": rooted("/A" + "[" * 50_000),
    "20,000 dictionaries in each other": rooted("/A" + "<</B" * 20_000 + " 1" + ">>" * 20_000),
    "arrays in each other on the page": drawing(NESTED.encode() + b" Do"),
    "a text without an end": rooted("/A(" + "(" * 50_000),
    "a name of a megabyte": rooted("/" + "a" * 1_000_000 + " 1"),
    "a number of 50,000 digits": rooted("/A " + "9" * 50_000),
    "100,000 names": rooted("/A<<" + "".join(f"/k{n} 1" for n in range(MANY)) + ">>"),
    "a length that is itself": pdf(
        CATALOGUE, PAGES, page(), b"<</Length 4 0 R>>stream\nx\nendstream"
    ),
    "a length of 2,147,483,647": pdf(CATALOGUE, PAGES, page(), stream(DRAWS, length=BEYOND)),
    "a length below nothing": pdf(CATALOGUE, PAGES, page(), stream(DRAWS, length=-9)),
    "a stream without an end": pdf(CATALOGUE, PAGES, page(), b"<</Length 9>>stream\n" + DRAWS),
    "a stream in another file": filtered("/F(/etc/passwd)/FFilter/None", b""),
}
FILTERS = {
    "of no known name": filtered("/Filter/Nonsense", DRAWS),
    "a thousand of them": filtered(f"/Filter[{'/ASCIIHexDecode ' * 1000}]", b"20>"),
    "that are a number": filtered("/Filter 7", DRAWS),
    "themselves": filtered("/Filter 4 0 R", DRAWS),
    **{
        f"{name} of junk": filtered(f"/Filter/{name}Decode", JUNK)
        for name in (
            "Flate",
            "LZW",
            "ASCII85",
            "RunLength",
            "ASCIIHex",
            "CCITTFax",
            "DCT",
            "JBIG2",
            "JPX",
            "Crypt",
        )
    },
    "Flate of 300 MB": filtered("/Filter/FlateDecode", flate(300)),
    "RunLength of 128 MB": filtered("/Filter/RunLengthDecode", b"\x81 " * 1_000_000 + b"\x80"),
    "RunLength in Flate": filtered(
        "/Filter[/FlateDecode/RunLengthDecode]", zlib.compress(b"\x81 " * 4_000_000, 1)
    ),
    "a predictor of huge columns": filtered(
        f"/Filter/FlateDecode/DecodeParms<</Predictor 12/Columns {BEYOND}>>", zlib.compress(DRAWS)
    ),
    "a predictor of huge colours": filtered(
        f"/Filter/FlateDecode/DecodeParms<</Predictor 2/Colors {BEYOND}/BitsPerComponent 32>>",
        zlib.compress(DRAWS),
    ),
    "a predictor below nothing": filtered(
        "/Filter/FlateDecode/DecodeParms<</Predictor 15/Columns -1/Colors -1>>",
        zlib.compress(DRAWS),
    ),
}
SHOWN = {
    "of 60,000 squared in one bit": shown(LARGE + "/Filter/FlateDecode", flate(450)),
    "of 2,147,483,647 squared": shown(LARGE.replace("60000", str(BEYOND)), JUNK),
    "below nothing": shown(PIXELS.replace("60", "-60"), JUNK),
    "of 99 bits": shown(PIXELS.replace("Component 8", "Component 99"), JUNK),
    "that is its own mask": shown(PIXELS + "/SMask 5 0 R", JUNK * 3),
    "whose masks are each other": shown(
        PIXELS + "/SMask 6 0 R",
        JUNK * 3,
        stream(
            JUNK,
            "/Subtype/Image/Width 9/Height 9/BitsPerComponent 8/ColorSpace/DeviceGray/SMask 5 0 R",
        ),
    ),
    "with huge masks": shown(
        PIXELS + "/SMask 6 0 R",
        JUNK * 3,
        stream(flate(450), LARGE + "/Subtype/Image/Filter/FlateDecode"),
    ),
    "of another size than told": shown(
        PIXELS.replace("60", "6000") + "/Filter/DCTDecode", whole("JPEG")
    ),
    "a JPEG of 65,535 squared": shown(PIXELS + "/Filter/DCTDecode", with_frame(65_535, 65_535)),
    "a JPEG of a scan 500 times": shown(
        "/Width 1200/Height 1200/BitsPerComponent 8/ColorSpace/DeviceRGB/Filter/DCTDecode",
        progressive(500),
    ),
    "JBIG2 of 2,147,483,647 squared": shown(LARGE + "/Filter/JBIG2Decode", jbig2(BEYOND, BEYOND)),
    "JBIG2 of 60,000 squared": shown(LARGE + "/Filter/JBIG2Decode", jbig2(60_000, 60_000)),
    "JBIG2 whose globals are itself": shown(
        LARGE + "/Filter/JBIG2Decode/DecodeParms<</JBIG2Globals 5 0 R>>", jbig2(600, 600)
    ),
    "JPX of 2,147,483,647 squared": shown(PIXELS + "/Filter/JPXDecode", jpx(BEYOND, BEYOND)),
    "JPX of 60,000 squared": shown(PIXELS + "/Filter/JPXDecode", jpx(60_000, 60_000)),
    "JPX of 16,000 colours": shown(PIXELS + "/Filter/JPXDecode", jpx(60, 40, 16_000)),
    "JPX of tiles of one pixel": shown(PIXELS + "/Filter/JPXDecode", jpx(60_000, 60_000, tile=1)),
    "CCITT of huge rows": shown(
        LARGE + f"/Filter/CCITTFaxDecode/DecodeParms<</K -1/Columns {BEYOND}/Rows {BEYOND}>>", JUNK
    ),
    "CCITT of columns below nothing": shown(
        LARGE + "/Filter/CCITTFaxDecode/DecodeParms<</K 0/Columns -1/Rows -1>>", JUNK
    ),
    "on the page itself": drawing(b"BI /W 60000 /H 60000 /BPC 8 /CS /RGB ID " + JUNK + b" EI"),
    "on the page without an end": drawing(b"BI /W 9 /H 9 /BPC 8 /CS /G ID " + JUNK * 100),
}
FONTS = {
    "that is nowhere": drawing(DRAWS, "/Font<</F1 99 0 R>>"),
    "that is no font": fonted("<</Type/Font>>"),
    "with widths of junk": fonted(
        f"<</Type/Font/Subtype/TrueType/BaseFont/A/FirstChar -9/LastChar {BEYOND}"
        f"/Widths[{'1e30 ' * 900}]>>"
    ),
    **{
        f"whose {name} is junk": fonted(
            f"<</Type/Font/Subtype/{kind}/BaseFont/A/FontDescriptor 6 0 R>>",
            f"<</Type/FontDescriptor/FontName/A/{name} 7 0 R>>",
            stream(content, entries),
        )
        for kind, name, content, entries in (
            ("TrueType", "FontFile2", b"\0\1\0\0\xff\xff" + JUNK, "/Length1 3000"),
            (
                "Type1",
                "FontFile",
                b"%!PS-AdobeFont-1.0\n" + JUNK,
                "/Length1 9/Length2 99/Length3 9",
            ),
            ("Type1", "FontFile3", b"\1\0\4\4" + JUNK, "/Subtype/Type1C"),
        )
    },
    "of glyphs that show themselves": fonted(
        "<</Type/Font/Subtype/Type3/FontBBox[0 0 9 9]/FontMatrix[1 0 0 1 0 0]/FirstChar 104"
        "/LastChar 104/Widths[9]/Encoding<</Differences[104/h]>>/CharProcs<</h 6 0 R>>"
        "/Resources<</Font<</F1 5 0 R>>>>>>",
        stream(b"9 0 d0 BT /F1 1 Tf (hhhh) Tj ET"),
    ),
    "that descends from itself": fonted(
        "<</Type/Font/Subtype/Type0/BaseFont/A/Encoding/Identity-H/DescendantFonts[5 0 R]>>"
    ),
    "of a map of all letters": fonted(
        "<</Type/Font/Subtype/Type1/BaseFont/Courier/ToUnicode 6 0 R>>",
        cmap(b"1 beginbfrange <00000000> <ffffffff> <0041> endbfrange"),
    ),
    "of a map in itself": fonted(
        "<</Type/Font/Subtype/Type0/BaseFont/A/Encoding 6 0 R/DescendantFonts[7 0 R]>>",
        stream(b"begincmap /X usecmap endcmap", "/Type/CMap/CMapName/X/UseCMap 6 0 R"),
        "<</Type/Font/Subtype/CIDFontType2/BaseFont/A/CIDSystemInfo<<>>>>",
    ),
    "of 100,000 differences": fonted(
        f"<</Type/Font/Subtype/Type1/BaseFont/Courier/Encoding<</Differences[0{'/a' * MANY}]>>>>"
    ),
}
COLOURS = {
    "a profile of junk": coloured("[/ICCBased 5 0 R]", stream(JUNK, "/N 4")),
    "a profile of a thousand": coloured("[/ICCBased 5 0 R]", stream(JUNK, "/N 1000")),
    "a profile in itself": coloured(
        "[/ICCBased 5 0 R]", stream(JUNK, "/N 3/Alternate[/ICCBased 5 0 R]")
    ),
    "of an index without an end": coloured(f"[/Indexed/DeviceRGB {BEYOND}<00>]"),
    "in themselves": coloured("5 0 R", "[/Indexed 5 0 R 255<00>]"),
    "of a function that is itself": coloured(
        "[/Separation/A/DeviceRGB 5 0 R]",
        "<</FunctionType 3/Domain[0 1]/Functions[5 0 R 5 0 R]/Bounds[0.5]/Encode[0 1 0 1]>>",
    ),
    "of a function 20,000 deep": coloured(
        "[/Separation/A/DeviceGray 5 0 R]",
        stream(b"{" * 20_000 + b"}" * 20_000, "/FunctionType 4/Domain[0 1]/Range[0 1]"),
    ),
    "of a function of huge samples": coloured(
        "[/Separation/A/DeviceGray 5 0 R]",
        stream(JUNK, f"/FunctionType 0/Domain[0 1]/Range[0 1]/Size[{BEYOND}]/BitsPerSample 32"),
    ),
    "of 200 parts": coloured(
        f"[/DeviceN[{'/a' * 200}]/DeviceGray 5 0 R]", "<</FunctionType 2/N 1e30>>"
    ),
    "shaded by a mesh of junk": shaded(
        "/ShadingType 7/ColorSpace/DeviceRGB/BitsPerCoordinate 0/BitsPerComponent 0/BitsPerFlag 0"
        "/Decode[0 1 0 1 0 1 0 1 0 1]",
        JUNK,
    ),
    "shaded by a mesh of 300,000 bytes": shaded(
        "/ShadingType 7/ColorSpace/DeviceRGB/BitsPerCoordinate 8/BitsPerComponent 8/BitsPerFlag 8"
        "/Decode[0 300 0 400 0 1 0 1 0 1]",
        JUNK * 100,
    ),
    "shaded between points beyond all numbers": shaded(
        "/ShadingType 3/ColorSpace/DeviceRGB/Coords[0 0 1e38 1e38 1e38 1e38]/Extend[true true]"
        "/Function<</FunctionType 2/Domain[0 1]/C0[0 0 0]/C1[1 1 1]/N 1>>"
    ),
    "of a pattern that is itself": drawing(
        b"/Pattern cs /P scn 0 0 300 400 re f",
        "/Pattern<</P 5 0 R>>",
        stream(
            b"/Pattern cs /P scn 0 0 9 9 re f",
            "/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 9 9]/XStep 9/YStep 9"
            "/Resources<</Pattern<</P 5 0 R>>>>",
        ),
    ),
    "of a pattern of huge tiles": drawing(
        b"/Pattern cs /P scn 0 0 300 400 re f",
        "/Pattern<</P 5 0 R>>",
        stream(
            b"0 0 1 1 re f",
            "/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 1e9 1e9]/XStep 1e-9/YStep 0"
            "/Resources<<>>",
        ),
    ),
}
PAINTING = {
    "a million states that are kept": drawing(b"q " * 1_000_000),
    "a million states that were not kept": drawing(b"Q " * 1_000_000),
    "a thousand texts in each other": drawing(b"BT " * 1000 + DRAWS),
    "100,000 operands": drawing(b"1 " * MANY + b"m"),
    "operators that are not there": drawing(JUNK * 30),
    "coordinates beyond all numbers": drawing(
        b"1e38 1e38 m -1e38 1e38 l 9e99 -9e99 l f 0 0 m 1e308 0 l S"
    ),
    "a line wider than all": drawing(b"1e38 w 0 0 m 300 400 l S 1e38 0 0 1e38 0 0 cm 0 0 9 9 re f"),
    "20,000 clips": drawing(b"0 0 m 300 400 l 0 400 l W n\n" * 20_000 + b"0 0 300 400 re f"),
    "letters of a huge size": drawing(b"BT /F1 1e9 Tf 1e9 Tz (hello) Tj ET"),
    "a form that does not end": drawing(
        b"/Fm Do",
        "/XObject<</Fm 5 0 R>>",
        stream(b"/Fm Do", FORM + "/Resources<</XObject<</Fm 5 0 R>>>>"),
    ),
    "1,000 groups in each other": drawing(
        b"/Fm Do",
        "/XObject<</Fm 5 0 R>>",
        *(
            stream(
                b"/Fm Do",
                FORM + f"/Group<</S/Transparency/I true>>/Resources<</XObject<</Fm {n + 1} 0 R>>>>",
            )
            for n in range(5, 1005)
        ),
    ),
    "a soft mask that is itself": drawing(
        b"/G gs 0 0 300 400 re f",
        "/ExtGState<</G 6 0 R>>",
        stream(
            b"/G gs 0 0 9 9 re f",
            FORM + "/Group<</S/Transparency>>/Resources<</ExtGState<</G 6 0 R>>>>",
        ),
        "<</Type/ExtGState/SMask<</S/Luminosity/G 5 0 R>>>>",
    ),
    "content that depends on itself": drawing(
        b"/OC /L BDC 0 0 9 9 re f EMC",
        "/Properties<</L 5 0 R>>",
        "<</Type/OCMD/OCGs 5 0 R/VE[/And 5 0 R]>>",
    ),
}
NOTE = "<</Type/Annot/Subtype/{}/Rect[0 0 99 99]{}>>"
AROUND = {
    **{
        f"{what} that are their own": rooted(
            entry, "<</Kids[5 0 R]/First 5 0 R/Last 5 0 R/Next 5 0 R/K 5 0 R/Parent 5 0 R>>"
        )
        for what, entry in {
            "names": "/Names<</Dests 5 0 R/EmbeddedFiles 5 0 R/JavaScript 5 0 R>>",
            "outlines": "/Outlines 5 0 R",
            "labels": "/PageLabels 5 0 R",
            "structures": "/StructTreeRoot 5 0 R",
            "fields": "/AcroForm<</Fields[5 0 R]>>",
        }.items()
    },
    "actions that follow themselves": rooted("/OpenAction 5 0 R", "<</S/Launch/F(a)/Next 5 0 R>>"),
    "a form without fields": rooted("/AcroForm 7"),
    "a form of junk": rooted(
        "/AcroForm<</Fields[1 2 3 0 R 99 0 R]/NeedAppearances true/XFA 5 0 R>>", stream(JUNK)
    ),
    "notes that are a number": pdf(CATALOGUE, PAGES, page("/Annots 7"), stream(DRAWS)),
    "notes that are the page": pdf(CATALOGUE, PAGES, page("/Annots[3 0 R 3 0 R]"), stream(DRAWS)),
    "50,000 notes that are one": pdf(
        CATALOGUE,
        PAGES,
        page(f"/Annots[{'5 0 R ' * 50_000}]"),
        stream(DRAWS),
        NOTE.format("Text", ""),
    ),
    "a note that shows itself": pdf(
        CATALOGUE,
        PAGES,
        page("/Annots[5 0 R]"),
        stream(DRAWS),
        NOTE.format("Stamp", "/AP<</N 6 0 R>>"),
        stream(b"/Fm Do", FORM + "/Resources<</XObject<</Fm 6 0 R>>>>"),
    ),
    "a field whose look is junk": pdf(
        "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R]/NeedAppearances true>>>>",
        PAGES,
        page("/Annots[5 0 R]"),
        stream(DRAWS),
        NOTE.format("Widget", "/FT/Tx/V(" + "x" * 50_000 + ")/DA(/F1 1e9 Tf " + "q " * 9000 + ")"),
    ),
    "its metadata as its pages": rooted("/Metadata 3 0 R"),
    "a lock of junk": PLAIN.replace(
        b"/Size 5", b"/Size 5/Encrypt<</Filter/Standard/V 9/R 99/O(x)/U(x)/P 1>>"
    ),
    "a lock that is itself": PLAIN.replace(b"/Size 5", b"/Size 5/Encrypt 4 0 R"),
    "a lock of a huge key": PLAIN.replace(
        b"/Size 5",
        b"/Size 5/ID[(a)(b)]/Encrypt<</Filter/Standard/V 2/R 3/Length 2147483647/O(%s)/U(%s)/P -1>>"
        % (b"x" * 32, b"x" * 32),
    ),
    "a lock of no known maker": PLAIN.replace(b"/Size 5", b"/Size 5/Encrypt<</Filter/Nobody/V 1>>"),
}
DOCUMENTS = {
    f"{kind} {name}": content
    for kind, made in (
        ("table:", TABLES),
        ("pages:", TREES),
        ("syntax:", SYNTAX),
        ("filter:", FILTERS),
        ("picture", SHOWN),
        ("font", FONTS),
        ("colours", COLOURS),
        ("painting:", PAINTING),
        ("around:", AROUND),
    )
    for name, content in made.items()
}
