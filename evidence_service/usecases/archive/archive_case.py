"""The archiving job: lock every version, seal, make the package, then set the state.

Safe to repeat: a lock that stands is kept, the sealing event is written once, the package is the
same bytes each time, and an archived case is left alone.
"""

from __future__ import annotations

import tempfile
from calendar import monthrange
from pathlib import Path
from typing import TYPE_CHECKING

from evidence_service.domain.case import CaseState
from evidence_service.domain.evidence import ItemState
from evidence_service.domain.sending import BundleState
from evidence_service.ports import PackageRow, SystemScope
from evidence_service.usecases.archive.package_contents import package_contents
from evidence_service.usecases.assemble.read_text import read_text
from evidence_service.usecases.judging import pinned
from evidence_service.usecases.originals import destroy, key_of, objects_of_item
from storage import keys

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from uuid import UUID

    from evidence_service.domain.case import Case
    from evidence_service.ports import Ports

ARCHIVE_CASE = "archive_case"
# Visa's compelling evidence reaches back 365 days and acquirers ask for copies for 18 months.
RETENTION_MONTHS = 24


def archive_case(case_id: UUID, *, ports: Ports, progress: Callable[[float], None]) -> None:
    def tell(fraction: float) -> None:
        progress(fraction)
        ports.progress.of_archive(case_id, fraction)

    with ports.unit_of_work(SystemScope()) as work:
        case = work.cases.get(case_id)
    if case.state is CaseState.ARCHIVED:
        return
    settled = _settle_pictures(case, ports)
    if settled is None:
        return
    case = settled
    until = add_months(case.archive_requested_at or ports.now(), RETENTION_MONTHS)
    objects = list(objects_of(case))
    for done, (key, version_id) in enumerate(objects, start=1):
        ports.store.lock(key, version_id=version_id, until=until, mode="COMPLIANCE")
        tell(0.8 * done / len(objects))
    with ports.unit_of_work(SystemScope()) as work:
        case = work.cases.get_for_update(case_id)
        case.seal(objects_locked=len(objects), locked_until=until, at=ports.now())
    package = _make_package(case_id, until, ports)
    with ports.unit_of_work(SystemScope()) as work:
        case = work.cases.get_for_update(case_id)
        if work.packages.get(case_id) is None:
            work.packages.add(case, package, ports.now())
        case.archive(package_sha256=package.sha256, at=ports.now())
    progress(1.0)


def _settle_pictures(case: Case, ports: Ports) -> Case | None:
    """Read every picture and page before its bytes can no longer be destroyed.

    Returns:
        The case as it is archived; None where an item shows what somebody has to redact first.

    Raises:
        Unavailable: one cannot be read now.
    """
    for item in case.items:
        if item.shows_pixels:
            read_text(case.id, item.id, ports=ports)
    gone: list[tuple[str, str]] = []
    with ports.unit_of_work(SystemScope()) as work:
        case = work.cases.get_for_update(case.id)
        if any(item.is_open for item in case.items):
            case.stop_archiving(at=ports.now())
            return None
        for item in case.items:
            if item.state is ItemState.WITHDRAWN and item.shows_card:
                gone += objects_of_item(case, item)
                work.texts.remove(item.id)
                case.destroy_withdrawn(item.id, at=ports.now())
    destroy(gone, ports)
    return case


def objects_of(case: Case, package: PackageRow | None = None) -> Iterator[tuple[str, str]]:
    """Key and version of every object the case's rows name, its package's among them."""
    for item in case.items:
        if item.is_stored:
            yield keys.evidence(case.id, item.sha256), item.version_id
    for bundle in case.bundles:
        if bundle.state is BundleState.READY and bundle.sha256 and bundle.version_id:
            yield keys.bundle(case.id, bundle.sha256), bundle.version_id
    for receipt in case.receipts:
        yield keys.receipt(case.id, receipt.sha256), receipt.version_id
    if package is not None:
        yield keys.package(case.id, package.sha256), package.version_id


def derivatives_of(case: Case) -> Iterator[tuple[str, str]]:
    """The same of what was made of originals: neither locked nor verified, it can be made again."""
    for item in case.items:
        for made in item.derivatives:
            yield keys.derivative(case.id, made.sha256), made.version_id


def _make_package(case_id: UUID, until: datetime, ports: Ports) -> PackageRow:
    with ports.unit_of_work(SystemScope()) as work:
        case = work.cases.get(case_id)
        pack = pinned(case, work, ports)
        readings = work.normal_forms.of_case(case_id)
    chain = ports.queries.chain(f"case:{case_id}")
    case_key = ports.envelope.unwrap(case.id, key_of(case))
    contents = package_contents(case, pack, readings, chain, ports.store, case_key)
    with tempfile.TemporaryDirectory(dir=ports.spool) as folder:
        path = Path(folder) / "package.zip"
        made = ports.packager.write(path, contents)
        key = keys.package(case.id, made.sha256)
        with path.open("rb") as source:
            stored = ports.store.put(
                key,
                source,
                sha256=made.sha256,
                size_bytes=made.size_bytes,
                case_key=case_key,
                media_type="application/zip",
            )
    ports.store.lock(key, version_id=stored.version_id, until=until, mode="COMPLIANCE")
    return PackageRow(made.sha256, made.size_bytes, stored.version_id)


def add_months(instant: datetime, months: int) -> datetime:
    """The same day some months later, or the last day of a shorter month."""
    month = instant.month - 1 + months
    year, month = instant.year + month // 12, month % 12 + 1
    return instant.replace(year=year, month=month, day=min(instant.day, monthrange(year, month)[1]))
