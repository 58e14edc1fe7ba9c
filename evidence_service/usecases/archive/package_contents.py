"""What an archive package holds, put together from rows and objects.

Everything in it was settled when the case was sealed, so a second making gives the same bytes.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

import rfc8785

from evidence_service.domain.sending import BundleState
from evidence_service.platforms import pack_plain
from evidence_service.ports import PackageContents, PackageFile
from evidence_service.usecases.judging import judge_case
from storage import keys

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from uuid import UUID

    from evidence_service.domain.case import Case
    from evidence_service.domain.chain import Link
    from evidence_service.domain.evidence import EvidenceItem
    from evidence_service.domain.reading import Reading
    from evidence_service.domain.sending import Receipt, Submission
    from evidence_service.platforms import Pack
    from evidence_service.ports import EvidenceStore

SEALED = "case.sealed"
_ENDINGS = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/heic": "heic",
    "image/avif": "avif",
    "application/pdf": "pdf",
    "application/json": "json",
    "application/xml": "xml",
    "application/zip": "zip",
    "text/html": "html",
    "text/plain": "txt",
    "video/mp4": "mp4",
    "video/quicktime": "mov",
    "video/webm": "webm",
}


def package_contents(  # noqa: PLR0913 - a sealed case and what it is read with
    case: Case,
    pack: Pack,
    readings: Mapping[UUID, Reading],
    chain: Sequence[Link],
    store: EvidenceStore,
    case_key: bytes,
) -> PackageContents:
    """The sealed case: `chain` may go on behind its sealing, the package ends there."""

    def original(item: EvidenceItem) -> PackageFile:
        key = keys.evidence(case.id, item.sha256)
        read = partial(store.get, key, version_id=item.version_id, case_key=case_key)
        return PackageFile(_original_path(item), read, item.sha256)

    kept = [item for item in case.items if item.is_stored]
    # Nobody is handed malware; case.json says that it was there, and its hash.
    files = [original(item) for item in kept if item.is_given_out]
    files += [
        _json(f"normal-forms/{item.id}.json", readings[item.id].to_plain())
        for item in kept
        if item.id in readings
    ]
    for bundle in case.bundles:
        if bundle.state is BundleState.READY and bundle.sha256 and bundle.version_id:
            key = keys.bundle(case.id, bundle.sha256)
            read = partial(store.get, key, version_id=bundle.version_id, case_key=case_key)
            files.append(PackageFile(f"bundles/{bundle.id}.{bundle.ending}", read, bundle.sha256))
    for receipt in case.receipts:
        key = keys.receipt(case.id, receipt.sha256)
        read = partial(store.get, key, version_id=receipt.version_id, case_key=case_key)
        files.append(PackageFile(_receipt_path(receipt), read, receipt.sha256))
    files += [
        _json("case.json", _case(case, kept)),
        _json("checklist.json", judge_case(case, pack).to_plain()),
        _json("pack.json", pack_plain(pack)),
        _bytes("chain.jsonl", _chain(chain)),
    ]
    sealed_at = case.sealed_at
    info = {
        "Bagging-Date": sealed_at.date().isoformat() if sealed_at else "",
        "External-Identifier": str(case.id),
        "Source-Organization": f"{case.platform} store {case.store_id}",
    }
    return PackageContents(f"case-{case.id}", info, files)


def _original_path(item: EvidenceItem) -> str:
    ending = _ENDINGS.get(item.media_type, "bin")
    return f"originals/{item.id}.{ending}"


def _receipt_path(receipt: Receipt) -> str:
    ending = _ENDINGS.get(receipt.media_type, "bin")
    return f"receipts/{receipt.submission_id}.{ending}"


def _chain(chain: Sequence[Link]) -> bytes:
    """One event a line, up to the sealing."""
    lines = []
    for link in chain:
        lines.append(rfc8785.dumps(link.to_plain()) + b"\n")
        if link.kind == SEALED:
            break
    return b"".join(lines)


def _json(path: str, value: Any) -> PackageFile:
    text = json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True)
    return _bytes(path, text.encode() + b"\n")


def _bytes(path: str, data: bytes) -> PackageFile:
    @contextmanager
    def read() -> Iterator[list[bytes]]:
        yield [data]

    return PackageFile(path, read)


def _case(case: Case, kept: Sequence[EvidenceItem]) -> Any:
    """What was said and decided of the case, with where each original stands."""
    return _plain(
        {
            "id": case.id,
            "store_id": case.store_id,
            "platform": case.platform,
            "reason": case.reason,
            "pack": {"platform": case.pack_id, "version": case.pack_version},
            "order_numbers": case.order_numbers,
            "dispute_ref": case.dispute_ref,
            "buyer_ref": case.buyer_ref,
            "amount": case.amount.to_plain() if case.amount else None,
            "opened_at": case.opened_at,
            "respond_by": case.respond_by,
            "claim_text": case.claim_text,
            "details": case.details,
            "follows": case.follows,
            "stage": case.stage,
            "created_by": case.created_by,
            "created_at": case.created_at,
            "revision": case.revision,
            "approved_revision": case.approved_revision,
            "approved_at": case.approved_at,
            "sealed_at": case.sealed_at,
            "contributors": sorted(str(c.person_id) for c in case.contributors),
            "evidence": [_fields(item, _ITEM) | {"file": _original_path(item)} for item in kept],
            "statement": _fields(case.statement, _STATEMENT) if case.statement else None,
            "waivers": [_fields(waiver, _WAIVER) for waiver in case.waivers],
            "reviews": [_fields(review, _REVIEW) for review in case.reviews],
            "bundles": [_fields(bundle, _BUNDLE) for bundle in case.bundles],
            "submissions": [_submission(one) for one in case.submissions],
            "outcome": _outcome(case),
        }
    )


def _submission(sent: Submission) -> dict[str, Any]:
    receipt = sent.receipt
    kept = _fields(receipt, _RECEIPT) | {"file": _receipt_path(receipt)} if receipt else None
    return _fields(sent, _SUBMISSION) | {"receipt": kept}


def _outcome(case: Case) -> dict[str, Any] | None:
    if case.outcome is None:
        return None
    amount = case.outcome.amount
    return _fields(case.outcome, _OUTCOME) | {"amount": amount.to_plain() if amount else None}


_ITEM = (
    *("id", "kind", "state", "held_for", "sha256", "size_bytes", "media_type", "reader"),
    *("file_name", "caption", "position", "added_by", "added_at", "captured_at", "source_url"),
    *("warnings", "facts"),
)
_STATEMENT = ("language", "fields", "written_by", "written_at")
_WAIVER = ("requirement", "reason", "waived_by", "waived_at")
_REVIEW = ("id", "revision", "decision", "comment", "items", "reviewed_by", "reviewed_at")
_BUNDLE = (
    *("id", "revision", "delivery", "preview", "state", "pages", "size_bytes"),
    *("sha256", "content_sha256", "signed_by", "time_stamp"),
    *("media_type", "omissions"),
)
_SUBMISSION = (
    *("id", "bundle_id", "reference", "submitted_at", "corrects", "reason"),
    *("recorded_by", "recorded_at"),
)
_RECEIPT = ("sha256", "size_bytes", "media_type", "file_name", "added_by", "added_at")
_OUTCOME = ("result", "reason", "note", "recorded_by", "recorded_at")


def _fields(row: object, names: Sequence[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _plain(value: Any) -> Any:
    """JSON values: sets sorted, instants and ids as text."""
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, frozenset):
        return sorted(value)
    if value is None or isinstance(value, bool | int | float):
        return value
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return str(value)
