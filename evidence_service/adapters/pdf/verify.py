"""The finished PDF read back and compared with the plan: what was saved, not what was meant."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pikepdf

from evidence_service.domain.bundle import BundleDiffers, BundlePlan, Placing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_PAGE_NUMBER = re.compile(rb"/Pagination /Page (\d+)\b")
_PART = re.compile(rb"/EvidencePart <</Anchor \(([^)]*)\)>> DP")
_WATERMARK = b"/Watermark"
DRAWN_FORM = "form"


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What the drawing says it did.

    `parts` is the page of each anchor, counted from 1; `shown`, of each exhibit, the SHA-256 of
    the picture on each of its pages, or DRAWN_FORM for a page of a document.
    """

    pages: int
    parts: Mapping[str, int]
    shown: Mapping[str, tuple[str, ...]]
    is_preview: bool


@dataclass(frozen=True, slots=True)
class _ReadPage:
    number: int
    printed: int | None
    parts: frozenset[str]
    is_marked: bool
    exhibit: str


def read_back(path: Path, planned: BundlePlan, expected: Expected) -> None:
    """Compare the file with the plan.

    Raises:
        BundleDiffers: names the first thing that differs.
    """
    with pikepdf.open(path) as pdf:
        pages = [_read(number, page) for number, page in enumerate(pdf.pages, start=1)]
        for what, reason in _differences(pdf, pages, planned, expected):
            raise BundleDiffers(what=what, reason=reason)


def _read(number: int, page: pikepdf.Page) -> _ReadPage:
    contents = page.obj.Contents
    streams = list(contents) if isinstance(contents, pikepdf.Array) else [contents]
    # What was stamped is the last stream of a page.
    written = streams[-1].read_bytes()
    printed = _PAGE_NUMBER.search(written)
    return _ReadPage(
        number,
        int(printed[1]) if printed else None,
        frozenset(anchor.decode() for anchor in _PART.findall(written)),
        _WATERMARK in written,
        _exhibit(page),
    )


def _exhibit(page: pikepdf.Page) -> str:
    """Which exhibit's bytes the page shows; nothing if none."""
    stream = page.resources.get("/XObject", pikepdf.Dictionary()).get("/Exhibit")
    if stream is None:
        return ""
    if stream.Subtype == pikepdf.Name.Form:
        return DRAWN_FORM
    return hashlib.sha256(stream.get_raw_stream_buffer()).hexdigest()


def _differences(
    pdf: pikepdf.Pdf, pages: list[_ReadPage], planned: BundlePlan, expected: Expected
) -> Iterator[tuple[str, str]]:
    if len(pages) != expected.pages:
        yield "pages", f"{len(pages)}, not {expected.pages}"
    for page in pages:
        if page.printed != page.number:
            yield f"page {page.number}", f"is numbered {page.printed}"
        if page.is_marked != expected.is_preview:
            yield f"page {page.number}", "preview mark"
    yield from _missing_parts(pages, planned, expected)
    yield from _wrong_index(pdf, pages, planned, expected)
    if len(_bookmarks(pdf)) < len(planned.sections):
        yield "outline", "a section has no bookmark"
    yield from _wrong_manifest(pdf, planned)


def _missing_parts(
    pages: list[_ReadPage], planned: BundlePlan, expected: Expected
) -> Iterator[tuple[str, str]]:
    starts = {anchor: page.number for page in pages for anchor in page.parts}
    for section in planned.sections:
        if starts.get(section.anchor) != expected.parts.get(section.anchor):
            yield section.anchor, "does not stand on its page"
    ordered = [starts.get(section.anchor, 0) for section in planned.sections]
    for section, first, after in zip(
        planned.sections, ordered, [*ordered[1:], len(pages) + 1], strict=True
    ):
        if section.placing in {Placing.PICTURES, Placing.DOCUMENT}:
            shown = tuple(page.exhibit for page in pages[first - 1 : after - 1] if page.exhibit)
            if not shown or shown != expected.shown.get(section.anchor):
                yield section.label, f"{len(shown)} pages show it, or something else"


def _wrong_index(
    pdf: pikepdf.Pdf, pages: list[_ReadPage], planned: BundlePlan, expected: Expected
) -> Iterator[tuple[str, str]]:
    first = expected.parts["index"] - 1
    last = min(page for page in expected.parts.values() if page > first + 1) - 1
    numbers = {page.obj.objgen: number for number, page in enumerate(pdf.pages, start=1)}
    landed: set[str] = set()
    for at in range(first, last):
        for link in pdf.pages[at].get("/Annots", []):
            number = numbers.get(link.Dest[0].objgen) if "/Dest" in link else None
            if number is None:
                yield "index", "a line leads nowhere"
                return
            landed |= pages[number - 1].parts
    for section in planned.index:
        if section.anchor not in landed:
            yield "index", f"no line leads to {section.anchor}"


def _bookmarks(pdf: pikepdf.Pdf) -> list[str]:
    with pdf.open_outline() as outline:
        return [
            item.title
            for top in outline.root
            for item in ([top] if not top.children else top.children)
        ]


def _wrong_manifest(pdf: pikepdf.Pdf, planned: BundlePlan) -> Iterator[tuple[str, str]]:
    attached = json.loads(pdf.attachments["manifest.json"].get_file().read_bytes())
    found = [(entry["label"], entry["sha256"]) for entry in attached["exhibits"]]
    if found != [(entry.label, entry.sha256) for entry in planned.manifest]:
        yield "manifest", "is not the plan's"
