"""A case judged by its pack: what the checklist, the hand-in and the bundle all ask."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from evidence_service.catalogue import LANGUAGES, say
from evidence_service.domain.checklist import Accept, Level, Report, Requirement, Source, judge
from evidence_service.domain.checks import Circumstances
from evidence_service.domain.consistency import Contradiction, Told, contradictions
from evidence_service.domain.errors import InvalidInput, invalid
from evidence_service.domain.evidence import EvidenceKind
from evidence_service.platforms.pack import CommonReason

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evidence_service.domain.case import Case
    from evidence_service.platforms import Pack, Reason
    from evidence_service.ports import Ports, StoreRow, Work


def pack_of(platform: str, ports: Ports) -> Pack:
    """A platform's pack as every store sees it today."""
    try:
        return ports.shelf.get(platform)
    except KeyError:
        raise _no_pack(platform) from None


def reason_of(pack: Pack, code: str) -> Reason:
    try:
        return pack.reason(code)
    except KeyError:
        known = ", ".join(reason.code for reason in pack.reasons)
        raise invalid("reason", "unknown", f"{pack.id} knows: {known}") from None


def today(store: StoreRow, ports: Ports) -> Pack:
    """The pack a case of this store is opened with now."""
    try:
        return ports.shelf.for_store(store.platform, str(store.id), store.name)
    except KeyError:
        raise _no_pack(store.platform) from None


def _no_pack(platform: str) -> InvalidInput:
    return invalid("platform", "unknown", f"there is no rule pack {platform!r}")


def pinned(case: Case, work: Work, ports: Ports) -> Pack:
    """The pack as it was when the case was opened, or when an agent last accepted a newer one."""
    # Cases from before packs were kept are judged by today's.
    return work.packs.get(case.pack_id, case.pack_version) or pack_of(case.pack_id, ports)


def judge_case(case: Case, pack: Pack) -> Report:
    """The report of the case as it stands, by the pack it is pinned to."""
    findings = judge(
        _asked(case, pack),
        case.items,
        {waiver.requirement for waiver in case.waivers},
        case.details,
        _circumstances(case),
    )
    return Report(pack.id, case.pack_version, findings)


def _asked(case: Case, pack: Pack) -> tuple[Requirement, ...]:
    """The pack's lines, with what the platform asks in this dispute over them and behind them."""
    known = reason_of(pack, case.reason).requirements
    if case.platform_requirements is None:
        return known
    asked = case.platform_requirements
    source = Source(asked.source, asked.recorded_at.date(), verified=True)
    lines = {line["id"]: line for line in asked.requirements}
    # An id may stand several times under conditions; asked for outright, it stands once.
    merged: list[Requirement] = []
    for one in known:
        line = lines.pop(one.id, None)
        if line is not None:
            merged.append(_theirs(line, source, one))
        elif all(other.id != one.id or not other.theirs for other in merged):
            merged.append(one)
    return (*merged, *(_theirs(line, source, None) for line in lines.values()))


def _theirs(line: Mapping[str, Any], source: Source, ours: Requirement | None) -> Requirement:
    """A line of the platform's answer; the pack's of this id keeps what the answer does not say."""
    level, accepts = Level(line["level"]), tuple(Accept(EvidenceKind(k)) for k in line["kinds"])
    title = dict.fromkeys(LANGUAGES, line["title"])
    if ours is not None:
        return replace(
            ours,
            level=level,
            accepts=accepts or ours.accepts,
            title=title if line["title"] else ours.title,
            sources=(source, *ours.sources),
            when={},
            group=None,
            theirs=True,
        )
    return Requirement(
        id=line["id"],
        level=level,
        accepts=accepts or (Accept(EvidenceKind.ADDITIONAL_INFORMATION),),
        why={language: say("theirs.why", language) for language in LANGUAGES},
        title=title if line["title"] else dict.fromkeys(LANGUAGES, line["id"]),
        sources=(source,),
        theirs=True,
    )


def contradictions_of(case: Case, pack: Pack) -> tuple[Contradiction, ...]:
    """What in the case cannot all be right; it changes no verdict."""
    reason = reason_of(pack, case.reason)
    told = Told(
        order_numbers=case.order_numbers,
        claim_text=case.claim_text or "",
        claims_not_received=reason.common is CommonReason.NOT_RECEIVED,
        amount=case.amount,
        respond_by=case.respond_by,
        dispute_ref=case.dispute_ref or "",
        reason=case.reason,
        known_reasons=frozenset(one.code for one in pack.reasons),
        statement=case.statement.fields if case.statement else {},
    )
    return contradictions(case.items, told)


def _circumstances(case: Case) -> Circumstances:
    return Circumstances(
        opened_at=case.opened_at,
        respond_by=case.respond_by,
        amount=case.amount,
        order_numbers=case.order_numbers,
        details=case.details,
        purchases=tuple(one for item in case.items if item.counts for one in item.digest.purchases),
    )


def rejudge(case: Case, pack: Pack) -> Report:
    """Judge after a change and keep the verdict on the case, where lists read it."""
    report = judge_case(case, pack)
    case.completeness = report.score
    case.missing_count = len(report.missing_required)
    return report
