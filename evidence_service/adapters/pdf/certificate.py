"""The key and certificate that sign bundles: the operator's own, or self-signed ones made here.

Ed25519 is no choice: common PDF checkers do not read it (docs/adr/0014).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.x509.oid import NameOID

from evidence_service.settings import SettingsError

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

KEY, CERTIFICATE = "EVIDENCE_PDF_KEY_FILE", "EVIDENCE_PDF_CERTIFICATE_FILE"
MIN_RSA_BITS = 3072
_MADE_FOR = timedelta(days=3652)
_SIGNS_ONLY = x509.KeyUsage(
    digital_signature=True,
    content_commitment=True,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=False,
    crl_sign=False,
    encipher_only=False,
    decipher_only=False,
)


@dataclass(frozen=True, slots=True)
class SigningCertificate:
    """`others` are the certificates between ours and its root: they travel in each signature."""

    key: EllipticCurvePrivateKey | RSAPrivateKey
    certificate: x509.Certificate
    others: tuple[x509.Certificate, ...]

    @classmethod
    def from_files(cls, key_file: Path, certificate_file: Path, *, at: datetime) -> Self:
        """From two PEM files: the key without a password, the certificate first of its chain.

        Raises:
            SettingsError: what is wrong with them, one line each.
        """
        problems: list[str] = []
        key = _read_key(key_file, problems)
        chain = _read_chain(certificate_file, problems)
        if chain and not chain[0].not_valid_before_utc <= at <= chain[0].not_valid_after_utc:
            problems.append(
                f"{CERTIFICATE}: {certificate_file} is valid from"
                f" {chain[0].not_valid_before_utc:%Y-%m-%d} to"
                f" {chain[0].not_valid_after_utc:%Y-%m-%d}, not now"
            )
        if chain and key and key.public_key() != chain[0].public_key():
            problems.append(f"{CERTIFICATE}: {certificate_file} is not of the key in {key_file}")
        if problems or key is None:
            raise SettingsError(problems)
        return cls(key, chain[0], chain[1:])

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.certificate)

    @property
    def algorithm(self) -> str:
        if isinstance(self.key, RSAPrivateKey):
            return f"RSA-{self.key.key_size}"
        return "ECDSA-P256"

    @property
    def pem(self) -> str:
        return self.certificate.public_bytes(serialization.Encoding.PEM).decode()


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256 of its DER bytes, in hexadecimal."""
    return certificate.fingerprint(hashes.SHA256()).hex()


def is_self_signed(certificate: x509.Certificate) -> bool:
    return certificate.issuer == certificate.subject


def new_key_pem() -> bytes:
    """A fresh P-256 key, for a file that only its owner may read."""
    return generate_private_key(SECP256R1()).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def new_self_signed_pem(key_pem: bytes, *, at: datetime) -> bytes:
    """A certificate for a key of `new_key_pem`, vouched for by nobody but itself."""
    key = serialization.load_pem_private_key(key_pem, password=None)
    if not isinstance(key, EllipticCurvePrivateKey):
        raise ValueError("not a key that was made here")  # noqa: TRY004 - of a value, not of a type
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Evidence Service (self-signed)")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(minutes=5))
        .not_valid_after(at + _MADE_FOR)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_SIGNS_ONLY, critical=True)
        .sign(key, hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM)


def _read_key(path: Path, problems: list[str]) -> EllipticCurvePrivateKey | RSAPrivateKey | None:
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except OSError:
        problems.append(f"{KEY}: {path} cannot be read")
        return None
    except (ValueError, TypeError):  # TypeError: it wants a password
        problems.append(f"{KEY}: {path} holds no private key in PEM without a password")
        return None
    if isinstance(key, EllipticCurvePrivateKey) and isinstance(key.curve, SECP256R1):
        return key
    if isinstance(key, RSAPrivateKey) and key.key_size >= MIN_RSA_BITS:
        return key
    problems.append(f"{KEY}: {path} must hold a P-256 key, or RSA of {MIN_RSA_BITS} bits or more")
    return None


def _read_chain(path: Path, problems: list[str]) -> tuple[x509.Certificate, ...]:
    try:
        return tuple(x509.load_pem_x509_certificates(path.read_bytes()))
    except OSError:
        problems.append(f"{CERTIFICATE}: {path} cannot be read")
    except ValueError:
        problems.append(f"{CERTIFICATE}: {path} holds no certificate in PEM")
    return ()
