"""The embedded PostgreSQL, started for real."""

import os
import pwd
import threading
import time
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
from engines import ROOT, EngineContract, kill, put_out, reachable_folder

from evidence_service.adapters.db import migrate
from evidence_service.adapters.db.embedded import APP, OWNER, SHARED, EmbeddedPostgres
from storage.processes import EngineError

IS_ROOT = os.geteuid() == 0
as_root = pytest.mark.skipif(not IS_ROOT, reason="only root changes users")


def connect(url, **over):
    """A connection as the service makes it, without SQLAlchemy."""
    return psycopg.connect(url.replace("+psycopg", ""), autocommit=True, **over)


UNDER_WAY = """
    select count(*) from pg_stat_activity
    where state = 'active' and query like 'select count(*) from generate_series%'
"""


class TestEmbeddedPostgres(EngineContract):
    kind = EmbeddedPostgres
    failures = (psycopg.Error,)

    def address(self, engine):
        return engine.app_url

    def is_same(self, one, other):
        """A clean stop removes the sockets, and with them the folder that the URL names."""
        return one.partition("?")[0] == other.partition("?")[0]

    def client(self, engine):
        connection = connect(engine.owner_url)
        connection.execute("create table if not exists names (name text)")
        return connection

    def write(self, client, name):
        client.execute("insert into names values (%s)", [name])

    def read(self, client):
        return {name for (name,) in client.execute("select name from names")}

    def sockets(self, engine):
        folder = engine._sockets
        return [folder, *folder.iterdir()]

    @pytest.fixture
    def superuser(self, engine):
        with engine._connect("evidence") as connection:
            yield connection

    def one(self, connection, query):
        (value,) = connection.execute(query).fetchone()
        return value

    def test_is_unicode_throughout(self, superuser):
        assert self.one(superuser, "show server_encoding") == "UTF8"
        assert self.one(superuser, "select lower('ДОГОВОР')") == "договор"

    def test_asks_for_a_password_and_opens_no_port(self, superuser, engine):
        assert self.one(superuser, "show listen_addresses") == ""
        for user in (APP, OWNER, "postgres"):
            with pytest.raises(psycopg.OperationalError, match="password"):
                psycopg.connect(host=str(engine._sockets), user=user, dbname="evidence")

    def test_writes_are_durable(self, superuser):
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            assert self.one(superuser, f"show {setting}") == "on"

    def test_the_services_role_has_no_special_right(self, engine):
        with connect(engine.app_url) as connection:
            rights = connection.execute(
                "select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb from pg_roles"
                " where rolname = current_user"
            ).fetchone()
            owned = self.one(
                connection,
                "select count(*) from pg_class where relowner = current_user::regrole",
            )

            assert rights == (False, False, False, False)
            assert owned == 0
            assert self.one(connection, "show statement_timeout") == "30s"
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute("create table mine (a int)")

    def test_no_password_reaches_the_log(self, engine):
        log = engine._log.read_text()

        for secret in (engine._data / "secrets").iterdir():
            assert secret.read_text() not in log

    def test_starts_over_a_busy_backend_that_a_kill_left(self, engine):
        """Such a backend holds the shared memory, and a new server refuses to start."""
        with self.client(engine) as client:
            self.write(client, "busy")

        def count():
            with suppress(psycopg.Error):
                connection.execute("select count(*) from generate_series(1, 100000000000)")

        connection = connect(engine.owner_url)
        busy = threading.Thread(target=count)
        busy.start()
        with connect(engine.owner_url) as other:
            while not other.execute(UNDER_WAY).fetchone()[0]:
                assert busy.is_alive()
        kill(engine)
        started = time.monotonic()
        engine.start()
        busy.join()
        connection.close()

        assert time.monotonic() - started < 10
        with self.client(engine) as client:
            assert "busy" in self.read(client)

    def test_stops_while_clients_are_connected(self, engine):
        with connect(engine.app_url):
            started = time.monotonic()
            engine.stop()

            assert time.monotonic() - started < 5

    def test_finishes_a_start_that_was_killed(self, engine):
        """The server runs, but nobody has given its roles what they need."""
        running = engine.process
        with engine._connect("postgres") as connection:
            connection.execute(f"alter role {APP} nologin")
        engine._prepared.unlink()
        engine.start()

        assert engine.process == running
        with connect(engine.app_url) as connection:
            assert self.one(connection, "select 1") == 1

    def test_a_stranger_with_the_same_number_is_left_alone(self, engine):
        engine.stop()
        pid_file = engine._cluster / "postmaster.pid"
        pid_file.write_text(f"{os.getpid()}\n")

        assert engine.process is None

        engine.start()

        assert engine.is_healthy()

    def test_refuses_the_folder_of_another_major_version(self, engine):
        engine.stop()
        version = engine._cluster / "PG_VERSION"
        ours = version.read_text()
        version.write_text("15\n")
        try:
            with pytest.raises(EngineError, match=r"written by PostgreSQL 15; .* PostgreSQL 18"):
                engine.start()
        finally:
            version.write_text(ours)

    def test_makes_a_cluster_again_that_was_left_by_half(self):
        with reachable_folder() as folder:
            half = folder / "postgres" / "new"
            half.mkdir(parents=True)
            (half / "PG_VERSION").write_text("18\n")
            engine = EmbeddedPostgres(folder)
            try:
                assert engine.start().is_healthy()
            finally:
                put_out(engine)

    def test_two_live_side_by_side(self, engine):
        with reachable_folder() as folder:
            other = EmbeddedPostgres(folder).start()
            try:
                with self.client(engine) as client:
                    self.write(client, "mine")
                with self.client(other) as client:
                    assert "mine" not in self.read(client)
            finally:
                put_out(other)

        assert engine.is_healthy()


