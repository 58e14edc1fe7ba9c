"""What changed from one pack to another, in the words of whoever reads it.

Both packs become trees of named parts; what differs between two parts of one name is a `Change`.
Its sentence stands in locale/changes.yaml under `change.<code>`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import chain
from typing import TYPE_CHECKING, Any

from evidence_service.catalogue import LANGUAGES, say, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from evidence_service.domain.checklist import Requirement, Source
    from evidence_service.platforms.pack import (
        Clock,
        Delivery,
        Note,
        Pack,
        Reason,
        StatementField,
        TextLimit,
    )


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs. `of` leads to the part by kind and name, from the outside in."""

    code: str
    of: tuple[tuple[str, str], ...]
    params: Mapping[str, Any] = field(default_factory=dict)

    def said(self, language: str, titles: Mapping[tuple[str, str], str] | None = None) -> str:
        """The change as a sentence; what has a title is called by that, everything else by id."""
        titles = titles or {}
        of = self.of or (("pack", ""),)
        named = (
            say(f"change.of.{kind}", language, name=titles.get((kind, name), name))
            for kind, name in of
        )
        shown = {name: _shown(value, language) for name, value in self.params.items()}
        if "what" in shown:
            what, _, name = self.params["what"].partition(" ")
            shown["what"] = say(f"change.what.{what}", language, name=name)
        return say(f"change.{self.code}", language, of=": ".join(named), **shown)


def diff(a: Pack, b: Pack, reason: str | None = None) -> list[Change]:
    """What changed from `a` to `b`, the version first; empty if nothing did.

    With a `reason`, what concerns a case of that reason alone.
    """
    if reason is not None:
        a, b = _narrowed(a, reason), _narrowed(b, reason)
    return list(_compared(_pack(a), _pack(b), ()))


def _narrowed(pack: Pack, reason: str) -> Pack:
    return replace(
        pack,
        reasons=tuple(one for one in pack.reasons if one.code == reason),
        clocks=tuple(one for one in pack.clocks if not one.reasons or reason in one.reasons),
    )


# --- comparing ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Part:
    """A named part of a pack.

    Of `values`, a mapping is a text in every language, a tuple a list whose order says nothing.
    """

    kind: str
    name: str
    values: Mapping[str, Any] = field(default_factory=dict)
    parts: tuple[_Part, ...] = ()


def _compared(old: _Part, new: _Part, of: tuple[tuple[str, str], ...]) -> Iterator[Change]:
    for what in dict.fromkeys([*old.values, *new.values]):
        yield from _differing(what, old.values.get(what), new.values.get(what), of)
    before, after = ({(p.kind, p.name): p for p in part.parts} for part in (old, new))
    for name in dict.fromkeys([*before, *after]):
        if name not in before or name not in after:
            yield Change("added" if name in after else "removed", (*of, name))
        else:
            yield from _compared(before[name], after[name], (*of, name))


def _differing(what: str, old: Any, new: Any, of: tuple[tuple[str, str], ...]) -> Iterator[Change]:
    if old == new:
        return
    if isinstance(old, dict) and isinstance(new, dict):
        changed = tuple(one for one in LANGUAGES if old.get(one) != new.get(one))
        yield Change("reworded", of, {"what": what, "languages": changed})
    elif isinstance(old, tuple) and isinstance(new, tuple):
        yield from (Change("takes", of, {"what": what, "new": n}) for n in new if n not in old)
        yield from (Change("drops", of, {"what": what, "old": o}) for o in old if o not in new)
    else:
        yield Change("set", of, {"what": what, "old": old, "new": new})


def _shown(value: Any, language: str) -> str:
    """A value as people know it: its word in the catalogue, else as it is written."""
    if isinstance(value, dict):
        return value.get(language) or str(value["en"])
    if isinstance(value, (list, tuple)):
        return ", ".join(_shown(one, language) for one in value)
    for family in ("change.value", "level", "kind", "ui.actor"):
        if (key := f"{family}.{value}") in words():
            return say(key, language)
    return str(value)


# --- a pack's parts -------------------------------------------------------------------------


def _pack(pack: Pack) -> _Part:
    return _Part(
        "pack",
        pack.id,
        {"version": pack.version, "id": pack.id, "language": pack.language, "name": pack.name},
        (
            *map(_reason, pack.reasons),
            *map(_delivery, pack.deliveries),
            *map(_clock, pack.clocks),
            *(
                _Part("detail", name, {"title": one.title, "values": one.values})
                for name, one in pack.details.items()
            ),
            *(_text_limit(name, one) for name, one in pack.text_limits.items()),
            *(_note("note", one) for one in pack.notes),
            *(_note("not_accepted", one) for one in pack.not_accepted),
        ),
    )


