"""A signed bundle checked with nothing but the file: no network, no database.

It says what was signed, by which certificate and when, and whether the pages show what the
attached manifest names. Whether a certificate is to be trusted is not decided here: who checks
names one, or compares the fingerprint.
"""

from __future__ import annotations

import hashlib
import json
import logging
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pikepdf
import pypdfium2
from asn1crypto import cms
from cryptography import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import SuspiciousModification
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from evidence_service.adapters.pdf.certificate import fingerprint, is_self_signed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from typing import BinaryIO

    from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
    from pyhanko.sign.validation.status import PdfSignatureStatus

MANIFEST_NAME = "manifest.json"
_END_MARK = b"%%EOF\n"
_END_BYTES = 100

# A checker says what it found; its library's own remarks would come between.
for _name in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(_name).addHandler(logging.NullHandler())


@dataclass(slots=True)
class BundleVerdict:
    """What was found; each thing that differs, by name."""

    differs: list[str] = field(default_factory=list)
    content_sha256: str = ""
    signed_by: str = ""
    signer: str = ""
    is_self_signed: bool = False
    named_by_you: bool = False
    signed_at: datetime | None = None
    stamped_at: datetime | None = None
    pages: int = 0
    exhibits: int = 0

    @property
    def ok(self) -> bool:
        return not self.differs


def verify_bundle(path: Path, key: str | None = None) -> BundleVerdict:
    """Check a signed bundle.

    Args:
        path: the PDF.
        key: a file with a certificate (PEM), or its fingerprint, that must be the signer's.
    """
    verdict = BundleVerdict()
    try:
        with path.open("rb") as file:
            _check_signature(file, verdict, key)
        if verdict.ok:
            _check_manifest(path, verdict)
    except Exception as error:  # noqa: BLE001 - whatever a parser stumbles over: it was not sealed so
        verdict.differs.append(f"{path.name}: cannot be read as a signed bundle ({error})")
    return verdict


def describe_bundle(verdict: BundleVerdict) -> list[str]:
    """The verdict in lines for a person."""
    if not verdict.ok:
        return [f"differs: {what}" for what in verdict.differs]
    named = "the certificate you named" if verdict.named_by_you else "not named by you"
    made = "self-signed, " if verdict.is_self_signed else ""
    stamp = f"stamped at {verdict.stamped_at}" if verdict.stamped_at else "without a time-stamp"
    return [
        f"intact: all bytes are signed, nothing follows them; {verdict.pages} pages",
        f"manifest: the hashes of its {verdict.exhibits} exhibits are the printed ones",
        f"content: {verdict.content_sha256} (SHA-256 of the bytes before the signature)",
        f"signed by certificate {verdict.signed_by} ({made}{named}): {verdict.signer}",
        f"signed at {verdict.signed_at} by the signer's clock, {stamp}",
    ]


# --- the signature ------------------------------------------------------------------------


def _check_signature(file: BinaryIO, verdict: BundleVerdict, key: str | None) -> None:
    reader = PdfFileReader(file)
    signatures = reader.embedded_signatures
    if len(signatures) != 1:
        verdict.differs.append(f"signature: there are {len(signatures)}, a bundle has one")
        return
    signature = signatures[0]
    verdict.differs += _uncovered(file, signature)
    status = validate_pdf_signature(
        signature,
        ValidationContext(trust_roots=[signature.signer_cert], allow_fetching=False),
        key_usage_settings=KeyUsageConstraints(),
    )
    if not status.intact:
        verdict.differs.append("signature: the signed bytes were changed")
    if not status.valid:
        verdict.differs.append("signature: was not made with the key of its certificate")
    verdict.differs += _later_changes(status)
    verdict.content_sha256 = _content_sha256(file, reader)
    _check_signer(signature, status, verdict, key)


def _uncovered(file: BinaryIO, signature: EmbeddedPdfSignature) -> Iterator[str]:
    """Whether the signature is over every byte but its own, and its own are as it was written."""
    file.seek(0, 2)
    size = file.tell()
    first, length, second, rest = signature.byte_range
    if first != 0 or second + rest != size or second <= length:
        yield "signature: bytes stand in the file that it does not cover"
        return
    file.seek(length)
    held = file.read(second - length)
    made = _as_we_write_it(cms.ContentInfo.load(bytes.fromhex(held[1:-1].decode())))
    if held != b"<%s>" % made.hex().upper().encode().ljust(len(held) - 2, b"0"):
        yield "signature: its own bytes were changed"


