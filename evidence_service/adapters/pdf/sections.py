"""What our own sections say, as HTML: the Jinja templates and style sheets of templates/bundle.

Texts from outside are escaped here and are never HTML, CSS or an address.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING

from evidence_service.adapters.pdf.parts import part_name
from evidence_service.adapters.pdf.templates import TEMPLATES, make_environment
from evidence_service.adapters.pdf.words import Prints, Words
from evidence_service.domain.bundle import BundlePlan, PlannedSection, SectionName

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from uuid import UUID

    from jinja2 import Environment

    from evidence_service.adapters.pdf.exhibits import Sheet
    from evidence_service.domain.bundle import BundleContent, Scan

# What is drawn at a time: cost is linear, memory is that of one part, and a change draws one anew.
CHUNK_MESSAGES = 200
CHUNK_EXHIBITS = 8
_UNKNOWN = "unknown"
_ORDERS_NAMED = 3
_REFERENCE = re.compile(r"(\[[A-D]-[0-9]{1,3}\])")


@dataclass(frozen=True, slots=True)
class Source:
    """A part before it is drawn: all that its pages depend on."""

    html: str
    css: tuple[str, ...]

    @property
    def name(self) -> str:
        return part_name("section", self.html, *self.css)


@dataclass(frozen=True, slots=True)
class Part:
    """A section, of a transcript some of its messages, or some exhibits: drawn as one document."""

    section: PlannedSection
    source: Source
    sheets: tuple[Sheet, ...] = ()


class Sections:
    """The sections of one bundle."""

    def __init__(
        self, content: BundleContent, plan: BundlePlan, compiled: Path | None = None
    ) -> None:
        self._content = content
        self._plan = plan
        self.words = Words(content.language)
        self._prints = Prints(self.words, content.time_zone)
        self._exhibits = {exhibit.evidence_id: exhibit for exhibit in content.exhibits}
        self._templates = self._environment(compiled)

    def _environment(self, compiled: Path | None) -> Environment:
        environment = make_environment(compiled)
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
            pieces=self._pieces,
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
        if section.name is SectionName.ORDER:
            record = self._content.orders[section.position]
            numbers = ", ".join(order.number for order in record.orders[:_ORDERS_NAMED])
            params = {"numbers": numbers, "count": len(record.orders)}
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

    def _pieces(self, text: str) -> Iterator[tuple[str, UUID | None]]:
        """A text taken apart at references like [A-1]: each piece, and what evidence it names."""
        labels = {entry.label: entry.evidence_id for entry in self._plan.manifest}
        for piece in _REFERENCE.split(text):
            label = piece.strip("[]")
            yield (piece, labels[label]) if piece != label and label in labels else (piece, None)

    def parts(self, sheets: tuple[Sheet, ...]) -> Iterator[Part]:
        """Everything that is drawn, in the order of the pages."""
        has_exhibits = False
        for section in self._plan.sections:
            if section.name is SectionName.TRANSCRIPT:
                yield from self._transcript(section)
            elif section.name is not SectionName.EXHIBIT:
                yield Part(section, self._source(section.name, section=section))
            elif not has_exhibits:
                has_exhibits = True
                yield from self._exhibit_parts(sheets)

    def glyph_sheet(self, letters: str) -> Source:
        """Every letter that is stamped later, regular and bold, each a paragraph of its own."""
        return self._source("stamp", letters=letters)

    def _transcript(self, section: PlannedSection) -> Iterator[Part]:
        chat = self._content.conversations[section.position]
        translated = any(line.translation for line in chat.lines)
        for start in range(0, max(1, len(chat.lines)), CHUNK_MESSAGES):
            source = self._source(
                section.name,
                section=section,
                chat=chat,
                lines=chat.lines[start : start + CHUNK_MESSAGES],
                before=chat.lines[start - 1] if start else None,
                start=start,
                translated=translated,
            )
            yield Part(section, source)

    def _exhibit_parts(self, sheets: tuple[Sheet, ...]) -> Iterator[Part]:
        """By the letter of their labels: one more at the end of a letter changes one part."""
        for _, same in groupby(sheets, key=lambda sheet: sheet.section.label[0]):
            group = tuple(same)
            for start in range(0, len(group), CHUNK_EXHIBITS):
                some = group[start : start + CHUNK_EXHIBITS]
                yield Part(some[0].section, self._source(SectionName.EXHIBIT, sheets=some), some)

    def _source(self, template: str, **context: object) -> Source:
        html = self._templates.get_template(f"{template}/template.html").render(context)
        return Source(html, (_css("bundle.css"), _css(f"{template}/theme.css")))


@cache
def _css(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")
