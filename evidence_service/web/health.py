"""Whether the process runs (`/healthz`), whether it can work (`/readyz`), and how it does."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING

from flask import Blueprint, Response, current_app, request
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from evidence_service.domain.access import Role
from evidence_service.domain.errors import NotAllowed
from evidence_service.http.sign_in import ports
from evidence_service.usecases.administer.authenticate import actor_of_token

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def healthz() -> ResponseReturnValue:
    return {"status": "up"}


@blueprint.get("/readyz")
def readyz() -> ResponseReturnValue:
    """Database, jobs and bucket answer. What fails is in the log, not in the answer."""
    for part in (ports().queries.ping, ports().store.ping):
        try:
            part()
        except Exception:
            current_app.logger.exception("not ready")
            return {"status": "not ready"}, 503
    return {"status": "ready"}


@blueprint.get("/metrics")
def metrics() -> ResponseReturnValue:
    if not _from_loopback():
        _, _, token = request.headers.get("Authorization", "").partition(" ")
        if Role.ADMIN not in actor_of_token(token, ports=ports()).roles:
            raise NotAllowed
    return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)


def _from_loopback() -> bool:
    # Behind a proxy every request comes from loopback, so a forwarded one never counts as such.
    forwarded = "X-Forwarded-For" in request.headers or "Forwarded" in request.headers
    return not forwarded and ip_address(request.remote_addr or "0.0.0.0").is_loopback  # noqa: S104 - nobody's
