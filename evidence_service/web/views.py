"""What a page shows of a case, gathered once: its words, its next step, its exhibit labels."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit
from uuid import UUID
from zoneinfo import available_timezones

from flask import url_for

from evidence_service.catalogue import words
from evidence_service.domain import conversation
from evidence_service.domain.access import Permission
from evidence_service.domain.bundle import (
    MM_PER_PX,
    exhibit_labels,
    group_of,
    is_turned,
    printed_mm_per_px,
)
from evidence_service.domain.case import (
    ANSWER,
    BUNDLE_STATES,
    ENDS_UNSENT,
    NEVER,
    OPEN_STATES,
    SENT_STATES,
    BundleState,
    CaseState,
    OutcomeReason,
    OutcomeResult,
)
from evidence_service.domain.checklist import Level, Outcome
from evidence_service.domain.choices import COLUMNS_PROPOSED, FIELDS, REQUIRED, DateOrder, TableForm
from evidence_service.domain.errors import InvalidInput
from evidence_service.domain.evidence import EvidenceKind, ItemState, Shape
from evidence_service.domain.order import Money
from evidence_service.http import spool
from evidence_service.ports import StoreScope
from evidence_service.usecases.assemble.look_into import LOOKS_LIKE
from evidence_service.usecases.assemble.take_in import MALWARE
from evidence_service.usecases.clocks import handover_of
from evidence_service.web.forms import LONG, Limit
from evidence_service.web.words import HTML_LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from evidence_service.domain.access import Actor
    from evidence_service.domain.case import Bundle, Case, Review
    from evidence_service.domain.chain import Link
    from evidence_service.domain.checklist import Finding, Report, Requirement, Source
    from evidence_service.domain.consistency import Contradiction, Place
    from evidence_service.domain.deadline import Deadline
    from evidence_service.domain.delivery import DeliveryPlan
    from evidence_service.domain.errors import Refusal
    from evidence_service.domain.evidence import EvidenceItem
    from evidence_service.domain.picture import Picture
    from evidence_service.domain.reading import Reading
    from evidence_service.domain.reminder import DelayTier
    from evidence_service.domain.timeline import TimelineEntry
    from evidence_service.platforms import Detail, Note, Pack, Reason, StatementField
    from evidence_service.platforms.pack import Clock
    from evidence_service.platforms.sla import SLA
    from evidence_service.ports import CaseRow, Ports, StoreRow
    from evidence_service.usecases.clocks import Clocks
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
# What a text may be in; the languages whose letters a machine reads come first.
TEXT_LANGUAGES = (
    *("zh", "en", "ru", "ar", "es"),
    *("de", "fr", "it", "ja", "kk", "ko", "pl", "pt", "tr"),
)
# So much of what was read of a long chat stands on a reviewer's sheet; the item's page has all.
ON_A_SHEET = 40
# What a reader warns of and a person can say.
ABOUT_READING = frozenset({COLUMNS_PROPOSED, "date_order_ambiguous", "time_zone_unknown"})
LEVELS = (Level.REQUIRED, Level.RECOMMENDED, Level.UNSPECIFIED, Level.OPTIONAL)
EDITABLE = frozenset({CaseState.ASSEMBLING, CaseState.APPROVED})
# What a form takes at once; larger files go by themselves.
MAX_FILE_BYTES = spool.MAX_FILE_BYTES
# From here on a meter warns.
NEARLY_FULL = 0.8
# Less than this left is shown as soon.
SOON_HOURS = 24
# Whose time runs in which state; what is before it on the strip is done.
OWN_SEGMENTS = {
    CaseState.ASSEMBLING: "yours",
    CaseState.IN_REVIEW: "review",
    CaseState.APPROVED: "send",
}
# So long without an event is worth a line of its own on the time axis.
SILENCE = timedelta(days=5)


@dataclass(frozen=True, slots=True)
class Step:
    """The one next thing. Without `url` it is not the reader's to do, and `words` say whose."""

    words: str
    url: str | None = None
    post: bool = False
    endpoint: str = ""


@dataclass(frozen=True, slots=True)
class Due:
    """How a deadline stands: late, soon or neither."""

    at: datetime
    left: timedelta

    @property
    def is_late(self) -> bool:
        return self.left.total_seconds() < 0

    @property
    def is_soon(self) -> bool:
        return not self.is_late and self.left.total_seconds() < SOON_HOURS * 3600


