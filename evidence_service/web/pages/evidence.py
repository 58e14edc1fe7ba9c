"""Adding evidence, and what is done with an item."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from flask import Response, jsonify, request, url_for

from evidence_service.domain.choices import DateOrder, TableForm
from evidence_service.domain.errors import invalid
from evidence_service.domain.evidence import EvidenceKind, ItemState, Shape
from evidence_service.domain.words import MOST_CHARS
from evidence_service.http.sign_in import current_actor, ports
from evidence_service.http.spool import MAX_BODY_BYTES, file_name_of, plain_name, spooled
from evidence_service.http.streams import download, upload_path
from evidence_service.usecases import looking
from evidence_service.usecases.assemble.add_evidence import AddEvidence, add_evidence
from evidence_service.usecases.assemble.choose_reading import ChooseReading, choose_reading
from evidence_service.usecases.assemble.complete_upload import CompleteUpload, complete_upload
from evidence_service.usecases.assemble.correct_text import CorrectText, correct_text
from evidence_service.usecases.assemble.edit_evidence import EditEvidence, edit_evidence
from evidence_service.usecases.assemble.redact_evidence import RedactEvidence, redact_evidence
from evidence_service.usecases.assemble.start_upload import Started, StartUpload, start_upload
from evidence_service.usecases.assemble.withdraw_evidence import WithdrawEvidence, withdraw_evidence
from evidence_service.web import guard, views
from evidence_service.web.forms import (
    LANGUAGE_TAG,
    MOST_PLACES,
    PLACE,
    SAID,
    Fields,
    columns_of,
    rectangles,
    rows_of_places,
)
from evidence_service.web.pages.base import (
    LINES_ON_A_PAGE,
    attempt,
    blueprint,
    case_view,
    first_line,
    onward,
    page,
    reader,
    wants_data,
)
from evidence_service.web.pages.case import evidence_page, remarks_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from flask.typing import ResponseReturnValue

    from evidence_service.domain.evidence import EvidenceItem
    from evidence_service.domain.words import ItemText
    from evidence_service.web.views import Trouble


@blueprint.post("/cases/<uuid:case_id>/evidence")
def add(case_id: UUID) -> ResponseReturnValue:
    return attempt(
        lambda: _add(case_id), lambda trouble, status: evidence_page(case_id, trouble, status)
    )


def _add(case_id: UUID) -> ResponseReturnValue:
    request.max_content_length = MAX_BODY_BYTES
    uploads = [upload for upload in request.files.getlist("file") if upload.filename]
    if not uploads:
        raise invalid("file", "required", "choose a file")
    about = _about_files(case_id)
    for upload in uploads:
        command = AddEvidence(
            case_id=case_id,
            file=spooled(upload),
            file_name=file_name_of(upload),
            **about,
        )
        add_evidence(command, actor=current_actor(), ports=ports())
    if wants_data():
        return jsonify({"message": reader().t("saved")}), 201
    return onward("case", case_id)


def _about_files(case_id: UUID) -> dict[str, Any]:
    """What the form says of the files that are sent with it."""
    fields = Fields(request.form)
    zone = case_view(case_id).store.time_zone
    source_url = fields.optional("source_url", SAID)
    about = {
        "kind": fields.choice("kind", EvidenceKind),
        "caption": fields.optional("caption", SAID) or "",
        "captured_at": fields.instant("captured_at", zone),
        "source_url": source_url,
    }
    if source_url and not source_url.startswith(("http://", "https://")):
        fields.refuse("source_url", "malformed_url", "like https://…")
    fields.check()
    return about


@blueprint.post("/cases/<uuid:case_id>/uploads")
def start_direct(case_id: UUID) -> ResponseReturnValue:
    """Our own script announces a file that is too large for a form."""
    fields = Fields(request.form)
    size = fields.required("size_bytes", is_free=False)
    sha256 = fields.required("sha256", is_free=False)
    if not re.fullmatch("[1-9][0-9]{0,15}", size):
        fields.refuse("size_bytes", "malformed", "a number of bytes")
    if not re.fullmatch("[0-9a-f]{64}", sha256):
        fields.refuse("sha256", "malformed", "64 hexadecimal digits")
    fields.check()
    command = StartUpload(
        case_id=case_id,
        file_name=plain_name(request.form.get("file_name", "")),
        size_bytes=int(size),
        sha256=sha256,
        **_about_files(case_id),
    )
    started = start_upload(command, actor=current_actor(), ports=ports())
    if not isinstance(started, Started):
        return jsonify(message=reader().t("here_already")), 200
    put, upload_id = started.presigned, started.upload.id
    # A browser says the length itself, and lets nobody else.
    signed = {k: v for k, v in put.headers.items() if k != "Content-Length"} if put else {}
    return jsonify(
        url=put.url if put else upload_path(started),
        headers=signed,
        complete=url_for("pages.complete_direct", case_id=case_id, upload_id=upload_id),
    ), 201


@blueprint.post("/cases/<uuid:case_id>/uploads/<uuid:upload_id>/complete")
def complete_direct(case_id: UUID, upload_id: UUID) -> ResponseReturnValue:
    complete_upload(CompleteUpload(case_id, upload_id), actor=current_actor(), ports=ports())
    return jsonify(message=reader().t("state.checking")), 202


@blueprint.get("/cases/<uuid:case_id>/evidence/<uuid:evidence_id>")
def item(case_id: UUID, evidence_id: UUID) -> ResponseReturnValue:
    return _item_page(case_id, evidence_id)


def _item_page(
    case_id: UUID, evidence_id: UUID, trouble: Trouble | None = None, status: int = 200
) -> Response:
    view = case_view(case_id)
    found = view.case.item(evidence_id)
    text = looking.evidence_text(case_id, evidence_id, actor=current_actor(), ports=ports())
    _, reading = looking.evidence_reading(
        case_id, evidence_id, actor=current_actor(), ports=ports()
    )
    contents = {found.id: reading.contents} if found.counts else {}
    record = views.records(view.case, contents).get(found.id, views.Record())
    start, end = first_line(), first_line() + LINES_ON_A_PAGE
    ids = [found.added_by, *([text.written_by] if text and text.written_by else [])]
    return page(
        "item.html",
        status,
        view=view,
        item=found,
        read=record.part(start, LINES_ON_A_PAGE),
        more=end if end < len(record.lines) else None,
        remarks=_remarks_on(case_id, found),
        text=text,
        just_read="read" in request.args,
        may_choose=view.may_choose_reading(found, reading),
        is_coming=_is_being_read(found, text),
        names=views.people(ids, current_actor(), ports()),
        trouble=trouble,
    )


def _is_being_read(found: EvidenceItem, text: ItemText | None) -> bool:
    """Whether a machine's reading is still to come, the first one or one asked for since."""
    if not found.is_picture or found.state is ItemState.DESTROYED:
        return False
    return text is None or request.args.get("since") == text.written_at.isoformat()


