"""Opening a case and describing it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, request

from evidence_service.domain.access import Permission
from evidence_service.domain.errors import NotFound, StaleRevision
from evidence_service.http.sign_in import current_actor, ports
from evidence_service.http.spool import spooled
from evidence_service.usecases.assemble.edit_case import EditCase, edit_case
from evidence_service.usecases.assemble.open_case import OpenCase, open_case
from evidence_service.usecases.assemble.propose_case import propose_case
from evidence_service.usecases.judging import today
from evidence_service.web.forms import Fields, about_case, as_fields, as_local
from evidence_service.web.pages.base import (
    attempt,
    blueprint,
    case_view,
    onward,
    page,
    stores_by_id,
)

if TYPE_CHECKING:
    from uuid import UUID

    from flask.typing import ResponseReturnValue

    from evidence_service.ports import StoreRow
    from evidence_service.usecases.assemble.propose_case import Proposal
    from evidence_service.web.views import Trouble


@blueprint.route("/cases/new", methods=["GET", "POST"])
def new_case() -> ResponseReturnValue:
    if not current_actor().may(Permission.CASE_EDIT):
        raise NotFound
    stores = list(stores_by_id().values())
    asked = request.args.get("store")
    store = next((row for row in stores if str(row.id) == asked), None)
    if store is None and len(stores) == 1:
        store = stores[0]

    def again(
        trouble: Trouble | None = None, status: int = 200, found: Proposal | None = None
    ) -> Response:
        return page(
            "new_case.html",
            status,
            stores=stores,
            packs={pack.id: pack for pack in ports().shelf.all()},
            store=store,
            pack=today(store, ports()) if store else None,
            view=None,
            given=as_fields(found, store.time_zone) if found and store else {},
            proposed=found,
            trouble=trouble,
            as_local=as_local,
        )

    if request.method == "GET" or store is None:
        return again()
    if request.files.get("file"):
        return attempt(lambda: again(found=_proposed(store)), again)
    return attempt(lambda: _open_case(store), again)


def _proposed(store: StoreRow) -> Proposal:
    upload = spooled(request.files["file"])
    return propose_case(upload, actor=current_actor(), ports=ports(), store=str(store.id))


def _open_case(store: StoreRow) -> ResponseReturnValue:
    fields = Fields(request.form)
    reason = fields.required("reason")
    opened_at = fields.required_instant("opened_at", store.time_zone)
    actor = current_actor()
    details = today(store, ports()).details
    about = about_case(fields, store.time_zone, details, assignee=actor.id)
    fields.check()
    command = OpenCase(str(store.id), reason, opened_at, about)
    case = open_case(command, actor=actor, ports=ports())
    return onward("case", case.id)


@blueprint.route("/cases/<uuid:case_id>/details", methods=["GET", "POST"])
def details(case_id: UUID) -> ResponseReturnValue:
    def again(trouble: Trouble | None = None, status: int = 200) -> Response:
        view = case_view(case_id)
        return page(
            "new_case.html",
            status,
            stores=[],
            store=view.store,
            pack=view.pack,
            view=view,
            given={},
            proposed=None,
            trouble=trouble,
            as_local=as_local,
        )

    if request.method == "GET":
        return again()
    return attempt(lambda: _describe(case_id), again)


def _describe(case_id: UUID) -> ResponseReturnValue:
    view = case_view(case_id)
    fields = Fields(request.form)
    about = about_case(fields, view.store.time_zone, view.pack.details, assignee=view.case.assignee)
    fields.check()
    changes = {name: getattr(about, name) for name in about.__dataclass_fields__}
    command = EditCase(case_id, _version(), changes)
    edit_case(command, actor=current_actor(), ports=ports())
    return onward("case", case_id)


def _version() -> int:
    """The version the form was filled in on."""
    text = request.form.get("version", "")
    if not text.isdecimal():
        raise StaleRevision
    return int(text)
