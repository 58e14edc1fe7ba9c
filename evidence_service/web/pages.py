"""The pages of the three roles. Each view is: parse, call the use case, render or go on."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit
from uuid import UUID

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
from werkzeug.exceptions import HTTPException
from werkzeug.routing import BaseConverter

from evidence_service.catalogue import LANGUAGES, best_language
from evidence_service.domain.access import Permission, Role
from evidence_service.domain.case import (
    OPEN_STATES,
    BundleState,
    CaseState,
    Decision,
    OutcomeReason,
    OutcomeResult,
)
from evidence_service.domain.choices import DateOrder, TableForm
from evidence_service.domain.errors import (
    InvalidInput,
    NotFound,
    NotSignedIn,
    Refusal,
    StaleRevision,
    TooLarge,
    WrongState,
    invalid,
)
from evidence_service.domain.evidence import EvidenceKind, ItemState, Shape
from evidence_service.domain.words import MOST_CHARS
from evidence_service.http.problems import HTTP_CODES, STATUS
from evidence_service.http.sign_in import SESSION_COOKIE, current_actor, ports
from evidence_service.http.spool import MAX_BODY_BYTES, file_name_of, plain_name, spooled
from evidence_service.http.streams import download, upload_path
from evidence_service.ports import CaseFilter
from evidence_service.usecases import looking
from evidence_service.usecases.administer import authenticate
from evidence_service.usecases.administer.add_person import AddPerson, add_person
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
from evidence_service.usecases.assemble.hand_in import HandIn
from evidence_service.usecases.assemble.hand_in import hand_in as hand_in_case
from evidence_service.usecases.assemble.open_case import OpenCase, open_case
from evidence_service.usecases.assemble.propose_case import propose_case
from evidence_service.usecases.assemble.recall import Recall
from evidence_service.usecases.assemble.recall import recall as recall_case
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
from evidence_service.usecases.judging import contradictions_of, reason_of, today
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
from evidence_service.web import guard, views
from evidence_service.web.forms import (
    LANGUAGE_TAG,
    LONG,
    MOST_PLACES,
    PLACE,
    SAID,
    Fields,
    about_case,
    as_fields,
    as_local,
    columns_of,
    rectangles,
    rows_of_places,
)
from evidence_service.web.words import HTML_LANGUAGES, Reader, marked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from flask.blueprints import BlueprintSetupState
    from flask.typing import ResponseReturnValue

    from evidence_service.domain.case import Bundle
    from evidence_service.domain.delivery import DeliveryPlan
    from evidence_service.domain.evidence import EvidenceItem
    from evidence_service.domain.words import ItemText
    from evidence_service.platforms.pack import Delivery
    from evidence_service.ports import StoreRow
    from evidence_service.usecases.assemble.propose_case import Proposal
    from evidence_service.web.views import CaseView, Trouble

TEMPLATES = Path(__file__).parents[2] / "templates" / "web"
blueprint = Blueprint("pages", __name__, static_folder="static", static_url_path="/static")

ON_ONE_PAGE = 50
HISTORY_LENGTH = 200
THEMES = ("light", "dark")
# The lists a role starts from, by name: which states each holds.
TABS = {
    "open": tuple(sorted(state.value for state in OPEN_STATES)),
    **{state.value: (state.value,) for state in CaseState},
}
AUDITOR_TABS = ("submitted", "closed", "archived")
# What a form's own page says again; everything else becomes an error page.
SAID_ON_THE_PAGE = (InvalidInput, WrongState, StaleRevision, TooLarge)


# --- around every page --------------------------------------------------------------------


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
    path = request.path
    if request.method == "POST":
        # A form that was not taken shows its page under the form's address; go back to its own.
        path = guard.local_path(urlsplit(request.referrer or "").path, url_for("pages.queue"))
    return f"{path}?{urlencode(request.args.to_dict() | wanted)}"


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
        "kept": lambda name, otherwise="": request.form.get(name, otherwise),
        "ticked": request.form.getlist,
        "marked": marked,
        "source_name": views.source_name,
        "switched": switched,
        "views": views,
        "Permission": Permission,
        "Role": Role,
        "now": ports().now(),
    }


def page(template: str, status: int = 200, **values: object) -> Response:
    """A rendered page."""
    return make_response(render_template(template, **{"trouble": None, **values}), status)


def wants_data() -> bool:
    """Whether our own script asks, which shows an answer's words itself."""
    return request.headers.get("X-Requested-With") == "fetch"


