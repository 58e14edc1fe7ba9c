"""The three buckets, as they must be: versioned, locked where evidence lies, deleting denied.

Safe to repeat. On an outside S3 an operator runs it once (README.md), with rights that the
service itself never has: `python -m storage.setup BUCKET --web ARN`.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from storage.store import DEFAULT_REGION, S3Config, make_client

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mypy_boto3_s3 import S3Client

_FOLDER = Path(__file__).parent / "bucket"
# SeaweedFS takes a principal without its account number and then ignores it.
WEB = "arn:aws:iam::000000000000:user/web"


@dataclass(frozen=True, slots=True)
class BucketNames:
    case_files: str = "case-files"
    incoming: str = "case-files-incoming"
    keys: str = "case-files-keys"

    @property
    def all(self) -> tuple[str, str, str]:
        return self.case_files, self.incoming, self.keys


def prepare_buckets(client: S3Client, names: BucketNames, *, web_principal: str = WEB) -> None:
    """Make what is not there of the buckets and their rules, as an identity that may."""
    for bucket in names.all:
        _make(client, bucket, lock=bucket == names.case_files)
    for bucket in (names.case_files, names.keys):
        client.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    client.put_bucket_cors(Bucket=names.incoming, CORSConfiguration=_file("incoming-cors.json"))
    client.put_bucket_lifecycle_configuration(
        Bucket=names.incoming, LifecycleConfiguration=_file("incoming-lifecycle.json")
    )
    client.put_bucket_encryption(
        Bucket=names.incoming,
        ServerSideEncryptionConfiguration=_file("incoming-encryption.json"),
    )
    for bucket in names.all:
        policy = _file("deny-delete.json", bucket=bucket, principal=web_principal)
        client.put_bucket_policy(Bucket=bucket, Policy=json.dumps(policy))


def _make(client: S3Client, bucket: str, *, lock: bool) -> None:
    wanted: dict[str, Any] = {"Bucket": bucket, "ObjectLockEnabledForBucket": lock}
    region = client.meta.region_name
    if region != DEFAULT_REGION:
        wanted["CreateBucketConfiguration"] = {"LocationConstraint": region}
    try:
        client.create_bucket(**wanted)
    except ClientError as error:
        if error.response["Error"].get("Code") != "BucketAlreadyOwnedByYou":
            raise


def _file(name: str, **values: str) -> Any:
    return json.loads(Template((_FOLDER / name).read_text("utf-8")).substitute(values))


def main(argv: Sequence[str] | None = None) -> None:
    """Prepare buckets elsewhere, with the credentials that boto3 finds."""
    parser = argparse.ArgumentParser(prog="python -m storage.setup", description=main.__doc__)
    parser.add_argument("bucket")
    parser.add_argument("--incoming", help="else BUCKET-incoming")
    parser.add_argument("--keys", help="else BUCKET-keys")
    parser.add_argument("--web", required=True, metavar="ARN", help="who may never delete")
    parser.add_argument("--region", default=DEFAULT_REGION)
    parser.add_argument("--endpoint-url")
    asked = parser.parse_args(argv)
    names = BucketNames(
        asked.bucket,
        asked.incoming or f"{asked.bucket}-incoming",
        asked.keys or f"{asked.bucket}-keys",
    )
    config = S3Config(*names.all, endpoint_url=asked.endpoint_url, region=asked.region)
    prepare_buckets(make_client(config), names, web_principal=asked.web)


if __name__ == "__main__":
    main()
