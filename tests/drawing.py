"""Pictures drawn for tests: a screenshot with some words on it."""

import io

import pikepdf
from PIL import Image, ImageDraw, ImageFont

FONT = "/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf"


def screenshot(words="order", width=390, height=844):
    picture = Image.new("RGB", (width, height), "#f5f4f0")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, width, 64), fill="#2a46c4")
    for line, word in enumerate(words.split()):
        draw.text((20, 90 + 30 * line), word.encode("ascii", "replace").decode(), fill="black")
    draw.text((20, height - 30), words.encode().hex()[:60], fill="black")
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def legible(*lines, width=720, height=1280):
    """A screenshot whose lines a machine reads."""
    picture = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(picture)
    for number, line in enumerate(lines):
        draw.text((40, 60 + 90 * number), line, font=ImageFont.truetype(FONT, 34), fill="#222")
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def document(*pages):
    """A PDF whose pages say these words."""
    pdf = pikepdf.new()
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
    )
    for words in pages:
        page = pdf.add_blank_page(page_size=(360, 640))
        page.obj.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        page.contents_add(f"BT /F1 12 Tf 40 600 Td ({words}) Tj ET".encode())
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()