@dataclass(frozen=True, slots=True)
class Leg:
    """A piece of the deadline strip. `pauses` says that its work goes on in a later leg."""

    kind: str
    lasts: timedelta
    ends: datetime
    pauses: bool


@dataclass(frozen=True, slots=True)
class Stated:
    """A deadline and the term it is counted by; without one the platform named the instant.

    `is_earlier`: the platform's own rules end it before the deadline the case is worked by.
    """

    deadline: Deadline
    clock: Clock | None
    is_earlier: bool


@dataclass(frozen=True, slots=True)
class Meter:
    """How much of a limit is used; `share` is None where the platform states none."""

    what: str
    used: str
    most: str | None
    share: float | None

    @property
    def tone(self) -> str:
        if self.share is None or self.share < NEARLY_FULL:
            return ""
        return "bad" if self.share > 1 else "warn"


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


@dataclass(frozen=True, slots=True)
class Group:
    """The lines of one level of the checklist."""

    level: Level
    findings: Sequence[Finding]

    @property
    def met(self) -> int:
        return sum(finding.outcome is Outcome.MET for finding in self.findings)

    @property
    def asked(self) -> int:
        return sum(finding.outcome is not Outcome.NOT_APPLICABLE for finding in self.findings)


@dataclass(frozen=True, slots=True)
class Said:
    """What a reviewer said of one item (`id`) or of one line of the checklist."""

    id: UUID | None
    about: str
    comment: str


@dataclass(frozen=True, slots=True)
class Spot:
    """Where one half of a contradiction stands: a page of ours, and what to call it."""

    url: str
    words: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """An exhibit as who decides sees it. `width_px` is that of its picture at 100 %."""

    item: EvidenceItem
    width_px: int | None
    is_wide: bool
    read: Sequence[TimelineEntry]
    more: int
    remarks: Sequence[Remarked]
    against: Sequence[Contradiction]


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the statement: the platform's own, with what its form takes.

    Where it is not stated what it takes, the limit is ours.
    """

    code: str
    title: str
    text: str
    limit: Limit
    is_stated: bool


@dataclass(frozen=True, slots=True)
class Chosen:
    """How a file was read, as its page lets it be chosen. Without a `header` it is no table.

    `first` are the fields that a table of the form must have, or that were found; `more` the rest.
    """

    form: TableForm | None
    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    columns: Mapping[str, str]
    date_order: str
    time_zone: str

    @classmethod
    def of(cls, read: Reading, form: TableForm | None) -> Chosen:
        """`form` is another than the table was read as, or None."""
        layout = read.layout
        is_same = layout is not None and form in {None, layout.form}
        return cls(
            layout.form if layout and is_same else form,
            layout.header if layout else (),
            layout.rows if layout else (),
            layout.columns if layout and is_same else {},
            read.date_order.value if read.date_order else "",
            read.chosen.time_zone,
        )

    @property
    def forms(self) -> Sequence[TableForm]:
        return list(TableForm)

    @property
    def options(self) -> list[tuple[str, str]]:
        return [(name, name) for name in self.header]

    def is_needed(self, field: str) -> bool:
        return self.form is not None and (field,) in REQUIRED[self.form]

    @property
    def first(self) -> list[str]:
        if self.form is None:
            return []
        asked = {name for group in REQUIRED[self.form] for name in group}
        return [name for name in FIELDS[self.form] if name in asked | self.columns.keys()]

    @property
    def more(self) -> list[str]:
        return [] if self.form is None else [n for n in FIELDS[self.form] if n not in self.first]


@dataclass(frozen=True, slots=True)
class Remarked:
    """What was seen in a chat, beside its words. `asks` says that a person must read it."""

    evidence_id: UUID
    words: str
    text: str
    asks: bool

    @classmethod
    def of(cls, found: conversation.Remarked, text: str, reader: Reader) -> Remarked:
        params = dict(found.params)
        if "what" in params:
            params["what"] = reader.named("ui.contact", params["what"])
        words = reader.say(f"remark.{found.remark.value}", **params)
        asks = found.remark is not conversation.Remark.FIRST_REPLY
        return cls(found.evidence_id, words, text, asks)


@dataclass(frozen=True, slots=True)
class Happened:
    """An event of the case's chain, as its page tells it. `by` is None where nobody acted."""

    at: datetime
    kind: str
    by: str | None
    label: str | None
    seq: int
    hash: str


