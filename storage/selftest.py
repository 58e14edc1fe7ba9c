"""Whether this bucket really locks: tried, not believed.

Once a bucket and day, as the identity that may delete: an unlocked version can be deleted, a
locked one cannot, and can once its lock has ended. The answer is kept in the data folder and said
by `GET /me`; what was not proven within two days is `unproven`.
"""

from __future__ import annotations

import hashlib
import io
import json
import secrets
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from storage import keys
from storage.processes import write_private
from storage.store import Refused, StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from storage.store import S3EvidenceStore

LOCK = timedelta(seconds=5)
# The server's clock may run behind ours.
_GRACE = timedelta(seconds=2)
_VALID = timedelta(days=2)
_CASE_KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Proof:
    """`problem` says what did not hold; empty where the lock is proven."""

    bucket: str
    proven_at: datetime | None
    tried_at: datetime
    problem: str

    def to_plain(self) -> dict[str, str | None]:
        return {
            "bucket": self.bucket,
            "proven_at": self.proven_at.isoformat() if self.proven_at else None,
            "tried_at": self.tried_at.isoformat(),
            "problem": self.problem,
        }

    @classmethod
    def from_plain(cls, plain: dict[str, str | None]) -> Proof:
        proven_at = plain["proven_at"]
        return cls(
            bucket=str(plain["bucket"]),
            proven_at=datetime.fromisoformat(proven_at) if proven_at else None,
            tried_at=datetime.fromisoformat(str(plain["tried_at"])),
            problem=str(plain["problem"]),
        )


class LockProof:
    """The last trial of one bucket, in a file of the data folder."""

    def __init__(self, data_dir: Path, bucket: str) -> None:
        self._file = data_dir / "lock-proof.json"
        self._bucket = bucket

    def is_proven(self) -> bool:
        last = self.last()
        return (
            last is not None
            and last.proven_at is not None
            and datetime.now(UTC) - last.proven_at < _VALID
        )

    def last(self) -> Proof | None:
        try:
            proof = Proof.from_plain(json.loads(self._file.read_text("utf-8")))
        except (FileNotFoundError, ValueError, KeyError):
            return None
        return proof if proof.bucket == self._bucket else None

    def renew(self, store: S3EvidenceStore) -> Proof:
        """Try the lock, unless it was proven today. Takes a little longer than the lock it sets."""
        last = self.last()
        today = datetime.now(UTC).date()
        if last is not None and last.proven_at is not None and last.proven_at.date() == today:
            return last
        problem = _problem(store)
        now = datetime.now(UTC)
        proof = Proof(self._bucket, None if problem else now, now, problem)
        write_private(self._file, json.dumps(proof.to_plain()))
        return proof


class _Unproven(Exception):  # noqa: N818 - never leaves this module
    """What did not hold, in words."""


def _problem(store: S3EvidenceStore) -> str:
    """What does not hold, in words; empty where all does."""
    try:
        _try(store)
    except _Unproven as unproven:
        return str(unproven)
    return ""


def _try(store: S3EvidenceStore) -> None:
    with _saying("no object can be written under a key of its own (SSE-C)"):
        key, version = _put(store)
    with _saying("an unlocked version cannot be deleted"):
        store.delete_version(key, version_id=version)
    with _saying("a version cannot be locked"):
        key, version = _put(store)
        until = datetime.now(UTC) + LOCK
        store.lock(key, version_id=version, until=until, mode="COMPLIANCE")
    with _saying("whether a locked version can be deleted is not known"), suppress(Refused):
        store.delete_version(key, version_id=version)
        raise _Unproven("a locked version could be deleted")
    time.sleep((until + _GRACE - datetime.now(UTC)).total_seconds())
    with _saying("a version whose lock has ended cannot be deleted"):
        store.delete_version(key, version_id=version)


@contextmanager
def _saying(problem: str) -> Iterator[None]:
    try:
        yield
    except StoreError as error:
        raise _Unproven(f"{problem}: {error}") from error


def _put(store: S3EvidenceStore) -> tuple[str, str]:
    data = secrets.token_bytes(64)
    digest = hashlib.sha256(data).hexdigest()
    key = f"{keys.SELFTEST}{digest}"
    stored = store.put(
        key,
        io.BytesIO(data),
        sha256=digest,
        size_bytes=len(data),
        case_key=secrets.token_bytes(_CASE_KEY_BYTES),
        media_type="application/octet-stream",
    )
    return key, stored.version_id
