"""The embedded S3 server, started for real."""

import socket
import ssl
import subprocess
from contextlib import closing, suppress
from http.client import HTTPConnection
from pathlib import Path

import pytest
from botocore.exceptions import BotoCoreError, ClientError
from engines import EngineContract, put_out, reachable_folder

from evidence_service.settings import Settings
from storage import seaweedfs
from storage.embedded import EmbeddedS3
from storage.processes import FIRST_PORT, GRPC_OFFSET, LAST_PORT, free_port_pairs
from storage.setup import WEB, main


def listening(pid):
    """Addresses and ports on which a process listens, by the kernel's own tables."""
    descriptors = Path(f"/proc/{pid}/fd").iterdir()
    links = set()
    for descriptor in descriptors:
        with suppress(FileNotFoundError):
            links.add(str(descriptor.readlink()))
    found = set()
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and f"socket:[{fields[9]}]" in links:
                address, _, port = fields[1].partition(":")
                found.add((address, int(port, 16)))
    return found


def status(port, path, method="GET"):
    with closing(HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
        connection.request(method, path)
        return connection.getresponse().status


class TestEmbeddedS3(EngineContract):
    kind = EmbeddedS3
    failures = (BotoCoreError, ClientError)

    def address(self, engine):
        return engine.endpoint_url

    def is_same(self, one, other):
        return one == other

    def client(self, engine):
        return closing(engine.client(engine.web))

    def write(self, client, name):
        client.put_object(Bucket="case-files", Key=f"names/{name}", Body=name.encode())

    def read(self, client):
        pages = client.get_paginator("list_objects_v2").paginate(Bucket="case-files")
        keys = [found["Key"] for page in pages for found in page.get("Contents", [])]
        bodies = [client.get_object(Bucket="case-files", Key=key)["Body"].read() for key in keys]
        return {body.decode() for body in bodies}

    def sockets(self, engine):
        """Every socket of its process that has a name."""
        lines = Path(f"/proc/{engine.process.pid}/net/unix").read_text().splitlines()
        ports = [str(port + GRPC_OFFSET) for port in engine._ports.values()]
        own = engine._socket_folder._standing()
        named = [Path(line.split()[-1]) for line in lines if "/" in line]
        found = [p for p in named if own in p.parents or any(port in p.name for port in ports)]
        return [own, *found]

    def test_listens_on_the_loopback_alone(self, engine):
        found = listening(engine.process.pid)

        assert {address for address, _ in found} == {"0100007F"}
        ports = set(engine._ports.values())
        assert {port for _, port in found} == ports | {port + GRPC_OFFSET for port in ports}
        assert all(FIRST_PORT <= port < LAST_PORT for port in ports)

    def test_tells_nobody_of_itself(self, engine):
        command = Path(f"/proc/{engine.process.pid}/cmdline").read_text().split("\0")

        assert "-master.telemetry=false" in command

    @pytest.mark.parametrize(
        ("server", "path", "method"),
        [
            ("master", "/col/delete?collection=case-files", "GET"),
            ("master", "/dir/status", "GET"),
            ("filer", "/buckets/case-files/", "GET"),
            ("filer", "/buckets/case-files?recursive=true", "DELETE"),
            ("volume", "/admin/delete_collection?collection=case-files", "GET"),
            ("admin", "/object-store/buckets", "GET"),
            ("s3", "/case-files?list-type=2", "GET"),
            ("s3", "/case-files/names/a", "PUT"),
        ],
    )
    def test_refuses_who_does_not_sign(self, engine, server, path, method):
        """Any page in a browser on this machine can send such a request."""
        assert status(engine._ports[server], path, method) in (401, 403, 404)

    @pytest.mark.parametrize("server", seaweedfs.SERVERS)
    def test_inner_connections_need_its_own_certificate(self, engine, server):
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        address = ("127.0.0.1", engine._ports[server] + GRPC_OFFSET)

        with (
            socket.create_connection(address, timeout=5) as plain,
            pytest.raises(ssl.SSLError, match="certificate required"),
            context.wrap_socket(plain) as encrypted,
        ):
            encrypted.recv(1)

    def test_its_keys_are_private(self, engine):
        for name in ("s3.json", "security.toml", "grpc.key"):
            assert (engine._home / name).stat().st_mode & 0o777 == 0o600

    def test_ambient_settings_turn_no_client_elsewhere(self, engine, monkeypatch, tmp_path):
        file = tmp_path / "config"
        file.write_text("[default]\nendpoint_url = http://127.0.0.1:9\ns3 =\n  junk\n")
        for name, value in {
            "AWS_PROFILE": "nobody",
            "AWS_CONFIG_FILE": str(file),
            "AWS_SHARED_CREDENTIALS_FILE": str(file),
            "AWS_ACCESS_KEY_ID": "stranger",
            "AWS_SECRET_ACCESS_KEY": "stranger",
            "AWS_SESSION_TOKEN": "stranger",
            "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
            "AWS_ENDPOINT_URL_S3": "http://127.0.0.1:9",
            "AWS_DEFAULT_REGION": "eu-north-1",
            "AWS_CA_BUNDLE": "/nowhere",
            "AWS_USE_FIPS_ENDPOINT": "true",
            "AWS_USE_DUALSTACK_ENDPOINT": "true",
            "HTTP_PROXY": "http://127.0.0.1:9",
            "http_proxy": "http://127.0.0.1:9",
        }.items():
            monkeypatch.setenv(name, value)

        assert engine.is_healthy()
        with self.client(engine) as client:
            self.write(client, "ambient")

    def test_moves_to_other_ports_when_its_own_are_taken(self, engine):
        with self.client(engine) as client:
            self.write(client, "moved")
        before = dict(engine._ports)
        engine.stop()
        with socket.create_server(("127.0.0.1", before["master"])):
            engine.start()

        assert engine._ports["master"] != before["master"]
        with self.client(engine) as client:
            self.write(client, "after the move")
            assert {"moved", "after the move"} <= self.read(client)

    def test_finishes_a_start_that_was_killed(self, engine):
        """The server runs, but nobody has made its buckets or written its pid file."""
        stranger = engine.process
        engine._pid_file.remove()
        engine._prepared.unlink()
        engine.start()

        assert not stranger.is_alive
        assert engine.is_healthy()

    def test_two_live_side_by_side(self, engine):
        with reachable_folder() as folder:
            other = EmbeddedS3(folder).start()
            try:
                with self.client(engine) as client:
                    self.write(client, "mine")
                with self.client(other) as client:
                    assert "mine" not in self.read(client)
            finally:
                put_out(other)

        assert engine.is_healthy()

    def test_syncs_every_write(self, engine):
        ports = engine._ports
        shown = subprocess.run(
            [
                seaweedfs.program(),
                "-logtostderr=true",
                "shell",
                f"-master=127.0.0.1:{ports['master']}",
                f"-filer=127.0.0.1:{ports['filer']}",
            ],
            input="fs.configure\nexit\n",
            cwd=engine._home,
            capture_output=True,
            text=True,
            timeout=30,
            check=True,
        )

        assert '"fsync"' in shown.stdout
        assert (engine._home / "filer.db").stat().st_size > 0


class TestSetup:
    """What an operator runs once on an outside store, with an administrator's credentials."""

    def test_prepares_buckets_elsewhere(self, monkeypatch):
        with reachable_folder() as folder:
            server = EmbeddedS3(folder).start()
            try:
                administrator = server._identity("root")
                monkeypatch.setenv("AWS_ACCESS_KEY_ID", administrator.access_key)
                monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", administrator.secret_key)
                for _repeated in range(2):
                    main(["files", "--web", WEB, "--endpoint-url", server.endpoint_url])
                with closing(server.client(administrator)) as client:
                    found = {bucket["Name"] for bucket in client.list_buckets()["Buckets"]}
                    lock = client.get_object_lock_configuration(Bucket="files")
                    versioning = client.get_bucket_versioning(Bucket="files-keys")
                    policy = client.get_bucket_policy(Bucket="files")["Policy"]
            finally:
                put_out(server)

        assert {"files", "files-incoming", "files-keys"} <= found
        assert lock["ObjectLockConfiguration"]["ObjectLockEnabled"] == "Enabled"
        assert versioning["Status"] == "Enabled"
        assert WEB in policy


class TestPorts:
    def test_no_port_is_anothers_partner(self):
        ports = free_port_pairs(200)

        assert len({*ports, *(port + GRPC_OFFSET for port in ports)}) == 400


class TestNames:
    def test_settings_and_server_agree(self):
        s3 = Settings.from_env({}).s3

        assert (s3.bucket, s3.incoming_bucket, s3.keys_bucket) == EmbeddedS3(Path()).names.all
