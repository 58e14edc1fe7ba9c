"""Signing in and out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, request, url_for

from evidence_service.domain.errors import NotSignedIn
from evidence_service.http.sign_in import SESSION_COOKIE, ports
from evidence_service.usecases.administer import authenticate
from evidence_service.web import guard, views
from evidence_service.web.pages.base import blueprint, page, reader

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


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
