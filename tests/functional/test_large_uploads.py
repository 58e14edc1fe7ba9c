"""A large file flows through the PUT and the job with flat memory: in a process of its own."""

import hashlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from uuid import UUID

import pytest

ROOT = Path(__file__).parents[2]
LARGE_BYTES = int(os.environ.get("LARGE_BYTES", "300000000"))
CHUNK = bytes(1_000_000)


@pytest.fixture(scope="module")
def people(make_people):
    return make_people("Large", "ozon")


def test_memory_stays_flat(people, settings, run_jobs):
    case = people.agent.post(
        "/api/v1/cases",
        json={
            "store": people.store,
            "reason": "malicious_claim",
            "order_number": "1",
            "opened_at": "2026-11-21T12:02:00Z",
        },
    ).get_json()
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


def grown(settings, *arguments):
    """By how many bytes the process grew that did it."""
    done = subprocess.run(
        [sys.executable, __file__, *arguments],
        env=settings.child_env(os.environ) | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return int(done.stdout)


def main(what, which):
    import resource  # noqa: PLC0415 - only in the process of its own

    from evidence_service.app import create_app  # noqa: PLC0415 - likewise
    from evidence_service.bootstrap import build_ports  # noqa: PLC0415 - likewise
    from evidence_service.settings import Settings  # noqa: PLC0415 - likewise
    from evidence_service.usecases.assemble.ingest_upload import (  # noqa: PLC0415 - likewise
        ingest_upload,
    )

    def peak():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024

    settings = Settings.from_env(os.environ)
    ports = build_ports(settings)
    client = create_app(settings, ports).test_client()
    before = peak()
    if what == "put":
        with tempfile.TemporaryFile() as sparse:
            sparse.truncate(LARGE_BYTES)
            answer = client.put(which, input_stream=sparse, content_length=LARGE_BYTES)
        assert answer.status_code == 204, answer.data
    else:
        ingest_upload(UUID(which), ports=ports, progress=lambda _: None)
    sys.stdout.write(str(peak() - before))
    ports.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
