"""What the EvidenceStore port promises, of the fake and of a real S3 server alike."""

import base64
import hashlib
import io
import json
import os
import resource
import secrets
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from botocore.exceptions import ClientError
from fakes import FakeStore

from evidence_service.bootstrap import s3_config
from evidence_service.ports import SystemScope
from storage import keys
from storage.selftest import LockProof
from storage.store import (
    Differs,
    Missing,
    Refused,
    S3Config,
    S3EvidenceStore,
    Unreachable,
    make_client,
)

ROOT = Path(__file__).parents[2]
LARGE_BYTES = 64 * 1024 * 1024
CASE_KEY = secrets.token_bytes(32)


@pytest.fixture(scope="session")
def config(settings):
    return s3_config(settings.s3)


@pytest.fixture(scope="session")
def real_store(config):
    return S3EvidenceStore(config)


@pytest.fixture(params=["fake", "real"])
def store(request):
    return FakeStore() if request.param == "fake" else request.getfixturevalue("real_store")


def digest(data):
    return hashlib.sha256(data).hexdigest()


def new_key():
    """A place of its own: the key names a hash, the store does not care which."""
    return keys.evidence(uuid4(), digest(secrets.token_bytes(8)))


def put(store, data=b"the parcel was left at the door", **over):
    arguments = {
        "sha256": digest(data),
        "size_bytes": len(data),
        "case_key": CASE_KEY,
        "media_type": "text/plain",
    } | over
    return store.put(arguments.pop("key", None) or new_key(), io.BytesIO(data), **arguments)


def read(store, stored, **over):
    arguments = {"version_id": stored.version_id, "case_key": CASE_KEY} | over
    with store.get(stored.key, **arguments) as chunks:
        return b"".join(chunks)


class TestEvidenceStore:
    def test_answers_the_version_it_wrote(self, store):
        stored = put(store, b"abc")

        assert stored.created
        assert stored.version_id
        assert store.head(stored.key, case_key=CASE_KEY) == replace(stored, created=False)

    def test_writes_the_same_bytes_once(self, store):
        first = put(store)
        again = put(store, key=first.key)

        assert not again.created
        assert again == replace(first, created=False)
        assert len(list(store.list(first.key))) == 1

    def test_refuses_other_bytes_under_a_key(self, store):
        first = put(store, b"one")

        with pytest.raises(Differs):
            put(store, b"two", key=first.key)

        assert read(store, first) == b"one"

    def test_keeps_nothing_of_bytes_that_differ_from_their_hash(self, store):
        key = new_key()

        with pytest.raises(Differs):
            put(store, b"one", key=key, sha256=digest(b"two"))

        assert list(store.list(key)) == []

    def test_reads_all_or_a_part(self, store):
        data = secrets.token_bytes(2500)
        stored = put(store, data)

        assert read(store, stored) == data
        assert read(store, stored, start=2000) == data[2000:]
        assert read(store, stored, start=10, length=5) == data[10:15]

    def test_refuses_another_case_key(self, store):
        stored = put(store)

        with pytest.raises(Refused):
            read(store, stored, case_key=secrets.token_bytes(32))

    def test_says_what_is_missing(self, store):
        stored = put(store)

        with pytest.raises(Missing):
            read(store, replace(stored, key=new_key()))
        with pytest.raises(Missing):
            store.head(new_key(), case_key=CASE_KEY)

    def test_a_lock_keeps_a_version(self, store):
        stored = put(store)
        until = datetime.now(UTC) + timedelta(minutes=1)
        store.lock(stored.key, version_id=stored.version_id, until=until, mode="COMPLIANCE")

        with pytest.raises(Refused):
            store.delete_version(stored.key, version_id=stored.version_id)

        standing = store.locked_until(stored.key, version_id=stored.version_id)
        assert standing == until.replace(microsecond=0)
        assert read(store, stored)

    def test_a_shorter_lock_changes_nothing_and_a_longer_one_extends(self, store):
        stored = put(store)
        ends = []
        for minutes in (2, 1, 3):
            until = datetime.now(UTC) + timedelta(minutes=minutes)
            store.lock(stored.key, version_id=stored.version_id, until=until, mode="COMPLIANCE")
            ends.append(store.locked_until(stored.key, version_id=stored.version_id))

        assert ends[0] == ends[1] < ends[2]

    def test_refuses_to_change_the_mode_of_a_lock(self, store):
        stored = put(store)
        until = datetime.now(UTC) + timedelta(minutes=1)
        store.lock(stored.key, version_id=stored.version_id, until=until, mode="GOVERNANCE")

        with pytest.raises(Refused):
            store.lock(stored.key, version_id=stored.version_id, until=until, mode="COMPLIANCE")

    def test_an_unlocked_version_has_no_end_and_can_be_deleted(self, store):
        stored = put(store)

        assert store.locked_until(stored.key, version_id=stored.version_id) is None

        store.delete_version(stored.key, version_id=stored.version_id)

        assert list(store.list(stored.key)) == []
        with pytest.raises(Missing):
            read(store, stored)

    def test_lists_what_stands_under_a_prefix(self, store):
        case_id = uuid4()
        written = [
            put(store, data, key=keys.evidence(case_id, digest(data)))
            for data in (b"one", b"two", b"three")
        ]
        put(store)

        listed = list(store.list(f"{keys.CASES}{case_id}/"))

        assert [(found.key, found.version_id) for found in listed] == sorted(
            (stored.key, stored.version_id) for stored in written
        )
        assert all(found.is_latest for found in listed)
        assert all(abs(datetime.now(UTC) - f.modified_at) < timedelta(minutes=1) for f in listed)

    def test_keeps_a_case_key_and_never_writes_over_it(self, store):
        case_id = uuid4()
        for _repeated in range(2):
            store.put_case_key(case_id, b"wrapped")

        with pytest.raises(Differs):
            store.put_case_key(case_id, b"another")

        assert store.get_case_key(case_id) == b"wrapped"

    def test_a_case_key_can_be_destroyed(self, store):
        case_id = uuid4()
        store.put_case_key(case_id, b"wrapped")
        store.delete_case_key(case_id)

        with pytest.raises(Missing):
            store.get_case_key(case_id)

    def test_answers(self, store):
        store.ping()


