"""Our own sections as PDF pages: Jinja templates and style sheets of templates/bundle, WeasyPrint.

Nothing that came from outside is ever HTML, CSS or an address here: texts are escaped, pictures
are placed later by pikepdf, and the fetcher knows no address at all.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, Self

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher

from evidence_service.adapters.pdf import words as writing
from evidence_service.adapters.pdf.words import Prints, Words
from evidence_service.domain.bundle import BundleFailed, BundlePlan, PlannedSection, SectionName

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from types import TracebackType

    from evidence_service.adapters.pdf.exhibits import Sheet
    from evidence_service.domain.bundle import BundleContent, Scan

TEMPLATES = Path(__file__).parents[3] / "templates" / "bundle"

# Messages per WeasyPrint document: cost is linear, memory is that of one chunk.
CHUNK_MESSAGES = 200
_PT_PER_PX = 0.75
_UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Spot:
    """A box on a page of one drawn part. Points from the page's lower left corner."""

    page: int
    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True, slots=True)
class Part:
    """A section, or of a transcript the messages from `start` on, drawn as one document."""

    section: PlannedSection
    start: int = 0


@dataclass(frozen=True, slots=True)
class Drawn:
    """A drawn part: its PDF and where its named boxes came to lie. Pages count from 0.

    `fonts` are WeasyPrint's own: which glyphs of which font it took.
    """

    pdf: bytes
    page_count: int
    spots: Mapping[str, Spot]
    fonts: tuple[Any, ...]


