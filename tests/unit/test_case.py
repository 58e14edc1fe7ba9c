from dataclasses import dataclass, replace

import pytest
from factories import AGENT, NOON, REVIEWER, make_bundle, make_case, make_item

from evidence_service.domain import events
from evidence_service.domain.case import MAX_ITEMS, NEVER, CaseState
from evidence_service.domain.errors import (
    InvalidInput,
    NotAllowed,
    NotFound,
    StaleRevision,
    WrongState,
)
from evidence_service.domain.evidence import EvidenceKind, HeldFor, ItemState
from evidence_service.domain.ids import new_id
from evidence_service.domain.records import Decision
from evidence_service.domain.sending import BundleState, CaseOutcome, OutcomeResult
from evidence_service.usecases.assemble.edit_case import said_of

WHO = {"by": AGENT, "at": NOON}


@dataclass(frozen=True)
class Missing:
    id: str


class FakeReport:
    """What hand-in asks of a checklist report, and no more."""

    def __init__(self, *missing):
        self.missing_required = tuple(Missing(name) for name in missing)
        self.score = 0.5


def review(case, decision=Decision.APPROVE, by=REVIEWER, comment="ok", revision=None):
    return case.review(
        id=new_id(), decision=decision, comment=comment, items=[], revision=revision, by=by, at=NOON
    )


def submit(case, bundle, **over):
    values = {
        "id": new_id(),
        "bundle_id": bundle.id,
        "reference": "A-1",
        "submitted_at": NOON,
        "corrects": None,
        "reason": None,
    }
    return case.record_submission(**(values | over), **WHO)


def end(case, result=OutcomeResult.WON):
    case.record_outcome(CaseOutcome(case.id, case.store_id, result, None, None, None, AGENT, NOON))


def kinds(case):
    return [event.kind for event in case.events]


class TestEdit:
    def test_counts_a_change_of_what_is_sent_as_a_revision(self):
        case = make_case()

        case.edit(replace(said_of(case), claim_text="другое"), **WHO)

        assert (case.revision, case.version) == (2, 3)
        assert case.events == [
            events.CaseEdited(case_id=case.id, actor=AGENT, at=NOON, fields=("claim_text",))
        ]

    def test_changes_only_the_version_for_an_assignee(self):
        case = make_case(CaseState.SUBMITTED)

        case.edit(replace(said_of(case), assignee=REVIEWER), **WHO)

        assert (case.revision, case.version) == (1, 2)

    def test_does_nothing_when_nothing_differs(self):
        case = make_case()

        case.edit(said_of(case), **WHO)

        assert case.version == 1
        assert case.events == []

    def test_moves_the_due_instant_with_the_deadline(self):
        case = make_case()

        case.edit(replace(said_of(case), respond_by=None), **WHO)

        assert case.next_due_at == NEVER

    @pytest.mark.parametrize("state", [CaseState.IN_REVIEW, CaseState.SUBMITTED, CaseState.CLOSED])
    def test_refuses_a_new_claim_text_from(self, state):
        case = make_case(state)

        with pytest.raises(WrongState):
            case.edit(replace(said_of(case), claim_text="другое"), **WHO)

    def test_refuses_everything_once_archived(self):
        case = make_case(CaseState.ARCHIVED)

        with pytest.raises(WrongState):
            case.edit(replace(said_of(case), assignee=REVIEWER), **WHO)


class TestEvidence:
    def test_is_added_with_a_revision_a_place_and_an_event(self):
        case, item = make_case(), make_item()

        added = case.add_evidence(item)

        assert added is item
        assert (item.position, case.revision) == (1, 2)
        assert kinds(case) == ["evidence.added"]
        assert case.events[0].data()["sha256"] == item.sha256
        assert case.events[0].texts() == {"file_name": "order.png"}

    def test_of_the_same_bytes_is_the_first_item(self):
        case, item = make_case(), make_item()
        case.add_evidence(item)

        again = case.add_evidence(make_item(EvidenceKind.INVOICE, sha256=item.sha256))

        assert again is item
        assert again.kind is EvidenceKind.ORDER_SCREENSHOT
        assert (len(case.items), case.revision) == (1, 2)

    def test_that_was_withdrawn_is_taken_back_by_the_same_bytes(self):
        case, item = make_case(), make_item()
        case.add_evidence(item)
        case.withdraw_evidence(item.id, "wrong order", **WHO)

        case.add_evidence(make_item(sha256=item.sha256))

        assert item.state is ItemState.ACCEPTED
        assert kinds(case) == ["evidence.added", "evidence.withdrawn", "evidence.taken_back"]

    @pytest.mark.parametrize(
        "state",
        [CaseState.IN_REVIEW, CaseState.SUBMITTED, CaseState.CLOSED, CaseState.ARCHIVED],
    )
    def test_is_refused_from(self, state):
        case = make_case(state)

        with pytest.raises(WrongState):
            case.add_evidence(make_item())

        assert (case.items, case.events) == ([], [])

    def test_voids_an_approval(self):
        case = make_case(CaseState.APPROVED)

        case.add_evidence(make_item())

        assert case.state is CaseState.ASSEMBLING
        assert case.approved_revision is None
        assert kinds(case) == ["approval.voided", "evidence.added"]

    def test_is_refused_beyond_the_limit_of_items(self):
        case = make_case()
        case.items = [make_item() for _ in range(MAX_ITEMS)]

        with pytest.raises(InvalidInput, match="500"):
            case.add_evidence(make_item())

    def test_is_withdrawn_once(self):
        case, item = make_case(), make_item()
        case.add_evidence(item)
        case.withdraw_evidence(item.id, "wrong", **WHO)

        with pytest.raises(WrongState):
            case.withdraw_evidence(item.id, "wrong", **WHO)

    def test_that_does_not_exist_is_not_found(self):
        with pytest.raises(NotFound):
            make_case().withdraw_evidence(new_id(), "wrong", **WHO)


