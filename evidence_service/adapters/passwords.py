"""Passwords by Argon2id, at the library's own cost (64 MiB, three passes), above OWASP's floor."""

from __future__ import annotations

from functools import cached_property

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError


class Argon2Passwords:
    def __init__(self) -> None:
        self._hasher = PasswordHasher()

    def hash(self, password: str) -> str:
        return self._hasher.hash(password)

    def verify(self, hashed: str | None, password: str) -> bool:
        try:
            matches = self._hasher.verify(hashed or self._nobody, password)
        except (VerificationError, InvalidHashError):
            return False
        return matches and hashed is not None

    @cached_property
    def _nobody(self) -> str:
        """A hash no password is known of: an unknown address costs what a known one does."""
        return self._hasher.hash("\x00nobody\x00")
