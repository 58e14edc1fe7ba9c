"""Every rule of every format broken once: refused or read, within its limits, and nothing crashes.

A child that its limits end is a file that cannot be read. One that ends on a signal of its own is
a fault, whatever the file.
"""

import json
import signal
import subprocess
import sys

import malformed
import pytest

from evidence_service.adapters.reading import ChildReader
from evidence_service.domain.choices import NOTHING_CHOSEN
from evidence_service.domain.evidence import Shape
from evidence_service.domain.reading import of_parts
from evidence_service.readers.sniff import HEAD_BYTES, PDF, sniff

# The readers' own child, forked for each task that a line names: what it answered, what ended it.
TRY = r"""
import json, os, sys
from evidence_service.adapters.reading_child import _answer
for line in sys.stdin:
    path, request = json.loads(line)
    file = os.open(path, os.O_RDONLY)
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _answer(request, writing, file)
    os.close(writing)
    os.close(file)
    with os.fdopen(reading, "rb") as answer:
        content = answer.read()
    _, status, usage = os.wait4(child, 0)
    said = content[8:-8].decode("latin-1") if content.endswith(bytes(8)) else None
    print(json.dumps([said, os.WTERMSIG(status), usage.ru_utime + usage.ru_stime]), flush=True)
"""
SECONDS = 3
LIMITS = {"cpu_s": SECONDS, "memory_bytes": 768 << 20}
OUT_OF_TIME = {signal.SIGALRM, signal.SIGXCPU, signal.SIGKILL}
# How a library ends that finds no memory, and does not mean to go on.
OUT_OF_MEMORY = {signal.SIGABRT, signal.SIGTRAP, signal.SIGILL}
PLACE = [[1, 0, 0, 5, 5]]


@pytest.fixture(scope="module")
def child():
    with subprocess.Popen(
        [sys.executable, "-c", TRY],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        bufsize=1,
    ) as process:
        yield process
        process.stdin.close()


@pytest.fixture
def answers(child, tmp_path):
    """What comes of a file: of each task the answer, the signal that ended it, and CPU seconds."""

    def ask(content, only=None):
        path = tmp_path / "malformed"
        path.write_bytes(content)
        media_type = sniff(content[:HEAD_BYTES])
        asked = {
            "read": {"task": "read", "known": [], "choices": NOTHING_CHOSEN.to_plain()},
            "sizes": {"task": "sizes"},
            "redacted": {"task": "redacted", "rectangles": PLACE},
            **{shape.value: {"task": "shaped", "shape": shape.value} for shape in Shape},
        }
        if media_type == PDF:
            asked |= {f"page {n}": {"task": "page", "number": n} for n in (0, 1, 2, 9**9)}
        found = {}
        for name in only or asked:
            request = LIMITS | {"media_type": media_type} | asked[name]
            child.stdin.write(json.dumps([str(path), request]) + "\n")
            found[name] = json.loads(child.stdout.readline())
        return found

    return ask


def is_read(found):
    said = found["read"][0]
    return said is not None and of_parts(iter([said.encode("latin-1")])).reader is not None


def crashes(found, allowed):
    return {name: ended for name, (_, ended, _) in found.items() if ended not in {0, *allowed}}


def dawdles(found):
    """The limit is of whole seconds, and the kernel's patience of one more."""
    return {name: spent for name, (_, _, spent) in found.items() if spent > SECONDS + 1}


FILES = malformed.PICTURES | malformed.DOCUMENTS


@pytest.mark.parametrize("content", FILES.values(), ids=FILES)
def test_reading_a_malformed_file_crashes_nothing(answers, content):
    found = answers(content, only=["read"])

    assert crashes(found, allowed=OUT_OF_TIME | OUT_OF_MEMORY) == {}
    assert dawdles(found) == {}


@pytest.mark.nightly
@pytest.mark.parametrize("content", malformed.PICTURES.values(), ids=malformed.PICTURES)
def test_a_malformed_picture_is_refused_or_shown(answers, content):
    found = answers(content)

    assert crashes(found, allowed=OUT_OF_TIME) == {}
    assert dawdles(found) == {}
    if is_read(found):
        assert [name for name, (said, ended, _) in found.items() if not said and not ended] == []


# Pages that are not there.
NOT_THERE = {"page 0", "page 2", f"page {9**9}"}


@pytest.mark.nightly
@pytest.mark.parametrize("content", malformed.DOCUMENTS.values(), ids=malformed.DOCUMENTS)
def test_a_malformed_document_is_refused_or_shown(answers, content):
    found = answers(content)

    assert crashes(found, allowed=OUT_OF_TIME | OUT_OF_MEMORY) == {}
    assert dawdles(found) == {}
    if is_read(found):
        silent = {name for name, (said, ended, _) in found.items() if not said and not ended}
        assert silent <= NOT_THERE


WHOLE = {name: malformed.whole(name) for name in malformed.FORMATS} | {"PDF": malformed.PLAIN}


def spoil(answers, content, seeds):
    for seed in seeds:
        found = answers(malformed.spoiled(content, seed))
        assert crashes(found, allowed=OUT_OF_TIME) == {}, seed
        assert dawdles(found) == {}, seed


@pytest.mark.parametrize("content", WHOLE.values(), ids=WHOLE)
def test_spoiled_bytes_crash_nothing(answers, content):
    spoil(answers, content, range(2))


@pytest.mark.nightly
@pytest.mark.parametrize("content", WHOLE.values(), ids=WHOLE)
def test_many_spoiled_bytes_crash_nothing(answers, content):
    spoil(answers, content, range(2, 300))


def test_three_of_four_malformed_pictures_are_refused(answers):
    """The others are flawed beside their pixels, or in what no decoder asks for."""
    contents = malformed.PICTURES.values()
    refused = [one for one in contents if not is_read(answers(one, only=["read"]))]

    assert len(refused) >= 0.75 * len(contents)


def test_the_service_s_own_reader_outlives_them_all(tmp_path):
    path = tmp_path / "malformed"
    reader = ChildReader(cpu_s=SECONDS)
    for name in ("filter: Flate of 300 MB", "colours in themselves", "table: a head alone"):
        path.write_bytes(malformed.DOCUMENTS[name])
        found = reader.read(path)
        assert found.is_unparseable or found.reader == "pdf"
        reader.page(path, 1)
    path.write_bytes(malformed.PLAIN)

    assert reader.read(path).reader == "pdf"
    assert reader.page(path, 1)
    assert reader.page(path, 2) is None
    reader.close()