class TestHandIn:
    def test_gives_the_case_to_review(self):
        case = make_case()

        case.hand_in(FakeReport(), **WHO)

        assert case.state is CaseState.IN_REVIEW
        assert kinds(case) == ["case.handed_in"]

    def test_names_what_is_missing(self):
        case = make_case()

        with pytest.raises(WrongState) as refused:
            case.hand_in(FakeReport("chat_record"), **WHO)

        assert refused.value.code == "incomplete"
        assert refused.value.params["requirements"] == ["chat_record"]
        assert case.state is CaseState.ASSEMBLING

    def test_makes_whoever_does_it_a_contributor(self):
        case = make_case()

        case.hand_in(FakeReport(), by=REVIEWER, at=NOON)

        assert case.is_contributor(REVIEWER)

    def test_is_taken_back_by_a_recall(self):
        case = make_case(CaseState.IN_REVIEW)

        case.recall(**WHO)

        assert case.state is CaseState.ASSEMBLING
        assert kinds(case) == ["case.recalled"]


class TestReview:
    def test_approves_one_revision(self):
        case = make_case(CaseState.IN_REVIEW)

        review(case)

        assert case.state is CaseState.APPROVED
        assert case.approved_revision == case.revision
        assert kinds(case) == ["case.approved"]

    def test_refuses_a_contributor_whatever_their_roles(self):
        case = make_case(CaseState.IN_REVIEW)

        with pytest.raises(NotAllowed):
            review(case, by=AGENT)

        assert case.state is CaseState.IN_REVIEW
        assert case.events == []

    def test_refuses_a_decision_on_another_revision(self):
        case = make_case(CaseState.IN_REVIEW, revision=4)

        with pytest.raises(StaleRevision):
            review(case, revision=3)

    @pytest.mark.parametrize("state", [ItemState.CHECKING, ItemState.HELD])
    def test_does_not_approve_while_an_item_is(self, state):
        case = make_case(CaseState.IN_REVIEW)
        item = make_item(state=state, held_for=HeldFor.CARD_NUMBER)
        case.items = [item]

        with pytest.raises(WrongState) as refused:
            review(case)

        assert refused.value.params["items"] == [str(item.id)]

    def test_returns_with_a_comment(self):
        case = make_case(CaseState.IN_REVIEW)

        review(case, Decision.RETURN, comment="the screenshot is cut off")

        assert case.state is CaseState.ASSEMBLING
        assert case.events[0].texts() == {"comment": "the screenshot is cut off"}

    def test_does_not_return_without_saying_why(self):
        with pytest.raises(InvalidInput):
            review(make_case(CaseState.IN_REVIEW), Decision.RETURN, comment=" ")

    def test_is_not_there_before_the_hand_in(self):
        with pytest.raises(WrongState):
            review(make_case())


