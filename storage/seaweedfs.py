"""What SeaweedFS is told: its program, its options, and the files it reads at the start.

Written for a server that other people's processes and browsers on the same machine must not reach
past the S3 gateway. Out of the box it can be: its master erases a bucket for an HTTP request
without any signature, its internal connections (gRPC) for anybody. So HTTP is off on master and
filer, what remains of it needs a signed token, and gRPC needs a certificate of ours.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import sys
import sysconfig
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from storage.processes import EngineError, write_private

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SERVERS = ("s3", "master", "volume", "filer", "admin")
_MEMORY_LIMIT = "200MiB"
_CERTIFICATE_DAYS = 36500

_OBJECT_ACTIONS = (
    "Read",
    "Write",
    "List",
    "Tagging",
    "GetObjectRetention",
    "PutObjectRetention",
    "GetObjectLegalHold",
    "PutObjectLegalHold",
)

# With sqlite instead of LevelDB the names are synced to disk as well as the bytes.
_FILER = '[leveldb2]\nenabled = false\n\n[sqlite]\nenabled = true\ndbFile = "./filer.db"\n'
_TOKENS = ("signing", "signing.read", "filer_signing", "filer_signing.read")
_SPEAKERS = ("master", "volume", "filer", "s3", "admin", "worker", "client")


def program() -> Path:
    """The wheel's program, beside the Python that runs us."""
    for folder in (Path(sys.executable).parent, Path(sysconfig.get_path("scripts"))):
        if (folder / "weed").exists():
            return folder / "weed"
    found = shutil.which("weed")
    if found is None:
        raise EngineError(
            "there is no embedded S3 server for this system: set S3_BUCKET and AWS_ENDPOINT_URL_S3"
        )
    return Path(found)


def environment(home: Path) -> dict[str, str]:
    """Nothing that it would read as configuration: AWS_*, S3_BUCKET, WEED_*, ~/.seaweedfs."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(home),
        "GOMEMLIMIT": _MEMORY_LIMIT,
        "TZ": "UTC",
    }


def options(ports: Mapping[str, int], sockets: Path) -> list[str]:
    """Every option every time: the server remembers those of its last start.

    Paths are relative to its working folder, since it would split ours at a comma.
    """
    return [
        "-dir=.",
        "-ip=127.0.0.1",
        "-ip.bind=127.0.0.1",
        "-disableHttp=true",
        "-master.telemetry=false",
        "-admin.ui=false",
        "-webdav=false",
        "-s3.port.iceberg=0",
        "-s3.port.lance=0",
        "-s3.config=s3.json",
        "-s3.autoCreateBucket=false",
        "-s3.allowDeleteBucketNotEmpty=false",
        "-master.volumeSizeLimitMB=1024",
        f"-filer.localSocket={sockets / 'filer'}",
        f"-s3.localSocket={sockets / 's3'}",
        *(f"-{server}.port={ports[server]}" for server in SERVERS),
    ]


def configure(
    home: Path, credentials: Mapping[str, tuple[str, str]], buckets: Sequence[str]
) -> None:
    """Write what the server reads from its working folder.

    Args:
        home: that folder.
        credentials: access key and secret key of `web`, `janitor` and `root`.
        buckets: where the first two may read and write.
    """
    scoped = [f"{action}:{bucket}" for bucket in buckets for action in _OBJECT_ACTIONS]
    # No BypassGovernanceRetention: what is locked stays locked for the janitor too.
    actions = {"web": scoped, "janitor": scoped, "root": ["Admin"]}
    identities = [
        {
            "name": name,
            "credentials": [{"accessKey": access_key, "secretKey": secret_key}],
            "actions": actions[name],
        }
        for name, (access_key, secret_key) in credentials.items()
    ]
    write_private(home / "s3.json", json.dumps({"identities": identities}, indent=1))
    write_private(home / "filer.toml", _FILER)
    if not (home / "security.toml").exists():
        _write_certificate(home)
        write_private(home / "security.toml", _security())


def _security() -> str:
    tokens = [f'[jwt.{name}]\nkey = "{secrets.token_hex(32)}"\n' for name in _TOKENS]
    speakers = [f'[grpc.{name}]\ncert = "grpc.crt"\nkey = "grpc.key"\n' for name in _SPEAKERS]
    return "\n".join([*tokens, '[grpc]\nca = "grpc.crt"\n', *speakers])


def _write_certificate(home: Path) -> None:
    """One certificate for both ends of every internal connection; only we hold its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "seaweedfs")])
    now = datetime.now(UTC)
    both_ends = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=_CERTIFICATE_DAYS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage(both_ends), critical=False)
        .sign(key, hashes.SHA256())
    )
    encoding = serialization.Encoding.PEM
    plain = serialization.NoEncryption()
    pem = key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, plain)
    write_private(home / "grpc.key", pem)
    write_private(home / "grpc.crt", certificate.public_bytes(encoding))