@dataclass
class CaseView:
    """A case with all that its pages say of it."""

    case: Case
    store: StoreRow
    pack: Pack
    reason: Reason
    report: Report
    actor: Actor
    now: datetime
    reader: Reader
    clocks: Clocks
    platform_zone: str
    delay_tiers: Sequence[DelayTier]
    contradictions: Sequence[Contradiction]

    # --- what may be done ----------------------------------------------------------------

    @property
    def may_edit(self) -> bool:
        return self.actor.may(Permission.CASE_EDIT)

    @property
    def is_editable(self) -> bool:
        return self.may_edit and self.case.state in EDITABLE

    @property
    def may_review(self) -> bool:
        return self.actor.may(Permission.CASE_REVIEW) and not self.is_contributor

    def may_redact(self, item: EvidenceItem) -> bool:
        """Of what was sent only a card number is blacked out."""
        if not item.shows_pixels or item.state not in {ItemState.ACCEPTED, ItemState.HELD}:
            return False
        if self.case.state in SENT_STATES:
            return item.shows_card and self.actor.may(Permission.CARD_REDACT)
        return self.is_editable and (item.shows_card or item.state is ItemState.ACCEPTED)

    def may_choose_reading(self, item: EvidenceItem, read: Reading) -> bool:
        """Whether the file left something open, and this reader may say it now."""
        is_open = read.layout is not None or read.date_order is not None
        said = read.chosen.time_zone or ABOUT_READING.intersection(item.warnings)
        return self.is_editable and item.counts and bool(is_open or said)

    @property
    def may_send(self) -> bool:
        return self.actor.may(Permission.SUBMISSION_RECORD)

    @property
    def one_try(self) -> bool:
        """Whether the platform takes one answer, by any of its ways."""
        return any(way.one_try for way in self.pack.deliveries)

    @property
    def may_add_receipt(self) -> bool:
        return self.may_send and self.case.archive_requested_at is None

    @property
    def may_record(self) -> bool:
        """Whether an outcome may be said now, by this reader."""
        states = OPEN_STATES | {CaseState.SUBMITTED}
        return self.may_send and self.case.state in states

    @property
    def may_make_bundle(self) -> bool:
        states = BUNDLE_STATES | {CaseState.IN_REVIEW}
        return self.actor.may(Permission.BUNDLE_MAKE) and self.case.state in states

    @property
    def may_archive(self) -> bool:
        return self.actor.may(Permission.CASE_ARCHIVE)

    @property
    def is_contributor(self) -> bool:
        return self.case.is_contributor(self.actor.id)

    @cached_property
    def step(self) -> Step:
        return next_step(self)

    # --- what is shown -------------------------------------------------------------------

    @property
    def due(self) -> Due | None:
        if self.case.respond_by is None or self.case.state not in OPEN_STATES:
            return None
        return Due(self.case.respond_by, self.case.respond_by - self.now)

    def term(self, found: Deadline) -> str:
        """What has to be done by then."""
        clock = self.clocks.published.get(found.kind)
        return self.reader.of(clock.what) if clock else self.reader.t("respond_by")

    def term_says(self, found: Deadline) -> str:
        """Whose it is, and how far it can be relied on."""
        clock = self.clocks.published.get(found.kind)
        awaited = {name: clock.when[name] for name in found.awaits} if clock else {}
        said = [
            self.reader.named("ui.actor", found.actor),
            self.reader.t("term_decides") if found.decides else "",
            self.reader.t("term_awaits", condition=self._when(awaited)) if awaited else "",
            self.reader.t("term_contested") if found.contested else "",
            "" if found.confirmed else self.reader.t("term_unconfirmed"),
            self.reader.t("term_provisional") if found.provisional else "",
        ]
        return " · ".join(filter(None, said))

    @property
    def handover_passed(self) -> bool:
        """Whether a hand-in from now on leaves the reviewers less time than they need."""
        last = self.clocks.last_safe_handover
        return self.case.state is CaseState.ASSEMBLING and last is not None and last < self.now

    @property
    def legs(self) -> list[Leg]:
        """The way to the deadline from here: the first leg is of whoever has the case now."""
        if self.due is None:
            return []
        segments = self.clocks.strip
        own = OWN_SEGMENTS[self.case.state]
        first = next((n for n, one in enumerate(segments) if one.kind == own), 0)
        ahead = segments[first:]
        return [
            Leg(
                one.kind,
                one.ends - self.now if n == 0 else one.work or one.ends - one.starts,
                one.ends,
                pauses=any(later.kind == one.kind for later in ahead[n + 1 :]),
            )
            for n, one in enumerate(ahead)
        ]

    @property
    def terms(self) -> list[Stated]:
        """Every deadline there is, with who says so; what ends too early is marked."""
        decides = next((one.at for one in self.clocks.deadlines if one.decides), None)
        return [
            Stated(
                one,
                self.clocks.published.get(one.kind),
                is_earlier=decides is not None and one.ends_before(decides),
            )
            for one in self.clocks.deadlines
        ]

    @property
    def language(self) -> str:
        """The case's own language, as mark-up names it."""
        return HTML_LANGUAGES.get(self.pack.language, self.pack.language)

    @property
    def results(self) -> Sequence[OutcomeResult]:
        """The ends that are possible from here."""
        sent = self.case.state is CaseState.SUBMITTED
        return [result for result in OutcomeResult if sent or result in ENDS_UNSENT]

    @property
    def advice(self) -> Sequence[Note]:
        """What the platform wants known and no file answers."""
        return [*self.reason.notes, *self.pack.notes]

    @cached_property
    def items(self) -> list[EvidenceItem]:
        """What stands in the case, in its order."""
        gone = {ItemState.WITHDRAWN, ItemState.DESTROYED, ItemState.REFUSED}
        return sorted(
            (item for item in self.case.items if item.state not in gone),
            key=lambda item: (group_of(item.kind), item.position),
        )

    @cached_property
    def withdrawn(self) -> list[EvidenceItem]:
        return [item for item in self.case.items if item.state is ItemState.WITHDRAWN]

    @property
    def refused(self) -> list[EvidenceItem]:
        """What was not taken, until a file of its name is; of its bytes no hash is kept."""
        refused = [item for item in self.case.items if item.state is ItemState.REFUSED]
        known = {item.file_name for item in self.case.items if item not in refused}
        return [
            item
            for item in refused
            if item.file_name not in known and self.case.item_with(item.sha256) is None
        ]

    @property
    def is_checking(self) -> bool:
        return any(item.state is ItemState.CHECKING for item in self.items)

    @property
    def unsettled(self) -> list[EvidenceItem]:
        """What stands in the way of an approval."""
        return [item for item in self.items if item.is_open]

    @property
    def bytes(self) -> int:
        return sum(item.size_bytes for item in self.items)

    def way(self, bundle: Bundle) -> str:
        """What a bundle was made for: a way to the platform, or people."""
        for one in self.pack.deliveries:
            if one.id == bundle.delivery:
                return self.reader.of(one.title)
        return self.reader.t("bundle")

    @property
    def names(self) -> dict[str, str]:
        """What people call the items and requirements, by id."""
        items = {str(i.id): self.labels.get(i.id) or i.file_name for i in self.case.items}
        asked = {r.id: self.reader.of(r.title) for r in self.reason.requirements}
        return items | asked

    @cached_property
    def labels(self) -> dict[UUID, str]:
        """The exhibits' labels as the bundle prints them: a letter by kind, a running number."""
        return exhibit_labels((item.id, item.kind) for item in self.items if item.counts)

    @property
    def groups(self) -> list[Group]:
        by_level = [
            Group(level, [f for f in self.report.findings if f.requirement.level is level])
            for level in LEVELS
        ]
        return [group for group in by_level if group.findings]

    @property
    def missing(self) -> list[Finding]:
        return [
            finding
            for finding in self.report.findings
            if finding.outcome is Outcome.MISSING and finding.requirement.level is Level.REQUIRED
        ]

    @property
    def doubts(self) -> list[Finding]:
        """What does not stand in the way and what a reviewer will look at first."""
        weighed = {Level.RECOMMENDED, Level.UNSPECIFIED}
        return [
            finding
            for finding in self.report.findings
            if finding.outcome in {Outcome.WEAK, Outcome.WAIVED}
            or (finding.outcome is Outcome.MISSING and finding.requirement.level in weighed)
        ]

    @property
    def met(self) -> list[Finding]:
        return [finding for finding in self.report.findings if finding.outcome is Outcome.MET]

    @property
    def asked(self) -> int:
        return sum(group.asked for group in self.groups)

    @property
    def opened(self) -> str | None:
        """The one line that stands open: the next missing one."""
        missing = self.missing or self.doubts
        return missing[0].requirement.id if missing else None

    @property
    def returned(self) -> bool:
        return bool(
            self.case.reviews
            and self.case.state is CaseState.ASSEMBLING
            and self.case.reviews[-1].decision.value == "return"
        )

    @property
    def bundle(self) -> Bundle | None:
        """The latest bundle."""
        return self.case.bundles[-1] if self.case.bundles else None

    def waiver(self, requirement: str) -> str | None:
        return next((w.reason for w in self.case.waivers if w.requirement == requirement), None)

    def is_picture(self, item: EvidenceItem) -> bool:
        """Whether there is a picture of it to show: its own, or that of its first page."""
        return Shape.PREVIEW in item.shapes and item.state is not ItemState.DESTROYED

    def warning(self, code: str) -> str:
        """The words for a reader's warning; one that names another item names it by its label."""
        if code.startswith(MALWARE):
            return self.reader.t("malware_found", name=code.removeprefix(MALWARE))
        if code.startswith(LOOKS_LIKE):
            named = code.removeprefix(LOOKS_LIKE)
            return self.reader.t("looks_like", named=self.names.get(named, named))
        return self.reader.named("warning", code)

    def said(self, finding: Finding) -> str:
        """The sentence the checklist says of a line."""
        params = dict(finding.params)
        if "condition" in params:
            params["condition"] = self._condition(finding)
        if "fact" in params:
            facts = params["fact"].split(", ")
            params["fact"] = self._listed(self.reader.named("ui.fact", fact) for fact in facts)
        return self.reader.say(f"finding.{finding.code}", **params)

    def next_of(self, finding: Finding) -> str:
        """What to do about it; empty where nothing needs doing."""
        key = f"next.{finding.code}"
        return self.reader.say(key, **finding.params) if key in words() else ""

    def contradicted(self, found: Contradiction) -> str:
        params = {name: self._as_read(value) for name, value in found.params.items()}
        if "status" in params:
            params["status"] = self.reader.named("status", params["status"])
        return self.reader.say(f"contradiction.{found.code}", **params)

    def _as_read(self, value: str) -> str:
        """An instant by the store's clock; any other value as it is."""
        try:
            at = datetime.fromisoformat(value) if "T" in value else None
        except ValueError:
            at = None
        if at is None or at.tzinfo is None:
            return value
        zone = self.store.time_zone
        return f"{self.reader.when(at, zone, self.now)} {self.reader.place(zone)}"

    def short(self, finding: Finding) -> str:
        """The same in a few words, for the folded line."""
        if finding.outcome is Outcome.MISSING and finding.code == "none_of_kind":
            return ""
        return self.said(finding)

    def _condition(self, finding: Finding) -> str:
        """When a line is asked for, in the words of the platform's pack."""
        return self._when(finding.requirement.when)

    def _when(self, wanted: Mapping[str, Iterable[str]]) -> str:
        parts = []
        for name, values in sorted(wanted.items()):
            known = self.pack.details.get(name)
            title = self.reader.of(known.title) if known else name
            named = (self.reader.named("ui.detail", value) for value in values)
            parts.append(f"{title}: {' / '.join(named)}")
        return "; ".join(parts)

    def _listed(self, words: Iterable[str]) -> str:
        return self.reader.t("list_comma").join(words)

    def instead_of(self, asked: Requirement) -> list[str]:
        """The lines of which any one does as well, by their titles."""
        group = [r for r in self.reason.requirements if r.group == asked.group]
        return [self.reader.of(r.title) for r in group if r.id != asked.id]

    def uses(self, item: EvidenceItem) -> list[Finding]:
        """The lines of the checklist an item answers."""
        return [finding for finding in self.report.findings if item.id in finding.evidence_ids]

    def after(self, item: EvidenceItem) -> EvidenceItem | None:
        """The next item of the case."""
        ids = [one.id for one in self.items]
        place = ids.index(item.id) + 1 if item.id in ids else len(ids)
        return self.items[place] if place < len(ids) else None

    def said_in(self, review: Review) -> list[Said]:
        """The comments of a review on single items and lines."""
        return [
            Said(
                UUID(said["evidence_id"]) if "evidence_id" in said else None,
                self.names.get(said.get("evidence_id") or said.get("requirement", ""), ""),
                said["comment"],
            )
            for said in review.items
        ]

    def sheets(self, entries: Sequence[TimelineEntry], remarked: Sequence[Remarked]) -> list[Sheet]:
        """Every item with all that speaks for and against it."""
        found = []
        for item in self.items:
            read = [entry for entry in entries if entry.evidence_id == item.id]
            found.append(
                Sheet(
                    item,
                    printed_width_px(item),
                    is_printed_wide(item),
                    read[:ON_A_SHEET],
                    max(0, len(read) - ON_A_SHEET),
                    [one for one in remarked if one.evidence_id == item.id],
                    self.against(item),
                )
            )
        return found

    def against(self, item: EvidenceItem) -> list[Contradiction]:
        """What contradicts the item."""
        return [
            one
            for one in self.contradictions
            if any(place.evidence_id == item.id for place in one.places)
        ]

    def spot(self, place: Place) -> Spot:
        """The page on which one half of a contradiction stands."""
        if place.evidence_id is not None:
            url = self._url("item", evidence_id=place.evidence_id, _anchor="read")
            return Spot(url, self.names[str(place.evidence_id)])
        family, _, code = place.where.partition(".")
        if family == "statement":
            return Spot(self._url("statement", _anchor=f"f-field.{code}"), self.field_title(code))
        words = self.reader.named("ui", family)
        if self.is_editable:
            return Spot(self._url("details", _anchor=f"f-{family}"), words)
        return Spot(self._url("statement", _anchor="claim"), words)

    def _url(self, endpoint: str, **values: Any) -> str:
        return url_for(f"pages.{endpoint}", case_id=self.case.id, **values)

    def fields(self) -> list[Field]:
        """The fields of the statement: those of the platform's form, then what else was said."""
        said = self.case.statement.fields if self.case.statement else {}
        asked = [wanted.field for wanted in self.reason.fields if self._may_apply(wanted)]
        codes = dict.fromkeys([*(asked or [ANSWER]), *said])
        return [self._field(code, said.get(code, "")) for code in codes]

    def _may_apply(self, wanted: StatementField) -> bool:
        """Whether nothing the case states of itself speaks against the field."""
        stated = {name: self.case.details.get(name) for name in wanted.when}
        return all(value is None or value in wanted.when[name] for name, value in stated.items())

    def _field(self, code: str, text: str) -> Field:
        stated = self.pack.text_limits.get(code)
        limit = Limit(LONG)
        if stated and stated.max_chars:
            limit = Limit(stated.max_chars)
        elif stated and stated.max_bytes:
            limit = Limit(stated.max_bytes, is_bytes=True)
        is_stated = stated is not None and bool(stated.max_chars or stated.max_bytes)
        return Field(code, self.field_title(code), text, limit, is_stated)

    def field_title(self, code: str) -> str:
        """What the platform calls a field of its form."""
        stated = self.pack.text_limits.get(code)
        named = self.reader.named
        return self.reader.of(stated.title) if stated else named("ui.statement_field", code)

    def happened(self, links: Iterable[Link], names: Mapping[UUID, str]) -> list[Happened]:
        labels = {str(key): label for key, label in self.labels.items()}
        return [
            Happened(
                datetime.fromisoformat(link.at),
                link.kind,
                names.get(UUID(link.actor), "–") if link.actor else None,
                labels.get(link.subject or ""),
                link.seq,
                link.hash,
            )
            for link in links
        ]


