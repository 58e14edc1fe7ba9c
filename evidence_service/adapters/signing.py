"""The Ed25519 key that seals packages."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

if TYPE_CHECKING:
    from pathlib import Path


class SigningKey:
    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key

    @classmethod
    def from_file(cls, path: Path) -> SigningKey:
        """From a PEM file (PKCS #8, without password).

        Raises:
            ValueError: it holds something else.
        """
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
        if not isinstance(key, Ed25519PrivateKey):
            raise ValueError(  # noqa: TRY004 - of a value, not of a type
                f"{path} holds no Ed25519 private key"
            )
        return cls(key)

    @staticmethod
    def new_pem() -> bytes:
        """A fresh key as PEM, for a file that only its owner may read."""
        return Ed25519PrivateKey.generate().private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )

    @property
    def public_base64(self) -> str:
        """The 32 bytes of the public key."""
        return base64.b64encode(_raw(self._key.public_key())).decode()

    @property
    def fingerprint(self) -> str:
        return fingerprint(_raw(self._key.public_key()))

    def sign(self, data: bytes) -> bytes:
        return self._key.sign(data)


def fingerprint(public_key: bytes) -> str:
    """SHA-256 of the 32 bytes, in hexadecimal."""
    return hashlib.sha256(public_key).hexdigest()


def read_public_key(pem: bytes) -> bytes:
    """The 32 bytes of an Ed25519 public key in a PEM file.

    Raises:
        ValueError: it holds something else.
    """
    key = serialization.load_pem_public_key(pem)
    if not isinstance(key, Ed25519PublicKey):
        raise ValueError("the file holds no Ed25519 public key")  # noqa: TRY004 - as above
    return _raw(key)


def is_signed(data: bytes, signature: bytes, public_key: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, data)
    except (InvalidSignature, ValueError):
        return False
    return True


def _raw(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
