"""Bundles really signed and checked, also by poppler, which shares no code with the signer."""

import hashlib
import shutil
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pikepdf
import pytest
from asn1crypto import keys, tsp
from asn1crypto import x509 as asn1_x509
from bundle_corpus import make_content, make_corpus
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper

from evidence_service.adapters.pdf import render_bundle, seal
from evidence_service.adapters.pdf.certificate import (
    SigningCertificate,
    new_key_pem,
    new_self_signed_pem,
)
from evidence_service.adapters.pdf.check_seal import describe_bundle, verify_bundle
from evidence_service.cli import main
from evidence_service.domain.bundle import CertificateEnded
from evidence_service.domain.sending import TimeStamp
from evidence_service.settings import SettingsError

NOW = datetime.now(UTC)
PEM, PKCS8 = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8


def pem_of(key):
    return key.private_bytes(PEM, PKCS8, serialization.NoEncryption())


def certify(key, *, days=1, usage=None):
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Somebody")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - timedelta(days=9))
        .not_valid_after(NOW + timedelta(days=days))
    )
    if usage is not None:
        made = made.add_extension(x509.ExtendedKeyUsage([usage]), critical=True)
    return made.sign(key, hashes.SHA256())


def read_pair(folder, key_pem, certificate_pem, at=NOW):
    (folder / "key.pem").write_bytes(key_pem)
    (folder / "certificate.pem").write_bytes(certificate_pem)
    return SigningCertificate.from_files(folder / "key.pem", folder / "certificate.pem", at=at)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    key = new_key_pem()
    return read_pair(tmp_path_factory.mktemp("key"), key, new_self_signed_pem(key, at=NOW))


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    folder = tmp_path_factory.mktemp("drawn")
    content, files = make_corpus(folder, screenshots=1, message_count=3, scan_count=3)
    out = folder / "drawn.pdf"
    render_bundle(content, files, out, progress=lambda _: None)
    return out


@pytest.fixture
def unsigned(drawn, tmp_path):
    return shutil.copy(drawn, tmp_path / "bundle.pdf")


@pytest.fixture
def signed(unsigned, certificate):
    seal.seal(unsigned, certificate)
    return unsigned


def what_differs(path, key=None):
    return "\n".join(verify_bundle(path, key).differs)


# --- signing ------------------------------------------------------------------------------


def test_signs_behind_the_bytes_that_were_drawn(unsigned, certificate):
    before = unsigned.read_bytes()

    sealed = seal.seal(unsigned, certificate)

    after = unsigned.read_bytes()
    assert after.startswith(before)
    assert sealed.sha256 == hashlib.sha256(after).hexdigest()
    assert sealed.size_bytes == len(after) < len(before) + 40_000
    assert (sealed.signed_by, sealed.time_stamp) == (certificate.fingerprint, TimeStamp.NOT_ASKED)


def test_poppler_finds_the_signature_valid_and_over_the_whole_document(signed):
    said = subprocess.run(["pdfsig", signed], capture_output=True, text=True, check=False).stdout

    assert "Signature is Valid" in said
    assert "Total document signed" in said
    assert "ETSI.CAdES.detached" in said


