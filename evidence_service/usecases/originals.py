"""A case's key, and its objects' bytes as files in the spool for those who look into them."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from evidence_service.domain.errors import NotFound
from storage import keys

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from evidence_service.domain.case import Case, Standing
    from evidence_service.domain.evidence import Derivative, EvidenceItem
    from evidence_service.ports import Ports


def key_of(case: Case | Standing) -> bytes:
    """The case's wrapped data key.

    Raises:
        NotFound: the case was erased, its key is gone.
    """
    if case.key_wrapped is None:
        raise NotFound("erased", case_id=str(case.id))
    return case.key_wrapped


def fetch_original(case: Case, item: EvidenceItem, folder: Path, ports: Ports) -> Path:
    """The original under its hash as the file's name, streamed from the store."""
    key = keys.evidence(case.id, item.sha256)
    return _fetch(case, key, item.version_id, folder / item.sha256, ports)


def fetch_derivative(case: Case, made: Derivative, folder: Path, ports: Ports) -> Path:
    """The same of something that was made of an original."""
    key = keys.derivative(case.id, made.sha256)
    return _fetch(case, key, made.version_id, folder / made.sha256, ports)


def _fetch(case: Case, key: str, version_id: str, path: Path, ports: Ports) -> Path:
    case_key = ports.envelope.unwrap(case.id, key_of(case))
    with (
        ports.store.get(key, version_id=version_id, case_key=case_key) as chunks,
        path.open("wb") as out,
    ):
        for chunk in chunks:
            out.write(chunk)
    return path


def objects_of_item(case: Case, item: EvidenceItem) -> Iterator[tuple[str, str]]:
    """Key and version of the original, and of all that was made of it."""
    yield keys.evidence(case.id, item.sha256), item.version_id
    for made in item.derivatives:
        yield keys.derivative(case.id, made.sha256), made.version_id


def destroy(objects: Iterable[tuple[str, str]], ports: Ports) -> None:
    """Now; what fails is an object without a row, which the janitor sweeps."""
    for key, version_id in objects:
        with suppress(*ports.store_errors):
            ports.store.delete_version(key, version_id=version_id)
