"""What leaves the API: plain values built field by field, never an object as it is."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from evidence_service.catalogue import bundle_error, say, words
from evidence_service.domain.case import OPEN_STATES, CaseState
from evidence_service.domain.checklist import source_plain
from evidence_service.domain.choices import FIELDS
from evidence_service.domain.order import Money

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from evidence_service.domain.case import Case
    from evidence_service.domain.chain import Link
    from evidence_service.domain.checklist import Finding, Report
    from evidence_service.domain.consistency import Contradiction
    from evidence_service.domain.conversation import Remarked
    from evidence_service.domain.deadline import Deadline, Segment
    from evidence_service.domain.delivery import DeliveryPlan
    from evidence_service.domain.evidence import EvidenceItem
    from evidence_service.domain.reading import Reading
    from evidence_service.domain.records import Review
    from evidence_service.domain.sending import Bundle, Receipt, Submission
    from evidence_service.domain.words import ItemText
    from evidence_service.ports import CaseRow, Page, StoreRow
    from evidence_service.usecases.archive.verify_case import Verification
    from evidence_service.usecases.assemble.propose_case import Proposal
    from evidence_service.usecases.assemble.start_upload import Started
    from evidence_service.usecases.clocks import Clocks
    from evidence_service.usecases.looking import NewerPack

Plain = dict[str, Any]


def instant(at: datetime | None) -> str | None:
    return at.isoformat().replace("+00:00", "Z") if at is not None else None


def money(amount: Money | None) -> Plain | None:
    return {"amount": amount.text, "currency": amount.currency} if amount is not None else None


def page(found: Page[Any], present: Callable[[Any], Plain]) -> Plain:
    return {"items": [present(row) for row in found.items], "next": found.next}


def part(items: Iterable[Plain], limit: int, after: int) -> Plain:
    """A page of a list that is at hand whole; its cursor says how much of it was given."""
    end = after + limit
    found = list(islice(items, after, end + 1))
    return {"items": found[:limit], "next": str(end) if len(found) > limit else None}


def store(row: StoreRow) -> Plain:
    return {
        "id": str(row.id),
        "name": row.name,
        "platform": row.platform,
        "time_zone": row.time_zone,
        "language": row.language,
    }


def is_expired(state: CaseState, respond_by: datetime | None, now: datetime) -> bool:
    return state in OPEN_STATES and respond_by is not None and respond_by < now


def case(
    found: Case, clocks: Clocks, newer: NewerPack | None, now: datetime, language: str
) -> Plain:
    items = [i for i in found.items if i.state.value not in {"withdrawn", "destroyed"}]
    return {
        "id": str(found.id),
        "store": str(found.store_id),
        "platform": found.platform,
        "reason": found.reason,
        "state": found.state.value,
        "expired": is_expired(found.state, found.respond_by, now),
        "revision": found.revision,
        "version": found.version,
        "order_number": found.order_numbers[0],
        "order_numbers": list(found.order_numbers),
        "dispute_ref": found.dispute_ref,
        "buyer_ref": found.buyer_ref,
        "amount": money(found.amount),
        "opened_at": instant(found.opened_at),
        "respond_by": instant(found.respond_by),
        "claim_text": found.claim_text,
        "details": found.details,
        "follows": str(found.follows) if found.follows else None,
        "stage": found.stage,
        "assignee": str(found.assignee) if found.assignee else None,
        "pack": {"platform": found.pack_id, "version": found.pack_version},
        "newer_pack": (
            {"version": newer.version, "changes": newer.said(language)} if newer else None
        ),
        "deadlines": [deadline(one, clocks) for one in clocks.deadlines],
        "last_safe_handover": instant(clocks.last_safe_handover),
        "strip": [segment(one) for one in clocks.strip],
        "completeness": found.completeness,
        "counts": {
            "evidence": len(items),
            "missing": found.missing_count,
            "waivers": len(found.waivers),
            "bundles": len(found.bundles),
        },
        "approved_revision": found.approved_revision,
        "approved_at": instant(found.approved_at),
        "archive": _archive(found),
        "legal_hold": found.legal_hold,
        "outcome": _outcome(found),
        "submissions": [submission(s) for s in found.submissions],
        "reviews": [review(r) for r in found.reviews],
    }


def deadline(found: Deadline, clocks: Clocks) -> Plain:
    clock = clocks.published.get(found.kind)
    return {
        "kind": found.kind,
        "instant": instant(found.at),
        "source": found.source,
        "decides": found.decides,
        "confirmed": found.confirmed,
        "provisional": found.provisional,
        "actor": found.actor,
        "contested": found.contested,
        "awaits": list(found.awaits),
        "what": dict(clock.what) if clock else None,
        "sources": [source_plain(source) for source in clock.sources] if clock else [],
    }


def segment(found: Segment) -> Plain:
    return {
        "kind": found.kind,
        "from": instant(found.starts),
        "until": instant(found.ends),
        "work_minutes": int(found.work.total_seconds() // 60),
    }


def _archive(found: Case) -> Plain | None:
    if found.archive_requested_at is None:
        return None
    return {
        "requested_at": instant(found.archive_requested_at),
        "progress": found.archive_progress or 0.0,
        "archived_at": instant(found.archived_at),
    }


def _outcome(found: Case) -> Plain | None:
    end = found.outcome
    if end is None:
        return None
    return {
        "result": end.result.value,
        "amount": money(end.amount),
        "reason": end.reason.value if end.reason else None,
        "note": end.note,
        "recorded_at": instant(end.recorded_at),
    }


def case_row(row: CaseRow, now: datetime) -> Plain:
    amount = (
        Money(row.amount_minor, row.currency)
        if row.amount_minor is not None and row.currency
        else None
    )
    return {
        "id": str(row.id),
        "store": str(row.store_id),
        "platform": row.platform,
        "reason": row.reason,
        "state": row.state,
        "expired": is_expired(CaseState(row.state), row.respond_by, now),
        "revision": row.revision,
        "version": row.version,
        "order_number": row.order_numbers[0],
        "order_numbers": list(row.order_numbers),
        "dispute_ref": row.dispute_ref,
        "buyer_ref": row.buyer_ref,
        "amount": money(amount),
        "opened_at": instant(row.opened_at),
        "respond_by": instant(row.respond_by),
        "assignee": str(row.assignee) if row.assignee else None,
        "attention": row.attention,
        "completeness": row.completeness,
        "counts": {"evidence": row.item_count, "missing": row.missing_count},
        "outcome": row.result,
        "archived_at": instant(row.archived_at),
    }


def evidence(item: EvidenceItem, warnings: Sequence[str] | None = None) -> Plain:
    return {
        "id": str(item.id),
        "kind": item.kind.value,
        "state": item.state.value,
        "held_for": item.held_for.value if item.held_for else None,
        "sha256": item.sha256 or None,
        "size_bytes": item.size_bytes,
        "media_type": item.media_type,
        "reader": item.reader,
        "file_name": item.file_name,
        "caption": item.caption,
        "position": item.position,
        "captured_at": instant(item.captured_at),
        "source_url": item.source_url,
        "added_by": str(item.added_by),
        "added_at": instant(item.added_at),
        "warnings": list(item.warnings if warnings is None else warnings),
    }


def upload(started: Started, own_url: str) -> Plain:
    """One PUT: to the object store where browsers reach it, else to us."""
    put = started.presigned
    own_headers = {"Content-Length": str(started.upload.size_bytes)}
    return {
        "id": str(started.upload.id),
        "url": put.url if put else own_url,
        "method": "PUT",
        "headers": dict(put.headers) if put else own_headers,
        "expires_at": instant(started.upload.expires_at),
    }


def proposal(found: Proposal) -> Plain:
    return {
        "platform": found.platform,
        "stores": [store(row) for row in found.stores],
        "reason": found.reason,
        "unknown_reason": found.unknown_reason,
        "order_number": found.order_number,
        "dispute_ref": found.dispute_ref,
        "amount": money(found.amount),
        "opened_at": instant(found.opened_at),
        "respond_by": instant(found.respond_by),
        "claim_text": found.claim_text,
        "details": dict(found.details),
        "warnings": list(found.warnings),
    }


def reading(item: EvidenceItem, read: Reading) -> Plain:
    """How a file was read; of a table its columns, what they could be, and its first rows."""
    layout = read.layout
    return {
        "evidence_id": str(item.id),
        "reader": read.reader,
        "form": layout.form.value if layout else None,
        "columns": dict(layout.columns) if layout else {},
        "alternatives": {k: list(v) for k, v in layout.alternatives.items()} if layout else {},
        "header": list(layout.header) if layout else [],
        "sample_rows": [list(row) for row in layout.rows] if layout else [],
        "fields": {form.value: list(FIELDS[form]) for form in FIELDS} if layout else {},
        "date_order": read.date_order.value if read.date_order else None,
        "time_zone": read.chosen.time_zone or None,
        "chosen": read.chosen.to_plain(),
        "warnings": list(item.warnings),
    }


def checklist(report: Report, against: Iterable[Contradiction], language: str) -> Plain:
    return {
        "pack": {"platform": report.platform, "version": report.pack_version},
        "complete": report.complete,
        "score": report.score,
        "score_parts": [part.to_plain() for part in report.score_parts],
        "findings": [finding(f, language) for f in report.findings],
        "contradictions": [contradiction(one, language) for one in against],
    }


def contradiction(found: Contradiction, language: str) -> Plain:
    shown = _shown(found.params, language)
    return {**found.to_plain(), "text": say(f"contradiction.{found.code}", language, **shown)}


def _shown(params: Mapping[str, str], language: str) -> dict[str, str]:
    """The parameters as a reader knows them: a status by its name."""
    key = f"status.{params.get('status', '')}"
    return {**params, "status": say(key, language)} if key in words() else dict(params)


def _next_step(code: str, params: Mapping[str, str], language: str) -> str | None:
    """What to do about it; nothing where nothing needs doing."""
    key = f"next.{code}"
    return say(key, language, **params) if key in words() else None


def finding(found: Finding, language: str) -> Plain:
    requirement = found.requirement
    shown = _shown(found.params, language)
    said = say(f"finding.{found.code}", language, **shown)
    return {
        "requirement": requirement.id,
        "title": requirement.title.get(language),
        "level": requirement.level.value,
        "outcome": found.outcome.value,
        "code": found.code,
        "params": dict(found.params),
        "why": f"{requirement.why[language]} {said}".strip(),
        "next_step": _next_step(found.code, shown, language),
        "evidence_ids": [str(e) for e in found.evidence_ids],
        "sources": [
            {
                "url": s.url,
                "read_on": s.read_on.isoformat() if s.read_on else None,
                "verified": s.verified,
            }
            for s in requirement.sources
        ],
        "checks": [
            {**one, "why": say(f"finding.{one['code']}", language, **_shown(a.params, language))}
            for one, a in zip(found.checks, found.answers, strict=False)
        ],
        "theirs": requirement.theirs,
    }


def remark(found: Remarked, text: str, language: str) -> Plain:
    return {
        "code": found.remark.value,
        "detail": say(f"remark.{found.remark.value}", language, **found.params),
        "params": dict(found.params),
        "evidence_id": str(found.evidence_id),
        "message_id": None if found.position is None else str(found.position),
        "text": text,
    }


def text(found: ItemText | None) -> Plain:
    return {
        "language": found.language if found else None,
        "text": found.text if found else None,
        "source": found.source.value if found else None,
        "written_at": instant(found.written_at if found else None),
    }


def statement(found: Case) -> Plain:
    said = found.statement
    if said is None:
        return {"language": None, "fields": {}, "written_at": None}
    return {
        "language": said.language,
        "fields": said.fields,
        "written_at": instant(said.written_at),
    }


def platform_requirements(found: Case) -> Plain:
    asked = found.platform_requirements
    return {
        "source": asked.source if asked else None,
        "requirements": asked.requirements if asked else [],
        "respond_by": instant(found.respond_by),
        "recorded_at": instant(asked.recorded_at if asked else None),
    }


def review(found: Review) -> Plain:
    return {
        "id": str(found.id),
        "revision": found.revision,
        "decision": found.decision.value,
        "comment": found.comment,
        "items": found.items,
        "reviewed_by": str(found.reviewed_by),
        "reviewed_at": instant(found.reviewed_at),
    }


def _bundle_errors(found: Bundle, language: str) -> list[Plain]:
    """As a problem's `errors`: what to change, in the reader's words."""
    if found.error is None:
        return []
    said = bundle_error(found.error, found.error_params, language)
    return [
        {
            "field": "delivery",
            "code": found.error,
            "params": dict(found.error_params),
            "detail": said,
        }
    ]


def bundle(found: Bundle, language: str) -> Plain:
    return {
        "id": str(found.id),
        "revision": found.revision,
        "delivery": found.delivery,
        "preview": found.preview,
        "state": found.state.value,
        "progress": found.progress,
        "pages": found.pages,
        "bytes": found.size_bytes,
        "media_type": found.media_type,
        "omissions": found.omissions,
        "missing_glyphs": found.missing_glyphs,
        "sha256": found.sha256,
        "content_sha256": found.content_sha256,
        "signed_by": found.signed_by,
        "time_stamp": found.time_stamp.value if found.time_stamp else None,
        "error": found.error,
        "errors": _bundle_errors(found, language),
        "requested_at": instant(found.requested_at),
        "ready_at": instant(found.ready_at),
    }


def delivery_plan(found: DeliveryPlan, language: str) -> Plain:
    reason = found.reason
    return {
        "delivery": found.delivery,
        "form": found.form,
        "bytes": found.bytes,
        "pages": found.pages,
        "files": found.files,
        "fits": found.fits,
        "omissions": [one.to_plain() for one in found.omissions],
        "alternatives": [
            {
                "leave_out": [str(evidence_id) for evidence_id in one.leave_out],
                "labels": list(one.labels),
                "levels": [level.value if level else None for level in one.levels],
                "bytes": one.bytes,
                "pages": one.pages,
                "shrunk": one.shrunk,
            }
            for one in found.alternatives
        ],
        "reason": reason
        and {
            "code": reason.code,
            "params": dict(reason.params),
            "text": say(f"error.{reason.code}.detail", language, **reason.params),
        },
    }


def submission(found: Submission) -> Plain:
    return {
        "id": str(found.id),
        "bundle_id": str(found.bundle_id),
        "reference": found.reference,
        "submitted_at": instant(found.submitted_at),
        "corrects": str(found.corrects) if found.corrects else None,
        "reason": found.reason,
        "recorded_by": str(found.recorded_by),
        "recorded_at": instant(found.recorded_at),
        "receipt": receipt(found.receipt) if found.receipt else None,
    }


def receipt(found: Receipt) -> Plain:
    return {
        "file_name": found.file_name,
        "media_type": found.media_type,
        "bytes": found.size_bytes,
        "sha256": found.sha256,
        "added_by": str(found.added_by),
        "added_at": instant(found.added_at),
    }


def event(link: Link) -> Plain:
    return link.to_plain()


def verification(found: Verification) -> Plain:
    return {
        "verdict": found.verdict.value,
        "objects": {
            "ok": found.ok,
            "locked": found.locked,
            "differs": found.differs,
            "unreadable": found.unreadable,
            "erased": found.erased,
        },
        "chain": {
            "events": found.chain_events,
            "head": found.chain_head,
            "checkpoint": None,
            "problems": found.chain_problems,
        },
    }
