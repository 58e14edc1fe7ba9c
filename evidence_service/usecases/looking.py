"""Everything that only looks: asked, authorised, answered. Views of content are recorded."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from evidence_service.domain.access import AUDITED_STATES, Permission, Role, authorise
from evidence_service.domain.case import OPEN_STATES
from evidence_service.domain.conversation import Remarked, remarks
from evidence_service.domain.dispute import Dispute
from evidence_service.domain.errors import (
    InvalidInput,
    NotAllowed,
    NotFound,
    Unavailable,
    WrongState,
    invalid,
)
from evidence_service.domain.events import BundleDownloaded, EvidenceViewed, ReceiptDownloaded
from evidence_service.domain.evidence import DOCUMENT_TYPES
from evidence_service.domain.order import Order
from evidence_service.domain.reading import unread
from evidence_service.domain.sending import BundleState
from evidence_service.domain.timeline import TimelineEntry, timeline
from evidence_service.domain.tracking import Tracking
from evidence_service.domain.transcript import Transcript
from evidence_service.platforms import Change, diff
from evidence_service.ports import Page, StoreScope, SystemScope
from evidence_service.usecases.archive.verify_case import Verification, verify_case
from evidence_service.usecases.assemble.make_derivatives import media_type_of
from evidence_service.usecases.clocks import Clocks, attention, clocks_of
from evidence_service.usecases.judging import (
    contradictions_of,
    judge_case,
    pack_of,
    pinned,
    today,
)
from evidence_service.usecases.originals import fetch_derivative, fetch_original, key_of
from evidence_service.usecases.submit.delivery_content import MASTER
from storage import keys

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any
    from uuid import UUID

    from evidence_service.domain.access import Actor
    from evidence_service.domain.case import Case
    from evidence_service.domain.chain import Link
    from evidence_service.domain.checklist import Report
    from evidence_service.domain.consistency import Contradiction
    from evidence_service.domain.events import Event
    from evidence_service.domain.evidence import EvidenceItem, Shape
    from evidence_service.domain.reading import Reading
    from evidence_service.domain.sending import Bundle
    from evidence_service.domain.words import ItemText
    from evidence_service.platforms import Pack, Reason
    from evidence_service.ports import CaseFilter, CaseRow, Hit, Ports, StoreRow

# More digits than any chain has events; the database's numbers hold them.
_SEQ_DIGITS = 18
NORMAL_FORMS: dict[str, type[Transcript | Tracking | Order | Dispute]] = {
    "transcript": Transcript,
    "tracking": Tracking,
    "order": Order,
    "dispute": Dispute,
}


@dataclass(frozen=True, slots=True)
class Content:
    """Bytes of a case's object, ready to be streamed once."""

    ports: Ports
    key: str
    version_id: str
    case_key: bytes
    sha256: str
    size_bytes: int
    media_type: str
    file_name: str

    def open(self) -> Iterator[bytes]:
        with self.ports.store.get(
            self.key, version_id=self.version_id, case_key=self.case_key
        ) as chunks:
            yield from chunks


def ensure_admin(actor: Actor) -> None:
    authorise(actor, Permission.STORE_ADD)


def stores(actor: Actor, ports: Ports) -> Sequence[StoreRow]:
    """The actor's stores; an admin sees all."""
    scope = SystemScope() if Role.ADMIN in actor.roles else StoreScope(actor.stores)
    with ports.unit_of_work(scope) as work:
        return work.stores.all()


def platform(platform_id: str, ports: Ports) -> Pack:
    try:
        return pack_of(platform_id, ports)
    except InvalidInput:
        raise NotFound(platform=platform_id) from None


def case(case_id: UUID, actor: Actor, ports: Ports) -> Case:
    with ports.unit_of_work(StoreScope(actor.stores)) as work:
        found = work.cases.get(case_id)
        authorise(actor, Permission.CASE_READ, found)
    return found


def clocks(found: Case, ports: Ports) -> Clocks:
    """The clocks of a case that the caller has been shown already."""
    with ports.unit_of_work(StoreScope(frozenset({found.store_id}))) as work:
        store = work.stores.get(found.store_id)
        pack = pinned(found, work, ports)
    return clocks_of(found, pack, ports.sla, store.time_zone, ports.now())


def ensure_may_open(actor: Actor) -> None:
    authorise(actor, Permission.CASE_EDIT)


def ensure_may_edit(case_id: UUID, actor: Actor, ports: Ports) -> None:
    with ports.unit_of_work(StoreScope(actor.stores)) as work:
        authorise(actor, Permission.CASE_EDIT, work.cases.standing(case_id))


