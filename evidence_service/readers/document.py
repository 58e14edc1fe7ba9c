"""PDFs: what they hold, a copy of what is seen in them alone, and their first page as a picture.

What is active is looked for by walking every object: names may stand in compressed object streams
where no search of the bytes finds them. That nothing was found is no proof of harmlessness, so
pages are shown as pictures and leave as safe copies, and the original only as an attachment.
Only inside the readers' limited child (docs/adr/0010).
"""

from __future__ import annotations

import io
import re
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium

from evidence_service.domain.cards import find
from evidence_service.domain.document import Active, Document
from evidence_service.domain.evidence import EvidenceKind
from evidence_service.domain.reading import Reading, unread
from evidence_service.readers import jpeg
from evidence_service.readers.sniff import PDF

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from PIL import Image

DAMAGED, NEEDS_PASSWORD, TOO_LARGE = (
    "document_damaged",
    "document_needs_password",
    "document_too_large",
)
ACTIVE_CONTENT, HOLDS_FILES = "document_active_content", "document_holds_files"
MAX_PAGES = 5_000
# Enough to find a document by; the rest of a long one is in its original.
_MOST_TEXT = 100_000
# What is not reached in this time the job reads.
_TEXT_S = 4.0
# A page with fewer letters, or with a picture over so much of it, may show words that are pixels.
LEAST_LETTERS = 16
_LARGE_PICTURE = 0.2
_DEEPEST_PICTURE = 3
_DEEPEST = 40
# The largest page picture, for pages of any size: all of it, and the longer side, as JPEG counts.
_MOST_RENDERED_PX, _MOST_SIDE_PX = 8_000_000, 65_000

_UNREADABLE = (*(pikepdf.PikepdfError, OSError, ValueError, RuntimeError, LookupError, TypeError),)
# Notes that show nothing of their own.
_UNDRAWN = (pikepdf.Name.Link, pikepdf.Name.Popup)
_ACTIONS = {
    "/JavaScript": Active.JAVASCRIPT,
    "/Rendition": Active.RICH_MEDIA,
    "/Launch": Active.LAUNCH,
    "/GoToR": Active.REMOTE_LINK,
    "/GoToE": Active.REMOTE_LINK,
    "/SubmitForm": Active.SUBMIT_FORM,
    "/ImportData": Active.SUBMIT_FORM,
}
_KEYS = {
    "/JS": Active.JAVASCRIPT,
    "/JavaScript": Active.JAVASCRIPT,
    "/AA": Active.ADDITIONAL_ACTIONS,
    "/EF": Active.EMBEDDED_FILES,
    "/EmbeddedFiles": Active.EMBEDDED_FILES,
    "/XFA": Active.XFA,
}
_SUBTYPES = {
    **dict.fromkeys(("/RichMedia", "/Screen", "/Movie", "/Sound", "/3D"), Active.RICH_MEDIA),
    "/FileAttachment": Active.EMBEDDED_FILES,
}
# What a page of the safe copy keeps, and what nothing in it may hold.
_PAGE_KEYS = frozenset(
    {
        *("/Type", "/Parent", "/Contents", "/Resources", "/Group", "/Rotate", "/UserUnit"),
        # Without those of printers these are a page's edges, also to who asks for the others.
        *("/MediaBox", "/CropBox"),
    }
)
_FORBIDDEN = (
    *("/AA", "/OpenAction", "/JS", "/JavaScript", "/Launch", "/EF", "/AF", "/XFA", "/Names"),
    *("/Metadata", "/PieceInfo", "/OPI", "/Ref", "/Alternates", "/LastModified", "/PtData"),
)
_KINDS = (
    (
        EvidenceKind.PROOF_OF_DELIVERY,
        r"proof.of.delivery|подтверждение (?:доставки|вручения)|签收证明|妥投证明",
    ),
    (EvidenceKind.INVOICE, r"\binvoice\b|\bfactura\b|сч[её]т[ -]фактура|发票"),
    (EvidenceKind.SHIPPING_LABEL, r"shipping label|waybill|накладная|运单|面单"),
)