def _remarks_on(case_id: UUID, found: EvidenceItem) -> list[views.Remarked]:
    return [one for one in remarks_of(case_id) if one.evidence_id == found.id]


@blueprint.post("/cases/<uuid:case_id>/evidence/<uuid:evidence_id>/text")
def write_text(case_id: UUID, evidence_id: UUID) -> ResponseReturnValue:
    """What the item says, put right by a person; or a machine is asked to read it again."""

    def run() -> ResponseReturnValue:
        fields = Fields(request.form)
        is_asked = "again" in request.form
        language = fields.required("language", LANGUAGE_TAG)
        text = None if is_asked else fields.required("text", MOST_CHARS)
        fields.check()
        command = CorrectText(case_id, evidence_id, language, text)
        kept = correct_text(command, actor=current_actor(), ports=ports())
        since = kept.written_at.isoformat() if is_asked and kept else None
        return onward("item", case_id, evidence_id=evidence_id, since=since, _anchor="text")

    return attempt(run, lambda trouble, status: _item_page(case_id, evidence_id, trouble, status))


@blueprint.route(
    "/cases/<uuid:case_id>/evidence/<uuid:evidence_id>/redact", methods=["GET", "POST"]
)
def redact(case_id: UUID, evidence_id: UUID) -> ResponseReturnValue:
    def again(trouble: Trouble | None = None, status: int = 200) -> Response:
        view = case_view(case_id)
        found = view.case.item(evidence_id)
        sizes = _sizes(case_id, found) if view.may_redact(found) else []
        shown = _shown_page(len(sizes))
        return page(
            "redact.html",
            status,
            view=view,
            item=found,
            sizes=sizes,
            shown=shown,
            places=_places(shown),
            trouble=trouble,
        )

    def run() -> ResponseReturnValue:
        fields = Fields(request.form)
        places = rectangles(fields, request.form)
        reason = fields.required("reason", SAID)
        fields.required("sure")
        fields.check()
        command = RedactEvidence(case_id, evidence_id, places, reason)
        copy = redact_evidence(command, actor=current_actor(), ports=ports())
        return onward("item", case_id, evidence_id=copy.id)

    is_asked = request.method == "POST" and not {"more", "show"} & request.form.keys()
    return attempt(run, again) if is_asked else again()


