"""The archive package: equal bytes for equal contents, and every change to it is named."""

import base64
import hashlib
import json
import struct
import zipfile
from contextlib import contextmanager
from uuid import UUID

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from factories import AGENT, NOON, STORE

from evidence_service.adapters.package import (
    PackageError,
    SealedPackager,
    describe,
    verify_package,
)
from evidence_service.adapters.signing import SigningKey, fingerprint
from evidence_service.domain import events
from evidence_service.domain.chain import FIRST_PREV, link
from evidence_service.ports import PackageContents, PackageFile

CASE = UUID(int=7)
ROOT = "case-7"
KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)


def file(path, data, sha256=None):
    @contextmanager
    def read():
        yield [data[:2], data[2:]]

    return PackageFile(path, read, sha256)


def chain():
    first = link(
        events.CaseOpened(
            case_id=CASE, actor=AGENT, at=NOON, store_id=STORE, platform="ozon", reason="r"
        ),
        seq=1,
        prev=FIRST_PREV,
        salts={},
    )
    second = link(
        events.CaseOpened(
            case_id=CASE, actor=AGENT, at=NOON, store_id=STORE, platform="ozon", reason="s"
        ),
        seq=2,
        prev=first.hash,
        salts={},
    )
    return "".join(json.dumps(one.to_plain()) + "\n" for one in (first, second)).encode()


def contents(*extra):
    files = (
        file("originals/a.png", b"picture"),
        file("case.json", b"{}"),
        file("chain.jsonl", chain()),
    )
    return PackageContents(ROOT, {"External-Identifier": str(CASE)}, (*files, *extra))


@pytest.fixture
def package(tmp_path):
    path = tmp_path / "case.zip"
    SealedPackager(SigningKey(KEY)).write(path, contents())
    return path


def rewrite(package, change):
    """The same package with its files changed by `change(files)`; names are those in the bag."""
    with zipfile.ZipFile(package) as whole:
        files = {info.filename: whole.read(info) for info in whole.infolist()}
    inside = {name.removeprefix(f"{ROOT}/"): data for name, data in files.items()}
    change(inside)
    with zipfile.ZipFile(package, "w") as copy:
        for name, data in inside.items():
            copy.writestr(f"{ROOT}/{name}" if not name.startswith("!") else name[1:], data)
    return verify_package(package)


def moved(whole, at, hidden):
    """The same archive with bytes put in at a place, and all that names a later place put right."""
    moved = bytearray(whole[:at] + hidden + whole[at:])
    end = moved.rindex(b"PK\x05\x06")
    (start,) = struct.unpack_from("<I", moved, end + 16)
    struct.pack_into("<I", moved, end + 16, start + len(hidden))
    entry = start + len(hidden)
    while entry < end:
        name, extra, comment = struct.unpack_from("<HHH", moved, entry + 28)
        (place,) = struct.unpack_from("<I", moved, entry + 42)
        if place >= at:
            struct.pack_into("<I", moved, entry + 42, place + len(hidden))
        entry += 46 + name + extra + comment
    return bytes(moved)


def digest(data):
    return hashlib.sha256(data).hexdigest()


def relist(files, manifest, name, data):
    """Put the true hash of `name` into a manifest, as somebody would who covers a change."""
    lines = files[manifest].decode().splitlines()
    changed = [f"{digest(data)}  {name}" if line.endswith(f"  {name}") else line for line in lines]
    files[manifest] = ("\n".join(changed) + "\n").encode()


class TestWriting:
    def test_equal_contents_give_equal_bytes(self, package, tmp_path):
        again = tmp_path / "again.zip"
        made = SealedPackager(SigningKey(KEY)).write(again, contents())

        assert again.read_bytes() == package.read_bytes()
        assert made.sha256 == digest(again.read_bytes())
        assert made.size_bytes == again.stat().st_size

    def test_order_of_the_files_is_irrelevant(self, package, tmp_path):
        again = tmp_path / "again.zip"
        turned = contents()
        turned = PackageContents(turned.name, turned.info, turned.files[::-1])
        SealedPackager(SigningKey(KEY)).write(again, turned)

        assert again.read_bytes() == package.read_bytes()

    def test_bytes_that_are_not_the_announced_ones_stop_it(self, tmp_path):
        wrong = file("originals/b.png", b"other", digest(b"announced"))

        with pytest.raises(PackageError, match=r"originals/b\.png"):
            SealedPackager(SigningKey(KEY)).write(tmp_path / "x.zip", contents(wrong))


class TestIntact:
    def test_says_what_was_checked_and_by_which_key(self, package):
        verdict = verify_package(package)

        assert verdict.ok
        assert (verdict.files, verdict.events) == (3, 2)
        assert verdict.key_fingerprint == SigningKey(KEY).fingerprint
        assert any("not named by you" in line for line in describe(verdict))

    def test_key_named_by_its_fingerprint(self, package):
        assert verify_package(package, SigningKey(KEY).fingerprint).ok

    def test_key_named_by_its_file(self, package, tmp_path):
        pem = tmp_path / "key.pem"
        pem.write_bytes(
            KEY.public_key().public_bytes(
                serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
            )
        )

        assert verify_package(package, str(pem)).ok

    def test_another_key_than_the_named_one(self, package):
        verdict = verify_package(package, fingerprint(b"somebody else's key"))

        assert [what.split(":")[0] for what in verdict.differs] == ["seal.json"]


