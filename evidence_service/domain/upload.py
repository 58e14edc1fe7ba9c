"""A direct upload: announced, sent by one PUT to the incoming bucket, then taken in by a job."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from evidence_service.domain.evidence import EvidenceKind

# What S3 takes in one PUT is a little more (5 GiB).
MAX_UPLOAD_BYTES = 5_000_000_000
# How long after the announcement the PUT may begin; it may last longer.
MAY_BEGIN = timedelta(minutes=5)
# How long an upload that nobody completes keeps its place in the case.
LIVES = timedelta(days=1)


@dataclass(eq=False)
class Upload:
    """`sha256` and `size_bytes` are as announced; `evidence_id` is set once it is completed.

    When it is settled, `sha256` becomes that of the bytes that are kept: empty where none are.

    `token_sha256` opens the service's own address for the PUT; None where the object store takes
    it, and once the bytes have come.
    """

    id: UUID
    case_id: UUID
    store_id: UUID
    file_name: str
    kind: EvidenceKind | None
    size_bytes: int
    sha256: str
    caption: str
    captured_at: datetime | None
    source_url: str | None
    started_by: UUID
    started_at: datetime
    expires_at: datetime
    token_sha256: bytes | None = None
    evidence_id: UUID | None = None

    def renew(self, token_sha256: bytes | None, at: datetime) -> None:
        """Let a PUT begin once more from now on."""
        self.started_at, self.expires_at = at, at + MAY_BEGIN
        self.token_sha256 = token_sha256

    def may_begin(self, at: datetime) -> bool:
        return at < self.expires_at

    def lives(self, at: datetime) -> bool:
        return at < self.started_at + LIVES
