"""The web application, assembled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Flask
from flask.json.provider import DefaultJSONProvider

from evidence_service.api import routes
from evidence_service.bootstrap import build_ports
from evidence_service.http import problems, sign_in
from evidence_service.http.draining import Draining
from evidence_service.http.spool import MAX_BODY_BYTES, SpoolingRequest
from evidence_service.web import health, pages

if TYPE_CHECKING:
    from evidence_service.ports import Ports
    from evidence_service.settings import Settings


class JSON(DefaultJSONProvider):
    ensure_ascii = False
    sort_keys = False


class Application(Flask):
    request_class = SpoolingRequest
    json_provider_class = JSON


def create_app(settings: Settings, ports: Ports | None = None) -> Flask:
    """Build the application. May be called any number of times in one process.

    Args:
        settings: read once by the caller; nothing below here looks at the environment.
        ports: what stands behind the use cases; by default the real database, bucket and
            renderer. Tests hand in their own here, and patch nothing.
    """
    app = Application(__name__, template_folder=str(pages.TEMPLATES), static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    app.secret_key = settings.secret_key
    app.extensions["ports"] = ports or build_ports(settings)
    app.before_request(sign_in.require_actor)
    problems.register(app)
    for blueprint in (health.blueprint, routes.blueprint, routes.docs, pages.blueprint):
        app.register_blueprint(blueprint)
    app.wsgi_app = Draining(app.wsgi_app)  # type: ignore[method-assign]  # Flask's own way
    return app
