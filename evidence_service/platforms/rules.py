"""`evidence rules check` and `list`: packs looked at as data, without a case."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evidence_service.platforms.pack import UNORDERED_LIMITS, merged_limits
from evidence_service.platforms.schema import (
    LANGUAGES,
    BadPack,
    accept_of,
    build,
    conditions,
    is_addition,
    read_yaml,
    schema_errors,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from jsonschema.exceptions import ValidationError

    from evidence_service.platforms.pack import Pack

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with one pack. `where` is the path to it in the file."""

    pack: str
    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.pack}: {self.where}: {self.message}"


def laid_over(base: Mapping[str, Any], addition: Mapping[str, Any]) -> dict[str, Any]:
    """A pack's values with an addition's: its lines stand behind the pack's own."""
    added = {entry["code"]: entry for entry in addition["reasons"]}
    reasons = [
        {
            **reason,
            **{
                name: [*reason.get(name, ()), *added[reason["code"]][name]]
                for name in ("requirements", "notes")
                if name in added.get(reason["code"], {})
            },
        }
        for reason in base["reasons"]
    ]
    merged = {
        name: {**base.get(name, {}), **addition.get(name, {})}
        for name in ("sources", "details", "evidence")
    }
    version = f"{base['version']}+{addition['version']}"
    return {**base, **merged, "reasons": reasons, "version": version}


