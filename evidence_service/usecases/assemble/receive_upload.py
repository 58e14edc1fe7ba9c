"""Take the PUT of a direct upload and pass it on to the incoming bucket, where no browser gets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evidence_service.domain.errors import NotSignedIn, WrongState, invalid
from evidence_service.ports import SystemScope
from evidence_service.usecases.assemble.start_upload import hashed

if TYPE_CHECKING:
    from typing import BinaryIO
    from uuid import UUID

    from evidence_service.ports import Ports


def receive_upload(
    upload_id: UUID, token: str, source: BinaryIO, size_bytes: int, *, ports: Ports
) -> None:
    """Read `source` once. What opens this is the token in the address, and it does so once.

    Raises:
        NotSignedIn: the token is not this upload's, or its bytes have come.
        WrongState: it is too late to begin.
        InvalidInput: these are not the announced bytes; nothing of them is kept.
    """
    with ports.unit_of_work(SystemScope()) as work:
        upload = work.uploads.by_token(upload_id, hashed(token))
    if upload is None:
        raise NotSignedIn
    if not upload.may_begin(ports.now()):
        raise WrongState("upload_expired")
    if size_bytes != upload.size_bytes:
        raise invalid(
            "file", "other_length", f"{upload.size_bytes} bytes were announced, not {size_bytes}"
        )
    is_same = ports.store.receive(
        upload_id, source, sha256=upload.sha256, size_bytes=upload.size_bytes
    )
    if not is_same:
        raise invalid("file", "other_bytes", "the bytes are not those that were announced")
    with ports.unit_of_work(SystemScope()) as work:
        received = work.uploads.by_token(upload_id, hashed(token))
        if received is not None:
            received.token_sha256 = None