@blueprint.errorhandler(Refusal)
def refused(error: Refusal) -> ResponseReturnValue:
    if isinstance(error, NotSignedIn) and not wants_data():
        onward = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("pages.sign_in", next=onward), 303)
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
    return page("error.html", status, trouble=trouble, number=status)


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
    store = _stores()[case.store_id]
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
        delay_tiers=sla.profile(case.platform).delay_tiers,
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


def _plans(case_id: UUID) -> list[tuple[Delivery, DeliveryPlan]]:
    """What each way to the platform will come to, as the case stands."""
    actor = current_actor()
    deliveries = looking.judged(looking.case(case_id, actor, ports()), ports())[0].deliveries
    return [(one, plan_bundle(case_id, one.id, actor=actor, ports=ports())) for one in deliveries]


def _stores() -> dict[UUID, StoreRow]:
    return {row.id: row for row in looking.stores(current_actor(), ports())}


# --- signing in ---------------------------------------------------------------------------


@blueprint.get("/sign-in")
def sign_in() -> ResponseReturnValue:
    return page("sign_in.html")


@blueprint.post("/sign-in")
def sign_in_post() -> ResponseReturnValue:
    email, password = request.form.get("email", ""), request.form.get("password", "")
    try:
        token = authenticate.sign_in(email, password, ports=ports())
    except NotSignedIn as error:
        return page("sign_in.html", 401, trouble=views.Trouble.of(error, reader()))
    otherwise = url_for("pages.queue")
    response = redirect(guard.local_path(request.args.get("next"), otherwise), 303)
    guard.keep_cookie(response, SESSION_COOKIE, token, http_only=True)  # type: ignore[arg-type]  # flask's own response
    return response


@blueprint.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    authenticate.sign_out(request.cookies.get(SESSION_COOKIE, ""), ports=ports())
    response = redirect(url_for("pages.sign_in"), 303)
    response.delete_cookie(SESSION_COOKIE, httponly=True, samesite="Lax")
    return response


@blueprint.get("/<elsewhere:_address>")
def nowhere(_address: str) -> ResponseReturnValue:
    """An address nobody has, said on a page rather than as data."""
    raise NotFound


# --- lists --------------------------------------------------------------------------------


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
        stores=_stores(),
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
        stores=_stores(),
        packs={pack.id: pack for pack in ports().shelf.all()},
    )


# --- stores and people --------------------------------------------------------------------


@blueprint.get("/admin")
def admin() -> ResponseReturnValue:
    return _admin_page()


