"""Whether a case's objects and chain are still what its rows say: re-hashed, never assumed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from evidence_service.domain.chain import verify_chain
from evidence_service.domain.errors import Unavailable
from evidence_service.usecases.archive.archive_case import objects_of
from evidence_service.usecases.assemble.add_evidence import key_of

if TYPE_CHECKING:
    from evidence_service.domain.case import Case
    from evidence_service.ports import Ports


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


def verify_case(case: Case, ports: Ports) -> Verification:
    """Read every object of the case back and walk its chain."""
    found = Verification()
    if case.key_wrapped is None:
        found.erased = len(case.items)
    else:
        case_key = ports.envelope.unwrap(case.id, key_of(case))
        for key, version_id in objects_of(case):
            _verify_object(key, version_id, case_key, ports, found)
    chain = ports.queries.chain(f"case:{case.id}")
    found.chain_events = len(chain)
    found.chain_head = chain[-1].hash if chain else None
    found.chain_problems = [str(problem) for problem in verify_chain(chain)]
    return found


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
