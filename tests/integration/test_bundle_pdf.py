"""Whole bundles, really drawn, and read back with other people's readers."""

import hashlib
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from bundle_corpus import START, draw_chat, evidence_id, exhibit, make_content, make_corpus
from fontTools.ttLib import TTFont
from PIL import Image, ImageDraw

from evidence_service.adapters.pdf import render_bundle
from evidence_service.adapters.pdf.drawing import Pen
from evidence_service.adapters.pdf.exhibits import find_cuts
from evidence_service.adapters.pdf.sections import Source
from evidence_service.domain.bundle import (
    BundleFailed,
    BundleLanguage,
    ChatLine,
    Conversation,
    ExhibitDiffers,
    ExhibitMissing,
    ParcelHistory,
    RenderCrashed,
    RenderOutOfMemory,
    RenderTimedOut,
    StatedField,
    TimelineRow,
    plan,
)
from evidence_service.domain.evidence import EvidenceKind
from evidence_service.readers import jpeg

ROOT = Path(__file__).parents[2]
CHILD = "evidence_service.adapters.pdf.child"
MESSAGES = 230  # more than one part of a transcript
NUMBER = re.compile(r"\d+")


def draw(content, files, out, **over):
    return render_bundle(content, files, out, **({"progress": lambda _: None} | over))


def words_of(path):
    """The text of each page as pdfium extracts it, white space made equal."""
    document = pypdfium2.PdfDocument(path)
    texts = [" ".join(page.get_textpage().get_text_bounded().split()) for page in document]
    document.close()
    return texts


def picture_of(path, page, scale=1.0):
    document = pypdfium2.PdfDocument(path)
    drawn = document[page].render(scale=scale).to_pil().convert("RGB")
    document.close()
    return drawn


def links_of(pdf):
    """(page, rectangle, landing page) of each link, pages counted from 1."""
    numbers = {page.objgen: number for number, page in enumerate(pdf.pages, start=1)}
    return [
        (number, [float(edge) for edge in link.Rect], numbers[link.Dest[0].objgen])
        for number, page in enumerate(pdf.pages, start=1)
        for link in page.get("/Annots", [])
    ]


def composite_runs(page):
    """(font, glyph ids) of each run that is drawn with an embedded composite font."""
    fonts = page.resources.get("/Font", {})
    font = None
    for operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) == "Tf":
            font = fonts[str(operands[0])]
        if str(operator) in {"Tj", "TJ"} and font is not None and "/DescendantFonts" in font:
            parts = operands[0] if str(operator) == "TJ" else [operands[0]]
            codes = b"".join(bytes(part) for part in parts if isinstance(part, pikepdf.String))
            yield font, [int.from_bytes(codes[at : at + 2]) for at in range(0, len(codes), 2)]


def embedded(font):
    """The font's name and the font program itself."""
    descriptor = font.DescendantFonts[0].FontDescriptor
    stream = descriptor.get("/FontFile2") or descriptor.get("/FontFile3")
    return str(descriptor.FontName), TTFont(io.BytesIO(stream.read_bytes()))


def make_pdf(path, *words, password=None):
    """A PDF of one page a word, the second turned; its script and /Unshown must not come over."""
    pdf = pikepdf.Pdf.new()
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
    )
    for number, word in enumerate(words):
        pdf.add_blank_page(page_size=(300, 400))
        page = pdf.pages[-1]
        page.obj.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        page.obj.Resources.XObject = pikepdf.Dictionary(Unshown=pdf.make_stream(b"a picture"))
        page.contents_add(f"BT /F1 24 Tf 40 200 Td ({word}) Tj ET".encode())
        page.obj.Rotate = 90 * number
    script = pikepdf.Dictionary(
        S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert('carried over')")
    )
    pdf.Root.OpenAction = script
    locked = pikepdf.Encryption(owner="owner", user=password) if password else None
    plain = pikepdf.ObjectStreamMode.disable
    pdf.save(path, encryption=locked, object_stream_mode=plain)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("bundle")