def ensure_may_submit(case_id: UUID, actor: Actor, ports: Ports) -> None:
    with ports.unit_of_work(StoreScope(actor.stores)) as work:
        authorise(actor, Permission.SUBMISSION_RECORD, work.cases.standing(case_id))


def cases(
    wanted: CaseFilter, *, actor: Actor, ports: Ports, limit: int, cursor: str | None
) -> Page[CaseRow]:
    authorise(actor, Permission.CASE_READ)
    now = ports.now()
    found = ports.queries.cases(
        StoreScope(actor.stores), _as_known_to(actor, wanted), now=now, limit=limit, cursor=cursor
    )
    return replace(
        found,
        items=[replace(row, attention=attention(row, ports.sla, now)) for row in found.items],
    )


def archive(
    wanted: CaseFilter, *, actor: Actor, ports: Ports, limit: int, cursor: str | None
) -> tuple[Page[CaseRow], Sequence[Hit]]:
    """Archived cases, and where the words stand in them."""
    authorise(actor, Permission.ARCHIVE_READ)
    scope = StoreScope(actor.stores)
    found = ports.queries.cases(scope, wanted, now=ports.now(), limit=limit, cursor=cursor)
    if not wanted.words:
        return found, []
    return found, ports.queries.hits(scope, wanted.words, [row.id for row in found.items])


def checklist(
    case_id: UUID, *, actor: Actor, ports: Ports
) -> tuple[Report, tuple[Contradiction, ...]]:
    """The verdict, and what in the case cannot all be right."""
    found = case(case_id, actor, ports)
    pack, report = judged(found, ports)
    return report, contradictions_of(found, pack)


@dataclass(frozen=True, slots=True)
class NewerPack:
    """Today's pack beside the one a case is pinned to; `changes` are those that concern it.

    `reasons` are the case's by either pack, the older first.
    """

    version: str
    changes: tuple[Change, ...]
    reasons: tuple[Reason, ...]

    def said(self, language: str) -> list[str]:
        """The changes by id, for scripts."""
        return [change.said(language) for change in self.changes]

    def said_by_title(self, language: str) -> list[str]:
        """The same for people: reasons and requirements by what their pages call them."""
        titles = {}
        for reason in self.reasons:
            titles["reason", reason.code] = reason.title[language]
            for asked in reason.requirements:
                titles["requirement", asked.id] = asked.title[language]
        return [change.said(language, titles) for change in self.changes]


def newer_pack(found: Case, ports: Ports) -> NewerPack | None:
    """What has changed in the rules since an open case was pinned to them, if anything has."""
    if found.state not in OPEN_STATES:
        return None
    with ports.unit_of_work(StoreScope(frozenset({found.store_id}))) as work:
        before = pinned(found, work, ports)
        now = today(work.stores.get(found.store_id), ports)
    if before.raw == now.raw:
        return None
    reasons = tuple(
        one for pack in (before, now) for one in pack.reasons if one.code == found.reason
    )
    return NewerPack(now.version, tuple(diff(before, now, found.reason)), reasons)


def judged(found: Case, ports: Ports) -> tuple[Pack, Report]:
    """By its pack as pinned, the verdict on a case that the caller has been shown already."""
    with ports.unit_of_work(StoreScope(frozenset({found.store_id}))) as work:
        pack = pinned(found, work, ports)
    return pack, judge_case(found, pack)


def normal_forms(
    case_id: UUID, form: str, *, actor: Actor, ports: Ports
) -> list[tuple[UUID, dict[str, Any]]]:
    """What readers understood, of one form, in the order of the evidence."""
    found = case(case_id, actor, ports)
    with ports.unit_of_work(StoreScope(actor.stores)) as work:
        readings = work.normal_forms.of_case(case_id)
    return [
        (item.id, content.to_plain())
        for item in found.items
        if item.counts and item.id in readings
        for content in readings[item.id].contents
        if isinstance(content, NORMAL_FORMS[form])
    ]


def case_timeline(case_id: UUID, *, actor: Actor, ports: Ports) -> tuple[TimelineEntry, ...]:
    found = case(case_id, actor, ports)
    return timeline(found, read_contents(case_id, actor=actor, ports=ports))


def read_contents(case_id: UUID, *, actor: Actor, ports: Ports) -> Mapping[UUID, Sequence[object]]:
    """What readers understood of each item that counts."""
    found = case(case_id, actor, ports)
    with ports.unit_of_work(StoreScope(actor.stores)) as work:
        readings = work.normal_forms.of_case(case_id)
    return {
        item.id: readings[item.id].contents
        for item in found.items
        if item.counts and item.id in readings
    }