def test_poppler_finds_a_changed_byte(signed):
    data = bytearray(signed.read_bytes())
    data[len(data) // 2] ^= 1
    signed.write_bytes(data)

    said = subprocess.run(["pdfsig", signed], capture_output=True, text=True, check=False).stdout

    assert "Signature is Valid" not in said


def test_signs_with_an_rsa_key_too(unsigned, tmp_path):
    key = rsa.generate_private_key(65537, 3072)
    own = read_pair(tmp_path, pem_of(key), certify(key).public_bytes(PEM))

    seal.seal(unsigned, own)

    assert what_differs(unsigned) == ""
    assert own.algorithm == "RSA-3072"


def test_refuses_to_sign_with_a_certificate_that_has_ended(unsigned, tmp_path):
    key = ec.generate_private_key(ec.SECP256R1())
    ended = read_pair(
        tmp_path,
        pem_of(key),
        certify(key, days=-1).public_bytes(PEM),
        at=NOW - timedelta(days=5),
    )

    with pytest.raises(CertificateEnded):
        seal.seal(unsigned, ended)


def test_a_large_bundle_costs_little_time_and_memory(tmp_path, certificate):
    """A child signs 112 MB, so that its memory can be told from the test's."""
    large = tmp_path / "large.pdf"
    with pikepdf.new() as pdf:
        for page in range(56):
            pdf.add_blank_page()
            pdf.pages[page].Contents = pdf.make_stream(bytes([page]) * 2_000_000)
        pdf.save(large, compress_streams=False)
    key = tmp_path / "key.pem"
    own = tmp_path / "certificate.pem"
    key.write_bytes(pem_of(certificate.key))
    own.write_text(certificate.pem)
    code = (
        "import sys, time; from pathlib import Path; from datetime import datetime, UTC\n"
        "from evidence_service.adapters.pdf.seal import seal\n"
        "from evidence_service.adapters.pdf.certificate import SigningCertificate\n"
        "large, key, own = map(Path, sys.argv[1:])\n"
        "own = SigningCertificate.from_files(key, own, at=datetime.now(UTC))\n"
        "start = time.process_time(); seal(large, own); spent = time.process_time() - start\n"
        "status = dict(line.split(':', 1) for line in open('/proc/self/status'))\n"
        "print(spent, int(status['VmHWM'].split()[0]) * 1024)"
    )

    said = subprocess.run(
        [sys.executable, "-c", code, large, key, own], capture_output=True, text=True, check=True
    ).stdout

    cpu_s, peak_bytes = map(float, said.split())
    assert large.stat().st_size > 112_000_000
    assert cpu_s < 1
    assert peak_bytes < 112_000_000


# --- time-stamps --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def authority():
    key = rsa.generate_private_key(65537, 2048)
    own = certify(key, usage=ExtendedKeyUsageOID.TIME_STAMPING)
    der = key.private_bytes(serialization.Encoding.DER, PKCS8, serialization.NoEncryption())
    return DummyTimeStamper(
        asn1_x509.Certificate.load(own.public_bytes(serialization.Encoding.DER)),
        keys.PrivateKeyInfo.load(der),
    )


@contextmanager
def answering(answer):
    """A server that gives `answer(request's bytes)`; its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = answer(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def stamp(authority):
    return lambda asked: authority.request_tsa_response(tsp.TimeStampReq.load(asked)).dump()


def test_an_authority_s_stamp_is_part_of_the_signature(unsigned, certificate, authority):
    with answering(stamp(authority)) as url:
        sealed = seal.seal(unsigned, certificate, url)

    verdict = verify_bundle(unsigned)
    assert sealed.time_stamp is TimeStamp.STAMPED
    assert (verdict.differs, verdict.stamped_at is not None) == ([], True)
    assert "stamped at" in "\n".join(describe_bundle(verdict))


def of_something_else(authority):
    def answer(asked):
        other = tsp.TimeStampReq.load(asked)
        other["message_imprint"]["hashed_message"] = b"\0" * 32
        return authority.request_tsa_response(other).dump()

    return answer


@pytest.mark.parametrize(
    "answer",
    [
        lambda _authority: lambda _asked: b"no time-stamp",
        lambda _authority: lambda _asked: b"",
        of_something_else,
        lambda authority: (
            lambda _asked: stamp(authority)(
                tsp.TimeStampReq(
                    {
                        "version": 1,
                        "message_imprint": {
                            "hash_algorithm": {"algorithm": "sha256"},
                            "hashed_message": b"\0" * 32,
                        },
                        "nonce": 7,
                    }
                ).dump()
            )
        ),
    ],
    ids=["garbage", "nothing", "of something else", "to another question"],
)
def test_what_is_no_stamp_of_this_signature_costs_the_stamp_only(
    unsigned, certificate, authority, answer
):
    with answering(answer(authority)) as url:
        sealed = seal.seal(unsigned, certificate, url)

    assert sealed.time_stamp is TimeStamp.UNAVAILABLE
    assert what_differs(unsigned) == ""


def test_an_authority_that_does_not_answer_is_not_waited_for(unsigned, certificate):
    released = threading.Event()
    start = time.monotonic()
    with answering(lambda _: released.wait(30) and b"") as url:
        sealed = seal.seal(unsigned, certificate, url, timeout_s=0.3)
        waited = time.monotonic() - start
        released.set()

    assert sealed.time_stamp is TimeStamp.UNAVAILABLE
    assert waited < 10
    assert what_differs(unsigned) == ""


def test_an_authority_that_is_not_there_costs_the_stamp_only(unsigned, certificate):
    sealed = seal.seal(unsigned, certificate, "http://127.0.0.1:9/")

    assert sealed.time_stamp is TimeStamp.UNAVAILABLE
    assert what_differs(unsigned) == ""


# --- checking -----------------------------------------------------------------------------


def test_verify_says_what_it_checked_and_that_nobody_named_the_certificate(
    signed, certificate, drawn, capsys
):
    assert main(["verify", str(signed)]) == 0

    said = capsys.readouterr().out
    assert "not named by you" in said
    assert "self-signed" in said
    assert certificate.fingerprint in said
    assert hashlib.sha256(drawn.read_bytes()).hexdigest() in said


def test_verify_holds_it_to_the_certificate_you_name(signed, certificate, tmp_path, capsys):
    named = tmp_path / "named.pem"
    named.write_text(certificate.pem)
    other = tmp_path / "other.pem"
    key = new_key_pem()
    other.write_bytes(new_self_signed_pem(key, at=NOW))

    assert main(["verify", str(signed), "--key", str(named)]) == 0
    assert main(["verify", str(signed), "--key", certificate.fingerprint]) == 0
    assert "the certificate you named" in capsys.readouterr().out
    assert main(["verify", str(signed), "--key", str(other)]) == 1
    assert certificate.fingerprint in capsys.readouterr().err


def flipped(path, at):
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    changed = path.with_name("changed.pdf")
    changed.write_bytes(data)
    return changed


@pytest.mark.parametrize("share", [0, 0.1, 0.3, 0.5, 0.7, 0.9, 0.97, 0.9999])
def test_any_changed_byte_is_found(signed, share, capsys):
    size = signed.stat().st_size

    assert main(["verify", str(flipped(signed, int(share * size)))]) == 1
    assert capsys.readouterr().err


def test_a_changed_byte_of_the_signature_itself_is_found(signed):
    """Nothing signs the signature's own bytes: its wrapping, and the zeros behind it."""
    start = signed.read_bytes().index(b"/Contents <3082") + len("/Contents <")

    assert [
        at for at in range(start, start + 140, 3) if not what_differs(flipped(signed, at))
    ] == []
    assert what_differs(flipped(signed, start + 20_000))


@pytest.mark.nightly
def test_no_byte_of_the_signature_can_be_changed(signed):
    data = signed.read_bytes()
    start = data.index(b"/Contents <3082") + len("/Contents <")
    end = data.index(b"0" * 100, start)

    assert [at for at in range(start, end) if not what_differs(flipped(signed, at))] == []


def test_an_update_appended_after_the_signature_is_found(signed):
    """A shadow attack: another catalogue, with the signed bytes all in place."""
    with signed.open("rb+") as file:
        writer = IncrementalPdfFileWriter(file)
        page = writer.root["/Pages"]["/Kids"][0].get_object()
        page["/Rotate"] = writer.root["/Pages"]["/Count"]
        writer.mark_update(writer.root["/Pages"]["/Kids"].raw_get(0).reference)
        writer.write_in_place()

    assert "changed after it was signed" in what_differs(signed)


def test_bytes_behind_the_end_are_found(signed):
    with signed.open("ab") as file:
        file.write(b"\n")

    assert "does not cover" in what_differs(signed)


def test_a_bundle_saved_again_is_found(signed, tmp_path):
    again = tmp_path / "again.pdf"
    with pikepdf.open(signed) as pdf:
        pdf.save(again)

    assert what_differs(again)


def test_a_second_signature_is_found(signed, certificate):
    sealed_again = signed.with_name("twice.pdf")
    shutil.copy(signed, sealed_again)
    with sealed_again.open("rb+") as file:
        terms = seal.PdfSignatureMetadata(field_name="Other", md_algorithm="sha256")
        signer = seal._signer(certificate)
        with pytest.raises(seal.SigningError):  # the first one forbids changes
            seal.PdfSigner(terms, signer=signer).sign_pdf(
                IncrementalPdfFileWriter(file), in_place=True
            )


def test_what_is_not_signed_is_no_signed_bundle(drawn):
    assert "there are 0" in what_differs(drawn)


def test_a_manifest_that_names_what_no_page_shows_is_found(drawn, certificate, tmp_path):
    """Signed by its own key, as a signer who lies would."""
    lying = tmp_path / "lying.pdf"
    with pikepdf.open(drawn) as pdf:
        manifest = pdf.attachments["manifest.json"].get_file().read_bytes()
        first = manifest.index(b'"sha256": "') + len(b'"sha256": "')
        changed = manifest[:first] + b"0" * 64 + manifest[first + 64 :]
        pdf.attachments["manifest.json"] = pikepdf.AttachedFileSpec(
            pdf, changed, filename="manifest.json"
        )
        pdf.save(lying)
    seal.seal(lying, certificate)

    assert "no page prints" in what_differs(lying)


# --- keys ---------------------------------------------------------------------------------


P256 = ec.generate_private_key(ec.SECP256R1())


@pytest.mark.parametrize(
    ("key", "own", "said"),
    [
        (pem_of(ed25519.Ed25519PrivateKey.generate()), certify(P256), "P-256"),
        (pem_of(ec.generate_private_key(ec.SECP384R1())), certify(P256), "P-256"),
        (pem_of(rsa.generate_private_key(65537, 2048)), certify(P256), "3072"),
        (b"no key", certify(P256), "holds no private key"),
        (pem_of(ec.generate_private_key(ec.SECP256R1())), certify(P256), "is not of the key"),
        (pem_of(P256), certify(P256, days=-1), "not now"),
        (pem_of(P256), None, "holds no certificate"),
    ],
)
def test_a_pair_that_cannot_sign_stops_the_start_in_one_line(key, own, said, tmp_path):
    with pytest.raises(SettingsError) as refused:
        read_pair(tmp_path, key, own.public_bytes(PEM) if own else b"no certificate")

    assert len(refused.value.problems) == 1
    assert said in str(refused.value)
    assert str(refused.value).startswith("EVIDENCE_PDF_")


def test_files_that_are_not_there_are_named(tmp_path):
    with pytest.raises(SettingsError) as refused:
        SigningCertificate.from_files(tmp_path / "a", tmp_path / "b", at=NOW)

    assert [line.split(":")[0] for line in refused.value.problems] == [
        "EVIDENCE_PDF_KEY_FILE",
        "EVIDENCE_PDF_CERTIFICATE_FILE",
    ]


def test_the_same_content_is_the_same_bytes_before_it_is_signed(tmp_path, certificate):
    """Drawn twice, signed twice: the signatures differ, what they are under does not."""
    verdicts = []
    for name in ("monday", "tuesday"):
        out = tmp_path / f"{name}.pdf"
        render_bundle(make_content(), {}, out, progress=lambda _: None)
        seal.seal(out, certificate)
        verdicts.append(verify_bundle(out))

    assert verdicts[0].content_sha256 == verdicts[1].content_sha256 != ""