@pytest.fixture(scope="module")
def corpus(folder):
    """Order, parcel, a chat in two parts, a tall screenshot, a photo, documents, a video."""
    content, files = make_corpus(folder, screenshots=4, message_count=MESSAGES, scan_count=20)
    added = []
    for number, name, kind in (
        (20, "waybill.pdf", EvidenceKind.PROOF_OF_SHIPPING),
        (21, "locked.pdf", EvidenceKind.PROOF_OF_DELIVERY),
        (22, "broken.png", EvidenceKind.BUYER_PHOTO),
        (23, "broken.pdf", EvidenceKind.INVOICE),
    ):
        path = folder / name
        path.write_bytes(b"\x89PNG\r\n\x1a\nand then nothing" if "png" in name else b"%PDF-1.7\nno")
        if name == "waybill.pdf":
            make_pdf(path, "WAYBILL", "REVERSE")
        if name == "locked.pdf":
            make_pdf(path, "SECRET", password="user")
        added.append(exhibit(number, kind, path))
        files[evidence_id(number)] = path
    return replace(content, exhibits=(*content.exhibits, *added)), files


@pytest.fixture(scope="module")
def drawn(corpus, folder):
    """The corpus as PDF: its path, what the renderer says of it, and the progress it told."""
    told = []
    rendered = draw(*corpus, folder / "bundle.pdf", progress=told.append)
    return folder / "bundle.pdf", rendered, told


@pytest.fixture(scope="module")
def pages(drawn):
    return words_of(drawn[0])


@pytest.fixture
def pdf(drawn):
    with pikepdf.open(drawn[0]) as opened:
        yield opened


@pytest.fixture(scope="module")
def small():
    """The quickest content there is: a statement and nothing else."""
    return make_content(statement=(StatedField(title="", text="Заказ передан перевозчику."),))


HOSTILE = '<img src="file:///etc/hostname"><script>x</script> {{ 7 * 191 }} bundle:go:cover'


@pytest.fixture(scope="module")
def odd(small, tmp_path_factory):
    """An English bundle of everything unusual: what the renderer says of it, and its text."""
    folder = tmp_path_factory.mktemp("odd")
    (folder / "chat.json").write_text("{}")
    chat = evidence_id(1)
    lines = (
        ChatLine(author="", role="unknown", sent_at=None, text="", local_time="12:40"),
        ChatLine(author="", role="bot", sent_at=None, text="", attachments=("IMG.jpg",)),
        ChatLine(author="", role="buyer", sent_at=None, text="before \ue123 after"),
        ChatLine(author="", role="buyer", sent_at=START, text="Новый", edits=("Старый",)),
        ChatLine(author="", role="buyer", sent_at=START + timedelta(days=2), text="And then"),
    )
    run = TimelineRow(
        at=START,
        lane="chat",
        text="Когда отправите?",
        evidence_id=chat,
        count=17,
        until=START + timedelta(days=3),
    )
    parcels = tuple(
        ParcelHistory(evidence_id=chat, number=number, carrier="Cainiao", scans=())
        for number in ("SD-FIRST", "SD-SECOND")
    )
    content = replace(
        small,
        language=BundleLanguage.ENGLISH,
        parcels=parcels,
        statement=(StatedField(title=HOSTILE, text=HOSTILE),),
        exhibits=(exhibit(1, EvidenceKind.CHAT_TRANSCRIPT, folder / "chat.json"),),
        conversations=(Conversation(evidence_id=chat, channel="Ozon", lines=lines),),
        timeline=(run,),
    )
    rendered = draw(content, {chat: folder / "chat.json"}, folder / "b.pdf")
    return rendered, " ".join(words_of(folder / "b.pdf"))


class TestNumbers:
    def test_the_printed_number_is_the_page_of_the_file_on_every_page(self, drawn, pages):
        total = drawn[1].pages

        assert len(pages) == total
        wrong = [n for n, text in enumerate(pages, start=1) if f"стр. {n} из {total}" not in text]
        assert wrong == []

    def test_a_viewer_calls_each_page_by_its_number_too(self, pdf):
        assert [page.label for page in pdf.pages] == [str(n + 1) for n in range(len(pdf.pages))]

    def test_every_index_line_lands_on_its_exhibit_or_section(self, drawn, pages):
        for line in drawn[1].index:
            landed = pages[line.page - 1]
            assert line.title in landed
            assert line.label in landed

    def test_no_two_index_lines_share_a_page(self, drawn):
        found = [line.page for line in drawn[1].index]

        assert found == sorted(set(found))

    def test_every_link_prints_the_number_of_the_page_it_leads_to(self, drawn, pdf):
        """The labels and titles beside a number lead where the number does."""
        document = pypdfium2.PdfDocument(drawn[0])
        printed = {}
        for page, (left, bottom, right, top), landing in links_of(pdf):
            text = document[page - 1].get_textpage().get_text_bounded(left, bottom, right, top)
            if re.fullmatch(r"(стр\. *)?\d+", text.strip()):
                printed[page, landing] = int(NUMBER.search(text)[0])
        document.close()

        assert {landing for _, landing in printed} >= {line.page for line in drawn[1].index}
        assert [(at, number) for at, number in printed.items() if at[1] != number] == []

    def test_every_bookmark_lands_where_the_index_says(self, drawn, pdf):
        numbers = {page.objgen: number for number, page in enumerate(pdf.pages, start=1)}
        with pdf.open_outline() as outline:
            items = [item for top in outline.root for item in (top, *top.children)]
            landed = {item.title: numbers[item.destination[0].objgen] for item in items}

        expected = {f"{line.label} {line.title}".strip(): line.page for line in drawn[1].index}
        assert landed == expected | {
            "Ответ продавца": 1,
            "Содержание": 2,
            "Приложения": expected["A-1 Снимок заказа"],
        }

    def test_no_link_leaves_the_file(self, pdf):
        actions = [a for page in pdf.pages for a in page.get("/Annots", []) if "/A" in a]

        assert actions == []


