"""The case file on S3: written once, verified by the server, encrypted with the case's own key.

Every object stands under its SHA-256 and is read by its version. Memory stays flat: bodies are
files, answers are chunks. The errors are ours; a secret never stands in one.
"""

from __future__ import annotations

import base64
import hashlib
import os
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, BinaryIO, Literal
from uuid import UUID

import boto3
import botocore.session
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionError,  # noqa: A004 - it is the library's
    HTTPClientError,
    IncompleteReadError,
    UnseekableStreamError,
)

from storage import keys

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_s3 import S3Client

CHUNK_BYTES = 256 * 1024
DEFAULT_REGION = "us-east-1"
# Far from the day after which an object without a row is swept, and longer than any upload.
SAFE_FROM_SWEEP = timedelta(hours=1)
LockMode = Literal["COMPLIANCE", "GOVERNANCE"]


class StoreError(Exception):
    """The store did not do what was asked."""


class Missing(StoreError):  # noqa: N818 - a fact, as in `except Missing`
    """There is no such object, or no such version of it."""


class Differs(StoreError):  # noqa: N818 - a fact, as in `except Differs`
    """The bytes are not those that were announced, or others stand there already."""


class Refused(StoreError):  # noqa: N818 - a fact, as in `except Refused`
    """A lock or a right stands against it, or the object is encrypted with another key."""


class Unreachable(StoreError):  # noqa: N818 - a fact, as in `except Unreachable`
    """The store does not answer; trying again is right."""


@dataclass(frozen=True, slots=True)
class S3Config:
    """Where the buckets are. Without keys, boto3 finds a role or profile by itself.

    `is_embedded` shuts out every ambient setting: profile, proxy, file, AWS_* variable.
    """

    bucket: str
    incoming_bucket: str
    keys_bucket: str
    endpoint_url: str | None = None
    region: str | None = None
    access_key: str | None = None
    secret_key: str | None = None
    janitor_access_key: str | None = None
    janitor_secret_key: str | None = None
    public_endpoint_url: str | None = None
    is_embedded: bool = False


@dataclass(frozen=True, slots=True)
class Stored:
    """`created` is False where the same object stood there already."""

    key: str
    version_id: str
    sha256: str
    size_bytes: int
    modified_at: datetime = field(compare=False)  # the two clocks differ in their grain
    created: bool


@dataclass(frozen=True, slots=True)
class Listed:
    key: str
    version_id: str
    size_bytes: int
    modified_at: datetime
    is_latest: bool


@dataclass(frozen=True, slots=True)
class Incoming:
    """A direct upload whose bytes have come; a list does not say their checksum."""

    upload_id: UUID
    size_bytes: int
    modified_at: datetime
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Presigned:
    """One request a browser may make; `headers` are signed and must be sent as they are."""

    url: str
    method: str
    headers: dict[str, str]
    expires_at: datetime


