"""The archive of a case and its history."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from flask import Response, request

from evidence_service.http.sign_in import current_actor, ports
from evidence_service.http.streams import download
from evidence_service.usecases import looking
from evidence_service.usecases.archive.read_package import read_package
from evidence_service.usecases.archive.request_archive import RequestArchive, request_archive
from evidence_service.web import views
from evidence_service.web.pages.base import attempt, blueprint, case_page, onward

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from evidence_service.web.views import Trouble

HISTORY_LENGTH = 200


@blueprint.route("/cases/<uuid:case_id>/archive", methods=["GET", "POST"])
def archive_case(case_id: UUID) -> ResponseReturnValue:
    def again(trouble: Trouble | None = None, status: int = 200) -> Response:
        return case_page("archive_case.html", case_id, trouble, status)

    def run() -> ResponseReturnValue:
        request_archive(RequestArchive(case_id), actor=current_actor(), ports=ports())
        return onward("history", case_id)

    return again() if request.method == "GET" else attempt(run, again)


@blueprint.get("/cases/<uuid:case_id>/history")
def history(case_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    links = looking.audit(
        case_id,
        actor=actor,
        ports=ports(),
        limit=HISTORY_LENGTH,
        cursor=request.args.get("cursor"),
    )
    checked = None
    if "check" in request.args:
        checked = looking.verification(case_id, actor=actor, ports=ports())
    ids = [UUID(link.actor) for link in links.items if link.actor]
    return case_page(
        "sealed.html",
        case_id,
        links=links,
        checked=checked,
        names=views.people(ids, actor, ports()),
    )


@blueprint.get("/cases/<uuid:case_id>/package")
def package(case_id: UUID) -> ResponseReturnValue:
    return download(read_package(case_id, actor=current_actor(), ports=ports()))
