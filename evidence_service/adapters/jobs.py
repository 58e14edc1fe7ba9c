"""Jobs in PostgreSQL: queued inside the business transaction, done by any number of workers.

Procrastinate keeps the queue. Three things are ours. A worker that died is noticed by its
heartbeat, and its job is taken up again. A run that was taken over, because its process stood
still, can neither write nor end the job: each of its transactions holds the job's row first. And
a job that has used up its tries says so to its use case.
"""

from __future__ import annotations

import asyncio
import json
import logging
import math
import signal
import threading
import time
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

import procrastinate
from procrastinate.exceptions import ConnectorException, UniqueViolation
from procrastinate.manager import JobManager
from procrastinate.retry import BaseRetryStrategy, RetryDecision
from sqlalchemy import event, make_url, text

from evidence_service.domain.errors import Refusal, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from procrastinate.jobs import Job, Status
    from sqlalchemy import Connection
    from sqlalchemy.orm import Session, sessionmaker

logger = logging.getLogger(__name__)

LONGEST_WAIT_S = 600
MORE_TELLINGS = 20
KEEP_HOURS = 30 * 24
KEEP_PERIODIC_HOURS = 24
CLEAN_EVERY_S = 3600
# Between two looks at a database that does not answer.
RECONNECT_S = (1, 2, 4)


class HandedBack(Exception):  # noqa: N818 - what happened, not what went wrong
    """This worker is stopping; another one does the job."""


class Superseded(Exception):  # noqa: N818 - what it is, not what went wrong
    """Another worker has taken the job over: what this run still does must not count."""


class GivenUp(Exception):  # noqa: N818 - likewise
    """The job's tries are used up, or trying again is no use."""


# --- queueing -----------------------------------------------------------------------------


class TransactionJobs:
    """The `Jobs` port on the session of one transaction.

    A job that waits, runs or is done is not queued again under its id; one that failed is.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    def enqueue(  # noqa: PLR0913 - a job, and when it may begin
        self,
        name: str,
        *,
        job_id: UUID,
        args: Mapping[str, str | int],
        store_id: UUID | None = None,
        priority: int = 0,
        delay_s: float = 0,
    ) -> None:
        packed = {"job_id": str(job_id), "store_id": store_id and str(store_id), "args": dict(args)}
        # Two transactions with the same id come one after the other, and the second sees the first.
        self._session.execute(
            text("select pg_advisory_xact_lock(hashtextextended('job:' || :id, 0))"),
            {"id": str(job_id)},
        )
        self._session.execute(
            _ENQUEUE,
            {
                "name": name,
                "id": str(job_id),
                "args": json.dumps(packed),
                "priority": priority,
                "delay_s": delay_s,
            },
        )


# The queue is the job's name, so a worker of an older version never takes what it does not know.
_ENQUEUE = text("""
    select procrastinate_defer_jobs_v1(array[row(
        :name, :name, :priority, null, :id, cast(:args as jsonb),
        case when :delay_s > 0 then now() + make_interval(secs => :delay_s) end
    )::procrastinate_job_to_defer_v1])
    where not exists (
        select from procrastinate_jobs
        where queueing_lock = :id and status in ('todo', 'doing', 'succeeded'))
