"""Rule packs: what each platform wants for each reason, as data. How to add one: README.md."""

from __future__ import annotations

from functools import cache

from evidence_service.platforms.changes import Change, diff
from evidence_service.platforms.pack import (
    Clock,
    Delivery,
    Detail,
    LimitsWhen,
    Note,
    Pack,
    Reason,
    StatementField,
    TextLimit,
    pack_plain,
    requirement_plain,
)
from evidence_service.platforms.rules import Problem, builtin_paths, check, listed, load
from evidence_service.platforms.schema import BadPack, schema

__all__ = [
    "BadPack",
    "Change",
    "Clock",
    "Delivery",
    "Detail",
    "LimitsWhen",
    "Note",
    "Pack",
    "Problem",
    "Reason",
    "StatementField",
    "TextLimit",
    "all_packs",
    "builtin_paths",
    "check",
    "diff",
    "get_pack",
    "listed",
    "load",
    "pack_plain",
    "requirement_plain",
    "schema",
]


@cache
def _packs() -> dict[str, Pack]:
    return {pack.id: pack for pack in map(load, builtin_paths())}


def all_packs() -> tuple[Pack, ...]:
    """The built-in packs, by id. They are read once in a process."""
    return tuple(_packs().values())


def get_pack(pack_id: str) -> Pack:
    """The pack of a platform.

    Raises:
        KeyError: there is none.
    """
    return _packs()[pack_id]
