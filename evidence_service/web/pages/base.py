"""Around every page of the three roles: the reader, the theme, refusals, a case with its page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from flask import (
    Blueprint,
    Response,
    current_app,
    g,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from jinja2 import StrictUndefined
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.routing import BaseConverter

from evidence_service.catalogue import LANGUAGES, best_language
from evidence_service.domain.access import Permission, Role
from evidence_service.domain.errors import (
    InvalidInput,
    NotFound,
    NotSignedIn,
    Refusal,
    StaleRevision,
    TooLarge,
    WrongState,
)
from evidence_service.http.problems import HTTP_CODES, STATUS
from evidence_service.http.sign_in import current_actor, ports
from evidence_service.usecases import looking
from evidence_service.usecases.judging import contradictions_of, reason_of
from evidence_service.usecases.submit.plan_bundle import plan_bundle
from evidence_service.web import guard, views
from evidence_service.web.forms import as_local
from evidence_service.web.words import HTML_LANGUAGES, Reader, marked

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from flask.blueprints import BlueprintSetupState
    from flask.typing import ResponseReturnValue

    from evidence_service.domain.delivery import DeliveryPlan
    from evidence_service.platforms.pack import Delivery
    from evidence_service.ports import StoreRow
    from evidence_service.web.views import CaseView, Trouble

TEMPLATES = Path(__file__).parents[3] / "templates" / "web"
blueprint = Blueprint(
    "pages", __name__, static_folder=Path(__file__).parents[1] / "static", static_url_path="/static"
)
THEMES = ("light", "dark")
# Of a chat or a timeline; the rest is on further pages.
LINES_ON_A_PAGE = 500
# What a form's own page says again; everything else becomes an error page.
SAID_ON_THE_PAGE = (InvalidInput, WrongState, StaleRevision, TooLarge)


class Elsewhere(BaseConverter):
    """Any address but the API's, which answers for its own."""

    regex = "(?!api/).+"
    part_isolating = False


@blueprint.record_once
def _prepare(state: BlueprintSetupState) -> None:
    state.app.url_map.converters["elsewhere"] = Elsewhere
    # A misspelt name in a template is an error, never a blank.
    state.app.jinja_env.undefined = StrictUndefined


blueprint.before_request(guard.check_form)
blueprint.after_request(guard.protect)


def reader() -> Reader:
    """The reader's language: asked for just now, chosen before, the person's, the browser's."""
    if "reader" not in g:
        wanted = request.args.get("lang")
        if wanted in LANGUAGES:
            g.chosen_language = wanted
        else:
            wanted = request.cookies.get(guard.LANGUAGE_COOKIE)
        if wanted not in LANGUAGES:
            actor = g.get("actor")
            header = request.headers.get("Accept-Language")
            wanted = actor.language if actor else best_language(header, "en")
        g.reader = Reader(wanted if wanted in LANGUAGES else "en")
    return g.reader  # type: ignore[no-any-return]  # flask.g holds anything


def theme() -> str:
    """Light or dark: asked for just now, or chosen before."""
    wanted = request.args.get("theme")
    if wanted in THEMES:
        g.chosen_theme = wanted
    else:
        wanted = request.cookies.get(guard.THEME_COOKIE)
    return wanted if wanted in THEMES else THEMES[0]


def switched(**wanted: str) -> str:
    """The address of this page in another language or theme."""
    # A form that was not taken shows its page under the form's address; go back to its own.
    path = page_of_form() if request.method == "POST" else request.path
    return f"{path}?{urlencode(request.args.to_dict() | wanted)}"


def page_of_form() -> str:
    """The page from which a form was sent."""
    return guard.local_path(urlsplit(request.referrer or "").path, url_for("pages.queue"))


@blueprint.context_processor
def _around() -> dict[str, Any]:
    words = reader()
    return {
        "reader": words,
        "t": words.t,
        "actor": g.get("actor"),
        "languages": HTML_LANGUAGES,
        "theme": theme(),
        "form_token": guard.form_token,
        "kept": lambda name, otherwise="": _given().get(name, otherwise),
        "ticked": _given().getlist,
        "marked": marked,
        "source_name": views.source_name,
        "switched": switched,
        "views": views,
        "Permission": Permission,
        "Role": Role,
        "now": ports().now(),
    }