class S3EvidenceStore:
    def __init__(self, config: S3Config) -> None:
        self._config = config

    # --- objects --------------------------------------------------------------------------

    def put(  # noqa: PLR0913 - all that a verified, encrypted, write-once object needs
        self,
        key: str,
        source: BinaryIO,
        *,
        sha256: str,
        size_bytes: int,
        case_key: bytes,
        media_type: str,
    ) -> Stored:
        """Write an object once; the same bytes again are answered with what stands there.

        Unless that has stood for an hour: it may be what a killed upload left, which the sweep
        removes after a day, so the answer is then a version of its own that no sweep is near.

        Args:
            key: see keys.py.
            source: a seekable file.
            sha256: in hexadecimal; the server refuses other bytes.
            size_bytes: of the source.
            case_key: 32 bytes; the server encrypts with it and forgets it.
            media_type: as sniffed.

        Raises:
            Differs: the bytes are not of this hash, or other bytes stand under the key.
            Unreachable: the store does not answer.
        """
        wanted: dict[str, Any] = {
            "Bucket": self._config.bucket,
            "Key": key,
            "Body": source,
            "ContentLength": size_bytes,
            "ContentType": media_type,
            "ChecksumSHA256": _base64(sha256),
            **_customer_key(case_key),
        }
        try:
            with translated(key):
                answer = self._bodies.put_object(**wanted, IfNoneMatch="*")
        except _AlreadyThere:
            standing = self._ensure_same(key, sha256, case_key)
            if datetime.now(UTC) - standing.modified_at < SAFE_FROM_SWEEP:
                return standing
            source.seek(0)
            with translated(key):
                answer = self._bodies.put_object(**wanted)
        return Stored(key, answer["VersionId"], sha256, size_bytes, datetime.now(UTC), created=True)

    def head(self, key: str, *, version_id: str | None = None, case_key: bytes) -> Stored:
        """What stands under the key, by the server's own checksum."""
        which: dict[str, Any] = {"VersionId": version_id} if version_id else {}
        with translated(key):
            answer = self._web.head_object(
                Bucket=self._config.bucket,
                Key=key,
                ChecksumMode="ENABLED",
                **which,
                **_customer_key(case_key),
            )
        checksum = base64.b64decode(answer.get("ChecksumSHA256", "")).hex()
        size = answer["ContentLength"]
        return Stored(
            key, answer["VersionId"], checksum, size, answer["LastModified"], created=False
        )

    @contextmanager
    def get(
        self,
        key: str,
        *,
        version_id: str,
        case_key: bytes,
        start: int = 0,
        length: int | None = None,
    ) -> Iterator[Iterator[bytes]]:
        """The bytes of one version in chunks, from `start`, at most `length` of them."""
        part: dict[str, Any] = {}
        if start or length is not None:
            last = "" if length is None else str(start + length - 1)
            part["Range"] = f"bytes={start}-{last}"
        with translated(key):
            answer = self._web.get_object(
                Bucket=self._config.bucket,
                Key=key,
                VersionId=version_id,
                **part,
                **_customer_key(case_key),
            )
        body = answer["Body"]
        try:
            yield _chunks(body, key)
        finally:
            body.close()

    def list(self, prefix: str) -> Iterator[Listed]:
        """Every version of every object under the prefix, sorted by key."""
        with translated(prefix):
            pages = self._web.get_paginator("list_object_versions").paginate(
                Bucket=self._config.bucket, Prefix=prefix
            )
            for page in pages:
                for version in page.get("Versions", []):
                    yield Listed(
                        version["Key"],
                        version["VersionId"],
                        version["Size"],
                        version["LastModified"],
                        version["IsLatest"],
                    )

    def delete_version(self, key: str, *, version_id: str) -> None:
        """Remove one version for good, as the janitor.

        Raises:
            Refused: a lock holds it.
        """
        with translated(key):
            self._janitor.delete_object(Bucket=self._config.bucket, Key=key, VersionId=version_id)

    # --- locks ----------------------------------------------------------------------------

    def lock(self, key: str, *, version_id: str, until: datetime, mode: LockMode) -> None:
        """Keep one version until an instant; a lock as strong and as long stays as it is.

        Raises:
            Refused: a lock of another mode stands there.
        """
        standing = self._retention(key, version_id)
        if standing is not None:
            standing_until, standing_mode = standing
            strong = standing_mode in (mode, "COMPLIANCE")
            if strong and standing_until >= until.replace(microsecond=0):
                return
        with translated(key):
            self._web.put_object_retention(
                Bucket=self._config.bucket,
                Key=key,
                VersionId=version_id,
                Retention={"Mode": mode, "RetainUntilDate": until},
            )

    def locked_until(self, key: str, *, version_id: str) -> datetime | None:
        """When the version's lock ends, or None where it has none."""
        standing = self._retention(key, version_id)
        return None if standing is None else standing[0]

    def hold(self, key: str, *, version_id: str, on: bool) -> None:
        """Set or lift a legal hold, which knows no end."""
        with translated(key):
            self._web.put_object_legal_hold(
                Bucket=self._config.bucket,
                Key=key,
                VersionId=version_id,
                LegalHold={"Status": "ON" if on else "OFF"},
            )

    # --- case keys ------------------------------------------------------------------------

    def put_case_key(self, case_id: UUID, wrapped: bytes) -> None:
        """Keep a wrapped key, never over another."""
        key = keys.case_key(case_id)
        try:
            with translated(key):
                self._web.put_object(
                    Bucket=self._config.keys_bucket,
                    Key=key,
                    Body=wrapped,
                    ChecksumSHA256=_base64(hashlib.sha256(wrapped).hexdigest()),
                    IfNoneMatch="*",
                )
        except _AlreadyThere:
            if self.get_case_key(case_id) != wrapped:
                raise Differs(f"{key}: another key stands there") from None

    def get_case_key(self, case_id: UUID) -> bytes:
        key = keys.case_key(case_id)
        with translated(key):
            answer = self._web.get_object(Bucket=self._config.keys_bucket, Key=key)
            wrapped: bytes = answer["Body"].read()
        return wrapped

    def delete_case_key(self, case_id: UUID) -> None:
        """Remove every version of a case's key, as the janitor: nothing opens the case again."""
        key = keys.case_key(case_id)
        with translated(key):
            pages = self._janitor.get_paginator("list_object_versions").paginate(
                Bucket=self._config.keys_bucket, Prefix=key
            )
            for page in pages:
                for version in page.get("Versions", []):
                    self._janitor.delete_object(
                        Bucket=self._config.keys_bucket,
                        Key=key,
                        VersionId=version["VersionId"],
                    )

    # --- direct uploads -------------------------------------------------------------------

    def presign_upload(
        self, upload_id: UUID, *, sha256: str, size_bytes: int, expires_s: int
    ) -> Presigned:
        """One PUT into the incoming bucket, bound to its checksum and length."""
        url = self._public.generate_presigned_url(
            "put_object",
            Params={
                "Bucket": self._config.incoming_bucket,
                "Key": keys.incoming(upload_id),
                "ChecksumSHA256": _base64(sha256),
                "ContentLength": size_bytes,
            },
            ExpiresIn=expires_s,
        )
        headers = {"x-amz-checksum-sha256": _base64(sha256), "Content-Length": str(size_bytes)}
        return Presigned(url, "PUT", headers, datetime.now(UTC) + timedelta(seconds=expires_s))

    def receive(self, upload_id: UUID, source: BinaryIO, *, sha256: str, size_bytes: int) -> bool:
        """Pass on what is read from `source`, once and in chunks; nothing stands before its end.

        Returns:
            False where the bytes are not of this hash: then nothing of them is kept.

        Raises:
            Unreachable: the source or the store ended too early.
        """
        key = keys.incoming(upload_id)
        try:
            with translated(key):
                self._passing_on.put_object(
                    Bucket=self._config.incoming_bucket,
                    Key=key,
                    Body=_Whole(source, size_bytes),  # type: ignore[arg-type]  # read is all it needs
                    ContentLength=size_bytes,
                    ChecksumSHA256=_base64(sha256),
                )
        except Differs:
            return False
        return True

    def find_incoming(self, upload_id: UUID) -> Incoming | None:
        """What has come of an upload, by the server's own checksum."""
        key = keys.incoming(upload_id)
        try:
            with translated(key):
                answer = self._web.head_object(
                    Bucket=self._config.incoming_bucket, Key=key, ChecksumMode="ENABLED"
                )
        except Missing:
            return None
        checksum = base64.b64decode(answer.get("ChecksumSHA256", "")).hex()
        return Incoming(upload_id, answer["ContentLength"], answer["LastModified"], checksum)

    def list_incoming(self) -> Iterator[Incoming]:
        with translated(keys.INCOMING):
            pages = self._web.get_paginator("list_objects_v2").paginate(
                Bucket=self._config.incoming_bucket, Prefix=keys.INCOMING
            )
            for page in pages:
                for found in page.get("Contents", []):
                    name = found["Key"].removeprefix(keys.INCOMING)
                    yield Incoming(UUID(name), found["Size"], found["LastModified"])

    @contextmanager
    def open_incoming(self, upload_id: UUID) -> Iterator[Iterator[bytes]]:
        key = keys.incoming(upload_id)
        with translated(key):
            answer = self._web.get_object(Bucket=self._config.incoming_bucket, Key=key)
        body = answer["Body"]
        try:
            yield _chunks(body, key)
        finally:
            body.close()

    def delete_incoming(self, upload_id: UUID) -> None:
        key = keys.incoming(upload_id)
        with translated(key):
            self._janitor.delete_object(Bucket=self._config.incoming_bucket, Key=key)

    def ping(self) -> None:
        """Ask whether the case bucket answers.

        Raises:
            StoreError: it does not.
        """
        with translated(self._config.bucket):
            self._web.get_bucket_versioning(Bucket=self._config.bucket)

    # --- clients, made when first used so that a fork never shares one ---------------------

    @cached_property
    def _web(self) -> S3Client:
        return make_client(self._config)

    @cached_property
    def _bodies(self) -> S3Client:
        """For bodies whose SHA-256 is among the signed headers: the server checks them by that.

        To sign them once more by what they hold, boto3 would read them twice over plain HTTP.
        """
        return make_client(self._config, signs_bodies=False)

    @cached_property
    def _passing_on(self) -> S3Client:
        """The same for a body that can be read only once."""
        return make_client(self._config, signs_bodies=False, attempts=1)

    @cached_property
    def _janitor(self) -> S3Client:
        access_key = self._config.janitor_access_key
        if not access_key:
            return self._web
        secret_key = self._config.janitor_secret_key
        return make_client(replace(self._config, access_key=access_key, secret_key=secret_key))

    @cached_property
    def _public(self) -> S3Client:
        url = self._config.public_endpoint_url or self._config.endpoint_url
        return make_client(replace(self._config, endpoint_url=url))

    def _ensure_same(self, key: str, sha256: str, case_key: bytes) -> Stored:
        standing = self.head(key, case_key=case_key)
        if standing.sha256 != sha256:
            raise Differs(f"{key}: other bytes stand there")
        return standing

    def _retention(self, key: str, version_id: str) -> tuple[datetime, str] | None:
        try:
            with translated(key):
                answer = self._web.get_object_retention(
                    Bucket=self._config.bucket, Key=key, VersionId=version_id
                )
        except _NoLock:
            return None
        retention = answer["Retention"]
        return retention["RetainUntilDate"].astimezone(UTC), retention["Mode"]


