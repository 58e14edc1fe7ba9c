"""Answers that arrive although the client is still sending, or has not begun to.

A refusal that leaves a large body unread makes ordinary clients see a broken pipe instead of
the answer, so what still comes is read and thrown away, up to a limit. A client that asked first
(`Expect: 100-continue`) is told to go on only once somebody reads.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from werkzeug.wsgi import ClosingIterator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from socket import socket

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

MAX_DRAINED_BYTES = 128_000_000
_CHUNK = 64 * 1024


class ExpectedBody:
    """A request's body that its client sends only when it is told to."""

    def __init__(self, body: Any, connection: socket) -> None:
        self._body = body
        self._connection = connection
        self.is_wanted = False

    def _want(self) -> Any:
        if not self.is_wanted:
            self.is_wanted = True
            self._connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        return self._body

    def read(self, size: int | None = None) -> bytes:
        read: bytes = self._want().read(size)
        return read

    def readline(self, size: int | None = None) -> bytes:
        line: bytes = self._want().readline(size)
        return line

    def readlines(self, size: int | None = None) -> list[bytes]:
        lines: list[bytes] = self._want().readlines(size)
        return lines

    def __iter__(self) -> Any:
        return iter(self._want())


class Draining:
    def __init__(self, application: WSGIApplication) -> None:
        self._application = application

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        body = environ["wsgi.input"]
        answer = self._application(environ, _closing(start_response, body))
        return ClosingIterator(answer, [lambda: drain(body)])


def _closing(start_response: StartResponse, body: object) -> StartResponse:
    """End the connection after an answer that came instead of `100 Continue`."""

    def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Callable[..., object]:
        unsent = isinstance(body, ExpectedBody) and not body.is_wanted
        return start_response(
            status, [*headers, ("Connection", "close")] if unsent else headers, *rest
        )

    return start


def drain(body: Any) -> None:
    if isinstance(body, ExpectedBody) and not body.is_wanted:
        return
    left = MAX_DRAINED_BYTES
    try:
        while left > 0:
            chunk = body.read(min(_CHUNK, left))
            if not chunk:
                return
            left -= len(chunk)
    except OSError:
        return  # the client went away: there is nobody left to answer
