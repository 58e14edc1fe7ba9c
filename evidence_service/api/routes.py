"""The calls of /api/v1. Each view is: parse, call, present."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from flask import Blueprint, Response, jsonify, request, url_for
from werkzeug.exceptions import LengthRequired

from evidence_service.api import forms, present
from evidence_service.api.openapi import document, readable
from evidence_service.domain.errors import PreconditionRequired, StaleRevision, invalid
from evidence_service.domain.records import CaseDetails
from evidence_service.domain.upload import MAX_UPLOAD_BYTES
from evidence_service.http.idempotency import idempotent
from evidence_service.http.problems import language
from evidence_service.http.sign_in import current_actor, ports
from evidence_service.http.spool import MAX_BODY_BYTES, file_name_of, plain_name, spooled
from evidence_service.http.streams import download, upload_path
from evidence_service.platforms import pack_plain
from evidence_service.ports import CaseFilter, Rectangle
from evidence_service.usecases import looking
from evidence_service.usecases.administer.add_store import AddStore, add_store
from evidence_service.usecases.archive.read_package import read_package
from evidence_service.usecases.archive.request_archive import RequestArchive, request_archive
from evidence_service.usecases.assemble.accept_pack import AcceptPack, accept_pack
from evidence_service.usecases.assemble.add_evidence import AddEvidence, add_evidence
from evidence_service.usecases.assemble.choose_reading import ChooseReading, choose_reading
from evidence_service.usecases.assemble.complete_upload import CompleteUpload, complete_upload
from evidence_service.usecases.assemble.correct_text import CorrectText, correct_text
from evidence_service.usecases.assemble.edit_case import EditCase, edit_case
from evidence_service.usecases.assemble.edit_evidence import EditEvidence, edit_evidence
from evidence_service.usecases.assemble.hand_in import HandIn, hand_in
from evidence_service.usecases.assemble.open_case import OpenCase, open_case
from evidence_service.usecases.assemble.propose_case import propose_case
from evidence_service.usecases.assemble.recall import Recall, recall
from evidence_service.usecases.assemble.receive_upload import receive_upload
from evidence_service.usecases.assemble.record_platform_requirements import (
    Asked,
    RecordPlatformRequirements,
    record_platform_requirements,
)
from evidence_service.usecases.assemble.redact_evidence import RedactEvidence, redact_evidence
from evidence_service.usecases.assemble.start_upload import Started, StartUpload, start_upload
from evidence_service.usecases.assemble.waive_requirement import (
    WaiveRequirement,
    waive_requirement,
)
from evidence_service.usecases.assemble.withdraw_evidence import (
    WithdrawEvidence,
    withdraw_evidence,
)
from evidence_service.usecases.assemble.write_statement import WriteStatement, write_statement
from evidence_service.usecases.review.review_case import ReviewCase, review_case
from evidence_service.usecases.submit.attach_receipt import AttachReceipt, attach_receipt
from evidence_service.usecases.submit.delivery_content import MASTER
from evidence_service.usecases.submit.plan_bundle import plan_bundle
from evidence_service.usecases.submit.record_outcome import RecordOutcome, record_outcome
from evidence_service.usecases.submit.record_submission import (
    RecordSubmission,
    record_submission,
)
from evidence_service.usecases.submit.request_bundle import RequestBundle, request_bundle

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import BinaryIO
    from uuid import UUID

    from flask.typing import ResponseReturnValue

    from evidence_service.domain.case import Case

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")
docs = Blueprint("docs", __name__, url_prefix="/api")
LIMITS = {
    "file_bytes": 100_000_000,
    "upload_bytes": MAX_UPLOAD_BYTES,
    "case_items": 500,
    "case_bytes": 20_000_000_000,
}


def answer(case: Case, status: int = 200) -> Response:
    """A case with its version as the ETag."""
    clocks, newer = looking.clocks(case, ports()), looking.newer_pack(case, ports())
    response = jsonify(present.case(case, clocks, newer, ports().now(), language()))
    response.status_code = status
    response.set_etag(str(case.version))
    return response


def listed(items: Iterable[present.Plain]) -> present.Plain:
    form = forms.query(forms.ListQuery)
    return present.part(items, form.limit, int(form.cursor or 0))


@blueprint.after_request
@docs.after_request
def protect(response: Response) -> Response:
    """What every answer says: personal data is kept nowhere on its way, and is never sniffed."""
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


# --- who, which rules, which stores -------------------------------------------------------


@blueprint.get("/me")
def me() -> ResponseReturnValue:
    actor = current_actor()
    return {
        "id": str(actor.id),
        "email": actor.email,
        "language": actor.language,
        "roles": sorted(actor.roles),
        "stores": [present.store(row) for row in looking.stores(actor, ports())],
        "limits": LIMITS,
        "lock": "proven" if ports().lock_proven() else "unproven",
    }


@blueprint.get("/platforms")
def platforms() -> ResponseReturnValue:
    return listed(pack_plain(pack) for pack in ports().shelf.all())


@blueprint.get("/platforms/<platform>")
def platform(platform: str) -> ResponseReturnValue:
    return pack_plain(looking.platform(platform, ports()))


@blueprint.get("/stores")
def list_stores() -> ResponseReturnValue:
    return listed(present.store(row) for row in looking.stores(current_actor(), ports()))


@blueprint.post("/stores")
@idempotent
def new_store() -> ResponseReturnValue:
    looking.ensure_admin(current_actor())
    form = forms.body(forms.StoreForm)
    command = AddStore(form.name, form.platform, form.time_zone, form.language)
    return present.store(add_store(command, by=current_actor().id, ports=ports())), 201


@blueprint.get("/keys")
def keys() -> ResponseReturnValue:
    return listed(
        {
            "signs": key.signs,
            "fingerprint": key.fingerprint,
            "algorithm": key.algorithm,
            "public_key": key.public_key,
            "self_signed": key.is_self_signed,
            "valid_from": present.instant(key.valid_from),
            "valid_to": present.instant(key.valid_to),
        }
        for key in ports().signing_keys
    )


@blueprint.get("/openapi.json")
def openapi() -> ResponseReturnValue:
    return document()


# --- cases --------------------------------------------------------------------------------


@blueprint.post("/cases")
@idempotent
def new_case() -> ResponseReturnValue:
    form = forms.body(forms.OpenCaseForm)
    numbers = dict.fromkeys([form.order_number, *form.order_numbers])
    about = CaseDetails(
        order_numbers=tuple(numbers),
        dispute_ref=form.dispute_ref,
        buyer_ref=form.buyer_ref,
        amount=form.amount.money() if form.amount else None,
        respond_by=form.respond_by,
        claim_text=form.claim_text,
        details=form.details,
    )
    command = OpenCase(form.store, form.reason, form.opened_at, about, form.stage, form.follows)
    case = open_case(command, actor=current_actor(), ports=ports())
    response = answer(case, 201)
    response.headers["Location"] = url_for("api.get_case", case_id=case.id)
    return response


@blueprint.post("/cases/proposal")
def propose() -> ResponseReturnValue:
    # Who opens no cases is refused before a body is read.
    looking.ensure_may_open(current_actor())
    proposed: ResponseReturnValue = _propose()
    return proposed


@idempotent
def _propose() -> ResponseReturnValue:
    request.max_content_length = MAX_BODY_BYTES
    form, upload = forms.fields(forms.ProposalForm), request.files.get("file")
    if upload is None:
        raise invalid("file", "required", "send the file as multipart/form-data field `file`")
    found = propose_case(spooled(upload), actor=current_actor(), ports=ports(), store=form.store)
    return present.proposal(found)


@blueprint.get("/cases")
def list_cases() -> ResponseReturnValue:
    form = forms.query(forms.CasesQuery)
    is_expired = form.state == "expired"
    wanted = CaseFilter(
        states=None if form.state is None or is_expired else (form.state,),
        expired=True if is_expired else None,
        platform=form.platform,
        store=form.store,
        reason=form.reason,
        assignee=form.assignee,
        due_before=form.due_before,
        words=form.q,
        sort=form.sort,
    )
    found = looking.cases(
        wanted, actor=current_actor(), ports=ports(), limit=form.limit, cursor=form.cursor
    )
    return present.page(found, lambda row: present.case_row(row, ports().now()))


@blueprint.get("/cases/<uuid:case_id>")
def get_case(case_id: UUID) -> ResponseReturnValue:
    return answer(looking.case(case_id, current_actor(), ports()))


@blueprint.patch("/cases/<uuid:case_id>")
def patch_case(case_id: UUID) -> ResponseReturnValue:
    changes = forms.given(forms.body(forms.EditCaseForm))
    if changes.get("amount") is not None:
        changes["amount"] = changes["amount"].money()
    if "order_numbers" in changes:
        changes["order_numbers"] = tuple(dict.fromkeys(changes["order_numbers"]))
    command = EditCase(case_id, _version(), changes)
    return answer(edit_case(command, actor=current_actor(), ports=ports()))


def _version() -> int:
    """The version in If-Match, which a change needs."""
    tags = request.if_match
    if not tags:
        raise PreconditionRequired
    values = list(tags.as_set(include_weak=False))
    if len(values) != 1 or not values[0].isdecimal():
        raise StaleRevision
    return int(values[0])


# --- evidence -----------------------------------------------------------------------------


@blueprint.post("/cases/<uuid:case_id>/evidence")
def new_evidence(case_id: UUID) -> ResponseReturnValue:
    # What this person may not do is refused before a large body is read.
    looking.ensure_may_edit(case_id, current_actor(), ports())
    added: ResponseReturnValue = _add_evidence(case_id)
    return added


@idempotent
def _add_evidence(case_id: UUID) -> ResponseReturnValue:
    request.max_content_length = MAX_BODY_BYTES
    upload = request.files.get("file")
    if upload is None:
        raise invalid("file", "required", "send the file as multipart/form-data field `file`")
    form = forms.fields(forms.AddEvidenceForm)
    command = AddEvidence(
        case_id=case_id,
        file=spooled(upload),
        file_name=file_name_of(upload),
        kind=form.kind,
        caption=form.caption,
        captured_at=form.captured_at,
        source_url=form.source_url,
    )
    added = add_evidence(command, actor=current_actor(), ports=ports())
    return present.evidence(added.item, added.warnings), 201 if added.created else 200


@blueprint.post("/cases/<uuid:case_id>/uploads")
@idempotent
def new_upload(case_id: UUID) -> ResponseReturnValue:
    form = forms.body(forms.StartUploadForm)
    command = StartUpload(
        case_id=case_id,
        file_name=plain_name(form.file_name),
        size_bytes=form.size_bytes,
        sha256=form.sha256,
        kind=form.kind,
        caption=form.caption,
        captured_at=form.captured_at,
        source_url=form.source_url,
    )
    started = start_upload(command, actor=current_actor(), ports=ports())
    if not isinstance(started, Started):
        return present.evidence(started)
    return present.upload(started, ports().public_url + upload_path(started)), 201


@blueprint.put("/uploads/<uuid:upload_id>")
def put_upload(upload_id: UUID) -> ResponseReturnValue:
    if request.content_length is None:
        raise LengthRequired
    request.max_content_length = MAX_UPLOAD_BYTES
    receive_upload(
        upload_id,
        request.args.get("token", ""),
        cast("BinaryIO", request.stream),
        request.content_length,
        ports=ports(),
    )
    return Response(status=204)


@blueprint.post("/cases/<uuid:case_id>/uploads/<uuid:upload_id>/complete")
@idempotent
def post_complete(case_id: UUID, upload_id: UUID) -> ResponseReturnValue:
    forms.body(forms.NoForm)
    command = CompleteUpload(case_id, upload_id)
    item = complete_upload(command, actor=current_actor(), ports=ports())
    return present.evidence(item), 202


@blueprint.get("/cases/<uuid:case_id>/evidence")
def list_evidence(case_id: UUID) -> ResponseReturnValue:
    case = looking.case(case_id, current_actor(), ports())
    return listed(present.evidence(item) for item in case.items)


@blueprint.get("/cases/<uuid:case_id>/evidence/<uuid:evidence_id>")
def get_evidence(case_id: UUID, evidence_id: UUID) -> ResponseReturnValue:
    case = looking.case(case_id, current_actor(), ports())
    return present.evidence(case.item(evidence_id))


@blueprint.patch("/cases/<uuid:case_id>/evidence/<uuid:evidence_id>")
def patch_evidence(case_id: UUID, evidence_id: UUID) -> ResponseReturnValue:
    form = forms.body(forms.EditEvidenceForm)
    command = EditEvidence(case_id, evidence_id, form.kind, form.caption, form.position)
    return present.evidence(edit_evidence(command, actor=current_actor(), ports=ports()))


@blueprint.get("/cases/<uuid:case_id>/evidence/<uuid:evidence_id>/content")
def evidence_content(case_id: UUID, evidence_id: UUID) -> ResponseReturnValue:
    return download(
        looking.evidence_content(case_id, evidence_id, actor=current_actor(), ports=ports())
    )


@blueprint.post("/cases/<uuid:case_id>/evidence/<uuid:evidence_id>/withdraw")
@idempotent
def withdraw(case_id: UUID, evidence_id: UUID) -> ResponseReturnValue:
    form = forms.body(forms.ReasonForm)
    command = WithdrawEvidence(case_id, evidence_id, form.reason)
    case = withdraw_evidence(command, actor=current_actor(), ports=ports())
    return present.evidence(case.item(evidence_id))


@blueprint.post("/cases/<uuid:case_id>/evidence/<uuid:evidence_id>/redact")
@idempotent
def redact(case_id: UUID, evidence_id: UUID) -> ResponseReturnValue:
    form = forms.body(forms.RedactForm)
    rectangles = tuple(Rectangle(**dict(one)) for one in form.rectangles)
    command = RedactEvidence(case_id, evidence_id, rectangles, form.reason)
    return present.evidence(redact_evidence(command, actor=current_actor(), ports=ports())), 201


@blueprint.get("/cases/<uuid:case_id>/evidence/<uuid:evidence_id>/text")
def get_text(case_id: UUID, evidence_id: UUID) -> ResponseReturnValue:
    return present.text(
        looking.evidence_text(case_id, evidence_id, actor=current_actor(), ports=ports())
    )


@blueprint.put("/cases/<uuid:case_id>/evidence/<uuid:evidence_id>/text")
def put_text(case_id: UUID, evidence_id: UUID) -> ResponseReturnValue:
    form = forms.body(forms.TextForm)
    command = CorrectText(case_id, evidence_id, form.language, form.text)
    return present.text(correct_text(command, actor=current_actor(), ports=ports()))


@blueprint.get("/cases/<uuid:case_id>/evidence/<uuid:evidence_id>/reading")
def get_reading(case_id: UUID, evidence_id: UUID) -> ResponseReturnValue:
    return present.reading(
        *looking.evidence_reading(case_id, evidence_id, actor=current_actor(), ports=ports())
    )


@blueprint.put("/cases/<uuid:case_id>/evidence/<uuid:evidence_id>/reading")
def put_reading(case_id: UUID, evidence_id: UUID) -> ResponseReturnValue:
    form = forms.body(forms.ReadingForm)
    command = ChooseReading(
        case_id, evidence_id, form.columns, form.date_order, form.time_zone or "", form.form
    )
    return present.reading(*choose_reading(command, actor=current_actor(), ports=ports()))


# --- statement and normal forms -----------------------------------------------------------


@blueprint.get("/cases/<uuid:case_id>/statement")
def get_statement(case_id: UUID) -> ResponseReturnValue:
    return present.statement(looking.case(case_id, current_actor(), ports()))


@blueprint.put("/cases/<uuid:case_id>/statement")
def put_statement(case_id: UUID) -> ResponseReturnValue:
    form = forms.body(forms.StatementForm)
    command = WriteStatement(case_id, form.language, form.fields)
    return present.statement(write_statement(command, actor=current_actor(), ports=ports()))


@blueprint.get("/cases/<uuid:case_id>/<any(transcript, tracking, order, dispute):form>")
def normal_form(case_id: UUID, form: str) -> ResponseReturnValue:
    found = looking.normal_forms(case_id, form, actor=current_actor(), ports=ports())
    return listed({"evidence_id": str(evidence_id), **plain} for evidence_id, plain in found)


@blueprint.get("/cases/<uuid:case_id>/remarks")
def get_remarks(case_id: UUID) -> ResponseReturnValue:
    found = looking.conversation_remarks(case_id, actor=current_actor(), ports=ports())
    return listed(present.remark(one, text, language()) for one, text in found)


@blueprint.get("/cases/<uuid:case_id>/timeline")
def get_timeline(case_id: UUID) -> ResponseReturnValue:
    entries = looking.case_timeline(case_id, actor=current_actor(), ports=ports())
    return listed(
        {
            "at": present.instant(entry.at),
            "lane": entry.lane,
            "text": entry.text,
            "evidence_id": str(entry.evidence_id) if entry.evidence_id else None,
        }
        for entry in entries
    )


@blueprint.get("/cases/<uuid:case_id>/platform-requirements")
def get_platform_requirements(case_id: UUID) -> ResponseReturnValue:
    return present.platform_requirements(looking.case(case_id, current_actor(), ports()))


@blueprint.put("/cases/<uuid:case_id>/platform-requirements")
def put_platform_requirements(case_id: UUID) -> ResponseReturnValue:
    form = forms.body(forms.PlatformRequirementsForm)
    asked = tuple(
        Asked(one.id, one.title, one.level, tuple(one.kinds)) for one in form.requirements
    )
    command = RecordPlatformRequirements(case_id, form.source, asked, form.respond_by)
    case = record_platform_requirements(command, actor=current_actor(), ports=ports())
    return present.platform_requirements(case)


@blueprint.post("/cases/<uuid:case_id>/pack")
@idempotent
def post_pack(case_id: UUID) -> ResponseReturnValue:
    form = forms.body(forms.PackForm)
    command = AcceptPack(case_id, form.version)
    return answer(accept_pack(command, actor=current_actor(), ports=ports()))


# --- checklist and review -----------------------------------------------------------------


@blueprint.get("/cases/<uuid:case_id>/checklist")
def get_checklist(case_id: UUID) -> ResponseReturnValue:
    report, against = looking.checklist(case_id, actor=current_actor(), ports=ports())
    return present.checklist(report, against, language())


@blueprint.post("/cases/<uuid:case_id>/checklist/<requirement>/waiver")
@idempotent
def waive(case_id: UUID, requirement: str) -> ResponseReturnValue:
    form = forms.body(forms.ReasonForm)
    command = WaiveRequirement(case_id, requirement, form.reason)
    return answer(waive_requirement(command, actor=current_actor(), ports=ports()), 201)


@blueprint.post("/cases/<uuid:case_id>/hand-in")
@idempotent
def post_hand_in(case_id: UUID) -> ResponseReturnValue:
    forms.body(forms.NoForm)
    return answer(hand_in(HandIn(case_id), actor=current_actor(), ports=ports()))


@blueprint.post("/cases/<uuid:case_id>/recall")
@idempotent
def post_recall(case_id: UUID) -> ResponseReturnValue:
    forms.body(forms.NoForm)
    return answer(recall(Recall(case_id), actor=current_actor(), ports=ports()))


@blueprint.post("/cases/<uuid:case_id>/review")
@idempotent
def post_review(case_id: UUID) -> ResponseReturnValue:
    form = forms.body(forms.ReviewForm)
    items = tuple(
        {k: str(v) for k, v in item.model_dump(exclude_none=True).items()} for item in form.items
    )
    command = ReviewCase(case_id, form.decision, form.comment, form.revision, items)
    return answer(review_case(command, actor=current_actor(), ports=ports()))


# --- bundles, submission, outcome ---------------------------------------------------------


@blueprint.post("/cases/<uuid:case_id>/bundles")
@idempotent
def new_bundle(case_id: UUID) -> ResponseReturnValue:
    form = forms.body(forms.BundleForm)
    command = RequestBundle(case_id, form.delivery or MASTER, form.again)
    bundle, is_new = request_bundle(command, actor=current_actor(), ports=ports())
    return present.bundle(bundle, language()), 202 if is_new else 200


@blueprint.get("/cases/<uuid:case_id>/bundles")
def list_bundles(case_id: UUID) -> ResponseReturnValue:
    case = looking.case(case_id, current_actor(), ports())
    return listed(present.bundle(bundle, language()) for bundle in case.bundles)


@blueprint.get("/cases/<uuid:case_id>/bundles/plan")
def get_bundle_plan(case_id: UUID) -> ResponseReturnValue:
    form = forms.query(forms.PlanQuery)
    actor = current_actor()
    found = plan_bundle(case_id, form.delivery or MASTER, actor=actor, ports=ports())
    return present.delivery_plan(found, language())


@blueprint.get("/cases/<uuid:case_id>/bundles/<uuid:bundle_id>")
def get_bundle(case_id: UUID, bundle_id: UUID) -> ResponseReturnValue:
    case = looking.case(case_id, current_actor(), ports())
    return present.bundle(case.bundle(bundle_id), language())


@blueprint.get("/cases/<uuid:case_id>/bundles/<uuid:bundle_id>/content")
def bundle_content(case_id: UUID, bundle_id: UUID) -> ResponseReturnValue:
    return download(
        looking.bundle_content(case_id, bundle_id, actor=current_actor(), ports=ports())
    )


@blueprint.post("/cases/<uuid:case_id>/submission")
@idempotent
def new_submission(case_id: UUID) -> ResponseReturnValue:
    form = forms.body(forms.SubmissionForm)
    command = RecordSubmission(
        case_id, form.bundle_id, form.submitted_at, form.reference, form.corrects, form.reason
    )
    return present.submission(record_submission(command, actor=current_actor(), ports=ports())), 201


@blueprint.post("/cases/<uuid:case_id>/submissions/<uuid:submission_id>/receipt")
def new_receipt(case_id: UUID, submission_id: UUID) -> ResponseReturnValue:
    # What this person may not do is refused before a large body is read.
    looking.ensure_may_submit(case_id, current_actor(), ports())
    attached: ResponseReturnValue = _attach_receipt(case_id, submission_id)
    return attached


@idempotent
def _attach_receipt(case_id: UUID, submission_id: UUID) -> ResponseReturnValue:
    request.max_content_length = MAX_BODY_BYTES
    upload = request.files.get("file")
    if upload is None:
        raise invalid("file", "required", "send the file as multipart/form-data field `file`")
    forms.fields(forms.NoForm)
    command = AttachReceipt(case_id, submission_id, spooled(upload), file_name_of(upload))
    receipt, is_new = attach_receipt(command, actor=current_actor(), ports=ports())
    return present.receipt(receipt), 201 if is_new else 200


@blueprint.get("/cases/<uuid:case_id>/submissions/<uuid:submission_id>/receipt")
def receipt_content(case_id: UUID, submission_id: UUID) -> ResponseReturnValue:
    return download(
        looking.receipt_content(case_id, submission_id, actor=current_actor(), ports=ports())
    )


@blueprint.post("/cases/<uuid:case_id>/outcome")
@idempotent
def new_outcome(case_id: UUID) -> ResponseReturnValue:
    form = forms.body(forms.OutcomeForm)
    amount = form.amount.money() if form.amount else None
    command = RecordOutcome(case_id, form.result, amount, form.reason, form.note)
    return answer(record_outcome(command, actor=current_actor(), ports=ports()), 201)


# --- archive ------------------------------------------------------------------------------


@blueprint.post("/cases/<uuid:case_id>/archive")
@idempotent
def post_archive(case_id: UUID) -> ResponseReturnValue:
    forms.body(forms.NoForm)
    return answer(
        request_archive(RequestArchive(case_id), actor=current_actor(), ports=ports()), 202
    )


@blueprint.get("/archive")
def list_archive() -> ResponseReturnValue:
    form = forms.query(forms.ArchiveQuery)
    wanted = CaseFilter(
        states=("archived",),
        platform=form.platform,
        store=form.store,
        outcome=form.outcome.value if form.outcome else None,
        from_at=form.from_,
        to_at=form.to,
        words=form.q,
        sort="-opened",
    )
    found, hits = looking.archive(
        wanted, actor=current_actor(), ports=ports(), limit=form.limit, cursor=form.cursor
    )

    def one(row: Any) -> present.Plain:
        return {
            **present.case_row(row, ports().now()),
            "hits": [
                {
                    "evidence_id": str(hit.evidence_id),
                    "message_id": str(hit.position),
                    "text": hit.text,
                }
                for hit in hits
                if hit.case_id == row.id
            ],
        }

    return present.page(found, one)


@blueprint.get("/cases/<uuid:case_id>/package")
def get_package(case_id: UUID) -> ResponseReturnValue:
    return download(read_package(case_id, actor=current_actor(), ports=ports()))


@blueprint.get("/cases/<uuid:case_id>/audit")
def get_audit(case_id: UUID) -> ResponseReturnValue:
    form = forms.query(forms.PageQuery)
    found = looking.audit(
        case_id, actor=current_actor(), ports=ports(), limit=form.limit, cursor=form.cursor
    )
    return present.page(found, present.event)


@blueprint.get("/cases/<uuid:case_id>/verification")
def get_verification(case_id: UUID) -> ResponseReturnValue:
    return present.verification(looking.verification(case_id, actor=current_actor(), ports=ports()))


@docs.get("/docs")
def api_docs() -> ResponseReturnValue:
    return readable()