def conversation_remarks(
    case_id: UUID, *, actor: Actor, ports: Ports
) -> list[tuple[Remarked, str]]:
    """What is to be looked at in the case's chats, each with the text of its message."""
    found = case(case_id, actor, ports)
    with ports.unit_of_work(StoreScope(actor.stores)) as work:
        readings = work.normal_forms.of_case(case_id)
    return [
        (one, "" if one.position is None else said[one.position].text)
        for item in found.items
        if item.counts and item.id in readings
        for chat in readings[item.id].contents
        if isinstance(chat, Transcript)
        for said in [tuple(chat.messages)]
        for one in remarks(item.id, said)
    ]


def evidence_content(case_id: UUID, evidence_id: UUID, *, actor: Actor, ports: Ports) -> Content:
    """An original, as it was sent; the view is recorded before the first byte leaves.

    Raises:
        NotFound: its bytes are destroyed, not checked yet, or were refused.
        NotAllowed: malware was found in it.
    """
    found = case(case_id, actor, ports)
    item = _kept(found, evidence_id)
    _record(
        EvidenceViewed(case_id=case_id, actor=actor.id, at=ports.now(), evidence_id=item.id),
        found,
        ports,
    )
    return Content(
        ports,
        keys.evidence(case_id, item.sha256),
        item.version_id,
        ports.envelope.unwrap(case_id, key_of(found)),
        item.sha256,
        item.size_bytes,
        item.media_type,
        item.file_name,
    )


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture for the screen, made of pixels alone."""

    content: bytes
    media_type: str


def evidence_picture(
    case_id: UUID, evidence_id: UUID, shape: Shape, *, actor: Actor, ports: Ports
) -> Shown:
    """What is seen of a picture or of a document's first page; made now where no job has yet.

    Raises:
        NotFound: there is nothing to be seen of it.
    """
    found, item = _seen(case_id, evidence_id, actor, ports)
    if shape not in item.shapes:
        raise NotFound(evidence_id=str(evidence_id))
    made = item.derivative(shape)
    with tempfile.TemporaryDirectory(dir=ports.spool) as folder:
        if made is not None:
            path = fetch_derivative(found, made, Path(folder), ports)
            return Shown(path.read_bytes(), made.media_type)
        content = ports.pictures.shaped(fetch_original(found, item, Path(folder), ports), shape)
    if content is None:
        raise NotFound(evidence_id=str(evidence_id))
    return Shown(content, media_type_of(content))


def evidence_page(
    case_id: UUID, evidence_id: UUID, number: int, *, actor: Actor, ports: Ports
) -> Shown:
    """A page (from 1) of a document.

    Raises:
        NotFound: it has no such page, or is no document.
    """
    found, item = _seen(case_id, evidence_id, actor, ports)
    content = None
    if number > 0 and item.shows_pixels and item.media_type in DOCUMENT_TYPES:
        with tempfile.TemporaryDirectory(dir=ports.spool) as folder:
            content = ports.pictures.page(fetch_original(found, item, Path(folder), ports), number)
    if content is None:
        raise NotFound(evidence_id=str(evidence_id))
    return Shown(content, media_type_of(content))


def evidence_sizes(
    case_id: UUID, evidence_id: UUID, *, actor: Actor, ports: Ports
) -> Sequence[tuple[int, int]]:
    """Width and height of each page of a picture or document, as rectangles on it are measured.

    Raises:
        Unavailable: nobody could look now.
    """
    found = case(case_id, actor, ports)
    item = _kept(found, evidence_id)
    with tempfile.TemporaryDirectory(dir=ports.spool) as folder:
        sizes = ports.pictures.sizes(fetch_original(found, item, Path(folder), ports))
    if sizes is None:
        raise Unavailable
    return sizes


def evidence_reading(
    case_id: UUID, evidence_id: UUID, *, actor: Actor, ports: Ports
) -> tuple[EvidenceItem, Reading]:
    """How an item was read, and what of that a person may choose otherwise."""
    item = case(case_id, actor, ports).item(evidence_id)
    with ports.unit_of_work(StoreScope(actor.stores)) as work:
        return item, work.normal_forms.get(item.id) or unread(item.media_type)


def evidence_text(
    case_id: UUID, evidence_id: UUID, *, actor: Actor, ports: Ports
) -> ItemText | None:
    """The words of an item; None where nobody has read them yet."""
    found = case(case_id, actor, ports)
    item = found.item(evidence_id)
    with ports.unit_of_work(StoreScope(actor.stores)) as work:
        return work.texts.get(item.id)


def _seen(
    case_id: UUID, evidence_id: UUID, actor: Actor, ports: Ports
) -> tuple[Case, EvidenceItem]:
    """The item, whose view is recorded."""
    found = case(case_id, actor, ports)
    item = _kept(found, evidence_id)
    at = ports.now()
    _record(
        EvidenceViewed(case_id=case_id, actor=actor.id, at=at, evidence_id=item.id), found, ports
    )
    return found, item


def _kept(found: Case, evidence_id: UUID) -> EvidenceItem:
    item = found.item(evidence_id)
    if not item.is_stored:
        raise NotFound(evidence_id=str(evidence_id))
    if not item.is_given_out:
        raise NotAllowed("malware_not_served")
    return item


def bundle_content(case_id: UUID, bundle_id: UUID, *, actor: Actor, ports: Ports) -> Content:
    found = case(case_id, actor, ports)
    bundle = found.bundle(bundle_id)
    if bundle.state is not BundleState.READY or not bundle.sha256 or not bundle.version_id:
        raise WrongState("bundle_not_ready", state=bundle.state.value)
    _record(
        BundleDownloaded(case_id=case_id, actor=actor.id, at=ports.now(), bundle_id=bundle_id),
        found,
        ports,
    )
    return Content(
        ports,
        keys.bundle(case_id, bundle.sha256),
        bundle.version_id,
        ports.envelope.unwrap(case_id, key_of(found)),
        bundle.sha256,
        bundle.size_bytes or 0,
        bundle.media_type,
        _bundle_name(found, bundle),
    )


def _bundle_name(found: Case, bundle: Bundle) -> str:
    what = "" if bundle.delivery == MASTER else f"-{bundle.delivery}"
    return f"{found.order_numbers[0]}-r{bundle.revision}{what}.{bundle.ending}"


def receipt_content(case_id: UUID, submission_id: UUID, *, actor: Actor, ports: Ports) -> Content:
    """The receipt of a submission, as it was given; the view is recorded before it leaves.

    Raises:
        NotFound: the submission has none.
    """
    found = case(case_id, actor, ports)
    receipt = found.submission(submission_id).receipt
    if receipt is None:
        raise NotFound(submission_id=str(submission_id))
    _record(
        ReceiptDownloaded(
            case_id=case_id, actor=actor.id, at=ports.now(), submission_id=submission_id
        ),
        found,
        ports,
    )
    return Content(
        ports,
        keys.receipt(case_id, receipt.sha256),
        receipt.version_id,
        ports.envelope.unwrap(case_id, key_of(found)),
        receipt.sha256,
        receipt.size_bytes,
        receipt.media_type,
        receipt.file_name,
    )


def audit(
    case_id: UUID, *, actor: Actor, ports: Ports, limit: int, cursor: str | None
) -> Page[Link]:
    """The case's chain, in order."""
    authorise(actor, Permission.ARCHIVE_READ, case(case_id, actor, ports))
    if cursor is not None and not (cursor.isdecimal() and len(cursor) <= _SEQ_DIGITS):
        raise invalid("cursor", "malformed", "take `next` of the page before")
    after = int(cursor or 0)
    found = ports.queries.chain(f"case:{case_id}", after=after, limit=limit + 1)
    more = str(found[limit - 1].seq) if len(found) > limit else None
    return Page(found[:limit], more)


def verification(case_id: UUID, *, actor: Actor, ports: Ports) -> Verification:
    with ports.unit_of_work(StoreScope(actor.stores)) as work:
        found = work.cases.get(case_id)
        authorise(actor, Permission.ARCHIVE_READ, found)
        package = work.packages.get(case_id)
    return verify_case(found, package, ports)


def _as_known_to(actor: Actor, wanted: CaseFilter) -> CaseFilter:
    """An auditor's list holds only what has left the house."""
    if actor.roles & {Role.AGENT, Role.REVIEWER}:
        return wanted
    known = tuple(sorted(s.value for s in AUDITED_STATES))
    asked = known if wanted.states is None else wanted.states
    return replace(wanted, states=tuple(state for state in asked if state in known))


def _record(event: Event, case: Case, ports: Ports) -> None:
    with ports.unit_of_work(StoreScope(frozenset({case.store_id}))) as work:
        work.record(event, case.store_id)