def _reason(reason: Reason) -> _Part:
    asked: dict[str, int] = {}
    for one in reason.requirements:
        asked[one.id] = asked.get(one.id, 0) + 1
    return _Part(
        "reason",
        reason.code,
        {"title": reason.title, "common": reason.common},
        (
            *(_requirement(one, is_alone=asked[one.id] == 1) for one in reason.requirements),
            *map(_field, reason.fields),
            *(_note("note", one) for one in reason.notes),
            *map(_source, reason.sources),
        ),
    )


def _requirement(one: Requirement, *, is_alone: bool) -> _Part:
    """Named by its condition too where its id stands under several."""
    condition = _condition(one.when)
    return _Part(
        "requirement",
        one.id if is_alone else f"{one.id} ({condition})",
        {
            "level": one.level,
            "at_least": one.at_least,
            "when": condition if is_alone else None,
            "accepts": tuple(" + ".join([a.kind, *sorted(a.facts)]) for a in one.accepts),
            "checks": tuple(_written(check.to_plain()) for check in one.checks),
            "group": one.group,
            "title": one.title,
            "why": one.why,
            "example": one.example,
            "gone": one.gone,
            "supplied_by": one.supplied_by,
            "code": one.code,
        },
        tuple(map(_source, one.sources)),
    )


def _field(one: StatementField) -> _Part:
    name = " ".join(filter(None, [one.field, _condition(one.when) and f"({_condition(one.when)})"]))
    return _Part("field", name, {"level": one.level}, tuple(map(_source, one.sources)))


def _note(kind: str, note: Note) -> _Part:
    return _Part(kind, note.id, {"text": note.text}, tuple(map(_source, note.sources)))


def _text_limit(name: str, one: TextLimit) -> _Part:
    values = {"title": one.title, "max_chars": one.max_chars, "max_bytes": one.max_bytes}
    return _Part("text_limit", name, values, tuple(map(_source, one.sources)))


def _delivery(delivery: Delivery) -> _Part:
    sometimes = chain.from_iterable(
        _limits(one.limits, f" ({_condition({n: (v,) for n, v in one.when.items()})})")
        for one in delivery.limits_when
    )
    return _Part(
        "delivery",
        delivery.id,
        {
            "form": delivery.form,
            "verified": delivery.verified,
            "one_try": delivery.one_try,
            "title": delivery.title,
            **dict(_limits(delivery.limits)),
            **dict(sometimes),
        },
        tuple(map(_source, delivery.sources)),
    )


def _limits(limits: Mapping[str, Any], under: str = "") -> Iterator[tuple[str, Any]]:
    """Each limit alone, those of a field or a media type by themselves."""
    for name, limit in limits.items():
        if isinstance(limit, dict):
            inner = ((f"limit {name}.{part}", value) for part, value in _flat(limit))
            yield from ((f"{what}{under}", value) for what, value in inner)
        else:
            value = tuple(limit) if isinstance(limit, list) else limit
            yield f"limit {name}{under}", value


def _flat(limits: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, limit in limits.items():
        if isinstance(limit, dict):
            yield from ((f"{name}.{unit}", size) for unit, size in limit.items())
        else:
            yield name, limit


def _clock(clock: Clock) -> _Part:
    upper = f"-{clock.amount_max}" if clock.amount_max else ""
    term = None if clock.amount is None else f"{clock.amount}{upper} {clock.unit}"
    return _Part(
        "clock",
        clock.id,
        {
            "what": clock.what,
            "term": term,
            "given_in": clock.given_in,
            "from": clock.starts,
            "actor": clock.actor,
            "when": _condition(clock.when),
            "reasons": clock.reasons,
            "differs_from": clock.differs_from,
        },
        tuple(map(_source, clock.sources)),
    )


def _source(source: Source) -> _Part:
    values = {"verified": source.verified, "read_on": source.read_on}
    return _Part("source", source.url, values)


def _condition(when: Mapping[str, Iterable[str]]) -> str | None:
    wanted = (f"{name} = {' / '.join(values)}" for name, values in sorted(when.items()))
    return "; ".join(wanted) or None


def _written(plain: Mapping[str, Any]) -> str:
    """A check as a pack writes it, on one line."""
    return ", ".join(
        f"{name}: {' / '.join(map(str, value)) if isinstance(value, list) else value}"
        for name, value in plain.items()
    )
