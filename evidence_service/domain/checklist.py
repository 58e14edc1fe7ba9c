"""What a platform wants for a reason, judged against what a case holds. Pure: no I/O, no clock.

The requirements are data (a rule pack under `platforms/`); a new platform needs no code here. A
new *sort* of check is a new frozen class in `checks.py`, because it is code.

An item counts for a requirement if it is of one of the accepted kinds and carries every fact
asked of that kind. What a requirement comes to:

=====================  ===================  =======================  ==========================
in the case            code                 required                 any other level
=====================  ===================  =======================  ==========================
enough that count      `met`                met                      met
enough, a check fails  the check's          weak                     weak
some, not enough       `too_few`            missing                  weak
the kind, not the fact `fact_absent`        missing                  weak
nothing of the kind    `none_of_kind`       missing                  missing
condition is false     `condition_not_met`  not_applicable           not_applicable
condition is unknown   `condition_unknown`  missing unless more      not_applicable unless met
a waiver, and not met  `waived`             waived                   waived
another of its group   `group_met`          not_applicable           not_applicable
=====================  ===================  =======================  ==========================

Where a check cannot be answered from what was read, the line stays met under the check's own code:
nobody is charged with what nobody knows, and nobody is told that it was seen.

A condition asks for details of the case (`card_network`, say). Where the case does not state the
detail yet, a required line stays on the list: leaving it out would let an agent hand in without
ever having been asked.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Protocol

from evidence_service.domain.checks import NOTHING_KNOWN, Verdict

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import date
    from uuid import UUID

    from evidence_service.domain.checks import Answer, Check, Circumstances
    from evidence_service.domain.digest import Digest
    from evidence_service.domain.evidence import EvidenceKind


class Level(StrEnum):
    REQUIRED = "required"
    RECOMMENDED = "recommended"
    OPTIONAL = "optional"
    # The platform names it without saying how much it matters.
    UNSPECIFIED = "unspecified"


class Outcome(StrEnum):
    MET = "met"
    MISSING = "missing"
    WEAK = "weak"
    WAIVED = "waived"
    NOT_APPLICABLE = "not_applicable"


# What the score weighs. What only may be given is no gap when it is absent, so it weighs nothing;
# what is named without a level is taken as recommended.
WEIGHT = {Level.REQUIRED: 3, Level.RECOMMENDED: 2, Level.UNSPECIFIED: 2, Level.OPTIONAL: 0}
# A waiver lets the case pass but proves nothing to the platform: half, like weak evidence.
VALUE = {
    Outcome.MET: Fraction(1),
    Outcome.WEAK: Fraction(1, 2),
    Outcome.WAIVED: Fraction(1, 2),
    Outcome.MISSING: Fraction(0),
}


class Evidence(Protocol):
    """What judging needs to know of an item; `domain.evidence.EvidenceItem` is one."""

    @property
    def id(self) -> UUID: ...
    @property
    def kind(self) -> EvidenceKind: ...
    @property
    def counts(self) -> bool: ...
    @property
    def facts(self) -> frozenset[str]: ...
    @property
    def digest(self) -> Digest: ...


@dataclass(frozen=True, slots=True)
class Source:
    """Where a rule is written: a URL, or `seed:<number>` for a client's document.

    `read_on` is the day of the copy the rule was read in, where that is known.
    """

    url: str
    read_on: date | None
    verified: bool


@dataclass(frozen=True, slots=True)
class Accept:
    """One way to meet a requirement: an item of `kind` that carries all of `facts`."""

    kind: EvidenceKind
    facts: frozenset[str] = frozenset()

    def takes(self, item: Evidence) -> bool:
        return item.kind is self.kind and self.facts <= item.facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """One line of a checklist.

    `when` maps a detail of the case to the values under which the line applies; all must hold.
    Of the lines of one `group` any one is enough. `checks` ask more of the items that count.
    `example`, `supplied_by` and `gone` (when it can usually not be had any more) help to get it,
    where the facts say them. `code` is the platform's own name of the evidence type, where it is
    not the id. `theirs` marks what the platform asked for in this very dispute.
    """

    id: str
    level: Level
    accepts: tuple[Accept, ...]
    why: Mapping[str, str]
    title: Mapping[str, str]
    sources: tuple[Source, ...]
    when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    at_least: int = 1
    group: str | None = None
    checks: tuple[Check, ...] = ()
    theirs: bool = False
    example: Mapping[str, str] | None = None
    supplied_by: tuple[str, ...] = ()
    gone: Mapping[str, str] | None = None
    code: str = ""

    @property
    def kinds(self) -> tuple[EvidenceKind, ...]:
        return tuple(dict.fromkeys(accept.kind for accept in self.accepts))

    def judge(self, items: Sequence[Evidence], about: Circumstances = NOTHING_KNOWN) -> Finding:
        """Judge the items alone: neither the condition nor a waiver is looked at."""
        found = [item for item in items if any(accept.takes(item) for accept in self.accepts)]
        if len(found) >= self.at_least:
            return self._checked(found, about)
        if found:
            params = {"found": str(len(found)), "wanted": str(self.at_least)}
            return Finding(self, self._short, "too_few", params, _ids(found))
        near = [item for item in items if item.kind in self.kinds]
        if near:
            params = {"fact": ", ".join(self._nearest_gap(near))}
            return Finding(self, self._short, "fact_absent", params, _ids(near))
        return Finding(self, Outcome.MISSING, "none_of_kind")

    def _checked(self, found: Sequence[Evidence], about: Circumstances) -> Finding:
        """Enough is there: what the checks say of it, the lowest verdict first."""
        answers = tuple(check.judge(found, self.at_least, about) for check in self.checks)
        lowest = min(answers, key=lambda answer: answer.verdict, default=None)
        if lowest is None or lowest.verdict is Verdict.PASSED:
            return Finding(self, Outcome.MET, "met", {}, _ids(found), answers)
        outcome = Outcome.WEAK if lowest.verdict is Verdict.FAILED else Outcome.MET
        return Finding(self, outcome, lowest.code, lowest.params, _ids(found), answers)

    @property
    def _short(self) -> Outcome:
        """What evidence comes to that is there and does not suffice."""
        return Outcome.MISSING if self.level is Level.REQUIRED else Outcome.WEAK

    def _nearest_gap(self, near: Sequence[Evidence]) -> tuple[str, ...]:
        """The facts the closest item lacks; ties go by name, so that order plays no part."""
        gaps = {
            tuple(sorted(accept.facts - item.facts))
            for item in near
            for accept in self.accepts
            if accept.kind is item.kind
        }
        return min(gaps, key=lambda gap: (len(gap), gap))


@dataclass(frozen=True, slots=True)
class Finding:
    """What one requirement came to.

    `code` has its sentence in the catalogue under `finding.<code>`, and what to do about it under
    `next.<code>`. `answers` are those of the requirement's checks, in the pack's order.
    """

    requirement: Requirement
    outcome: Outcome
    code: str
    params: Mapping[str, str] = field(default_factory=dict)
    evidence_ids: tuple[UUID, ...] = ()
    answers: tuple[Answer, ...] = ()

    @property
    def checks(self) -> list[dict[str, object]]:
        """Each check with its verdict, as JSON values."""
        asked = self.requirement.checks
        return [
            {
                **check.to_plain(),
                "verdict": answer.verdict.name.lower(),
                "code": answer.code,
                "params": dict(answer.params),
                "evidence_ids": [str(evidence_id) for evidence_id in answer.evidence_ids],
            }
            for check, answer in zip(asked, self.answers, strict=False)
        ]

    def to_plain(self) -> dict[str, object]:
        asked = self.requirement
        return {
            "requirement": asked.id,
            "level": asked.level.value,
            "outcome": self.outcome.value,
            "code": self.code,
            "params": dict(self.params),
            "title": dict(asked.title),
            "why": dict(asked.why),
            "sources": [source_plain(source) for source in asked.sources],
            "evidence_ids": [str(evidence_id) for evidence_id in self.evidence_ids],
            "checks": self.checks,
            "theirs": asked.theirs,
        }


@dataclass(frozen=True, slots=True)
class ScorePart:
    """A line's share in the score: `points` of the `weight` it could give."""

    requirement: str
    level: Level
    outcome: Outcome
    weight: int
    points: Fraction

    def to_plain(self) -> dict[str, object]:
        return {
            "requirement": self.requirement,
            "level": self.level.value,
            "outcome": self.outcome.value,
            "weight": self.weight,
            "points": float(self.points),
        }