def _added(base: Mapping[str, Any], addition: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What an addition may not do: change the pack's own entries, or name what it has not."""
    for name in ("sources", "details", "evidence"):
        for key in addition.get(name, {}).keys() & base.get(name, {}).keys():
            yield f"{name}.{key}", f"{base['id']} has an entry of this name"
    known = {reason["code"] for reason in base["reasons"]}
    for index, reason in enumerate(addition["reasons"]):
        if reason["code"] not in known:
            yield f"reasons[{index}].code", f"{base['id']} has no reason {reason['code']!r}"


def check_addition(name: str, base: Mapping[str, Any], addition: Any) -> list[Problem]:
    """Everything wrong with an addition, by itself and once it is laid over its pack."""
    errors = schema_errors(addition)
    if errors:
        return list(dict.fromkeys(Problem(name, _where(e), _said(e)) for e in errors))
    found = [Problem(name, where, message) for where, message in _added(base, addition)]
    return found or list(_problems(name, laid_over(base, addition)))


def builtin_paths() -> list[Path]:
    """The packs that come with the service."""
    return sorted(FOLDER.glob("*.yaml"))


def load(path: Path) -> Pack:
    """The pack in a file.

    Raises:
        BadPack: it has problems; the text names each.
    """
    raw = read_yaml(path)
    problems = list(_problems(path.name, raw))
    if problems:
        raise BadPack("\n".join(str(problem) for problem in problems))
    return build(raw)


def check(paths: Iterable[Path] | None = None) -> list[Problem]:
    """Everything wrong with these packs, by default the built-in ones; empty if nothing is.

    An addition is checked over the pack it names, among these or else the built-in ones.
    """
    found: list[Problem] = []
    owners: dict[str, str] = {}
    raws: dict[Path, Any] = {}
    for path in builtin_paths() if paths is None else paths:
        try:
            raws[path] = read_yaml(path)
        except (BadPack, OSError) as error:
            found.append(Problem(path.name, "file", str(error)))
    bases = {str(raw.get("id")): raw for raw in raws.values() if isinstance(raw, dict)}
    for path, raw in raws.items():
        if is_addition(raw):
            found += _check_over(path.name, raw, bases)
            continue
        found += _problems(path.name, raw)
        pack_id = raw.get("id") if isinstance(raw, dict) else None
        if isinstance(pack_id, str) and owners.setdefault(pack_id, path.name) != path.name:
            found.append(
                Problem(path.name, "id", f"{pack_id!r} is the id of {owners[pack_id]} too")
            )
    return found


def _check_over(name: str, raw: Mapping[str, Any], bases: Mapping[Any, Any]) -> list[Problem]:
    wanted = raw["extends"]
    builtin = FOLDER / f"{wanted}.yaml"
    if wanted in bases:
        return check_addition(name, bases[wanted], raw)
    if isinstance(wanted, str) and builtin in builtin_paths():
        return check_addition(name, read_yaml(builtin), raw)
    return [Problem(name, "extends", f"there is no pack {wanted!r}")]


def _problems(name: str, raw: Any) -> Iterator[Problem]:
    errors = schema_errors(raw)
    # Two missing languages are two errors of the schema and one thing to mend.
    yield from dict.fromkeys(Problem(name, _where(error), _said(error)) for error in errors)
    if errors:
        # The checks below lean on the form; out of form they would only add noise.
        return
    for looks in (
        _citations,
        _duplicates,
        _texts,
        _conditions,
        _overlaps,
        _checks,
        _limits,
        _clocks,
    ):
        for where, message in looks(raw):
            yield Problem(name, where, message)


def _where(error: ValidationError) -> str:
    return _path(error.absolute_path) or "pack"


def _path(steps: Iterable[str | int]) -> str:
    text = ""
    for step in steps:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def _said(error: ValidationError) -> str:
    """The schema's complaint in the words of a pack's author."""
    last = str(error.absolute_path[-1]) if error.absolute_path else ""
    if error.validator == "enum" and last == "level":
        return f"unknown level {error.instance!r}"
    in_accepts = "accepts" in [str(step) for step in error.absolute_path]
    if in_accepts and error.validator in {"enum", "anyOf"}:
        kind = error.instance.get("kind") if isinstance(error.instance, dict) else error.instance
        return f"unknown kind {kind!r}"
    if error.validator == "minItems" and last == "sources":
        return "no source"
    if error.validator == "minItems" and last == "deliveries":
        return "a pack needs at least one delivery"
    if error.validator == "required" and error.validator_value == list(LANGUAGES):
        given = error.instance if isinstance(error.instance, dict) else {}
        return f"no translation: {', '.join(name for name in LANGUAGES if name not in given)}"
    return error.message


def _walk(value: Any, path: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every mapping of the document with the path to it."""
    if isinstance(value, dict):
        yield path, value
        for key, inner in value.items():
            yield from _walk(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _walk(inner, f"{path}[{index}]")


def _citations(raw: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    table = raw["sources"]
    cited: set[str] = set()
    for path, entry in _walk({name: value for name, value in raw.items() if name != "sources"}):
        names = entry.get("sources", ())
        cited.update(names)
        for name in names:
            if name not in table:
                yield f"{path}.sources", f"unknown source {name!r}"
        known = [name for name in names if name in table]
        if known and entry["verified"] and not any(table[name]["official"] for name in known):
            yield f"{path}.verified", "verified, but none of its sources is official"
    for name in table:
        if name not in cited:
            yield f"sources.{name}", "nothing cites it"


def _duplicates(raw: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    lists = [
        ("reasons", "code", raw["reasons"]),
        ("deliveries", "id", raw["deliveries"]),
        ("clocks", "id", raw.get("clocks", [])),
        ("notes", "id", raw.get("notes", [])),
        *(
            (f"reasons[{index}].notes", "id", reason.get("notes", []))
            for index, reason in enumerate(raw["reasons"])
        ),
    ]
    for where, key, entries in lists:
        for name, count in Counter(entry[key] for entry in entries).items():
            if count > 1:
                yield where, f"{key} {name!r} stands {count} times"


def _texts(raw: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Requirements lean on the entry of their id; without one they must bring their own words."""
    shared = raw.get("evidence", {})
    used: set[str] = set()
    for index, reason in enumerate(raw["reasons"]):
        for number, entry in enumerate(reason["requirements"]):
            used.add(entry["id"])
            lacking = [
                name
                for name in ("accepts", "title", "why")
                if name not in entry and entry["id"] not in shared
            ]
            if lacking:
                yield (
                    f"reasons[{index}].requirements[{number}]",
                    f"{entry['id']!r} has no {', '.join(lacking)} here nor under evidence",
                )
        for number, entry in enumerate(reason.get("fields", ())):
            if entry["field"] not in raw.get("text_limits", {}):
                yield (
                    f"reasons[{index}].fields[{number}]",
                    f"{entry['field']!r} is not declared under text_limits",
                )
    for name in shared:
        if name not in used:
            yield f"evidence.{name}", "no reason asks for it"


def _conditions(raw: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    declared = raw.get("details", {})
    for path, entry in _walk(raw):
        for name, values in conditions(entry.get("when", {})).items():
            if name not in declared:
                yield f"{path}.when", f"{name!r} is not declared under details"
                continue
            known = declared[name].get("values")
            unknown = [value for value in values if known and value not in known]
            if unknown:
                yield f"{path}.when", f"{name!r} cannot be {', '.join(unknown)}"


def _overlaps(raw: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for index, reason in enumerate(raw["reasons"]):
        for key, name in (("requirements", "id"), ("fields", "field")):
            for one, other in combinations(reason.get(key, ()), 2):
                if one[name] == other[name] and _can_both_hold(one, other):
                    yield (
                        f"reasons[{index}].{key}",
                        f"{one[name]!r} stands twice under conditions that overlap",
                    )
    for index, delivery in enumerate(raw["deliveries"]):
        for one, other in combinations(delivery.get("limits_when", ()), 2):
            shared = UNORDERED_LIMITS & one["limits"].keys() & other["limits"].keys()
            clash = sorted(name for name in shared if one["limits"][name] != other["limits"][name])
            if clash and _can_both_hold(one, other):
                yield (
                    f"deliveries[{index}].limits_when",
                    f"conditions that overlap both set {', '.join(clash)}",
                )


# What an item of these kinds may be read as; a check of another sort could never be answered.
_READ_AS = {
    "tracking_shows": {
        *("tracking_history", "return_tracking", "proof_of_delivery", "proof_of_shipping"),
        *("carrier_statement", "handover_record", "shipping_label", "signature_confirmation"),
    },
    "transcript_covers": {"chat_transcript", "chat_screenshot"},
    "first_reply": {"chat_transcript", "chat_screenshot"},
    "channel_is": {"chat_transcript", "chat_screenshot"},
    "language_is": {"chat_transcript", "chat_screenshot"},
    "amount_agrees": {"order_record", "order_screenshot", "invoice"},
    "prior_transactions": {"order_record", "invoice", "additional_information"},
}


def _checks(raw: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Checks that hold against nothing the pack declares, or that no evidence could answer."""
    shared = raw.get("evidence", {})
    for path, entry in _walk(raw):
        whole = {**shared.get(entry.get("id", ""), {}), **entry}
        for index, check in enumerate(entry.get("checks", ())):
            where = f"{path}.checks[{index}]"
            for anchor in (check.get(name) for name in ("before", "after", "since", "until")):
                name = (anchor or "").removeprefix("detail:")
                if name != (anchor or "") and name not in raw.get("details", {}):
                    yield where, f"{name!r} is not declared under details"
            if check.get("min_days", 1) > check.get("max_days", 365):
                yield where, "impossible span: min_days is above max_days"
            readable = _READ_AS.get(check["sort"])
            kinds = {accept_of(accept).kind.value for accept in whole.get("accepts", ())}
            if readable and kinds and not kinds & readable:
                yield where, f"none of what it accepts can answer {check['sort']!r}"


def _can_both_hold(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    left, right = conditions(one.get("when", {})), conditions(other.get("when", {}))
    return all(set(left[name]) & set(right[name]) for name in left.keys() & right.keys())


_NOT_ABOVE = (
    ("max_file_bytes", "max_total_bytes"),
    ("max_file_pages", "max_pages"),
    ("max_files_per_kind", "max_files"),
    ("min_dpi", "max_dpi"),
)


def _limits(raw: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for index, delivery in enumerate(raw["deliveries"]):
        where = f"deliveries[{index}]"
        yield from _impossible(f"{where}.limits", delivery["limits"])
        yield from _narrowing(where, delivery["limits"], delivery.get("limits_when", ()))
        for name in delivery["limits"].get("max_file_bytes_by_type", {}):
            if name not in delivery["limits"].get("media_types", [name]):
                yield f"{where}.limits.max_file_bytes_by_type", f"{name} is not among media_types"
        if delivery["verified"] and not delivery.get("sources"):
            yield where, "verified, but no source"
        if delivery["limits"] and not delivery.get("sources"):
            yield where, "limits without a source"
        if delivery.get("one_try") and not delivery.get("sources"):
            yield where, "one_try without a source"


def _narrowing(
    where: str, always: Mapping[str, Any], entries: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[str, str]]:
    """Conditional limits that come to nonsense, alone or two together, or that decide nothing."""
    for number, entry in enumerate(entries):
        place = f"{where}.limits_when[{number}].limits"
        together = merged_limits(always, entry["limits"])
        yield from _impossible(place, together)
        for name in sorted(entry["limits"].keys() - UNORDERED_LIMITS):
            if _is_looser(entry["limits"][name], together[name]):
                yield f"{place}.{name}", "looser than what always applies"
    for one, other in combinations(entries, 2):
        if _can_both_hold(one, other):
            together = merged_limits(always, merged_limits(one["limits"], other["limits"]))
            yield from _impossible(f"{where}.limits_when", together)


def _is_looser(limit: Any, merged: Any) -> bool:
    """Whether the strictest of all is stricter than this one, so that it never decides."""
    if isinstance(limit, dict):
        return any(_is_looser(value, merged[name]) for name, value in limit.items())
    return bool(limit != merged)


def _impossible(where: str, limits: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, size in _sizes(limits):
        if size <= 0:
            yield f"{where}.{name}", f"impossible limit: {size} is not above 0"
    for less, more in _NOT_ABOVE:
        if less in limits and more in limits and limits[less] > limits[more]:
            yield where, f"impossible limits: {less} {limits[less]} > {more} {limits[more]}"
    for name in ("media_types", "page_size"):
        if limits.get(name) == []:
            yield where, f"impossible limits: no {name} is left"


def _sizes(limits: Mapping[str, Any]) -> Iterator[tuple[str, float]]:
    """Every number of the limits, with the path to it."""
    for name, limit in limits.items():
        if isinstance(limit, dict):
            yield from ((f"{name}.{path}", size) for path, size in _sizes(limit))
        elif isinstance(limit, (int, float)) and not isinstance(limit, bool):
            yield name, limit


def _clocks(raw: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    reasons = {reason["code"] for reason in raw["reasons"]}
    # Those that others may differ from: one clock of a step, so that no chains have to be followed.
    actors = {c["id"]: c["actor"] for c in raw.get("clocks", ()) if "differs_from" not in c}
    for index, clock in enumerate(raw.get("clocks", ())):
        if clock.get("amount_max", 0) and clock["amount_max"] <= clock.get("amount", 0):
            yield f"clocks[{index}].amount_max", "the upper end is not above the lower one"
        for code in clock.get("reasons", ()):
            if code not in reasons:
                yield f"clocks[{index}].reasons", f"there is no reason {code!r}"
        if "differs_from" in clock:
            named, actor = clock["differs_from"], clock["actor"]
            if actors.get(named) != actor:
                said = f"{named!r} is no clock of the {actor} that itself differs from none"
                yield f"clocks[{index}].differs_from", said


# --- list -----------------------------------------------------------------------------------


def listed(packs: Iterable[Pack]) -> list[dict[str, object]]:
    """A row for each reason of each pack, as `evidence rules list` prints it."""
    return [
        {
            "platform": pack.id,
            "reason": reason.code,
            "version": pack.version,
            "common": reason.common.value if reason.common else None,
            "title": reason.title["en"],
            "requirements": len(reason.requirements),
            "unconfirmed": sum(
                not any(source.verified for source in requirement.sources)
                for requirement in reason.requirements
            ),
        }
        for pack in packs
        for reason in pack.reasons
    ]
