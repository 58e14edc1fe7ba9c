"""The one way of taking a file in: scanned, read, masked, stored under its hash.

No transaction is open meanwhile. Whoever calls makes the row afterwards; killed before that, the
object is swept.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from evidence_service.domain.digest import digest
from evidence_service.domain.errors import invalid
from evidence_service.domain.evidence import (
    DOCUMENT_TYPES,
    PICTURE_TYPES,
    EvidenceItem,
    EvidenceKind,
    HeldFor,
    ItemState,
    can_be,
)
from evidence_service.domain.names import MAX_NAME_CHARS, shown_name
from evidence_service.domain.reading import Masked, Reading
from evidence_service.ports import Scan, Spooled
from evidence_service.usecases.assemble.look_into import look_alike, look_into
from evidence_service.usecases.originals import key_of
from evidence_service.usecases.reading import read_for
from storage import keys

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from evidence_service.domain.case import Case, Standing
    from evidence_service.ports import Ports, Work

ALTERED = "altered: card_number"
MALWARE = "malware: "
NOT_SCANNED = "not_scanned: too_large"
CANNOT_BE = "cannot_be"
# Their bytes are kept as they are, whatever is read in them: they are stored meanwhile.
_NEVER_MASKED = PICTURE_TYPES | DOCUMENT_TYPES


@dataclass(frozen=True, slots=True)
class About:
    """What is said of a file by those who send it."""

    file_name: str
    added_by: UUID
    added_at: datetime
    caption: str = ""
    captured_at: datetime | None = None
    source_url: str | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """A file that stands in the store: `file` is what is kept, `sent` what came."""

    sent: Spooled
    file: Spooled
    kind: EvidenceKind
    reading: Reading
    scan: Scan
    version_id: str
    original_hmac: str

    @property
    def held_for(self) -> HeldFor | None:
        return HeldFor.MALWARE if self.scan.found else self.reading.held_for

    @property
    def warnings(self) -> tuple[str, ...]:
        found = [f"{MALWARE}{self.scan.found}"] if self.scan.found else []
        unscanned = [] if self.scan.is_whole else [NOT_SCANNED]
        altered = [ALTERED] if self.reading.masked else []
        return (*self.reading.warnings, *found, *unscanned, *altered)

    def item(self, item_id: UUID, standing: Standing | Case, about: About) -> EvidenceItem:
        return EvidenceItem(
            id=item_id,
            case_id=standing.id,
            store_id=standing.store_id,
            kind=self.kind,
            state=ItemState.HELD if self.held_for else ItemState.ACCEPTED,
            held_for=self.held_for,
            sha256=self.file.sha256,
            size_bytes=self.file.size_bytes,
            media_type=self.reading.media_type,
            reader=self.reading.reader,
            file_name=shown_name(about.file_name)[:MAX_NAME_CHARS],
            caption=about.caption,
            position=0,
            added_by=about.added_by,
            added_at=about.added_at,
            version_id=self.version_id,
            captured_at=about.captured_at,
            source_url=about.source_url,
            warnings=self.warnings,
            facts=self.reading.facts,
            digest=digest(self.reading),
        )


def take_in(file: Spooled, given: EvidenceKind | None, standing: Standing, ports: Ports) -> Taken:
    """Keep the file's bytes and find out what they are.

    Raises:
        InvalidInput: they cannot be of the kind they are given as.
        Unavailable: the scanner does not answer.
    """
    case_key = ports.envelope.unwrap(standing.id, key_of(standing))
    scan = ports.scanner.scan(file.path) if ports.scanner else Scan()

    def store(kept: Spooled, media_type: str) -> str:
        with kept.path.open("rb") as source:
            stored = ports.store.put(
                keys.evidence(standing.id, kept.sha256),
                source,
                sha256=kept.sha256,
                size_bytes=kept.size_bytes,
                case_key=case_key,
                media_type=media_type,
            )
        return stored.version_id

    def read() -> Reading:
        reading = read_for(standing, file.path, ports)
        # Nothing of malware is looked into; what hides card numbers still does.
        return Reading(reading.media_type, masked=reading.masked) if scan.found else reading

    media_type = ports.reader.media_type(file.path)
    if media_type in _NEVER_MASKED:
        _ensure_can_be(given, media_type)
        with ThreadPoolExecutor(1) as beside:
            storing = beside.submit(store, file, media_type)
            reading = read()
        kept, version_id = file, storing.result()
    else:
        reading = read()
        _ensure_can_be(given, reading.media_type)
        kept = _masked(file, reading.masked) if reading.masked else file
        version_id = store(kept, reading.media_type)
    kind = given or reading.kind or EvidenceKind.ADDITIONAL_INFORMATION
    original_hmac = hmac.digest(case_key, file.sha256.encode(), "sha256").hex()
    return Taken(file, kept, kind, reading, scan, version_id, original_hmac)


def alike(case: Case, taken: Taken) -> tuple[str, ...]:
    """The warning that names the item of which the picture is another saving."""
    return look_alike(case, taken.reading)


def after_taking(case: Case, item: EvidenceItem, taken: Taken, work: Work, at: datetime) -> None:
    """What follows in the transaction in which the item's row is made."""
    look_into(case, item, replace(taken.reading, masked=None), work, at)
    if taken.reading.masked is not None:
        case.evidence_altered(
            item,
            original_size_bytes=taken.sent.size_bytes,
            masked_count=taken.reading.masked.count,
            original_hmac=taken.original_hmac,
            at=at,
        )


def _ensure_can_be(given: EvidenceKind | None, media_type: str) -> None:
    if given is not None and not can_be(given, media_type):
        raise invalid(
            "kind",
            CANNOT_BE,
            f"a file of type {media_type} cannot be {given.value}; leave the kind out",
        )


def _masked(sent: Spooled, masked: Masked) -> Spooled:
    """Write the masks over the file that was sent: the original is gone before anything is stored.

    The file is as long as before, so that nothing of the original is left behind its end.
    """
    with sent.path.open("r+b") as file:
        for at, instead in masked.patches:
            file.seek(at)
            file.write(instead)
        file.flush()
        os.fsync(file.fileno())
        file.seek(0)
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return Spooled(sent.path, sha256, sent.size_bytes)
