"""Orders, parcels' histories and chats as PDF pages, by the bundle's own sections.

Their letters are as large as the channel asks, and what refers to the rest of a bundle is hidden:
there is no rest here.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, NoReturn

import pikepdf
from weasyprint import CSS, HTML
from weasyprint.urls import FatalURLFetchingError, URLFetcher

from evidence_service.adapters.pdf.sections import Sections
from evidence_service.domain.bundle import BundleFailed, SectionName, plan

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path
    from uuid import UUID

    from evidence_service.domain.bundle import BundleContent

_READ = {SectionName.ORDER, SectionName.TRACKING, SectionName.TRANSCRIPT}
_CSS = ".source, .p, .q, .n {{ display: none }} @page {{ @bottom-left {{ border: 0 }} {margins} }}"
# A picture ends with what is written on the page: what stands at its foot is said at its head.
_AS_PICTURE = """@page { @top-left { content: string(foot) }
@bottom-left { content: none } @bottom-right { content: none; border: 0 } }"""
_LARGE = "*:not(h1) {{ font-size: {pt}pt !important }} @page {{ font-size: {pt}pt }}"
_MARGIN = "@{0} {{{{ font-size: {{pt}}pt }}}}"


class _NoAddress(URLFetcher):  # type: ignore[misc]  # WeasyPrint is untyped
    """Refuses every address, and by refusing stops the drawing."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False, fail_on_errors=True)

    def fetch(self, url: str, headers: object = None) -> NoReturn:
        del headers
        raise ValueError(f"a page asked for {url[:80]}")


def drawn(html: str, css: Collection[str]) -> bytes:
    """A PDF of the HTML.

    Raises:
        BundleFailed: it asked for an address.
    """
    fetcher = _NoAddress()
    try:
        sheets = [CSS(string=text, url_fetcher=fetcher) for text in css]
        pdf: bytes = HTML(string=html, url_fetcher=fetcher, base_url="delivery:").write_pdf(
            stylesheets=sheets
        )
    except FatalURLFetchingError as error:
        # A BaseException: `except Exception` would let it end the process.
        raise BundleFailed(reason=str(error)) from error
    return pdf


def draw_records(
    content: BundleContent,
    wanted: Collection[UUID],
    folder: Path,
    min_text_pt: float | None,
    *,
    as_pictures: bool,
) -> dict[UUID, Path]:
    """A PDF for each record, for pages or to be made pictures of."""
    extra = _extra(min_text_pt) + (_AS_PICTURE if as_pictures else "")
    sections = Sections(content, plan(content))
    parts: dict[UUID, list[bytes]] = {}
    for part in sections.parts(()):
        section = part.section
        if section.name in _READ and section.evidence_id in wanted and section.evidence_id:
            page = drawn(part.source.html, (*part.source.css, extra))
            parts.setdefault(section.evidence_id, []).append(page)
    found = {}
    for evidence_id, pieces in parts.items():
        found[evidence_id] = folder / f"{evidence_id}.record.pdf"
        _join(pieces, found[evidence_id])
    return found


def _extra(min_text_pt: float | None) -> str:
    margins = ("top-left", "top-right", "bottom-left")
    if min_text_pt is None:
        return _CSS.format(margins="")
    boxes = "".join(_MARGIN.format(name) for name in margins).format(pt=min_text_pt)
    return _CSS.format(margins=boxes) + _LARGE.format(pt=min_text_pt)


def _join(pieces: list[bytes], path: Path) -> None:
    """Pages alone: no links, no outline."""
    with pikepdf.new() as whole:
        opened = [pikepdf.open(io.BytesIO(piece)) for piece in pieces]
        for one in opened:
            whole.pages.extend(one.pages)
        for page in whole.pages:
            if "/Annots" in page.obj:
                del page.obj["/Annots"]
        whole.save(path, deterministic_id=True)
