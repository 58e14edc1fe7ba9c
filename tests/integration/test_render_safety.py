"""What strangers wrote is drawn as letters: it fetches, runs, stalls and breaks nothing.

Sources of the payloads: WeasyPrint's security notes (docs/first_steps.rst), its advisories of 61.2,
68.0, 69.0 and 70.0, and the render costs measured on 70.0.
"""

import io
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import fields, is_dataclass, replace
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import cycle

import pikepdf
import pypdfium2
import pytest
from bundle_corpus import START, FolderParts, evidence_id, make_content, make_corpus
from drawing import screenshot

from evidence_service.adapters import sandbox
from evidence_service.adapters.pdf import render_bundle
from evidence_service.adapters.pdf.result import RenderedBundle
from evidence_service.adapters.sandbox import sandboxed
from evidence_service.domain.bundle import (
    BundleFailed,
    ChatLine,
    Conversation,
    RenderCrashed,
    RenderOutOfMemory,
    StatedField,
)
from evidence_service.worker import make_worker

CANARY = "canary-7f3a91-read-from-disk"
JOB = "evidence_service.adapters.pdf.child"


@pytest.fixture
def canary(tmp_path):
    path = tmp_path / "canary.txt"
    path.write_text(CANARY)
    return path


@pytest.fixture
def listener():
    """An address, and the requests that came to it."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()


def fetch_vectors(http, file):
    """Markup and styles that make WeasyPrint ask for an address, where they are not letters."""
    return [
        vector.replace("URL", address)
        for address in (http, file)
        for vector in (
            "<img src='URL'>",
            "<link rel=stylesheet href='URL'>",
            "<style>@import url(URL);</style>",
            "<style>@import 'URL';</style>",
            "<p style='background:url(URL)'>",
            "<p style='content:url(URL)'>",
            "<li style='list-style-image:url(URL)'>",
            "<style>@font-face{font-family:x;src:url(URL)}</style>",
            "<style>@font-face{font-family:x;src:local('URL')}</style>",
            "<link rel=attachment href='URL'>",
            "<a rel=attachment href='URL'>a</a>",
            "<object data='URL'></object>",
            "<embed src='URL'>",
            "<svg><image href='URL'/></svg>",
            "<svg><use href='URL#a'/></svg>",
            "<base href='URL'>",
            "<body background='URL'>",
            "<style>@color-profile x{src:url(URL)}</style>",
            "<iframe src='URL'></iframe>",
            "<video poster='URL'></video>",
            "<input type=image src='URL'>",
            "<meta http-equiv=refresh content='0;url=URL'>",
            "<img src='data:image/svg+xml,<svg><image href=\"URL\"/></svg>'>",
            "<a href='javascript:fetch(\"URL\")'>go</a>",
            "<a href='URL'>go</a>",
        )
    ]


LITERALS = (
    "{{7*7}}",
    "{% for x in ().__class__.__base__.__subclasses__() %}{{x}}{% endfor %}",
    "${7*7}#{7*7}<%= 7*7 %>",
    "<script>alert(1)</script>",
    "</p></td></table><h1>Approved</h1>",
    "</style><style>*{display:none}</style>",
    "<a href='javascript:alert(1)'>x</a><a href='file:///etc/passwd'>y</a>",
    "&lt;b&gt; &amp;amp; &#60;i&#62;",
    "]]><!-- --> <![CDATA[ x ]]>",
)


def saying(texts, content):
    """The content with a text behind every string a person or a platform may have written.

    The texts follow each other, so that each stands in several places.
    """
    kept = {"language", "seller_language", "time_zone", "media_type", "sha256", "page_sha256"}
    kept |= {"level", "outcome", "lane", "status", "role", "kind", "page_media_type"}
    following = cycle(texts)

    def said(value):
        if isinstance(value, tuple):
            return tuple(map(said, value))
        if is_dataclass(value):
            changed = {
                field.name: said(getattr(value, field.name))
                for field in fields(value)
                if field.name not in kept
            }
            return replace(value, **changed)
        return f"{value} {next(following)}" if type(value) is str else value

    return said(content)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """A bundle with every section and one file of each way of placing, small."""
    folder = tmp_path_factory.mktemp("corpus")
    content, files = make_corpus(folder, screenshots=1, message_count=3, scan_count=2)
    return content, files


def draw(content, files, out, **over):
    return render_bundle(content, files, out, **({"progress": lambda _: None} | over))


def letters_of(path):
    """All words of the PDF without white space: lines are broken anywhere."""
    with pypdfium2.PdfDocument(path) as document:
        return "".join("".join(page.get_textpage().get_text_bounded().split()) for page in document)


def bytes_of(path):
    """Every stream and string of the PDF, decoded where it can be."""
    with pikepdf.open(path) as pdf:
        for thing in pdf.objects:
            if isinstance(thing, pikepdf.Stream):
                try:
                    yield thing.read_bytes()
                except pikepdf.PdfError:
                    yield thing.read_raw_bytes()
            yield thing.unparse() if not isinstance(thing, pikepdf.Stream) else b""


def links_of(path):
    with pikepdf.open(path) as pdf:
        return [
            str(link.A.URI)
            for page in pdf.pages
            for link in page.get("/Annots", [])
            if "/A" in link and "/URI" in link.A
        ]


# --- RN-01, RN-02, RN-03: what is written --------------------------------------------------


@pytest.fixture
def _no_walls():
    """As on a machine that has no bubblewrap; the answer to that is kept until it is cleared."""
    with pytest.MonkeyPatch.context() as machine:
        machine.setenv("PATH", "/nowhere")
        sandbox.is_walled.cache_clear()
        assert not sandbox.is_walled()
    yield
    sandbox.is_walled.cache_clear()


@pytest.fixture(params=["behind walls", "without walls"])
def _walls(request):
    """Without them the escaping alone must hold."""
    if request.param == "without walls":
        request.getfixturevalue("_no_walls")


@pytest.mark.usefixtures("_walls")
def test_nothing_that_is_written_is_fetched(corpus, canary, listener, tmp_path):
    http, asked = listener
    content, files = corpus

    draw(saying(fetch_vectors(http, canary.as_uri()), content), files, tmp_path / "b.pdf")

    assert asked == []
    assert not any(CANARY.encode() in data for data in bytes_of(tmp_path / "b.pdf"))
    assert links_of(tmp_path / "b.pdf") == []
    with pikepdf.open(tmp_path / "b.pdf") as pdf:
        assert list(pdf.attachments) == ["manifest.json"]


FETCHES_ALL = """
import sys
from weasyprint import HTML
from weasyprint.urls import URLFetcher
HTML(string=open(sys.argv[1]).read(), url_fetcher=URLFetcher()).write_pdf(sys.argv[2])
"""


def test_walls_hold_where_everything_may_be_fetched(canary, listener, tmp_path):
    """Defence in depth: the library's own fetcher, which reads files and asks addresses."""
    if not sandbox.is_walled():
        pytest.skip("bubblewrap does not work here; children have resource limits alone")
    http, asked = listener
    inside = tmp_path / "inside"
    inside.mkdir()
    page, out = inside / "page.html", inside / "b.pdf"
    attached = f"<link rel=attachment href='{canary.as_uri()}'>"
    page.write_text(attached + "".join(fetch_vectors(http, canary.as_uri())))
    command = [sys.executable, "-I", "-c", FETCHES_ALL, str(page), str(out)]

    subprocess.run(
        sandboxed(command, writable=[inside]), check=True, capture_output=True, timeout=60
    )

    assert asked == []
    assert not any(CANARY.encode() in data for data in bytes_of(out))
    # The proof can fail: outside, the same program does both.
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    assert asked != []
    assert any(CANARY.encode() in data for data in bytes_of(out))