def _sizes(case_id: UUID, found: EvidenceItem) -> Sequence[tuple[int, int]]:
    return looking.evidence_sizes(case_id, found.id, actor=current_actor(), ports=ports())


def _shown_page(count: int) -> int:
    """Which page is looked at: the one a button leads to, or that was there before."""
    form = request.form
    wanted = form.get("show") or form.get("shown", "1")
    return min(int(wanted), max(count, 1)) if re.fullmatch("[1-9][0-9]{0,5}", wanted) else 1


def _places(shown: int) -> list[tuple[str, ...]]:
    """The rows of the form as they were filled in, and one to fill in."""
    blank = (str(shown), *("",) * (len(PLACE) - 1))
    return [*rows_of_places(request.form), blank][:MOST_PLACES]


@blueprint.route(
    "/cases/<uuid:case_id>/evidence/<uuid:evidence_id>/reading", methods=["GET", "POST"]
)
def reading(case_id: UUID, evidence_id: UUID) -> ResponseReturnValue:
    """What was taken for what in a file that does not say it itself, and what a person says."""
    form = Fields(request.values).choice("form", TableForm)

    def again(trouble: Trouble | None = None, status: int = 200) -> Response:
        view = case_view(case_id)
        found, read = looking.evidence_reading(
            case_id, evidence_id, actor=current_actor(), ports=ports()
        )
        chosen = views.Chosen.of(read, form)
        return page(
            "reading.html", status, view=view, item=found, read=read, chosen=chosen, trouble=trouble
        )

    def run() -> ResponseReturnValue:
        fields = Fields(request.form)
        columns = columns_of(fields, form)
        order = fields.choice("date_order", DateOrder)
        zone = fields.optional("time_zone") or ""
        fields.check()
        command = ChooseReading(case_id, evidence_id, columns, order, zone, form)
        choose_reading(command, actor=current_actor(), ports=ports())
        return onward("item", case_id, evidence_id=evidence_id, read=1)

    return again() if request.method == "GET" else attempt(run, again)


@blueprint.post("/cases/<uuid:case_id>/evidence/<uuid:evidence_id>/edit")
def edit_item(case_id: UUID, evidence_id: UUID) -> ResponseReturnValue:
    def run() -> ResponseReturnValue:
        fields = Fields(request.form)
        kind = fields.choice("kind", EvidenceKind)
        caption = fields.optional("caption", SAID) or ""
        fields.check()
        command = EditEvidence(case_id, evidence_id, kind, caption)
        edit_evidence(command, actor=current_actor(), ports=ports())
        return onward("item", case_id, evidence_id=evidence_id)

    return attempt(run, lambda trouble, status: _item_page(case_id, evidence_id, trouble, status))


@blueprint.post("/cases/<uuid:case_id>/evidence/<uuid:evidence_id>/withdraw")
def withdraw(case_id: UUID, evidence_id: UUID) -> ResponseReturnValue:
    def run() -> ResponseReturnValue:
        fields = Fields(request.form)
        reason = fields.required("reason", SAID)
        fields.check()
        command = WithdrawEvidence(case_id, evidence_id, reason)
        withdraw_evidence(command, actor=current_actor(), ports=ports())
        return onward("case", case_id)

    return attempt(run, lambda trouble, status: _item_page(case_id, evidence_id, trouble, status))


@blueprint.get("/cases/<uuid:case_id>/evidence/<uuid:evidence_id>/content")
def evidence_content(case_id: UUID, evidence_id: UUID) -> ResponseReturnValue:
    return download(
        looking.evidence_content(case_id, evidence_id, actor=current_actor(), ports=ports())
    )


@blueprint.get("/cases/<uuid:case_id>/evidence/<uuid:evidence_id>/picture")
def evidence_picture(case_id: UUID, evidence_id: UUID) -> ResponseReturnValue:
    """A picture for the page: made by us from pixels, small for lists, and shut in a sandbox."""
    actor = current_actor()
    if number := request.args.get("page", type=int):
        shown = looking.evidence_page(case_id, evidence_id, number, actor=actor, ports=ports())
    else:
        shape = Shape.THUMBNAIL if "small" in request.args else Shape.PREVIEW
        shown = looking.evidence_picture(case_id, evidence_id, shape, actor=actor, ports=ports())
    response = Response(shown.content, content_type=shown.media_type)
    response.headers["Content-Disposition"] = "inline"
    response.headers["Content-Security-Policy"] = guard.PICTURE_POLICY
    return response
