"""What a case's bundle says, put together from its rows. Pure: no clock, no store, no database."""

from __future__ import annotations

from dataclasses import replace
from operator import itemgetter
from typing import TYPE_CHECKING

from evidence_service.catalogue import say
from evidence_service.domain.bundle import (
    BundleContent,
    BundleLanguage,
    CaseFacts,
    ChatLine,
    Conversation,
    CustodyRow,
    Exhibit,
    JudgedRequirement,
    OrderedItem,
    OrderFacts,
    OrderRecord,
    ParcelHistory,
    RevisionGone,
    Scan,
    StatedField,
    TimelineRow,
)
from evidence_service.domain.evidence import Shape
from evidence_service.domain.order import Order
from evidence_service.domain.records import ANSWER
from evidence_service.domain.tracking import Tracking, TrackingStatus
from evidence_service.domain.transcript import Transcript
from evidence_service.usecases.judging import judge_case, reason_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from uuid import UUID

    from evidence_service.domain.case import Case
    from evidence_service.domain.evidence import EvidenceItem
    from evidence_service.domain.reading import Reading
    from evidence_service.domain.sending import Bundle
    from evidence_service.platforms import Pack
    from evidence_service.ports import StoreRow

_CHAT = "chat"
# Warnings of the uploads (usecases/assemble) that concern who reads the bundle.
_ALTERATIONS = {"redacted": "omitted.redacted", "altered: card_number": "omitted.masked"}


def ensure_current(case: Case, bundle: Bundle) -> None:
    """Refuse a bundle of what the case no longer says.

    Raises:
        RevisionGone: the case was changed, or its approval voided, since the bundle was asked for.
    """
    if bundle.revision != (case.revision if bundle.preview else case.approved_revision):
        raise RevisionGone(revision=str(bundle.revision))


def bundle_content(  # noqa: PLR0913 - a case and what it is read with
    case: Case,
    *,
    is_preview: bool,
    pack: Pack,
    store: StoreRow,
    readings: Mapping[UUID, Reading],
    names: Mapping[UUID, str],
) -> BundleContent:
    """What the bundle says.

    Args:
        case: as it stands.
        is_preview: whether it is made before the approval.
        pack: the one the case is pinned to.
        store: whose case it is.
        readings: what was read of the case's items.
        names: how people are called who added evidence or reviewed.
    """
    language = _language(pack.language)
    exhibits = sorted((i for i in case.items if i.counts), key=lambda item: item.position)
    said = [
        (item.id, content)
        for item in exhibits
        if item.id in readings
        for content in readings[item.id].contents
    ]
    parcels = [(id_, one) for id_, one in said if isinstance(one, Tracking)]
    chats = [(id_, _as_seen(one)) for id_, one in said if isinstance(one, Transcript)]
    reason = reason_of(pack, case.reason).title[language.value]
    return BundleContent(
        case=CaseFacts(
            case_id=case.id,
            platform_name=pack.name[language.value],
            store_name=store.name,
            order_numbers=case.order_numbers,
            reason_title=reason,
            opened_at=case.opened_at,
            dispute_ref=case.dispute_ref or "",
            amount_text=str(case.amount) if case.amount else "",
            respond_by=case.respond_by,
            claim_text=case.claim_text or "",
            buyer_ref=case.buyer_ref or "",
        ),
        language=language,
        seller_language=_language(store.language),
        time_zone=store.time_zone,
        revision=case.revision if is_preview else case.approved_revision or case.revision,
        approved_at=None if is_preview else case.approved_at,
        is_preview=is_preview,
        statement=_statement(case, pack, language.value),
        findings=_findings(case, pack, language.value),
        rules_version=f"{pack.id} {case.pack_version}",
        timeline=_timeline(
            TimelineRow(at=case.opened_at, lane="platform", text=case.claim_text or reason),
            *(row for id_, one in parcels for row in _scan_rows(id_, one)),
            *(row for id_, one in chats for row in _message_rows(id_, one)),
        ),
        orders=tuple(order_records(said, case)),
        parcels=tuple(_parcel(id_, one) for id_, one in parcels),
        conversations=tuple(_conversation(id_, one) for id_, one in chats),
        exhibits=tuple(_exhibit(item, names) for item in exhibits),
        omissions=_omissions(exhibits, readings, language.value),
        custody=_custody(case, names, language.value),
    )