class TestScripts:
    @pytest.mark.parametrize(
        "words",
        [
            "Когда отправите чайник? Он нужен к восьмому марта.",
            "你好，请问包裹什么时候能到？我在新西伯利亚。",
            "您好！包裹已经发出，预计十天内送达，请留意短信通知。",
            "код 4417, подъезд 2",
            "Departed from facility",
        ],
    )
    def test_can_be_extracted_as_they_were_written(self, pages, words):
        assert "".join(words.split()) in "".join("".join(pages).split())

    @pytest.mark.parametrize("word", ["مرحبا", "تأكيد", "العنوان", "صحيح", "الطرد"])
    def test_arabic_is_extracted_in_reading_order(self, pages, word):
        assert word in " ".join(pages)

    def test_poppler_extracts_them_too(self, drawn):
        ran = subprocess.run(
            ["pdftotext", "-layout", drawn[0], "-"], capture_output=True, check=True
        )
        text = ran.stdout.decode()
        assert ran.stderr == b""

        for word in ("чайник", "新西伯利亚", "الطرد", "👍"):
            assert word in text

    def test_every_glyph_that_is_drawn_is_in_its_font_and_none_is_notdef(self, drawn, pdf):
        fonts = {}
        for page in pdf.pages:
            for font, codes in composite_runs(page):
                fonts.setdefault(font.objgen, (font, set()))[1].update(codes)

        assert len(fonts) > 5
        for font, codes in fonts.values():
            name, program = embedded(font)
            assert 0 not in codes, name
            assert max(codes) < program["maxp"].numGlyphs, name
        assert drawn[1].missing_glyphs == ()

    def test_a_font_is_stored_once_for_all_parts(self, pdf):
        programs = {}
        for page in pdf.pages:
            for font in page.resources.get("/Font", {}).values():
                descriptor = font.DescendantFonts[0].FontDescriptor
                stream = descriptor.get("/FontFile2") or descriptor.get("/FontFile3")
                programs.setdefault(str(descriptor.FontName), set()).add(stream.objgen)
        programs = {name: found for name, found in programs.items() if "Emoji" not in name}

        assert len(programs) > 4
        assert {len(found) for found in programs.values()} == {1}

    def test_digits_are_not_drawn_with_the_emoji_font(self, pdf):
        """It has them, and takes them all where it is named in a style sheet."""
        maps = {
            font.ToUnicode.read_bytes()
            for page in pdf.pages
            for font in page.resources.get("/Font", {}).values()
            if "Emoji" in str(font.BaseFont)
        }

        assert maps
        assert not any(re.search(rb"<003[0-9]>\s*$", table, re.MULTILINE) for table in maps)

    def test_chinese_is_drawn_with_chinese_shapes(self, pdf):
        names = {str(f.BaseFont) for p in pdf.pages for f in p.resources.get("/Font", {}).values()}

        assert any("CJK-SC" in name for name in names)
        assert not any("CJK-JP" in name for name in names)

    def test_what_no_font_can_draw_is_told(self, odd):
        assert odd[0].missing_glyphs == ("\ue123",)