def _admin_page(trouble: Trouble | None = None, status: int = 200, *, asked: str = "") -> Response:
    """`asked` is the form that was not taken."""
    looking.ensure_admin(current_actor())
    return page(
        "admin.html",
        status,
        stores=_stores().values(),
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


# --- opening and describing a case --------------------------------------------------------


@blueprint.route("/cases/new", methods=["GET", "POST"])
def new_case() -> ResponseReturnValue:
    if not current_actor().may(Permission.CASE_EDIT):
        raise NotFound
    stores = list(_stores().values())
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


# --- the case and its evidence ------------------------------------------------------------


@blueprint.get("/cases/<uuid:case_id>")
def case(case_id: UUID) -> ResponseReturnValue:
    return _evidence_page(case_id)


def _evidence_page(
    case_id: UUID,
    trouble: Trouble | None = None,
    status: int = 200,
    *,
    waiving: str | None = None,
) -> Response:
    """`waiving` is the requirement whose waiver was not taken."""
    remarks = [one for one in _remarks(case_id) if one.asks]
    found = looking.case(case_id, current_actor(), ports())
    return case_page(
        "case.html",
        case_id,
        trouble,
        status,
        waiving=waiving,
        remarks=remarks,
        plans=_plans(case_id),
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

    return attempt(run, lambda trouble, status: _evidence_page(case_id, trouble, status))


def _remarks(case_id: UUID) -> list[views.Remarked]:
    found = looking.conversation_remarks(case_id, actor=current_actor(), ports=ports())
    return [views.Remarked.of(one, text, reader()) for one, text in found]


def _remarks_on(case_id: UUID, found: EvidenceItem) -> list[views.Remarked]:
    return [one for one in _remarks(case_id) if one.evidence_id == found.id]


@blueprint.post("/cases/<uuid:case_id>/evidence")
def add(case_id: UUID) -> ResponseReturnValue:
    return attempt(
        lambda: _add(case_id), lambda trouble, status: _evidence_page(case_id, trouble, status)
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
    ids = [found.added_by, *([text.written_by] if text and text.written_by else [])]
    return page(
        "item.html",
        status,
        view=view,
        item=found,
        read=_read(case_id, found),
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


def _read(case_id: UUID, found: EvidenceItem) -> list[Any]:
    """What a reader understood of the item, in the order of time."""
    entries = looking.case_timeline(case_id, actor=current_actor(), ports=ports())
    return [entry for entry in entries if entry.evidence_id == found.id]


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
        lambda trouble, status: _evidence_page(case_id, trouble, status, waiving=requirement),
    )


@blueprint.get("/cases/<uuid:case_id>/timeline")
def timeline(case_id: UUID) -> ResponseReturnValue:
    entries = looking.case_timeline(case_id, actor=current_actor(), ports=ports())
    return case_page("timeline.html", case_id, rows=list(views.with_silences(entries)))


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


# --- hand-in and review -------------------------------------------------------------------


@blueprint.route("/cases/<uuid:case_id>/hand-in", methods=["GET", "POST"])
def hand_in(case_id: UUID) -> ResponseReturnValue:
    def again(trouble: Trouble | None = None, status: int = 200) -> Response:
        return case_page("hand_in.html", case_id, trouble, status, plans=_plans(case_id))

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
            "hand_in.html", case_id, trouble, status, plans=_plans(case_id)
        ),
    )


@blueprint.route("/cases/<uuid:case_id>/review", methods=["GET", "POST"])
def review(case_id: UUID) -> ResponseReturnValue:
    def again(trouble: Trouble | None = None, status: int = 200) -> Response:
        view = case_view(case_id)
        entries = looking.case_timeline(case_id, actor=current_actor(), ports=ports())
        sheets = view.sheets(entries, _remarks(case_id))
        return page("review.html", status, view=view, sheets=sheets, trouble=trouble)

    return again() if request.method == "GET" else attempt(lambda: _review(case_id), again)


def _review(case_id: UUID) -> ResponseReturnValue:
    fields = Fields(request.form)
    decision = fields.choice("decision", Decision)
    comment = fields.optional("comment", LONG) or ""
    revision = fields.required("revision")
    items = tuple(_said_of_parts(fields, case_view(case_id)))
    if decision is None or not revision.isdecimal():
        raise invalid("decision", "required", "approve or return")
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


# --- bundle, submission, outcome ----------------------------------------------------------


@blueprint.get("/cases/<uuid:case_id>/bundle")
def bundle(case_id: UUID) -> ResponseReturnValue:
    return _bundle_page(case_id)


def _bundle_page(case_id: UUID, trouble: Trouble | None = None, status: int = 200) -> Response:
    return case_page(
        "bundle.html",
        case_id,
        trouble,
        status,
        plans=_plans(case_id),
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
    view = case_view(case_id)
    sendable = views.sendable(view.case)

    def again(trouble: Trouble | None = None, status: int = 200) -> Response:
        return case_page("submission.html", case_id, trouble, status, sendable=sendable)

    if request.method == "GET":
        return again()
    return attempt(lambda: _record_submission(view, sendable), again)


def _record_submission(view: CaseView, sendable: Sequence[Bundle]) -> ResponseReturnValue:
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
        result = fields.choice("result", OutcomeResult)
        reason = fields.choice("why", OutcomeReason)
        amount = fields.money("amount", "currency")
        note = fields.optional("note", SAID)
        if result is None:
            raise invalid("result", "required", "choose one")
        fields.check()
        command = RecordOutcome(case_id, result, amount, reason, note)
        record_outcome(command, actor=current_actor(), ports=ports())
        return onward("case", case_id)

    return again() if request.method == "GET" else attempt(run, again)


# --- archive ------------------------------------------------------------------------------


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
