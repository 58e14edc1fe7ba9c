"""The form of a rule pack's YAML, and how it becomes a frozen `Pack`.

`schema()` is the JSON Schema; `pack.schema.json` beside the packs is its exported copy, which
editors read through the first line of each pack. What a schema cannot say is in `rules.py`.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any, get_args

import yaml
from jsonschema import Draft202012Validator

from evidence_service.domain.checklist import Accept, Level, Requirement, Source
from evidence_service.domain.checks import ANCHORS, SORTS, Check
from evidence_service.domain.deadline import Party, Unit
from evidence_service.domain.evidence import EvidenceKind
from evidence_service.domain.tracking import TrackingStatus
from evidence_service.platforms.pack import (
    Clock,
    CommonReason,
    Delivery,
    Detail,
    LimitsWhen,
    Note,
    Pack,
    Reason,
    StatementField,
    TextLimit,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from jsonschema.exceptions import ValidationError

LANGUAGES = ("zh", "en", "ru")
FORMS = ("pdf", "pdf_per_kind", "images", "documents")
SUPPLIERS = ("seller", "buyer", "carrier", "platform", "third_party")

_STRING: dict[str, Any] = {"type": "string", "minLength": 1}
_NAME: dict[str, Any] = {"type": "string", "pattern": "^[a-z][a-z0-9_.]*$"}
_MEDIA_TYPE: dict[str, Any] = {"type": "string", "pattern": "^[a-z]+/[-+.a-z0-9]+$"}
_COUNT: dict[str, Any] = {"type": "integer"}
_SIZE: dict[str, Any] = {"type": "number"}


def _object(
    properties: Mapping[str, Any], required: tuple[str, ...] = (), **more: Any
) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": dict(properties),
        "required": list(required),
        **more,
    }


def _list(items: Mapping[str, Any], least: int = 0) -> dict[str, Any]:
    return {"type": "array", "items": dict(items), "minItems": least}


def _map(values: Mapping[str, Any], least: int = 0) -> dict[str, Any]:
    return {
        "type": "object",
        "propertyNames": _NAME,
        "additionalProperties": dict(values),
        "minProperties": least,
    }


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/$defs/{name}"}


# Limits of contract §6. Numbers are checked for sense in rules.py, which can say what is wrong.
_LIMITS: dict[str, Any] = {
    "media_types": _list(_MEDIA_TYPE, 1),
    **dict.fromkeys(
        (
            "max_files",
            "max_file_bytes",
            "max_total_bytes",
            "max_pages",
            "max_file_pages",
            "max_files_per_kind",
            "max_pixels",
        ),
        _COUNT,
    ),
    **dict.fromkeys(("min_text_pt", "min_dpi", "max_dpi"), _SIZE),
    "page_size": _list({"enum": ["A4", "Letter"]}, 1),
    "orientation": {"enum": ["portrait", "landscape"]},
    "colour": {"enum": ["no_highlighting", "black_and_white"]},
    "pdf_profile": _STRING,
    "links": {"type": "boolean"},
    "attachments": {"type": "boolean"},
    "file_name_pattern": {"type": "string", "format": "regex"},
    "text": _map(_object({"max_chars": _COUNT, "max_bytes": _COUNT}, minProperties=1), 1),
    "max_file_bytes_by_type": {
        "type": "object",
        "propertyNames": _MEDIA_TYPE,
        "additionalProperties": _COUNT,
        "minProperties": 1,
        "description": "Of one file of that type; max_file_bytes holds beside it",
    },
    "language": {"type": "string", "pattern": "^[a-z]{2}$"},
}

# What helps an agent to get the evidence; each only where the facts say it.
_HELP: dict[str, Any] = {
    "example": {"$ref": "#/$defs/text"},
    "supplied_by": _list({"enum": list(SUPPLIERS)}, 1),
    "gone": {"$ref": "#/$defs/text", "description": "When it can usually not be had any more"},
}

# Of what an uploaded file of this evidence is called.
_NAMED: dict[str, Any] = {
    "code": {
        "type": "string",
        "pattern": "^[A-Za-z0-9_]+$",
        "description": "The platform's own name of the evidence type, where it is not the id",
    },
}

_ANCHOR: dict[str, Any] = {
    "type": "string",
    "pattern": f"^({'|'.join(ANCHORS)}|detail:[a-z][a-z0-9_.]*)$",
    "description": f"{', '.join(ANCHORS)}, or detail:<name> that holds an instant with its offset",
}
_ONE_OF = _list(_STRING, 1)
_POSITIVE_COUNT: dict[str, Any] = {"type": "integer", "minimum": 1}


def _check(sort: str, properties: Mapping[str, Any], required: tuple[str, ...] = ()) -> Any:
    return _object({"sort": {"const": sort}, **properties}, ("sort", *required))


# One form a sort of domain/checks.py; the description is what an editor shows.
_CHECKS: list[dict[str, Any]] = [
    _check(
        "tracking_shows",
        {
            "status": {"enum": [status.value for status in TrackingStatus]},
            "before": _ANCHOR,
            "after": _ANCHOR,
            "to": {"enum": ["city", "postcode"], "description": "The order's"},
        },
        ("status",),
    ),
    _check(
        "transcript_covers",
        {"since": _ANCHOR, "until": _ANCHOR, "slack_hours": {"type": "integer", "minimum": 0}},
    ),
    _check("first_reply", {"within_hours": _POSITIVE_COUNT}, ("within_hours",)),
    _check("channel_is", {"one_of": _ONE_OF}, ("one_of",)),
    _check(
        "language_is",
        {"one_of": _list({"type": "string", "pattern": "^[a-z]{2}$"}, 1)},
        ("one_of",),
    ),
    _check("amount_agrees", {"covers": {"type": "boolean"}}),
    _check("picture_legible", {"min_pt": {"type": "number", "exclusiveMinimum": 0}}, ("min_pt",)),
    _check(
        "prior_transactions",
        {
            "count": _POSITIVE_COUNT,
            "min_days": _POSITIVE_COUNT,
            "max_days": _POSITIVE_COUNT,
            "elements": _ONE_OF,
            "matching": _POSITIVE_COUNT,
            "one_of": _list(_STRING),
        },
    ),
]

_DEFS: dict[str, Any] = {
    "text": _object(dict.fromkeys(LANGUAGES, _STRING), LANGUAGES),
    "kind": {"enum": [kind.value for kind in EvidenceKind]},
    "level": {"enum": [level.value for level in Level]},
    "cited": _list(_STRING, 1),
    "when": _map({"anyOf": [_STRING, _list(_STRING, 1)]}, 1),
    "accept": {
        "anyOf": [
            _ref("kind"),
            _object({"kind": _ref("kind"), "facts": _list(_STRING, 1)}, ("kind",)),
        ]
    },
    "limits": _object(_LIMITS),
    "check": {
        "type": "object",
        "required": ["sort"],
        "properties": {"sort": {"enum": list(SORTS)}},
        "allOf": [
            {"if": {"properties": {"sort": form["properties"]["sort"]}}, "then": form}
            for form in _CHECKS
        ],
    },
    "source": _object(
        {
            "url": {
                "type": "string",
                "pattern": "^(https?://[^ ]+|seed:S[0-9]{3}|team:[^ ]+)$",
                "description": "A repository's file at its commit; a client document as seed:S001;"
                " a rule of your own as team:<where it is written>",
            },
            "read_on": {"anyOf": [{"type": "string", "format": "date"}, {"type": "null"}]},
            "official": {
                "type": "boolean",
                "description": "An official page or specification, or a copy of one",
            },
            "title": _STRING,
        },
        ("url", "read_on", "official", "title"),
    ),
    "evidence": _object(
        {
            "accepts": _list(_ref("accept"), 1),
            "title": _ref("text"),
            "why": _ref("text"),
            "checks": _list(_ref("check"), 1),
            **_HELP,
            **_NAMED,
        },
        ("accepts", "title", "why"),
    ),
    "requirement": _object(
        {
            "id": _NAME,
            "level": _ref("level"),
            "verified": {"type": "boolean"},
            "sources": _ref("cited"),
            "when": _ref("when"),
            "at_least": {"type": "integer", "minimum": 1},
            "accepts": _list(_ref("accept"), 1),
            "title": _ref("text"),
            "why": _ref("text"),
            "group": {**_NAME, "description": "Any one requirement of the group is enough"},
            "checks": _list(_ref("check"), 1),
            **_HELP,
            **_NAMED,
        },
        ("id", "level", "verified", "sources"),
        description="What is not given here comes from the entry of this id under evidence.",
    ),
    "field": _object(
        {
            "field": _NAME,
            "level": _ref("level"),
            "verified": {"type": "boolean"},
            "sources": _ref("cited"),
            "when": _ref("when"),
        },
        ("field", "level", "verified", "sources"),
    ),
    "note": _object(
        {
            "id": _NAME,
            "text": _ref("text"),
            "verified": {"type": "boolean"},
            "sources": _ref("cited"),
        },
        ("id", "text", "verified", "sources"),
    ),
    "reason": _object(
        {
            "code": _NAME,
            "common": {
                "enum": [reason.value for reason in CommonReason],
                "description": "What insights and examples know the reason by",
            },
            "title": _ref("text"),
            "verified": {"type": "boolean"},
            "sources": _ref("cited"),
            "requirements": _list(_ref("requirement")),
            "fields": _list(_ref("field")),
            "notes": _list(_ref("note")),
        },
        ("code", "title", "verified", "sources", "requirements"),
    ),
    "delivery": _object(
        {
            "id": _NAME,
            "form": {"enum": list(FORMS)},
            "title": _ref("text"),
            "limits": _ref("limits"),
            "limits_when": _list(
                _object({"when": _map(_STRING, 1), "limits": _ref("limits")}, ("when", "limits"))
            ),
            "one_try": {
                "type": "boolean",
                "description": "What was sent can be neither added to nor replaced",
            },
            "verified": {"type": "boolean"},
            "sources": _list(_STRING),
        },
        ("id", "form", "title", "limits", "verified"),
    ),
    "clock": _object(
        {
            "id": _NAME,
            "what": _ref("text"),
            "actor": {"enum": list(get_args(Party))},
            "amount": {"type": "integer", "minimum": 1},
            "amount_max": {"type": "integer", "minimum": 1},
            "unit": {"enum": list(get_args(Unit))},
            "from": _NAME,
            "given_in": {**_STRING, "description": "The platform's field with the instant"},
            "when": _ref("when"),
            "reasons": {**_list(_NAME, 1), "description": "It runs for these alone"},
            "differs_from": {
                **_NAME,
                "description": "The clock of the same step for which another source says otherwise",
            },
            "verified": {"type": "boolean"},
            "sources": _ref("cited"),
        },
        ("id", "what", "actor", "from", "verified", "sources"),
        anyOf=[{"required": ["amount", "unit"]}, {"required": ["given_in"]}],
    ),
    "detail": _object({"title": _ref("text"), "values": _list(_STRING, 1)}, ("title",)),
    "text_limit": _object(
        {
            "title": _ref("text"),
            "max_chars": {"type": "integer", "minimum": 1},
            "max_bytes": {"type": "integer", "minimum": 1},
            "verified": {"type": "boolean"},
            "sources": _ref("cited"),
        },
        ("title", "verified", "sources"),
    ),
}


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a pack."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Rule pack",
        **_object(
            {
                "id": {"type": "string", "pattern": "^[a-z][a-z0-9_]*$"},
                "name": _ref("text"),
                "version": _STRING,
                "language": {"type": "string", "pattern": "^[a-z]{2}$"},
                "sources": {
                    "type": "object",
                    "minProperties": 1,
                    "additionalProperties": _ref("source"),
                },
                "details": _map(_ref("detail")),
                "text_limits": _map(_ref("text_limit")),
                "evidence": _map(_ref("evidence")),
                "reasons": _list(_ref("reason"), 1),
                "deliveries": _list(_ref("delivery"), 1),
                "clocks": _list(_ref("clock")),
                "notes": _list(_ref("note")),
                "not_accepted": _list(_ref("note")),
            },
            ("id", "name", "version", "language", "sources", "reasons", "deliveries"),
        ),
        "$defs": _DEFS,
    }


def addition_schema() -> dict[str, Any]:
    """The JSON Schema of what a team adds to a pack, for all its stores or for one."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Addition to a rule pack",
        **_object(
            {
                "extends": {**_STRING, "description": "The id of the pack it adds to"},
                "store": {**_STRING, "description": "Name or id of the one store it is for"},
                "version": _STRING,
                "sources": {
                    "type": "object",
                    "minProperties": 1,
                    "additionalProperties": _ref("source"),
                },
                "details": _map(_ref("detail")),
                "evidence": _map(_ref("evidence")),
                "reasons": _list(
                    _object(
                        {
                            "code": _NAME,
                            "requirements": _list(_ref("requirement")),
                            "notes": _list(_ref("note")),
                        },
                        ("code",),
                        minProperties=2,
                    ),
                    1,
                ),
            },
            ("extends", "version", "sources", "reasons"),
        ),
        "$defs": _DEFS,
    }


