"""What an upload costs beside the same bytes sent by bare boto3 to the same server, as a ratio.

    python tests/bench/bench_upload.py [files] [senders]

30 phone screenshots of 2 MB by default, sent one after the other and by four at once, each time
both ways in turns of a few files, since machines differ and are used by others too. The service
runs as its users run it: gunicorn, PostgreSQL, the object store and the worker are processes of
their own. Asked for is half of boto3's throughput.
"""

from __future__ import annotations

import base64
import hashlib
import http.client
import io
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

from PIL import Image

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT)]

from evidence_service.bootstrap import s3_config
from evidence_service.settings import Settings
from evidence_service.supervisor import engines
from storage.processes import free_port
from storage.store import make_client

A_TURN = 5
Send = Callable[[bytes], None]
COMMAND = [sys.executable, "-m", "evidence_service.cli"]


class Service:
    def __init__(self, data_dir: Path) -> None:
        self.port = free_port()
        self._data = f"--data-dir={data_dir}"
        self._up = subprocess.Popen(
            [*COMMAND, "up", "--no-demo", f"--port={self.port}", self._data],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._up.stdout is not None
        self._up.stdout.readline()
        self._run("store", "add", "Bench", "--platform", "ozon")
        self._run("user", "add", "a@example.com", "--role", "agent", "--store", "Bench")
        self._token = self._run("token", "issue", "a@example.com")

    def _run(self, *words: str) -> str:
        done = subprocess.run(
            [*COMMAND, *words, self._data],
            cwd=ROOT,
            input="",
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    def stop(self) -> None:
        self._up.terminate()
        self._up.wait()

    def ask(
        self, connection: http.client.HTTPConnection, path: str, body: bytes, kind: str
    ) -> dict[str, str]:
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": kind}
        connection.request("POST", f"/api/v1{path}", body, headers)
        answer = connection.getresponse()
        content = answer.read()
        assert answer.status == 201, content
        found: dict[str, str] = json.loads(content)
        return found

    def open_case(self) -> str:
        body = {
            "store": "Bench",
            "reason": "malicious_claim",
            "order_number": "1",
            "opened_at": "2026-11-21T12:02:00Z",
        }
        connection = http.client.HTTPConnection("127.0.0.1", self.port)
        case = self.ask(connection, "/cases", json.dumps(body).encode(), "application/json")
        connection.close()
        return case["id"]


def through_the_api(service: Service) -> Send:
    """Sends a file into a case of its own, each sender on a connection of its own."""
    case_id = service.open_case()
    local = threading.local()

    def send(content: bytes) -> None:
        if not hasattr(local, "connection"):
            local.connection = http.client.HTTPConnection("127.0.0.1", service.port)
        boundary = uuid4().hex
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.png"'
        body = head.encode() + b"\r\n\r\n" + content + f"\r\n--{boundary}--\r\n".encode()
        kind = f"multipart/form-data; boundary={boundary}"
        service.ask(local.connection, f"/cases/{case_id}/evidence", body, kind)

    return send


def bare(settings: Settings) -> Send:
    """The same by boto3: checksum, write-once and the key given as we do."""
    client = make_client(s3_config(settings.s3))
    prefix = f"cases/{uuid4()}/evidence"

    def send(content: bytes) -> None:
        digest = hashlib.sha256(content)
        client.put_object(
            Bucket=settings.s3.bucket,
            Key=f"{prefix}/{digest.hexdigest()}",
            Body=io.BytesIO(content),
            ChecksumSHA256=base64.b64encode(digest.digest()).decode(),
            IfNoneMatch="*",
            SSECustomerAlgorithm="AES256",
            SSECustomerKey=bytes(32),
        )

    return send


def screenshot() -> bytes:
    """As a phone saves one: 1170 by 2532 points, 2 MB."""
    picture = Image.new("RGB", (1170, 2532), "#f5f4f0")
    picture.paste(Image.frombytes("RGB", (1170, 560), os.urandom(1170 * 560 * 3)), (0, 400))
    out = io.BytesIO()
    picture.save(out, "PNG", compress_level=1)
    return out.getvalue()


def _timed(send: Send, files: list[bytes], senders: int) -> float:
    started = time.perf_counter()
    with ThreadPoolExecutor(senders) as pool:
        list(pool.map(send, files))
    return time.perf_counter() - started


def compare(service: Service, settings: Settings, count: int, senders: int) -> None:
    ours, theirs = through_the_api(service), bare(settings)
    for send in (ours, theirs):
        _timed(send, [screenshot()], 1)  # connections, and the child that reads
    ours_s = theirs_s = sent_mb = 0.0
    for _ in range(0, count, A_TURN):
        files = [screenshot() for _ in range(A_TURN)]
        sent_mb += sum(map(len, files)) / 1e6
        ours_s += _timed(ours, files, senders)
        theirs_s += _timed(theirs, files, senders)
    speed, ratio = sent_mb / ours_s, theirs_s / ours_s
    print(f"{senders:>8}{ours_s:>10.2f}{theirs_s:>10.2f}{speed:>8.1f}{ratio:>8.2f}")


def main(count: int, senders: int) -> None:
    with tempfile.TemporaryDirectory(prefix="evidence-bench-") as made:
        Path(made).chmod(0o755)
        data_dir = Path(made) / "data"
        service = Service(data_dir)
        try:
            wanted = Settings.from_env({"EVIDENCE_DATA_DIR": str(data_dir)})
            with engines(wanted) as settings:
                print(f"{'senders':>8}{'API, s':>10}{'boto3, s':>10}{'MB/s':>8}{'ratio':>8}")
                for at_once in (1, senders):
                    compare(service, settings, count, at_once)
        finally:
            service.stop()


if __name__ == "__main__":
    main(
        int(sys.argv[1]) if len(sys.argv) > 1 else 30,
        int(sys.argv[2]) if len(sys.argv) > 2 else 4,
    )
