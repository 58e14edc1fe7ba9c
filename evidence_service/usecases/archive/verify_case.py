"""Whether a case's objects and chain are still what its rows say: re-hashed, never assumed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from evidence_service.domain.chain import verify_chain
from evidence_service.domain.errors import Unavailable
from evidence_service.domain.events import BundleReady, EvidenceAdded, ReceiptAdded
from evidence_service.domain.evidence import ItemState
from evidence_service.usecases.archive.archive_case import objects_of
from evidence_service.usecases.originals import key_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evidence_service.domain.case import Case
    from evidence_service.domain.chain import Link
    from evidence_service.ports import PackageRow, Ports


class Verdict(StrEnum):
    INTACT = "intact"
    DIFFERS = "differs"
    INCOMPLETE = "incomplete"


@dataclass(slots=True)
class Verification:
    ok: int = 0
    locked: int = 0
    differs: list[str] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)
    erased: int = 0
    chain_events: int = 0
    chain_head: str | None = None
    chain_problems: list[str] = field(default_factory=list)

    @property
    def verdict(self) -> Verdict:
        if self.differs or self.chain_problems:
            return Verdict.DIFFERS
        return Verdict.INCOMPLETE if self.unreadable else Verdict.INTACT


def verify_case(case: Case, package: PackageRow | None, ports: Ports) -> Verification:
    """Read every object of the case back, walk its chain, and hold the rows against it."""
    found = Verification()
    objects = list(objects_of(case, package))
    if case.key_wrapped is None:
        found.erased = len(objects)
    else:
        _verify_objects(case, objects, ports, found)
    chain = ports.queries.chain(f"case:{case.id}")
    found.differs += _rows_beside(chain, case)
    found.chain_events = len(chain)
    found.chain_head = chain[-1].hash if chain else None
    found.chain_problems = [str(problem) for problem in verify_chain(chain)]
    return found


def _verify_objects(
    case: Case, objects: list[tuple[str, str]], ports: Ports, found: Verification
) -> None:
    try:
        case_key = ports.envelope.unwrap(case.id, key_of(case))
    except ports.store_errors:
        found.unreadable += [key for key, _ in objects]
        return
    for key, version_id in objects:
        _verify_object(key, version_id, case_key, ports, found)


def _rows_beside(chain: Sequence[Link], case: Case) -> list[str]:
    """Rows whose hash is not the one that was chained when they were made, or that are gone."""
    chained = {
        link.subject: link.data["sha256"]
        for link in chain
        if link.kind in {EvidenceAdded.kind, BundleReady.kind, ReceiptAdded.kind}
    }
    unsettled = {ItemState.CHECKING, ItemState.REFUSED}
    settled = (item for item in case.items if item.state not in unsettled)
    rows: dict[str | None, str] = {str(item.id): item.sha256 for item in settled}
    rows |= {str(bundle.id): bundle.sha256 for bundle in case.bundles if bundle.sha256}
    rows |= {str(receipt.submission_id): receipt.sha256 for receipt in case.receipts}
    return [
        f"row {row}: is not what the chain says"
        for row in sorted(chained.keys() | rows.keys(), key=str)
        if chained.get(row) != rows.get(row)
    ]


def _verify_object(
    key: str, version_id: str, case_key: bytes, ports: Ports, found: Verification
) -> None:
    expected = key.rsplit("/", 1)[1]
    digest = hashlib.sha256()
    try:
        with ports.store.get(key, version_id=version_id, case_key=case_key) as chunks:
            for chunk in chunks:
                digest.update(chunk)
        locked = ports.store.locked_until(key, version_id=version_id)
    except Unavailable:
        raise
    except ports.store_errors:
        found.unreadable.append(key)
        return
    if digest.hexdigest() == expected:
        found.ok += 1
    else:
        found.differs.append(key)
    found.locked += locked is not None
