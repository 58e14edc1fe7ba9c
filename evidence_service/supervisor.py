"""`evidence up`: engines → migrate → web and worker, watched, and stopped in reverse.

Engines that no variable names are started under the data folder and shared by every process that
uses it: each holds a shared lock while it works, and the last one to leave stops them. Web and
worker are children with the lock in their hands, so engines outlive a supervisor that was killed
for as long as somebody works on them. The next start ends such leftovers and adopts the engines.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import signal
import sys
import threading
import time
import urllib.error
import urllib.request
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self

from evidence_service.adapters.db import migrate as schema
from evidence_service.adapters.db.embedded import EmbeddedPostgres
from evidence_service.adapters.pdf.certificate import new_key_pem, new_self_signed_pem
from evidence_service.adapters.signing import SigningKey
from evidence_service.bootstrap import build_ports
from evidence_service.http.spool import sweep
from evidence_service.sample import load_sample
from evidence_service.settings import SettingsError
from storage.embedded import EmbeddedS3
from storage.envelope import new_key_line
from storage.processes import (
    EngineError,
    PidFile,
    free_port,
    is_free,
    locked,
    spawn,
    tail,
    write_private,
)

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator
    from pathlib import Path

    from evidence_service.settings import Settings

DEFAULT_PORT = 8080
READY_S = 60
# All of a stop must fit into 30 s: web and worker together, then S3, then PostgreSQL.
STOP_CHILDREN_S, STOP_S3_S, STOP_POSTGRES_S = 14, 8, 5
LOOK_EVERY_S = 1
FIRST_WAIT_S, LONGEST_WAIT_S = 0.5, 30
DONE, REFUSED = 0, 1


# --- engines ------------------------------------------------------------------------------


@contextmanager
def engines(settings: Settings) -> Iterator[Settings]:
    """Settings that name running engines; those that nobody named are started or adopted.

    On leaving they are stopped, unless another process works on them.

    Raises:
        EngineError: an engine cannot be started here.
    """
    with Engines(settings) as running:
        yield running.settings


class Engines:
    """The embedded engines of one data folder, in use by this process."""

    def __init__(self, settings: Settings) -> None:
        self._wanted = settings
        self._postgres = EmbeddedPostgres(settings.data_dir) if settings.needs_postgres else None
        self._s3 = EmbeddedS3(settings.data_dir) if settings.needs_s3 else None
        self._users = settings.data_dir / "engines.users"
        self.settings = settings
        self.lock = -1
        """The descriptor of the shared lock; a child that inherits it keeps the engines up."""

    def __enter__(self) -> Self:
        if self._postgres is not None:
            self._postgres.claim_folder()
        self._wanted.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.lock = os.open(self._users, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(self.lock, fcntl.LOCK_SH)
        try:
            self.start()
        except BaseException:
            self._leave()
            raise
        return self

    def __exit__(self, *_error: object) -> None:
        self._leave()

    def start(self) -> None:
        """Start what does not run, and know the addresses of all."""
        self.settings = _with_secrets(self._wanted)
        if self._postgres is not None:
            self._postgres.start()
            self.settings = replace(
                self.settings,
                database_url=self._postgres.app_url,
                database_owner_url=self._postgres.owner_url,
            )
            if not schema.is_newest(self.settings.database_url):
                migrate(self.settings)
        if self._s3 is not None:
            self._s3.start()
            self.settings = replace(
                self.settings,
                s3=replace(
                    self.settings.s3,
                    endpoint_url=self._s3.endpoint_url,
                    region=self._s3.region,
                    access_key=self._s3.web.access_key,
                    secret_key=self._s3.web.secret_key,
                    janitor_access_key=self._s3.janitor.access_key,
                    janitor_secret_key=self._s3.janitor.secret_key,
                ),
            )

    @property
    def is_running(self) -> bool:
        """Whether the processes of all live."""
        return all(
            engine is None or engine.process is not None for engine in (self._postgres, self._s3)
        )

    def _leave(self) -> None:
        """Stop the engines if we are the last to leave."""
        with suppress(BlockingIOError):
            # Also blocks a start that comes just now until all is stopped.
            fcntl.flock(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if self._s3 is not None:
                self._s3.stop(STOP_S3_S)
            if self._postgres is not None:
                self._postgres.stop(STOP_POSTGRES_S)
        os.close(self.lock)


def _with_secrets(settings: Settings) -> Settings:
    """Make the secrets that embedded engines come with, once; refuse files that are not there."""
    made = settings.data_dir / "secrets"
    if not settings.secret_key:
        key_file = made / "secret.key"
        _make_once(key_file, secrets.token_urlsafe(48))
        settings = replace(settings, secret_key=key_file.read_text().strip())
    for path, fresh in (
        (settings.envelope_key_file, new_key_line),
        (settings.signing_key_file, SigningKey.new_pem),
    ):
        if path.parent == made:
            _refuse_lost(path, settings.data_dir)
            _make_once(path, fresh())
        elif not path.is_file():
            raise SettingsError([f"{path}: there is no such key file"])
    if settings.pdf_key_file.parent == made:
        _make_pdf_pair(settings.pdf_key_file, settings.pdf_certificate_file)
    return settings


def _refuse_lost(path: Path, data_dir: Path) -> None:
    """A new key cannot open what an older one closed: that is said, not papered over.

    Raises:
        SettingsError: the key is gone, and the engines hold data.
    """
    holds_data = (data_dir / "postgres" / "cluster").exists() or (data_dir / "seaweedfs").exists()
    if holds_data and not path.exists():
        raise SettingsError(
            [f"{path}: is lost, and {data_dir} holds cases that need it; restore it from a backup"]
        )


def _make_once(path: Path, content: str | bytes) -> None:
    with locked(path.with_name(".made.lock")):
        if not path.exists():
            write_private(path, content)


def _make_pdf_pair(key_file: Path, certificate_file: Path) -> None:
    """A lost pair is made anew: what the old one signed can be checked without it."""
    with locked(key_file.with_name(".made.lock")):
        if not (key_file.exists() and certificate_file.exists()):
            key = new_key_pem()
            write_private(certificate_file, new_self_signed_pem(key, at=datetime.now(UTC)))
            write_private(key_file, key)


def migrate(settings: Settings) -> None:
    """Bring the schema to the newest version and check the service's own role.

    Raises:
        SettingsError: the owner is not named, or the role has rights it must not have.
    """
    if not settings.database_owner_url:
        raise SettingsError(["DATABASE_OWNER_URL: is needed to migrate the database"])
    schema.upgrade(settings.database_owner_url, settings.database_url)
    _check_role(settings)


def ensure_schema(settings: Settings) -> None:
    """Refuse a database that this release cannot work on.

    Raises:
        SettingsError: it is of another release, or our role has rights it must not have.
    """
    _check_role(settings)
    if not schema.is_newest(settings.database_url):
        raise SettingsError(
            ["DATABASE_URL: the schema is not this release's; run `evidence migrate`"]
        )


def _check_role(settings: Settings) -> None:
    problems = schema.refusals(settings.database_url)
    if problems:
        raise SettingsError(problems)


# --- web and worker -----------------------------------------------------------------------


@dataclass
class _Child:
    """A part of the service in a process of its own, started again when it ends by itself."""

    name: str
    arguments: tuple[str, ...]
    data_dir: Path
    process: subprocess.Popen[bytes] | None = None
    again_at: float = 0
    wait_s: float = FIRST_WAIT_S

    @property
    def pid_file(self) -> PidFile:
        return PidFile(self.data_dir / f"{self.name}.pid")

    @property
    def log(self) -> Path:
        return self.data_dir / "logs" / f"{self.name}.log"

    def start(self, engines: Engines) -> None:
        command = [sys.executable, "-m", "evidence_service.cli", self.name, *self.arguments]
        self.process = spawn(
            command,
            cwd=self.data_dir,
            log=self.log,
            env=engines.settings.child_env(os.environ),
            keep=(engines.lock,),
        )
        self.pid_file.write(self.process.pid)
        self.again_at = time.monotonic() + self.wait_s

    @property
    def has_ended(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def look_after(self, engines: Engines) -> None:
        """Start it again if it ended, after a wait that grows while it keeps ending."""
        now = time.monotonic()
        if not self.has_ended:
            if now > self.again_at + LONGEST_WAIT_S:
                self.wait_s = FIRST_WAIT_S
        elif now >= self.again_at:
            self.wait_s = min(2 * self.wait_s, LONGEST_WAIT_S)
            _say(f"{self.name} ended and is started again; {self.log} says why")
            self.start(engines)

    def ask_to_stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def stop(self, until: float) -> None:
        running = self.pid_file.read()
        if running is not None:
            running.end(signal.SIGTERM, max(0.0, until - time.monotonic()))
        if self.process is not None:
            self.process.wait()
        self.pid_file.remove()


def up(settings: Settings, *, port: int | None, demo: bool) -> int:
    """Run the whole service until SIGINT, SIGTERM or SIGHUP; print where it answers.

    Returns:
        0 after a stop that was asked for, 1 where it could not start.
    """
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: stop.set())
    with ExitStack() as stack:
        running = stack.enter_context(Engines(settings))
        try:
            stack.enter_context(locked(settings.data_dir / "up.lock", wait=False))
        except BlockingIOError:
            raise EngineError(f"the service of {settings.data_dir} is running already") from None
        _end_leftovers(settings.data_dir)
        chosen = _port(port)
        if running.settings.database_owner_url:
            migrate(running.settings)
        else:
            ensure_schema(running.settings)
        running.settings = running.settings.with_public_url(f"http://127.0.0.1:{chosen}")
        _prepare(running.settings, demo=demo)
        children = [
            _Child("worker", (), settings.data_dir),
            _Child("web", ("--port", str(chosen)), settings.data_dir),
        ]
        stack.callback(_stop_children, children)
        return _serve(children, running, chosen, stop)


def _end_leftovers(data_dir: Path) -> None:
    """End the web and worker that a killed supervisor left."""
    _stop_children([_Child(name, (), data_dir) for name in ("worker", "web")])


def _stop_children(children: list[_Child]) -> None:
    until = time.monotonic() + STOP_CHILDREN_S
    for child in reversed(children):
        child.ask_to_stop()
    for child in reversed(children):
        child.stop(until)


def _port(wanted: int | None) -> int:
    if wanted is None:
        return DEFAULT_PORT if is_free(DEFAULT_PORT) else free_port()
    if not is_free(wanted):
        raise EngineError(f"port {wanted} is taken; name another with --port")
    return wanted


def _prepare(settings: Settings, *, demo: bool) -> None:
    """Before anybody asks: an empty spool, and the sample case."""
    with closing(build_ports(settings)) as ports:
        sweep(ports.spool)
        if demo:
            accounts = settings.data_dir / "sample-accounts.txt"
            load_sample(ports, accounts)
            _say(f"sample people and their password: {accounts}")


def _serve(children: list[_Child], running: Engines, port: int, stop: threading.Event) -> int:
    for child in children:
        child.start(running)
    address = f"http://127.0.0.1:{port}"
    if not _answers(f"{address}/readyz", children, stop):
        if not stop.is_set():
            _say("\n".join(f"{child.log} ends:\n{tail(child.log)}" for child in children))
            return REFUSED
        return DONE
    print(f"ready {address}", flush=True)
    while not stop.wait(LOOK_EVERY_S):
        _look_after(running, children)
    return DONE


def _look_after(running: Engines, children: list[_Child]) -> None:
    if not running.is_running:
        _say("an engine ended and is started again")
        before = running.settings
        try:
            running.start()
        except EngineError as error:
            _say(str(error))
            return
        running.settings = running.settings.with_public_url(before.public_url)
        if running.settings != before:
            _stop_children(children)
    for child in children:
        child.look_after(running)


def _answers(url: str, children: list[_Child], stop: threading.Event) -> bool:
    deadline = time.monotonic() + READY_S
    while time.monotonic() < deadline and not any(child.has_ended for child in children):
        with suppress(urllib.error.URLError, OSError), urllib.request.urlopen(url, timeout=5):  # noqa: S310 - our own address
            return True
        if stop.wait(0.1):
            return False
    return False


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)
