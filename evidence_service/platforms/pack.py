"""A rule pack: what one platform asks for, takes and how long it gives, as frozen values.

Texts are mappings from `zh`, `en`, `ru`. What the platform does not state is absent.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal

from evidence_service.domain.checklist import source_plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evidence_service.domain.checklist import Level, Requirement, Source
    from evidence_service.domain.deadline import Party, Unit

Form = Literal["pdf", "pdf_per_kind", "images", "documents"]


class CommonReason(StrEnum):
    """What platforms' own reasons have in common: the words insights count by."""

    NOT_RECEIVED = "not_received"
    LATE = "late"
    NOT_AS_DESCRIBED = "not_as_described"
    DAMAGED = "damaged"
    DEFECTIVE = "defective"
    WRONG_ITEM = "wrong_item"
    INCOMPLETE = "incomplete"
    COUNTERFEIT = "counterfeit"
    RETURN = "return"
    CREDIT_NOT_PROCESSED = "credit_not_processed"
    CANCELLED = "cancelled"
    DUPLICATE = "duplicate"
    WRONG_AMOUNT = "wrong_amount"
    UNAUTHORISED = "unauthorised"
    UNRECOGNISED = "unrecognised"
    SUBSCRIPTION = "subscription"
    SERVICE_NOT_PROVIDED = "service_not_provided"
    MALICIOUS_CLAIM = "malicious_claim"
    COMPENSATION = "compensation"
    POLICY = "policy"
    GENERAL = "general"


@dataclass(frozen=True, slots=True)
class Note:
    """Something an agent should know that no file can answer: a language, a forbidden channel."""

    id: str
    text: Mapping[str, str]
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class StatementField:
    """A field of the platform's own form that takes words or a value, not a file."""

    field: str
    level: Level
    when: Mapping[str, tuple[str, ...]]
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a buyer disputes. `code` is the platform's own, or descriptive where it has none."""

    code: str
    common: CommonReason | None
    title: Mapping[str, str]
    requirements: tuple[Requirement, ...]
    fields: tuple[StatementField, ...]
    notes: tuple[Note, ...]
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class LimitsWhen:
    when: Mapping[str, str]
    limits: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Delivery:
    """What one channel of the platform takes. A limit that is not there is not stated."""

    id: str
    form: Form
    title: Mapping[str, str]
    limits: Mapping[str, object]
    limits_when: tuple[LimitsWhen, ...]
    verified: bool
    sources: tuple[Source, ...]
    # What was sent through it can be neither added to nor replaced.
    one_try: bool = False

    def limits_for(self, details: Mapping[str, str]) -> dict[str, Any]:
        """The limits that hold for a case with these details: of each name the strictest."""
        found = dict(self.limits)
        for conditional in self.limits_when:
            if all(details.get(name) == value for name, value in conditional.when.items()):
                found = merged_limits(found, conditional.limits)
        return found


# Limits without a stricter and a looser: where two are set, the conditional one is meant.
UNORDERED_LIMITS = frozenset({"orientation", "pdf_profile", "file_name_pattern", "language"})


