"""The archive package: a sealed BagIt bag in a ZIP, written here and checked here, offline.

docs/package-format.md says how to check one without this program. Sources: RFC 8493 (BagIt),
RFC 8785 (canonical JSON), RFC 8032 (Ed25519).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import os
import struct
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING

from evidence_service.adapters.signing import fingerprint, is_signed, read_public_key
from evidence_service.domain.chain import Link, verify_chain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from evidence_service.adapters.signing import SigningKey
    from evidence_service.ports import PackageContents

FORMAT = "1"
BAGIT = "bagit.txt"
INFO = "bag-info.txt"
MANIFEST = "manifest-sha256.txt"
TAG_MANIFEST = "tagmanifest-sha256.txt"
SEAL = "seal.json"
CHAIN = "data/chain.jsonl"
DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"

_CHUNK_BYTES = 1 << 20
# ZIP cannot tell an earlier time; the same for every entry, so that equal contents are equal bytes.
_EPOCH = (1980, 1, 1, 0, 0, 0)
_REGULAR_FILE = 0o100644 << 16
# Tag files are read whole. A case has at most 500 items: their lines stay far below.
_MAX_TAG_BYTES = 16_000_000
_NOT_LISTED = frozenset({TAG_MANIFEST, SEAL})
# Of a ZIP: before a member's name, where that says how long name and extra field are, and its end.
_LOCAL_HEADER_BYTES, _LENGTHS_AT = 30, 26
_END_BYTES, _END = 22, b"PK\x05\x06"


class PackageError(Exception):
    """The package cannot be made; what stands in the way is said."""


@dataclass(frozen=True, slots=True)
class Packaged:
    sha256: str
    size_bytes: int


# --- writing ------------------------------------------------------------------------------


class SealedPackager:
    def __init__(self, key: SigningKey) -> None:
        self._key = key

    def write(self, path: Path, contents: PackageContents) -> Packaged:
        """See ports.Packager."""
        with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
            bag = _Bag(archive, contents.name)
            payload = self._write_payload(bag, contents)
            tags = {BAGIT: DECLARATION, INFO: _info(contents, payload), MANIFEST: _lines(payload)}
            listed = {name: bag.add(name, [data]) for name, data in tags.items()}
            tag_manifest = _lines(listed)
            bag.add(TAG_MANIFEST, [tag_manifest])
            bag.add(SEAL, [self._seal(tag_manifest)])
        with path.open("rb") as made:
            digest = hashlib.file_digest(made, "sha256")
        return Packaged(digest.hexdigest(), path.stat().st_size)

    def _write_payload(self, bag: _Bag, contents: PackageContents) -> dict[str, _Written]:
        payload = {}
        for file in sorted(contents.files, key=lambda file: file.path):
            with file.read() as chunks:
                written = bag.add(f"data/{file.path}", chunks)
            if file.sha256 not in {None, written.sha256}:
                raise PackageError(f"{file.path}: its bytes are not those the case was given")
            payload[f"data/{file.path}"] = written
        return payload

    def _seal(self, tag_manifest: bytes) -> bytes:
        seal = {
            "algorithm": "Ed25519",
            "key_fingerprint": self._key.fingerprint,
            "public_key": self._key.public_base64,
            "signature": base64.b64encode(self._key.sign(tag_manifest)).decode(),
            "signed": TAG_MANIFEST,
        }
        return json.dumps(seal, indent=2).encode() + b"\n"


@dataclass(frozen=True, slots=True)
class _Written:
    sha256: str
    size_bytes: int


class _Bag:
    def __init__(self, archive: zipfile.ZipFile, name: str) -> None:
        self._archive = archive
        self._name = name

    def add(self, path: str, chunks: Iterable[bytes]) -> _Written:
        entry = zipfile.ZipInfo(f"{self._name}/{path}", _EPOCH)
        entry.external_attr = _REGULAR_FILE
        entry.create_system = 3  # Unix, on every machine
        digest, size = hashlib.sha256(), 0
        # Sizes are not known before: every entry may grow beyond 4 GB.
        with self._archive.open(entry, "w", force_zip64=True) as target:
            for chunk in chunks:
                digest.update(chunk)
                size += target.write(chunk)
        return _Written(digest.hexdigest(), size)


def _info(contents: PackageContents, payload: dict[str, _Written]) -> bytes:
    octets = sum(written.size_bytes for written in payload.values())
    lines = dict(contents.info) | {
        "Package-Format": FORMAT,
        "Payload-Oxum": f"{octets}.{len(payload)}",
    }
    return "".join(f"{name}: {value}\n" for name, value in sorted(lines.items())).encode()


def _lines(listed: dict[str, _Written]) -> bytes:
    return "".join(f"{written.sha256}  {name}\n" for name, written in listed.items()).encode()


# --- checking -----------------------------------------------------------------------------


@dataclass(slots=True)
class Verdict:
    """What was checked, and each thing that differs, by name."""

    differs: list[str] = field(default_factory=list)
    files: int = 0
    octets: int = 0
    events: int = 0
    chain_head: str | None = None
    key_fingerprint: str | None = None
    named_by_you: bool = False

    @property
    def ok(self) -> bool:
        return not self.differs


def verify_package(path: Path, key: str | None = None) -> Verdict:
    """Check a package with nothing but the file: no network, no database.

    Args:
        path: the ZIP.
        key: a file with a public key (PEM), or its fingerprint, that must be the seal's.
    """
    verdict = Verdict()
    try:
        with zipfile.ZipFile(path) as archive:
            if not _is_filled(path, archive):
                verdict.differs.append(f"{path.name}: holds bytes that are none of its members")
            _check(_Files(archive), verdict, key)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        verdict.differs.append(f"{path.name}: is no whole ZIP file ({error})")
    return verdict


def describe(verdict: Verdict) -> list[str]:
    """The verdict in lines for a person."""
    if not verdict.ok:
        return [f"differs: {what}" for what in verdict.differs]
    named = "the key you named" if verdict.named_by_you else "not named by you"
    return [
        f"intact: {verdict.files} files, {verdict.octets} bytes, each as its manifest says",
        f"chain: {verdict.events} events, head {verdict.chain_head}",
        f"sealed by key {verdict.key_fingerprint} ({named})",
    ]


def _is_filled(path: Path, archive: zipfile.ZipFile) -> bool:
    """Whether nothing stands before, between and behind the members: a reader would skip it."""
    with path.open("rb") as file:
        at = 0
        for entry in sorted(archive.infolist(), key=lambda entry: entry.header_offset):
            if entry.header_offset != at:
                return False
            file.seek(at + _LENGTHS_AT)
            lengths = struct.unpack("<HH", file.read(4))
            at += _LOCAL_HEADER_BYTES + sum(lengths) + entry.compress_size
        file.seek(-_END_BYTES, os.SEEK_END)
        return at == archive.start_dir and file.read(len(_END)) == _END and not archive.comment


class _Files:
    """A bag's files by their path inside it; names that leave it or stand twice are told."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.problems: list[str] = []
        self._entries: dict[str, zipfile.ZipInfo] = {}
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        roots = {entry.filename.split("/")[0] for entry in entries}
        if len(roots) != 1:
            self.problems.append("the package: its files do not stand in one folder")
        seen: set[str] = set()
        for entry in entries:
            name = entry.filename.partition("/")[2]
            folded = unicodedata.normalize("NFC", name).casefold()
            if not _is_inside(entry.filename):
                self.problems.append(f"{entry.filename}: leaves the package")
            elif folded in seen:
                self.problems.append(f"{name}: stands there twice")
            else:
                self._entries[name] = entry
            seen.add(folded)

    @property
    def names(self) -> set[str]:
        return set(self._entries)

    def open(self, name: str) -> IO[bytes]:
        return self._archive.open(self._entries[name])

    def tag(self, name: str) -> bytes | None:
        """A tag file whole, or None where it is absent or too large to be one."""
        entry = self._entries.get(name)
        if entry is None or entry.file_size > _MAX_TAG_BYTES:
            self.problems.append(f"{name}: {'missing' if entry is None else 'too large'}")
            return None
        with self.open(name) as source:
            return source.read(_MAX_TAG_BYTES)