def _as_seen(transcript: Transcript) -> Transcript:
    """Without the notes the other side never saw: they leave in no bundle."""
    seen = (message for message in transcript.messages if not message.is_internal)
    return Transcript(transcript.channel, seen)


def _language(name: str) -> BundleLanguage:
    """The bundle's own words exist in three languages; elsewhere English is the common one."""
    known = {member.value: member for member in BundleLanguage}
    return known.get(name, BundleLanguage.ENGLISH)


def _statement(case: Case, pack: Pack, language: str) -> tuple[StatedField, ...]:
    """The fields under the titles of the platform's form, where the pack knows them."""
    stated = case.statement.fields if case.statement else {}
    titles = {name: limit.title[language] for name, limit in pack.text_limits.items()}
    titles.setdefault(ANSWER, say("statement.answer", language))
    return tuple(
        StatedField(title=titles.get(name, name), text=text) for name, text in stated.items()
    )


def _timeline(*rows: TimelineRow) -> tuple[TimelineRow, ...]:
    """In order of time; equal instants keep the order of the evidence.

    Messages of one chat that nothing stands between become one row: the transcript has them all.
    """
    merged: list[TimelineRow] = []
    for row in sorted(rows, key=lambda one: one.at):
        last = merged[-1] if merged else None
        if last and row.lane == last.lane == _CHAT and row.evidence_id == last.evidence_id:
            merged[-1] = replace(last, count=last.count + 1, until=row.at)
        else:
            merged.append(row)
    return tuple(merged)


def _scan_rows(evidence_id: UUID, tracking: Tracking) -> list[TimelineRow]:
    """Key are the first scan under way and the last delivery: they answer "was it sent, got it"."""
    timed = sorted(
        ((event.at, event) for event in tracking.events if event.at is not None),
        key=lambda pair: pair[0],
    )
    under_way = [at for at, event in timed if event.status is TrackingStatus.IN_TRANSIT][:1]
    delivered = [at for at, event in timed if event.status is TrackingStatus.DELIVERED][-1:]
    key = {TrackingStatus.IN_TRANSIT: under_way, TrackingStatus.DELIVERED: delivered}
    return [
        TimelineRow(
            at=at,
            lane="carrier",
            text=" · ".join(filter(None, (event.description, event.place))),
            status=event.status.value,
            evidence_id=evidence_id,
            is_key=at in key.get(event.status, ()),
        )
        for at, event in timed
    ]


def _message_rows(evidence_id: UUID, transcript: Transcript) -> list[TimelineRow]:
    return [
        TimelineRow(
            at=message.sent_at,
            lane=_CHAT,
            text=f"{message.author}: {message.text}" if message.author else message.text,
            evidence_id=evidence_id,
        )
        for message in transcript.messages
        if message.sent_at is not None
    ]


def _findings(case: Case, pack: Pack, language: str) -> tuple[JudgedRequirement, ...]:
    return tuple(
        JudgedRequirement(
            title=finding.requirement.title[language],
            level=finding.requirement.level.value,
            outcome=finding.outcome.value,
            why=finding.requirement.why[language],
            evidence_ids=tuple(finding.evidence_ids),
        )
        for finding in judge_case(case, pack).findings
    )


def _exhibit(item: EvidenceItem, names: Mapping[UUID, str]) -> Exhibit:
    page = item.derivative(Shape.PAGE)
    return Exhibit(
        evidence_id=item.id,
        kind=item.kind,
        file_name=item.file_name,
        media_type=item.media_type,
        sha256=item.sha256,
        size_bytes=item.size_bytes,
        added_at=item.added_at,
        caption=item.caption,
        added_by=names.get(item.added_by, ""),
        page_sha256=page.sha256 if page else "",
        page_media_type=page.media_type if page else "",
    )


