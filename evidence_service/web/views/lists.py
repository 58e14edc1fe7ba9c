"""What a list says of a case, from its row alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evidence_service.domain.case import NEVER, OPEN_STATES, CaseState
from evidence_service.domain.order import Money
from evidence_service.usecases.clocks import handover_of
from evidence_service.web.views.clocks import Due

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from evidence_service.platforms import Pack
    from evidence_service.platforms.sla import SLA
    from evidence_service.ports import CaseRow
    from evidence_service.web.words import Reader


def row_money(row: CaseRow) -> Money | None:
    if row.amount_minor is None or not row.currency:
        return None
    return Money(row.amount_minor, row.currency)


def row_due(row: CaseRow, now: datetime) -> Due | None:
    if row.next_due_at == NEVER or CaseState(row.state) not in OPEN_STATES:
        return None
    return Due(row.next_due_at, row.next_due_at - now)


def row_handover(row: CaseRow, sla: SLA) -> datetime | None:
    """The last safe hand-over of a case that is still being put together."""
    return handover_of(row, sla) if row.state == CaseState.ASSEMBLING.value else None


def row_attention(row: CaseRow, reader: Reader) -> str | None:
    """What the row's clocks say; nothing while all is in time."""
    return reader.t(f"attention.{row.attention}") if row.attention else None


def row_step(row: CaseRow, reader: Reader) -> str:
    """A list's word for the next step, from what its row knows."""
    if row.state == CaseState.ASSEMBLING.value and row.missing_count:
        return reader.t("missing_count", n=row.missing_count)
    return reader.t(f"row_step.{row.state}")


def row_reason(row: CaseRow, packs: Mapping[str, Pack], reader: Reader) -> str:
    """A list's word for the dispute's reason; one the pack no longer has shows its code."""
    titles = {reason.code: reason.title for reason in packs[row.platform].reasons}
    return reader.of(titles[row.reason]) if row.reason in titles else row.reason
