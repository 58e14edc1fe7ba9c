"""Who asks. Every door needs an actor but those named in PUBLIC_ENDPOINTS: forgetting is safe."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from flask import current_app, g, request

from evidence_service.domain.errors import NotSignedIn
from evidence_service.usecases.administer.authenticate import actor_of_session, actor_of_token

if TYPE_CHECKING:
    from evidence_service.domain.access import Actor
    from evidence_service.ports import Ports

PUBLIC_ENDPOINTS = frozenset(
    {
        "health.healthz",
        "health.readyz",
        "health.metrics",
        "api.keys",
        # What opens it is the unguessable address.
        "api.put_upload",
        "pages.sign_in",
        "pages.sign_in_post",
        "pages.static",
        "static",
    }
)
SESSION_COOKIE = "evidence_session"


def ports() -> Ports:
    return cast("Ports", current_app.extensions["ports"])


def require_actor() -> None:
    """Find out who asks, before anything of the request's body is read."""
    if request.endpoint in PUBLIC_ENDPOINTS:
        return
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind.casefold() == "bearer" and token:
        g.actor = actor_of_token(token.strip(), ports=ports())
        return
    cookie = request.cookies.get(SESSION_COOKIE)
    # A browser's cookie opens the pages alone: the API takes no ambient authority.
    if cookie and request.blueprint == "pages":
        g.actor = actor_of_session(cookie, ports=ports())
        return
    raise NotSignedIn


def current_actor() -> Actor:
    return cast("Actor", g.actor)
