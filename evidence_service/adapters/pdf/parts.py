"""Drawn parts as files, each named by the hash of what it was drawn from.

A part is a PDF of a section, of an exhibit's pictures, or a font for all sections. Whoever has
the same input has the same part, so parts may be kept between two bundles of a case and thrown
away at any time. A part ends in a line with its own hash: what was damaged on its way is no part.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from evidence_service.adapters.pdf.made_with import fingerprint

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    import pikepdf

# A comment behind the end of a PDF is none of its readers' business.
_SEAL = "\n%%part %s\n"
_SEAL_BYTES = len(_SEAL % ("0" * 64))
_SEALED = re.compile(rb"\n%part ([0-9a-f]{64})\n")
NOTE = "/EvidencePart"


def part_name(*drawn_from: str) -> str:
    """The name of the part that is drawn from these texts with what is installed here."""
    return hashlib.sha256(json.dumps([fingerprint(), *drawn_from]).encode()).hexdigest()


class PartFolder:
    """The parts at hand, in a folder that nobody else writes to."""

    def __init__(self, folder: Path, fetch: Callable[[list[str]], None]) -> None:
        """Use the folder.

        Args:
            folder: exists.
            fetch: puts those parts that are kept elsewhere into it, under their names.
        """
        self._folder = folder
        self._fetch = fetch

    def missing(self, names: Iterable[str]) -> list[str]:
        """Those that have to be drawn, each once; what can be fetched has been."""
        wanted = [name for name in dict.fromkeys(names) if not self.path(name).exists()]
        if wanted:
            self._fetch(wanted)
        return [name for name in wanted if not self._is_sound(name)]

    def path(self, name: str) -> Path:
        return self._folder / name

    def write(self, name: str, content: bytes) -> None:
        """Put a part there, whole or not at all."""
        unfinished = self._folder / f".{name}.{os.getpid()}"
        seal = _SEAL % hashlib.sha256(content).hexdigest()
        unfinished.write_bytes(content + seal.encode())
        unfinished.replace(self.path(name))

    def read(self, name: str) -> bytes:
        return self.path(name).read_bytes()[:-_SEAL_BYTES]

    def _is_sound(self, name: str) -> bool:
        if not self.path(name).exists():
            return False
        whole = self.path(name).read_bytes()
        content, seal = whole[:-_SEAL_BYTES], _SEALED.fullmatch(whole[-_SEAL_BYTES:])
        if seal and seal[1].decode() == hashlib.sha256(content).hexdigest():
            return True
        self.path(name).unlink()
        return False


@dataclass(frozen=True, slots=True)
class Spot:
    """A box on a page of one drawn part. Points from the page's lower left corner."""

    page: int
    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True, slots=True)
class FontUse:
    """Which glyphs of a font a part shows; `name` is the PDF's name for it, `face` made_with's.

    `shows_boxes`: it lacks a character, for which its box is drawn. `is_left_out`: it is nothing
    but outlines, and the part has none of it: all parts of a bundle will read one program.
    """

    name: str
    face: str
    glyphs: tuple[int, ...]
    shows_boxes: bool
    is_left_out: bool


@dataclass(frozen=True, slots=True)
class Drawn:
    """A drawn section: where its named boxes came to lie, and with which fonts.

    Pages count from 0. `missing_glyphs` are the characters that no font could draw.
    """

    page_count: int
    spots: Mapping[str, Spot]
    fonts: tuple[FontUse, ...]
    missing_glyphs: tuple[str, ...]

    def to_note(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def of(cls, pdf: pikepdf.Pdf) -> Drawn:
        plain = note_of(pdf)
        return cls(
            plain["page_count"],
            {anchor: Spot(**spot) for anchor, spot in plain["spots"].items()},
            tuple(FontUse(**{**use, "glyphs": tuple(use["glyphs"])}) for use in plain["fonts"]),
            tuple(plain["missing_glyphs"]),
        )


def note_of(pdf: pikepdf.Pdf) -> dict[str, Any]:
    """What was written down beside a part's pages when it was drawn."""
    plain: dict[str, Any] = json.loads(str(pdf.Root[NOTE]))
    return plain
