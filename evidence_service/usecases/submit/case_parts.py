"""Drawn parts of a case's bundles, kept on S3 between two exports: a cache and no evidence.

They stand under the case's prefix and key, are never locked, named by no row, left out of packages
and verification, and swept some days after they were drawn. A store that does not answer costs
time and no bundle: what cannot be fetched is drawn anew.
"""

from __future__ import annotations

import hashlib
from functools import cached_property
from typing import TYPE_CHECKING

from evidence_service.usecases.originals import key_of
from storage import keys

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from evidence_service.domain.case import Case
    from evidence_service.ports import Ports


class CaseParts:
    """The `Parts` port for one case and one export."""

    def __init__(self, case: Case, ports: Ports) -> None:
        self._case = case
        self._ports = ports

    def fetch(self, names: Sequence[str], folder: Path) -> None:
        for name in names:
            try:
                if version_id := self._standing.get(keys.part(self._case.id, name)):
                    self._get(name, version_id, folder / name)
            except self._ports.store_errors:
                (folder / name).unlink(missing_ok=True)

    def keep(self, paths: Iterable[Path]) -> None:
        for path in paths:
            try:
                self._put(path)
            except self._ports.store_errors:
                return

    @cached_property
    def _standing(self) -> dict[str, str]:
        prefix = keys.parts(self._case.id)
        return {one.key: one.version_id for one in self._ports.store.list(prefix)}

    @cached_property
    def _case_key(self) -> bytes:
        return self._ports.envelope.unwrap(self._case.id, key_of(self._case))

    def _get(self, name: str, version_id: str, path: Path) -> None:
        key = keys.part(self._case.id, name)
        with (
            self._ports.store.get(key, version_id=version_id, case_key=self._case_key) as chunks,
            path.open("wb") as out,
        ):
            out.writelines(chunks)

    def _put(self, path: Path) -> None:
        key = keys.part(self._case.id, path.name)
        if version_id := self._standing.get(key):
            # It was damaged, or it would not have been drawn anew: it would stand in the way.
            self._ports.store.delete_version(key, version_id=version_id)
        with path.open("rb") as source:
            sha256 = hashlib.file_digest(source, "sha256").hexdigest()
            source.seek(0)
            self._ports.store.put(
                key,
                source,
                sha256=sha256,
                size_bytes=path.stat().st_size,
                case_key=self._case_key,
                media_type="application/octet-stream",
            )
