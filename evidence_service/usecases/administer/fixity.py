"""Every object re-hashed against its row, every chain walked: what `evidence fixity` runs."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from evidence_service.domain.chain import verify_chain
from evidence_service.domain.events import FixityChecked
from evidence_service.ports import SystemScope
from evidence_service.usecases.archive.archive_case import derivatives_of, objects_of
from evidence_service.usecases.archive.verify_case import verify_case
from storage import keys

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from evidence_service.ports import Ports

# An object without a row is an upload in flight for a day, and an orphan after it.
PENDING = timedelta(hours=24)


@dataclass(slots=True)
class FixityReport:
    cases: int = 0
    objects_ok: int = 0
    erased: int = 0
    pending: int = 0
    differs: list[str] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)
    orphans: list[str] = field(default_factory=list)
    chains: list[str] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        return not (self.differs or self.unreadable or self.orphans or self.chains)


def check_fixity(case_ids: Iterable[UUID], *, orphans: bool, ports: Ports) -> FixityReport:
    """Check these cases; with `orphans`, also every chain and every object nobody names."""
    report = FixityReport()
    named: set[tuple[str, str]] = set()
    for case_id in case_ids:
        with ports.unit_of_work(SystemScope()) as work:
            case = work.cases.get(case_id)
            package = work.packages.get(case_id)
        named |= {*objects_of(case, package), *derivatives_of(case)}
        found = verify_case(case, package, ports)
        report.cases += 1
        report.objects_ok += found.ok
        report.erased += found.erased
        report.differs += found.differs
        report.unreadable += found.unreadable
        report.chains += [f"case:{case_id}: {problem}" for problem in found.chain_problems]
    if orphans:
        _look_for_orphans(named, report, ports)
        _walk_other_chains(report, ports)
    with ports.unit_of_work(SystemScope()) as work:
        work.record(
            FixityChecked(
                actor=None,
                at=ports.now(),
                objects_ok=report.objects_ok,
                differs=len(report.differs),
                unreadable=len(report.unreadable),
            )
        )
    return report


def _look_for_orphans(named: set[tuple[str, str]], report: FixityReport, ports: Ports) -> None:
    now = ports.now()
    for found in ports.store.list(keys.CASES):
        if (found.key, found.version_id) in named or keys.is_part(found.key):
            continue
        if now - found.modified_at < PENDING:
            report.pending += 1
        else:
            report.orphans.append(f"{found.key} {found.version_id}")


def _walk_other_chains(report: FixityReport, ports: Ports) -> None:
    for chain in ports.queries.chains():
        if not chain.startswith("case:"):
            problems = verify_chain(ports.queries.chain(chain))
            report.chains += [f"{chain}: {problem}" for problem in problems]