def picture_of(item: EvidenceItem) -> Picture | None:
    """What is known of the picture an item is."""
    return next(iter(item.digest.pictures), None)


def printed_width_px(item: EvidenceItem) -> int | None:
    """How wide the bundle prints it, in pixels of a screen at 100 %."""
    seen = picture_of(item)
    if seen is None:
        return None
    mm_per_px = printed_mm_per_px(seen.width, seen.height, turned=is_printed_wide(item))
    return round(seen.width * mm_per_px / MM_PER_PX)


def is_printed_wide(item: EvidenceItem) -> bool:
    """Whether its page of the bundle is turned sideways."""
    seen = picture_of(item)
    if seen is None or item.media_type == "image/jpeg":
        return False
    return is_turned(seen.width, seen.height)


def meters(plan: DeliveryPlan, reader: Reader) -> list[Meter]:
    """How full a delivery will be, by each limit of its channel; its size in any case."""
    limits = plan.limits
    sized = plan.bytes, limits.max_total_bytes or limits.max_file_bytes
    counted = [("files", plan.files, limits.max_files), ("pages", plan.pages, limits.max_pages)]
    return [
        _meter("bytes", *sized, reader.size),
        *(_meter(what, used, most, str) for what, used, most in counted if most),
    ]


def _meter(what: str, used: int, most: int | None, said: Callable[[int], str]) -> Meter:
    if not most:
        return Meter(what, said(used), None, None)
    return Meter(what, said(used), said(most), used / most)


