"""Stores and people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, redirect, request, url_for

from evidence_service.domain.access import Role
from evidence_service.http.sign_in import current_actor, ports
from evidence_service.usecases import looking
from evidence_service.usecases.administer.add_person import AddPerson, add_person
from evidence_service.usecases.administer.add_store import AddStore, add_store
from evidence_service.web.forms import LANGUAGE_TAG, Fields
from evidence_service.web.pages.base import attempt, blueprint, page, stores_by_id

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from evidence_service.web.views import Trouble


@blueprint.get("/admin")
def admin() -> ResponseReturnValue:
    return _admin_page()


def _admin_page(trouble: Trouble | None = None, status: int = 200, *, asked: str = "") -> Response:
    """`asked` is the form that was not taken."""
    looking.ensure_admin(current_actor())
    return page(
        "admin.html",
        status,
        stores=stores_by_id().values(),
        packs={pack.id: pack for pack in ports().shelf.all()},
        roles=tuple(Role),
        trouble=trouble,
        asked=asked,
        added=request.args.get("added"),
    )


@blueprint.post("/admin/stores")
def new_store() -> ResponseReturnValue:
    actor = current_actor()
    looking.ensure_admin(actor)

    def run() -> ResponseReturnValue:
        fields = Fields(request.form)
        name, platform = fields.required("name"), fields.required("platform")
        zone, language = fields.required("time_zone"), fields.required("language", LANGUAGE_TAG)
        fields.check()
        store = add_store(AddStore(name, platform, zone, language), by=actor.id, ports=ports())
        return redirect(url_for("pages.admin", added=store.name), 303)

    return attempt(run, lambda trouble, status: _admin_page(trouble, status, asked="store"))


@blueprint.post("/admin/people")
def new_person() -> ResponseReturnValue:
    actor = current_actor()
    looking.ensure_admin(actor)

    def run() -> ResponseReturnValue:
        fields = Fields(request.form)
        email = fields.required("email")
        language = fields.required("language", LANGUAGE_TAG)
        known = {role.value for role in Role}
        roles = frozenset(Role(one) for one in request.form.getlist("role") if one in known)
        fields.check()
        stores = tuple(request.form.getlist("store"))
        # As it was typed: who signs in types its blanks, too.
        password = request.form.get("password", "")
        command = AddPerson(email, roles, stores, password, language)
        add_person(command, by=actor.id, ports=ports())
        return redirect(url_for("pages.admin", added=email), 303)

    return attempt(run, lambda trouble, status: _admin_page(trouble, status, asked="person"))
