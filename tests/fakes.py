"""Stands in for the outside in tests of use cases; contract tests hold it to the real thing."""

import hashlib
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

from evidence_service.adapters.db.unit_of_work import in_transaction
from storage import keys
from storage.store import SAFE_FROM_SWEEP, Differs, Listed, Missing, Refused, Stored

CHUNK_BYTES = 1000


@dataclass
class Version:
    id: str
    body: bytes
    case_key: bytes
    written_at: datetime
    locked_until: datetime | None = None
    mode: str = ""

    @property
    def sha256(self):
        return hashlib.sha256(self.body).hexdigest()


class FakeStore:
    """The EvidenceStore port in memory. Every call inside an open unit of work fails."""

    def __init__(self):
        self._versions = {}
        self._case_keys = {}

    def put(self, key, source, *, sha256, size_bytes, case_key, media_type):  # noqa: PLR0913 - the port's
        self._ensure_outside()
        body = source.read()
        if hashlib.sha256(body).hexdigest() != sha256 or len(body) != size_bytes:
            raise Differs(f"{key}: BadDigest")
        if self._versions.get(key):
            standing = self._versions[key][-1]
            self._ensure_opens(standing, case_key)
            if standing.sha256 != sha256:
                raise Differs(f"{key}: other bytes stand there")
            if datetime.now(UTC) - standing.written_at < SAFE_FROM_SWEEP:
                at = standing.written_at
                return Stored(key, standing.id, sha256, size_bytes, at, created=False)
        version = Version(uuid4().hex, body, case_key, datetime.now(UTC))
        self._versions.setdefault(key, []).append(version)
        return Stored(key, version.id, sha256, size_bytes, version.written_at, created=True)

    def head(self, key, *, version_id=None, case_key):
        self._ensure_outside()
        version = self._version(key, version_id)
        self._ensure_opens(version, case_key)
        at, size = version.written_at, len(version.body)
        return Stored(key, version.id, version.sha256, size, at, created=False)

    @contextmanager
    def get(self, key, *, version_id, case_key, start=0, length=None):
        self._ensure_outside()
        version = self._version(key, version_id)
        self._ensure_opens(version, case_key)
        part = version.body[start : None if length is None else start + length]
        yield (part[at : at + CHUNK_BYTES] for at in range(0, len(part), CHUNK_BYTES))

    def list(self, prefix):
        self._ensure_outside()
        for key in sorted(k for k in self._versions if k.startswith(prefix)):
            *_, latest = self._versions[key]
            for version in self._versions[key]:
                yield Listed(
                    key, version.id, len(version.body), version.written_at, version is latest
                )

    def delete_version(self, key, *, version_id):
        self._ensure_outside()
        version = self._version(key, version_id)
        if version.locked_until is not None and version.locked_until > datetime.now(UTC):
            raise Refused(f"{key}: AccessDenied")
        self._versions[key].remove(version)
        if not self._versions[key]:
            del self._versions[key]

    def lock(self, key, *, version_id, until, mode):
        self._ensure_outside()
        version = self._version(key, version_id)
        until = until.replace(microsecond=0)
        if version.locked_until is not None and version.mode in (mode, "COMPLIANCE"):
            until = max(until, version.locked_until)
        elif version.mode:
            raise Refused(f"{key}: AccessDenied")
        version.locked_until, version.mode = until, version.mode or mode

    def locked_until(self, key, *, version_id):
        self._ensure_outside()
        return self._version(key, version_id).locked_until

    def put_case_key(self, case_id, wrapped):
        self._ensure_outside()
        if self._case_keys.setdefault(case_id, wrapped) != wrapped:
            raise Differs(f"{keys.case_key(case_id)}: another key stands there")

    def get_case_key(self, case_id):
        self._ensure_outside()
        if case_id not in self._case_keys:
            raise Missing(keys.case_key(case_id))
        return self._case_keys[case_id]

    def delete_case_key(self, case_id):
        self._ensure_outside()
        self._case_keys.pop(case_id, None)

    def ping(self):
        self._ensure_outside()

    def _version(self, key, version_id):
        for version in self._versions.get(key, []):
            if version_id in (None, version.id):
                return version
        raise Missing(f"{key}: NoSuchVersion")

    @staticmethod
    def _ensure_opens(version, case_key):
        if version.case_key != case_key:
            raise Refused("AccessDenied")

    @staticmethod
    def _ensure_outside():
        assert not in_transaction(), "a network call inside a transaction"
