"""Bytes that leave: streamed through the service as an attachment, never interpreted."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING
from urllib.parse import quote

from flask import Response, url_for

from evidence_service.domain.names import shown_name

if TYPE_CHECKING:
    from evidence_service.usecases.assemble.start_upload import Started
    from evidence_service.usecases.looking import Content


def upload_path(started: Started) -> str:
    """Where the service itself takes the PUT, below its own address."""
    return url_for("api.put_upload", upload_id=started.upload.id, token=started.token)


def download(content: Content) -> Response:
    """Stream it; the store's connection is given back when the client has all or goes away."""
    response = Response(content.open(), content_type=content.media_type, direct_passthrough=True)
    headers = response.headers
    headers["Content-Length"] = str(content.size_bytes)
    headers.set("Content-Disposition", "attachment", **_named(content.file_name))
    headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cache-Control"] = "no-store"
    response.set_etag(content.sha256)
    return response


def _named(file_name: str) -> dict[str, str]:
    """The name as RFC 6266 wants it: headers are ASCII, other letters stand beside a plain name."""
    file_name = shown_name(file_name)
    plain = unicodedata.normalize("NFKD", file_name).encode("ascii", "ignore").decode()
    if plain == file_name:
        return {"filename": plain}
    return {"filename": plain or "file", "filename*": f"UTF-8''{quote(file_name, safe='')}"}