def _as_we_write_it(found: cms.ContentInfo) -> bytes:
    """The same signature in the one form our signer gives it.

    Nothing vouches for a signature's own wrapping (versions, lengths, a list of algorithms): any
    other bytes there were put in later.
    """
    given = found["content"]
    signer = given["signer_infos"][0]
    kept = ["sid", "signature_algorithm", "signed_attrs", "signature"]
    if signer["unsigned_attrs"]:  # the time-stamp
        kept.append("unsigned_attrs")
    sha256 = cms.DigestAlgorithm({"algorithm": "sha256"})
    again = {name: signer[name] for name in kept} | {"version": "v1", "digest_algorithm": sha256}
    content = {
        "version": "v1",
        "digest_algorithms": [sha256],
        "encap_content_info": {"content_type": "data"},
        "certificates": given["certificates"],
        "signer_infos": [again],
    }
    made: bytes = cms.ContentInfo({"content_type": "signed_data", "content": content}).dump()
    return made


def _later_changes(status: PdfSignatureStatus) -> Iterator[str]:
    if status.coverage is SignatureCoverageLevel.ENTIRE_FILE:
        return
    found = status.diff_result
    reason = str(found) if isinstance(found, SuspiciousModification) else "an update was appended"
    yield f"signature: the file was changed after it was signed ({reason})"


def _content_sha256(file: BinaryIO, reader: PdfFileReader) -> str:
    """Of the bytes up to the end mark of the file as it was before the signature."""
    end = reader.xrefs.get_xref_container_info(0).end_location
    file.seek(end)
    tail = file.read(_END_BYTES)
    size = end + tail.index(_END_MARK) + len(_END_MARK)
    file.seek(0)
    return hashlib.sha256(file.read(size)).hexdigest()


def _check_signer(
    signature: EmbeddedPdfSignature,
    status: PdfSignatureStatus,
    verdict: BundleVerdict,
    key: str | None,
) -> None:
    certificate = x509.load_der_x509_certificate(signature.signer_cert.dump())
    verdict.signed_by = fingerprint(certificate)
    verdict.signer = certificate.subject.rfc4514_string()
    verdict.is_self_signed = is_self_signed(certificate)
    verdict.signed_at = status.signer_reported_dt
    stamp = status.timestamp_validity
    if stamp is not None:
        verdict.stamped_at = stamp.timestamp
        if not (stamp.intact and stamp.valid):
            verdict.differs.append("time-stamp: is not of this signature")
    at = verdict.stamped_at or verdict.signed_at
    if at is None or not (
        certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc
    ):
        verdict.differs.append(f"certificate: was not valid when it signed ({at})")
    if key is not None:
        verdict.named_by_you = True
        wanted = _wanted_fingerprint(key)
        if wanted != verdict.signed_by:
            verdict.differs.append(f"certificate: is {verdict.signed_by}, not {wanted}")


def _wanted_fingerprint(key: str) -> str:
    """The fingerprint of a named certificate file, or the fingerprint itself."""
    if not Path(key).is_file():
        return key.strip().lower().replace(":", "")
    try:
        return fingerprint(x509.load_pem_x509_certificate(Path(key).read_bytes()))
    except ValueError:
        return f"{key}, which holds no certificate"


# --- what it says -------------------------------------------------------------------------


def _check_manifest(path: Path, verdict: BundleVerdict) -> None:
    """Whether the hash of every exhibit that the attachment names is printed on a page."""
    with pikepdf.open(path) as pdf:
        manifest = json.loads(pdf.attachments[MANIFEST_NAME].get_file().read_bytes())
        verdict.pages = len(pdf.pages)
    printed = _printed(path)
    verdict.exhibits = len(manifest["exhibits"])
    verdict.differs += [
        f"manifest: {entry['label']} has a hash that no page prints"
        for entry in manifest["exhibits"]
        if entry["sha256"] not in printed
    ]


def _printed(path: Path) -> str:
    """The words of all pages, without white space: a hash is printed on two lines."""
    with pypdfium2.PdfDocument(path) as document:
        words = (page.get_textpage().get_text_bounded() for page in document)
        return "".join("".join(text.split()) for text in words)
