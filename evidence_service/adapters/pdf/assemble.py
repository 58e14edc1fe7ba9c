"""The whole bundle: parts drawn, put together, numbered, linked and saved; then read back.

Runs in the child process. Nothing here depends on the day, the machine's name or a random number:
the same content and files give the same bytes (with SOURCE_DATE_EPOCH set before the import).
"""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pikepdf

from evidence_service.adapters.pdf import exhibits
from evidence_service.adapters.pdf.fonts import share_fonts
from evidence_service.adapters.pdf.result import IndexLine, RenderedBundle
from evidence_service.adapters.pdf.sections import Drawn, MissingGlyphs, Part, Sections, Spot
from evidence_service.adapters.pdf.stamps import Stamps, letters_for
from evidence_service.adapters.pdf.verify import DRAWN_FORM, Expected, read_back
from evidence_service.adapters.pdf.words import Words
from evidence_service.adapters.pdf.words import name as one_line
from evidence_service.domain.bundle import (
    BundleContent,
    BundleDiffers,
    BundlePlan,
    ExhibitDiffers,
    ExhibitMissing,
    PlannedSection,
    SectionName,
    plan,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime
    from pathlib import Path
    from uuid import UUID

    from evidence_service.adapters.pdf.exhibits import Sheet

MANIFEST_NAME = "manifest.json"
PART_MARK = "/EvidencePart"
_LINK_SCHEME = "bundle:"
# Shares of the work, for the progress: reading exhibits, drawing, putting together.
_READ, _DRAWN = 0.15, 0.9
_HASH_BLOCK = 1 << 20


@dataclass(slots=True)
class _Landing:
    """Where an anchor lies in the finished file. `page` counts from 0."""

    page: int
    top: float


@dataclass(slots=True)
class _Body:
    """The pages put together so far."""

    pdf: pikepdf.Pdf = field(default_factory=pikepdf.Pdf.new)
    landings: dict[str, _Landing] = field(default_factory=dict)
    foreign: dict[int, tuple[str, int, int]] = field(default_factory=dict)
    shown: dict[str, tuple[str, ...]] = field(default_factory=dict)
    open_parts: list[pikepdf.Pdf] = field(default_factory=list)
    fonts: list[Any] = field(default_factory=list)

    def open(self, drawn: Drawn) -> pikepdf.Pdf:
        part = pikepdf.open(io.BytesIO(drawn.pdf))
        # Its streams are read when the whole is saved: it must stay open until then.
        self.open_parts.append(part)
        self.fonts.extend(drawn.fonts)
        return part

    def add(self, section: PlannedSection, drawn: Drawn) -> None:
        first = len(self.pdf.pages)
        self.pdf.pages.extend(self.open(drawn).pages)
        if section.anchor not in self.landings:
            spot = drawn.spots[section.anchor]
            self.landings[section.anchor] = _Landing(first + spot.page, spot.top)


def build(
    content: BundleContent,
    files: Mapping[UUID, Path],
    out: Path,
    progress: Callable[[float], None],
) -> RenderedBundle:
    """Draw the bundle into `out` and read it back.

    Raises:
        BundleFailed: one of its kinds says what is missing, unreadable or different.
    """
    planned = plan(content)
    check_files(planned, files)
    sheets = _prepare(planned, files, Words(content.language), progress)
    planned = planned.keeping(_unreadable(sheets))
    with MissingGlyphs() as glyphs:
        sections = Sections(content, planned)
        body = _draw(planned, sections, sheets, progress)
        _finish(content, planned, sections, body)
        index = _index(planned, sections, body)
        _save(body.pdf, out)
    expected = Expected(
        pages=len(body.pdf.pages),
        parts={anchor: landing.page + 1 for anchor, landing in body.landings.items()},
        shown=body.shown,
        is_preview=content.is_preview,
    )
    read_back(out, planned, expected)
    progress(1.0)
    return RenderedBundle(
        pages=expected.pages,
        size_bytes=out.stat().st_size,
        sha256=_sha256(out),
        index=index,
        missing_glyphs=glyphs.found,
    )


def check_files(planned: BundlePlan, files: Mapping[UUID, Path]) -> None:
    """Refuse a bundle whose bytes are not there or not the approved ones, before drawing any.

    Raises:
        ExhibitMissing: an exhibit was not handed in.
        ExhibitDiffers: its SHA-256 is not the planned one.
    """
    for entry in planned.manifest:
        path = files.get(entry.evidence_id)
        if path is None or not path.is_file():
            raise ExhibitMissing(label=entry.label, evidence_id=str(entry.evidence_id))
        if _sha256(path) != entry.page_sha256:
            raise ExhibitDiffers(label=entry.label, evidence_id=str(entry.evidence_id))


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_HASH_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _prepare(
    planned: BundlePlan,
    files: Mapping[UUID, Path],
    words: Words,
    progress: Callable[[float], None],
) -> tuple[Sheet, ...]:
    wanted = [
        (section, files[section.evidence_id])
        for section in planned.sections
        if section.name is SectionName.EXHIBIT and section.evidence_id
    ]
    sheets = []
    for number, (section, path) in enumerate(wanted, start=1):
        sheets.append(exhibits.prepare(section, path, words))
        progress(_READ * number / len(wanted))
    return tuple(sheets)


def _unreadable(sheets: tuple[Sheet, ...]) -> frozenset[UUID]:
    found = (sheet.section.evidence_id for sheet in sheets if sheet.is_unreadable)
    return frozenset(evidence_id for evidence_id in found if evidence_id)


def _draw(
    planned: BundlePlan,
    sections: Sections,
    sheets: tuple[Sheet, ...],
    progress: Callable[[float], None],
) -> _Body:
    body = _Body()
    parts = list(_parts(planned, sections))
    for done, part in enumerate(parts, start=1):
        if part.section.name is SectionName.EXHIBIT:
            _add_exhibits(body, sections.draw_exhibits(sheets), sheets)
        else:
            body.add(part.section, sections.draw(part))
        progress(_READ + (_DRAWN - _READ) * done / len(parts))
    return body


def _parts(planned: BundlePlan, sections: Sections) -> Iterator[Part]:
    """What is drawn as a document of its own: all exhibits are one."""
    has_exhibits = False
    for section in planned.sections:
        if section.name is not SectionName.EXHIBIT or not has_exhibits:
            yield from sections.parts(section)
        has_exhibits = has_exhibits or section.name is SectionName.EXHIBIT


def _add_exhibits(body: _Body, drawn: Drawn, sheets: tuple[Sheet, ...]) -> None:
    """Our pages of each exhibit with its pictures on them, a document's own pages after its own."""
    part = body.open(drawn)
    placer = exhibits.Placer(body.pdf)
    starts = [drawn.spots[sheet.section.anchor].page for sheet in sheets]
    ends = [*starts[1:], drawn.page_count]
    for sheet, start, end in zip(sheets, starts, ends, strict=True):
        first = len(body.pdf.pages)
        body.pdf.pages.extend(list(part.pages)[start:end])
        anchor = sheet.section.anchor
        body.landings[anchor] = _Landing(first, drawn.spots[anchor].top)
        for place, piece in zip(sheet.places, sheet.pieces, strict=True):
            spot = drawn.spots[place.anchor]
            page = body.pdf.pages[first + spot.page - start]
            placer.place(page, piece, spot)
        body.shown[anchor] = tuple(piece.encoded.sha256 for piece in sheet.pieces)
        if sheet.document:
            _append(body, sheet.section, sheet.document)


def _append(body: _Body, section: PlannedSection, document: exhibits.Document) -> None:
    first, count = len(body.pdf.pages), document.page_count
    document.append_to(body.pdf)
    for number in range(count):
        body.foreign[first + number] = (section.label, number + 1, count)
    body.shown[section.anchor] = (DRAWN_FORM,) * count


def _finish(content: BundleContent, planned: BundlePlan, sections: Sections, body: _Body) -> None:
    labels = "".join(entry.label for entry in planned.manifest)
    sheet = sections.draw_glyph_sheet(letters_for(sections.words, labels))
    stamps = Stamps(body.pdf, body.open(sheet), sections.words)
    total = len(body.pdf.pages)
    parts: dict[int, list[str]] = {}
    for anchor, landing in body.landings.items():
        parts.setdefault(landing.page, []).append(anchor)
    for at, page in enumerate(body.pdf.pages):
        written = [_resolve_links(page, body, stamps)]
        if at in body.foreign:
            written.append(stamps.exhibit_label(page, *body.foreign[at]))
        written.append(stamps.page_number(page, at + 1, total, is_foreign=at in body.foreign))
        written += [f"{PART_MARK} <</Anchor ({name})>> DP\n".encode() for name in parts.get(at, [])]
        if content.is_preview:
            written.append(stamps.preview(page))
        # What the page's own program left behind (scale, clip) must not reach the stamps.
        page.contents_add(b"q", prepend=True)
        page.contents_add(b"Q\n" + b"".join(written))
    share_fonts(body.pdf, body.fonts)
    _outline(planned, sections, body)
    _describe(content, planned, sections, body.pdf)


def _resolve_links(page: pikepdf.Page, body: _Body, stamps: Stamps) -> bytes:
    """Turn `bundle:<form>:<anchor>` into a link to the page.

    Returns:
        The operators that print the numbers of those pages.
    """
    written = b""
    seen = set()
    for link in list(page.obj.get("/Annots", pikepdf.Array())):
        action = link.get("/A")
        target = str(action.get("/URI", "")) if action is not None else ""
        if not target.startswith(_LINK_SCHEME):
            continue
        _, form, anchor = target.split(":", 2)
        landing = body.landings.get(anchor)
        if landing is None:
            raise BundleDiffers(reference=anchor, reason="leads nowhere")
        del link["/A"]
        link["/Dest"] = _destination(body.pdf, landing)
        box = tuple(float(number) for number in link.Rect)
        if form != "go" and box not in seen:
            seen.add(box)
            spot = Spot(0, box[0], min(box[1], box[3]), box[2], max(box[1], box[3]))
            written += stamps.reference(page, spot, form, landing.page + 1)
    return written


def _destination(pdf: pikepdf.Pdf, landing: _Landing) -> pikepdf.Array:
    page = pdf.pages[landing.page]
    return pikepdf.Array([page.obj, pikepdf.Name.XYZ, 0, landing.top + 20, 0])


def _outline(planned: BundlePlan, sections: Sections, body: _Body) -> None:
    """Bookmarks: every section, the exhibits below one heading."""

    def item(text: str, section: PlannedSection) -> pikepdf.OutlineItem:
        landing = body.landings[section.anchor]
        return pikepdf.OutlineItem(text, _destination(body.pdf, landing))

    with body.pdf.open_outline() as outline:
        parent: pikepdf.OutlineItem | None = None
        for section in planned.sections:
            text = " ".join(filter(None, (section.label, sections.title(section))))
            if section.name is not SectionName.EXHIBIT:
                outline.root.append(item(text, section))
                continue
            if parent is None:
                parent = item(sections.words("section.exhibit"), section)
                outline.root.append(parent)
            parent.children.append(item(text, section))


def _describe(
    content: BundleContent, planned: BundlePlan, sections: Sections, pdf: pikepdf.Pdf
) -> None:
    """Title, language and dates; how a viewer opens it; the manifest as an attachment."""
    orders = ", ".join(content.case.order_numbers)
    title = one_line(sections.words("title", order=orders))
    date = content.dated_at
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=True) as meta:
        meta["dc:title"] = title
        meta["dc:creator"] = [one_line(content.case.store_name)]
        meta["dc:language"] = [sections.words.tag]
        meta["xmp:CreateDate"] = meta["xmp:ModifyDate"] = date.isoformat()
        meta["xmp:CreatorTool"] = "evidence-service"
    pdf.docinfo["/CreationDate"] = pdf.docinfo["/ModDate"] = pikepdf.String(_pdf_date(date))
    root = pdf.Root
    root.Lang = pikepdf.String(sections.words.tag)
    root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
    root.PageMode = pikepdf.Name.UseOutlines
    numbering = pikepdf.Dictionary(S=pikepdf.Name.D)
    root.PageLabels = pikepdf.Dictionary(Nums=pikepdf.Array([0, numbering]))
    pdf.attachments[MANIFEST_NAME] = pikepdf.AttachedFileSpec(
        pdf,
        manifest_json(content, planned),
        filename=MANIFEST_NAME,
        mime_type="application/json",
        creation_date=_pdf_date(date),
        mod_date=_pdf_date(date),
    )


