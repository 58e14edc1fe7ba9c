"""Where a document's pages stand on a delivery's sheets, and how large their letters stay."""

import pikepdf
import pypdfium2
import pytest

from evidence_service.adapters.delivery.forms import ABOVE_MM, BELOW_MM, Form, Forms

MM = 72 / 25.4
A4 = (210 * MM, 297 * MM)
LETTER = (612.0, 792.0)
FREE = (BELOW_MM * MM, A4[1] - ABOVE_MM * MM)


def write_page(path, size, lines, before="", **entries):
    """A page with a 9 pt text at each of `lines`, counted from its lower left corner."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=size)
    page = pdf.pages[0]
    page.obj.Resources = pikepdf.Dictionary(
        Font=pikepdf.Dictionary(
            F=pikepdf.Dictionary(
                Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
            )
        )
    )
    text = " ".join(f"BT /F 9 Tf {x} {y} Td (Hx) Tj ET" for x, y in lines)
    page.contents_add(f"{before} 0 g {text}".encode())
    for name, value in entries.items():
        page.obj[f"/{name}"] = value
    pdf.save(path)
    return path


def shown(path, tmp_path):
    """The height of each letter H on the sheet, and how far from below anything dark reaches."""
    target = pikepdf.new()
    target.add_blank_page(page_size=A4)
    page = target.pages[0]
    page.contents_add(Forms(target).show(page, Form(path, 0, is_record=False)))
    target.save(tmp_path / "sheet.pdf")
    with pypdfium2.PdfDocument(tmp_path / "sheet.pdf") as pdf:
        text = pdf[0].get_textpage()
        letters = [at for at, letter in enumerate(text.get_text_range()) if letter == "H"]
        boxes = [text.get_charbox(at) for at in letters]
        ink = pdf[0].render(scale=2).to_pil().convert("L")
        dark = ink.point(lambda level: 255 * (level < 128)).getbbox() or (0, 0, 0, 0)
    return [box[3] - box[1] for box in boxes], A4[1] - dark[3] / 2, A4[1] - dark[1] / 2


FULL = pytest.approx(0.718 * 9, rel=0.02)  # of Helvetica's capitals


@pytest.mark.parametrize("size", [A4, LETTER], ids=["A4", "Letter"])
def test_letters_keep_their_size_where_the_margins_leave_room(size, tmp_path):
    width, height = size
    lines = [(40, 45), (width - 80, height - 50)]
    letters, lowest, highest = shown(write_page(tmp_path / "a.pdf", size, lines), tmp_path)

    assert letters == [FULL, FULL]
    assert FREE[0] <= lowest
    assert highest <= FREE[1]


def test_what_stands_in_the_strips_is_moved_out_of_them_as_it_is(tmp_path):
    letters, lowest, highest = shown(
        write_page(tmp_path / "a.pdf", A4, [(40, A4[1] - 12), (40, A4[1] - 700)]), tmp_path
    )

    assert letters == [FULL, FULL]
    assert highest <= FREE[1] + 0.5
    assert lowest >= FREE[0]


@pytest.mark.parametrize("ground", ["", "0.9 g 0 0 600 900 re f"], ids=["edges", "a tinted page"])
def test_what_fills_the_page_is_made_smaller_and_stays_between_the_strips(ground, tmp_path):
    lines = [(40, 3), (40, A4[1] - 9)]
    letters, lowest, highest = shown(write_page(tmp_path / "a.pdf", A4, lines, ground), tmp_path)

    assert all(0.85 * 6.46 < height < 0.95 * 6.46 for height in letters)
    assert FREE[0] - 0.5 <= lowest
    assert highest <= FREE[1] + 0.5


def test_a_turned_page_stands_as_it_is_seen(tmp_path):
    page = write_page(tmp_path / "a.pdf", (A4[1], A4[0]), [(100, 100)], Rotate=90)
    _, lowest, highest = shown(page, tmp_path)

    assert FREE[0] < lowest < highest < FREE[1]


def test_a_blank_page_is_shown_too(tmp_path):
    letters, _, _ = shown(write_page(tmp_path / "a.pdf", A4, []), tmp_path)

    assert letters == []
