"""What a form offers to choose from, and names of people and sites."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from evidence_service.domain.evidence import EvidenceKind
from evidence_service.domain.sending import OutcomeReason
from evidence_service.http import spool
from evidence_service.ports import StoreScope

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from evidence_service.domain.access import Actor
    from evidence_service.domain.checklist import Source
    from evidence_service.platforms import Detail, Pack
    from evidence_service.ports import Ports
    from evidence_service.web.words import Reader

# What a form takes at once; larger files go by themselves.
MAX_FILE_BYTES = spool.MAX_FILE_BYTES


def reason_options(pack: Pack, reader: Reader) -> list[tuple[str, str]]:
    return [(reason.code, reader.of(reason.title)) for reason in pack.reasons]


def detail_options(detail: Detail, reader: Reader) -> list[tuple[str, str]]:
    return [(value, reader.named("ui.detail", value)) for value in detail.values]


def kind_options(reader: Reader) -> list[tuple[str, str]]:
    return [(kind.value, reader.named("kind", kind.value)) for kind in EvidenceKind]


def outcome_reasons(reader: Reader) -> list[tuple[str, str]]:
    return [(why.value, reader.named("ui.outcome_reason", why.value)) for why in OutcomeReason]


def source_name(source: Source) -> str:
    """The site a rule was read on; a client's document by its number."""
    return urlsplit(source.url).hostname or source.url.partition(":")[2]


def people(ids: Iterable[UUID], actor: Actor, ports: Ports) -> dict[UUID, str]:
    """The addresses of those who acted."""
    wanted = sorted(set(ids))
    with ports.unit_of_work(StoreScope(actor.stores)) as work:
        return dict(work.people.emails(wanted))