def date_orders(reader: Reader) -> list[tuple[str, str]]:
    return [(order.value, reader.t(f"date_order.{order.value}")) for order in DateOrder]


def zones() -> list[str]:
    """IANA's names of places."""
    return sorted(zone for zone in available_timezones() if "/" in zone)


def text_languages(known: str, reader: Reader) -> list[tuple[str, str]]:
    """The languages a text may be in, its own among them."""
    codes = dict.fromkeys((*TEXT_LANGUAGES, *([known] if known else [])))
    return [(code, reader.language_name(code)) for code in codes]


def of_approved(case: Case) -> Bundle | None:
    """The latest bundle that may be sent, or is on its way to that."""
    for bundle in reversed(case.bundles):
        is_current = bundle.revision == case.approved_revision and not bundle.preview
        if is_current and bundle.state is not BundleState.FAILED:
            return bundle
    return None


def sendable(case: Case) -> list[Bundle]:
    """What may be sent now, the newest first: of each way to the platform the latest."""
    ready = [
        one
        for one in case.bundles
        if one.revision == case.approved_revision
        and not one.preview
        and one.state is BundleState.READY
    ]
    return list({one.delivery: one for one in ready}.values())[::-1]


def next_step(view: CaseView) -> Step:
    """What brings the case on, for this reader."""
    steps = {
        CaseState.ASSEMBLING: _assembling,
        CaseState.IN_REVIEW: _in_review,
        CaseState.APPROVED: _approved,
        CaseState.SUBMITTED: _submitted,
        CaseState.CLOSED: _closed,
        CaseState.ARCHIVED: _archived,
    }
    return steps[view.case.state](view)