def manifest_json(content: BundleContent, planned: BundlePlan) -> bytes:
    """What the PDF was made from, for a program to compare."""
    entries = [
        {
            "label": entry.label,
            "evidence_id": str(entry.evidence_id),
            "kind": entry.kind.value,
            "file_name": entry.file_name,
            "media_type": entry.media_type,
            "sha256": entry.sha256,
            "size_bytes": entry.size_bytes,
            "placed": entry.placed.value,
        }
        for entry in planned.manifest
    ]
    whole = {
        "case": str(content.case.case_id),
        "revision": content.revision,
        "preview": content.is_preview,
        "exhibits": entries,
    }
    return json.dumps(whole, ensure_ascii=False, indent=1, sort_keys=True).encode()


def _pdf_date(at: datetime) -> str:
    return pikepdf.models.metadata.encode_pdf_date(at)


def _index(planned: BundlePlan, sections: Sections, body: _Body) -> tuple[IndexLine, ...]:
    return tuple(
        IndexLine(
            label=section.label,
            title=sections.title(section),
            anchor=section.anchor,
            page=body.landings[section.anchor].page + 1,
        )
        for section in planned.index
    )


def _save(pdf: pikepdf.Pdf, out: Path) -> None:
    pdf.remove_unreferenced_resources()
    pdf.save(
        out,
        deterministic_id=True,
        min_version="1.7",
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        # PNG streams carry their predictors; compressing them again would lose those.
        recompress_flate=False,
    )
