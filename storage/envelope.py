"""The envelope key wraps the cases' data keys (AES-256-GCM, bound to the case's id).

A wrapped key is nonce, ciphertext and tag. Several keys may be named: the first wraps, all of
them unwrap, so that an envelope key can be replaced without touching the cases at once.
"""

from __future__ import annotations

import base64
import secrets
from contextlib import suppress
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from uuid import UUID

KEY_BYTES = 32
_NONCE_BYTES = 12


class EnvelopeError(Exception):
    """The envelope key file is unusable, or none of its keys opens this case."""


class Envelope:
    def __init__(self, keys: Sequence[bytes]) -> None:
        if not keys or any(len(key) != KEY_BYTES for key in keys):
            raise ValueError(f"an envelope key has {KEY_BYTES} bytes, and one is needed")
        self._ciphers = [AESGCM(key) for key in keys]

    @classmethod
    def from_file(cls, path: Path) -> Envelope:
        """One key a line, in hexadecimal or base64.

        Raises:
            EnvelopeError: the file cannot be read, or a line is no key.
        """
        try:
            return cls([_decoded(line) for line in path.read_text("ascii").split()])
        except (OSError, ValueError) as error:
            raise EnvelopeError(f"{path}: {error}") from None

    def wrap(self, case_id: UUID, key: bytes) -> bytes:
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._ciphers[0].encrypt(nonce, key, case_id.bytes)

    def unwrap(self, case_id: UUID, wrapped: bytes) -> bytes:
        """The case's data key.

        Raises:
            EnvelopeError: no key opens it, or it was wrapped for another case.
        """
        nonce, sealed = wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:]
        for cipher in self._ciphers:
            try:
                return cipher.decrypt(nonce, sealed, case_id.bytes)
            except (InvalidTag, ValueError):  # ValueError: too short to hold a nonce
                continue
        raise EnvelopeError(f"no envelope key opens case {case_id}")


def new_key_line() -> str:
    """A new envelope key as a line of the file."""
    return secrets.token_hex(KEY_BYTES) + "\n"


def _decoded(line: str) -> bytes:
    with suppress(ValueError):
        return bytes.fromhex(line)
    with suppress(ValueError):
        return base64.b64decode(line, validate=True)
    raise ValueError("a line is neither hexadecimal nor base64")