class TestThePages:
    def test_the_cover_says_what_was_delivered(self, pages):
        assert re.search(r"Заказ 52718340-0117-2 вручён \d\d\.03\.2026, \d\d:15 МСК", pages[0])

    def test_a_reference_in_the_statement_lands_on_its_exhibit(self, drawn, pdf, pages):
        lines = {line.label: line.page for line in drawn[1].index}
        landed = {landing for page, _, landing in links_of(pdf) if page == 3}

        assert landed == {lines["A-1"], lines["B-1"]}
        assert "как сказано в [Z-9]." in pages[2]

    def test_the_manifest_says_what_it_was_made_with(self, pdf):
        manifest = json.loads(pdf.attachments["manifest.json"].get_file().read_bytes())

        assert {"weasyprint", "pango", "harfbuzz", "pikepdf", "pillow"} <= set(
            manifest["made_with"]["libraries"]
        )
        assert re.fullmatch(r"\d\.\d+", manifest["made_with"]["fonts"]["NotoSans-Regular"])

    def test_what_is_only_named_is_told(self, drawn, corpus):
        names = {str(one.evidence_id): one.file_name for one in corpus[0].exhibits}

        assert {names[kept] for kept in drawn[1].kept} == {
            "locked.pdf", "broken.pdf", "broken.png", "запись.bin"
        }  # fmt: skip


class TestText:
    def test_what_a_person_wrote_is_never_markup(self, odd):
        written = "".join(HOSTILE.split())

        assert odd[1].replace(" ", "").count(written) == 2
        assert "1337" not in odd[1]

    def test_all_messages_are_there_numbered_through_the_parts(self, pages):
        text = " ".join(pages)

        missing = [
            n for n in range(1, MESSAGES + 1) if not re.search(rf"\b{n}\. (Поку|Прод|Площ)", text)
        ]
        assert missing == []

    def test_a_run_of_messages_is_one_row_of_the_timeline(self, odd):
        assert "the first of 17 messages, the last at 05 Mar 2026, 11:15" in odd[1]

    def test_a_message_without_zone_text_or_known_author_is_still_there(self, odd):
        assert "1. Not identified · 12:40, zone not given no text" in odd[1]
        assert "2. Bot · time not given Attachment: IMG.jpg" in odd[1]

    def test_an_edited_message_shows_what_stood_there_before(self, odd):
        assert "Новый Before it was edited: Старый" in odd[1]

    def test_a_silence_of_days_is_said(self, odd):
        assert "no messages before this, days: 2 5. Buyer" in odd[1]

    @pytest.mark.parametrize(
        ("is_machine", "said"),
        [(True, "machine translation, not checked"), (False, "checked by a person")],
    )
    def test_a_translation_says_who_made_it(self, small, tmp_path, is_machine, said):
        (tmp_path / "chat.json").write_text("{}")
        lines = (
            ChatLine(
                author="",
                role="buyer",
                sent_at=START,
                text="Где заказ?",
                translation="Where is it?",
                is_machine_translation=is_machine,
            ),
            ChatLine(author="", role="buyer", sent_at=START, text="Ау"),
        )
        content = replace(
            small,
            language=BundleLanguage.ENGLISH,
            exhibits=(exhibit(1, EvidenceKind.CHAT_TRANSCRIPT, tmp_path / "chat.json"),),
            conversations=(Conversation(evidence_id=evidence_id(1), channel="Ozon", lines=lines),),
        )
        draw(content, {evidence_id(1): tmp_path / "chat.json"}, tmp_path / "b.pdf")

        text = " ".join(words_of(tmp_path / "b.pdf"))
        assert f"Where is it? {said}" in text
        assert "not translated" in text

    def test_two_parcels_of_one_record_are_both_drawn(self, odd):
        found = [line.page for line in odd[0].index if line.title == "Tracking history"]

        assert len(found) == 2
        assert "Cainiao · Parcel SD-FIRST" in odd[1]
        assert "Cainiao · Parcel SD-SECOND" in odd[1]

    def test_the_bundle_speaks_the_platforms_language(self, odd):
        for words in ("Contents", "page 2 of", "Certificate of integrity"):
            assert words in odd[1]


QUADRANTS = ((230, 20, 20), (20, 200, 20), (20, 20, 230), (10, 10, 10))


