"""A large file flows through the PUT and the job with flat memory: in a process of its own."""

import hashlib
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

ROOT = Path(__file__).parents[2]
LARGE_BYTES = int(os.environ.get("LARGE_BYTES", "120000000"))
CHUNK = bytes(1_000_000)
CHAT_MESSAGES = 100_000


@pytest.fixture(scope="module")
def people(make_people):
    return make_people("Large", "ozon")


@pytest.fixture(scope="module")
def case(people):
    body = {
        "store": people.store,
        "reason": "malicious_claim",
        "order_number": "1",
        "opened_at": "2026-11-21T12:02:00Z",
    }
    return people.agent.post("/api/v1/cases", json=body).get_json()


def test_memory_stays_flat(people, case, settings, run_jobs):
    sha256 = hashlib.sha256()
    for _ in range(LARGE_BYTES // len(CHUNK)):
        sha256.update(CHUNK)
    uploads = f"/api/v1/cases/{case['id']}/uploads"
    announced = {
        "file_name": "packing.mp4",
        "size_bytes": LARGE_BYTES,
        "sha256": sha256.hexdigest(),
        "kind": "packing_video",
    }
    started = people.agent.post(uploads, json=announced).get_json()

    assert grown(settings, "put", started["url"]) < 64_000_000
    item = people.agent.post(f"{uploads}/{started['id']}/complete", json={}).get_json()
    assert grown(settings, "ingest", started["id"]) < 64_000_000

    run_jobs()
    found = people.agent.get(f"/api/v1/cases/{case['id']}/evidence/{item['id']}").get_json()
    assert (found["state"], found["kind"]) == ("accepted", "packing_video")
    assert found["warnings"] == ["too_large_to_read"]


@pytest.mark.nightly
def test_a_long_chat_leaves_memory_flat(people, case, settings):
    short, long = (sent_chat(people, case, count) for count in (100, CHAT_MESSAGES))

    assert grown(settings, "ingest", short["id"], long["id"]) < 16_000_000
    item = people.agent.get(f"/api/v1/cases/{case['id']}/evidence/{long['evidence_id']}").get_json()
    assert (item["state"], item["reader"]) == ("accepted", "whatsapp")
    (_, chat) = people.agent.get(f"/api/v1/cases/{case['id']}/transcript").get_json()["items"]
    assert len(chat["messages"]) == CHAT_MESSAGES
    assert chat["messages"][-1]["text"] == f"Where is it? 😀 {CHAT_MESSAGES - 1}"


def sent_chat(people, case, count):
    """The upload of a chat, announced, sent and complete."""
    lines = (f"[20/11/2026, 09:00:00] Ann: Where is it? 😀 {n}\n" for n in range(count))
    content = "".join(lines).encode()
    uploads = f"/api/v1/cases/{case['id']}/uploads"
    announced = {
        "file_name": "chat.txt",
        "size_bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    started = people.agent.post(uploads, json=announced).get_json()
    people.agent.put(started["url"], data=content)
    item = people.agent.post(f"{uploads}/{started['id']}/complete", json={}).get_json()
    return {"id": started["id"], "evidence_id": item["id"]}


def grown(settings, *arguments):
    """By how many bytes the process grew that did the last of it."""
    done = subprocess.run(
        [sys.executable, __file__, *arguments],
        env=settings.child_env(os.environ) | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return int(done.stdout)


def main(what, *which):
    from evidence_service.adapters.reading import (  # noqa: PLC0415 - only in the process of its own
        ChildReader,
    )
    from evidence_service.app import create_app  # noqa: PLC0415 - likewise
    from evidence_service.bootstrap import build_ports  # noqa: PLC0415 - likewise
    from evidence_service.settings import Settings  # noqa: PLC0415 - likewise
    from evidence_service.usecases.assemble.ingest_upload import (  # noqa: PLC0415 - likewise
        ingest_upload,
    )

    def peak():
        # Of this program alone: what getrusage tells begins with the size of whoever started it.
        return int(re.search(r"VmHWM:\s*(\d+)", Path("/proc/self/status").read_text())[1]) * 1024

    settings = Settings.from_env(os.environ)
    # However busy the machine is.
    ports = replace(build_ports(settings), reader=ChildReader(cpu_s=100))
    client = create_app(settings, ports).test_client()
    for one in which:
        Path("/proc/self/clear_refs").write_text("5")  # the peak is what there is now
        before = peak()
        if what == "put":
            with tempfile.TemporaryFile() as sparse:
                sparse.truncate(LARGE_BYTES)
                answer = client.put(one, input_stream=sparse, content_length=LARGE_BYTES)
            assert answer.status_code == 204, answer.data
        else:
            ingest_upload(UUID(one), ports=ports, progress=lambda _: None)
    sys.stdout.write(str(peak() - before))
    ports.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
