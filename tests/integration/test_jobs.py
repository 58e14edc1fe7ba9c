"""What the Jobs port promises, held on a real PostgreSQL and with real, dying worker processes."""

import importlib.metadata
import os
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from alembic import command
from procrastinate.schema import SchemaManager
from sqlalchemy import create_engine, text

from evidence_service.adapters.db import migrate
from evidence_service.adapters.db.embedded import APP, EmbeddedPostgres
from evidence_service.adapters.db.unit_of_work import make_engine, make_sessions
from evidence_service.adapters.jobs import (
    HandedBack,
    Pace,
    Superseded,
    Task,
    TransactionJobs,
    Worker,
    fence,
)
from evidence_service.domain.errors import NotFound, Unavailable

ROOT = Path(__file__).parents[2]
QUICK = Pace(heartbeat=0.2, stalled=1, sweep=0.2, poll=0.2, grace=5, first_retry=0)
PATIENCE_S = 30
A_DAY = timedelta(days=1)


# --- a worker in a process of its own: `python test_jobs.py <url> <grace>` --------------------


def work_as_a_process(url, grace):
    """Each job says that it started, waits for a line, then writes a row and says how that went."""
    sessions = make_sessions(make_engine(url))
    fence(sessions)

    def say(words):
        sys.stdout.write(f"{words}\n")
        sys.stdout.flush()

    def slow(job):
        say(f"started {job.attempt}")
        sys.stdin.readline()
        try:
            job.progress(0.5)
            with sessions.begin() as session:
                write_effect(session, job)
        except (HandedBack, Superseded) as stopped:
            say(type(stopped).__name__)
            raise
        say("wrote")

    pace = Pace(heartbeat=0.2, stalled=1, sweep=0.2, poll=0.2, grace=grace)
    Worker(url, {"slow": Task(slow)}, pace=pace).run()


def write_effect(session, job):
    session.execute(
        text("insert into effects values (:id, :attempt)"), {"id": job.id, "attempt": job.attempt}
    )