def read(path: Path, known: Collection[str] = ()) -> Reading:
    """Pages, words and what is active; a document that cannot be opened says why.

    Every page's letters are looked through for card numbers, but for those in `known`.
    """
    try:
        with pikepdf.open(path) as pdf:
            pages = len(pdf.pages)
            if not 0 < pages <= MAX_PAGES:
                return unread(PDF, TOO_LARGE if pages else DAMAGED)
            text, unread_pages, hides_card = _letters(path, pages, known)
            active = frozenset(_active(pdf))
            found = Document(pages, text, pdf.is_encrypted, active, unread_pages)
    except pikepdf.PasswordError:
        return unread(PDF, NEEDS_PASSWORD)
    except _UNREADABLE:
        return unread(PDF, DAMAGED)
    return Reading(
        media_type=PDF,
        reader="pdf",
        kind=_kind(found.text),
        contents=(found,),
        warnings=tuple(_warnings(found)),
        hides_card=hides_card,
    )


def _warnings(found: Document) -> Iterator[str]:
    if found.active - {Active.EMBEDDED_FILES}:
        yield ACTIVE_CONTENT
    if Active.EMBEDDED_FILES in found.active:
        yield HOLDS_FILES


def _kind(text: str) -> EvidenceKind:
    """By what it calls itself first."""
    found = [
        (match.start(), kind)
        for kind, words in _KINDS
        if (match := re.search(words, text, re.IGNORECASE))
    ]
    return min(found)[1] if found else EvidenceKind.ADDITIONAL_INFORMATION


# --- what could act -------------------------------------------------------------------------


def _active(pdf: pikepdf.Pdf) -> Iterator[Active]:
    action = pdf.Root.get("/OpenAction")
    # An array only says which page is shown first.
    if isinstance(action, pikepdf.Dictionary) and action.get("/S") != pikepdf.Name.GoTo:
        yield Active.OPEN_ACTION
    form = pdf.Root.get("/AcroForm")
    if isinstance(form, pikepdf.Dictionary) and len(form.get("/Fields", ())):
        yield Active.FORM
    for found in pdf.objects:
        for one in _inside(found):
            yield from _named(one)


def _inside(found: Any, depth: int = 0) -> Iterator[Any]:
    """An object's dictionaries, its own and those that stand in it; what it refers to has its own.

    The deepest are left out: no program nests so far, and no recursion here should.
    """
    is_array = isinstance(found, pikepdf.Array)
    if depth > _DEEPEST or not (is_array or isinstance(found, pikepdf.Dictionary | pikepdf.Stream)):
        return
    if not is_array:
        yield found
    # The keys now: who walks may take some away.
    for key in range(len(found)) if is_array else list(found.keys()):
        one = found[key] if is_array else found.get(key)
        if isinstance(one, pikepdf.Object) and not one.is_indirect:
            yield from _inside(one, depth + 1)


def _named(found: Any) -> Iterator[Active]:
    yield from (active for key, active in _KEYS.items() if key in found)
    action, subtype = found.get("/S"), found.get("/Subtype")
    if isinstance(action, pikepdf.Name) and str(action) in _ACTIONS:
        yield _ACTIONS[str(action)]
    if isinstance(subtype, pikepdf.Name) and str(subtype) in _SUBTYPES:
        yield _SUBTYPES[str(subtype)]
    if action == pikepdf.Name.URI and str(found.get("/URI", "")).casefold().startswith("file:"):
        yield Active.FILE_LINK


# --- what is seen ---------------------------------------------------------------------------


def _letters(path: Path, pages: int, known: Collection[str]) -> tuple[str, int, bool]:
    """The words of the first pages, how many pages are still to be read, and whether a card shows.

    Pages that are not reached in a few seconds are among those still to be read.
    """
    until = time.process_time() + _TEXT_S
    said: list[str] = []
    read_pages, kept, hides_card = 0, 0, False
    try:
        with opened(path) as pdf:
            for page in pdf:
                text = letters(page)
                hides_card = hides_card or find(text, known)[0] > 0
                read_pages += not shows_pixels(page, text)
                said += [text] if kept < _MOST_TEXT else []
                kept += len(text)
                page.close()
                if time.process_time() > until:
                    break
    except pypdfium2.PdfiumError:
        pass  # what one library opens and the other does not is still a document
    return "\n\n".join(said)[:_MOST_TEXT].strip(), pages - read_pages, hides_card


def letters(page: Any) -> str:
    """A page's words, as far as they are letters and no pixels."""
    text = page.get_textpage().get_text_bounded().replace("\r\n", "\n").replace("\x00", "")
    return str(text.encode("utf-8", "ignore").decode())


