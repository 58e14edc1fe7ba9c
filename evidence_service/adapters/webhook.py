"""Signed posts to one address of the team's.

`Evidence-Signature: t=<unix seconds>,v1=<hex>` is HMAC-SHA256, keyed by the secret, of
`<t>.<body>`; the receiver compares it and refuses an old `t`. `Evidence-Delivery` is the same for
every try of one reminder. A redirect is no answer: what is signed for one address is for no other.
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from evidence_service.domain.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from uuid import UUID

    from evidence_service.settings import WebhookSettings

TIMEOUT_S = 10


class SignedWebhook:
    def __init__(self, settings: WebhookSettings) -> None:
        self._url = urlsplit(settings.url)
        self._secret = settings.secret.encode()

    def post(
        self, content: Mapping[str, str], *, post_id: UUID, leaving: Callable[[], None]
    ) -> None:
        body = json.dumps(content, ensure_ascii=False, sort_keys=True).encode()
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "evidence-service",
            "Evidence-Delivery": str(post_id),
            "Evidence-Signature": sign(self._secret, int(time.time()), body),
        }
        connection = self._connection()
        try:
            connection.connect()
            leaving()
            connection.request("POST", self._target(), body, headers)
            status = connection.getresponse().status
        except (OSError, http.client.HTTPException) as error:
            raise Unavailable(problem=type(error).__name__) from error
        finally:
            connection.close()
        if status // 100 != 2:  # noqa: PLR2004 - 2xx
            raise Unavailable(problem=str(status))

    def _connection(self) -> http.client.HTTPConnection:
        kind = (
            http.client.HTTPSConnection
            if self._url.scheme == "https"
            else http.client.HTTPConnection
        )
        return kind(self._url.hostname or "", self._url.port, timeout=TIMEOUT_S)

    def _target(self) -> str:
        return (self._url.path or "/") + (f"?{self._url.query}" if self._url.query else "")


def sign(secret: bytes, at_s: int, body: bytes) -> str:
    """The signature's header for a body that leaves at `at_s`."""
    digest = hmac.new(secret, f"{at_s}.".encode() + body, hashlib.sha256)
    return f"t={at_s},v1={digest.hexdigest()}"
