"""What a bundle is drawn with. A part that anything else drew is another part.

Asks the libraries themselves, without importing WeasyPrint: a bundle whose parts are all ready
needs none of it.
"""

from __future__ import annotations

import ctypes
import hashlib
import importlib.metadata
import json
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pikepdf

if TYPE_CHECKING:
    from collections.abc import Mapping

_FONT_LINE = "%{postscriptname}\t%{file}\t%{index}\t%{fontversion}\n"
_PACKAGES = ("weasyprint", "pydyf", "fonttools", "pikepdf", "Pillow")
# A font's version is a fixed-point number.
_WHOLE = 1 << 16


@dataclass(frozen=True, slots=True)
class Face:
    """An installed font by its PostScript name: number `index` of its file."""

    name: str
    file: Path
    index: int
    version: str


@cache
def versions() -> dict[str, str]:
    """Each library by its name."""
    found = {name.lower(): importlib.metadata.version(name) for name in _PACKAGES}
    return found | {
        "qpdf": pikepdf.__libqpdf_version__,
        "pango": _said_by("libpango-1.0.so.0", "pango_version_string"),
        "harfbuzz": _said_by("libharfbuzz.so.0", "hb_version_string"),
    }


def _said_by(library: str, function: str) -> str:
    ask = getattr(ctypes.CDLL(library), function)
    ask.restype = ctypes.c_char_p
    told: bytes = ask()
    return told.decode()


@cache
def faces() -> dict[str, Face]:
    """The installed fonts by file and index, as fontconfig lists them."""
    listed = subprocess.run(
        ["fc-list", "--format", _FONT_LINE], capture_output=True, check=True, text=True
    ).stdout
    found: dict[str, Face] = {}
    for line in sorted(listed.splitlines()):
        name, file, index, version = line.split("\t")
        number = f"{int(version) / _WHOLE:.3f}"
        found[f"{file}#{index}"] = Face(name, Path(file), int(index), number)
    return found


@cache
def fingerprint() -> str:
    """Of what draws here and now."""
    return fingerprint_of(versions(), faces())


def fingerprint_of(libraries: Mapping[str, str], installed: Mapping[str, Face]) -> str:
    """One hash over libraries, fonts and the code of this package."""
    fonts = [(place, face.name, face.version) for place, face in sorted(installed.items())]
    code = [path.read_text(encoding="utf-8") for path in sorted(Path(__file__).parent.glob("*.py"))]
    return hashlib.sha256(json.dumps([libraries, fonts, code]).encode()).hexdigest()
