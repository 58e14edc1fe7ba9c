"""The web application behind gunicorn: threads for slow uploads, everything made after the fork."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]  # it has none

from evidence_service.adapters.sandbox import is_walled
from evidence_service.app import create_app
from evidence_service.bootstrap import s3_config
from evidence_service.http.draining import ExpectedBody
from storage.selftest import LockProof
from storage.store import S3EvidenceStore

if TYPE_CHECKING:
    from flask import Flask

    from evidence_service.settings import Settings

THREADS = 16
GRACEFUL_S = 8
PROVE_EVERY_S = 3600
# gunicorn's own is 1 MB, of which it copies the rest whenever Werkzeug takes its 64 kB.
RECEIVED_BYTES = 128 * 1024


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """One process with threads. More of them stand behind a load balancer (operations.md)."""

    def __init__(self, settings: Settings, address: str) -> None:
        self._settings = settings
        self._address = address
        super().__init__()

    def load_config(self) -> None:
        for name, value in {
            "bind": self._address,
            "worker_class": "gthread",
            "workers": 1,
            "threads": THREADS,
            "timeout": 120,
            "graceful_timeout": GRACEFUL_S,
            "control_socket_disable": True,
            "pre_request": prepare_body,
            "post_worker_init": lambda _worker: keep_proving(self._settings),
            "proc_name": "evidence-web",
        }.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        is_walled()  # said at the start rather than at the first upload
        return create_app(self._settings)


def prepare_body(_worker: object, request: Any) -> None:
    """Receive it in pieces, and say `100 Continue` only once the application has seen the request.

    gunicorn has no settings for either.
    """
    request.unreader.max_body_chunk = RECEIVED_BYTES
    if request._expected_100_continue:  # noqa: SLF001 - as above
        request._expected_100_continue = False  # noqa: SLF001 - as above
        request.body = ExpectedBody(request.body, request.unreader.sock)


def keep_proving(settings: Settings) -> None:
    """Try the bucket's lock now and every day, beside the requests."""
    proof = LockProof(settings.data_dir, settings.s3.bucket)
    store = S3EvidenceStore(s3_config(settings.s3))

    def prove() -> None:
        waiting = threading.Event()
        while True:
            proof.renew(store)
            waiting.wait(PROVE_EVERY_S)

    threading.Thread(target=prove, name="lock-proof", daemon=True).start()