def merged_limits(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Both together: of each name the stricter value, of lists what stands in both.

    `text` is merged field by field and `max_file_bytes_by_type` type by type; of `UNORDERED_LIMITS`
    the other's stand.
    """
    both = one.keys() & other.keys()
    return {**one, **other, **{name: _stricter(name, one[name], other[name]) for name in both}}


def _stricter(name: str, one: Any, other: Any) -> Any:
    if isinstance(one, dict):
        return merged_limits(one, other)
    if isinstance(one, list):
        return [value for value in one if value in other]
    if name in UNORDERED_LIMITS:
        return other
    # A number, whether something may be there at all, or colour: `black_and_white` comes first.
    return max(one, other) if name.startswith("min_") else min(one, other)


@dataclass(frozen=True, slots=True)
class Clock:
    """A term. `amount` is None where the platform gives the instant itself, in `given_in`.

    A published range has its lower end in `amount` and its upper end in `amount_max`. It runs in
    cases of `reasons` (of all, if empty) under the details of `when`. `differs_from` names another
    clock of the same step: two sources give different lengths.
    """

    id: str
    what: Mapping[str, str]
    actor: Party
    amount: int | None
    amount_max: int | None
    unit: Unit | None
    starts: str
    given_in: str | None
    sources: tuple[Source, ...]
    when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()
    differs_from: str | None = None

    @property
    def verified(self) -> bool:
        return any(source.verified for source in self.sources)


@dataclass(frozen=True, slots=True)
class Detail:
    """Something a case may state of itself. Without `values` any short text is taken."""

    title: Mapping[str, str]
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TextLimit:
    title: Mapping[str, str]
    max_chars: int | None
    max_bytes: int | None
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    id: str
    name: Mapping[str, str]
    version: str
    # The language a bundle for this platform is written in, an ISO 639-1 code.
    language: str
    reasons: tuple[Reason, ...]
    deliveries: tuple[Delivery, ...]
    clocks: tuple[Clock, ...]
    details: Mapping[str, Detail] = field(default_factory=dict)
    text_limits: Mapping[str, TextLimit] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()
    not_accepted: tuple[Note, ...] = ()
    # What it was built from, which is how cases keep it.
    raw: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)

    def reason(self, code: str) -> Reason:
        """The reason of this code.

        Raises:
            KeyError: the pack has none.
        """
        for reason in self.reasons:
            if reason.code == code:
                return reason
        raise KeyError(code)


def pack_plain(pack: Pack) -> dict[str, object]:
    """The pack as `GET /platforms/{id}` shows it: JSON values, texts in every language."""
    return {
        "id": pack.id,
        "name": dict(pack.name),
        "version": pack.version,
        "language": pack.language,
        "reasons": [_reason_plain(reason) for reason in pack.reasons],
        "deliveries": [_delivery_plain(delivery) for delivery in pack.deliveries],
        "clocks": [_clock_plain(clock) for clock in pack.clocks],
        "details": {
            name: {"title": dict(detail.title), "values": list(detail.values)}
            for name, detail in pack.details.items()
        },
        "text_limits": {name: _text_limit_plain(limit) for name, limit in pack.text_limits.items()},
        "notes": [_note_plain(note) for note in pack.notes],
        "not_accepted": [_note_plain(note) for note in pack.not_accepted],
    }


def requirement_plain(requirement: Requirement) -> dict[str, object]:
    return {
        "id": requirement.id,
        "title": dict(requirement.title),
        "level": requirement.level.value,
        "kinds": [kind.value for kind in requirement.kinds],
        "accepts": [
            {"kind": accept.kind.value, "facts": sorted(accept.facts)}
            for accept in requirement.accepts
        ],
        "at_least": requirement.at_least,
        "when": {name: list(values) for name, values in requirement.when.items()},
        "why": dict(requirement.why),
        "group": requirement.group,
        "checks": [check.to_plain() for check in requirement.checks],
        "example": dict(requirement.example) if requirement.example else None,
        "supplied_by": list(requirement.supplied_by),
        "gone": dict(requirement.gone) if requirement.gone else None,
        "code": requirement.code or None,
        "sources": _sources_plain(requirement.sources),
    }


def _reason_plain(reason: Reason) -> dict[str, object]:
    return {
        "code": reason.code,
        "common": reason.common.value if reason.common else None,
        "title": dict(reason.title),
        "requirements": [requirement_plain(r) for r in reason.requirements],
        "fields": [
            {
                "field": wanted.field,
                "level": wanted.level.value,
                "when": {name: list(values) for name, values in wanted.when.items()},
                "sources": _sources_plain(wanted.sources),
            }
            for wanted in reason.fields
        ],
        "notes": [_note_plain(note) for note in reason.notes],
        "sources": _sources_plain(reason.sources),
    }


def _delivery_plain(delivery: Delivery) -> dict[str, object]:
    return {
        "id": delivery.id,
        "form": delivery.form,
        "title": dict(delivery.title),
        "limits": dict(delivery.limits),
        "limits_when": [
            {"when": dict(conditional.when), "limits": dict(conditional.limits)}
            for conditional in delivery.limits_when
        ],
        "one_try": delivery.one_try,
        "verified": delivery.verified,
        "sources": _sources_plain(delivery.sources),
    }


def _clock_plain(clock: Clock) -> dict[str, object]:
    return {
        "id": clock.id,
        "what": dict(clock.what),
        "actor": clock.actor,
        "amount": clock.amount,
        "amount_max": clock.amount_max,
        "unit": clock.unit,
        "from": clock.starts,
        "given_in": clock.given_in,
        "when": {name: list(values) for name, values in clock.when.items()},
        "reasons": list(clock.reasons),
        "differs_from": clock.differs_from,
        "verified": clock.verified,
        "sources": _sources_plain(clock.sources),
    }


def _text_limit_plain(limit: TextLimit) -> dict[str, object]:
    return {
        "title": dict(limit.title),
        "max_chars": limit.max_chars,
        "max_bytes": limit.max_bytes,
        "sources": _sources_plain(limit.sources),
    }


def _note_plain(note: Note) -> dict[str, object]:
    return {"id": note.id, "text": dict(note.text), "sources": _sources_plain(note.sources)}


def _sources_plain(sources: tuple[Source, ...]) -> list[dict[str, object]]:
    return [source_plain(source) for source in sources]
