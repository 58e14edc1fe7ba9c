"""The archive package, as it was made: the same bytes whenever asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evidence_service.domain.access import Permission, authorise
from evidence_service.domain.errors import WrongState
from evidence_service.domain.events import PackageDownloaded
from evidence_service.ports import StoreScope
from evidence_service.usecases.looking import Content
from evidence_service.usecases.originals import key_of
from storage import keys

if TYPE_CHECKING:
    from uuid import UUID

    from evidence_service.domain.access import Actor
    from evidence_service.ports import Ports


def read_package(case_id: UUID, *, actor: Actor, ports: Ports) -> Content:
    with ports.unit_of_work(StoreScope(actor.stores)) as work:
        case = work.cases.get(case_id)
        authorise(actor, Permission.ARCHIVE_READ, case)
        package = work.packages.get(case_id)
        if package is None or case.archived_at is None:
            raise WrongState("not_archived", state=case.state.value)
        work.record(
            PackageDownloaded(case_id=case_id, actor=actor.id, at=ports.now()), case.store_id
        )
    return Content(
        ports,
        keys.package(case_id, package.sha256),
        package.version_id,
        ports.envelope.unwrap(case_id, key_of(case)),
        package.sha256,
        package.size_bytes,
        "application/zip",
        f"case-{case_id}.zip",
    )
