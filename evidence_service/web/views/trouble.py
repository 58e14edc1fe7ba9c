"""Why a form was not taken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from evidence_service.domain.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evidence_service.domain.errors import Refusal
    from evidence_service.web.views.case_view import CaseView
    from evidence_service.web.words import Reader

# Fields whose name in a form is not that of their words.
FIELD_NAMES = {
    "role": "roles",
    "store": "stores",
    "kind": "kind_of_file",
    "language": "text_language",
    "q": "search",
    "reason": "why_waived",
    "rectangles": "places",
    "sha256": "fingerprint",
    "size_bytes": "size",
    "result": "outcome",
    "text": "text_of_item",
    "typed": "order_number",
    "why": "outcome_why",
}


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a form was not taken, for its page: a title, the way out; words and names by field."""

    title: str
    detail: str
    fields: Mapping[str, str]
    names: Mapping[str, str]

    @classmethod
    def of(cls, error: Refusal, reader: Reader, view: CaseView | None = None) -> Trouble:
        """The refusal's words; where its case is known, ids become names."""
        shown = _in_words(error, reader, view)
        fields, names = {}, {}
        if isinstance(error, InvalidInput):
            fields = {e.field: reader.wrong(e) for e in error.errors}
            names = {e.field: _name_of(e.field, reader, view) for e in error.errors}
        return cls(
            reader.say(f"error.{error.code}.title", **shown),
            reader.t("look_at_fields")
            if fields
            else reader.say(f"error.{error.code}.detail", **shown),
            fields,
            names,
        )


def _name_of(field: str, reader: Reader, view: CaseView | None) -> str:
    """What the page calls a field of its form."""
    family, _, code = field.partition(".")
    if code and view is not None:
        if family == "details" and code in view.pack.details:
            return reader.of(view.pack.details[code].title)
        if family == "field":
            return view.field_title(code)
        if family == "columns":
            return reader.named("ui.column", code)
        return view.names.get(code, code)
    return reader.named("ui", FIELD_NAMES.get(field, family))


def _in_words(error: Refusal, reader: Reader, view: CaseView | None) -> dict[str, object]:
    """A refusal's parameters, its codes and ids as people know them."""
    shown = dict(error.params)
    if "state" in shown:
        shown["state"] = reader.named("ui.state", str(shown["state"]))
    if view is not None:
        names = view.names
        for several in {"requirements", "items"} & shown.keys():
            ids = [str(one) for one in cast("list[str]", shown[several])]
            shown[several] = reader.t("list_comma").join(names.get(one, one) for one in ids)
    return shown
