"""The signature under a finished bundle: PAdES, and a time-stamp where an authority is named.

It is the last thing done to a file: whatever is changed after it, breaks it. The file is signed
where it stands, and the bytes before the signature stay what they were.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.keys import load_certs_from_pemder_data, load_private_key_from_pemder_data
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.timestamps import TimestampRequestError
from pyhanko.sign.timestamps.aiohttp_client import HTTPTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from evidence_service.domain.bundle import CertificateEnded
from evidence_service.domain.sending import TimeStamp
from evidence_service.ports import Sealed

if TYPE_CHECKING:
    from pathlib import Path
    from typing import BinaryIO

    from asn1crypto import cms
    from cryptography import x509

    from evidence_service.adapters.pdf.certificate import SigningCertificate

FIELD = "Bundle"
_TSA_TIMEOUT_S = 10.0
# In hexadecimal digits: our certificate with its chain, and a time-stamp with that of its maker.
_SIGNATURE_DIGITS = 32768
_TERMS = PdfSignatureMetadata(
    field_name=FIELD,
    md_algorithm="sha256",
    subfilter=SigSeedSubFilter.PADES,
    certify=True,
    docmdp_permissions=MDPPerm.NO_CHANGES,
)


def seal(
    path: Path,
    certificate: SigningCertificate,
    tsa_url: str = "",
    *,
    timeout_s: float = _TSA_TIMEOUT_S,
) -> Sealed:
    """Sign the PDF in place.

    An authority that does not answer, or answers with what is no time-stamp of this signature,
    costs the stamp and not the bundle.

    Raises:
        CertificateEnded: it was valid when the service started, and is no longer.
    """
    if datetime.now(UTC) > certificate.certificate.not_valid_after_utc:
        raise CertificateEnded
    size = path.stat().st_size
    with path.open("rb+") as file:
        time_stamp = TimeStamp.NOT_ASKED
        if tsa_url:
            time_stamp = _sign_with_stamp(file, certificate, tsa_url, timeout_s)
        if time_stamp is not TimeStamp.STAMPED:
            file.truncate(size)  # what a try with a stamp has begun
            _sign(file, certificate, None)
        file.seek(0)
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Sealed(digest, path.stat().st_size, certificate.fingerprint, time_stamp)


def _sign_with_stamp(
    file: BinaryIO, certificate: SigningCertificate, tsa_url: str, timeout_s: float
) -> TimeStamp:
    try:
        _sign(file, certificate, _Authority(tsa_url, timeout=timeout_s))
    except (TimestampRequestError, SigningError):  # SigningError: there is no room for its stamp
        return TimeStamp.UNAVAILABLE
    return TimeStamp.STAMPED


def _sign(
    file: BinaryIO, certificate: SigningCertificate, authority: HTTPTimeStamper | None
) -> None:
    file.seek(0)
    PdfSigner(_TERMS, signer=_signer(certificate), timestamper=authority).sign_pdf(
        IncrementalPdfFileWriter(file), in_place=True, bytes_reserved=_SIGNATURE_DIGITS
    )


def _signer(certificate: SigningCertificate) -> SimpleSigner:
    def converted(one: x509.Certificate) -> object:
        return next(iter(load_certs_from_pemder_data(one.public_bytes(Encoding.DER))))

    key = certificate.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    others = SimpleCertificateStore.from_certs(  # type: ignore[no-untyped-call]  # the library has no types here
        map(converted, certificate.others)
    )
    return SimpleSigner(
        signing_cert=converted(certificate.certificate),
        signing_key=load_private_key_from_pemder_data(key, None),
        cert_registry=others,
    )


class _Authority(HTTPTimeStamper):
    """A time-stamping authority (RFC 3161) whose answers are looked at before they are used."""

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        try:
            token: cms.ContentInfo = await super().async_timestamp(message_digest, md_algorithm)
            stamped = token["content"]["encap_content_info"]["content"].parsed
            imprint = stamped["message_imprint"]["hashed_message"].native
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise TimestampRequestError("the answer is no time-stamp") from error
        if imprint != message_digest:
            raise TimestampRequestError("the time-stamp is of something else")
        return token
