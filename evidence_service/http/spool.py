"""Uploads on their way: hashed and counted while they stream into a private folder.

Werkzeug would keep larger parts in /tmp, in clear and uncounted; this request class gives it our
own files instead. They are gone when the request ends, and a sweep at start takes what a crash
left (`sweep`).
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from flask import Request, current_app

from evidence_service.domain.errors import TooLarge
from evidence_service.domain.names import MAX_NAME_CHARS
from evidence_service.ports import Spooled

if TYPE_CHECKING:
    from werkzeug.datastructures import FileStorage

MAX_FILE_BYTES = 100_000_000
# Multipart headers and the other fields stand beside the file.
MAX_BODY_BYTES = MAX_FILE_BYTES + 1_000_000
MAX_JSON_BYTES = 1_000_000


class SpoolFile:
    """A file that knows its own size and hash, and refuses to grow beyond the limit."""

    def __init__(self, folder: Path) -> None:
        descriptor, name = tempfile.mkstemp(dir=folder, prefix="upload-")
        self.path = Path(name)
        self._file: IO[bytes] = os.fdopen(descriptor, "w+b")
        self._digest = hashlib.sha256()
        self.size_bytes = 0

    def write(self, chunk: bytes) -> int:
        self.size_bytes += len(chunk)
        if self.size_bytes > MAX_FILE_BYTES:
            raise TooLarge("file_too_large", most_bytes=MAX_FILE_BYTES)
        self._digest.update(chunk)
        return self._file.write(chunk)

    def spooled(self) -> Spooled:
        self._file.flush()
        return Spooled(self.path, self._digest.hexdigest(), self.size_bytes)

    def close(self) -> None:
        self._file.close()
        self.path.unlink(missing_ok=True)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


class SpoolingRequest(Request):
    def _get_file_stream(self, *_args: object, **_kwargs: object) -> Any:
        stream = SpoolFile(current_app.extensions["ports"].spool)
        self._spooled = [*getattr(self, "_spooled", []), stream]
        return stream

    def close(self) -> None:
        for stream in getattr(self, "_spooled", []):
            stream.close()
        super().close()


def spooled(upload: FileStorage) -> Spooled:
    stream: SpoolFile = upload.stream  # type: ignore[assignment]  # made by _get_file_stream
    return stream.spooled()


def file_name_of(upload: FileStorage) -> str:
    """The client's name for the file: kept for people, never used as a path."""
    return plain_name(upload.filename or "")


def plain_name(name: str) -> str:
    plain = name.replace("\\", "/").rsplit("/", 1)[-1].replace("\x00", "")
    return plain.encode("utf-8", "replace").decode()[:MAX_NAME_CHARS] or "file"


def sweep(folder: Path) -> None:
    """Empty the spool of what a crash left; the service is not running yet."""
    for left in folder.glob("upload-*"):
        left.unlink(missing_ok=True)
