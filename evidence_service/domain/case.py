"""The case: one dispute, its evidence, and the steps from opening to archive.

    assembling → in_review → approved → submitted → closed → archived

Each step checks what it needs, changes the case and leaves an event in `events`; the unit of
work turns those into chained rows in the same transaction. Nothing here reads a clock, a
database or a file: the caller hands in who and when.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from evidence_service.domain import events
from evidence_service.domain.digest import digest
from evidence_service.domain.errors import NotAllowed, NotFound, StaleRevision, WrongState, invalid
from evidence_service.domain.evidence import EvidenceItem, EvidenceKind, HeldFor, ItemState
from evidence_service.domain.records import (
    CaseDetails,
    Contributor,
    Decision,
    PlatformRequirements,
    Review,
    Statement,
    Waiver,
)
from evidence_service.domain.sending import (
    ENDS_UNSENT,
    Bundle,
    BundleState,
    CaseOutcome,
    Receipt,
    Submission,
    TimeStamp,
)
from evidence_service.domain.words import MENTIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any
    from uuid import UUID

    from evidence_service.domain.checklist import Report
    from evidence_service.domain.events import Event
    from evidence_service.domain.order import Money
    from evidence_service.domain.reading import Reading

NEVER = datetime.max.replace(tzinfo=UTC)
MAX_ITEMS = 500
MAX_CASE_BYTES = 20_000_000_000
_CLOCKS_DIFFER = timedelta(minutes=1)


class CaseState(StrEnum):
    ASSEMBLING = "assembling"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    SUBMITTED = "submitted"
    CLOSED = "closed"
    ARCHIVED = "archived"


OPEN_STATES = frozenset({CaseState.ASSEMBLING, CaseState.IN_REVIEW, CaseState.APPROVED})
BUNDLE_STATES = frozenset({CaseState.APPROVED, CaseState.SUBMITTED, CaseState.CLOSED})
# Evidence is frozen; what shows a card number is blacked out all the same (docs/adr/0017).
SENT_STATES = frozenset({CaseState.SUBMITTED, CaseState.CLOSED})
# A change of these is a change of what is sent; the others change only `version`.
REVISED_FIELDS = frozenset(
    {"order_numbers", "dispute_ref", "buyer_ref", "amount", "claim_text", "details"}
)
# What is known of an announced item only once it was checked.
SETTLED_FIELDS = (
    *("kind", "state", "held_for", "sha256", "size_bytes", "media_type", "reader"),
    *("version_id", "warnings", "facts", "digest"),
)


@dataclass(eq=False)
class Case:
    id: UUID
    store_id: UUID
    platform: str
    reason: str
    pack_id: str
    pack_version: str
    opened_at: datetime
    created_by: UUID
    created_at: datetime
    key_wrapped: bytes | None
    order_numbers: tuple[str, ...]
    dispute_ref: str | None = None
    buyer_ref: str | None = None
    amount: Money | None = None
    respond_by: datetime | None = None
    claim_text: str | None = None
    details: dict[str, str] = field(default_factory=dict)
    follows: UUID | None = None
    stage: str | None = None
    assignee: UUID | None = None
    state: CaseState = CaseState.ASSEMBLING
    revision: int = 1
    version: int = 1
    next_due_at: datetime = NEVER
    approved_revision: int | None = None
    approved_at: datetime | None = None
    archive_requested_at: datetime | None = None
    archive_progress: float | None = None
    sealed_at: datetime | None = None
    archived_at: datetime | None = None
    legal_hold: bool = False
    # The checklist's last word, kept for lists: score 0–1 and required items still missing.
    completeness: float = 0.0
    missing_count: int = 0
    items: list[EvidenceItem] = field(default_factory=list)
    waivers: list[Waiver] = field(default_factory=list)
    statement: Statement | None = None
    platform_requirements: PlatformRequirements | None = None
    contributors: list[Contributor] = field(default_factory=list)
    reviews: list[Review] = field(default_factory=list)
    bundles: list[Bundle] = field(default_factory=list)
    submissions: list[Submission] = field(default_factory=list)
    outcome: CaseOutcome | None = None

    def __post_init__(self) -> None:
        self.events: list[Event] = []

    # --- opening and editing -------------------------------------------------------------

    @classmethod
    def open(  # noqa: PLR0913 - a case is opened with all it needs at once
        cls,
        *,
        id: UUID,  # noqa: A002 - the field's own name
        store_id: UUID,
        platform: str,
        reason: str,
        pack_version: str,
        opened_at: datetime,
        about: CaseDetails,
        key_wrapped: bytes,
        by: UUID,
        at: datetime,
        stage: str | None = None,
        follows: UUID | None = None,
    ) -> Case:
        case = cls(
            id=id,
            store_id=store_id,
            platform=platform,
            reason=reason,
            pack_id=platform,
            pack_version=pack_version,
            opened_at=opened_at,
            created_by=by,
            created_at=at,
            key_wrapped=key_wrapped,
            order_numbers=about.order_numbers,
            dispute_ref=about.dispute_ref,
            buyer_ref=about.buyer_ref,
            amount=about.amount,
            respond_by=about.respond_by,
            claim_text=about.claim_text,
            details=dict(about.details),
            assignee=about.assignee,
            stage=stage,
            follows=follows,
            next_due_at=about.respond_by or NEVER,
        )
        case._contributed(by)
        case.events.append(
            events.CaseOpened(
                case_id=id, actor=by, at=at, store_id=store_id, platform=platform, reason=reason
            )
        )
        return case

    def edit(self, about: CaseDetails, *, by: UUID, at: datetime) -> None:
        """Take over what is said of the case; unchanged fields cost nothing."""
        changed = sorted(
            name for name in CaseDetails.__dataclass_fields__ if _differs(self, about, name)
        )
        if not changed:
            return
        if self.state is CaseState.ARCHIVED:
            raise WrongState(state=self.state.value)
        self._contributed(by)
        if REVISED_FIELDS & set(changed):
            self._revise(by=by, at=at)
        for name in changed:
            value = getattr(about, name)
            setattr(self, name, dict(value) if name == "details" else value)
        self.fall_due(self.respond_by)
        self._touch()
        self.events.append(
            events.CaseEdited(case_id=self.id, actor=by, at=at, fields=tuple(changed))
        )

    def fall_due(self, at: datetime | None) -> None:
        """Stand in lists by this instant while there is something to do before it."""
        self.next_due_at = at if at is not None and self.state in OPEN_STATES else NEVER

    # --- evidence ------------------------------------------------------------------------

    def item(self, evidence_id: UUID) -> EvidenceItem:
        for item in self.items:
            if item.id == evidence_id:
                return item
        raise NotFound(evidence_id=str(evidence_id))

    def item_with(self, sha256: str) -> EvidenceItem | None:
        """The item whose bytes these are; what was refused may be sent again as another."""
        same = (item for item in self.items if item.sha256 == sha256)
        return next((item for item in same if item.state is not ItemState.REFUSED), None)

    def add_evidence(self, item: EvidenceItem) -> EvidenceItem:
        """Add an item, or answer the one whose bytes these are.

        The same bytes again change nothing, except that a withdrawn item is taken back.
        """
        known = self.item_with(item.sha256)
        if known is not None:
            self.take_again(known, by=item.added_by, at=item.added_at)
            return known
        self._take_place(item)
        self._added(item)
        return item

    def announce_evidence(self, item: EvidenceItem) -> EvidenceItem:
        """Add an item that is still `checking`, or answer the one whose bytes these are."""
        known = self.item_with(item.sha256)
        if known is not None:
            self.take_again(known, by=item.added_by, at=item.added_at)
            return known
        self._take_place(item)
        self.events.append(
            events.EvidenceAnnounced(
                case_id=self.id,
                actor=item.added_by,
                at=item.added_at,
                evidence_id=item.id,
                size_bytes=item.size_bytes,
                file_name=item.file_name,
            )
        )
        return item

    def settle_evidence(self, checked: EvidenceItem) -> None:
        """Take over what the check of an announced item found; `checked` has the item's id."""
        item = self.item(checked.id)
        if item.state is not ItemState.CHECKING:
            raise WrongState(state=item.state.value)
        for name in SETTLED_FIELDS:
            setattr(item, name, getattr(checked, name))
        self._touch()
        self._added(item)

    def refuse_evidence(
        self, evidence_id: UUID, reason_code: str, *, at: datetime, sha256: str = ""
    ) -> None:
        """Nothing of it is kept but that it was announced, and why it was not taken.

        The hash goes too: what was announced may be of a text that shows a card number.
        """
        item = self.item(evidence_id)
        if item.state is not ItemState.CHECKING:
            return
        item.state, item.warnings = ItemState.REFUSED, (f"refused: {reason_code}",)
        item.sha256 = sha256
        self._touch()
        self.events.append(
            events.EvidenceRefused(
                case_id=self.id,
                actor=None,
                at=at,
                evidence_id=item.id,
                reason_code=reason_code,
            )
        )

    def _take_place(self, item: EvidenceItem) -> None:
        gone = {ItemState.DESTROYED, ItemState.REFUSED}
        kept = [one for one in self.items if one.state not in gone]
        held = Standing(
            self.id,
            self.store_id,
            self.state,
            self.key_wrapped,
            self.order_numbers,
            items=len(kept),
            bytes=sum(one.size_bytes for one in kept),
        )
        held.ensure_takes(item.size_bytes)
        self._revise(by=item.added_by, at=item.added_at)
        self._append(item)

    def _append(self, item: EvidenceItem) -> None:
        item.position = max((i.position for i in self.items), default=0) + 1
        self.items.append(item)

    def _added(self, item: EvidenceItem) -> None:
        self.events.append(
            events.EvidenceAdded(
                case_id=self.id,
                actor=item.added_by,
                at=item.added_at,
                evidence_id=item.id,
                evidence_kind=item.kind.value,
                sha256=item.sha256,
                size_bytes=item.size_bytes,
                reader=item.reader,
                state=item.state.value,
                file_name=item.file_name,
            )
        )

    def evidence_altered(
        self,
        item: EvidenceItem,
        *,
        original_size_bytes: int,
        masked_count: int,
        original_hmac: str,
        at: datetime,
    ) -> None:
        """Say that the item's bytes are not those that were sent, and what was done to them."""
        self.events.append(
            events.EvidenceAltered(
                case_id=self.id,
                actor=item.added_by,
                at=at,
                evidence_id=item.id,
                original_size_bytes=original_size_bytes,
                masked_count=masked_count,
                original_hmac=original_hmac,
            )
        )

    def take_again(self, known: EvidenceItem, *, by: UUID, at: datetime) -> None:
        """The same bytes were sent once more: what was withdrawn is taken back."""
        if known.state is not ItemState.WITHDRAWN:
            return
        self._revise(by=by, at=at)
        known.state = ItemState.HELD if known.held_for else ItemState.ACCEPTED
        self.events.append(
            events.EvidenceTakenBack(case_id=self.id, actor=by, at=at, evidence_id=known.id)
        )

    def edit_evidence(  # noqa: PLR0913 - three editable fields, each optional
        self,
        evidence_id: UUID,
        *,
        by: UUID,
        at: datetime,
        kind: EvidenceKind | None = None,
        caption: str | None = None,
        position: int | None = None,
    ) -> EvidenceItem:
        item = self.item(evidence_id)
        if item.state in {ItemState.CHECKING, ItemState.REFUSED}:
            raise WrongState(state=item.state.value)
        wanted = {"kind": kind, "caption": caption, "position": position}
        changes = {
            name: value
            for name, value in wanted.items()
            if value is not None and getattr(item, name) != value
        }
        if not changes:
            return item
        self._revise(by=by, at=at)
        for name, value in changes.items():
            setattr(item, name, value)
        self.events.append(
            events.EvidenceEdited(
                case_id=self.id, actor=by, at=at, evidence_id=item.id, fields=tuple(sorted(changes))
            )
        )
        return item

    def withdraw_evidence(self, evidence_id: UUID, reason: str, *, by: UUID, at: datetime) -> None:
        item = self.item(evidence_id)
        if not item.is_stored or item.state is ItemState.WITHDRAWN:
            raise WrongState(state=item.state.value)
        self._revise(by=by, at=at)
        item.state = ItemState.WITHDRAWN
        self.events.append(
            events.EvidenceWithdrawn(
                case_id=self.id, actor=by, at=at, evidence_id=item.id, reason=reason
            )
        )

    def hold_for_card(self, evidence_id: UUID, *, at: datetime) -> None:
        """A card number was found in it: nothing of the case is approved until it is redacted."""
        item = self.item(evidence_id)
        if item.held_for is not None or item.state is ItemState.DESTROYED:
            return
        item.held_for = HeldFor.CARD_NUMBER
        if item.state is ItemState.ACCEPTED:
            item.state = ItemState.HELD
        self._touch()
        self.events.append(
            events.EvidenceHeld(
                case_id=self.id,
                actor=None,
                at=at,
                evidence_id=item.id,
                held_for=item.held_for.value,
            )
        )

    def text_read(self, evidence_id: UUID, facts: frozenset[str]) -> None:
        """What the item's words mention, as far as they are read now."""
        item = self.item(evidence_id)
        item.facts = (item.facts - MENTIONS) | facts

    def warn(self, evidence_id: UUID, codes: Iterable[str]) -> None:
        """What a person is told of the item once its words were read; told once."""
        item = self.item(evidence_id)
        item.warnings += tuple(code for code in codes if code not in item.warnings)

    def read_again(
        self, evidence_id: UUID, before: Reading, after: Reading, *, by: UUID, at: datetime
    ) -> EvidenceItem:
        """Take over what a reader understood once a person had said how to read the file.

        The kind follows where it was the earlier reading's own; so do the warnings.

        Raises:
            WrongState: the case takes no change now, or the item is withdrawn, held or destroyed.
        """
        item = self.item(evidence_id)
        if item.state is not ItemState.ACCEPTED:
            raise WrongState(state=item.state.value)
        self._revise(by=by, at=at)
        was_read_as = before.kind or EvidenceKind.ADDITIONAL_INFORMATION
        if item.kind is was_read_as and after.kind is not None:
            item.kind = after.kind
        item.reader = after.reader
        item.facts = after.facts | (item.facts & MENTIONS)
        item.digest = digest(after)
        others = (code for code in item.warnings if code not in before.warnings)
        item.warnings = (*after.warnings, *others)
        chosen = after.chosen
        self.events.append(
            events.EvidenceReadAgain(
                case_id=self.id,
                actor=by,
                at=at,
                evidence_id=item.id,
                form=chosen.form.value if chosen.form else None,
                columns=tuple(sorted(chosen.columns)),
                date_order=chosen.date_order.value if chosen.date_order else None,
                time_zone=chosen.time_zone,
            )
        )
        return item

    def correct_text(  # noqa: PLR0913 - what was written, by whom and when
        self,
        evidence_id: UUID,
        *,
        language: str,
        characters: int,
        facts: frozenset[str],
        by: UUID,
        at: datetime,
    ) -> None:
        item = self.item(evidence_id)
        if item.state is ItemState.DESTROYED:
            raise WrongState(state=item.state.value)
        self._revise(by=by, at=at)
        self.text_read(evidence_id, facts)
        self.events.append(
            events.EvidenceTextCorrected(
                case_id=self.id,
                actor=by,
                at=at,
                evidence_id=item.id,
                language=language,
                characters=characters,
            )
        )

    def redact_evidence(
        self, evidence_id: UUID, copy: EvidenceItem, reason: str, *, rectangles: int
    ) -> EvidenceItem:
        """Let a redacted copy stand for an item.

        The original is withdrawn; only where it shows a card number it is destroyed. That is done
        in a case that was sent, too: its revision stays, and so do the bundles of it.

        Returns:
            The copy, or the item whose bytes it has.

        Raises:
            WrongState: the item is withdrawn, destroyed or held for something else, or the case
                takes no evidence and the item shows no card number.
        """
        item = self.item(evidence_id)
        if item.state is not (ItemState.HELD if item.shows_card else ItemState.ACCEPTED):
            raise WrongState(state=item.state.value)
        by, at = copy.added_by, copy.added_at
        is_sent = self.state in SENT_STATES and item.shows_card
        known = self._replace_sent(copy) if is_sent else self.add_evidence(copy)
        known.position = item.position
        self.events.append(
            events.EvidenceRedacted(
                case_id=self.id,
                actor=by,
                at=at,
                evidence_id=known.id,
                redacted=item.id,
                rectangles=rectangles,
                left_in_bundles=sum(one.state is BundleState.READY for one in self.bundles),
                reason=reason,
            )
        )
        if item.shows_card:
            self._destroy(item, reason, by=by, at=at)
        else:
            self.withdraw_evidence(item.id, reason, by=by, at=at)
        return known

    def _replace_sent(self, copy: EvidenceItem) -> EvidenceItem:
        """A copy takes an item's place after the case was sent: no new revision."""
        known = self.item_with(copy.sha256)
        if known is not None:
            return known
        self._contributed(copy.added_by)
        self._append(copy)
        self._added(copy)
        self._touch()
        return copy

    def destroy_withdrawn(self, evidence_id: UUID, *, at: datetime) -> None:
        """What shows a card number and was taken out must not be locked with the others."""
        item = self.item(evidence_id)
        if item.state is not ItemState.WITHDRAWN or not item.shows_card:
            raise WrongState(state=item.state.value)
        self._destroy(item, "", by=None, at=at)
        self._touch()

    def _destroy(self, item: EvidenceItem, reason: str, *, by: UUID | None, at: datetime) -> None:
        item.state = ItemState.DESTROYED
        item.derivatives = ()
        self.events.append(
            events.EvidenceDestroyed(
                case_id=self.id,
                actor=by,
                at=at,
                evidence_id=item.id,
                held_for=HeldFor.CARD_NUMBER.value,
                reason=reason,
            )
        )

    # --- statement and waivers -----------------------------------------------------------

    def write_statement(
        self, language: str, fields: Mapping[str, str], *, by: UUID, at: datetime
    ) -> None:
        self._revise(by=by, at=at)
        if self.statement is None:
            self.statement = Statement(self.id, self.store_id, language, dict(fields), by, at)
        else:
            self.statement.language = language
            self.statement.fields = dict(fields)
            self.statement.written_by, self.statement.written_at = by, at
        self.events.append(
            events.StatementWritten(case_id=self.id, actor=by, at=at, language=language)
        )

    def record_platform_requirements(
        self,
        source: str,
        requirements: list[dict[str, object]],
        respond_by: datetime | None,
        *,
        by: UUID,
        at: datetime,
    ) -> None:
        """Keep the platform's own answer instead of an earlier one; its deadline is the case's."""
        self._revise(by=by, at=at)
        asked = self.platform_requirements
        if asked is None:
            self.platform_requirements = PlatformRequirements(
                self.id, self.store_id, source, requirements, by, at
            )
        else:
            asked.source, asked.requirements = source, requirements
            asked.recorded_by, asked.recorded_at = by, at
        if respond_by is not None:
            self.respond_by = respond_by
            self.fall_due(respond_by)
        self.events.append(
            events.PlatformRequirementsRecorded(
                case_id=self.id,
                actor=by,
                at=at,
                requirements=len(requirements),
                respond_by=respond_by,
                source=source,
            )
        )

    def accept_pack(self, version: str, *, by: UUID, at: datetime) -> None:
        """Be judged by another version of the pack from now on."""
        self._expect(CaseState.ASSEMBLING)
        if version == self.pack_version:
            return
        self._revise(by=by, at=at)
        before, self.pack_version = self.pack_version, version
        self.events.append(
            events.PackAccepted(case_id=self.id, actor=by, at=at, before=before, accepted=version)
        )

    def waive(self, requirement: str, reason: str, *, by: UUID, at: datetime) -> None:
        self._revise(by=by, at=at)
        for waiver in self.waivers:
            if waiver.requirement == requirement:
                waiver.reason, waiver.waived_by, waiver.waived_at = reason, by, at
                break
        else:
            self.waivers.append(Waiver(self.id, requirement, self.store_id, reason, by, at))
        self.events.append(
            events.RequirementWaived(
                case_id=self.id, actor=by, at=at, requirement=requirement, reason=reason
            )
        )

    # --- review --------------------------------------------------------------------------

    def hand_in(self, report: Report, *, by: UUID, at: datetime) -> None:
        """Give the case to a reviewer.

        Raises:
            WrongState: it is not being assembled (`state`), or required evidence is missing
                and not waived (code `incomplete`, `requirements` names it).
        """
        self._expect(CaseState.ASSEMBLING)
        missing = report.missing_required
        if missing:
            raise WrongState("incomplete", requirements=[r.id for r in missing])
        self._contributed(by)
        self._become(CaseState.IN_REVIEW)
        self.events.append(
            events.CaseHandedIn(
                case_id=self.id,
                actor=by,
                at=at,
                revision=self.revision,
                score=f"{report.score:.4f}",
            )
        )

    def recall(self, *, by: UUID, at: datetime) -> None:
        self._expect(CaseState.IN_REVIEW)
        self._become(CaseState.ASSEMBLING)
        self.events.append(
            events.CaseRecalled(case_id=self.id, actor=by, at=at, revision=self.revision)
        )

    def review(  # noqa: PLR0913 - a review is decided with all it says
        self,
        *,
        id: UUID,  # noqa: A002 - the field's own name
        decision: Decision,
        comment: str,
        items: Iterable[dict[str, str]],
        revision: int | None,
        by: UUID,
        at: datetime,
    ) -> Review:
        """Approve or return one revision.

        Raises:
            WrongState: the case is not in review; or items are still open (`items_open`).
            NotAllowed: the reviewer had a hand in the case (`contributor`).
            StaleRevision: the decision was made on another revision.
            InvalidInput: a return says why; what is remarked on stands in the case.
        """
        self._expect(CaseState.IN_REVIEW)
        if self.is_contributor(by):
            raise NotAllowed("contributor_cannot_review")
        if revision is not None and revision != self.revision:
            raise StaleRevision(revision=self.revision)
        if decision is Decision.RETURN and not comment.strip():
            raise invalid("comment", "required", "say what has to change")
        remarks = list(items)
        known = {str(item.id) for item in self.items}
        if any(one.get("evidence_id", "") not in {"", *known} for one in remarks):
            raise invalid("items", "unknown", "there is no such evidence in this case")
        if decision is Decision.APPROVE:
            self._ensure_settled()
        review = Review(
            id, self.id, self.store_id, self.revision, decision, comment, remarks, by, at
        )
        self.reviews.append(review)
        if decision is Decision.APPROVE:
            self._become(CaseState.APPROVED)
            self.approved_revision, self.approved_at = self.revision, at
            self.events.append(
                events.CaseApproved(
                    case_id=self.id, actor=by, at=at, revision=self.revision, comment=comment
                )
            )
        else:
            self._become(CaseState.ASSEMBLING)
            self.events.append(
                events.CaseReturned(
                    case_id=self.id, actor=by, at=at, revision=self.revision, comment=comment
                )
            )
        return review

    def is_contributor(self, person: UUID) -> bool:
        return any(c.person_id == person for c in self.contributors)

    # --- bundles and what follows --------------------------------------------------------

    def request_bundle(
        self,
        *,
        id: UUID,  # noqa: A002 - the field's own name
        delivery: str,
        again: bool,
        by: UUID,
        at: datetime,
    ) -> tuple[Bundle, bool]:
        """Ask for a bundle of the approved revision, or a marked preview while in review.

        Returns:
            The bundle, and whether it is a new one to be drawn.
        """
        preview = self.state is CaseState.IN_REVIEW
        if not preview and (self.state not in BUNDLE_STATES or self.approved_revision is None):
            raise WrongState(state=self.state.value)
        self._ensure_settled()
        revision = self.revision if preview else self._approved_revision()
        for known in reversed(self.bundles):
            same = (known.revision, known.delivery, known.preview) == (revision, delivery, preview)
            if same and known.state is not BundleState.FAILED and not again:
                return known, False
        bundle = Bundle(id, self.id, self.store_id, revision, delivery, preview, by, at)
        self.bundles.append(bundle)
        self.events.append(
            events.BundleRequested(
                case_id=self.id, actor=by, at=at, bundle_id=id, revision=revision, delivery=delivery
            )
        )
        return bundle, True

    def bundle(self, bundle_id: UUID) -> Bundle:
        for bundle in self.bundles:
            if bundle.id == bundle_id:
                return bundle
        raise NotFound(bundle_id=str(bundle_id))

    def bundle_ready(  # noqa: PLR0913 - what the finished file is
        self,
        bundle_id: UUID,
        *,
        sha256: str,
        content_sha256: str,
        version_id: str,
        pages: int,
        size_bytes: int,
        omissions: list[dict[str, Any]],
        missing_glyphs: str,
        at: datetime,
        media_type: str = "application/pdf",
        signed_by: str | None = None,
        time_stamp: TimeStamp | None = None,
    ) -> None:
        bundle = self.bundle(bundle_id)
        if bundle.state is BundleState.READY:
            return
        bundle.state, bundle.progress, bundle.ready_at = BundleState.READY, 1.0, at
        bundle.sha256, bundle.content_sha256, bundle.version_id = sha256, content_sha256, version_id
        bundle.signed_by, bundle.time_stamp = signed_by, time_stamp
        bundle.pages, bundle.size_bytes, bundle.omissions = pages, size_bytes, omissions
        bundle.missing_glyphs, bundle.media_type = missing_glyphs, media_type
        bundle.error, bundle.error_params = None, {}
        self.events.append(
            events.BundleReady(
                case_id=self.id,
                actor=None,
                at=at,
                bundle_id=bundle.id,
                sha256=sha256,
                content_sha256=content_sha256,
                signed_by=signed_by,
                time_stamp=time_stamp,
                pages=pages,
                size_bytes=size_bytes,
                omissions=len(omissions),
                omitted=tuple(
                    (str(one["what"]), str(one["level"] or "none"), str(one["evidence_id"]))
                    for one in omissions
                ),
            )
        )

    def bundle_failed(
        self,
        bundle_id: UUID,
        error: str,
        *,
        at: datetime,
        params: Mapping[str, str] | None = None,
        omissions: Sequence[Mapping[str, Any]] = (),
    ) -> None:
        """Record why there is none; `omissions` are then what could not be made to fit."""
        bundle = self.bundle(bundle_id)
        bundle.state, bundle.error = BundleState.FAILED, error
        bundle.error_params = dict(params or {})
        bundle.omissions = [dict(one) for one in omissions]
        self.events.append(
            events.BundleFailed(
                case_id=self.id, actor=None, at=at, bundle_id=bundle.id, error=error
            )
        )

    def record_submission(  # noqa: PLR0913 - the record as it was made
        self,
        *,
        id: UUID,  # noqa: A002 - the field's own name
        bundle_id: UUID,
        reference: str | None,
        submitted_at: datetime,
        corrects: UUID | None,
        reason: str | None,
        by: UUID,
        at: datetime,
    ) -> Submission:
        """Record what was sent. A second record needs to say which it corrects, and why."""
        if corrects is None:
            self._expect(CaseState.APPROVED)
        elif self.state not in {CaseState.SUBMITTED, CaseState.CLOSED}:
            raise WrongState(state=self.state.value)
        else:
            self._ensure_correction(corrects, reason)
        self._ensure_sendable(bundle_id)
        self._ensure_sent(submitted_at, at)
        record = Submission(
            id,
            self.id,
            self.store_id,
            bundle_id,
            reference,
            submitted_at,
            corrects,
            reason,
            by,
            at,
        )
        self.submissions.append(record)
        if corrects is None:
            self._become(CaseState.SUBMITTED)
            self.events.append(
                events.SubmissionRecorded(
                    case_id=self.id,
                    actor=by,
                    at=at,
                    submission_id=id,
                    bundle_id=bundle_id,
                    submitted_at=submitted_at,
                    reference=reference or "",
                )
            )
        else:
            self._touch()
            self.events.append(
                events.SubmissionCorrected(
                    case_id=self.id,
                    actor=by,
                    at=at,
                    submission_id=id,
                    corrects=corrects,
                    bundle_id=bundle_id,
                    submitted_at=submitted_at,
                    reference=reference or "",
                    reason=reason or "",
                )
            )
        return record

    def record_outcome(self, outcome: CaseOutcome) -> None:
        """Close the case. Unsent cases may only end as withdrawn, expired or not contested."""
        unsent = self.state in OPEN_STATES and outcome.result in ENDS_UNSENT
        if self.state is not CaseState.SUBMITTED and not unsent:
            raise WrongState(state=self.state.value)
        self.outcome = outcome
        self._become(CaseState.CLOSED)
        self.events.append(
            events.OutcomeRecorded(
                case_id=self.id,
                actor=outcome.recorded_by,
                at=outcome.recorded_at,
                result=outcome.result.value,
                reason=outcome.reason.value if outcome.reason else None,
                note=outcome.note or "",
            )
        )

    # --- archive -------------------------------------------------------------------------

    def request_archive(self, *, by: UUID, at: datetime) -> None:
        self._expect(CaseState.CLOSED)
        if self.archive_requested_at is not None:
            raise WrongState("archiving", state=self.state.value)
        self._ensure_settled()
        self.archive_requested_at, self.archive_progress = at, 0.0
        self._touch()
        self.events.append(events.ArchivingStarted(case_id=self.id, actor=by, at=at))

    def stop_archiving(self, *, at: datetime) -> None:
        """Something was found that a person has to see to first; then it is asked for again."""
        self.archive_requested_at, self.archive_progress = None, None
        self._touch()
        held = sum(item.is_open for item in self.items)
        self.events.append(
            events.ArchivingStopped(case_id=self.id, actor=None, at=at, items_held=held)
        )

    def seal(self, *, objects_locked: int, locked_until: datetime, at: datetime) -> None:
        """Record that every version is locked; the package holds the chain up to this event."""
        if self.sealed_at is None:
            self.sealed_at = at
            self.events.append(
                events.CaseSealed(
                    case_id=self.id,
                    actor=None,
                    at=at,
                    objects_locked=objects_locked,
                    locked_until=locked_until,
                )
            )

    def archive(self, *, package_sha256: str, at: datetime) -> None:
        if self.state is CaseState.ARCHIVED:
            return
        self._expect(CaseState.CLOSED)
        self.archived_at, self.archive_progress = at, 1.0
        self._become(CaseState.ARCHIVED)
        self.events.append(
            events.CaseArchived(case_id=self.id, actor=None, at=at, package_sha256=package_sha256)
        )

    # --- what every step shares ----------------------------------------------------------

    def _expect(self, state: CaseState) -> None:
        if self.state is not state:
            raise WrongState(state=self.state.value, expected=state.value)

    def _become(self, state: CaseState) -> None:
        self.state = state
        if state not in OPEN_STATES:
            self.next_due_at = NEVER
        self._touch()

    def _touch(self) -> None:
        self.version += 1

    def _contributed(self, person: UUID) -> None:
        if not self.is_contributor(person):
            self.contributors.append(Contributor(self.id, person, self.store_id))

    def ensure_revisable(self) -> None:
        """Refuse where what would be sent may not change now."""
        if self.state not in {CaseState.ASSEMBLING, CaseState.APPROVED}:
            raise WrongState(state=self.state.value)

    def _revise(self, *, by: UUID, at: datetime) -> None:
        """Begin a change of what would be sent: free while assembling, voiding an approval."""
        self.ensure_revisable()
        self._contributed(by)
        if self.state is CaseState.APPROVED:
            self.events.append(
                events.ApprovalVoided(
                    case_id=self.id, actor=by, at=at, revision=self._approved_revision()
                )
            )
            self.approved_revision, self.approved_at = None, None
            self.state = CaseState.ASSEMBLING
        self.revision += 1
        self._touch()

    def _ensure_settled(self) -> None:
        unsettled = [str(item.id) for item in self.items if item.is_open]
        if unsettled:
            raise WrongState("items_open", items=unsettled)

    def _approved_revision(self) -> int:
        if self.approved_revision is None:
            raise WrongState(state=self.state.value)
        return self.approved_revision

    @property
    def receipts(self) -> list[Receipt]:
        return [one.receipt for one in self.submissions if one.receipt is not None]

    def submission(self, submission_id: UUID) -> Submission:
        for found in self.submissions:
            if found.id == submission_id:
                return found
        raise NotFound(submission_id=str(submission_id))

    def ensure_takes_receipt(self, submission_id: UUID, sha256: str) -> Receipt | None:
        """The receipt with these bytes, if the submission has it already.

        Raises:
            NotFound: there is no such submission.
            WrongState: the case is being locked, or another receipt stands there.
        """
        stands = self.submission(submission_id).receipt
        if stands is not None and stands.sha256 == sha256:
            return stands
        if self.archive_requested_at is not None:
            raise WrongState("archiving", state=self.state.value)
        if stands is not None:
            raise WrongState("receipt_stands", sha256=stands.sha256)
        return None

    def add_receipt(self, receipt: Receipt) -> Receipt:
        """Keep it with its submission; the same bytes again are the one that stands there."""
        stands = self.ensure_takes_receipt(receipt.submission_id, receipt.sha256)
        if stands is not None:
            return stands
        self.submission(receipt.submission_id).receipt = receipt
        self._touch()
        self.events.append(
            events.ReceiptAdded(
                case_id=self.id,
                actor=receipt.added_by,
                at=receipt.added_at,
                submission_id=receipt.submission_id,
                sha256=receipt.sha256,
                size_bytes=receipt.size_bytes,
                media_type=receipt.media_type,
                file_name=receipt.file_name,
            )
        )
        return receipt

    def _ensure_sendable(self, bundle_id: UUID) -> None:
        bundle = next((b for b in self.bundles if b.id == bundle_id), None)
        if bundle is None:
            raise invalid("bundle_id", "unknown", "there is no such bundle in this case")
        if bundle.preview or bundle.revision != self.approved_revision:
            raise WrongState("bundle_not_of_approved_revision")
        if bundle.state is not BundleState.READY:
            raise WrongState("bundle_not_ready", state=bundle.state.value)

    def _ensure_sent(self, submitted_at: datetime, now: datetime) -> None:
        """Not later than now. It may lie before the approval: some send first and record after."""
        if submitted_at > now + _CLOCKS_DIFFER:
            raise invalid("submitted_at", "in_future", "it was not sent yet; give when it was")

    def _ensure_correction(self, corrects: UUID, reason: str | None) -> None:
        if all(s.id != corrects for s in self.submissions):
            raise invalid("corrects", "unknown", "there is no such submission in this case")
        if not (reason or "").strip():
            raise invalid("reason", "required", "say why the record is corrected")