def _go(view: CaseView, words: str, endpoint: str, *, post: bool = False) -> Step:
    url = url_for(f"pages.{endpoint}", case_id=view.case.id)
    return Step(words, url, post, endpoint)


def _add(view: CaseView, words: str, kind: str | None) -> Step:
    url = url_for("pages.case", case_id=view.case.id, kind=kind, _anchor="add")
    return Step(words, url, endpoint="add")


def _assembling(view: CaseView) -> Step:
    t = view.reader.t
    if not view.may_edit:
        return Step(t("waits_for_agent"))
    if view.missing:
        asked = view.missing[0].requirement
        words = t("add_named", name=view.reader.of(asked.title))
        return _add(view, words, asked.kinds[0].value if asked.kinds else None)
    if not view.items:
        return _add(view, t("add_evidence"), None)
    return _go(view, t("hand_in_review"), "hand_in")


def _in_review(view: CaseView) -> Step:
    t = view.reader.t
    if view.may_review:
        return _go(view, t("review_now"), "review")
    if view.actor.may(Permission.CASE_REVIEW):
        return Step(view.reader.say("error.contributor_cannot_review.detail"))
    return Step(t("waits_for_reviewer"))


def _approved(view: CaseView) -> Step:
    t = view.reader.t
    if not view.actor.may(Permission.BUNDLE_MAKE):
        return Step(t("waits_for_agent"))
    bundle = of_approved(view.case)
    if bundle is None:
        return _go(view, t("make_bundle"), "make_bundle", post=True)
    if bundle.state is BundleState.READY:
        return _go(view, t("record_submission"), "submission")
    return _go(view, t("see_bundle_coming"), "bundle")


