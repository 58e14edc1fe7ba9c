"""What a page shows of a case, gathered once: its words, its next step, its exhibit labels."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask import url_for

from evidence_service.catalogue import words
from evidence_service.domain.access import Permission
from evidence_service.domain.bundle import exhibit_labels, group_of
from evidence_service.domain.case import BUNDLE_STATES, OPEN_STATES, SENT_STATES, CaseState
from evidence_service.domain.checklist import Level, Outcome
from evidence_service.domain.delay import late_by
from evidence_service.domain.evidence import ItemState, Shape
from evidence_service.domain.records import ANSWER
from evidence_service.domain.sending import ENDS_UNSENT, OutcomeResult
from evidence_service.usecases.assemble.look_into import LOOKS_LIKE
from evidence_service.usecases.assemble.take_in import MALWARE
from evidence_service.web.forms import LONG, Limit
from evidence_service.web.views.clocks import Due, Happened, Leg, Stated
from evidence_service.web.views.exhibits import Remarked, is_printed_wide, printed_width_px
from evidence_service.web.views.reading import ABOUT_READING
from evidence_service.web.views.records import Record, records
from evidence_service.web.views.steps import Step, next_step
from evidence_service.web.words import HTML_LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from evidence_service.domain.access import Actor
    from evidence_service.domain.case import Case
    from evidence_service.domain.chain import Link
    from evidence_service.domain.checklist import Finding, Report, Requirement
    from evidence_service.domain.consistency import Contradiction, Place
    from evidence_service.domain.deadline import Deadline
    from evidence_service.domain.evidence import EvidenceItem
    from evidence_service.domain.reading import Reading
    from evidence_service.domain.records import Review
    from evidence_service.domain.reminder import DelayTier, Profile
    from evidence_service.domain.sending import Bundle
    from evidence_service.platforms import Note, Pack, Reason, StatementField
    from evidence_service.ports import StoreRow
    from evidence_service.usecases.clocks import Clocks
    from evidence_service.web.words import Reader

LEVELS = (Level.REQUIRED, Level.RECOMMENDED, Level.UNSPECIFIED, Level.OPTIONAL)
EDITABLE = frozenset({CaseState.ASSEMBLING, CaseState.APPROVED})
# So much of what was read of a long chat stands on a reviewer's sheet; the item's page has all.
ON_A_SHEET = 40
# Whose time runs in which state; what is before it on the strip is done.
OWN_SEGMENTS = {
    CaseState.ASSEMBLING: "yours",
    CaseState.IN_REVIEW: "review",
    CaseState.APPROVED: "send",
}


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
    read: Record
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
    profile: Profile
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

    @cached_property
    def late_by(self) -> timedelta | None:
        """How late the parcel is; None where it is in time, or nothing says so."""
        late = late_by(self.case.items, self.case.order_numbers, self.now)
        return late if late is not None and late > timedelta() else None

    @property
    def delay_tier(self) -> DelayTier | None:
        """What the buyer is owed for it."""
        return self.profile.delay_tier(self.late_by) if self.late_by else None

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

    def sheets(
        self, read: Mapping[UUID, Sequence[object]], remarked: Sequence[Remarked]
    ) -> list[Sheet]:
        """Every item with all that speaks for and against it."""
        found = []
        known = records(self.case, read)
        for item in self.items:
            record = known.get(item.id, Record())
            found.append(
                Sheet(
                    item,
                    printed_width_px(item),
                    is_printed_wide(item),
                    record.part(0, ON_A_SHEET),
                    max(0, len(record.lines) - ON_A_SHEET),
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