def quadrants(mode="RGB", size=(160, 120)):
    """Red, green / blue, black: which way up it is can be seen."""
    image = Image.new("RGB", size)
    width, height = size[0] // 2, size[1] // 2
    for number, colour in enumerate(QUADRANTS):
        image.paste(colour, (number % 2 * width, number // 2 * height, size[0], size[1]))
    return image.convert(mode)


def seen_quadrants(page):
    """The four colours at the corners of the only picture on a rendered page."""
    box = page.crop((30, 60, page.width - 30, page.height - 80))
    mask = box.convert("HSV").getchannel("S").point(lambda level: 255 if level > 100 else 0)
    left, top, right, bottom = mask.getbbox()
    middle_x, middle_y = (left + right) / 2, (top + bottom) / 2
    near = ((right - left) / 4, (bottom - top) / 4)
    return [
        box.getpixel((int(middle_x + x * near[0]), int(middle_y + y * near[1])))
        for y in (-1, 1)
        for x in (-1, 1)
    ]


def save_pictures(folder):
    """The same picture in each way a file may hold it; name to path."""
    seen = quadrants()
    turned = Image.Exif()
    turned[0x0112] = 6
    # Stored lying on its side: shown, it is turned by a quarter clockwise.
    seen.transpose(Image.Transpose.ROTATE_90).save(
        folder / "turned.jpg", quality=95, subsampling=0, exif=turned
    )
    seen.save(folder / "plain.jpg", quality=95, subsampling=0)
    seen.save(folder / "progressive.jpg", quality=95, subsampling=0, progressive=True)
    seen.convert("CMYK").save(folder / "cmyk.jpg", quality=95)
    seen.save(folder / "plain.png")
    seen.quantize(16).save(folder / "palette.png")
    clear = seen.convert("RGBA")
    clear.putalpha(255)
    clear.save(folder / "alpha.png")
    seen.quantize(16).save(folder / "key.png", transparency=15)
    seen.save(folder / "moving.gif", save_all=True, append_images=[quadrants().rotate(180)])
    seen.save(folder / "plain.webp", lossless=True)
    (folder / "interlaced.png").write_bytes(interlaced(seen))
    rows = [b"\0\0" * 64] * 1500 + [b"\0\x80" * 64] * 1500
    Image.frombytes("I;16", (64, 3000), b"".join(rows)).save(folder / "deep.png")
    return {path.name: path for path in sorted(folder.iterdir())}


def interlaced(image):
    """An Adam7 PNG: Pillow reads such, but does not write them."""
    import struct  # noqa: PLC0415 - for this one format
    import zlib  # noqa: PLC0415 - likewise

    rows = b""
    for left, top, step_x, step_y in (
        (0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4),
        (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2),
    ):  # fmt: skip
        for y in range(top, image.height, step_y):
            line = (image.getpixel((x, y)) for x in range(left, image.width, step_x))
            rows += b"\0" + b"".join(bytes(pixel) for pixel in line)

    def chunk(kind, body):
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    header = struct.pack(">IIBBBBB", image.width, image.height, 8, 2, 0, 0, 1)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


MEDIA_TYPES = {
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".gif": "image/gif",
    ".webp": "image/webp",
}


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    """Each picture's pages of one bundle, rendered by pdfium; name to pages."""
    paths = save_pictures(tmp_path_factory.mktemp("pictures"))
    exhibits = tuple(
        exhibit(n, EvidenceKind.ITEM_PHOTO, path, media_type=MEDIA_TYPES[path.suffix])
        for n, path in enumerate(paths.values(), start=10)
    )
    files = dict(zip((e.evidence_id for e in exhibits), paths.values(), strict=True))
    out = tmp_path_factory.mktemp("out") / "b.pdf"
    starts = [line.page for line in draw(make_content(exhibits=exhibits), files, out).index]
    return {
        name: [picture_of(out, page - 1, 2) for page in range(*span)]
        for name, span in zip(paths, pairwise(starts), strict=True)
    }


class TestPictures:
    @pytest.mark.parametrize(
        "name",
        [
            "plain.jpg", "turned.jpg", "progressive.jpg", "cmyk.jpg", "plain.png", "palette.png",
            "alpha.png", "key.png", "interlaced.png", "moving.gif", "plain.webp",
        ],
    )  # fmt: skip
    def test_are_upright_and_in_their_colours(self, shown, name):
        found = seen_quadrants(shown[name][0])

        # Profiles differ a little between decoders for CMYK alone.
        allowed = 90 if name == "cmyk.jpg" else 16
        for colour, expected in zip(found, QUADRANTS, strict=True):
            assert max(abs(a - b) for a, b in zip(colour, expected, strict=True)) <= allowed

    def test_what_hides_in_a_jpeg_stays_behind(self, tmp_path):
        exif = Image.Exif()
        exif[0x010F] = "Secret Camera"
        quadrants().save(tmp_path / "a.jpg", exif=exif, comment=b"a hidden comment")
        data = (tmp_path / "a.jpg").read_bytes()

        stripped = jpeg.strip(data)

        assert b"Secret Camera" in data
        assert b"hidden comment" in data
        assert b"Secret" not in stripped
        assert b"hidden" not in stripped
        before, after = Image.open(io.BytesIO(data)), Image.open(io.BytesIO(stripped))
        assert before.tobytes() == after.tobytes()

    def test_a_deep_grey_one_keeps_its_shades(self, shown):
        """Sixteen bits a pixel and several pages tall: black above, mid grey below."""
        pages = shown["deep.png"]

        assert len(pages) == 5
        assert pages[0].getpixel((pages[0].width // 2, 400))[0] <= 5
        assert 120 <= pages[4].getpixel((pages[4].width // 2, 300))[0] <= 135

    def test_a_tall_one_is_cut_where_nothing_is_written(self, drawn, corpus):
        """The corpus' fourth screenshot takes several pages."""
        first, after = next(
            (line.page, following.page)
            for line, following in pairwise(drawn[1].index)
            if line.anchor == "c-1"
        )
        path = corpus[1][evidence_id(103)]
        with Image.open(path) as image:
            cuts = find_cuts(image, 2400)
            rows = [image.convert("L").crop((0, b, image.width, b + 1)) for _, b in cuts[:-1]]

        assert after - first == len(cuts) == 3
        assert (cuts[0][0], cuts[-1][1]) == (0, 5200)
        assert all(before[1] == after[0] for before, after in pairwise(cuts))
        assert all(row.getextrema()[0] == row.getextrema()[1] for row in rows)

    def test_its_parts_are_about_equal_and_the_last_is_no_strip(self):
        lines = Image.new("L", (400, 2600), 255)
        for top in range(0, 2600, 60):
            ImageDraw.Draw(lines).rectangle((20, top, 300, top + 30), fill=0)

        heights = [bottom - top for top, bottom in find_cuts(lines, 2400)]
        assert sum(heights) == 2600
        assert min(heights) > 2600 / 3

    def test_one_without_a_blank_row_is_cut_with_an_overlap(self):
        stripes = Image.new("L", (100, 3000))
        ImageDraw.Draw(stripes).rectangle((0, 0, 50, 3000), fill=255)

        cuts = find_cuts(stripes, 1000)

        assert cuts[0] == (0, 1000)
        assert cuts[1][0] < cuts[0][1]
        assert cuts[-1][1] == 3000


class TestDocuments:
    def test_come_whole_with_label_and_number_beside_them(self, drawn, pages):
        lines = {line.label: line.page for line in drawn[1].index}
        sheet = lines["B-2"]

        assert "waybill.pdf" in pages[sheet - 1]
        assert "WAYBILL" in pages[sheet]
        assert "B-2 · лист 1 из 2" in pages[sheet]
        assert "REVERSE" in pages[sheet + 1]
        assert "B-2 · лист 2 из 2" in pages[sheet + 1]

    def test_a_turned_page_stays_turned(self, drawn, pdf):
        sheet = {line.label: line.page for line in drawn[1].index}["B-2"]

        sizes = [[float(edge) for edge in pdf.pages[at].mediabox] for at in (sheet, sheet + 1)]
        assert sizes == [[0, 0, 300, 400], [0, 0, 400, 300]]

    @pytest.mark.parametrize("hidden", [b"carried over", b"/Unshown"])
    def test_their_scripts_and_what_no_page_shows_stay_behind(self, corpus, pdf, hidden):
        plain = io.BytesIO()
        pdf.save(plain, object_stream_mode=pikepdf.ObjectStreamMode.disable)

        assert hidden in corpus[1][evidence_id(20)].read_bytes()
        assert hidden not in plain.getvalue()


class TestWhatCannotBeShown:
    @pytest.mark.parametrize(
        ("name", "said"),
        [
            ("запись.bin", "нельзя показать страницами"),
            ("locked.pdf", "не открывается"),
            ("broken.png", "не открывается"),
            ("broken.pdf", "не открывается"),
        ],
    )
    def test_has_a_sheet_with_its_name_and_hash_and_stands_on_the_cover(
        self, drawn, corpus, pages, name, said
    ):
        (one,) = (e for e in corpus[0].exhibits if e.file_name == name)
        label = plan(corpus[0]).label(one.evidence_id)
        page = next(line.page for line in drawn[1].index if line.label == label)

        sheet = pages[page - 1]
        assert name in sheet
        assert said in sheet
        assert one.sha256 in sheet.replace(" ", "")
        assert f"{name}: нельзя показать страницами" in pages[0]

    def test_every_exhibit_stands_in_certificate_and_manifest(self, corpus, pages, pdf):
        content = corpus[0]
        certificate = "".join(pages[-2:]).replace(" ", "")
        manifest = pdf.attachments["manifest.json"].get_file().read_bytes().decode()

        assert [e.label for e in plan(content).manifest if e.sha256[:32] not in certificate] == []
        assert [e.file_name for e in content.exhibits if e.sha256 not in manifest] == []


class TestPreview:
    def test_every_page_is_marked_those_of_others_too(self, tmp_path):
        make_pdf(tmp_path / "a.pdf", "ONE", "TWO")
        content = make_content(
            exhibits=(exhibit(1, EvidenceKind.INVOICE, tmp_path / "a.pdf"),),
            language=BundleLanguage.CHINESE,
            is_preview=True,
            approved_at=None,
        )
        draw(content, {evidence_id(1): tmp_path / "a.pdf"}, tmp_path / "b.pdf")

        texts = [text.replace(" ", "") for text in words_of(tmp_path / "b.pdf")]
        assert len(texts) == 6
        assert [text for text in texts if "预览，未经批准，不得提交" not in text] == []
        assert [n for n, text in enumerate(texts, 1) if f"第{n}页，共6页" not in text] == []
        assert "目录" in texts[1]

    def test_no_page_of_an_approved_one_is(self, pages):
        assert [text for text in pages if "редпросмотр" in text.lower()] == []


class TestTheSameTwice:
    def test_gives_the_same_bytes(self, corpus, drawn, tmp_path):
        again = draw(*corpus, tmp_path / "b.pdf")

        assert (tmp_path / "b.pdf").read_bytes() == drawn[0].read_bytes()
        assert again.sha256 == drawn[1].sha256 == hashlib.sha256(drawn[0].read_bytes()).hexdigest()


class TestProgress:
    def test_grows_and_ends_at_one(self, drawn):
        told = drawn[2]

        assert told == sorted(told)
        assert told[-1] == 1.0
        assert sum(0 < share < 1 for share in told) > 10
        assert max(after - before for before, after in pairwise(told)) < 0.3


class TestAStatementAlone:
    def test_is_a_bundle_and_another_one_for_each_revision(self, small, tmp_path):
        rendered = draw(small, {}, tmp_path / "a.pdf")
        other = draw(replace(small, revision=8), {}, tmp_path / "b.pdf")

        assert [(line.title, line.page) for line in rendered.index] == [
            ("Заявление продавца", 3),
            ("Свидетельство о целостности", 4),
        ]
        assert other.sha256 != rendered.sha256


def children():
    """Process ids of our drawing children."""
    listed = [path.read_text() for path in Path("/proc/self/task").glob("*/children")]
    return [int(pid) for pids in listed for pid in pids.split() if CHILD in command_of(pid)]


def command_of(pid):
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return ""


@contextmanager
def nothing_left(folder):
    """What fails leaves no file and no process behind."""
    before = sorted(folder.iterdir())
    yield
    assert sorted(folder.iterdir()) == before
    assert children() == []


class TestFailures:
    def test_a_missing_exhibit_fails_the_job(self, corpus, tmp_path):
        content, files = corpus
        lost = content.exhibits[3]

        with nothing_left(tmp_path), pytest.raises(ExhibitMissing) as caught:
            draw(
                content,
                {k: v for k, v in files.items() if k != lost.evidence_id},
                tmp_path / "b.pdf",
            )

        assert caught.value.params["evidence_id"] == str(lost.evidence_id)

    @pytest.mark.parametrize("name", ["tracking.json", "запись.bin", "waybill.pdf"])
    def test_so_does_one_that_is_only_named_or_read(self, corpus, tmp_path, name):
        content, files = corpus
        (lost,) = (e for e in content.exhibits if e.file_name == name)
        gone = files | {lost.evidence_id: tmp_path / "not-there"}

        with nothing_left(tmp_path), pytest.raises(ExhibitMissing) as caught:
            draw(content, gone, tmp_path / "b.pdf")

        assert caught.value.params["label"] == plan(content).label(lost.evidence_id)

    def test_other_bytes_than_those_approved_fail_it(self, tmp_path):
        draw_chat(tmp_path / "a.png", 1)
        one = exhibit(1, EvidenceKind.CHAT_SCREENSHOT, tmp_path / "a.png")
        draw_chat(tmp_path / "a.png", 2)

        with nothing_left(tmp_path), pytest.raises(ExhibitDiffers, match="C-1"):
            draw(
                make_content(exhibits=(one,)),
                {evidence_id(1): tmp_path / "a.png"},
                tmp_path / "b.pdf",
            )

    def test_a_killed_child_is_a_clean_failure(self, corpus, tmp_path):
        def kill(share):
            for pid in children():
                os.killpg(pid, signal.SIGKILL)  # with the walls around it

        with nothing_left(tmp_path), pytest.raises(RenderCrashed) as caught:
            draw(*corpus, tmp_path / "b.pdf", progress=kill)

        assert caught.value.params["status"] == "-9"

    def test_one_that_takes_too_long_is_ended(self, corpus, tmp_path):
        started = time.monotonic()

        with nothing_left(tmp_path), pytest.raises(RenderTimedOut):
            draw(*corpus, tmp_path / "b.pdf", timeout_s=1)

        assert time.monotonic() - started < 5

    def test_one_that_wants_too_much_memory_is_ended(self, tmp_path):
        # With an alpha channel it has to be decoded.
        Image.new("RGBA", (9000, 9000)).save(tmp_path / "large.png", compress_level=1)
        one = exhibit(1, EvidenceKind.ORDER_SCREENSHOT, tmp_path / "large.png")

        with nothing_left(tmp_path), pytest.raises(RenderOutOfMemory):
            draw(
                make_content(exhibits=(one,)),
                {evidence_id(1): tmp_path / "large.png"},
                tmp_path / "b.pdf",
                memory_bytes=450 << 20,
            )

    def test_a_caller_that_gives_up_leaves_nothing_behind(self, corpus, tmp_path):
        def give_up(share):
            raise KeyboardInterrupt

        with nothing_left(tmp_path), pytest.raises(KeyboardInterrupt):
            draw(*corpus, tmp_path / "b.pdf", progress=give_up)

    def test_an_older_file_under_the_name_survives_a_failure(self, corpus, tmp_path):
        (tmp_path / "b.pdf").write_bytes(b"older")

        with pytest.raises(ExhibitMissing):
            draw(corpus[0], {}, tmp_path / "b.pdf")

        assert (tmp_path / "b.pdf").read_bytes() == b"older"

    def test_the_child_does_not_outlive_a_killed_parent(self, tmp_path):
        program = (
            "import sys, time; from pathlib import Path\n"
            "from bundle_corpus import make_corpus\n"
            "from evidence_service.adapters.pdf import render_bundle\n"
            "content, files = make_corpus(Path(sys.argv[1]), screenshots=1)\n"
            "told = lambda share: (print(share, flush=True), time.sleep(60))\n"
            "render_bundle(content, files, Path(sys.argv[1]) / 'b.pdf', progress=told)\n"
        )
        with subprocess.Popen(
            [sys.executable, "-c", program, tmp_path],
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"},
        ) as parent:
            parent.stdout.readline()
            (child,) = Path(f"/proc/{parent.pid}/task/{parent.pid}/children").read_text().split()
            is_ours = CHILD in command_of(child)
            parent.kill()

        deadline = time.monotonic() + 5
        while CHILD in command_of(child) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert is_ours
        assert CHILD not in command_of(child)


class TestNoNetwork:
    def test_the_child_opens_no_socket(self):
        program = (
            "import sys, socket\n"
            "from evidence_service.adapters.pdf.child import _refuse_network\n"
            "socket.socket().close()\n"
            "sys.addaudithook(_refuse_network)\n"
            "socket.socket()\n"
        )
        ran = subprocess.run(
            [sys.executable, "-c", program], capture_output=True, cwd=ROOT, check=False
        )

        assert b"PermissionError: no network while drawing: socket.__new__" in ran.stderr

    @pytest.mark.parametrize(
        "html",
        [
            "<img src='http://127.0.0.1:9/a.png'>",
            "<img src='file:///etc/hostname'>",
            "<img src='data:image/png;base64,AAAA'>",
            "<link rel='stylesheet' href='file:///etc/hostname'>",
            "<style>body { background: url(https://example.com/a.png) }</style>",
        ],
    )
    def test_a_section_that_asks_for_an_address_is_not_drawn(self, html):
        with pytest.raises(BundleFailed, match="Error fetching"):
            Pen().draw(Source(html, ()))


@pytest.mark.nightly
class TestALongChat:
    def test_of_two_thousand_messages(self, tmp_path):
        content, files = make_corpus(tmp_path, screenshots=1, message_count=2000, scan_count=5)

        rendered = draw(content, files, tmp_path / "b.pdf", timeout_s=120)

        text = " ".join(words_of(tmp_path / "b.pdf"))
        assert [n for n in range(1, 2001) if f" {n}. " not in text] == []
        assert rendered.child_peak_bytes < 260e6