def shows_pixels(page: Any, text: str) -> bool:
    """Whether words may stand on a page that are not among its letters: on a scan, a screenshot."""
    if len(text.strip()) < LEAST_LETTERS:
        return True
    width, height = page.get_size()
    least = _LARGE_PICTURE * width * height
    pictures = page.get_objects([pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=_DEEPEST_PICTURE)
    return any(_area(one.get_bounds()) >= least for one in pictures)


def _area(bounds: tuple[float, float, float, float]) -> float:
    left, bottom, right, top = bounds
    return abs((right - left) * (top - bottom))


@contextmanager
def opened(path: Path) -> Iterator[Any]:
    """As it leaves: filled fields and notes are parts of their pages, to be read and seen as these.

    By its open file: the name of one that was handed to us leads nowhere here. What was cut off, or
    lost its table, one library mends for the other.
    """
    with path.open("rb") as file:
        try:
            shown = pypdfium2.PdfDocument(_flattened(path) or file)
        except pypdfium2.PdfiumError:
            shown = pypdfium2.PdfDocument(_mended(path))
        with shown as pdf:
            yield pdf


def _flattened(path: Path) -> bytes | None:
    """With its fields and notes in its pages; None where it has none or cannot be taken apart."""
    out = io.BytesIO()
    try:
        with pikepdf.open(path) as pdf:
            if not any(map(_has_notes, pdf.pages)):
                return None
            _flatten(pdf)
            pdf.save(out)
    except _UNREADABLE:
        return None
    return out.getvalue()


def _has_notes(page: pikepdf.Page) -> bool:
    """Whether more than links lies on the page."""
    notes = page.obj.get("/Annots")
    if not isinstance(notes, pikepdf.Array):
        return False
    found = (one.get("/Subtype") for one in notes if isinstance(one, pikepdf.Dictionary))
    return any(subtype not in _UNDRAWN for subtype in found)


def _flatten(pdf: pikepdf.Pdf) -> None:
    pdf.generate_appearance_streams()
    pdf.flatten_annotations("all")


def _mended(path: Path) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(path) as pdf:
        pdf.save(out)
    return out.getvalue()


def first_page(path: Path, width_px: int) -> Image.Image:
    return page_at(path, 1, width_px)


def page_at(path: Path, number: int, width_px: int) -> Image.Image:
    """A page (from 1) as it is drawn, on white.

    Raises:
        PdfiumError: it cannot be drawn.
        IndexError: there is none with that number.
    """
    with opened(path) as pdf:
        page = pdf[number - 1]
        return drawn(page, width_px / page.get_width())


def drawn(page: Any, scale: float) -> Image.Image:
    """A page with so many pixels for each point, or as many as a page may have."""
    width, height = page.get_size()
    bounded = min(
        scale, (_MOST_RENDERED_PX / (width * height)) ** 0.5, _MOST_SIDE_PX / max(width, height)
    )
    picture: Image.Image = page.render(scale=bounded, may_draw_forms=False).to_pil()
    return picture.convert("RGB")


def safe_copy(path: Path) -> bytes:
    """A PDF of what is seen alone: no scripts, actions, links, forms, files, metadata or history.

    Notes and filled fields become part of their page; pictures lose what they carry beside pixels.
    """
    out = io.BytesIO()
    with pikepdf.open(path) as source, pikepdf.new() as copy:
        _flatten(source)
        for page in source.pages:
            for key in set(page.obj.keys()) - _PAGE_KEYS:
                del page.obj[key]
        copy.pages.extend(source.pages)
        for found in copy.objects:
            for one in _inside(found):
                _clean(one)
        copy.save(out, deterministic_id=True)
    return out.getvalue()


def _clean(found: Any) -> None:
    for key in _FORBIDDEN:
        if key in found:
            del found[key]
    if isinstance(found, pikepdf.Stream) and found.get("/Filter") == pikepdf.Name.DCTDecode:
        _strip_picture(found)


def _strip_picture(stream: pikepdf.Stream) -> None:
    """A scanner's pictures stand in a PDF as whole JPEGs, with all they carry."""
    try:
        stripped = jpeg.strip(stream.read_raw_bytes())
    except ValueError:
        return
    if stripped is not None:
        stream.write(stripped, filter=pikepdf.Name.DCTDecode)