def test_markup_and_templates_are_printed_as_they_were_written(corpus, tmp_path):
    content, files = corpus
    lines = tuple(
        ChatLine(author="", role="buyer", sent_at=START, text=literal) for literal in LITERALS
    )
    chat = Conversation(evidence_id=evidence_id(4), channel="Ozon", lines=lines)
    hostile = replace(
        content,
        conversations=(chat,),
        statement=(StatedField(title=LITERALS[0], text=LITERALS[3]),),
        exhibits=(replace(content.exhibits[0], caption=LITERALS[1]), *content.exhibits[1:]),
    )

    draw(hostile, files, tmp_path / "b.pdf")

    printed = letters_of(tmp_path / "b.pdf")
    assert [one for one in LITERALS if "".join(one.split()) not in printed] == []
    assert printed.count("".join(LITERALS[1].split())) >= 2
    assert links_of(tmp_path / "b.pdf") == []


# --- RN-04, RN-05: what is large -----------------------------------------------------------


@contextmanager
def no_child_left():
    yield
    listed = subprocess.run(
        ["ps", "-o", "args=", "--ppid", str(os.getpid())],
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    assert JOB not in listed


def chatting(*texts):
    path_less = ChatLine(author="", role="buyer", sent_at=START, text="")
    lines = tuple(replace(path_less, text=text) for text in texts)
    return Conversation(evidence_id=evidence_id(4), channel="Ozon", lines=lines)


HEAVY = {
    "combining marks": " ".join("a" + "\u0301" * 2000 for _ in range(50)),
    "families": "\U0001f468\u200d\U0001f469\u200d\U0001f467" * 1000,
    "one long word": "x" * 100_000,
    "one long paragraph": "word " * 20_000,
    "both directions": "\u202e\u2066\u05d0a" * 5000,
    "nested markup": "<div style='display:flex'>" * 5000,
    "no line ends": "\u00a0" * 50_000,
    "many line ends": "\n" * 20_000,
    "control characters": "".join(map(chr, range(1, 32))) * 500,
}


@pytest.mark.nightly
@pytest.mark.parametrize("text", HEAVY.values(), ids=HEAVY)
def test_a_heavy_message_ends_in_a_result_or_a_kill(corpus, tmp_path, text):
    content, files = corpus
    started = time.monotonic()

    with no_child_left():
        try:
            draw(
                replace(content, conversations=(chatting(text),)),
                files,
                tmp_path / "b.pdf",
                timeout_s=30,
            )
        except BundleFailed as failure:
            assert failure.code in {"render_timed_out", "render_out_of_memory"}  # noqa: PT017 - one of two ends

    assert time.monotonic() - started < 35


def test_a_message_that_stalls_the_drawing_is_killed(corpus, tmp_path):
    content, files = corpus
    started = time.monotonic()

    with no_child_left(), pytest.raises(BundleFailed) as caught:
        draw(
            replace(content, conversations=(chatting("word " * 400_000),)),
            files,
            tmp_path / "b.pdf",
            timeout_s=4,
        )

    assert caught.value.code in {"render_timed_out", "render_out_of_memory"}
    assert time.monotonic() - started < 20
    assert not (tmp_path / "b.pdf").exists()


@pytest.mark.nightly
def test_ten_thousand_messages_are_bounded(tmp_path):
    content, files = make_corpus(tmp_path, screenshots=1, message_count=10_000, scan_count=5)
    started = time.monotonic()

    rendered = draw(content, files, tmp_path / "b.pdf")

    assert time.monotonic() - started < 300
    assert rendered.child_peak_bytes < 512_000_000


# --- RN-06, RN-08: what goes wrong ---------------------------------------------------------


class Drawer:
    """A program that draws nothing: something happens instead, and when it began is written."""

    def __init__(self, happening, log):
        self._log = log
        code = (
            "import os, signal, sys, time\n"
            f"from {JOB} import main\n"
            "def happen(job):\n"
            f"    with open({str(log)!r}, 'a') as log: log.write(f'{{time.time()}} ')\n"
            "    try:\n"
            f"        {happening}\n"
            "    finally:\n"
            f"        with open({str(log)!r}, 'a') as log: log.write(f'{{time.time()}}\\n')\n"
            "sys.exit(main(sys.argv[1], happen))\n"
        )
        self.command = (sys.executable, "-P", "-c", code)

    def begun(self):
        return self._log.exists()

    @property
    def runs(self):
        lines = self._log.read_text().splitlines() if self._log.exists() else []
        return [tuple(map(float, line.split())) for line in lines]


@pytest.fixture
def make_drawer(_no_walls, tmp_path):
    """Without walls, so that it can write when it ran."""
    return lambda happening: Drawer(happening, tmp_path / "runs")


@pytest.fixture
def jobs_drawn_by(settings, ports):
    """Do every job that waits, with another drawer."""

    def make(drawer):
        renderer = partial(render_bundle, drawer=drawer.command)
        return make_worker(settings, replace(ports, renderer=renderer)).run_until_idle

    return make


HAPPENINGS = {
    "raise RecursionError('too deep')": BundleFailed,
    "raise ZeroDivisionError('font-size')": RenderCrashed,
    "raise MemoryError": RenderOutOfMemory,
    "raise OSError('no file')": RenderCrashed,
    "os.kill(os.getpid(), signal.SIGKILL)": RenderCrashed,
    "os._exit(0)": RenderCrashed,
}


@pytest.mark.parametrize(("happening", "kind"), HAPPENINGS.items())
def test_what_breaks_the_child_is_a_failure_with_a_reason(make_drawer, tmp_path, happening, kind):
    drawer = make_drawer(happening)

    with no_child_left(), pytest.raises(kind) as caught:
        draw(make_content(), {}, tmp_path / "b.pdf", drawer=drawer.command)

    assert caught.value.code
    assert len(drawer.runs) == 1
    assert list(tmp_path.glob("*.pdf")) == []


def test_a_link_among_the_parts_is_not_followed(make_drawer, canary, tmp_path):
    parts = FolderParts(tmp_path / "kept")
    parts.folder.mkdir()
    drawer = make_drawer(
        "open(job['parts'] + '/drawn', 'w').close();"
        f" os.symlink({str(canary)!r}, job['parts'] + '/link'); raise MemoryError"
    )

    with pytest.raises(RenderOutOfMemory):
        draw(make_content(), {}, tmp_path / "b.pdf", parts=parts, drawer=drawer.command)

    assert parts.drawn == ["drawn"]


def test_a_part_is_not_written_where_a_link_leads(make_drawer, tmp_path):
    theirs = tmp_path / "theirs"
    theirs.write_text("untouched")
    parts = FolderParts(tmp_path / "kept")
    parts.folder.mkdir()
    (parts.folder / "one").write_text("a part")
    drawer = make_drawer(
        f"os.symlink({str(theirs)!r}, job['parts'] + '/one');"
        f" sys.modules[{JOB!r}]._ask_for(['one']);"
        " raise (MemoryError if open(job['parts'] + '/one').read() == 'a part' else OSError)"
    )

    with pytest.raises(RenderOutOfMemory):
        draw(make_content(), {}, tmp_path / "b.pdf", parts=parts, drawer=drawer.command)

    assert theirs.read_text() == "untouched"


def test_a_link_for_a_bundle_is_no_bundle(make_drawer, canary, tmp_path):
    done = RenderedBundle(
        pages=1, size_bytes=1, sha256="0" * 64, index=(), missing_glyphs=(), kept=()
    ).to_plain()
    drawer = make_drawer(f"os.symlink({str(canary)!r}, job['out']); return {done!r}")

    with pytest.raises(RenderCrashed):
        draw(make_content(), {}, tmp_path / "b.pdf", drawer=drawer.command)

    assert list(tmp_path.glob("*.pdf")) == []


@pytest.fixture(scope="module")
def people(make_people):
    return make_people("Safe", "ozon")


@pytest.fixture
def approved(people):
    """The address of an approved case with three pieces of evidence."""
    body = {
        "store": people.store,
        "reason": "malicious_claim",
        "order_number": "39487512-0042-1",
        "opened_at": "2026-11-21T12:02:00+03:00",
    }
    case_id = people.agent.post("/api/v1/cases", json=body).get_json()["id"]
    url = f"/api/v1/cases/{case_id}"
    for number in range(3):
        people.agent.post(
            f"{url}/evidence",
            data={
                "file": (io.BytesIO(screenshot(f"{case_id} {number}")), f"{number}.png"),
                "kind": "order_screenshot",
            },
        )
    for finding in people.agent.get(f"{url}/checklist").get_json()["findings"]:
        if finding["level"] == "required" and finding["outcome"] != "met":
            waiver = f"{url}/checklist/{finding['requirement']}/waiver"
            people.agent.post(waiver, json={"reason": "not there"})
    people.agent.post(f"{url}/hand-in")
    decided = people.reviewer.post(f"{url}/review", json={"decision": "approve", "comment": ""})
    assert decided.get_json()["state"] == "approved"
    return url


@pytest.mark.parametrize("happening", ["raise ZeroDivisionError", "os._exit(9)"])
def test_a_broken_drawing_is_a_failed_bundle_and_tried_at_most_twice_again(
    people, approved, make_drawer, jobs_drawn_by, happening
):
    drawer = make_drawer(happening)
    asked = people.agent.post(f"{approved}/bundles", json={}).get_json()

    jobs_drawn_by(drawer)()

    bundle = people.agent.get(f"{approved}/bundles/{asked['id']}").get_json()
    assert (bundle["state"], bundle["error"]) == ("failed", "render_crashed")
    assert 1 <= len(drawer.runs) <= 3
    content = people.agent.get(f"{approved}/bundles/{asked['id']}/content")
    assert content.status_code == 409


@pytest.mark.nightly
def test_fifty_exports_at_once_are_drawn_two_at_a_time(
    people, approved, make_drawer, jobs_drawn_by
):
    drawer = make_drawer("time.sleep(0.1)")
    for _ in range(50):
        people.agent.post(f"{approved}/bundles", json={"again": True})
    worker = threading.Thread(target=jobs_drawn_by(drawer))
    worker.start()
    answers = []
    while worker.is_alive():
        answers.append(people.agent.get(approved).status_code)
        worker.join(0.5)

    at_once = [sum(start <= at < end for start, end in drawer.runs) for at, _ in drawer.runs]
    assert len(at_once) >= 50
    assert max(at_once) <= 2
    assert set(answers) == {200}


# --- RN-09: what was approved --------------------------------------------------------------


def test_what_is_printed_and_attached_is_what_was_approved(people, approved, run_jobs, tmp_path):
    items = people.agent.get(f"{approved}/evidence").get_json()["items"]
    asked = people.agent.post(f"{approved}/bundles", json={}).get_json()
    run_jobs()
    path = tmp_path / "b.pdf"
    path.write_bytes(people.agent.get(f"{approved}/bundles/{asked['id']}/content").data)

    with pikepdf.open(path) as pdf:
        manifest = json.loads(pdf.attachments["manifest.json"].get_file().read_bytes())
    with pypdfium2.PdfDocument(path) as document:
        text = "\n".join(page.get_textpage().get_text_bounded() for page in document)
    printed = {a + b for a, b in re.findall(r"\b([0-9a-f]{32})\s*([0-9a-f]{32})\b", text)}
    approved_hashes = {item["sha256"] for item in items}
    assert len(approved_hashes) == 3
    assert {entry["sha256"] for entry in manifest["exhibits"]} == approved_hashes
    assert printed == approved_hashes


# --- a killed worker -----------------------------------------------------------------------


SLOW_WORKER = """
import os, sys
from dataclasses import replace
from functools import partial
from evidence_service.adapters.pdf import render_bundle
from evidence_service.bootstrap import build_ports
from evidence_service.settings import Settings
from evidence_service.worker import make_worker
settings = Settings.from_env(os.environ)
ports = build_ports(settings)
renderer = partial(render_bundle, drawer=sys.argv[1:])
make_worker(settings, replace(ports, renderer=renderer)).run()
"""


@contextmanager
def process_of(settings, *command, **environment):
    process = subprocess.Popen(
        [sys.executable, *command],
        env=settings.child_env(os.environ) | environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def wait_for(what, most_s=60):
    deadline = time.monotonic() + most_s
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.2)


@pytest.mark.nightly
def test_a_worker_killed_while_drawing_leaves_no_half_and_another_ends_it(
    people, approved, settings, make_drawer
):
    drawer = make_drawer("time.sleep(60)")
    asked = people.agent.post(f"{approved}/bundles", json={}).get_json()

    def state():
        return people.agent.get(f"{approved}/bundles/{asked['id']}").get_json()["state"]

    with process_of(settings, "-c", SLOW_WORKER, *drawer.command, PATH="/nowhere") as first:
        wait_for(drawer.begun)
        assert state() == "rendering"
        with process_of(settings, "-m", "evidence_service.cli", "worker"):
            first.send_signal(signal.SIGKILL)
            killed = time.monotonic()
            wait_for(lambda: state() == "ready")
            waited = time.monotonic() - killed

    bundles = people.agent.get(f"{approved}/bundles").get_json()["items"]
    assert waited < 30
    assert [bundle["state"] for bundle in bundles] == ["ready"]