class TestFakeStore:
    def test_fails_inside_a_transaction(self, ports):
        with (
            pytest.raises(AssertionError, match="inside a transaction"),
            ports.unit_of_work(SystemScope()),
        ):
            FakeStore().ping()


class TestS3:
    def test_memory_stays_flat_for_a_large_object(self, config):
        grown = subprocess.run(
            [sys.executable, __file__],
            input=json.dumps(asdict(config)),
            env={"PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"},
            capture_output=True,
            text=True,
            check=True,
        )

        assert int(grown.stdout) < LARGE_BYTES / 4

    def test_an_outage_is_no_refusal(self):
        config = S3Config("b", "b-incoming", "b-keys", "http://127.0.0.1:9", "us-east-1", "A", "s")

        with pytest.raises(Unreachable):
            S3EvidenceStore(config).ping()

    def test_an_error_repeats_no_secret(self, real_store):
        stored = put(real_store)
        wrong = secrets.token_bytes(32)

        with pytest.raises(Refused) as refused:
            read(real_store, stored, case_key=wrong)

        assert str(refused.value) in (f"{stored.key}: AccessDenied", f"{stored.key}: 403")

    def test_proves_its_lock(self, real_store, config, tmp_path):
        proof = LockProof(tmp_path, config.bucket)

        assert proof.renew(real_store).problem == ""
        assert proof.is_proven()
        assert list(real_store.list(keys.SELFTEST)) == []

    def test_a_store_that_does_not_lock_is_not_proven(self, tmp_path):
        class Unlocking(FakeStore):
            def lock(self, *_arguments, **_named):
                pass

        proof = LockProof(tmp_path, "bucket")

        assert proof.renew(Unlocking()).problem == "a locked version could be deleted"
        assert not proof.is_proven()

    def test_a_store_that_takes_no_keys_of_ours_is_said_to(self, tmp_path):
        class Blocking(FakeStore):
            def put(self, key, *_arguments, **_named):
                raise Refused(f"{key}: AccessDenied")

        proof = LockProof(tmp_path, "bucket")

        assert "(SSE-C)" in proof.renew(Blocking()).problem


class TestIdentities:
    @pytest.fixture
    def web(self, config):
        return make_client(config)

    def test_the_service_deletes_nothing(self, web, real_store, config):
        stored = put(real_store)

        for which in ({}, {"VersionId": stored.version_id}):
            with pytest.raises(ClientError, match="AccessDenied"):
                web.delete_object(Bucket=config.bucket, Key=stored.key, **which)
            batch = web.delete_objects(
                Bucket=config.bucket, Delete={"Objects": [{"Key": stored.key} | which]}
            )
            assert [error["Code"] for error in batch["Errors"]] == ["AccessDenied"]

        assert read(real_store, stored)

    def test_the_service_changes_no_rule_of_a_bucket(self, web, config):
        """An expiry of a day would be a deletion in disguise."""
        expiry = {
            "ID": "x",
            "Status": "Enabled",
            "Filter": {"Prefix": ""},
            "Expiration": {"Days": 1},
        }
        open_policy = json.dumps({"Version": "2012-10-17", "Statement": []})
        for bucket in (config.bucket, config.keys_bucket, config.incoming_bucket):
            for change, arguments in (
                (web.delete_bucket, {}),
                (web.delete_bucket_policy, {}),
                (web.put_bucket_policy, {"Policy": open_policy}),
                (
                    web.put_bucket_lifecycle_configuration,
                    {"LifecycleConfiguration": {"Rules": [expiry]}},
                ),
                (web.put_bucket_versioning, {"VersioningConfiguration": {"Status": "Suspended"}}),
            ):
                with pytest.raises(ClientError, match="AccessDenied"):
                    change(Bucket=bucket, **arguments)

    def test_the_janitor_passes_no_lock(self, config, real_store):
        stored = put(real_store)
        until = datetime.now(UTC) + timedelta(minutes=1)
        real_store.lock(stored.key, version_id=stored.version_id, until=until, mode="GOVERNANCE")
        janitor = make_client(
            replace(
                config,
                access_key=config.janitor_access_key,
                secret_key=config.janitor_secret_key,
            )
        )

        with pytest.raises(ClientError, match="AccessDenied"):
            janitor.delete_object(
                Bucket=config.bucket,
                Key=stored.key,
                VersionId=stored.version_id,
                BypassGovernanceRetention=True,
            )

    def test_a_legal_hold_keeps_a_version_until_it_is_lifted(self, real_store):
        stored = put(real_store)
        real_store.hold(stored.key, version_id=stored.version_id, on=True)

        with pytest.raises(Refused):
            real_store.delete_version(stored.key, version_id=stored.version_id)

        real_store.hold(stored.key, version_id=stored.version_id, on=False)
        real_store.delete_version(stored.key, version_id=stored.version_id)


