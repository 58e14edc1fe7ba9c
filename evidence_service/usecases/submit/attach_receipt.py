"""Keep what the platform showed or sent when it had taken a submission.

A receipt is no evidence: it comes when evidence is refused, and counts for no requirement. It is
stored, chained and locked like evidence.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evidence_service.domain.access import Permission, authorise
from evidence_service.domain.errors import invalid
from evidence_service.domain.evidence import DOCUMENT_TYPES, PICTURE_TYPES
from evidence_service.domain.sending import Receipt
from evidence_service.ports import StoreScope
from evidence_service.usecases.originals import key_of
from storage import keys

if TYPE_CHECKING:
    from uuid import UUID

    from evidence_service.domain.access import Actor
    from evidence_service.domain.reading import Reading
    from evidence_service.ports import Ports, Spooled

RECEIPT_TYPES = PICTURE_TYPES | DOCUMENT_TYPES | {"message/rfc822"}


@dataclass(frozen=True, slots=True)
class AttachReceipt:
    case_id: UUID
    submission_id: UUID
    file: Spooled
    file_name: str


def attach_receipt(command: AttachReceipt, *, actor: Actor, ports: Ports) -> tuple[Receipt, bool]:
    """The receipt, and whether it is a new one.

    Raises:
        WrongState: another receipt stands there, or the case is being locked.
        InvalidInput: the file is no picture, PDF or mail, is broken, or shows a card number.
    """
    if command.file.size_bytes == 0:
        raise invalid("file", "empty", "the file is empty; choose the file again")
    scope = StoreScope(actor.stores)
    with ports.unit_of_work(scope) as work:
        case = work.cases.get(command.case_id)
        authorise(actor, Permission.SUBMISSION_RECORD, case)
        stands = case.ensure_takes_receipt(command.submission_id, command.file.sha256)
    if stands is not None:
        return stands, False
    reading = ports.reader.read(command.file.path)
    _ensure_receipt(reading)
    with command.file.path.open("rb") as source:
        stored = ports.store.put(
            keys.receipt(case.id, command.file.sha256),
            source,
            sha256=command.file.sha256,
            size_bytes=command.file.size_bytes,
            case_key=ports.envelope.unwrap(case.id, key_of(case)),
            media_type=reading.media_type,
        )
    candidate = Receipt(
        command.submission_id,
        case.id,
        case.store_id,
        command.file.sha256,
        command.file.size_bytes,
        reading.media_type,
        command.file_name,
        stored.version_id,
        actor.id,
        ports.now(),
    )
    with ports.unit_of_work(scope) as work:
        case = work.cases.get_for_update(command.case_id)
        authorise(actor, Permission.SUBMISSION_RECORD, case)
        kept = case.add_receipt(candidate)
    return kept, kept is candidate


def _ensure_receipt(reading: Reading) -> None:
    if reading.media_type not in RECEIPT_TYPES:
        raise invalid("file", "no_receipt", "a receipt is a picture, a PDF or a mail")
    if reading.is_unparseable:
        raise invalid("file", "broken", "the file cannot be read; save it again")
    if reading.masked is not None or reading.hides_card:
        raise invalid("file", "shows_card", "the file shows a card number; cover it first")