def _given() -> MultiDict[str, str]:
    """The form that was sent; nothing of one that was too large to be read."""
    try:
        return request.form
    except (RequestEntityTooLarge, TooLarge):
        return MultiDict()


def page(template: str, status: int = 200, **values: object) -> Response:
    """A rendered page."""
    return make_response(render_template(template, **{"trouble": None, **values}), status)


def first_line() -> int:
    """The line that a page of a long list begins with, counted from 0."""
    return max(0, request.args.get("start", 0, type=int))


def wants_data() -> bool:
    """Whether our own script asks, which shows an answer's words itself."""
    return request.headers.get("X-Requested-With") == "fetch"


@blueprint.errorhandler(Refusal)
def refused(error: Refusal) -> ResponseReturnValue:
    if isinstance(error, NotSignedIn) and not wants_data():
        if request.method == "POST":
            return redirect(url_for("pages.sign_in", next=page_of_form(), unsaved=1), 303)
        return redirect(url_for("pages.sign_in", next=request.full_path.rstrip("?")), 303)
    status = next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
    return _failed(views.Trouble.of(error, reader()), status)


@blueprint.errorhandler(HTTPException)
def refused_by_http(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    server = status >= 500  # noqa: PLR2004 - where our own faults begin
    code = HTTP_CODES.get(status, "unforeseen" if server else "malformed")
    return _failed(views.Trouble.of(Refusal(code), reader()), status)


@blueprint.errorhandler(Exception)
def unforeseen(error: Exception) -> ResponseReturnValue:
    if current_app.testing:
        raise error
    current_app.logger.error("unforeseen error", exc_info=error)
    return _failed(views.Trouble.of(Refusal("unforeseen"), reader()), 500)


def _failed(trouble: Trouble, status: int) -> Response:
    if wants_data():
        response = jsonify({"message": " ".join(trouble.fields.values()) or trouble.detail})
        response.status_code = status
        return response
    back = page_of_form() if request.method == "POST" else None
    return page("error.html", status, trouble=trouble, number=status, back=back)


def attempt(
    run: Callable[[], ResponseReturnValue], again: Callable[[Trouble, int], ResponseReturnValue]
) -> ResponseReturnValue:
    """Do it and go on, or show the page again with what is wrong."""
    try:
        return run()
    except SAID_ON_THE_PAGE as error:
        if wants_data():
            raise
        status = next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
        return again(views.Trouble.of(error, reader(), _view_of_request()), status)


def _view_of_request() -> CaseView | None:
    case_id = (request.view_args or {}).get("case_id")
    return case_view(case_id) if case_id else None


def onward(endpoint: str, case_id: UUID, **values: Any) -> ResponseReturnValue:
    return redirect(url_for(f"pages.{endpoint}", case_id=case_id, **values), 303)


def case_view(case_id: UUID) -> CaseView:
    actor = current_actor()
    case = looking.case(case_id, actor, ports())
    pack, report = looking.judged(case, ports())
    store = stores_by_id()[case.store_id]
    sla = ports().sla
    return views.CaseView(
        case=case,
        store=store,
        pack=pack,
        reason=reason_of(pack, case.reason),
        report=report,
        actor=actor,
        now=ports().now(),
        reader=reader(),
        clocks=looking.clocks(case, ports()),
        platform_zone=sla.place(case.platform, store.time_zone).zone.key,
        profile=sla.profile(case.platform),
        contradictions=contradictions_of(case, pack),
    )


def case_page(
    template: str,
    case_id: UUID,
    trouble: Trouble | None = None,
    status: int = 200,
    **values: object,
) -> Response:
    """A page of a case; `trouble` is why its form was not taken."""
    return page(
        template, status, view=case_view(case_id), trouble=trouble, as_local=as_local, **values
    )


def plans(case_id: UUID) -> list[tuple[Delivery, DeliveryPlan]]:
    """What each way to the platform will come to, as the case stands."""
    actor = current_actor()
    deliveries = looking.judged(looking.case(case_id, actor, ports()), ports())[0].deliveries
    return [(one, plan_bundle(case_id, one.id, actor=actor, ports=ports())) for one in deliveries]


def stores_by_id() -> dict[UUID, StoreRow]:
    return {row.id: row for row in looking.stores(current_actor(), ports())}


@blueprint.get("/<elsewhere:_address>")
def nowhere(_address: str) -> ResponseReturnValue:
    """An address nobody has, said on a page rather than as data."""
    raise NotFound