def order_records(said: Iterable[tuple[UUID, object]], case: Case) -> Iterator[OrderRecord]:
    """One record for each file: an export may hold the orders of many buyers."""
    records: dict[UUID, list[Order]] = {}
    for evidence_id, one in said:
        if isinstance(one, Order):
            records.setdefault(evidence_id, []).append(one)
    for evidence_id, orders in records.items():
        shown = _of_the_buyer(orders, case) or orders
        yield OrderRecord(
            evidence_id=evidence_id,
            orders=tuple(map(_order, shown)),
            others=len(orders) - len(shown),
        )


def _of_the_buyer(orders: Sequence[Order], case: Case) -> list[Order]:
    """The case's orders, and those that the record says the same person paid."""
    own = [one for one in orders if one.number in case.order_numbers]
    known = {pair for one in own for pair in one.identity.items()}
    return [one for one in orders if one in own or known & set(one.identity.items())]


def _order(order: Order) -> OrderFacts:
    place = order.ship_to
    return OrderFacts(
        number=order.number,
        placed_at=order.placed_at,
        local_time=order.local_time,
        status=order.status,
        total=str(order.total) if order.total else "",
        ship_to=tuple(filter(None, place.to_plain().values())) if place else (),
        parcels=order.tracking_numbers,
        items=tuple(
            OrderedItem(
                name=one.name,
                quantity=one.quantity,
                sku=one.sku,
                price=str(one.price) if one.price else "",
            )
            for one in order.lines
        ),
    )


def _parcel(evidence_id: UUID, tracking: Tracking) -> ParcelHistory:
    return ParcelHistory(
        evidence_id=evidence_id,
        number=tracking.number or "",
        carrier=tracking.carrier or "",
        scans=_in_order(
            Scan(
                at=event.at,
                local_time=event.local_time or "",
                status=event.status.value,
                carrier_status=event.carrier_status or "",
                description=event.description or "",
                place=event.place or "",
            )
            for event in tracking.events
        ),
    )


def _in_order(scans: Iterable[Scan]) -> tuple[Scan, ...]:
    """By their instants; as in the record where one has none."""
    given = tuple(scans)
    instants = [scan.at for scan in given if scan.at is not None]
    if len(instants) < len(given):
        return given
    return tuple(scan for _, scan in sorted(zip(instants, given, strict=True), key=itemgetter(0)))


def _conversation(evidence_id: UUID, transcript: Transcript) -> Conversation:
    return Conversation(
        evidence_id=evidence_id,
        channel=transcript.channel,
        lines=tuple(
            ChatLine(
                author=message.author,
                role=message.role.value,
                sent_at=message.sent_at,
                text=message.text,
                local_time=message.local_time or "",
                attachments=message.attachments,
                edits=message.edits,
            )
            for message in transcript.messages
        ),
    )


def _omissions(
    exhibits: list[EvidenceItem], readings: Mapping[UUID, Reading], language: str
) -> tuple[str, ...]:
    """What of the evidence is not shown as it came in: notes left out, places covered, masks."""
    found = []
    for item in exhibits:
        contents = readings[item.id].contents if item.id in readings else ()
        if notes := sum(_notes(one) for one in contents if isinstance(one, Transcript)):
            found.append(say("omitted.notes", language, file=item.file_name, count=notes))
        found += [
            say(_ALTERATIONS[warning], language, file=item.file_name)
            for warning in item.warnings
            if warning in _ALTERATIONS
        ]
    return tuple(found)


def _notes(transcript: Transcript) -> int:
    return sum(message.is_internal for message in transcript.messages)


def _custody(case: Case, names: Mapping[UUID, str], language: str) -> tuple[CustodyRow, ...]:
    """Who reviewed it; it ends at the approval, so a second export is the same."""
    rows = (
        CustodyRow(
            at=review.reviewed_at,
            act=say(f"custody.{review.decision.value}", language),
            person=names.get(review.reviewed_by, ""),
            detail=say("custody.revision", language, revision=review.revision),
        )
        for review in case.reviews
    )
    return tuple(sorted(rows, key=lambda row: row.at))
