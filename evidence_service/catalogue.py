"""The words people read, in Chinese, English and Russian: locale/*.yaml, one mapping a file.

A key's text is `{zh: …, en: …, ru: …}`; `{name}` in it is filled from the parameters.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, cast

import yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

LANGUAGES = ("zh", "en", "ru")
DEFAULT_LANGUAGE = "en"
_FOLDER = Path(__file__).parent / "locale"


@cache
def words() -> dict[str, dict[str, str]]:
    """Every key of every file.

    Raises:
        ValueError: two files hold the same key.
    """
    found: dict[str, dict[str, str]] = {}
    for path in sorted(_FOLDER.glob("*.yaml")):
        entries = cast("dict[str, dict[str, str]]", yaml.safe_load(path.read_text("utf-8")))
        twice = found.keys() & entries.keys()
        if twice:
            raise ValueError(f"{path.name} repeats {sorted(twice)}")
        found |= entries
    return found


def say(key: str, language: str, **params: object) -> str:
    """The text of a key, or the key itself where the catalogue has none."""
    entry = words().get(key)
    if entry is None:
        return key
    text = entry.get(language) or entry[DEFAULT_LANGUAGE]
    return text.format_map(_Shown(params)) if params else text


def bundle_error(code: str, params: Mapping[str, str], language: str) -> str:
    """Why there is no bundle, and what to change; in general where no particulars were kept."""
    key = f"error.{code}.detail" if params else f"bundle_error.{code}"
    return say(key if key in words() else "bundle_error.bundle_failed", language, **params)


class _Shown(dict[str, object]):
    """A parameter that was not given shows as its name rather than as an error."""

    def __missing__(self, key: str) -> str:
        return f"{{{key}}}"


def best_language(header: str | None, fallback: str) -> str:
    """The first language of an Accept-Language header that the catalogue has."""
    wanted: list[tuple[float, str]] = []
    for part in (header or "").split(","):
        name, _, quality = part.strip().partition(";q=")
        try:
            wanted.append((-float(quality or 1), name.split("-")[0].lower()))
        except ValueError:
            continue
    for _, name in sorted(wanted, key=lambda pair: pair[0]):
        if name in LANGUAGES:
            return name
    return fallback if fallback in LANGUAGES else DEFAULT_LANGUAGE
