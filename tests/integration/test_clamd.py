"""What the client hears of clamd: of the real one where it is installed, and of faults."""

import io
import os
import socket
import threading
import zipfile

import pikepdf
import pytest
from clamd import EICAR, MAX_STREAM_BYTES, NAME, PROGRAM, protocol_server, real_clamd
from drawing import screenshot
from PIL import Image

from evidence_service.adapters.clamd import ClamdScanner
from evidence_service.domain.errors import Unavailable
from evidence_service.ports import Scan
from evidence_service.settings import ClamdSettings


def zipped():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inside.txt", EICAR)
    return out.getvalue()


def attached():
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.attachments["inside.txt"] = EICAR
        pdf.save(out, compress_streams=False)  # clamd does not inflate every attachment
    return out.getvalue()


def in_exif():
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = EICAR.decode()
    Image.open(io.BytesIO(screenshot())).save(out, "JPEG", exif=exif)
    return out.getvalue()


def hang_up(listening):
    listening.accept()[0].close()


@pytest.fixture(scope="module")
def real():
    if PROGRAM is None:
        pytest.skip("clamd is not installed")
    with real_clamd() as settings:
        yield ClamdScanner(settings)


@pytest.fixture
def server():
    with protocol_server() as running:
        yield running


@pytest.fixture
def scan(tmp_path):
    def run(scanner, content):
        path = tmp_path / "file"
        path.write_bytes(content)
        return scanner.scan(path)

    return run


class TestTheRealOne:
    @pytest.mark.parametrize("make", [lambda: EICAR, zipped, attached, in_exif])
    def test_finds_it_wherever_it_stands(self, real, scan, make):
        assert scan(real, make()).found.startswith(NAME)

    def test_finds_nothing_in_a_screenshot(self, real, scan):
        assert scan(real, screenshot()) == Scan()

    @pytest.mark.parametrize("size", [MAX_STREAM_BYTES + 1, 20 * MAX_STREAM_BYTES])
    def test_says_what_is_too_large_for_it(self, real, scan, size):
        assert scan(real, os.urandom(size)) == Scan(is_whole=False)


class TestTheProtocol:
    def test_an_honest_server(self, server, scan):
        scanner = ClamdScanner(server.settings)

        assert scan(scanner, b"x" * 1_000_000) == Scan()
        assert scan(scanner, b"x" * 300_000 + EICAR) == Scan(NAME)

    @pytest.mark.parametrize(
        "reply",
        [b"", b"stream: O", b"stream: OK", b"no idea\0", b"stream: Can't open file ERROR\0"],
    )
    def test_anything_but_a_whole_answer_is_none(self, server, scan, reply):
        server.says = reply

        with pytest.raises(Unavailable):
            scan(ClamdScanner(server.settings), b"fine")

    def test_a_limit_is_no_find(self, server, scan):
        server.says = b"stream: Heuristics.Limits.Exceeded.MaxScanSize FOUND\0"

        assert scan(ClamdScanner(server.settings), b"fine") == Scan(is_whole=False)

    def test_nobody_there(self, scan, tmp_path):
        with socket.create_server(("127.0.0.1", 0)) as listening:
            port = listening.getsockname()[1]
        for settings in (
            ClamdSettings(host="127.0.0.1", port=port),
            ClamdSettings(socket_path=str(tmp_path / "none")),
        ):
            with pytest.raises(Unavailable):
                scan(ClamdScanner(settings), b"fine")

    @pytest.mark.parametrize("size", [10, 50_000_000])
    def test_one_that_takes_or_says_nothing(self, scan, size):
        with socket.create_server(("127.0.0.1", 0)) as silent:
            settings = ClamdSettings(host="127.0.0.1", port=silent.getsockname()[1])

            with pytest.raises(Unavailable):
                scan(ClamdScanner(settings, silence_s=0.3), b"x" * size)

    def test_one_that_hangs_up(self, scan):
        with socket.create_server(("127.0.0.1", 0)) as listening:
            hangs_up = threading.Thread(target=hang_up, args=(listening,))
            hangs_up.start()
            settings = ClamdSettings(host="127.0.0.1", port=listening.getsockname()[1])

            with pytest.raises(Unavailable):
                scan(ClamdScanner(settings), b"x" * 5_000_000)
            hangs_up.join()
