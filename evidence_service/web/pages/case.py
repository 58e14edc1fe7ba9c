"""A case: its checklist, its timeline, its statement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, request

from evidence_service.http.sign_in import current_actor, ports
from evidence_service.usecases import looking
from evidence_service.usecases.assemble.accept_pack import AcceptPack, accept_pack
from evidence_service.usecases.assemble.waive_requirement import WaiveRequirement, waive_requirement
from evidence_service.usecases.assemble.write_statement import WriteStatement, write_statement
from evidence_service.web import views
from evidence_service.web.forms import SAID, Fields
from evidence_service.web.pages.base import (
    LINES_ON_A_PAGE,
    attempt,
    blueprint,
    case_page,
    case_view,
    first_line,
    onward,
    plans,
    reader,
)

if TYPE_CHECKING:
    from uuid import UUID

    from flask.typing import ResponseReturnValue

    from evidence_service.web.views import Trouble


@blueprint.get("/cases/<uuid:case_id>")
def case(case_id: UUID) -> ResponseReturnValue:
    return evidence_page(case_id)


def evidence_page(
    case_id: UUID,
    trouble: Trouble | None = None,
    status: int = 200,
    *,
    waiving: str | None = None,
) -> Response:
    """`waiving` is the requirement whose waiver was not taken."""
    remarks = [one for one in remarks_of(case_id) if one.asks]
    found = looking.case(case_id, current_actor(), ports())
    return case_page(
        "case.html",
        case_id,
        trouble,
        status,
        waiving=waiving,
        remarks=remarks,
        plans=plans(case_id),
        newer=looking.newer_pack(found, ports()),
    )


@blueprint.post("/cases/<uuid:case_id>/pack")
def take_newer_pack(case_id: UUID) -> ResponseReturnValue:
    def run() -> ResponseReturnValue:
        fields = Fields(request.form)
        version = fields.required("version")
        fields.check()
        accept_pack(AcceptPack(case_id, version), actor=current_actor(), ports=ports())
        return onward("case", case_id)

    return attempt(run, lambda trouble, status: evidence_page(case_id, trouble, status))


def remarks_of(case_id: UUID) -> list[views.Remarked]:
    found = looking.conversation_remarks(case_id, actor=current_actor(), ports=ports())
    return [views.Remarked.of(one, text, reader()) for one, text in found]


@blueprint.post("/cases/<uuid:case_id>/checklist/<requirement>/waive")
def waive(case_id: UUID, requirement: str) -> ResponseReturnValue:
    def run() -> ResponseReturnValue:
        fields = Fields(request.form)
        reason = fields.required("reason", SAID)
        fields.check()
        command = WaiveRequirement(case_id, requirement, reason)
        waive_requirement(command, actor=current_actor(), ports=ports())
        return onward("case", case_id)

    return attempt(
        run,
        lambda trouble, status: evidence_page(case_id, trouble, status, waiving=requirement),
    )


@blueprint.get("/cases/<uuid:case_id>/timeline")
def timeline(case_id: UUID) -> ResponseReturnValue:
    entries = looking.case_timeline(case_id, actor=current_actor(), ports=ports())
    rows = list(views.with_silences(entries))
    start, end = first_line(), first_line() + LINES_ON_A_PAGE
    more = end if end < len(rows) else None
    return case_page("timeline.html", case_id, rows=rows[start:end], start=start, more=more)


@blueprint.route("/cases/<uuid:case_id>/statement", methods=["GET", "POST"])
def statement(case_id: UUID) -> ResponseReturnValue:
    view = case_view(case_id)
    said = view.case.statement
    language = said.language if said else view.pack.language
    fields = view.fields()

    def again(trouble: Trouble | None = None, status: int = 200) -> Response:
        return case_page(
            "statement.html",
            case_id,
            trouble,
            status,
            fields=fields,
            language=language,
            saved="saved" in request.args,
        )

    def run() -> ResponseReturnValue:
        form = Fields(request.form)
        texts = {field.code: form.limited(f"field.{field.code}", field.limit) for field in fields}
        form.check()
        kept = {code: text for code, text in texts.items() if text}
        command = WriteStatement(case_id, language, kept)
        write_statement(command, actor=current_actor(), ports=ports())
        return onward("statement", case_id, saved=1)

    return again() if request.method == "GET" else attempt(run, again)
