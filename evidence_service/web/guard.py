"""What guards the pages: the session cookie, the token in every form, the headers."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import current_app, g, request

from evidence_service.domain.errors import NotAllowed
from evidence_service.http.sign_in import SESSION_COOKIE, ports

if TYPE_CHECKING:
    from flask import Response

# Before anybody has signed in, the sign-in form is tied to the browser by this cookie.
VISIT_COOKIE = "evidence_visit"
LANGUAGE_COOKIE = "evidence_language"
THEME_COOKIE = "evidence_theme"
TOKEN_FIELD = "form_token"  # noqa: S105 - the field's name
TOKEN_HEADER = "X-Form-Token"  # noqa: S105 - the header's name
A_YEAR = 365 * 24 * 3600
POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'self'"
)
PICTURE_POLICY = "default-src 'none'; sandbox"


def form_token() -> str:
    """The token of this browser's forms: nobody without its cookie can make it."""
    key = current_app.secret_key or b""
    secret = key.encode() if isinstance(key, str) else key
    return hmac.new(secret, f"form:{_seed()}".encode(), hashlib.sha256).hexdigest()


def check_form() -> None:
    """Let no POST pass that does not come from a form of ours.

    Raises:
        NotAllowed: the token is wrong or absent.
    """
    if request.method != "POST":
        return
    # The header is looked at first, so that a large upload is not read for it.
    given = request.headers.get(TOKEN_HEADER) or request.form.get(TOKEN_FIELD, "")
    has_cookie = SESSION_COOKIE in request.cookies or VISIT_COOKIE in request.cookies
    if not has_cookie or not hmac.compare_digest(given.encode(), form_token().encode()):
        raise NotAllowed("stale_form")


def _seed() -> str:
    cookie = request.cookies.get(SESSION_COOKIE) or request.cookies.get(VISIT_COOKIE)
    if cookie:
        return cookie
    if "visit" not in g:
        g.visit = secrets.token_urlsafe(16)
    return str(g.visit)


def protect(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", _policy())
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "same-origin"
    if request.endpoint != "pages.static":
        headers["Cache-Control"] = "no-store"
    if "visit" in g:
        keep_cookie(response, VISIT_COOKIE, g.visit, http_only=True)
    if "chosen_language" in g:
        keep_cookie(response, LANGUAGE_COOKIE, g.chosen_language, max_age=A_YEAR)
    if "chosen_theme" in g:
        keep_cookie(response, THEME_COOKIE, g.chosen_theme, max_age=A_YEAR)
    return response


def _policy() -> str:
    """Our own pages talk to nobody but us, and to the object store where that takes uploads."""
    origin = ports().upload_origin
    return f"{POLICY}; connect-src 'self' {origin}" if origin else POLICY


def keep_cookie(
    response: Response,
    name: str,
    value: str,
    *,
    http_only: bool = False,
    max_age: int | None = None,
) -> None:
    response.set_cookie(
        name,
        value,
        max_age=max_age,
        httponly=http_only,
        samesite="Lax",
        secure=request.is_secure,
    )


def local_path(wanted: str | None, otherwise: str) -> str:
    """The path to go on to after sign-in, if it is one of this site."""
    if not wanted or not wanted.startswith("/") or wanted.startswith("//"):
        return otherwise
    if "\\" in wanted or any(ord(letter) < ord(" ") for letter in wanted):
        return otherwise
    parts = urlsplit(wanted)
    return otherwise if parts.scheme or parts.netloc else wanted