class TestAsRoot:
    @as_root
    def test_runs_as_nobody_from_binaries_of_its_own(self):
        with reachable_folder() as folder:
            engine = EmbeddedPostgres(folder).start()
            try:
                process = Path(f"/proc/{engine.process.pid}")
                user = pwd.getpwuid(process.stat().st_uid).pw_name
                program = (process / "exe").readlink()
                mode = SHARED.stat().st_mode & 0o777
            finally:
                put_out(engine)

        assert user == "nobody"
        assert program.is_relative_to(SHARED / "pg-18.6")
        assert mode == 0o755

    @as_root
    def test_refuses_a_folder_below_a_closed_home_and_opens_nothing(self):
        with reachable_folder() as folder:
            home = folder / "home"
            home.mkdir(mode=0o700)

            with pytest.raises(EngineError, match="cannot reach this folder"):
                EmbeddedPostgres(home / "data").start()

            assert home.stat().st_mode & 0o777 == 0o700

    @as_root
    def test_leaves_the_permissions_of_a_foreign_folder(self):
        with reachable_folder() as folder:
            foreign = folder / "foreign"
            foreign.mkdir(mode=0o700)
            (foreign / "letters").touch()

            with pytest.raises(EngineError, match="cannot reach this folder"):
                EmbeddedPostgres(foreign).start()

            assert foreign.stat().st_mode & 0o777 == 0o700

    @as_root
    def test_uses_a_private_folder_that_other_parts_made_first(self):
        with reachable_folder() as folder:
            data = folder / "data"
            (data / "secrets").mkdir(parents=True)
            data.chmod(0o700)
            engine = EmbeddedPostgres(data)
            try:
                assert engine.start().is_healthy()
            finally:
                put_out(engine)

            assert data.stat().st_mode & 0o777 == 0o711
            assert not _can_read_as_nobody(data)


def _can_read_as_nobody(folder):
    pid = os.fork()
    if pid == 0:
        os.setuid(pwd.getpwnam("nobody").pw_uid)
        os._exit(0 if os.access(folder, os.R_OK) else 1)
    return os.waitpid(pid, 0)[1] == 0


class TestOutside:
    def test_the_statements_for_operators_make_a_database_the_service_takes(self):
        """As docs/operations.md has them, on a server that knows nothing of us."""
        text = (ROOT / "docs/operations.md").read_text("utf-8")
        statements = text.partition("```sql\n")[2].partition("```")[0]
        on_server, _, in_database = statements.replace("evidence", "outside").partition(
            "\\connect outside\n"
        )
        with reachable_folder() as folder:
            server = EmbeddedPostgres(folder).start()
            try:
                with server._connect("postgres") as connection:
                    for statement in on_server.split(";"):
                        connection.execute(statement)
                with server._connect("outside") as connection:
                    connection.execute(in_database)
                where = f"/outside?host={server._sockets}"
                owner = f"postgresql+psycopg://outside_owner:OWNER-PASSWORD@{where}"
                service = f"postgresql+psycopg://outside_app:APP-PASSWORD@{where}"
                migrate.upgrade(owner, service)
                refused = migrate.refusals(service)
                as_owner = migrate.refusals(owner)
            finally:
                put_out(server)

        assert refused == []
        assert "owns" in as_owner[0]
