"""Things of the domain, made with one line: a test says only what matters to it."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from evidence_service.domain.case import Case, CaseState
from evidence_service.domain.evidence import EvidenceItem, EvidenceKind, ItemState
from evidence_service.domain.ids import new_id
from evidence_service.domain.records import CaseDetails
from evidence_service.domain.sending import Bundle, BundleState

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
AGENT, REVIEWER = UUID(int=1), UUID(int=2)
STORE = UUID(int=100)


def make_case(state=CaseState.ASSEMBLING, **over):
    about = CaseDetails(
        order_numbers=("39487512-0042-1",),
        dispute_ref=None,
        buyer_ref=None,
        amount=None,
        respond_by=over.pop("respond_by", NOON + timedelta(days=2)),
        claim_text="Заказ так и не пришёл",
        details={},
    )
    case = Case.open(
        id=new_id(),
        store_id=STORE,
        platform="ozon",
        reason="malicious_claim",
        pack_version="1",
        opened_at=NOON - timedelta(days=1),
        about=about,
        key_wrapped=b"wrapped",
        by=AGENT,
        at=NOON,
    )
    for name, value in over.items():
        setattr(case, name, value)
    case.state = state
    if state in {CaseState.APPROVED, CaseState.SUBMITTED, CaseState.CLOSED}:
        case.approved_revision, case.approved_at = case.revision, NOON
    case.events = []
    return case


def make_item(kind=EvidenceKind.ORDER_SCREENSHOT, **over):
    values = {
        "id": new_id(),
        "case_id": UUID(int=0),
        "store_id": STORE,
        "kind": kind,
        "state": ItemState.ACCEPTED,
        "held_for": None,
        "sha256": f"{new_id().int:064x}",
        "size_bytes": 1000,
        "media_type": "image/png",
        "reader": "picture",
        "file_name": "order.png",
        "caption": "",
        "position": 0,
        "added_by": AGENT,
        "added_at": NOON,
        "version_id": "v1",
    }
    return EvidenceItem(**(values | over))


def make_bundle(case, **over):
    values = {
        "id": new_id(),
        "case_id": case.id,
        "store_id": case.store_id,
        "revision": case.revision,
        "delivery": "master",
        "preview": False,
        "requested_by": AGENT,
        "requested_at": NOON,
        "state": BundleState.READY,
    }
    bundle = Bundle(**(values | over))
    case.bundles.append(bundle)
    return bundle