@dataclass(frozen=True, slots=True)
class Report:
    """Kept with the case, so that an auditor sees the rules as they were on the day."""

    platform: str
    pack_version: str
    findings: tuple[Finding, ...]

    @property
    def complete(self) -> bool:
        """Nothing required is missing; what is waived is not missing."""
        return not self.missing_required

    @property
    def missing_required(self) -> tuple[Requirement, ...]:
        return tuple(
            finding.requirement
            for finding in self.findings
            if finding.requirement.level is Level.REQUIRED and finding.outcome is Outcome.MISSING
        )

    @property
    def score(self) -> float:
        """Sum of weight x value over sum of weight, of what applies; four decimals.

        Weights: required 3, recommended and unspecified 2, optional 0. Values: met 1, weak and
        waived 1/2, missing 0. Where nothing that weighs is asked for, nothing is missing: 1.
        """
        parts = self.score_parts
        total = sum(part.weight for part in parts)
        if not total:
            return 1.0
        return round(float(sum(part.points for part in parts) / total), 4)

    @property
    def score_parts(self) -> tuple[ScorePart, ...]:
        """The score's arithmetic: a part for each line that applies, in the pack's order."""
        return tuple(
            ScorePart(
                finding.requirement.id,
                finding.requirement.level,
                finding.outcome,
                WEIGHT[finding.requirement.level],
                WEIGHT[finding.requirement.level] * VALUE[finding.outcome],
            )
            for finding in self.findings
            if finding.outcome is not Outcome.NOT_APPLICABLE
        )

    def to_plain(self) -> dict[str, object]:
        """The whole verdict as JSON values, texts in every language."""
        return {
            "pack": {"platform": self.platform, "version": self.pack_version},
            "complete": self.complete,
            "score": self.score,
            "score_parts": [part.to_plain() for part in self.score_parts],
            "findings": [finding.to_plain() for finding in self.findings],
        }


