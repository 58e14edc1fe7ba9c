"""The packs of today: the built-in ones, a team's own over them, and what it adds for its stores.

A team's folder holds two sorts of files, told apart by what they say and not by their names:

- a pack with an `id`: it takes the place of the built-in pack of this id, or is a new platform;
- an addition with `extends`: its lines stand behind the pack's own, in every store of the platform
  or, with `store`, in that one.

All pass the same check. A pack with additions has a version that names each: `3+house-2`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.platforms.rules import (
    builtin_paths,
    check,
    check_addition,
    laid_over,
)
from evidence_service.platforms.schema import BadPack, build, is_addition, read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from evidence_service.platforms.pack import Pack

Raw = dict[str, Any]


def team_paths(folder: Path | None) -> list[Path]:
    """The files of a team's folder; none without a folder."""
    return sorted(folder.glob("*.yaml")) if folder is not None else []


def check_folder(folder: Path) -> list[str]:
    """What is wrong with a team's folder, a line each."""
    if not folder.is_dir():
        return [f"{folder}: no such folder"]
    own = team_paths(folder)
    replaced = {raw.get("id") for raw in map(read_yaml, own) if isinstance(raw, dict)}
    kept = [path for path in builtin_paths() if path.stem not in replaced]
    return [str(problem) for problem in check([*kept, *own])]


class Shelf:
    """Every pack as it is today. Read once; a case opened later is pinned to what stands here."""

    def __init__(self, packs: Iterable[Raw], additions: Iterable[Raw] = ()) -> None:
        added = list(additions)
        self._for_stores = [one for one in added if "store" in one]
        everywhere = [one for one in added if "store" not in one]
        self._raw = {raw["id"]: _layered(raw, everywhere) for raw in packs}
        self._packs = {name: build(raw) for name, raw in sorted(self._raw.items())}
        self._built: dict[tuple[str, str], Pack] = {}
        # Two additions that clash are found at the start, not when a case is opened.
        for pack_id, store in {(one["extends"], one["store"]) for one in self._for_stores}:
            self.for_store(pack_id, store, store)

    @classmethod
    def load(cls, folder: Path | None = None) -> Shelf:
        """The built-in packs, and a team's folder over them.

        Raises:
            BadPack: a pack or an addition has problems; the text names each.
        """
        if folder is not None and (problems := check_folder(folder)):
            raise BadPack("\n".join(problems))
        found = [read_yaml(path) for path in (*builtin_paths(), *team_paths(folder))]
        # A team's pack comes later and takes the built-in one's place.
        packs = {raw["id"]: raw for raw in found if not is_addition(raw)}
        return cls(packs.values(), [raw for raw in found if is_addition(raw)])

    def all(self) -> tuple[Pack, ...]:
        """The packs that every store sees, by id."""
        return tuple(self._packs.values())

    def get(self, pack_id: str) -> Pack:
        """The pack of a platform.

        Raises:
            KeyError: there is none.
        """
        return self._packs[pack_id]

    def for_store(self, pack_id: str, store_id: str, name: str) -> Pack:
        """The pack with what is added for this store.

        Raises:
            KeyError: there is none.
        """
        additions = self._additions(pack_id, store_id, name)
        if not additions:
            return self.get(pack_id)
        key = (pack_id, store_id)
        if key not in self._built:
            self._built[key] = build(_layered(self._raw[pack_id], additions))
        return self._built[key]

    def _additions(self, pack_id: str, store_id: str, name: str) -> list[Raw]:
        return [
            one
            for one in self._for_stores
            if one["extends"] == pack_id and one["store"] in {store_id, name}
        ]


def _layered(raw: Raw, additions: Iterable[Raw]) -> Raw:
    """The pack's values with its additions, each checked over those before it."""
    whole = raw
    for addition in additions:
        if addition["extends"] == raw["id"]:
            problems = check_addition(f"{whole['id']} {whole['version']}", whole, addition)
            if problems:
                raise BadPack("\n".join(map(str, problems)))
            whole = laid_over(whole, addition)
    return whole
