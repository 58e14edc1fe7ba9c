"""Engines, people and clients for tests: a real PostgreSQL and a real S3 server, once a run."""

import os
import secrets
import shutil
import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from evidence_service import supervisor
from evidence_service.app import create_app
from evidence_service.bootstrap import build_ports
from evidence_service.domain.access import Role
from evidence_service.settings import Settings
from evidence_service.usecases.administer.add_person import AddPerson, add_person, issue_token
from evidence_service.usecases.administer.add_store import AddStore, add_store
from evidence_service.worker import make_worker

CHECKOUT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def samples():
    """Real files that nobody here wrote; they are not part of the project."""
    folder = Path(os.environ.get("EVIDENCE_SAMPLES", CHECKOUT.parent / "shared/samples"))
    if not folder.is_dir():
        pytest.skip(f"no sample files at {folder}; name their folder in EVIDENCE_SAMPLES")
    return folder


@pytest.fixture(scope="session")
def data_dir():
    """A data folder of this run, where PostgreSQL's user can reach it."""
    folder = Path(tempfile.mkdtemp(prefix="evidence-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def settings(data_dir):
    """Settings of running, migrated engines."""
    with supervisor.engines(Settings.from_env({"EVIDENCE_DATA_DIR": str(data_dir)})) as running:
        supervisor.migrate(running)
        yield running


@pytest.fixture(scope="session")
def ports(settings):
    with closing(build_ports(settings)) as made:
        yield made


@pytest.fixture(scope="session")
def app(settings, ports):
    return create_app(settings, ports)


@pytest.fixture(scope="session")
def run_jobs(settings, ports):
    """Do every job that waits, then return."""
    worker = make_worker(settings, ports)
    return worker.run_until_idle


@pytest.fixture
def said():
    """What the database is asked while the test runs, statement by statement."""
    statements = []

    def listen(_connection, _cursor, statement, *_about):
        statements.append(" ".join(statement.split()))

    event.listen(Engine, "before_cursor_execute", listen)
    yield statements
    event.remove(Engine, "before_cursor_execute", listen)


@dataclass(frozen=True)
class People:
    """One person a role, as API clients of one store."""

    store: str
    agent: object
    reviewer: object
    auditor: object
    admin: object
    client: object


@pytest.fixture(scope="session")
def make_client(app):
    """An API client that sends a token with every request; None sends none."""

    def make(token):
        client = app.test_client()
        if token is not None:
            client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
        return client

    return make


@pytest.fixture(scope="session")
def make_people(ports, make_client):
    """A store of its own for the caller, with a person in each role."""

    def make(name, platform):
        unique = secrets.token_hex(4)
        store = add_store(AddStore(f"{name} {unique}", platform), by=None, ports=ports)

        def person(role):
            email = f"{role.value}.{unique}@example.com"
            command = AddPerson(email, frozenset({role}), (str(store.id),), secrets.token_hex(8))
            add_person(command, by=None, ports=ports)
            return make_client(issue_token(email, "test", by=None, ports=ports))

        return People(
            store=str(store.id),
            agent=person(Role.AGENT),
            reviewer=person(Role.REVIEWER),
            auditor=person(Role.AUDITOR),
            admin=person(Role.ADMIN),
            client=make_client,
        )

    return make