class TestDirectUploads:
    """A browser's PUT: from outside, with nothing but the address and the signed headers."""

    DATA = b"a video of the unboxing"

    @pytest.fixture
    def upload_id(self):
        return uuid4()

    @pytest.fixture
    def presigned(self, real_store, upload_id):
        return real_store.presign_upload(
            upload_id, sha256=digest(self.DATA), size_bytes=len(self.DATA), expires_s=60
        )

    def send(self, presigned, body, **headers):
        request = urllib.request.Request(  # noqa: S310 - the address is the store's own
            presigned.url, data=body, method=presigned.method, headers=presigned.headers | headers
        )
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - as above
                return answer.status
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code

    def test_takes_the_announced_bytes(self, presigned, real_store, upload_id):
        assert self.send(presigned, self.DATA) == 200

        with real_store.open_incoming(upload_id) as chunks:
            assert b"".join(chunks) == self.DATA

        real_store.delete_incoming(upload_id)

        with pytest.raises(Missing), real_store.open_incoming(upload_id):
            pass

    def test_passes_on_what_can_be_read_once(self, real_store, upload_id):
        reading, writing = os.pipe()
        with os.fdopen(reading, "rb") as source:
            os.write(writing, self.DATA)
            os.close(writing)
            assert real_store.receive(
                upload_id, source, sha256=digest(self.DATA), size_bytes=len(self.DATA)
            )

        found = real_store.find_incoming(upload_id)
        assert (found.sha256, found.size_bytes) == (digest(self.DATA), len(self.DATA))
        assert upload_id in {one.upload_id for one in real_store.list_incoming()}
        real_store.delete_incoming(upload_id)

    def test_passes_on_no_other_bytes(self, real_store, upload_id):
        source = io.BytesIO(self.DATA[::-1])

        assert not real_store.receive(
            upload_id, source, sha256=digest(self.DATA), size_bytes=len(self.DATA)
        )
        assert real_store.find_incoming(upload_id) is None

    def test_keeps_nothing_of_a_body_that_ends_early(self, real_store, upload_id):
        with pytest.raises(Unreachable):
            real_store.receive(
                upload_id, io.BytesIO(self.DATA), sha256=digest(self.DATA), size_bytes=10_000
            )

        assert real_store.find_incoming(upload_id) is None

    def test_refuses_other_bytes(self, presigned, real_store, upload_id):
        assert self.send(presigned, self.DATA[::-1]) == 400

        with pytest.raises(Missing), real_store.open_incoming(upload_id):
            pass

    def test_refuses_another_length(self, presigned):
        longer = self.DATA + b"!"

        assert self.send(presigned, longer, **{"Content-Length": str(len(longer))}) == 403

    def test_refuses_another_checksum(self, presigned):
        other = self.DATA[::-1]
        checksum = base64.b64encode(hashlib.sha256(other).digest()).decode()

        assert self.send(presigned, other, **{"x-amz-checksum-sha256": checksum}) == 403


def move_a_large_object():
    """Print by how many bytes this process grew while it wrote and read a large object."""

    def peak():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024

    store = S3EvidenceStore(S3Config(**json.load(sys.stdin)))
    read(store, put(store))
    with tempfile.TemporaryFile() as file:
        sha256 = hashlib.sha256()
        for _megabyte in range(LARGE_BYTES >> 20):
            chunk = secrets.token_bytes(1 << 20)
            sha256.update(chunk)
            file.write(chunk)
        file.seek(0)
        before = peak()
        stored = store.put(
            new_key(),
            file,
            sha256=sha256.hexdigest(),
            size_bytes=LARGE_BYTES,
            case_key=CASE_KEY,
            media_type="video/mp4",
        )
    with store.get(stored.key, version_id=stored.version_id, case_key=CASE_KEY) as chunks:
        assert sum(len(chunk) for chunk in chunks) == LARGE_BYTES
    sys.stdout.write(str(peak() - before))


if __name__ == "__main__":
    move_a_large_object()
