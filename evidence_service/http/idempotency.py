"""The same POST twice is done once: `Idempotency-Key`, per person and path, for 24 hours.

Compared are the parsed fields and the files' hashes, since clients draw a new multipart boundary
on a retry. A key whose first request died unanswered is free again after ten minutes.
"""

from __future__ import annotations

import functools
import hashlib
import json
from typing import TYPE_CHECKING, Any

from flask import Response, make_response, request
from werkzeug.exceptions import BadRequest

from evidence_service.domain.errors import Refusal, Unavailable, WrongState, invalid
from evidence_service.http.problems import refused
from evidence_service.http.sign_in import current_actor, ports
from evidence_service.http.spool import MAX_JSON_BYTES, spooled

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_KEY_CHARS = 255


def idempotent(view: Callable[..., Any]) -> Callable[..., Any]:
    """Let a POST view honour `Idempotency-Key`."""

    @functools.wraps(view)
    def wrapped(*args: object, **kwargs: object) -> Any:
        key = request.headers.get("Idempotency-Key")
        if key is None:
            return view(*args, **kwargs)
        if not key or len(key) > MAX_KEY_CHARS or not key.isascii():
            raise invalid("Idempotency-Key", "malformed", "use 1 to 255 ASCII characters")
        try:
            fingerprint = _fingerprint()
        except RecursionError as error:
            raise BadRequest from error
        return _once(key, fingerprint, lambda: view(*args, **kwargs))

    return wrapped


def _once(key: str, fingerprint: bytes, run: Callable[[], Any]) -> Response:
    keys, person, path = ports().idempotency, current_actor().id, request.path
    first = keys.claim(person, path, key, fingerprint, ports().now())
    if first is not None:
        if first.fingerprint != fingerprint:
            raise invalid("Idempotency-Key", "reused", "this key was used with other content")
        if first.status is None:
            raise WrongState("still_running")
        replay = Response(first.body, first.status, first.headers)
        replay.headers["Idempotency-Replayed"] = "true"
        return replay
    try:
        response = make_response(run())
    except Unavailable:
        # Nothing was done, and trying again is right.
        keys.release(person, path, key)
        raise
    except Refusal as error:
        response = refused(error)
    except BaseException:
        keys.release(person, path, key)
        raise
    kept = {
        name: response.headers[name]
        for name in ("Content-Type", "Location", "ETag")
        if name in response.headers
    }
    keys.settle(person, path, key, response.status_code, response.get_data(), kept)
    return response


def _fingerprint() -> bytes:
    fields: dict[str, object] = {"query": sorted(request.args.items(multi=True))}
    if request.mimetype == "multipart/form-data":
        fields["form"] = sorted(request.form.items(multi=True))
        fields["files"] = sorted(
            (name, file.filename or "", spooled(file).sha256)
            for name, file in request.files.items(multi=True)
        )
    else:
        request.max_content_length = MAX_JSON_BYTES
        fields["json"] = request.get_json(silent=True, force=True)
    return hashlib.sha256(json.dumps(fields, sort_keys=True).encode()).digest()
