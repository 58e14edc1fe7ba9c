"""Reminders through a real database, a real SMTP server, a real HTTP server and dying workers.

All happens in a year of its own, so that no other test's case is due; queues run by real time.
"""

import hashlib
import hmac
import json
import os
import pickle
import queue
import signal
import socketserver
import subprocess
import sys
import threading
import time
from base64 import b64decode, b64encode
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default as modern
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import create_engine, text

from evidence_service.adapters.jobs import Pace, Worker
from evidence_service.adapters.mailer import SMTPMailer
from evidence_service.adapters.webhook import SignedWebhook
from evidence_service.bootstrap import build_ports
from evidence_service.domain.access import Actor, Role
from evidence_service.domain.errors import Unavailable
from evidence_service.domain.records import CaseDetails
from evidence_service.ports import CaseFilter, Mail, StoreScope, SystemScope
from evidence_service.settings import SMTPSettings, WebhookSettings
from evidence_service.usecases import looking
from evidence_service.usecases.administer.add_person import AddPerson, add_person
from evidence_service.usecases.assemble.open_case import OpenCase, open_case
from evidence_service.usecases.remind.find_due_reminders import (
    FIND_DUE_REMINDERS,
    MAIL_REMINDER,
    POST_REMINDER,
    find_due_reminders,
)
from evidence_service.worker import make_worker

ROOT = Path(__file__).parents[2]
QUICK = Pace(heartbeat=0.2, stalled=1, sweep=0.2, poll=0.2, grace=5, first_retry=0)
PATIENCE_S = 20
SECRET = "a secret of the webhook's"
REMINDING = (FIND_DUE_REMINDERS, MAIL_REMINDER, POST_REMINDER)
# A Wednesday; the deadline is 23:00 in Shanghai, the last safe hand-over 13:30 there.
OPENED = datetime(2031, 3, 5, 1, tzinfo=UTC)
DEADLINE = datetime(2031, 3, 7, 15, tzinfo=UTC)
HANDOVER = datetime(2031, 3, 7, 5, 30, tzinfo=UTC)


def make_quick_worker(settings, ports, every=None):
    """A worker of reminders alone: the jobs of other tests are none of its business."""
    whole = make_worker(settings, ports)
    tasks = {name: whole._tasks[name] for name in REMINDING}
    return Worker(settings.database_url, tasks, every=every, aside=whole._lanes, pace=QUICK)


def work_as_a_process(settings, ports_over):
    """`python test_reminders.py <settings, the sink, the time>`."""
    with closing(build_ports(settings)) as ports:
        make_quick_worker(settings, replace(ports, **ports_over)).run()


# --- sinks --------------------------------------------------------------------------------


class SMTPSink(socketserver.ThreadingTCPServer):
    """Takes mails. `refusals` counts those it refuses first; `stalls_at` names a step it dies in.

    A stalled step is put into `stalled`, and not answered: after `released` the connection ends.
    A goodbye is answered wrongly, which must not unsay a mail that was taken.
    """

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), SMTPConversation)
        self.mails, self.stalled = queue.Queue(), queue.Queue()
        self.refusals, self.stalls_at, self.released = 0, None, threading.Event()

    def settings(self, host="127.0.0.1"):
        return SMTPSettings(f"smtp://{host}:{self.server_address[1]}", "clocks@example.com")


class SMTPConversation(socketserver.StreamRequestHandler):
    def handle(self):
        self.say("220 sink")
        with suppress(ConnectionError):
            while line := self.rfile.readline().decode().strip():
                step = line.split()[0].upper()
                if step == self.server.stalls_at:
                    self.stall(step)
                    return
                if step == "DATA" and not self.take():
                    return
                if step != "DATA":
                    self.say("250 ok")

    def take(self):
        if self.server.refusals:
            self.server.refusals -= 1
            self.say("451 not now")
            return True
        self.say("354 go on")
        lines = iter(self.rfile.readline, b".\r\n")
        self.server.mails.put(message_from_bytes(b"".join(lines), policy=modern))
        if self.server.stalls_at == "AFTER":
            self.stall("AFTER")
            return False
        self.say("250 taken")
        return True

    def stall(self, step):
        self.server.stalls_at = None
        self.server.stalled.put(step)
        self.server.released.wait(PATIENCE_S)

    def say(self, words):
        self.wfile.write(f"{words}\r\n".encode())