@dataclass(frozen=True, slots=True)
class Standing:
    """A case as far as an upload asks: one row, where the whole case is seven queries."""

    id: UUID
    store_id: UUID
    state: CaseState
    key_wrapped: bytes | None
    known_numbers: tuple[str, ...]
    """The case's own numbers, which are no cards' whatever they look like."""
    items: int
    bytes: int
    """Of both, what stands in the case and the direct uploads that are on their way."""
    holds: bool = False
    """Whether the bytes that were asked about are an item already."""

    def ensure_open(self) -> None:
        if self.state not in {CaseState.ASSEMBLING, CaseState.APPROVED}:
            raise WrongState(state=self.state.value)

    def ensure_takes(self, size_bytes: int) -> None:
        """Refuse early what `Case.add_evidence` would refuse.

        Raises:
            WrongState: evidence is free in `assembling` and voids an approval in `approved`.
            InvalidInput: the case would hold more items or bytes than it may.
        """
        self.ensure_open()
        if self.items >= MAX_ITEMS:
            raise invalid("file", "too_many_items", f"a case holds at most {MAX_ITEMS} items")
        if self.bytes + size_bytes > MAX_CASE_BYTES:
            raise invalid("file", "case_full", f"a case holds at most {MAX_CASE_BYTES} bytes")


def _differs(case: Case, about: CaseDetails, name: str) -> bool:
    value = getattr(about, name)
    return bool(getattr(case, name) != (dict(value) if name == "details" else value))
