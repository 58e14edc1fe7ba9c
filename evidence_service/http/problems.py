"""Refusals as RFC 9457 problem documents. The only place that knows status codes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from flask import Flask, Response, current_app, g, request
from werkzeug.exceptions import HTTPException

from evidence_service.catalogue import DEFAULT_LANGUAGE, best_language, say, words
from evidence_service.domain import errors

if TYPE_CHECKING:
    from collections.abc import Mapping

STATUS: dict[type[errors.Refusal], int] = {
    errors.NotSignedIn: 401,
    errors.NotAllowed: 403,
    errors.NotFound: 404,
    errors.WrongState: 409,
    errors.StaleRevision: 412,
    errors.TooLarge: 413,
    errors.InvalidInput: 422,
    errors.PreconditionRequired: 428,
    errors.Unavailable: 503,
}
HTTP_CODES = {
    400: "malformed",
    404: "not_found",
    405: "method_not_allowed",
    411: "length_required",
    413: "too_large",
    415: "unsupported_media_type",
}
RETRY_AFTER_S = 30
TYPE = "urn:evidence-service:problem:"


def language() -> str:
    """The reader's language: the request's, else the person's, else English."""
    actor = g.get("actor")
    return best_language(request.headers.get("Accept-Language"), actor.language if actor else "en")


def refused(error: errors.Refusal) -> Response:
    status = next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
    more: dict[str, object] = {}
    if isinstance(error, errors.InvalidInput):
        more["errors"] = [
            {"field": e.field, "code": e.code, "detail": _wrong(e)} for e in error.errors
        ]
    more |= {k: v for k, v in error.params.items() if isinstance(v, str | int | list)}
    return problem(status, error.code, error.params, more)


def _wrong(error: errors.FieldError) -> str:
    """What is wrong with a field; English is said where it is refused, and says the most."""
    tongue, key = language(), f"field.{error.code}"
    own = f"{key}.{error.field}"
    known = own if own in words() else key
    return (
        error.detail if tongue == DEFAULT_LANGUAGE or known not in words() else say(known, tongue)
    )


def problem(
    status: int,
    code: str,
    params: Mapping[str, object] | None = None,
    more: Mapping[str, object] | None = None,
) -> Response:
    """A problem document whose words are in the reader's language."""
    tongue = language()
    shown = {name: _listed(value) for name, value in (params or {}).items()}
    document = {
        "type": TYPE + code,
        "title": say(f"error.{code}.title", tongue, **shown),
        "status": status,
        "detail": say(f"error.{code}.detail", tongue, **shown),
        "code": code,
    }
    body = json.dumps({**(more or {}), **document}, ensure_ascii=False)
    response = Response(body, status, content_type="application/problem+json")
    response.headers["Content-Language"] = tongue
    if status == 503:  # noqa: PLR2004 - trying again is right, but not at once
        response.headers["Retry-After"] = str(RETRY_AFTER_S)
    if status == 401:  # noqa: PLR2004 - RFC 9110 asks for it with this status
        response.headers["WWW-Authenticate"] = 'Bearer realm="evidence"'
    return response


def _listed(value: object) -> object:
    return ", ".join(map(str, value)) if isinstance(value, list) else value


def refused_by_http(error: HTTPException) -> Response:
    """What Flask refuses before a view."""
    status = error.code or 500
    code = HTTP_CODES.get(status, "unforeseen" if status >= 500 else "malformed")  # noqa: PLR2004 - a server's fault
    response = problem(status, code)
    if status == 405:  # noqa: PLR2004 - RFC 9110 asks for it with this status
        response.headers["Allow"] = ", ".join(sorted(getattr(error, "valid_methods", None) or ()))
    return response


def unforeseen(error: Exception) -> Response:
    current_app.logger.error("unforeseen error", exc_info=error)
    return problem(500, "unforeseen")


def register(app: Flask) -> None:
    app.register_error_handler(errors.Refusal, refused)
    app.register_error_handler(HTTPException, refused_by_http)
    if not app.testing:
        app.register_error_handler(Exception, unforeseen)
