"""The pages' words: each that is used exists, each that exists is used, in every language."""

import ast
import re
from pathlib import Path
from typing import get_args

import pytest
from jinja2 import Environment, nodes

from evidence_service.catalogue import LANGUAGES, bundle_error, words
from evidence_service.domain import events
from evidence_service.domain.access import Role
from evidence_service.domain.bundle import BundleFailed
from evidence_service.domain.case import CaseState
from evidence_service.domain.checklist import Level, Outcome
from evidence_service.domain.choices import FIELDS as FIELDS_OF_TABLES
from evidence_service.domain.choices import DateOrder, TableForm
from evidence_service.domain.deadline import Party, SegmentKind
from evidence_service.domain.delivery import SHRUNK, DeliveryFailed
from evidence_service.domain.evidence import EvidenceKind, HeldFor, ItemState
from evidence_service.domain.fitting import BROKEN
from evidence_service.domain.reminder import ReminderKind
from evidence_service.domain.sending import BundleState, OutcomeReason, OutcomeResult
from evidence_service.domain.tracking import TrackingStatus
from evidence_service.domain.words import TextSource
from evidence_service.platforms import all_packs
from evidence_service.platforms.pack import Form
from evidence_service.usecases.archive.verify_case import Verdict
from evidence_service.web.views.sending import LEFT_OUT_FOR
from evidence_service.web.views.trouble import FIELD_NAMES

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted((ROOT / "templates/web").glob("*.html"))
MODULES = sorted((ROOT / "evidence_service/web").rglob("*.py"))
# The warnings readers leave on an item, and the one a second upload may bring.
WARNINGS = {
    "altered: card_number",
    "author_uncertain",
    "columns_unknown",
    "date_from_received",
    "date_order_ambiguous",
    "date_unreadable",
    "document_active_content",
    "document_damaged",
    "document_holds_files",
    "document_inside",
    "document_needs_password",
    "document_too_large",
    "encoding_assumed",
    "first_message_only",
    "kept_other_kind",
    "media_without_message",
    "message_not_delivered",
    "message_removed",
    "more_messages_exist",
    "not_recognised",
    "one_sided",
    "document_partly_read",
    "picture_contrast_low",
    "picture_damaged",
    "picture_text_small",
    "picture_too_large",
    "picture_too_many_frames",
    "preview_only",
    "redacted",
    "status_contradictory",
    "text_too_long",
    "time_offset_uncertain",
    "time_unknown",
    "time_zone_unknown",
    "unreadable",
}
EVENTS = {
    kind
    for kind, event in events.kinds().items()
    if issubclass(event, events.CaseEvent) and not issubclass(event, events.AccessEvent)
}
ERRORS = {
    kind.code
    for kind in (BundleFailed, *BundleFailed.__subclasses__(), *DeliveryFailed.__subclasses__())
}
# A platform's own codes show as they are; what has words must be some pack's.
DETAILS = {v for pack in all_packs() for detail in pack.details.values() for v in detail.values}
DETAILS &= {key.removeprefix("ui.detail.") for key in words()}
FACTS = {
    fact
    for pack in all_packs()
    for reason in pack.reasons
    for requirement in reason.requirements
    for accept in requirement.accepts
    for fact in accept.facts
}
# The forms' fields, by what a refusal calls them; nobody fills in the hidden `version`.
FORMS = "".join(path.read_text("utf-8") for path in MODULES)
FIELDS = {
    FIELD_NAMES.get(name, name)
    for name in re.findall(r'fields\.(?!refuse)\w+\(\s*"(\w+)"', FORMS)
    if name != "version"
}
SEGMENTS = set(get_args(SegmentKind))
# What may stand after the point of a key that is put together while a page is drawn.
ENDINGS = {
    "ui": FIELDS,
    "ui.actor": set(get_args(Party)),
    "ui.column": {field for fields in FIELDS_OF_TABLES.values() for field in fields},
    "ui.contact": {"mail", "messenger", "phone"},
    "ui.date_order": set(DateOrder),
    "ui.detail": DETAILS,
    "ui.event": EVENTS,
    "ui.fact": FACTS,
    "ui.held_for": set(HeldFor),
    "ui.form": set(get_args(Form)),
    "ui.is": set(Outcome),
    "ui.lane": {"carrier", "chat", "platform"},
    "ui.leg": SEGMENTS,
    "ui.leg_end": SEGMENTS,
    "ui.leg_now": SEGMENTS,
    "ui.level": set(Level),
    "ui.place": {"height", "page", "width", "x", "y"},
    "ui.table_form": set(TableForm),
    "ui.text_is": {*TextSource, "by_hand", "coming"},
    "ui.meter": {"bytes", "files", "pages"},
    "ui.omission": {SHRUNK, "left_out_no_pages", *LEFT_OUT_FOR.values()},
    "ui.outcome_reason": set(OutcomeReason),
    "ui.result": set(OutcomeResult),
    "ui.role": set(Role),
    "ui.row_step": set(CaseState),
    "ui.attention": set(ReminderKind),
    "ui.state": {*CaseState, *BundleState, *ItemState},
    "ui.statement_field": {"answer"},
    "ui.supplied_by": {"buyer", "carrier", "platform", "seller", "third_party"},
    "ui.unit": {"days", "hours", "minutes"},
    "ui.verdict": set(Verdict),
    "kind": set(EvidenceKind),
    "status": set(TrackingStatus),
    "warning": WARNINGS,
}