def _submitted(view: CaseView) -> Step:
    if view.actor.may(Permission.SUBMISSION_RECORD):
        return _go(view, view.reader.t("record_outcome"), "outcome")
    return Step(view.reader.t("waits_for_platform"))


def _closed(view: CaseView) -> Step:
    t = view.reader.t
    if view.case.archive_requested_at is not None:
        return Step(t("being_archived"))
    if view.actor.may(Permission.CASE_ARCHIVE):
        return _go(view, t("archive_now"), "archive_case")
    return Step(t("waits_for_archive"))


def _archived(view: CaseView) -> Step:
    return _go(view, view.reader.t("download_package"), "package")


# --- lists --------------------------------------------------------------------------------


def row_money(row: CaseRow) -> Money | None:
    if row.amount_minor is None or not row.currency:
        return None
    return Money(row.amount_minor, row.currency)


def row_due(row: CaseRow, now: datetime) -> Due | None:
    if row.next_due_at == NEVER or CaseState(row.state) not in OPEN_STATES:
        return None
    return Due(row.next_due_at, row.next_due_at - now)


def row_handover(row: CaseRow, sla: SLA) -> datetime | None:
    """The last safe hand-over of a case that is still being put together."""
    return handover_of(row, sla) if row.state == CaseState.ASSEMBLING.value else None


