"""The one next thing, for this reader."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import url_for

from evidence_service.domain.access import Permission
from evidence_service.domain.case import CaseState
from evidence_service.domain.sending import BundleState
from evidence_service.web.views.sending import of_approved

if TYPE_CHECKING:
    from evidence_service.web.views.case_view import CaseView


@dataclass(frozen=True, slots=True)
class Step:
    """The one next thing. Without `url` it is not the reader's to do, and `words` say whose."""

    words: str
    url: str | None = None
    endpoint: str = ""


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


def _go(view: CaseView, words: str, endpoint: str) -> Step:
    url = url_for(f"pages.{endpoint}", case_id=view.case.id)
    return Step(words, url, endpoint)


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
        return _go(view, t("choose_way"), "bundle")
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