def make_client(config: S3Config, *, attempts: int = 3, signs_bodies: bool = True) -> S3Client:
    """A client for these buckets, as the identity whose keys the configuration names."""
    embedded = config.is_embedded
    session = boto3.Session(
        aws_access_key_id=config.access_key,
        aws_secret_access_key=config.secret_key,
        region_name=config.region or DEFAULT_REGION,
        botocore_session=_deaf_session() if embedded else None,
    )
    return session.client(
        "s3",
        endpoint_url=config.endpoint_url,
        config=Config(
            signature_version="s3v4",
            s3={
                "addressing_style": "path" if config.endpoint_url else "auto",
                "payload_signing_enabled": signs_bodies,
            },
            retries={"max_attempts": attempts, "mode": "standard"},
            connect_timeout=5,
            read_timeout=60,
            max_pool_connections=16,
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            proxies={} if embedded else None,
            use_fips_endpoint=False if embedded else None,
            use_dualstack_endpoint=False if embedded else None,
        ),
    )


def _deaf_session() -> botocore.session.Session:
    """A session that reads no profile, no configuration file and no certificate bundle."""
    nothing = (None, None, None, None)
    empty = (None, None, os.devnull, None)
    return botocore.session.Session(
        session_vars={
            "profile": nothing,
            "config_file": empty,
            "credentials_file": empty,
            "ca_bundle": nothing,
        }
    )