def row_attention(row: CaseRow, reader: Reader) -> str | None:
    """What the row's clocks say; nothing while all is in time."""
    return reader.t(f"attention.{row.attention}") if row.attention else None


def row_step(row: CaseRow, reader: Reader) -> str:
    """A list's word for the next step, from what its row knows."""
    if row.state == CaseState.ASSEMBLING.value and row.missing_count:
        return reader.t("missing_count", n=row.missing_count)
    return reader.t(f"row_step.{row.state}")


def source_name(source: Source) -> str:
    """The site a rule was read on; a client's document by its number."""
    return urlsplit(source.url).hostname or source.url.partition(":")[2]


def people(ids: Iterable[UUID], actor: Actor, ports: Ports) -> dict[UUID, str]:
    """The addresses of those who acted."""
    wanted = sorted(set(ids))
    with ports.unit_of_work(StoreScope(actor.stores)) as work:
        return dict(work.people.emails(wanted))


# --- choices and rows ---------------------------------------------------------------------


def reason_options(pack: Pack, reader: Reader) -> list[tuple[str, str]]:
    return [(reason.code, reader.of(reason.title)) for reason in pack.reasons]


def detail_options(detail: Detail, reader: Reader) -> list[tuple[str, str]]:
    return [(value, reader.named("ui.detail", value)) for value in detail.values]


def kind_options(reader: Reader) -> list[tuple[str, str]]:
    return [(kind.value, reader.named("kind", kind.value)) for kind in EvidenceKind]


def outcome_reasons(reader: Reader) -> list[tuple[str, str]]:
    return [(why.value, reader.named("ui.outcome_reason", why.value)) for why in OutcomeReason]


def row_reason(row: CaseRow, packs: Mapping[str, Pack], reader: Reader) -> str:
    """A list's word for the dispute's reason; one the pack no longer has shows its code."""
    titles = {reason.code: reason.title for reason in packs[row.platform].reasons}
    return reader.of(titles[row.reason]) if row.reason in titles else row.reason


def with_silences(
    entries: Iterable[TimelineEntry],
) -> Iterator[tuple[TimelineEntry, timedelta | None]]:
    """Each entry, and how long nothing happened before it where that was long."""
    before: datetime | None = None
    for entry in entries:
        silence = entry.at - before if before else timedelta()
        yield entry, silence if silence >= SILENCE else None
        before = entry.at
