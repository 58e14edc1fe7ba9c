"""The whole bundle: parts drawn, put together, numbered, linked and saved; then read back.

Runs in the child process. Nothing here depends on the day, the machine's name or a random number:
the same content and files give the same bytes (with SOURCE_DATE_EPOCH set before the import).
"""

from __future__ import annotations

import hashlib
import json
from bisect import bisect
from dataclasses import dataclass, field
from functools import partial
from itertools import accumulate
from typing import TYPE_CHECKING

import pikepdf

from evidence_service.adapters.pdf import exhibits
from evidence_service.adapters.pdf.crew import draw_all
from evidence_service.adapters.pdf.fonts import share_fonts, unions
from evidence_service.adapters.pdf.made_with import faces, versions
from evidence_service.adapters.pdf.parts import Drawn, Spot
from evidence_service.adapters.pdf.result import IndexLine, RenderedBundle
from evidence_service.adapters.pdf.sections import Sections, Source
from evidence_service.adapters.pdf.stamps import Stamps, letters_for
from evidence_service.adapters.pdf.verify import DRAWN_FORM, Expected, read_back
from evidence_service.adapters.pdf.words import name as one_line
from evidence_service.domain.bundle import (
    BundleContent,
    BundleDiffers,
    BundlePlan,
    ExhibitDiffers,
    ExhibitMissing,
    Placing,
    PlannedSection,
    SectionName,
    plan,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime
    from pathlib import Path
    from uuid import UUID

    from evidence_service.adapters.pdf.exhibits import Sheet
    from evidence_service.adapters.pdf.fonts import Union
    from evidence_service.adapters.pdf.parts import FontUse, PartFolder
    from evidence_service.adapters.pdf.sections import Part

MANIFEST_NAME = "manifest.json"
PART_MARK = "/EvidencePart"
_LINK_SCHEME = "bundle:"
# Shares of the work, for the progress: looking into pictures, drawing sections, then the rest.
_SEEN, _DRAWN = 0.2, 0.9
_HASH_BLOCK = 1 << 20
# HTML that is drawn within a second. A process that is forked spends a quarter of one, most of it
# on fonts, before it is as quick as this one.
_ALONE_CHARS = 24_000


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

    def add(self, part: Part, opened: pikepdf.Pdf, drawn: Drawn) -> None:
        if part.sheets:
            _add_exhibits(self, part.sheets, opened, drawn)
            return
        first, anchor = len(self.pdf.pages), part.section.anchor
        self.pdf.pages.extend(opened.pages)
        if anchor not in self.landings:
            spot = drawn.spots[anchor]
            self.landings[anchor] = _Landing(first + spot.page, spot.top)


@dataclass(frozen=True, slots=True)
class _Ready:
    """Everything that the bundle is put together from, drawn.

    `opened` are the sections' parts by name; their streams are read when the whole is saved, so
    they stay open until then. `sheet` is the name of the part whose letters are stamped.
    """

    content: BundleContent
    plan: BundlePlan
    sections: Sections
    parts: tuple[Part, ...]
    sheet: str
    opened: Mapping[str, pikepdf.Pdf]
    drawn: Mapping[str, Drawn]
    programs: Mapping[str, bytes]


def build(  # noqa: PLR0913 - content, files, where to, and what spares work
    content: BundleContent,
    files: Mapping[UUID, Path],
    out: Path | None,
    parts: PartFolder,
    progress: Callable[[float], None],
    compiled: Path | None = None,
) -> RenderedBundle | None:
    """Draw the bundle into `out` and read it back; without `out`, only what it is made of.

    Args:
        content: everything the PDF says.
        files: the bytes of every exhibit.
        out: the finished file.
        parts: what is drawn already, and where to put what is drawn now.
        progress: told shares from 0 to 1.
        compiled: the folder of the compiled templates.

    Raises:
        BundleFailed: one of its kinds says what is missing, unreadable or different.
    """
    planned = plan(content)
    check_files(planned, files)
    ready = _draw(content, planned, files, parts, progress, compiled)
    if out is None:
        return None
    body = _stitch(ready)
    _finish(ready, body)
    _save(body.pdf, out)
    expected = Expected(
        pages=len(body.pdf.pages),
        parts={anchor: landing.page + 1 for anchor, landing in body.landings.items()},
        shown=body.shown,
        is_preview=content.is_preview,
    )
    read_back(out, ready.plan, expected)
    progress(1.0)
    return RenderedBundle(
        pages=expected.pages,
        size_bytes=out.stat().st_size,
        sha256=_sha256(out),
        index=_index(ready, body),
        kept=tuple(
            str(entry.evidence_id) for entry in ready.plan.manifest if entry.placed is Placing.KEPT
        ),
        missing_glyphs=tuple(
            sorted({glyph for drawn in ready.drawn.values() for glyph in drawn.missing_glyphs})
        ),
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


def _draw(  # noqa: PLR0913 - as above
    content: BundleContent,
    planned: BundlePlan,
    files: Mapping[UUID, Path],
    parts: PartFolder,
    progress: Callable[[float], None],
    compiled: Path | None,
) -> _Ready:
    """Have every part drawn that is not at hand."""
    sheets = _sheets(planned, files, parts, lambda share: progress(_SEEN * share))
    planned = planned.keeping(_unreadable(sheets))
    sections = Sections(content, planned, compiled)
    wanted = tuple(sections.parts(sheets))
    labels = "".join(entry.label for entry in planned.manifest)
    sheet = sections.glyph_sheet(letters_for(sections.words, labels))
    sources = {source.name: source for source in (*(part.source for part in wanted), sheet)}
    _draw_sections(sources, parts, lambda share: progress(_SEEN + (_DRAWN - _SEEN) * share))
    opened = {name: pikepdf.open(parts.path(name)) for name in sources}
    drawn = {name: Drawn.of(pdf) for name, pdf in opened.items()}
    programs = _programs((use for one in drawn.values() for use in one.fonts), parts)
    return _Ready(content, planned, sections, wanted, sheet.name, opened, drawn, programs)


def _sheets(
    planned: BundlePlan,
    files: Mapping[UUID, Path],
    parts: PartFolder,
    progress: Callable[[float], None],
) -> tuple[Sheet, ...]:
    hashes = {entry.evidence_id: entry.page_sha256 for entry in planned.manifest}
    wanted = [
        (section, files[id_], hashes[id_])
        for section in planned.sections
        if section.name is SectionName.EXHIBIT and (id_ := section.evidence_id)
    ]
    pictures = {
        exhibits.pictures_name(sha256): path
        for section, path, sha256 in wanted
        if section.placing is Placing.PICTURES
    }

    def look_into(name: str) -> None:
        parts.write(name, exhibits.draw_pictures(pictures[name]))

    draw_all([partial(look_into, name) for name in parts.missing(pictures)], progress)
    return tuple(exhibits.prepare(*one, parts) for one in wanted)


def _unreadable(sheets: tuple[Sheet, ...]) -> frozenset[UUID]:
    found = (sheet.section.evidence_id for sheet in sheets if sheet.is_unreadable)
    return frozenset(evidence_id for evidence_id in found if evidence_id)


def _draw_sections(
    sources: Mapping[str, Source], parts: PartFolder, progress: Callable[[float], None]
) -> None:
    missing = parts.missing(sources)
    if not missing:
        return
    # WeasyPrint takes longer to import than a bundle whose parts are ready to put together.
    from evidence_service.adapters.pdf.drawing import Pen  # noqa: PLC0415 - see above

    pen = Pen()

    def draw(name: str) -> None:
        parts.write(name, pen.draw(sources[name]))

    names = sorted(missing, key=lambda name: len(sources[name].html))
    short = bisect(list(accumulate(len(sources[name].html) for name in names)), _ALONE_CHARS)
    # What WeasyPrint loads for its first pages is then there for every process that is forked.
    for done, name in enumerate(names[:short], start=1):
        draw(name)
        progress(done / len(names))
    longer = [partial(draw, name) for name in reversed(names[short:])]
    draw_all(longer, lambda share: progress((short + share * len(longer)) / len(names)))


def _programs(uses: Iterable[FontUse], parts: PartFolder) -> dict[str, bytes]:
    """The fonts that the parts share, by the PDF's name for them."""
    shared = unions(uses)
    by_name = {union.name: union for union in shared.values()}
    missing = parts.missing(by_name)
    if missing:
        from evidence_service.adapters.pdf.drawing import draw_font  # noqa: PLC0415 - as above

        def draw(union: Union) -> None:
            program = draw_font(union.face, union.glyphs, shows_boxes=union.shows_boxes)
            parts.write(union.name, program)

        draw_all([partial(draw, by_name[name]) for name in missing], lambda _: None)
    return {font: parts.read(union.name) for font, union in shared.items()}


def _stitch(ready: _Ready) -> _Body:
    body = _Body()
    for part in ready.parts:
        name = part.source.name
        body.add(part, ready.opened[name], ready.drawn[name])
    return body


def _add_exhibits(
    body: _Body, sheets: tuple[Sheet, ...], opened: pikepdf.Pdf, drawn: Drawn
) -> None:
    """Our pages of each exhibit with its pictures on them, a document's own pages after its own."""
    placer = exhibits.Placer(body.pdf)
    starts = [drawn.spots[sheet.section.anchor].page for sheet in sheets]
    ends = [*starts[1:], drawn.page_count]
    for sheet, start, end in zip(sheets, starts, ends, strict=True):
        first = len(body.pdf.pages)
        body.pdf.pages.extend(list(opened.pages)[start:end])
        anchor = sheet.section.anchor
        body.landings[anchor] = _Landing(first, drawn.spots[anchor].top)
        for place, piece in zip(sheet.places, sheet.pieces, strict=True):
            spot = drawn.spots[place.anchor]
            page = body.pdf.pages[first + spot.page - start]
            placer.place(page, piece, spot)
        body.shown[anchor] = tuple(piece.sha256 for piece in sheet.pieces)
        if sheet.document:
            _append(body, sheet.section, sheet.document)


def _append(body: _Body, section: PlannedSection, document: exhibits.Document) -> None:
    first, count = len(body.pdf.pages), document.page_count
    document.append_to(body.pdf)
    for number in range(count):
        body.foreign[first + number] = (section.label, number + 1, count)
    body.shown[section.anchor] = (DRAWN_FORM,) * count


def _finish(ready: _Ready, body: _Body) -> None:
    stamps = Stamps(body.pdf, ready.opened[ready.sheet], ready.sections.words)
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
        if ready.content.is_preview:
            written.append(stamps.preview(page))
        # What the page's own program left behind (scale, clip) must not reach the stamps.
        page.contents_add(b"q", prepend=True)
        page.contents_add(b"Q\n" + b"".join(written))
    share_fonts(body.pdf, ready.programs)
    _outline(ready.plan, ready.sections, body)
    _describe(ready, body.pdf)


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


def _describe(ready: _Ready, pdf: pikepdf.Pdf) -> None:
    """Title, language and dates; how a viewer opens it; the manifest as an attachment."""
    content, sections = ready.content, ready.sections
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
        _manifest_json(ready),
        filename=MANIFEST_NAME,
        mime_type="application/json",
        creation_date=_pdf_date(date),
        mod_date=_pdf_date(date),
    )


def _manifest_json(ready: _Ready) -> bytes:
    """What the PDF was made from and with, for a program to compare."""
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
        for entry in ready.plan.manifest
    ]
    used = [faces()[use.face] for drawn in ready.drawn.values() for use in drawn.fonts if use.face]
    whole = {
        "case": str(ready.content.case.case_id),
        "revision": ready.content.revision,
        "preview": ready.content.is_preview,
        "exhibits": entries,
        "made_with": {
            "libraries": versions(),
            "fonts": {face.name: face.version for face in used},
        },
    }
    return json.dumps(whole, ensure_ascii=False, indent=1, sort_keys=True).encode()


def _pdf_date(at: datetime) -> str:
    return pikepdf.models.metadata.encode_pdf_date(at)


def _index(ready: _Ready, body: _Body) -> tuple[IndexLine, ...]:
    return tuple(
        IndexLine(
            label=section.label,
            title=ready.sections.title(section),
            anchor=section.anchor,
            page=body.landings[section.anchor].page + 1,
        )
        for section in ready.plan.index
    )


def _save(pdf: pikepdf.Pdf, out: Path) -> None:
    pdf.save(
        out,
        deterministic_id=True,
        min_version="1.7",
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        # PNG streams carry their predictors; compressing them again would lose those.
        recompress_flate=False,
    )