class _AlreadyThere(Exception):  # noqa: N818 - never leaves this module
    """If-None-Match found something."""


class _NoLock(Exception):  # noqa: N818 - never leaves this module
    """The version has no retention."""


# The last: a body that can be read only once broke off, and boto3 would begin it anew.
_NO_ANSWER = (ConnectionError, HTTPClientError, IncompleteReadError, UnseekableStreamError)
_ERRORS: dict[str, type[Exception]] = {
    "404": Missing,
    "NoSuchKey": Missing,
    "NoSuchVersion": Missing,
    "NoSuchObjectLockConfiguration": _NoLock,
    "ObjectLockConfigurationNotFoundError": _NoLock,
    "PreconditionFailed": _AlreadyThere,
    "412": _AlreadyThere,
    # Two writers at the same instant: which of them was first shows at the next try.
    "ConditionalRequestConflict": Unreachable,
    "BadDigest": Differs,
    "XAmzContentChecksumMismatch": Differs,
    "XAmzContentSHA256Mismatch": Differs,
    "AccessDenied": Refused,
    "403": Refused,
}


class translated:  # noqa: N801 - reads as a word in `with translated(key):`
    """Turn the library's errors into ours at the border, without repeating a secret."""

    def __init__(self, key: str) -> None:
        self._key = key

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, ClientError):
            raise _translation(error)(f"{self._key}: {_code(error)}") from error
        if isinstance(error, _NO_ANSWER):
            raise Unreachable(f"{self._key}: {type(error).__name__}") from error
        if isinstance(error, BotoCoreError):
            raise StoreError(f"{self._key}: {type(error).__name__}") from error


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


def _translation(error: ClientError) -> type[Exception]:
    status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    failed = Unreachable if status >= HTTPStatus.INTERNAL_SERVER_ERROR else StoreError
    return _ERRORS.get(_code(error), failed)


def _chunks(body: Any, key: str) -> Iterator[bytes]:
    with translated(key):
        yield from body.iter_chunks(CHUNK_BYTES)


class _Whole:
    """A body of a known size; its early end is told at once, not after the server's patience."""

    def __init__(self, source: BinaryIO, size_bytes: int) -> None:
        self._source = source
        self._left = size_bytes

    def read(self, size: int = -1) -> bytes:
        chunk = self._source.read(size)
        self._left -= len(chunk)
        if not chunk and self._left > 0:
            raise OSError(f"the body ended {self._left} bytes early")
        return chunk


def _base64(sha256: str) -> str:
    return base64.b64encode(bytes.fromhex(sha256)).decode()


def _customer_key(case_key: bytes) -> dict[str, Any]:
    """SSE-C: boto3 itself adds the key's MD5, which the protocol asks for."""
    return {"SSECustomerAlgorithm": "AES256", "SSECustomerKey": case_key}
