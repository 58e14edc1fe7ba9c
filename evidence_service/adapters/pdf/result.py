"""What a finished bundle is, as plain values that cross the process border."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexLine:
    """A line of the printed index. `page` counts from 1 and is the printed number too."""

    label: str
    title: str
    anchor: str
    page: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedBundle:
    """A finished PDF.

    `missing_glyphs` are the characters no installed font could draw, each shown as a box: the
    bundle is complete but a person cannot read them, so the caller says so beside it. `kept` are
    the ids of the evidence that is only named, because it cannot be shown as pages.
    `child_cpu_s` and `child_peak_bytes` are what the drawing cost.
    """

    pages: int
    size_bytes: int
    sha256: str
    index: tuple[IndexLine, ...]
    missing_glyphs: tuple[str, ...]
    kept: tuple[str, ...]
    child_cpu_s: float = 0.0
    child_peak_bytes: int = 0

    def to_plain(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_plain(cls, plain: dict[str, Any]) -> Self:
        lines = tuple(IndexLine(**line) for line in plain["index"])
        glyphs = tuple(plain["missing_glyphs"])
        return cls(
            **{**plain, "index": lines, "missing_glyphs": glyphs, "kept": tuple(plain["kept"])}
        )
