"""Bundles, submissions, outcomes."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from flask import Response, request

from evidence_service.domain.errors import WrongState, invalid
from evidence_service.domain.sending import BundleState, OutcomeReason, OutcomeResult
from evidence_service.http.sign_in import current_actor, ports
from evidence_service.http.spool import MAX_BODY_BYTES, file_name_of, spooled
from evidence_service.http.streams import download
from evidence_service.usecases import looking
from evidence_service.usecases.submit.attach_receipt import AttachReceipt, attach_receipt
from evidence_service.usecases.submit.delivery_content import MASTER
from evidence_service.usecases.submit.record_outcome import RecordOutcome, record_outcome
from evidence_service.usecases.submit.record_submission import RecordSubmission, record_submission
from evidence_service.usecases.submit.request_bundle import RequestBundle, request_bundle
from evidence_service.web import views
from evidence_service.web.forms import SAID, Fields
from evidence_service.web.pages.base import attempt, blueprint, case_page, case_view, onward, plans

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from evidence_service.web.views import CaseView, Trouble


@blueprint.get("/cases/<uuid:case_id>/bundle")
def bundle(case_id: UUID) -> ResponseReturnValue:
    return _bundle_page(case_id)


def _bundle_page(case_id: UUID, trouble: Trouble | None = None, status: int = 200) -> Response:
    return case_page(
        "bundle.html",
        case_id,
        trouble,
        status,
        plans=plans(case_id),
        coming=(BundleState.QUEUED, BundleState.RENDERING),
    )


@blueprint.post("/cases/<uuid:case_id>/bundles")
def make_bundle(case_id: UUID) -> ResponseReturnValue:
    def run() -> ResponseReturnValue:
        delivery = request.form.get("delivery", MASTER)
        command = RequestBundle(case_id, delivery, again="again" in request.form)
        request_bundle(command, actor=current_actor(), ports=ports())
        return onward("bundle", case_id)

    return attempt(run, lambda trouble, status: _bundle_page(case_id, trouble, status))


@blueprint.get("/cases/<uuid:case_id>/bundles/<uuid:bundle_id>/content")
def bundle_content(case_id: UUID, bundle_id: UUID) -> ResponseReturnValue:
    return download(
        looking.bundle_content(case_id, bundle_id, actor=current_actor(), ports=ports())
    )


@blueprint.route("/cases/<uuid:case_id>/submission", methods=["GET", "POST"])
def submission(case_id: UUID) -> ResponseReturnValue:
    def again(trouble: Trouble | None = None, status: int = 200) -> Response:
        return case_page("submission.html", case_id, trouble, status)

    if request.method == "GET":
        return again()
    return attempt(lambda: _record_submission(case_view(case_id)), again)


def _record_submission(view: CaseView) -> ResponseReturnValue:
    sendable = views.sendable(view.case)
    fields = Fields(request.form)
    reference = fields.optional("reference")
    submitted_at = fields.required_instant("submitted_at", view.store.time_zone)
    if view.one_try and fields.optional("typed") != view.case.order_numbers[0]:
        fields.refuse("typed", "other_number", view.case.order_numbers[0])
    chosen = fields.optional("bundle") or (str(sendable[0].id) if sendable else "")
    if sendable and chosen not in {str(one.id) for one in sendable}:
        fields.refuse("bundle", "unknown", "choose one of those that are ready")
    fields.check()
    if not sendable:
        raise WrongState("bundle_not_ready", state="–")
    command = RecordSubmission(view.case.id, UUID(chosen), submitted_at, reference)
    record_submission(command, actor=current_actor(), ports=ports())
    return onward("submission", view.case.id)


@blueprint.post("/cases/<uuid:case_id>/submissions/<uuid:submission_id>/receipt")
def add_receipt(case_id: UUID, submission_id: UUID) -> ResponseReturnValue:
    # What this person may not do is refused before a large body is read.
    looking.ensure_may_submit(case_id, current_actor(), ports())

    def run() -> ResponseReturnValue:
        request.max_content_length = MAX_BODY_BYTES
        upload = request.files.get("file")
        if upload is None or not upload.filename:
            raise invalid("file", "required", "choose a file")
        command = AttachReceipt(case_id, submission_id, spooled(upload), file_name_of(upload))
        attach_receipt(command, actor=current_actor(), ports=ports())
        return onward("submission", case_id)

    return attempt(
        run, lambda trouble, status: case_page("submission.html", case_id, trouble, status)
    )


@blueprint.get("/cases/<uuid:case_id>/submissions/<uuid:submission_id>/receipt")
def receipt_content(case_id: UUID, submission_id: UUID) -> ResponseReturnValue:
    return download(
        looking.receipt_content(case_id, submission_id, actor=current_actor(), ports=ports())
    )


@blueprint.route("/cases/<uuid:case_id>/outcome", methods=["GET", "POST"])
def outcome(case_id: UUID) -> ResponseReturnValue:
    def again(trouble: Trouble | None = None, status: int = 200) -> Response:
        return case_page(
            "outcome.html",
            case_id,
            trouble,
            status,
        )

    def run() -> ResponseReturnValue:
        fields = Fields(request.form)
        result = fields.required_choice("result", OutcomeResult)
        reason = fields.choice("why", OutcomeReason)
        amount = fields.money("amount", "currency")
        note = fields.optional("note", SAID)
        fields.check()
        command = RecordOutcome(case_id, result, amount, reason, note)
        record_outcome(command, actor=current_actor(), ports=ports())
        return onward("case", case_id)

    return again() if request.method == "GET" else attempt(run, again)