def used_in_template(path):
    """Every call of `t` and `named`: its key, or the beginning of one, and its parameters."""
    tree = Environment(autoescape=True).parse(path.read_text("utf-8"))
    for call in tree.find_all(nodes.Call):
        name = getattr(call.node, "attr", getattr(call.node, "name", ""))
        if name in {"t", "named"} and call.args:
            given = {pair.key for pair in call.kwargs}
            for key in keys_of_node(call.args[0]):
                yield (f"{key}." if name == "named" else f"ui.{key}"), given


def keys_of_node(node):
    if isinstance(node, nodes.CondExpr):
        return [*keys_of_node(node.expr1), *keys_of_node(node.expr2)]
    if isinstance(node, nodes.Concat):
        return keys_of_node(node.nodes[0])
    return [node.as_const()]


def used_in_module(path):
    for call in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(call, ast.Call) and call.args:
            name = getattr(call.func, "attr", getattr(call.func, "id", ""))
            given = {pair.arg for pair in call.keywords}
            if name in {"t", "named"}:
                for key in keys_of_ast(call.args[0]):
                    yield (f"{key}." if name == "named" else f"ui.{key}"), given


def keys_of_ast(node):
    if isinstance(node, ast.IfExp):
        return [*keys_of_ast(node.body), *keys_of_ast(node.orelse)]
    if isinstance(node, ast.JoinedStr):
        return [node.values[0].value]
    return [node.value] if isinstance(node, ast.Constant) else []


def all_used():
    """Every key the pages say, whole, with the parameters it is said with."""
    found = []
    for paths, read in ((TEMPLATES, used_in_template), (MODULES, used_in_module)):
        for path in paths:
            for key, given in read(path):
                whole = ENDINGS[key[:-1]] if key.endswith(".") else [None]
                found += [(f"{key}{ending or ''}", given, path.name) for ending in whole]
    return found


class TestWordsOfFailures:
    @pytest.mark.parametrize("code", sorted(ERRORS))
    def test_every_one_is_told_in_general(self, code):
        assert bundle_error(code, {}, "en") == words()[f"bundle_error.{code}"]["en"]

    def test_of_a_delivery_are_told_with_what_to_change(self):
        params = {"labels": "C-1, C-2", "limit": "max_pages", "most": "49"}

        said = bundle_error("delivery_too_many_pages", params, "en")
        assert said.startswith("C-1, C-2 need more pages than max_pages = 49.")


class TestWordsOfThePages:
    def test_every_key_that_is_used_exists(self):
        assert sorted({key for key, _, _ in all_used() if key not in words()}) == []

    def test_no_key_is_unused(self):
        ours = {key for key in words() if key.startswith("ui.")}

        assert sorted(ours - {key for key, _, _ in all_used()}) == []

    def test_every_placeholder_is_filled(self):
        wrong = [
            (name, key)
            for key, given, name in all_used()
            if key in words() and set(re.findall(r"{(\w+)}", words()[key]["en"])) != given
        ]

        assert wrong == []

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_every_key_is_said_in_every_language(self, language):
        silent = [key for key, entry in words().items() if not entry.get(language, "").strip()]

        assert silent == []

    def test_every_reason_to_leave_an_exhibit_out_has_words(self):
        assert set(LEFT_OUT_FOR) == set(BROKEN)

    def test_every_field_error_of_the_forms_has_words(self):
        source = (ROOT / "evidence_service/web/forms.py").read_text("utf-8")
        pages = (ROOT / "evidence_service/web/pages").glob("*.py")
        source += "".join(path.read_text("utf-8") for path in pages)
        codes = set(re.findall(r'(?:_wrong|refuse|invalid)\(\s*"?\w+"?, "([a-z_]+)"', source))

        assert sorted(code for code in codes if f"field.{code}" not in words()) == []
