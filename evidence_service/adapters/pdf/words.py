"""The bundle's own words and how it writes dates, sizes and other people's text."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml

from evidence_service.domain.bundle import BundleLanguage

CATALOGUE = Path(__file__).parents[2] / "locale" / "bundle.yaml"

# A Chinese run without this tag would be drawn with Japanese shapes.
LANG_TAGS = {
    BundleLanguage.RUSSIAN: "ru",
    BundleLanguage.CHINESE: "zh-CN",
    BundleLanguage.ENGLISH: "en",
}

_KB = 1000
_MB = 1000 * _KB
# One very long paragraph costs more than its parts (9 s at 200,000 characters).
_PARAGRAPH_CHARS = 3000
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_KANA = re.compile("[\u3040-\u30ff]")
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")
_BIDI_CONTROLS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@cache
def _catalogue() -> dict[str, dict[str, str]]:
    # The loader in C: the other one takes a tenth of an export whose parts are ready.
    text = CATALOGUE.read_text(encoding="utf-8")
    table: dict[str, dict[str, str]] = yaml.load(text, Loader=yaml.CSafeLoader)
    return table


class Words:
    """The catalogue in one language. An unknown key is an error, never an empty place."""

    def __init__(self, language: BundleLanguage) -> None:
        self.language = language
        self.tag = LANG_TAGS[language]

    def __call__(self, key: str, **params: object) -> str:
        return _catalogue()[key][self.language].format(**params)

    def known(self, key: str, otherwise: str) -> str:
        """The word for a value that came from outside, or that value as it came."""
        return self(key) if key in _catalogue() else otherwise


class Prints:
    """Instants in the bundle's zone and numbers as its language writes them."""

    def __init__(self, words: Words, time_zone: str) -> None:
        self._words = words
        self._zone_name = time_zone
        self._zone = ZoneInfo(time_zone)

    def when(self, at: datetime) -> str:
        return f"{self.moment(at)} {self.zone(at)}"

    def moment(self, at: datetime) -> str:
        return at.astimezone(self._zone).strftime(self._words("date.time"))

    def zone(self, at: datetime) -> str:
        """The zone's name where the catalogue has one, else its offset at that instant."""
        return self._words.known(f"zone.{self._zone_name}", _offset(at.astimezone(self._zone)))

    def size(self, size_bytes: int) -> str:
        if size_bytes < _MB:
            return self._words("unit.kilobytes", count=max(1, round(size_bytes / _KB)))
        count = f"{size_bytes / _MB:.1f}"
        if self._words.language is BundleLanguage.RUSSIAN:
            count = count.replace(".", ",")
        return self._words("unit.megabytes", count=count)


def _offset(instant: datetime) -> str:
    minutes = int((instant.utcoffset() or timedelta()).total_seconds()) // 60
    hours, rest = divmod(abs(minutes), 60)
    sign = "-" if minutes < 0 else "+"
    return f"UTC{sign}{hours}" + (f":{rest:02}" if rest else "") if minutes else "UTC"


def clean(text: str) -> str:
    """Text as received, without what no PDF can show: each control character becomes one mark."""
    return _UNPRINTABLE.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def name(text: str) -> str:
    """A file name on one line: direction overrides would let it read as another name."""
    return _BIDI_CONTROLS.sub("", clean(text)).replace("\n", " ").replace("\t", " ")


def paragraphs(text: str) -> list[str]:
    """The lines of a text, over-long ones cut at a space."""
    return [piece for line in clean(text).split("\n") for piece in _cut(line)]


def _cut(line: str) -> list[str]:
    pieces = []
    while len(line) > _PARAGRAPH_CHARS:
        space = line.rfind(" ", 0, _PARAGRAPH_CHARS)
        end = space + 1 if space > 0 else _PARAGRAPH_CHARS
        pieces.append(line[:end])
        line = line[end:]
    return [*pieces, line]


def direction(text: str) -> str:
    """What `dir=auto` would choose; WeasyPrint 70 does not know it: the first strong letter."""
    for letter in text:
        kind = unicodedata.bidirectional(letter)
        if kind == "L":
            return "ltr"
        if kind in {"R", "AL"}:
            return "rtl"
    return "ltr"


def script_tag(text: str) -> str:
    """`zh-CN` for a text with Chinese characters and no kana, else nothing."""
    return "zh-CN" if _HAN.search(text) and not _KANA.search(text) else ""