class TestBundle:
    def ask(self, case, again=False):
        return case.request_bundle(id=new_id(), delivery="master", again=again, **WHO)

    def test_is_of_the_approved_revision(self):
        case = make_case(CaseState.APPROVED)

        bundle, is_new = self.ask(case)

        assert is_new
        assert (bundle.revision, bundle.preview) == (case.approved_revision, False)

    def test_is_the_same_when_asked_twice(self):
        case = make_case(CaseState.APPROVED)
        first, _ = self.ask(case)

        second, is_new = self.ask(case)

        assert second is first
        assert not is_new

    def test_is_made_again_on_demand_or_after_a_failure(self):
        case = make_case(CaseState.APPROVED)
        first, _ = self.ask(case)
        second, _ = self.ask(case, again=True)
        case.bundle_failed(second.id, "exhibit_missing", at=NOON)
        case.bundle_failed(first.id, "exhibit_missing", at=NOON)

        third, is_new = self.ask(case)

        assert is_new
        assert len({first.id, second.id, third.id}) == 3

    def test_is_a_preview_while_in_review(self):
        bundle, _ = self.ask(make_case(CaseState.IN_REVIEW))

        assert bundle.preview

    def test_is_refused_while_assembling(self):
        with pytest.raises(WrongState):
            self.ask(make_case())

    def test_stays_as_it_was_recorded_first(self):
        case = make_case(CaseState.APPROVED)
        bundle, _ = self.ask(case)
        for digest in ("a" * 64, "b" * 64):
            case.bundle_ready(
                bundle.id,
                sha256=digest,
                content_sha256=digest,
                signed_by=None,
                time_stamp=None,
                version_id="v",
                pages=3,
                size_bytes=10,
                omissions=[],
                missing_glyphs="",
                at=NOON,
            )

        assert bundle.sha256 == "a" * 64
        assert kinds(case) == ["bundle.requested", "bundle.ready"]


class TestSubmission:
    def test_is_recorded_once_the_bundle_is_ready(self):
        case = make_case(CaseState.APPROVED)

        submit(case, make_bundle(case))

        assert case.state is CaseState.SUBMITTED
        assert case.next_due_at == NEVER
        assert kinds(case) == ["submission.recorded"]

    @pytest.mark.parametrize(
        "over", [{"preview": True}, {"revision": 99}, {"state": BundleState.RENDERING}]
    )
    def test_refuses_a_bundle_that_cannot_be_sent(self, over):
        case = make_case(CaseState.APPROVED)

        with pytest.raises(WrongState):
            submit(case, make_bundle(case, **over))

        assert case.state is CaseState.APPROVED

    def test_refuses_a_second_record_that_corrects_nothing(self):
        case = make_case(CaseState.APPROVED)
        bundle = make_bundle(case)
        submit(case, bundle)

        with pytest.raises(WrongState):
            submit(case, bundle)

    def test_keeps_both_when_one_corrects_the_other(self):
        case = make_case(CaseState.APPROVED)
        bundle = make_bundle(case)
        first = submit(case, bundle)

        submit(case, bundle, corrects=first.id, reason="wrong reference")

        assert len(case.submissions) == 2
        assert kinds(case) == ["submission.recorded", "submission.corrected"]


class TestOutcome:
    def test_closes_a_submitted_case(self):
        case = make_case(CaseState.SUBMITTED)

        end(case)

        assert case.state is CaseState.CLOSED
        assert kinds(case) == ["outcome.recorded"]

    @pytest.mark.parametrize(
        "result",
        [OutcomeResult.WITHDRAWN, OutcomeResult.EXPIRED, OutcomeResult.NOT_CONTESTED],
    )
    def test_may_end_an_unsent_case_as(self, result):
        case = make_case()

        end(case, result)

        assert case.state is CaseState.CLOSED

    def test_cannot_win_what_was_never_sent(self):
        with pytest.raises(WrongState):
            end(make_case(CaseState.APPROVED), OutcomeResult.WON)


class TestArchive:
    def test_is_asked_for_once(self):
        case = make_case(CaseState.CLOSED)
        case.request_archive(**WHO)

        with pytest.raises(WrongState, match="archiving"):
            case.request_archive(**WHO)

    def test_waits_for_open_items(self):
        case = make_case(CaseState.CLOSED, items=[make_item(state=ItemState.CHECKING)])

        with pytest.raises(WrongState, match="items_open"):
            case.request_archive(**WHO)

    def test_seals_and_archives_once_however_often_it_is_repeated(self):
        case = make_case(CaseState.CLOSED)
        case.request_archive(**WHO)
        for _ in range(2):
            case.seal(objects_locked=3, locked_until=NOON, at=NOON)
        for _ in range(2):
            case.archive(package_sha256="c" * 64, at=NOON)

        assert case.state is CaseState.ARCHIVED
        assert kinds(case) == ["archiving.started", "case.sealed", "case.archived"]

    def test_that_is_stopped_is_asked_for_again(self):
        case = make_case(CaseState.CLOSED)
        case.request_archive(**WHO)
        case.stop_archiving(at=NOON)
        case.request_archive(**WHO)

        assert kinds(case) == ["archiving.started", "archiving.stopped", "archiving.started"]

    def test_is_not_for_an_open_case(self):
        with pytest.raises(WrongState):
            make_case(CaseState.SUBMITTED).request_archive(**WHO)
