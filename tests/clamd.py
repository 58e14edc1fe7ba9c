"""Malware scanners for tests: clamd where it is installed, and a server of its protocol."""

import hashlib
import shutil
import socket
import socketserver
import subprocess
import tempfile
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path

from evidence_service.settings import ClamdSettings

# Every scanner finds this and nobody is harmed by it (eicar.org); in halves, or a scanner on the
# developer's machine would take this file away.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
NAME = "Eicar-Test"
MAX_STREAM_BYTES = 2_000_000
PROGRAM = shutil.which("clamd", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")


@contextmanager
def real_clamd():
    """Clamd with one signature of our own, on a socket; answers its settings."""
    folder = Path(tempfile.mkdtemp(prefix="clamd-"))
    database = folder / "db"
    database.mkdir()
    (database / "own.ndb").write_text(f"{NAME}:0:*:{EICAR.hex()}\n")
    address = folder / "socket"
    configuration = folder / "clamd.conf"
    configuration.write_text(
        f"LocalSocket {address}\nDatabaseDirectory {database}\nForeground yes\n"
        f"StreamMaxLength {MAX_STREAM_BYTES}\nMaxFileSize {MAX_STREAM_BYTES}\n"
        "AlertExceedsMax yes\nMaxThreads 2\n"
    )
    running = subprocess.Popen(
        [PROGRAM, "-c", configuration],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=folder,
    )
    try:
        _await(address)
        yield ClamdSettings(socket_path=str(address))
    finally:
        running.terminate()
        running.wait(30)
        shutil.rmtree(folder)


def _await(address):
    for _ in range(300):
        with suppress(OSError), socket.socket(socket.AF_UNIX) as probe:
            probe.connect(str(address))
            return
        time.sleep(0.1)
    raise AssertionError("clamd does not start")


class Protocol(socketserver.StreamRequestHandler):
    """One INSTREAM, as clamd(8) has it, and then what the server was told to say."""

    def handle(self):
        assert self.rfile.read(10) == b"zINSTREAM\0"
        data = b""
        while length := int.from_bytes(self.rfile.read(4)):
            data += self.rfile.read(length)
        self.server.seen.append(hashlib.sha256(data).hexdigest())
        said = f"stream: {NAME} FOUND\0" if EICAR in data else "stream: OK\0"
        reply = said.encode() if self.server.says is None else self.server.says
        self.wfile.write(reply)


class ProtocolServer(socketserver.ThreadingTCPServer):
    """Speaks clamd's INSTREAM; `says` is the reply to everything, None is an honest one."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Protocol)
        self.says = None
        self.seen = []

    @property
    def settings(self):
        return ClamdSettings(host="127.0.0.1", port=self.server_address[1])


@contextmanager
def protocol_server():
    with ProtocolServer() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()
