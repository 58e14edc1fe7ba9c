"""Plain domain classes on the tables, mapped once, at import (docs/adr/0004).

Attributes that are no columns (a case's events) do not exist after a load, so a listener gives
them back. Queries name table columns: `cases.c.id == x`.
"""

from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Composite, composite, registry, relationship

from evidence_service.adapters.db import tables as t
from evidence_service.domain.case import Case
from evidence_service.domain.evidence import EvidenceItem
from evidence_service.domain.order import Money
from evidence_service.domain.records import (
    Contributor,
    PlatformRequirements,
    Review,
    Statement,
    Waiver,
)
from evidence_service.domain.sending import Bundle, CaseOutcome, Receipt, Submission
from evidence_service.domain.upload import Upload

mapper = registry()


def _money(table: Any) -> Composite[Money]:
    return composite(
        Money,
        table.c.amount_minor,
        table.c.currency,
        return_none_on=lambda *columns: all(value is None for value in columns),
    )


def _children(of: type[Any], order_by: Any) -> Any:
    """A case loads what it owns with itself: nothing is loaded lazily outside the transaction."""
    return relationship(of, lazy="selectin", order_by=order_by)


for domain_class, table in (
    (EvidenceItem, t.evidence),
    (Contributor, t.contributors),
    (Waiver, t.waivers),
    (Statement, t.statements),
    (PlatformRequirements, t.platform_requirements),
    (Review, t.reviews),
    (Bundle, t.bundles),
    (Receipt, t.receipts),
    (Upload, t.uploads),
):
    mapper.map_imperatively(domain_class, table)

mapper.map_imperatively(
    Submission,
    t.submissions,
    properties={"receipt": relationship(Receipt, uselist=False, lazy="selectin")},
)
mapper.map_imperatively(CaseOutcome, t.outcomes, properties={"amount": _money(t.outcomes)})

mapper.map_imperatively(
    Case,
    t.cases,
    properties={
        "amount": _money(t.cases),
        "items": _children(EvidenceItem, (t.evidence.c.position, t.evidence.c.id)),
        "waivers": _children(Waiver, t.waivers.c.requirement),
        "contributors": _children(Contributor, t.contributors.c.person_id),
        "reviews": _children(Review, t.reviews.c.reviewed_at),
        "bundles": _children(Bundle, t.bundles.c.requested_at),
        "submissions": _children(Submission, t.submissions.c.recorded_at),
        "statement": relationship(Statement, uselist=False, lazy="selectin"),
        "platform_requirements": relationship(PlatformRequirements, uselist=False, lazy="selectin"),
        "outcome": relationship(CaseOutcome, uselist=False, lazy="selectin"),
    },
)


@event.listens_for(Case, "load")
def _restore_events(case: Case, _context: object) -> None:
    case.events = []