class HTTPSink(ThreadingHTTPServer):
    """Keeps what is posted and answers the statuses of `answers`, then 204.

    With `stalls` the next post is taken, put into `stalled` and never answered.
    """

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Posting)
        self.posts, self.stalled = queue.Queue(), queue.Queue()
        self.answers, self.stalls = [], False

    def settings(self):
        return WebhookSettings(f"http://127.0.0.1:{self.server_address[1]}/hook?a=1", SECRET)


class Posting(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        status = self.server.answers.pop(0) if self.server.answers else 204
        self.server.posts.put((self.path, dict(self.headers), body, status))
        if self.server.stalls:
            self.server.stalls = False
            self.server.stalled.put("AFTER")
            time.sleep(PATIENCE_S)
        self.send_response(status)
        self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


class SilentSink(socketserver.ThreadingTCPServer):
    """Takes a connection and never says a word, which a TLS client waits for."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Silence)
        self.stalled = queue.Queue()

    def settings(self):
        return WebhookSettings(f"https://127.0.0.1:{self.server_address[1]}/hook", SECRET)


class Silence(socketserver.BaseRequestHandler):
    def handle(self):
        self.server.stalled.put("CONNECT")
        time.sleep(PATIENCE_S)


@contextmanager
def serving(server):
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def smtp():
    with serving(SMTPSink()) as sink:
        yield sink


@pytest.fixture
def hook():
    with serving(HTTPSink()) as sink:
        yield sink


# --- cases --------------------------------------------------------------------------------


class Watch:
    """A clock that stands where it is set."""

    def __init__(self, at):
        self.at = at

    def __call__(self):
        return self.at


@dataclass
class House:
    """A store with an agent and a reviewer, whose clock stands at the opening of a case."""

    settings: object
    ports: object
    store: UUID
    agent: Actor
    reviewer: Actor

    def open(self, respond_by=DEADLINE, assignee=None):
        about = CaseDetails(
            order_numbers=("A-1",),
            dispute_ref=None,
            buyer_ref=None,
            amount=None,
            respond_by=respond_by,
            claim_text=None,
            details={},
            assignee=assignee,
        )
        command = OpenCase(str(self.store), "malicious_claim", OPENED, about)
        return open_case(command, actor=self.agent, ports=self.ports)

    def at(self, instant, **ports_over):
        self.ports = replace(self.ports, now=Watch(instant), **ports_over)

    def add_agent(self, name):
        command = AddPerson(
            f"{name}.{self.store}@example.com",
            frozenset({Role.AGENT}),
            (str(self.store),),
            "a long password",
        )
        return add_person(command, by=None, ports=self.ports).id

    def find_due(self):
        return find_due_reminders(ports=self.ports, progress=lambda _: None)

    def deliver(self):
        make_quick_worker(self.settings, self.ports).run_until_idle()

    def rows(self, case):
        engine = create_engine(self.settings.database_owner_url)
        with engine.connect() as connection:
            rows = connection.execute(
                text(
                    "select kind, channel, sent_at is not null, failed_at is not null"
                    " from reminders where case_id = :id order by kind, channel"
                ),
                {"id": case.id},
            ).all()
        engine.dispose()
        return [tuple(row) for row in rows]


@pytest.fixture
def house(settings, ports, make_people):
    store = UUID(make_people("Clocks", "ozon").store)
    with ports.unit_of_work(SystemScope()) as work:
        people = {min(p.roles): p for p in work.people.of_store(store) if p.stores == {store}}

    def actor(role):
        person = people[role]
        return Actor(person.id, person.email, "en", person.roles, person.stores)

    made = House(settings, ports, store, actor(Role.AGENT), actor(Role.REVIEWER))
    made.at(OPENED)
    yield made
    # Another test's sink must not get what this one left open.
    engine = create_engine(settings.database_owner_url)
    with engine.begin() as connection:
        connection.execute(
            text("update cases set state = 'closed' where store_id = :id"), {"id": store}
        )
        connection.execute(
            text("delete from procrastinate_jobs where queue_name = any (:names)"),
            {"names": list(REMINDING)},
        )
    engine.dispose()


def drained(found):
    """What is in the queue now."""
    items = []
    with suppress(queue.Empty):
        while True:
            items.append(found.get_nowait())
    return items


def subjects(mails):
    return sorted((mail["To"].split(".")[0], mail["Subject"].split(":")[0]) for mail in mails)


@contextmanager
def working(*workers):
    with ExitStack() as ended:
        for worker in workers:
            thread = threading.Thread(target=worker.run)
            thread.start()
            ended.callback(thread.join, PATIENCE_S)
            ended.callback(worker.stop)
        yield


# --- what is due --------------------------------------------------------------------------


class TestFinding:
    def test_a_reminder_is_queued_at_its_instant_and_once(self, house, hook):
        house.at(OPENED, webhook=SignedWebhook(hook.settings()))
        house.open(assignee=house.agent.id)
        house.at(HANDOVER - timedelta(hours=4, seconds=1))
        before = house.find_due()
        house.at(HANDOVER - timedelta(hours=4))

        assert (before, house.find_due(), house.find_due()) == (1, 1, 0)

    def test_two_at_once_queue_it_once(self, house, hook):
        house.at(OPENED, webhook=SignedWebhook(hook.settings()))
        house.open()
        house.at(HANDOVER)
        found = queue.Queue()
        threads = [threading.Thread(target=lambda: found.put(house.find_due())) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        counts = sorted(drained(found))
        assert counts[:3] == [0, 0, 0]
        assert counts[3] > 0

    def test_what_was_due_before_the_case_came_here_is_not_sent(self, house, hook):
        house.at(HANDOVER + timedelta(minutes=1), webhook=SignedWebhook(hook.settings()))
        house.open()

        assert house.find_due() == 0

    def test_after_a_day_without_a_worker_nobody_is_told_old_news(self, house, hook):
        house.at(OPENED, webhook=SignedWebhook(hook.settings()))
        house.open()
        house.at(DEADLINE + timedelta(hours=25))
        house.find_due()
        house.deliver()

        kinds = {json.loads(body)["kind"] for _, _, body, _ in drained(hook.posts)}
        assert kinds == {"follow_up"}

    def test_a_moved_deadline_is_spoken_of_anew(self, house, hook):
        house.at(OPENED, webhook=SignedWebhook(hook.settings()))
        case = house.open()
        house.at(DEADLINE)
        first = house.find_due()
        with house.ports.unit_of_work(StoreScope(frozenset({house.store}))) as work:
            work.cases.get_for_update(case.id).fall_due(DEADLINE + timedelta(hours=3))
        house.at(DEADLINE + timedelta(hours=3))

        assert first > 0
        assert house.find_due() > 0

    def test_without_a_receiver_nothing_is_queued(self, house):
        house.open()
        house.at(HANDOVER)

        assert house.find_due() == 0

    def test_the_queue_shows_it_all_the_same(self, house):
        house.open()
        house.at(HANDOVER)
        wanted = CaseFilter(platform="ozon")
        page = looking.cases(wanted, actor=house.agent, ports=house.ports, limit=10, cursor=None)

        assert [row.attention for row in page.items] == ["handover_due"]


# --- mail and webhook ---------------------------------------------------------------------


class TestMail:
    def test_agents_and_reviewers_get_what_is_theirs(self, house, smtp):
        house.at(OPENED, mailer=SMTPMailer(smtp.settings()), public_url="https://evidence.example")
        case = house.open()
        house.at(OPENED + timedelta(hours=2))
        house.find_due()
        house.deliver()

        mails = drained(smtp.mails)
        assert subjects(mails) == [
            ("agent", "First reply is due"),
            ("reviewer", "Nobody has taken the case"),
        ]
        mail = mails[0]
        html, plain = mail.get_body(["html"]), mail.get_body(["plain"])
        assert mail["From"] == "clocks@example.com"
        assert mail["Auto-Submitted"] == "auto-generated"
        assert "2031-03-05" in plain.get_content()
        for part in (html, plain):
            assert f"https://evidence.example/cases/{case.id}" in part.get_content()

    def test_the_assignee_alone_gets_the_agent_s(self, house, smtp):
        house.at(OPENED, mailer=SMTPMailer(smtp.settings()))
        house.open(assignee=house.add_agent("second"))
        house.at(HANDOVER - timedelta(hours=24))
        house.find_due()
        house.deliver()

        told = {who for who, subject in subjects(drained(smtp.mails)) if "near" in subject}
        assert told == {"second"}

    @pytest.mark.parametrize("language", ["zh", "en", "ru"])
    def test_every_kind_has_words_in_every_language(self, smtp, language):
        mailer = SMTPMailer(smtp.settings())
        values = dict.fromkeys(("number", "store", "platform", "reason", "about"), "<&> x")
        for kind in ("first_reply", "handover_due", "deadline_passed"):
            seen = values | {"kind": kind, "link": "https://evidence.example"}
            mail = Mail(UUID(int=1), "reminder", "a@example.com", language, seen)
            mailer.send(mail, leaving=lambda: None)

        mails = drained(smtp.mails)
        assert len(mails) == 3
        for mail in mails:
            assert "mail." not in mail["Subject"] + mail.get_body(["plain"]).get_content()
            assert "<&>" not in mail.get_body(["html"]).get_content()

    def test_a_line_break_makes_no_header(self, smtp):
        values = dict.fromkeys(("store", "platform", "reason", "about", "link"), "x")
        values |= {"kind": "handover_due", "number": "1\r\nBcc: spy@example.com"}
        mail = Mail(UUID(int=1), "reminder", "a@example.com", "en", values)
        SMTPMailer(smtp.settings()).send(mail, leaving=lambda: None)

        taken = smtp.mails.get(timeout=PATIENCE_S)
        assert taken["Bcc"] is None
        assert "Bcc: spy@example.com" in taken["Subject"]

    def test_beyond_this_machine_nothing_is_said_without_tls(self, smtp):
        """A name that the mailer does not know for this machine's own, though it leads here."""
        elsewhere = smtp.settings(host="127.1")
        mail = Mail(UUID(int=1), "reminder", "a@example.com", "en", values_of("handover_due"))

        with pytest.raises(Unavailable, match="SMTPNotSupportedError"):
            SMTPMailer(elsewhere).send(mail, leaving=lambda: None)
        assert smtp.mails.empty()

    def test_a_refusal_is_tried_again_and_arrives_once(self, house, smtp):
        smtp.refusals = 3
        house.at(OPENED, mailer=SMTPMailer(smtp.settings()))
        case = house.open()
        house.at(OPENED + timedelta(hours=1))
        house.find_due()
        with working(make_quick_worker(house.settings, house.ports)):
            smtp.mails.get(timeout=PATIENCE_S)
            wait_until(lambda: house.rows(case) == [("supervisor", "mail", True, False)])

        assert smtp.mails.empty()
        assert smtp.refusals == 0


class TestWebhook:
    def test_a_post_is_signed_tried_again_and_named_the_same(self, house, hook):
        hook.answers = [500, 302]
        house.at(OPENED, webhook=SignedWebhook(hook.settings()))
        case = house.open()
        house.at(OPENED + timedelta(hours=1))
        house.find_due()
        with working(make_quick_worker(house.settings, house.ports)):
            posts = [hook.posts.get(timeout=PATIENCE_S) for _ in range(3)]
            wait_until(lambda: house.rows(case) == [("supervisor", "webhook", True, False)])

        assert [status for *_, status in posts] == [500, 302, 204]
        assert {path for path, *_ in posts} == {"/hook?a=1"}
        assert len({headers["Evidence-Delivery"] for _, headers, _, _ in posts}) == 1
        assert hook.posts.empty()
        for _, headers, body, _ in posts:
            at, given = (
                part.partition("=")[2] for part in headers["Evidence-Signature"].split(",")
            )
            wanted = hmac.new(SECRET.encode(), at.encode() + b"." + body, hashlib.sha256)
            assert given == wanted.hexdigest()
            assert abs(int(at) - time.time()) < PATIENCE_S
            assert json.loads(body)["case"] == str(case.id)

    def test_nobody_listening_is_a_failure(self, hook):
        webhook = SignedWebhook(replace(hook.settings(), url="http://127.0.0.1:1/hook"))

        with pytest.raises(Unavailable):
            webhook.post({}, post_id=UUID(int=1), leaving=lambda: None)


# --- many workers, and dying ones ---------------------------------------------------------


class TestOnce:
    def test_two_workers_send_each_once(self, house, smtp, hook):
        """Both look for what is due every second and take whatever is queued."""
        over = {"mailer": SMTPMailer(smtp.settings()), "webhook": SignedWebhook(hook.settings())}
        house.at(OPENED, **over)
        house.open()
        house.at(HANDOVER)
        every = {FIND_DUE_REMINDERS: timedelta(seconds=1)}
        workers = [make_quick_worker(house.settings, house.ports, every) for _ in range(2)]
        with working(*workers):
            hook.posts.get(timeout=PATIENCE_S)
            time.sleep(2.5)

        assert subjects(drained(smtp.mails)) == [
            ("agent", "Last safe hand-over has come"),
            ("agent", "Last safe hand-over is near"),
            ("reviewer", "Last safe hand-over has come"),
        ]
        assert len(drained(hook.posts)) == 1

    @pytest.mark.parametrize(
        ("step", "mails", "row"), [("RCPT", 1, (True, False)), ("AFTER", 1, (False, True))]
    )
    def test_a_kill_sends_nothing_twice(self, house, smtp, step, mails, row):
        """Killed before its text left, a mail is sent again; while it left, it is not."""
        smtp.stalls_at = step
        house.at(OPENED, mailer=SMTPMailer(smtp.settings()))
        case = house.open()
        house.at(OPENED + timedelta(hours=1))
        house.find_due()
        with process(house, smtp.settings()) as first:
            assert smtp.stalled.get(timeout=PATIENCE_S) == step
            first.send_signal(signal.SIGKILL)
            first.wait(PATIENCE_S)
        with working(make_quick_worker(house.settings, house.ports)):
            wait_until(lambda: house.rows(case) == [("supervisor", "mail", *row)])

        assert len(drained(smtp.mails)) == mails

    @pytest.mark.parametrize(
        ("step", "row"), [("CONNECT", (True, False)), ("AFTER", (False, True))]
    )
    def test_a_kill_posts_nothing_twice(self, house, hook, step, row):
        """Killed before its body left, it is posted again; while it left, it is not."""
        house.at(OPENED, webhook=SignedWebhook(hook.settings()))
        case = house.open()
        house.at(OPENED + timedelta(hours=1))
        house.find_due()
        hook.stalls = step == "AFTER"
        with serving(SilentSink()) as silent:
            sink = hook if step == "AFTER" else silent
            with process(house, sink.settings()) as first:
                assert sink.stalled.get(timeout=PATIENCE_S) == step
                first.send_signal(signal.SIGKILL)
                first.wait(PATIENCE_S)
        with working(make_quick_worker(house.settings, house.ports)):
            wait_until(lambda: house.rows(case) == [("supervisor", "webhook", *row)])

        [(_, headers, body, _)] = drained(hook.posts)
        assert headers["Evidence-Delivery"] == json.loads(body)["id"]

    def test_a_mail_server_that_hangs_delays_no_webhook(self, house, smtp, hook):
        smtp.stalls_at = "RCPT"
        over = {"mailer": SMTPMailer(smtp.settings()), "webhook": SignedWebhook(hook.settings())}
        house.at(OPENED, **over)
        house.open()
        house.at(OPENED + timedelta(hours=1))
        house.find_due()
        with working(make_quick_worker(house.settings, house.ports)):
            assert smtp.stalled.get(timeout=PATIENCE_S) == "RCPT"
            hook.posts.get(timeout=PATIENCE_S)
            came_first = smtp.mails.empty()
            smtp.released.set()
            smtp.mails.get(timeout=PATIENCE_S)

        assert came_first


def values_of(kind):
    return dict.fromkeys(("number", "store", "platform", "reason", "about", "link"), "x") | {
        "kind": kind
    }


@contextmanager
def process(house, sink):
    packed = b64encode(pickle.dumps((house.settings, sink, house.ports.now.at))).decode()
    popen = subprocess.Popen(
        [sys.executable, __file__, packed], env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    try:
        yield popen
    finally:
        popen.kill()
        popen.wait(PATIENCE_S)


def wait_until(is_so):
    until = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.1)


if __name__ == "__main__":
    given, sink_at, stands_at = pickle.loads(b64decode(sys.argv[1]))  # noqa: S301 - by the test above
    sends = (
        {"mailer": SMTPMailer(sink_at)}
        if isinstance(sink_at, SMTPSettings)
        else {"webhook": SignedWebhook(sink_at)}
    )
    work_as_a_process(given, {**sends, "now": Watch(stands_at)})