class Process:
    def __init__(self, url, grace):
        self.popen = subprocess.Popen(
            [sys.executable, __file__, url, str(grace)],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def says(self):
        return self.popen.stdout.readline().strip()

    def go_on(self):
        self.popen.stdin.write("\n")
        self.popen.stdin.flush()

    def send(self, number):
        self.popen.send_signal(number)

    def wait(self):
        return self.popen.wait(PATIENCE_S)


# --- fixtures -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def postgres():
    """A server of this file's own: jobs are deleted, the schema goes back, connections end."""
    folder = Path(tempfile.mkdtemp(prefix="evidence-jobs-"))
    folder.chmod(0o755)
    server = EmbeddedPostgres(folder).start()
    migrate.upgrade(server.owner_url, server.app_url)
    owner = create_engine(server.owner_url)
    with owner.begin() as connection:
        connection.execute(text("create table effects (job_id uuid, attempt int)"))
        connection.execute(text(f"grant select, insert on effects to {APP}"))
    owner.dispose()
    yield server
    server.stop()
    shutil.rmtree(folder)


@pytest.fixture
def sessions(postgres):
    engine = make_engine(postgres.app_url)
    made = make_sessions(engine)
    fence(made)
    with made.begin() as session:
        session.execute(text("delete from procrastinate_jobs"))
    yield made
    engine.dispose()


@pytest.fixture
def enqueue(sessions):
    def enqueue(name, job_id=None, **args):
        job_id = job_id or uuid4()
        with sessions.begin() as session:
            TransactionJobs(session).enqueue(name, job_id=job_id, args=args)
        return job_id

    return enqueue


@pytest.fixture
def jobs(sessions):
    """Status and number of ended runs of every job, oldest first."""

    def read():
        with sessions() as session:
            found = session.execute(
                text("select status::text, attempts from procrastinate_jobs order by id")
            )
            return [tuple(row) for row in found]

    return read


@pytest.fixture
def effects(sessions):
    def read(job_id):
        with sessions() as session:
            return session.scalars(
                text("select attempt from effects where job_id = :id"), {"id": job_id}
            ).all()

    return read


@pytest.fixture
def do_all(postgres):
    """Do what is due with one task under the name `task`."""

    def do_all(task):
        Worker(postgres.app_url, {"task": task}, pace=QUICK).run_until_idle()

    return do_all


@pytest.fixture
def start_process(postgres):
    started = []

    def start(grace=5):
        started.append(Process(postgres.app_url, grace))
        return started[-1]

    yield start
    for process in started:
        with suppress(ProcessLookupError):
            process.popen.kill()
        process.popen.communicate()


@contextmanager
def working(worker):
    thread = threading.Thread(target=worker.run)
    thread.start()
    try:
        yield
    finally:
        worker.stop()
        thread.join(PATIENCE_S)
        assert not thread.is_alive()


# --- queueing -----------------------------------------------------------------------------


class TestQueueing:
    def test_a_job_of_a_rolled_back_transaction_does_not_exist(self, sessions, jobs):
        with suppress(InterruptedError), sessions.begin() as session:
            TransactionJobs(session).enqueue("task", job_id=uuid4(), args={})
            raise InterruptedError

        assert jobs() == []

    def test_a_committed_job_runs_once_with_its_arguments(self, sessions, jobs, do_all):
        job_id, store_id, seen = uuid4(), uuid4(), []
        with sessions.begin() as session:
            TransactionJobs(session).enqueue(
                "task", job_id=job_id, args={"name": "证据 100%", "count": 3}, store_id=store_id
            )
        task = Task(lambda job, **args: seen.append((job.id, job.store_id, job.attempt, args)))

        do_all(task)
        do_all(task)

        assert seen == [(job_id, store_id, 1, {"name": "证据 100%", "count": 3})]
        assert jobs() == [("succeeded", 1)]

    def test_an_id_that_waits_is_not_queued_again(self, enqueue, jobs):
        enqueue("task", enqueue("task"))

        assert jobs() == [("todo", 0)]

    def test_an_id_that_runs_or_is_done_is_not_queued_again(self, enqueue, jobs, do_all):
        job_id = enqueue("task")

        do_all(Task(lambda job: enqueue("task", job.id)))
        enqueue("task", job_id)

        assert jobs() == [("succeeded", 1)]

    def test_an_id_that_failed_is_queued_again(self, enqueue, jobs, do_all):
        def refuse(job):
            raise NotFound

        job_id = enqueue("task")
        do_all(Task(refuse))
        enqueue("task", job_id)
        do_all(Task(lambda job: None))

        assert jobs() == [("failed", 1), ("succeeded", 1)]

    def test_two_transactions_at_once_queue_an_id_once(self, sessions, enqueue, jobs):
        job_id = uuid4()
        with sessions.begin() as session:
            TransactionJobs(session).enqueue("task", job_id=job_id, args={})
            other = threading.Thread(target=enqueue, args=("task", job_id))
            other.start()
        other.join(PATIENCE_S)

        assert jobs() == [("todo", 0)]

    def test_a_worker_leaves_names_it_does_not_know(self, enqueue, jobs, do_all):
        enqueue("of_a_newer_version")

        do_all(Task(lambda job: None))

        assert jobs() == [("todo", 0)]


# --- working ------------------------------------------------------------------------------


class TestWorking:
    def test_a_waiting_worker_is_told_of_a_job(self, postgres, enqueue):
        started = queue.Queue()
        pace = Pace(poll=600)
        worker = Worker(
            postgres.app_url, {"task": Task(lambda job: started.put(job.id))}, pace=pace
        )
        with working(worker):
            enqueue("task")
            started.get(timeout=PATIENCE_S)  # the first may have been found while it connected
            job_id = enqueue("task")

            assert started.get(timeout=PATIENCE_S) == job_id

    def test_two_workers_do_forty_jobs_once_each(self, postgres, enqueue, jobs):
        done = queue.Queue()
        task = Task(lambda job: done.put(job.id))
        wanted = sorted(enqueue("task") for _ in range(40))
        first, second = (Worker(postgres.app_url, {"task": task}, pace=QUICK) for _ in range(2))
        with working(first), working(second):
            seen = sorted(done.get(timeout=PATIENCE_S) for _ in wanted)

        assert seen == wanted
        assert done.empty()
        assert jobs() == [("succeeded", 1)] * 40

    def test_two_workers_do_what_a_period_asks_for_once(self, postgres, jobs):
        done = queue.Queue()
        task = Task(lambda job: done.put(job.id))
        workers = [
            Worker(postgres.app_url, {"task": task}, every={"task": A_DAY}, pace=QUICK)
            for _ in range(2)
        ]
        with working(workers[0]), working(workers[1]):
            done.get(timeout=PATIENCE_S)

        assert done.empty()
        assert jobs() == [("succeeded", 1)]

    def test_each_period_is_done_anew(self, postgres):
        done = queue.Queue()
        task = Task(lambda job: done.put(job.id))
        every = {"task": timedelta(seconds=1)}
        with working(Worker(postgres.app_url, {"task": task}, every=every, pace=QUICK)):
            first, second = (done.get(timeout=PATIENCE_S) for _ in range(2))

        assert first != second

    def test_what_is_aside_does_not_wait_for_a_long_job(self, postgres, enqueue):
        started, go_on, done = threading.Event(), threading.Event(), queue.Queue()

        def long(job):
            started.set()
            assert go_on.wait(PATIENCE_S)

        tasks = {"long": Task(long), "short": Task(lambda job: done.put(job.id))}
        enqueue("long")
        with working(Worker(postgres.app_url, tasks, aside=[("short",)], pace=QUICK)):
            assert started.wait(PATIENCE_S)
            job_id = enqueue("short")

            assert done.get(timeout=PATIENCE_S) == job_id
            go_on.set()

    def test_a_failing_job_is_tried_again_then_ends_as_failed(self, enqueue, jobs, do_all):
        seen, told = [], []

        def fail(job, word):
            seen.append(job.attempt)
            raise ConnectionError(word)

        enqueue("task", word="no")
        do_all(Task(fail, given_up=lambda **args: told.append(args), tries=3))

        assert seen == [1, 2, 3]
        assert told == [{"word": "no"}]
        assert jobs() == [("failed", 3)]

    def test_a_job_that_succeeds_at_last_has_not_failed(self, enqueue, jobs, do_all):
        told = []

        def fail_once(job):
            if job.attempt == 1:
                raise Unavailable

        enqueue("task")
        do_all(Task(fail_once, given_up=lambda: told.append("given up")))

        assert told == []
        assert jobs() == [("succeeded", 2)]

    def test_a_refusal_is_not_tried_again(self, enqueue, jobs, do_all):
        told = []

        def refuse(job):
            raise NotFound

        enqueue("task")
        do_all(Task(refuse, given_up=lambda: told.append("given up")))

        assert told == ["given up"]
        assert jobs() == [("failed", 1)]

    @pytest.mark.parametrize(
        ("error", "tellings"), [(None, 1), (NotFound, 1), (Unavailable, 21), (ConnectionError, 21)]
    )
    def test_giving_up_is_told_until_it_is_heard_but_not_for_ever(
        self, enqueue, jobs, do_all, error, tellings
    ):
        told = []

        def refuse(job):
            raise NotFound

        def listen():
            told.append("given up")
            if error is not None:
                raise error

        enqueue("task")
        do_all(Task(refuse, given_up=listen, tries=1))

        assert told == ["given up"] * tellings
        assert jobs() == [("failed", tellings)]

    def test_a_worker_whose_connections_end_makes_new_ones(self, postgres, sessions, enqueue):
        started = queue.Queue()
        worker = Worker(postgres.app_url, {"task": Task(started.put)}, pace=QUICK)
        with working(worker):
            enqueue("task")
            started.get(timeout=PATIENCE_S)
            with sessions() as session:
                ended = session.scalars(text(END_CONNECTIONS)).all()
            enqueue("task")

            assert started.get(timeout=PATIENCE_S)
        assert all(ended)
        assert len(ended) > 1


# --- dying --------------------------------------------------------------------------------


class TestDying:
    def test_a_killed_worker_s_job_is_done_by_another(self, start_process, enqueue, jobs, effects):
        job_id = enqueue("slow")
        killed = start_process()
        assert killed.says() == "started 1"
        killed.send(signal.SIGKILL)
        killed.wait()

        other = start_process()
        assert other.says() == "started 2"
        other.go_on()
        assert other.says() == "wrote"
        other.send(signal.SIGTERM)

        assert other.wait() == 0
        assert effects(job_id) == [2]
        assert jobs() == [("succeeded", 2)]

    def test_a_run_that_was_taken_over_counts_for_nothing(
        self, start_process, enqueue, jobs, effects
    ):
        job_id = enqueue("slow")
        zombie = start_process()
        assert zombie.says() == "started 1"
        zombie.send(signal.SIGSTOP)
        other = start_process()
        assert other.says() == "started 2"

        zombie.send(signal.SIGCONT)
        zombie.go_on()
        assert zombie.says() == "Superseded"
        zombie.send(signal.SIGTERM)
        assert zombie.wait() == 0
        assert jobs() == [("doing", 1)]  # the zombie's end has not ended the other's run

        other.go_on()
        assert other.says() == "wrote"
        other.send(signal.SIGTERM)
        assert other.wait() == 0
        assert effects(job_id) == [2]
        assert jobs() == [("succeeded", 2)]

    def test_a_process_that_stands_still_in_a_transaction_loses_it(self, sessions, enqueue, do_all):
        limit = text("show idle_in_transaction_session_timeout")
        seen = []

        def look(job):
            with sessions() as session:
                seen.append(session.scalar(limit))

        enqueue("task")
        do_all(Task(look))
        with sessions() as session:
            seen.append(session.scalar(limit))

        assert seen == ["10s", "0"]

    def test_a_stopping_worker_finishes_what_it_does(self, start_process, enqueue, jobs, effects):
        job_id = enqueue("slow")
        process = start_process()
        assert process.says() == "started 1"
        process.send(signal.SIGTERM)
        process.send(signal.SIGINT)  # both arrive when a terminal stops a supervisor's group
        process.go_on()

        assert process.says() == "wrote"
        assert process.wait() == 0
        assert effects(job_id) == [1]
        assert jobs() == [("succeeded", 1)]

    def test_a_stopping_worker_hands_back_what_takes_too_long(
        self, start_process, enqueue, jobs, effects
    ):
        job_id = enqueue("slow")
        process = start_process(grace=0.2)
        assert process.says() == "started 1"
        process.send(signal.SIGTERM)

        assert process.wait() == 0
        assert effects(job_id) == []
        assert jobs() == [("todo", 1)]

    def test_a_job_that_kills_its_workers_is_given_up(self, start_process, enqueue, jobs, postgres):
        told = []
        enqueue("slow")
        for _ in range(2):
            process = start_process()
            assert process.says().startswith("started")
            process.send(signal.SIGKILL)
            process.wait()
        ended = threading.Event()
        task = Task(
            lambda job: ended.set(),
            given_up=lambda: (told.append("given up"), ended.set()),
            tries=2,
        )
        with working(Worker(postgres.app_url, {"slow": task}, pace=QUICK)):
            assert ended.wait(PATIENCE_S)

        assert told == ["given up"]
        assert jobs() == [("failed", 3)]


# --- the schema ---------------------------------------------------------------------------


class TestSchema:
    def test_is_the_library_s_own(self):
        assert importlib.metadata.version("procrastinate") == "3.10.0"
        copied = ROOT / "migrations/versions/procrastinate_3_10_0.sql"

        assert copied.read_text(encoding="utf-8") == SchemaManager.get_schema()

    def test_goes_away_and_comes_back(self, postgres, sessions, enqueue, jobs):
        config = migrate.config(postgres.owner_url, APP)
        command.downgrade(config, "0001")
        with sessions() as session:
            left = session.scalars(text(LEFT)).all()
        command.upgrade(config, "head")
        enqueue("task")

        assert left == []
        assert jobs() == [("todo", 0)]


END_CONNECTIONS = """
    select pg_terminate_backend(pid) from pg_stat_activity
    where application_name = 'evidence-worker'
"""

LEFT = """
    select relname::text from pg_class where relname like 'procrastinate%'
    union all select proname::text from pg_proc where proname like 'procrastinate%'
    union all select typname::text from pg_type where typname like '%procrastinate%'
"""

if __name__ == "__main__":
    work_as_a_process(sys.argv[1], float(sys.argv[2]))
