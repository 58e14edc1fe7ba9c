"""The service as processes: started, asked over a real socket, killed at any moment."""

import hashlib
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from contextlib import suppress
from pathlib import Path

import pytest
from drawing import screenshot

from storage.processes import Running, free_port

CHECKOUT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "evidence_service.cli"]
TRACKING = {
    "tracking_number": "UC418827362CN",
    "slug": "cainiao",
    "tag": "Delivered",
    "subtag": "Delivered_001",
    "checkpoints": [
        {
            "tag": "Delivered",
            "subtag": "Delivered_001",
            "message": "Handed over",
            "location": "Yekaterinburg",
            "checkpoint_time": "2026-11-20T13:02:00+05:00",
        }
    ],
}
CHAT = {
    "has_next": False,
    "messages": [
        {
            "message_id": "3000000000800001",
            "user": {"id": "1", "type": "Customer"},
            "created_at": "2026-11-20T09:00:00Z",
            "data": ["Забрала, спасибо"],
        }
    ],
}


class Service:
    """`evidence up` in a data folder of its own, with a store and two people."""

    def __init__(self, data_dir):
        self.data_dir = data_dir
        self.port = free_port()
        self.process = None
        self.tokens = {}

    def start(self):
        self.process = subprocess.Popen(
            [*COMMAND, "up", "--no-demo", f"--port={self.port}", f"--data-dir={self.data_dir}"],
            cwd=CHECKOUT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        line = self.process.stdout.readline()
        assert line == f"ready http://127.0.0.1:{self.port}\n", self.process.stderr.read()

    def stop(self):
        self.process.terminate()
        status = self.process.wait(30)
        self.process.stdout.close()
        self.process.stderr.close()
        return status

    def command(self, *words, given=""):
        return subprocess.run(
            [*COMMAND, *words, f"--data-dir={self.data_dir}"],
            cwd=CHECKOUT,
            input=given,
            capture_output=True,
            text=True,
            check=False,
        )

    def settle(self):
        """Make a store and its people, by the commands an operator uses."""
        assert self.command("store", "add", "Nordlicht", "--platform", "ozon").returncode == 0
        for role in ("agent", "reviewer"):
            email = f"{role}@example.com"
            added = self.command("user", "add", email, "--role", role, "--store", "Nordlicht")
            assert added.returncode == 0, added.stderr
            issued = self.command("token", "issue", email)
            self.tokens[role] = issued.stdout.strip()

    def processes(self):
        """Every process of the service: ours, and what works in the data folder."""
        found = {self.process.pid}
        for entry in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                if (entry / "cwd").readlink().is_relative_to(self.data_dir):
                    found.add(int(entry.name))
        return [running for pid in found if (running := Running.of(pid))]

    def kill_everything(self):
        doomed = self.processes()
        for one in doomed:
            one.send(signal.SIGKILL)
        self.process.wait()
        self.process.stdout.close()
        self.process.stderr.close()
        for one in doomed:
            assert one.wait(10)

    def ask(self, method, path, body=None, role="agent", headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            sent = {"Authorization": f"Bearer {self.tokens[role]}"} | (headers or {})
            if isinstance(body, dict):
                body, sent["Content-Type"] = json.dumps(body).encode(), "application/json"
            connection.request(method, f"/api/v1{path}", body, sent)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def json(self, method, path, body=None, role="agent"):
        status, answer = self.ask(method, path, body, role)
        return status, json.loads(answer)

    def upload(self, case_id, content, name, **fields):
        boundary = uuid.uuid4().hex
        head = "".join(
            f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'
            for field, value in fields.items()
        )
        head += (
            f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        )
        body = head.encode() + content + f"\r\n--{boundary}--\r\n".encode()
        kind = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        status, answer = self.ask("POST", f"/cases/{case_id}/evidence", body, headers=kind)
        return status, json.loads(answer)

    def open_case(self):
        body = {
            "store": "Nordlicht",
            "reason": "malicious_claim",
            "order_number": "39487512-0042-1",
            "opened_at": "2026-11-21T12:02:00+03:00",
        }
        status, case = self.json("POST", "/cases", body)
        assert status == 201, case
        return case["id"]

    def open_approved_case(self):
        case_id = self.open_case()
        for content, name, fields in (
            (screenshot("Заказ"), "order.png", {"kind": "order_screenshot"}),
            (json.dumps(TRACKING).encode(), "track.json", {}),
            (json.dumps(CHAT).encode(), "chat.json", {}),
        ):
            assert self.upload(case_id, content, name, **fields)[0] == 201
        assert self.json("POST", f"/cases/{case_id}/hand-in")[0] == 200
        decision = {"decision": "approve", "comment": ""}
        assert self.json("POST", f"/cases/{case_id}/review", decision, "reviewer")[0] == 200
        return case_id


@pytest.fixture(scope="module")
def folder():
    """A folder with a space and Chinese letters in its name, that PostgreSQL's user can reach."""
    made = Path(tempfile.mkdtemp(prefix="evidence-test-"))
    made.chmod(0o755)
    yield made / "案卷 data"
    shutil.rmtree(made)


@pytest.fixture(scope="module")
def service(folder):
    """Running at the start of each test, and left so by each."""
    running = Service(folder)
    running.start()
    running.settle()
    yield running
    assert running.stop() == 0


def left_in_tmp():
    return {
        str(p)
        for pattern in ("evidence-*/*", "seaweedfs-*")
        for p in Path(tempfile.gettempdir()).glob(pattern)
        if p.is_socket()
    }


class TestStartAndStop:
    def test_stops_all_it_started_and_leaves_no_socket(self, service):
        case_id = service.open_case()
        started, sockets = service.processes(), left_in_tmp()

        asked_at = time.monotonic()
        assert service.stop() == 0
        assert time.monotonic() - asked_at < 30
        assert [one for one in started if one.is_alive] == []
        assert left_in_tmp() < sockets

        service.start()
        assert service.json("GET", f"/cases/{case_id}")[1]["state"] == "assembling"

    def test_a_second_one_in_the_same_folder_is_refused(self, service):
        other = service.command("up", "--no-demo", "--port", str(free_port()))

        assert other.returncode == 1
        assert "running already" in other.stderr
        assert service.ask("GET", "/me")[0] == 200

    def test_the_next_one_adopts_what_a_killed_supervisor_left(self, service):
        engines = {one.pid for one in service.processes() if one and one.pid != service.process.pid}
        service.process.kill()
        service.process.wait()
        service.process.stdout.close()
        service.process.stderr.close()

        service.start()

        kept = {one.pid for one in service.processes()}
        assert len(engines & kept) >= 2  # PostgreSQL and the object store
        assert service.ask("GET", "/me")[0] == 200

    def test_a_taken_port_is_named(self, folder):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            running = Service(folder.with_name("other"))
            port = str(taken.getsockname()[1])
            refused = running.command("up", "--no-demo", "--port", port)

        assert refused.returncode == 1
        assert f"port {port} is taken" in refused.stderr


class TestKilled:
    def test_nothing_acknowledged_is_lost(self, service):
        """Everything is killed while files come in and a bundle is asked for."""
        approved = service.open_approved_case()
        status, bundle = service.json("POST", f"/cases/{approved}/bundles", {})
        assert status == 202
        case_id = service.open_case()
        acknowledged, gone = {}, threading.Event()

        def send(sender):
            for number in range(1000):
                content = os.urandom(300_000 + sender) + str(number).encode()
                try:
                    status, item = service.upload(case_id, content, f"{sender}-{number}.bin")
                except (OSError, http.client.HTTPException, ValueError):
                    break
                if status == 201:
                    acknowledged[item["id"]] = hashlib.sha256(content).hexdigest()
                if len(acknowledged) >= 12:
                    gone.set()

        senders = [threading.Thread(target=send, args=(sender,)) for sender in range(3)]
        for one in senders:
            one.start()
        assert gone.wait(120)
        service.kill_everything()
        for one in senders:
            one.join()

        service.start()

        for evidence_id, sha256 in acknowledged.items():
            path = f"/cases/{case_id}/evidence/{evidence_id}/content"
            status, content = service.ask("GET", path)
            assert (status, hashlib.sha256(content).hexdigest()) == (200, sha256)
        path = f"/cases/{approved}/bundles/{bundle['id']}"
        deadline = time.monotonic() + 120
        while (found := service.json("GET", path)[1])["state"] != "ready":
            assert time.monotonic() < deadline, found
            time.sleep(0.5)
        clean = service.command("fixity", "--all", "--json")
        assert clean.returncode == 0, clean.stdout + clean.stderr
        assert json.loads(clean.stdout)["ok"] >= len(acknowledged) + 4


class TestLargeBodies:
    HEAD = (
        "POST /api/v1/cases/{case}/evidence HTTP/1.1\r\nHost: localhost\r\n"
        "Authorization: Bearer {token}\r\nContent-Type: multipart/form-data; boundary=b\r\n"
        "Content-Length: {length}\r\n{more}\r\n"
    )
    PART = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.bin"\r\n\r\n'
    END = b"\r\n--b--\r\n"

    def connect(self, service, case_id, token, length, more=""):
        connection = socket.create_connection(("127.0.0.1", service.port), timeout=60)
        head = self.HEAD.format(case=case_id, token=token, length=length, more=more)
        connection.sendall(head.encode())
        return connection

    def answer(self, connection):
        with connection, connection.makefile("rb") as stream:
            status = int(stream.readline().split()[1])
            headers = http.client.parse_headers(stream)
            return status, json.loads(stream.read(int(headers["Content-Length"])))

    @pytest.mark.parametrize("size", [50_000_000, 120_000_000])
    def test_a_wrong_token_is_told_to_a_client_that_sends_all_first(self, service, size):
        with self.connect(service, uuid.uuid4(), "ev_wrong", size) as connection:
            for _ in range(size // 1_000_000):
                connection.sendall(bytes(1_000_000))
            status, problem = self.answer(connection)

        assert (status, problem["code"]) == (401, "not_signed_in")

    def test_a_file_over_the_limit_is_refused_with_the_limit(self, service):
        case_id = service.open_case()
        size = 103_000_000
        with self.connect(service, case_id, service.tokens["agent"], size) as connection:
            for _ in range(size // 1_000_000):
                connection.sendall(bytes(1_000_000))
            status, problem = self.answer(connection)

        assert (status, problem["code"]) == (413, "too_large")
        assert service.json("GET", f"/cases/{case_id}/evidence")[1]["items"] == []

    def test_a_client_that_asks_first_is_refused_before_it_sends(self, service):
        expects = "Expect: 100-continue\r\n"
        with self.connect(service, uuid.uuid4(), "ev_wrong", 50_000_000, expects) as connection:
            status, _ = self.answer(connection)

        assert status == 401

    def test_a_client_that_asks_first_is_told_to_go_on(self, service):
        case_id = service.open_case()
        body = self.PART + b"some bytes" + self.END
        token, expects = service.tokens["agent"], "Expect: 100-continue\r\n"
        with self.connect(service, case_id, token, len(body), expects) as connection:
            assert connection.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
            connection.sendall(body)
            status, item = self.answer(connection)

        assert (status, item["size_bytes"]) == (201, len(b"some bytes"))
