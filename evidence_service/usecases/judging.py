"""A case judged by its pack: what the checklist, the hand-in and the bundle all ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evidence_service.domain.checklist import Report, judge
from evidence_service.domain.errors import invalid
from evidence_service.platforms import get_pack

if TYPE_CHECKING:
    from evidence_service.domain.case import Case
    from evidence_service.platforms import Pack, Reason


def pack_of(platform: str) -> Pack:
    try:
        return get_pack(platform)
    except KeyError:
        raise invalid("platform", "unknown", f"there is no rule pack {platform!r}") from None


def reason_of(pack: Pack, code: str) -> Reason:
    try:
        return pack.reason(code)
    except KeyError:
        known = ", ".join(reason.code for reason in pack.reasons)
        raise invalid("reason", "unknown", f"{pack.id} knows: {known}") from None


def judge_case(case: Case) -> Report:
    """The report of the case as it stands, by the pack it is pinned to."""
    pack = pack_of(case.pack_id)
    findings = judge(
        reason_of(pack, case.reason).requirements,
        case.items,
        {waiver.requirement for waiver in case.waivers},
        case.details,
    )
    return Report(pack.id, case.pack_version, findings)


def rejudge(case: Case) -> Report:
    """Judge after a change and keep the verdict on the case, where lists read it."""
    report = judge_case(case)
    case.completeness = report.score
    case.missing_count = len(report.missing_required)
    return report