@cache
def _validator(*, of_addition: bool) -> Draft202012Validator:
    return Draft202012Validator(
        addition_schema() if of_addition else schema(),
        format_checker=Draft202012Validator.FORMAT_CHECKER,
    )


def is_addition(raw: Any) -> bool:
    """Whether the values say that they add to another pack."""
    return isinstance(raw, dict) and "extends" in raw


class Loader(yaml.CSafeLoader):
    """YAML without two of its surprises: dates stay text, and no key may stand twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[object] = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"{key.value!r} stands twice", key.start_mark
                )
            seen.add(key.value)
        return super().construct_mapping(node, deep)


Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in pairs if tag != "tag:yaml.org,2002:timestamp"]
    for first, pairs in Loader.yaml_implicit_resolvers.items()
}


class BadPack(ValueError):  # noqa: N818 - a fact about a file, named like a refusal
    """A pack that cannot be loaded; the text names each thing that is wrong."""


def read_yaml(path: Path) -> Any:
    """The file's values, unchecked.

    Raises:
        BadPack: it is no UTF-8 YAML, or a key stands twice in one mapping.
    """
    try:
        # The loader is safe: it is CSafeLoader with fewer types.
        return yaml.load(path.read_text("utf-8"), Loader=Loader)  # noqa: S506 - see above
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise BadPack(str(error)) from error


def schema_errors(raw: Any) -> list[ValidationError]:
    """Where the values leave the schema, in document order."""
    found = _validator(of_addition=is_addition(raw)).iter_errors(raw)
    return sorted(found, key=lambda error: [str(step) for step in error.absolute_path])


def build(raw: Mapping[str, Any]) -> Pack:
    """A `Pack` from values that satisfy the schema and the checks of rules.py."""
    builder = _Builder(raw)
    return Pack(
        id=raw["id"],
        name=raw["name"],
        version=raw["version"],
        language=raw["language"],
        reasons=tuple(builder.reason(entry) for entry in raw["reasons"]),
        deliveries=tuple(builder.delivery(entry) for entry in raw["deliveries"]),
        clocks=tuple(builder.clock(entry) for entry in raw.get("clocks", ())),
        details={
            name: Detail(entry["title"], tuple(entry.get("values", ())))
            for name, entry in raw.get("details", {}).items()
        },
        text_limits={
            name: TextLimit(
                entry["title"],
                entry.get("max_chars"),
                entry.get("max_bytes"),
                builder.cited(entry),
            )
            for name, entry in raw.get("text_limits", {}).items()
        },
        notes=tuple(builder.note(entry) for entry in raw.get("notes", ())),
        not_accepted=tuple(builder.note(entry) for entry in raw.get("not_accepted", ())),
        raw=raw,
    )


class _Builder:
    def __init__(self, raw: Mapping[str, Any]) -> None:
        self._sources = raw["sources"]
        self._evidence = raw.get("evidence", {})

    def cited(self, entry: Mapping[str, Any]) -> tuple[Source, ...]:
        """The entry's sources: official ones confirm it only where the facts say so."""
        return tuple(
            Source(
                url=self._sources[name]["url"],
                read_on=_day(self._sources[name]["read_on"]),
                verified=self._sources[name]["official"] and entry["verified"],
            )
            for name in entry.get("sources", ())
        )

    def reason(self, entry: Mapping[str, Any]) -> Reason:
        return Reason(
            code=entry["code"],
            common=CommonReason(entry["common"]) if "common" in entry else None,
            title=entry["title"],
            requirements=tuple(self.requirement(r) for r in entry["requirements"]),
            fields=tuple(self.field(f) for f in entry.get("fields", ())),
            notes=tuple(self.note(n) for n in entry.get("notes", ())),
            sources=self.cited(entry),
        )

    def requirement(self, entry: Mapping[str, Any]) -> Requirement:
        whole = {**self._evidence.get(entry["id"], {}), **entry}
        return Requirement(
            id=whole["id"],
            level=Level(whole["level"]),
            accepts=tuple(accept_of(a) for a in whole["accepts"]),
            why=whole["why"],
            title=whole["title"],
            sources=self.cited(entry),
            when=conditions(whole.get("when", {})),
            at_least=whole.get("at_least", 1),
            group=whole.get("group"),
            checks=tuple(check_of(check) for check in whole.get("checks", ())),
            example=whole.get("example"),
            supplied_by=tuple(whole.get("supplied_by", ())),
            gone=whole.get("gone"),
            code=whole.get("code", ""),
        )

    def field(self, entry: Mapping[str, Any]) -> StatementField:
        return StatementField(
            entry["field"],
            Level(entry["level"]),
            conditions(entry.get("when", {})),
            self.cited(entry),
        )

    def note(self, entry: Mapping[str, Any]) -> Note:
        return Note(entry["id"], entry["text"], self.cited(entry))

    def delivery(self, entry: Mapping[str, Any]) -> Delivery:
        return Delivery(
            id=entry["id"],
            form=entry["form"],
            title=entry["title"],
            limits=entry["limits"],
            limits_when=tuple(
                LimitsWhen(when["when"], when["limits"]) for when in entry.get("limits_when", ())
            ),
            verified=entry["verified"],
            sources=self.cited(entry),
            one_try=entry.get("one_try", False),
        )

    def clock(self, entry: Mapping[str, Any]) -> Clock:
        return Clock(
            id=entry["id"],
            what=entry["what"],
            actor=entry["actor"],
            amount=entry.get("amount"),
            amount_max=entry.get("amount_max"),
            unit=entry.get("unit"),
            starts=entry["from"],
            given_in=entry.get("given_in"),
            when=conditions(entry.get("when", {})),
            reasons=tuple(entry.get("reasons", ())),
            differs_from=entry.get("differs_from"),
            sources=self.cited(entry),
        )


def accept_of(entry: str | Mapping[str, Any]) -> Accept:
    if isinstance(entry, str):
        return Accept(EvidenceKind(entry))
    return Accept(EvidenceKind(entry["kind"]), frozenset(entry.get("facts", ())))


def check_of(entry: Mapping[str, Any]) -> Check:
    """The check of its sort, from values that satisfy the schema."""
    given: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in entry.items()
        if name != "sort"
    }
    if "status" in given:
        given["status"] = TrackingStatus(given["status"])
    return SORTS[entry["sort"]](**given)


def conditions(when: Mapping[str, str | list[str]]) -> dict[str, tuple[str, ...]]:
    """Each detail with the values under which the condition holds."""
    return {
        name: (values,) if isinstance(values, str) else tuple(values)
        for name, values in when.items()
    }


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
