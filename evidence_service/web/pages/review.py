"""Handing in, and what a reviewer decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, request

from evidence_service.domain.records import Decision
from evidence_service.http.sign_in import current_actor, ports
from evidence_service.usecases import looking
from evidence_service.usecases.assemble.hand_in import HandIn
from evidence_service.usecases.assemble.hand_in import hand_in as hand_in_case
from evidence_service.usecases.assemble.recall import Recall
from evidence_service.usecases.assemble.recall import recall as recall_case
from evidence_service.usecases.review.review_case import ReviewCase, review_case
from evidence_service.web.forms import LONG, SAID, Fields
from evidence_service.web.pages.base import (
    attempt,
    blueprint,
    case_page,
    case_view,
    onward,
    page,
    plans,
)
from evidence_service.web.pages.case import remarks_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from flask.typing import ResponseReturnValue

    from evidence_service.web.views import CaseView, Trouble


@blueprint.route("/cases/<uuid:case_id>/hand-in", methods=["GET", "POST"])
def hand_in(case_id: UUID) -> ResponseReturnValue:
    def again(trouble: Trouble | None = None, status: int = 200) -> Response:
        return case_page("hand_in.html", case_id, trouble, status, plans=plans(case_id))

    def run() -> ResponseReturnValue:
        hand_in_case(HandIn(case_id), actor=current_actor(), ports=ports())
        return onward("case", case_id)

    return again() if request.method == "GET" else attempt(run, again)


@blueprint.post("/cases/<uuid:case_id>/recall")
def recall(case_id: UUID) -> ResponseReturnValue:
    def run() -> ResponseReturnValue:
        recall_case(Recall(case_id), actor=current_actor(), ports=ports())
        return onward("case", case_id)

    return attempt(
        run,
        lambda trouble, status: case_page(
            "hand_in.html", case_id, trouble, status, plans=plans(case_id)
        ),
    )


@blueprint.route("/cases/<uuid:case_id>/review", methods=["GET", "POST"])
def review(case_id: UUID) -> ResponseReturnValue:
    def again(trouble: Trouble | None = None, status: int = 200) -> Response:
        view = case_view(case_id)
        read = looking.read_contents(case_id, actor=current_actor(), ports=ports())
        sheets = view.sheets(read, remarks_of(case_id))
        return page("review.html", status, view=view, sheets=sheets, trouble=trouble)

    return again() if request.method == "GET" else attempt(lambda: _review(case_id), again)


def _review(case_id: UUID) -> ResponseReturnValue:
    fields = Fields(request.form)
    decision = fields.required_choice("decision", Decision)
    comment = fields.optional("comment", LONG) or ""
    revision = fields.required("revision")
    items = tuple(_said_of_parts(fields, case_view(case_id)))
    if not revision.isdecimal():
        fields.refuse("decision", "required", "approve or return")
    fields.check()
    command = ReviewCase(case_id, decision, comment, int(revision), items)
    review_case(command, actor=current_actor(), ports=ports())
    return onward("case", case_id)


def _said_of_parts(fields: Fields, view: CaseView) -> Iterator[dict[str, str]]:
    """The comments on single items and on lines of the checklist, where there are any."""
    for item in view.items:
        if said := fields.optional(f"item.{item.id}", SAID):
            yield {"evidence_id": str(item.id), "comment": said}
    for finding in view.report.findings:
        if said := fields.optional(f"requirement.{finding.requirement.id}", SAID):
            yield {"requirement": finding.requirement.id, "comment": said}
