"""Values without what neither a database nor a page takes: NUL and halves of characters."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar, cast

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")

T = TypeVar("T")


def is_storable(text: str) -> bool:
    return _UNSTORABLE.search(text) is None


def replaced(text: str) -> str:
    return _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def storable(value: T) -> T:
    """The same value, of the domain's kinds, with such characters replaced at any depth."""
    return cast("T", _storable(value))


def _storable(value: Any) -> Any:
    if type(value) is str:
        return replaced(value)
    if isinstance(value, tuple):
        return tuple(map(_storable, value))
    if isinstance(value, Mapping):
        return {replaced(name): _storable(one) for name, one in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{f.name: _storable(getattr(value, f.name)) for f in fields(value)})
    return value