def _is_inside(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return "\\" not in name and not name.startswith("/") and ".." not in parts


def _check(files: _Files, verdict: Verdict, key: str | None) -> None:
    tags = {name: files.tag(name) for name in (BAGIT, INFO, MANIFEST, TAG_MANIFEST, SEAL)}
    verdict.differs += files.problems
    listed: dict[str, str] = {}
    for name in (MANIFEST, TAG_MANIFEST):
        data = tags[name]
        if data is not None:
            listed |= _listed(name, data, verdict)
    _check_files(files, listed, verdict)
    if tags[BAGIT] not in {None, DECLARATION}:
        verdict.differs.append(f"{BAGIT}: declares no BagIt 1.0 bag")
    _check_info(tags[INFO], verdict)
    _check_seal(tags[SEAL], tags[TAG_MANIFEST], verdict, key)
    _check_chain(files, verdict)


def _listed(manifest: str, data: bytes, verdict: Verdict) -> dict[str, str]:
    listed: dict[str, str] = {}
    for line in data.decode("utf-8", errors="replace").splitlines():
        digest, _, name = line.partition("  ")
        if not name or name in listed or name.startswith("data/") != (manifest == MANIFEST):
            verdict.differs.append(f"{manifest}: has a line it should not have: {line[:120]!r}")
        else:
            listed[name] = digest
    return listed


def _check_files(files: _Files, listed: dict[str, str], verdict: Verdict) -> None:
    for name in sorted(files.names - listed.keys() - _NOT_LISTED):
        verdict.differs.append(f"{name}: added, no manifest names it")
    for name, digest in sorted(listed.items()):
        if name not in files.names:
            verdict.differs.append(f"{name}: removed")
            continue
        found, size = _hash(files, name)
        if found != digest:
            verdict.differs.append(f"{name}: changed")
        if name.startswith("data/"):
            verdict.files += 1
            verdict.octets += size


def _hash(files: _Files, name: str) -> tuple[str | None, int]:
    digest, size = hashlib.sha256(), 0
    try:
        with files.open(name) as source:
            while chunk := source.read(_CHUNK_BYTES):
                digest.update(chunk)
                size += len(chunk)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
        return None, size  # its checksum in the ZIP is not that of its bytes
    return digest.hexdigest(), size


def _check_info(data: bytes | None, verdict: Verdict) -> None:
    if data is None:
        return
    lines = dict(line.partition(": ")[::2] for line in data.decode("utf-8", "replace").splitlines())
    if lines.get("Package-Format") != FORMAT:
        said = lines.get("Package-Format")
        verdict.differs.append(f"{INFO}: is of package format {said!r}, this program knows 1")
    oxum = f"{verdict.octets}.{verdict.files}"
    if lines.get("Payload-Oxum") != oxum:
        verdict.differs.append(f"{INFO}: says {lines.get('Payload-Oxum')!r}, there is {oxum}")


def _check_seal(
    seal_data: bytes | None, tag_manifest: bytes | None, verdict: Verdict, key: str | None
) -> None:
    if seal_data is None or tag_manifest is None:
        return
    try:
        seal = json.loads(seal_data)
        public_key = base64.b64decode(seal["public_key"], validate=True)
        signature = base64.b64decode(seal["signature"], validate=True)
    except (ValueError, KeyError, TypeError, binascii.Error):
        verdict.differs.append(f"{SEAL}: cannot be read")
        return
    verdict.key_fingerprint = fingerprint(public_key)
    if seal.get("key_fingerprint") != verdict.key_fingerprint:
        verdict.differs.append(f"{SEAL}: names another key than it holds")
    if not is_signed(tag_manifest, signature, public_key):
        verdict.differs.append(f"{TAG_MANIFEST}: the seal does not fit it; it was changed")
    if key is not None:
        verdict.named_by_you = True
        wanted = _wanted_fingerprint(key)
        if wanted != verdict.key_fingerprint:
            verdict.differs.append(f"{SEAL}: by key {verdict.key_fingerprint}, not by {wanted}")


def _wanted_fingerprint(key: str) -> str:
    """The fingerprint of a named key file, or the fingerprint itself."""
    if Path(key).is_file():
        try:
            return fingerprint(read_public_key(Path(key).read_bytes()))
        except ValueError:
            return f"{key}, which holds no Ed25519 public key"
    return key.strip().lower()


def _check_chain(files: _Files, verdict: Verdict) -> None:
    if CHAIN not in files.names:
        verdict.differs.append(f"{CHAIN}: missing")
        return
    try:
        with files.open(CHAIN) as source:
            links = _count(_links(source), verdict)
            verdict.differs += [f"{CHAIN}: {problem}" for problem in verify_chain(links)]
    except (ValueError, KeyError, TypeError, AttributeError, zipfile.BadZipFile):
        verdict.differs.append(f"{CHAIN}: cannot be read")


def _links(lines: Iterable[bytes]) -> Iterator[Link]:
    for line in lines:
        yield Link.from_plain(json.loads(line))


def _count(links: Iterable[Link], verdict: Verdict) -> Iterator[Link]:
    for link in links:
        verdict.events += 1
        verdict.chain_head = link.hash
        yield link
