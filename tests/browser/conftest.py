"""The pages in a real Chromium, served on a thread by the same application as everywhere."""

import logging
import re
import secrets
import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
from playwright.sync_api import sync_playwright
from werkzeug.serving import make_server

from evidence_service.domain.access import Role
from evidence_service.usecases.administer.add_person import AddPerson, add_person
from evidence_service.usecases.administer.add_store import AddStore, add_store
from evidence_service.usecases.administer.authenticate import actor_of_email

PASSWORD = "a long enough password"
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
)
# A failed answer is written to the console by the browser itself; its status is looked at apart.
FAILED_ANSWER = re.compile("Failed to load resource")


@pytest.fixture(scope="session")
def address(app):
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


# Playwright keeps an event loop running in this thread: it must be gone before other tests start
# a worker, which has one of its own.
@pytest.fixture(scope="module")
def chromium():
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("no chromium here; install it to see the pages tested")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def do_jobs(run_jobs):
    """Do every job that waits; on a thread, for the browser's own loop runs on this one."""

    def do():
        with ThreadPoolExecutor(1) as pool:
            pool.submit(run_jobs).result()

    return do


@dataclass(frozen=True)
class Team:
    """A store, and the address of a person in each role; all have one password."""

    store: str
    emails: dict[Role, str]
    actors: dict[Role, object]


@pytest.fixture(scope="module")
def team(ports):
    unique = secrets.token_hex(4)
    store = add_store(AddStore(f"Browser {unique}", "ozon"), by=None, ports=ports)
    emails = {role: f"{role.value}.{unique}@example.com" for role in Role}
    for role, email in emails.items():
        command = AddPerson(email, frozenset({role}), (str(store.id),), PASSWORD)
        add_person(command, by=None, ports=ports)
    actors = {role: actor_of_email(email, ports=ports) for role, email in emails.items()}
    return Team(str(store.id), emails, actors)


@pytest.fixture
def sign_in(chromium, address, team):
    """A page of somebody who has signed in; what its console says is an error of the test."""
    contexts, said = [], []

    def hear(message):
        if message.type in {"error", "warning"} and not FAILED_ANSWER.match(message.text):
            said.append(message.text)

    def open_page(role, language="en", theme="light", **options):
        context = chromium.new_context(base_url=address, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", hear)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(f"/sign-in?lang={language}&theme={theme}")
        page.fill("[name=email]", team.emails[role])
        page.fill("[name=password]", PASSWORD)
        page.click("form button[type=submit]")
        page.wait_for_selector("nav")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert said == []