""")


# --- one run of a job ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Task:
    """What a job's name stands for; both are called with the job's own `args` by name.

    `run` gets the JobContext before them and must be safe to repeat. `given_up` is told when no
    further try will follow, and again while that fails, some hours long.
    """

    run: Callable[..., None]
    given_up: Callable[..., None] | None = None
    tries: int = 6


class JobContext:
    """The run, as the task sees it."""

    def __init__(self, job: Job, job_id: UUID, store_id: UUID | None) -> None:
        self._job = job
        self.id = job_id
        self.store_id = store_id
        self.attempt = job.attempts + 1
        self._handed_back = threading.Event()

    def progress(self, fraction: float) -> None:
        """Say how far it is.

        Raises:
            HandedBack: the worker stops, and the job is no longer ours.
        """
        logger.debug("job %s: %.0f %%", self.id, 100 * fraction)
        if self._handed_back.is_set():
            raise HandedBack

    def hand_back(self) -> None:
        self._handed_back.set()

    def perform(self, task: Task, args: Mapping[str, Any]) -> None:
        """Try once, or give up.

        Raises:
            GivenUp: there will be no further try, and the use case has been told.
        """
        _current.set(self._job)
        failure: Exception | None = None
        if self.attempt <= task.tries:
            try:
                return task.run(self, **args)
            except (HandedBack, Superseded):
                raise
            except Exception as error:
                if self.attempt < task.tries and _may_pass(error):
                    raise
                failure = error
        if task.given_up is not None:
            self._tell(task.given_up, task.tries, args)
        raise GivenUp(f"job {self.id} after {self.attempt} tries") from failure

    def _tell(self, given_up: Callable[..., None], tries: int, args: Mapping[str, Any]) -> None:
        try:
            given_up(**args)
        except Superseded:
            raise
        except Exception as error:
            if self.attempt < tries + MORE_TELLINGS and _may_pass(error):
                raise
            logger.exception("job %s failed, and its use case could not be told", self.id)


def _may_pass(error: Exception) -> bool:
    """Whether trying again can help: a refusal stays one."""
    return not isinstance(error, Refusal) or isinstance(error, Unavailable)


_current: ContextVar[Job | None] = ContextVar("current_job", default=None)


def fence(sessions: sessionmaker[Session]) -> None:
    """Let a transaction inside a job begin only while that run of the job is the one that counts.

    Its row is held until the transaction ends, so nobody takes the job over in between.
    """
    event.listen(sessions, "after_begin", _hold_run)


def _hold_run(_session: Session, _transaction: object, connection: Connection) -> None:
    job = _current.get()
    if job is None:
        return
    held = connection.execute(
        _HOLD, {"id": job.id, "attempts": job.attempts, "worker_id": job.worker_id}
    ).first()
    if held is None:
        raise Superseded(f"job {job.id}, attempt {job.attempts + 1}")


# A process that stands still in the middle of a transaction would hold its rows for ever.
_HOLD = text("""
    select set_config('idle_in_transaction_session_timeout', '10s', true) from procrastinate_jobs
    where id = :id and attempts = :attempts and worker_id = :worker_id and status = 'doing'
    for share
""")


# --- the worker ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pace:
    """In seconds. A killed worker's job starts again after `stalled + sweep + poll` at most."""

    heartbeat: float = 3
    stalled: float = 10
    sweep: float = 5
    poll: float = 1
    grace: float = 12
    """What a running job gets to finish in when the worker is told to stop."""
    first_retry: float = 2