def judge(
    requirements: Iterable[Requirement],
    items: Iterable[Evidence],
    waivers: Collection[str],
    details: Mapping[str, str],
    about: Circumstances = NOTHING_KNOWN,
) -> tuple[Finding, ...]:
    """Judge a case's items: one finding for each requirement's id, in the pack's order.

    The order of the items plays no part, and more evidence never makes a met line missing.

    Args:
        requirements: of the case's reason; one id may stand several times under conditions that
            exclude each other, the one that applies is judged.
        items: all of the case's; those that do not count are passed over.
        waivers: ids of the requirements an agent has waived.
        details: what the case states of itself, by the keys its pack declares.
        about: what checks hold the items against.
    """
    counting = tuple({item.id: item for item in items if item.counts}.values())
    asked: dict[str, list[Requirement]] = {}
    for requirement in requirements:
        asked.setdefault(requirement.id, []).append(requirement)
    findings = [_judge_one(same, counting, waivers, details, about) for same in asked.values()]
    met = {f.requirement.group for f in findings if f.outcome is Outcome.MET} - {None}
    return tuple(_within_group(finding, met) for finding in findings)


def _within_group(finding: Finding, met: Collection[str | None]) -> Finding:
    """A line nobody needs any more, since another one of its group is met."""
    if finding.outcome is Outcome.MET or finding.requirement.group not in met:
        return finding
    return Finding(finding.requirement, Outcome.NOT_APPLICABLE, "group_met")


def _judge_one(
    same: Sequence[Requirement],
    items: Sequence[Evidence],
    waivers: Collection[str],
    details: Mapping[str, str],
    about: Circumstances,
) -> Finding:
    requirement = min(same, key=lambda r: _RANK[_condition(r, details)])
    condition = _condition(requirement, details)
    if condition is _Condition.FALSE:
        params = _condition_params(requirement)
        return Finding(requirement, Outcome.NOT_APPLICABLE, "condition_not_met", params)
    finding = requirement.judge(items, about)
    if finding.outcome is Outcome.MET:
        return finding
    if condition is _Condition.UNKNOWN and requirement.level is not Level.REQUIRED:
        params = _condition_params(requirement)
        return Finding(requirement, Outcome.NOT_APPLICABLE, "condition_unknown", params)
    if requirement.id in waivers:
        return Finding(
            requirement, Outcome.WAIVED, "waived", {}, finding.evidence_ids, finding.answers
        )
    if condition is _Condition.UNKNOWN and finding.outcome is Outcome.MISSING:
        params = _condition_params(requirement)
        return Finding(
            requirement, Outcome.MISSING, "condition_unknown", params, finding.evidence_ids
        )
    return finding


class _Condition(StrEnum):
    TRUE = "true"
    UNKNOWN = "unknown"
    FALSE = "false"


_RANK = {_Condition.TRUE: 0, _Condition.UNKNOWN: 1, _Condition.FALSE: 2}


def _condition(requirement: Requirement, details: Mapping[str, str]) -> _Condition:
    stated = [(values, details.get(name)) for name, values in requirement.when.items()]
    if any(value is not None and value not in values for values, value in stated):
        return _Condition.FALSE
    if any(value is None for _, value in stated):
        return _Condition.UNKNOWN
    return _Condition.TRUE


def _condition_params(requirement: Requirement) -> dict[str, str]:
    wanted = sorted(requirement.when.items())
    return {"condition": "; ".join(f"{name} = {' / '.join(values)}" for name, values in wanted)}


def _ids(items: Iterable[Evidence]) -> tuple[UUID, ...]:
    return tuple(sorted(item.id for item in items))


def source_plain(source: Source) -> dict[str, object]:
    """The source as JSON values."""
    return {
        "url": source.url,
        "read_on": source.read_on.isoformat() if source.read_on else None,
        "verified": source.verified,
    }