class TestDiffers:
    def names(self, verdict):
        return {what.split(":")[0] for what in verdict.differs}

    def test_changed(self, package):
        verdict = rewrite(package, lambda files: files.update({"data/originals/a.png": b"PICTURE"}))

        assert self.names(verdict) == {"data/originals/a.png"}

    def test_removed(self, package):
        verdict = rewrite(package, lambda files: files.pop("data/originals/a.png"))

        assert "data/originals/a.png" in self.names(verdict)

    @pytest.mark.parametrize("name", ["data/originals/b.png", "notes.txt", "fetch.txt"])
    def test_added(self, package, name):
        verdict = rewrite(package, lambda files: files.update({name: b"new"}))

        assert name in self.names(verdict)

    def test_changed_with_its_manifest_line(self, package):
        def change(files):
            files["data/originals/a.png"] = b"PICTURE"
            relist(files, "manifest-sha256.txt", "data/originals/a.png", b"PICTURE")

        assert self.names(rewrite(package, change)) == {"manifest-sha256.txt"}

    def test_changed_with_both_manifests(self, package):
        def change(files):
            files["data/originals/a.png"] = b"PICTURE"
            relist(files, "manifest-sha256.txt", "data/originals/a.png", b"PICTURE")
            manifest = files["manifest-sha256.txt"]
            relist(files, "tagmanifest-sha256.txt", "manifest-sha256.txt", manifest)

        assert self.names(rewrite(package, change)) == {"tagmanifest-sha256.txt"}

    def test_sealed_anew_by_another_key(self, package):
        other = SigningKey(Ed25519PrivateKey.generate())

        def change(files):
            seal = json.loads(files["seal.json"])
            seal["public_key"] = other.public_base64
            seal["key_fingerprint"] = other.fingerprint
            signature = other.sign(files["tagmanifest-sha256.txt"])
            seal["signature"] = base64.b64encode(signature).decode()
            files["seal.json"] = json.dumps(seal).encode()

        assert rewrite(package, change).ok  # without a named key nobody can tell
        assert not verify_package(package, SigningKey(KEY).fingerprint).ok

    @pytest.mark.parametrize(
        "name",
        [
            "bagit.txt",
            "bag-info.txt",
            "manifest-sha256.txt",
            "tagmanifest-sha256.txt",
            "seal.json",
            "data/chain.jsonl",
        ],
    )
    @pytest.mark.parametrize("data", [None, b"", b"\xff\xfe\x00", b"{}", b"[]\n"])
    def test_any_part_spoilt_or_gone(self, package, name, data):
        def change(files):
            if data is None:
                del files[name]
            else:
                files[name] = data

        assert name in self.names(rewrite(package, change))

    def test_event_taken_out_of_a_resealed_chain(self, tmp_path):
        path = tmp_path / "case.zip"
        first, second = chain().splitlines(keepends=True)
        files = (file("chain.jsonl", second + first),)
        SealedPackager(SigningKey(KEY)).write(path, PackageContents(ROOT, {}, files))

        assert self.names(verify_package(path)) == {"data/chain.jsonl"}

    @pytest.mark.parametrize("name", ["!case-7/../escape", "!/etc/passwd", "!other/x", "data\\x"])
    def test_names_that_leave_the_package(self, package, name):
        assert not rewrite(package, lambda files: files.update({name: b"x"})).ok

    def test_one_name_twice(self, package):
        with (
            pytest.warns(UserWarning, match="Duplicate name"),
            zipfile.ZipFile(package, "a") as more,
        ):
            more.writestr(f"{ROOT}/data/originals/a.png", b"picture")

        assert not verify_package(package).ok

    @pytest.mark.parametrize("cut", [0, 10, 400, -30])
    def test_a_file_cut_short(self, package, cut):
        package.write_bytes(package.read_bytes()[:cut])

        assert not verify_package(package).ok

    @pytest.mark.parametrize("place", ["before", "between", "behind", "in a comment"])
    def test_bytes_that_are_no_file_s(self, package, place):
        whole = package.read_bytes()
        with zipfile.ZipFile(package) as archive:
            second = sorted(info.header_offset for info in archive.infolist())[1]
        if place == "between":
            package.write_bytes(moved(whole, second, b"hidden"))
        elif place == "in a comment":
            with zipfile.ZipFile(package, "a") as archive:
                archive.comment = b"hidden"
        else:
            package.write_bytes(b"hidden" + whole if place == "before" else whole + b"hidden")
        with zipfile.ZipFile(package) as archive:
            assert archive.testzip() is None

        assert self.names(verify_package(package)) == {"case.zip"}

    def test_every_single_byte_matters(self, package):
        whole = package.read_bytes()
        with zipfile.ZipFile(package) as archive:
            places = [info.header_offset + 30 + len(info.filename) for info in archive.infolist()]

        for place in places:
            package.write_bytes(
                whole[: place + 24] + bytes([whole[place + 24] ^ 1]) + whole[place + 25 :]
            )
            assert not verify_package(package).ok
