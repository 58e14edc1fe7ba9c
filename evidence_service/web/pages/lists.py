"""The queue and the archive."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request

from evidence_service.domain.access import Permission, Role
from evidence_service.domain.case import OPEN_STATES, CaseState
from evidence_service.domain.sending import OutcomeResult
from evidence_service.http.sign_in import current_actor, ports
from evidence_service.ports import CaseFilter
from evidence_service.usecases import looking
from evidence_service.web.forms import Fields
from evidence_service.web.pages.base import blueprint, page, stores_by_id

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


ON_ONE_PAGE = 50
# The lists a role starts from, by name: which states each holds.
TABS = {
    "open": tuple(sorted(state.value for state in OPEN_STATES)),
    **{state.value: (state.value,) for state in CaseState},
}
AUDITOR_TABS = ("submitted", "closed", "archived")


@blueprint.get("/")
def queue() -> ResponseReturnValue:
    actor = current_actor()
    if not actor.may(Permission.CASE_READ):
        return page("queue.html", found=None, stores={}, tab="", tabs=(), query="")
    is_auditor = not actor.roles & {Role.AGENT, Role.REVIEWER}
    tabs = AUDITOR_TABS if is_auditor else tuple(TABS)[:-1]
    tab = request.args.get("tab", "")
    tab = tab if tab in tabs else tabs[0]
    query = request.args.get("q", "").strip()
    wanted = CaseFilter(states=TABS[tab], words=query or None)
    found = looking.cases(
        wanted,
        actor=actor,
        ports=ports(),
        limit=ON_ONE_PAGE,
        cursor=request.args.get("cursor"),
    )
    return page(
        "queue.html",
        found=found,
        stores=stores_by_id(),
        sla=ports().sla,
        tab=tab,
        tabs=tabs,
        query=query,
        packs={pack.id: pack for pack in ports().shelf.all()},
    )


@blueprint.get("/archive")
def archive() -> ResponseReturnValue:
    fields = Fields(request.args)
    words = fields.optional("q")
    outcome = fields.choice("outcome", OutcomeResult)
    platform = fields.optional("platform")
    fields.check()
    wanted = CaseFilter(
        states=(CaseState.ARCHIVED.value,),
        platform=platform,
        outcome=outcome.value if outcome else None,
        words=words,
        sort="-opened",
    )
    found, hits = looking.archive(
        wanted,
        actor=current_actor(),
        ports=ports(),
        limit=ON_ONE_PAGE,
        cursor=request.args.get("cursor"),
    )
    return page(
        "search.html",
        found=found,
        hits=hits,
        query=words or "",
        platform=platform,
        outcome=outcome,
        outcomes=tuple(OutcomeResult),
        stores=stores_by_id(),
        packs={pack.id: pack for pack in ports().shelf.all()},
    )