class Worker:
    """Takes jobs, one at a time and one of each group aside, until it is told to stop."""

    def __init__(
        self,
        database_url: str,
        tasks: Mapping[str, Task],
        *,
        every: Mapping[str, timedelta] | None = None,
        aside: Sequence[Collection[str]] = (),
        pace: Pace | None = None,
    ) -> None:
        """Know these tasks.

        Args:
            database_url: the service's own role.
            tasks: by their names.
            every: how often those are queued that nobody asks for; without arguments.
            aside: groups of tasks; those of a group never wait for one outside of it to end.
            pace: how fast all that is.
        """
        self._conninfo = (
            make_url(database_url)
            .set(drivername="postgresql")
            .render_as_string(hide_password=False)
        )
        self._tasks = tasks
        self._every = every or {}
        elsewhere = frozenset().union(*aside)
        groups = (tasks.keys() - elsewhere, *aside)
        lanes = ([name for name in tasks if name in group] for group in groups)
        self._lanes = [lane for lane in lanes if lane]
        self._pace = pace or Pace()
        self._is_stopping = False
        self._wake: Callable[[], object] | None = None

    def run(self) -> None:
        """Take jobs until `stop()`, SIGTERM or SIGINT; survives a database that goes away."""
        with _on_signal(self.stop):
            asyncio.run(self._keep_serving())

    def run_until_idle(self) -> None:
        """Do every job that is due, then return."""
        asyncio.run(self._serve(asyncio.Event(), wait=False))

    def stop(self) -> None:
        """Stop soon: the running job gets `pace.grace` to finish, then it is handed back."""
        self._is_stopping = True
        if self._wake is not None:
            with suppress(RuntimeError):  # the loop has ended by itself
                self._wake()

    async def _keep_serving(self) -> None:
        loop, stop = asyncio.get_running_loop(), asyncio.Event()
        self._wake = lambda: loop.call_soon_threadsafe(stop.set)
        if self._is_stopping:
            return
        while not stop.is_set():
            try:
                await self._serve(stop, wait=True)
            except* ConnectorException as lost:
                logger.warning("the worker lost its database: %s", lost.exceptions[0].__cause__)
            except* Exception:
                logger.exception("the worker failed and starts again")
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), RECONNECT_S[0])

    async def _serve(self, stop: asyncio.Event, *, wait: bool) -> None:
        app = self._make_app()
        async with app.open_async(), asyncio.TaskGroup() as group:
            lanes = [
                group.create_task(self._take_jobs(app, lane, wait=wait)) for lane in self._lanes
            ]
            beside = (
                group.create_task(self._sweep(app)),
                group.create_task(_cancel_when(stop, lanes)),
            )
            await asyncio.wait(lanes)
            for task in beside:
                task.cancel()

    async def _take_jobs(self, app: procrastinate.App, lane: list[str], *, wait: bool) -> None:
        await app.run_worker_async(
            queues=lane,
            wait=wait,
            fetch_job_polling_interval=self._pace.poll,
            update_heartbeat_interval=self._pace.heartbeat,
            stalled_worker_timeout=self._pace.stalled,
            shutdown_graceful_timeout=self._pace.grace,
            install_signal_handlers=False,
        )

    def _make_app(self) -> procrastinate.App:
        connector = procrastinate.PsycopgConnector(
            conninfo=self._conninfo,
            min_size=1,
            max_size=2 + len(self._lanes),
            timeout=5,
            kwargs={"application_name": "evidence-worker", "connect_timeout": 5},
        )
        app = procrastinate.App(connector=connector)
        app.job_manager = _OwnRunsOnly(connector)
        for name, task in self._tasks.items():
            retry = _Backoff(self._pace.first_retry)
            app.task(name=name, queue=name, retry=retry, pass_context=True)(_performing(task))
        return app

    async def _sweep(self, app: procrastinate.App) -> None:
        """Queue again what dead workers left, and what its period asks for; forget the old."""
        clean_at, queued = 0.0, dict[str, int]()
        while True:
            try:
                for row in await app.connector.execute_query_all_async(
                    _REQUEUE, queues=list(self._tasks), stalled=self._pace.stalled
                ):
                    logger.warning("job %s is taken up again: its worker is gone", row["id"])
                await self._queue_periodic(app, queued)
                if time.monotonic() >= clean_at:
                    clean_at = time.monotonic() + CLEAN_EVERY_S
                    await self._forget_old(app)
            except ConnectorException:
                logger.warning("the database does not answer: no look at stalled jobs")
            await asyncio.sleep(self._pace.sweep)

    async def _queue_periodic(self, app: procrastinate.App, queued: dict[str, int]) -> None:
        """Queue what is done once a period, by whichever worker is first.

        `queued` holds, by name, the period that this worker has looked at already.
        """
        for name, period in self._every.items():
            number = int(time.time() // period.total_seconds())
            if queued.get(name) == number:
                continue
            job_id = str(uuid5(_PERIODIC, f"{name} {period.total_seconds()} {number}"))
            packed: dict[str, Any] = {"job_id": job_id, "store_id": None, "args": {}}
            with suppress(UniqueViolation):
                await app.connector.execute_query_all_async(
                    _QUEUE_PERIODIC, name=name, id=job_id, args=json.dumps(packed)
                )
            queued[name] = number

    async def _forget_old(self, app: procrastinate.App) -> None:
        await app.job_manager.delete_old_jobs(KEEP_HOURS, include_failed=True)
        for name, period in self._every.items():
            # Long enough that no worker, whatever its clock says, queues the period again.
            hours = math.ceil(period / timedelta(hours=1)) + KEEP_PERIODIC_HOURS
            await app.job_manager.delete_old_jobs(hours, queue=name, include_failed=True)


async def _cancel_when(stop: asyncio.Event, lanes: Sequence[asyncio.Task[None]]) -> None:
    await stop.wait()
    for lane in lanes:
        lane.cancel()


@contextmanager
def _on_signal(stop: Callable[[], None]) -> Iterator[None]:
    # A group's Ctrl+C and its supervisor's SIGTERM both arrive: the second must not kill.
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    numbers = (signal.SIGTERM, signal.SIGINT)
    before = [signal.signal(number, lambda *_: stop()) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


def _performing(task: Task) -> Callable[..., Any]:
    async def perform(
        context: procrastinate.JobContext,
        *,
        job_id: str,
        store_id: str | None,
        args: dict[str, Any],
    ) -> None:
        run = JobContext(context.job, UUID(job_id), UUID(store_id) if store_id else None)
        try:
            await _in_thread(lambda: run.perform(task, args))
        except asyncio.CancelledError:
            run.hand_back()
            raise

    return perform


async def _in_thread(call: Callable[[], None]) -> None:
    """Run it in a thread of its own, which never keeps a stopping process alive."""
    done: Future[None] = Future()
    done.set_running_or_notify_cancel()

    def work() -> None:
        try:
            call()
        except BaseException as error:  # noqa: BLE001 - it is raised where it is awaited
            done.set_exception(error)
        else:
            done.set_result(None)

    threading.Thread(target=work, name="job", daemon=True).start()
    await asyncio.wrap_future(done)


class _Backoff(BaseRetryStrategy):
    def __init__(self, first_s: float) -> None:
        self._first_s = first_s

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if isinstance(exception, GivenUp | Superseded):
            return None
        is_ours = isinstance(exception, asyncio.CancelledError)
        wait_s = 0.0 if is_ours else min(self._first_s * 4**job.attempts, LONGEST_WAIT_S)
        return RetryDecision(retry_at=datetime.now(UTC) + timedelta(seconds=wait_s))


class _OwnRunsOnly(JobManager):
    """Ends a run only if it is still the newest: Procrastinate's functions do not look."""

    async def finish_job(self, job: Job, status: Status, delete_job: bool) -> None:
        call = "procrastinate_finish_job_v1(id, %(status)s, %(delete)s)"
        await self._if_mine(job, call, status=status.value, delete=delete_job)

    async def retry_job(
        self,
        job: Job,
        retry_at: datetime | None = None,
        priority: int | None = None,
        queue: str | None = None,
        lock: str | None = None,
    ) -> None:
        call = "procrastinate_retry_job_v2(id, %(at)s, %(priority)s, %(queue)s, %(lock)s)"
        at = retry_at or datetime.now(UTC)
        await self._if_mine(job, call, at=at, priority=priority, queue=queue, lock=lock)

    async def _if_mine(self, job: Job, call: str, **arguments: Any) -> None:
        """Say how it ended; a job left "doing" under a living worker is never taken up again."""
        for wait_s in (*RECONNECT_S, None):
            try:
                rows = await self.connector.execute_query_all_async(
                    _IF_MINE.format(call=call),
                    job_id=job.id,
                    attempts=job.attempts,
                    worker_id=job.worker_id,
                    **arguments,
                )
            except ConnectorException:
                if wait_s is None:
                    raise
                await asyncio.sleep(wait_s)
            else:
                if not rows:
                    logger.warning("job %s was taken over; this run does not count", job.id)
                return


_IF_MINE = """
    with mine as materialized (
        select id from procrastinate_jobs
        where id = %(job_id)s and attempts = %(attempts)s and worker_id = %(worker_id)s
          and status = 'doing'
        for update)
    select {call} from mine
"""

_PERIODIC = UUID("6f1f6a7e-6f0b-4b0e-9a53-0f3a5a1c9d10")
_QUEUE_PERIODIC = """
    select procrastinate_defer_jobs_v1(array[row(
        %(name)s, %(name)s, 0, null, %(id)s, cast(%(args)s as jsonb), null
    )::procrastinate_job_to_defer_v1])
    where not exists (select from procrastinate_jobs where queueing_lock = %(id)s)
"""

_REQUEUE = """
    with stalled as materialized (
        select j.id from procrastinate_jobs j
        left join procrastinate_workers w on w.id = j.worker_id
        where j.status = 'doing' and j.queue_name = any (%(queues)s)
          and (w.id is null or w.last_heartbeat < now() - make_interval(secs => %(stalled)s))
        for update of j skip locked)
    select id, procrastinate_retry_job_v2(id, now(), null, null, null) from stalled
"""
