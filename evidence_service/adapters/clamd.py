r"""A client of clamd's INSTREAM: a file goes over in chunks, and one line comes back.

The protocol is clamd's own (clamd(8)): `zINSTREAM\0`, chunks of a four-byte length and as many
bytes, a length of zero, then `stream: OK`, `stream: <name> FOUND` or an error. clamd answers in the
middle and hangs up when a stream is longer than its StreamMaxLength.
"""

from __future__ import annotations

import re
import select
import socket
from typing import TYPE_CHECKING

from evidence_service.domain.errors import Unavailable
from evidence_service.ports import Scan

if TYPE_CHECKING:
    from pathlib import Path

    from evidence_service.settings import ClamdSettings

_CHUNK_BYTES = 256 * 1024
_CONNECT_S = 5
# Of silence: while a chunk is not taken, and while clamd looks.
_SILENCE_S = 120
_LONGEST_REPLY = 4096
_FOUND = re.compile(r"stream: (?P<name>.+) FOUND")
# With AlertExceedsMax clamd names a limit as if it were a find: what lies beyond was not seen.
_LIMIT = "Heuristics.Limits.Exceeded"
_TOO_LARGE = "INSTREAM size limit exceeded"


class ClamdScanner:
    """The Scanner port. May be used by threads: every scan has a connection of its own."""

    def __init__(self, settings: ClamdSettings, silence_s: float = _SILENCE_S) -> None:
        self._settings = settings
        self._silence_s = silence_s

    def scan(self, path: Path) -> Scan:
        try:
            with self._connect() as connection:
                reply = _ask(connection, path)
        except OSError as error:
            raise Unavailable("scanner_away") from error
        return _said(reply)

    def _connect(self) -> socket.socket:
        if self._settings.socket_path:
            connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            connection.settimeout(_CONNECT_S)
            try:
                connection.connect(self._settings.socket_path)
            except OSError:
                connection.close()
                raise
        else:
            address = (self._settings.host, self._settings.port)
            connection = socket.create_connection(address, timeout=_CONNECT_S)
        connection.settimeout(self._silence_s)
        return connection


def _ask(connection: socket.socket, path: Path) -> str:
    try:
        connection.sendall(b"zINSTREAM\0")
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK_BYTES):
                if _has_answered(connection):
                    break
                connection.sendall(len(chunk).to_bytes(4) + chunk)
            else:
                connection.sendall(bytes(4))
    except (BrokenPipeError, ConnectionResetError):
        pass  # it has hung up, mostly after it has said why
    return _reply(connection)


def _has_answered(connection: socket.socket) -> bool:
    return bool(select.select([connection], [], [], 0)[0])


def _reply(connection: socket.socket) -> str:
    """The whole line; clamd ends it with a zero byte."""
    said = b""
    while not said.endswith(b"\0") and len(said) < _LONGEST_REPLY:
        more = connection.recv(_LONGEST_REPLY)
        if not more:
            break
        said += more
    if not said.endswith(b"\0"):
        raise Unavailable("scanner_away")
    return said.rstrip(b"\0").decode("utf-8", "replace").strip()


def _said(reply: str) -> Scan:
    if reply == "stream: OK":
        return Scan()
    if reply.startswith(_TOO_LARGE):
        return Scan(is_whole=False)
    found = _FOUND.fullmatch(reply)
    if found is None:
        raise Unavailable("scanner_away")
    name = found["name"]
    return Scan(is_whole=False) if name.startswith(_LIMIT) else Scan(name[:100])