class NoAddressFetcher(URLFetcher):  # type: ignore[misc]  # WeasyPrint is untyped
    """Refuses every address, and by refusing stops the render: nothing may vanish silently."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False, fail_on_errors=True)

    def fetch(self, url: str, headers: object = None) -> NoReturn:
        del headers
        raise ValueError(f"a section asked for {url[:80]}")


class MissingGlyphs(logging.Handler):
    """Collects the characters that no font could draw; WeasyPrint only logs them."""

    _logger = logging.getLogger("weasyprint")

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self._found: set[str] = set()

    def emit(self, record: logging.LogRecord) -> None:
        if str(record.msg).startswith(".notdef glyph") and isinstance(record.args, tuple):
            self._found.add(str(record.args[0]))

    @property
    def found(self) -> tuple[str, ...]:
        return tuple(sorted(self._found))

    def __enter__(self) -> Self:
        self._logger.addHandler(self)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._logger.removeHandler(self)


class Sections:
    """Draws the sections of one bundle, fonts and style sheets loaded once."""

    def __init__(self, content: BundleContent, plan: BundlePlan) -> None:
        self._content = content
        self._plan = plan
        self.words = Words(content.language)
        self._prints = Prints(self.words, content.time_zone)
        self._exhibits = {exhibit.evidence_id: exhibit for exhibit in content.exhibits}
        self._fonts = FontConfiguration()
        self._fetcher = NoAddressFetcher()
        self._sheets: dict[str, CSS] = {}
        self._templates = self._environment()

    def _environment(self) -> Environment:
        environment = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        seller = Words(self._content.seller_language)
        environment.globals.update(
            content=self._content,
            plan=self._plan,
            exhibits=self._exhibits,
            w=self.words,
            seller=None if seller.language is self.words.language else seller,
            prints=self._prints,
            title=self.title,
            shows=self.shows,
            scan_words=self._scan_words,
        )
        environment.filters.update(
            clean=writing.clean,
            name=writing.name,
            paragraphs=writing.paragraphs,
            direction=writing.direction,
            script_tag=writing.script_tag,
        )
        return environment

    def title(self, section: PlannedSection, words: Words | None = None) -> str:
        """What a section is called in the index and the outline."""
        words = words or self.words
        if section.name is SectionName.EXHIBIT and section.evidence_id:
            return words(f"kind.{self._exhibits[section.evidence_id].kind}")
        return words(f"section.{section.name}")

    def shows(self, section: PlannedSection) -> str:
        """What a section shows, for its line in the index."""
        if section.name is SectionName.EXHIBIT and section.evidence_id:
            exhibit = self._exhibits[section.evidence_id]
            return exhibit.caption or exhibit.file_name
        params: dict[str, object] = {"zone": self._prints.zone(self._content.dated_at)}
        if section.name is SectionName.TRACKING:
            parcel = self._content.parcels[section.position]
            params = {"number": parcel.number, "count": len(parcel.scans)}
        if section.name is SectionName.TRANSCRIPT:
            chat = self._content.conversations[section.position]
            params = {"channel": chat.channel, "count": len(chat.lines)}
        return self.words(f"index.{section.name}", **params)

    def _scan_words(self, scan: Scan) -> str:
        """A scan's status in the bundle's language; where we know none, the carrier's own word."""
        theirs = scan.description or scan.carrier_status
        if scan.status == _UNKNOWN and theirs:
            return theirs
        return self.words.known(f"status.{scan.status}", theirs or scan.status)

    def parts(self, section: PlannedSection) -> Iterator[Part]:
        """What of a planned section is drawn at a time: a long transcript in several parts."""
        count = 1
        if section.name is SectionName.TRANSCRIPT:
            count = max(1, len(self._content.conversations[section.position].lines))
        for start in range(0, count, CHUNK_MESSAGES):
            yield Part(section, start)

    def draw(self, part: Part) -> Drawn:
        """The pages of one part, anything but the exhibits.

        Raises:
            BundleFailed: a template asked for an address.
        """
        section = part.section
        context: dict[str, object] = {}
        if section.name is SectionName.TRACKING:
            context = {"parcel": self._content.parcels[section.position]}
        elif section.name is SectionName.TRANSCRIPT:
            chat = self._content.conversations[section.position]
            context = {
                "chat": chat,
                "lines": chat.lines[part.start : part.start + CHUNK_MESSAGES],
                "start": part.start,
                "translated": any(line.translation for line in chat.lines),
            }
        return self._draw(section.name, section=section, **context)

    def draw_exhibits(self, sheets: tuple[Sheet, ...]) -> Drawn:
        """All exhibits' pages in one document; the places for their pictures are named boxes."""
        return self._draw(SectionName.EXHIBIT, sheets=sheets)

    def draw_glyph_sheet(self, letters: str) -> Drawn:
        """Every letter that is stamped later, regular and bold, each a paragraph of its own."""
        return self._draw("stamp", letters=letters)

    def _draw(self, template: str, **context: object) -> Drawn:
        html = self._templates.get_template(f"{template}/template.html").render(context)
        return self._pages(html, ("bundle.css", f"{template}/theme.css"))

    def _pages(self, html: str, sheets: tuple[str, ...]) -> Drawn:
        try:
            document = HTML(string=html, url_fetcher=self._fetcher, base_url="bundle:").render(
                font_config=self._fonts, stylesheets=[self._sheet(name) for name in sheets]
            )
            pdf = document.write_pdf()
        except FatalURLFetchingError as error:
            # A BaseException: `except Exception` would let it end the process.
            raise BundleFailed(reason=str(error)) from error
        return Drawn(
            pdf, len(document.pages), _spots(document.pages), tuple(document.fonts.values())
        )

    def _sheet(self, name: str) -> CSS:
        if name not in self._sheets:
            text = (TEMPLATES / name).read_text(encoding="utf-8")
            self._sheets[name] = CSS(
                string=text, url_fetcher=self._fetcher, font_config=self._fonts
            )
        return self._sheets[name]


def _spots(pages: list[Any]) -> dict[str, Spot]:
    """Named boxes in points, the first of each name."""
    spots: dict[str, Spot] = {}
    for number, page in enumerate(pages):
        height = page.height * _PT_PER_PX
        for anchor, (left, top, right, bottom) in page.anchors.items():
            spot = Spot(
                number,
                left * _PT_PER_PX,
                height - bottom * _PT_PER_PX,
                right * _PT_PER_PX,
                height - top * _PT_PER_PX,
            )
            spots.setdefault(anchor, spot)
    return spots
