"""The master bundle: what its PDF will say, decided before anything is drawn.

`BundleContent` is everything the PDF says, as frozen plain values; `plan` decides from it which
sections there are, which label each exhibit carries and what stands in the index. The drawing
follows the plan and the finished file is compared with it. What a *platform's form* takes is not
decided here: that is a delivery.
"""

from __future__ import annotations

import types
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import datetime, timedelta
from enum import Enum, StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any, Self, TypeVar, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from evidence_service.domain.evidence import DOCUMENT_TYPES, PICTURE_TYPES, EvidenceKind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

_T = TypeVar("_T")

# A silence that a transcript shows, lest it looks like messages that were left out.
PAUSE = timedelta(days=1)
# What an exhibit's page gives a picture: room in millimetres, upright and turned sideways.
UPRIGHT_MM, TURNED_MM = (165.0, 196.0), (252.0, 122.0)
# A phone's screenshot stays readable from this width on (46 px letters come out at 9.8 pt).
LEAST_WIDTH_MM = 88.0
# A small picture is not blown up beyond what a screen shows.
MM_PER_PX = 25.4 / 96
_TURNED_FROM_PX, _TURNED_RATIO = 1200, 1.3
_DELIVERED = "delivered"
_LEVELS = ("required", "recommended", "optional")


def is_turned(width_px: int, height_px: int) -> bool:
    """Whether a picture gets a page turned sideways, as screenshots of desktops do.

    Photographs never do: there is no text in them to keep legible.
    """
    return width_px >= max(_TURNED_FROM_PX, _TURNED_RATIO * height_px)


def printed_mm_per_px(width_px: int, height_px: int, *, turned: bool) -> float:
    """How large a pixel stands on the page.

    A tall picture is cut into pages rather than made smaller than its least width.
    """
    width_mm, height_mm = TURNED_MM if turned else UPRIGHT_MM
    to_height = max(height_mm / height_px, LEAST_WIDTH_MM / width_px)
    return min(MM_PER_PX, width_mm / width_px, to_height)


class BundleFailed(Exception):  # noqa: N818 - named like a refusal: a fact about one bundle
    """No bundle was made. `code` is stable, `params` say which part and why."""

    code = "bundle_failed"

    def __init__(self, **params: str) -> None:
        self.params = params
        super().__init__(self.code, params)

    def __str__(self) -> str:
        return f"{self.code}({', '.join(f'{name}={text}' for name, text in self.params.items())})"


class ExhibitMissing(BundleFailed):
    """The bytes of a planned exhibit were not handed in."""

    code = "exhibit_missing"


class ExhibitDiffers(BundleFailed):
    """The bytes handed in for an exhibit are not those that were approved."""

    code = "exhibit_differs"


class RevisionGone(BundleFailed):
    """The case was changed after the bundle of one revision had been asked for."""

    code = "revision_gone"


class BundleDiffers(BundleFailed):
    """The finished PDF, read back, is not what was planned."""

    code = "bundle_differs"


class RenderTimedOut(BundleFailed):
    """The drawing took longer than it may and was ended."""

    code = "render_timed_out"


class RenderOutOfMemory(BundleFailed):
    """The drawing wanted more memory than it may have."""

    code = "render_out_of_memory"


class RenderCrashed(BundleFailed):
    """The drawing process ended without an answer."""

    code = "render_crashed"


class CertificateEnded(BundleFailed):
    """The certificate that signs bundles is no longer valid."""

    code = "certificate_ended"


class BundleLanguage(StrEnum):
    """A language the bundle's own words exist in."""

    RUSSIAN = "ru"
    CHINESE = "zh"
    ENGLISH = "en"


class ExhibitGroup(StrEnum):
    """The letter of an exhibit's label."""

    ORDER = "A"
    SHIPPING = "B"
    COMMUNICATION = "C"
    ITEM = "D"


_GROUPS = {
    ExhibitGroup.ORDER: {
        EvidenceKind.ORDER_SCREENSHOT,
        EvidenceKind.ORDER_RECORD,
        EvidenceKind.LISTING_SNAPSHOT,
        EvidenceKind.INVOICE,
        EvidenceKind.REFUND_PROOF,
        EvidenceKind.POLICY_SNAPSHOT,
    },
    ExhibitGroup.SHIPPING: {
        EvidenceKind.SHIPPING_LABEL,
        EvidenceKind.HANDOVER_RECORD,
        EvidenceKind.TRACKING_HISTORY,
        EvidenceKind.CARRIER_STATEMENT,
        EvidenceKind.CARRIER_CLAIM,
        EvidenceKind.PROOF_OF_SHIPPING,
        EvidenceKind.PROOF_OF_DELIVERY,
        EvidenceKind.SIGNATURE_CONFIRMATION,
        EvidenceKind.GPS_DELIVERY_SCREENSHOT,
        EvidenceKind.CUSTOMS_DOCUMENT,
        EvidenceKind.RETURN_TRACKING,
        EvidenceKind.RETURN_LABEL,
    },
    ExhibitGroup.COMMUNICATION: {
        EvidenceKind.CHAT_TRANSCRIPT,
        EvidenceKind.CHAT_SCREENSHOT,
        EvidenceKind.BUYER_RECEIPT_PROOF,
    },
}


def group_of(kind: EvidenceKind) -> ExhibitGroup:
    return next((group for group, kinds in _GROUPS.items() if kind in kinds), ExhibitGroup.ITEM)


class Placing(StrEnum):
    """How an exhibit comes into the PDF."""

    SECTION = "section"  # what a reader understood of it is drawn: order, tracking, transcript
    PICTURES = "pictures"
    DOCUMENT = "document"
    KEPT = "kept"  # its name, size and hash; the bytes stay in the archive package


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFacts:
    """What the cover says about the dispute. Texts are in the bundle's language or as received."""

    case_id: UUID
    platform_name: str
    store_name: str
    order_numbers: tuple[str, ...]
    reason_title: str
    opened_at: datetime
    dispute_ref: str = ""
    amount_text: str = ""
    respond_by: datetime | None = None
    claim_text: str = ""
    buyer_ref: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedField:
    """One field of the seller's statement: the form's title for it and the text."""

    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedRequirement:
    """A line of the checklist. `level` and `outcome` are the contract's words."""

    title: str
    level: str
    outcome: str
    why: str = ""
    evidence_ids: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineRow:
    """Something that happened. `lane` is order, seller, carrier, chat or platform.

    `status` is a scan's normal status. A row of several messages in a row has the first one's
    text, their `count` and, in `until`, the instant of the last.
    """

    at: datetime
    lane: str
    text: str
    evidence_id: UUID | None = None
    is_key: bool = False
    status: str = ""
    count: int = 1
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderedItem:
    """A line of an order, as the source names and counts it."""

    name: str
    quantity: int
    sku: str = ""
    price: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFacts:
    """An order of an order record. `ship_to` are the lines of the address, as the source has them.

    Without `placed_at` the record gave no zone and `local_time` stands alone.
    """

    number: str
    placed_at: datetime | None = None
    local_time: str = ""
    status: str = ""
    total: str = ""
    ship_to: tuple[str, ...] = ()
    parcels: tuple[str, ...] = ()
    items: tuple[OrderedItem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRecord:
    """The orders of one record that are the case's or its buyer's; `others` are not shown."""

    evidence_id: UUID
    orders: tuple[OrderFacts, ...]
    others: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """One event of a parcel. Without `at` the record gave no zone and `local_time` stands alone."""

    at: datetime | None
    local_time: str = ""
    status: str = ""
    carrier_status: str = ""
    description: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelHistory:
    """One parcel of a tracking record."""

    evidence_id: UUID
    number: str
    carrier: str
    scans: tuple[Scan, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatLine:
    """One message. `role` is buyer, seller, platform, system or unknown.

    `edits` are the texts that stood there before, oldest first.
    """

    author: str
    role: str
    sent_at: datetime | None
    text: str
    local_time: str = ""
    attachments: tuple[str, ...] = ()
    translation: str = ""
    is_machine_translation: bool = False
    edits: tuple[str, ...] = ()

    def pause_after(self, before: Self | None) -> timedelta | None:
        """How long nobody wrote before this message, if it was a day or more."""
        if before is None or before.sent_at is None or self.sent_at is None:
            return None
        pause = self.sent_at - before.sent_at
        return pause if pause >= PAUSE else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """One chat of a chat record, all messages in order."""

    evidence_id: UUID
    channel: str
    lines: tuple[ChatLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhibit:
    """One piece of evidence as it was approved.

    `page_sha256` and `page_media_type` are of what its pages are drawn from, where that was made
    of the original: a safe copy of a document, or a picture of a format that no page holds.
    """

    evidence_id: UUID
    kind: EvidenceKind
    file_name: str
    media_type: str
    sha256: str
    size_bytes: int
    added_at: datetime
    caption: str = ""
    added_by: str = ""
    page_sha256: str = ""
    page_media_type: str = ""

    @property
    def group(self) -> ExhibitGroup:
        return group_of(self.kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class CustodyRow:
    """Who did what when, up to the approval. `act` and `detail` are in the bundle's language."""

    at: datetime
    act: str
    person: str
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleContent:
    """Everything the PDF says.

    Every date in the file, its metadata included, comes from here, so the same content is drawn
    to the same bytes on any day. `time_zone` is the IANA zone in which instants are printed.
    `omissions` say in the bundle's language what of the evidence is not shown as it came in.
    """

    case: CaseFacts
    language: BundleLanguage
    seller_language: BundleLanguage
    time_zone: str
    revision: int
    approved_at: datetime | None
    is_preview: bool
    statement: tuple[StatedField, ...] = ()
    findings: tuple[JudgedRequirement, ...] = ()
    rules_version: str = ""
    timeline: tuple[TimelineRow, ...] = ()
    orders: tuple[OrderRecord, ...] = ()
    parcels: tuple[ParcelHistory, ...] = ()
    conversations: tuple[Conversation, ...] = ()
    exhibits: tuple[Exhibit, ...] = ()
    omissions: tuple[str, ...] = ()
    custody: tuple[CustodyRow, ...] = ()

    def __post_init__(self) -> None:
        if self.approved_at is None and not self.is_preview:
            raise ValueError("only a preview may be made before the approval")

    def to_plain(self) -> dict[str, Any]:
        """As JSON knows it, for the way into another process."""
        plain: dict[str, Any] = _to_plain(self)
        return plain

    @classmethod
    def from_plain(cls, plain: dict[str, Any]) -> Self:
        """The inverse of `to_plain`.

        Raises:
            KeyError: a field without default is absent.
            ValueError: a value is not of its field's type.
        """
        return _from_plain(cls, plain)

    @property
    def read_ids(self) -> frozenset[UUID]:
        """The evidence that is drawn as what a reader understood of it."""
        orders = {part.evidence_id for part in self.orders}
        parcels = {part.evidence_id for part in self.parcels}
        return frozenset(orders | parcels | {part.evidence_id for part in self.conversations})

    @property
    def delivered_at(self) -> datetime | None:
        """When all was delivered; nothing while some parcel's last word is another one."""
        last = [_last_scan(parcel) for parcel in self.parcels]
        instants = [scan.at for scan in last if scan and scan.at and scan.status == _DELIVERED]
        return max(instants) if instants and len(instants) == len(last) else None

    def level_of(self, evidence_id: UUID) -> str:
        """The gravest level of a requirement that this evidence stands for."""
        found = {one.level for one in self.findings if evidence_id in one.evidence_ids}
        return next((level for level in _LEVELS if level in found), "unspecified")

    @property
    def dated_at(self) -> datetime:
        """The one date the file carries: the approval, or for a preview the dispute's opening."""
        return self.approved_at or self.case.opened_at


def _last_scan(parcel: ParcelHistory) -> Scan | None:
    timed = [scan for scan in parcel.scans if scan.at is not None]
    return timed[-1] if timed else None


class SectionName(StrEnum):
    """A part of the bundle; each but the pictures has a folder under templates/bundle."""

    COVER = "cover"
    INDEX = "index"
    STATEMENT = "statement"
    TIMELINE = "timeline"
    ORDER = "order"
    TRACKING = "tracking"
    TRANSCRIPT = "transcript"
    EXHIBIT = "exhibit"
    CHECKLIST = "checklist"
    CERTIFICATE = "certificate"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedSection:
    """One part of the PDF, beginning on a page of its own that `anchor` names.

    `position` says which of the content's orders, parcels or conversations it draws: one file may
    hold several.
    """

    name: SectionName
    anchor: str
    evidence_id: UUID | None = None
    label: str = ""
    placing: Placing | None = None
    position: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ManifestEntry:
    """What the PDF carries of one piece of evidence, and which bytes it was made from."""

    label: str
    evidence_id: UUID
    kind: EvidenceKind
    file_name: str
    media_type: str
    sha256: str
    size_bytes: int
    placed: Placing
    page_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BundlePlan:
    """What will stand where. `index` are the sections the index lists, in order."""

    sections: tuple[PlannedSection, ...]
    index: tuple[PlannedSection, ...]
    manifest: tuple[ManifestEntry, ...]

    def label(self, evidence_id: UUID) -> str:
        return next(entry.label for entry in self.manifest if entry.evidence_id == evidence_id)

    def anchor(self, evidence_id: UUID) -> str:
        """Where a reference to this evidence lands: the first section that shows it."""
        return next(one.anchor for one in self.sections if one.evidence_id == evidence_id)

    def keeping(self, evidence_ids: Collection[UUID]) -> Self:
        """The same plan, but these pictures and documents are only named: they cannot be opened."""

        def kept(section: PlannedSection) -> PlannedSection:
            is_kept = section.placing is not None and section.evidence_id in evidence_ids
            return replace(section, placing=Placing.KEPT) if is_kept else section

        return replace(
            self,
            sections=tuple(kept(section) for section in self.sections),
            index=tuple(kept(section) for section in self.index),
            manifest=tuple(
                replace(entry, placed=Placing.KEPT) if entry.evidence_id in evidence_ids else entry
                for entry in self.manifest
            ),
        )


def plan(content: BundleContent) -> BundlePlan:
    """Decide sections, labels, index and manifest.

    Every exhibit gets a label and at least one section, whatever its bytes are.

    Raises:
        ValueError: an exhibit stands twice, or something refers to evidence that is no exhibit.
    """
    _check_references(content)
    manifest = tuple(_manifest(content))
    labels = {entry.evidence_id: entry.label for entry in manifest}
    sections = (
        PlannedSection(name=SectionName.COVER, anchor="cover"),
        PlannedSection(name=SectionName.INDEX, anchor="index"),
        *_optional(SectionName.STATEMENT, content.statement),
        *_optional(SectionName.TIMELINE, content.timeline),
        *_read_sections(SectionName.ORDER, [o.evidence_id for o in content.orders], labels),
        *_read_sections(SectionName.TRACKING, [p.evidence_id for p in content.parcels], labels),
        *_read_sections(
            SectionName.TRANSCRIPT, [c.evidence_id for c in content.conversations], labels
        ),
        *(_exhibit_section(entry) for entry in manifest if entry.placed is not Placing.SECTION),
        *_optional(SectionName.CHECKLIST, content.findings),
        PlannedSection(name=SectionName.CERTIFICATE, anchor="certificate"),
    )
    unlisted = {SectionName.COVER, SectionName.INDEX}
    index = tuple(section for section in sections if section.name not in unlisted)
    return BundlePlan(sections=sections, index=index, manifest=manifest)


def _check_references(content: BundleContent) -> None:
    known = [exhibit.evidence_id for exhibit in content.exhibits]
    if len(set(known)) != len(known):
        raise ValueError("an exhibit stands twice")
    referred = {
        *content.read_ids,
        *(row.evidence_id for row in content.timeline if row.evidence_id),
        *(one for finding in content.findings for one in finding.evidence_ids),
    }
    if unknown := referred - set(known):
        raise ValueError(f"no exhibit: {', '.join(sorted(map(str, unknown)))}")


def exhibit_labels(exhibits: Iterable[tuple[UUID, EvidenceKind]]) -> dict[UUID, str]:
    """A letter by kind and a running number for each, in the bundle's order: A-1, A-2, B-1.

    Args:
        exhibits: in the order of their positions.
    """
    given = list(exhibits)
    labels: dict[UUID, str] = {}
    for group in ExhibitGroup:
        members = [evidence_id for evidence_id, kind in given if group_of(kind) is group]
        labels |= {one: f"{group}-{number}" for number, one in enumerate(members, start=1)}
    return labels


def _manifest(content: BundleContent) -> list[ManifestEntry]:
    read = content.read_ids
    by_id = {exhibit.evidence_id: exhibit for exhibit in content.exhibits}
    labels = exhibit_labels((id_, exhibit.kind) for id_, exhibit in by_id.items())
    return [
        ManifestEntry(
            label=label,
            evidence_id=evidence_id,
            kind=(exhibit := by_id[evidence_id]).kind,
            file_name=exhibit.file_name,
            media_type=exhibit.media_type,
            sha256=exhibit.sha256,
            size_bytes=exhibit.size_bytes,
            placed=_placing(exhibit, is_read=evidence_id in read),
            page_sha256=exhibit.page_sha256 or exhibit.sha256,
        )
        for evidence_id, label in labels.items()
    ]


def _placing(exhibit: Exhibit, *, is_read: bool) -> Placing:
    """A picture or a document is shown itself, even where a reader also understood it."""
    media_type = exhibit.page_media_type or exhibit.media_type
    if media_type in PICTURE_TYPES:
        return Placing.PICTURES
    if media_type in DOCUMENT_TYPES:
        return Placing.DOCUMENT
    return Placing.SECTION if is_read else Placing.KEPT


def _optional(name: SectionName, rows: tuple[object, ...]) -> tuple[PlannedSection, ...]:
    return (PlannedSection(name=name, anchor=name.value),) if rows else ()


def _read_sections(
    name: SectionName,
    evidence_ids: list[UUID],
    labels: dict[UUID, str],
) -> tuple[PlannedSection, ...]:
    return tuple(
        PlannedSection(
            name=name,
            anchor=f"{name}-{position + 1}",
            evidence_id=evidence_id,
            label=labels[evidence_id],
            position=position,
        )
        for position, evidence_id in enumerate(evidence_ids)
    )


def _exhibit_section(entry: ManifestEntry) -> PlannedSection:
    return PlannedSection(
        name=SectionName.EXHIBIT,
        anchor=entry.label.lower(),
        evidence_id=entry.evidence_id,
        label=entry.label,
        placing=entry.placed,
    )


def _to_plain(value: Any) -> Any:
    if is_dataclass(value):
        return {field.name: _to_plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_to_plain(one) for one in value]
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    return str(value) if isinstance(value, UUID) else value


@cache
def _hints(kind: type[Any]) -> dict[str, Any]:
    return get_type_hints(kind)


def _from_plain(kind: type[_T], plain: dict[str, Any]) -> _T:
    hints: dict[str, Any] = _hints(kind)  # type: ignore[arg-type]  # a class is hashable
    if unknown := set(plain) - set(hints):
        raise ValueError(f"{kind.__name__} has no {', '.join(sorted(unknown))}")
    try:
        return kind(**{name: _restore(hints[name], value) for name, value in plain.items()})
    except TypeError as error:
        raise KeyError(str(error)) from error


def _restore(hint: Any, value: Any) -> Any:
    if get_origin(hint) in {Union, types.UnionType}:
        return None if value is None else _restore(get_args(hint)[0], value)
    if get_origin(hint) is tuple:
        return tuple(_restore(get_args(hint)[0], one) for one in value)
    if hint is datetime:
        return datetime.fromisoformat(value)
    if is_dataclass(hint) and isinstance(hint, type):
        return _from_plain(hint, value)
    if hint is UUID or issubclass(hint, Enum):
        return hint(value)
    if not isinstance(value, hint):
        raise ValueError(f"{value!r} is not {hint.__name__}")  # noqa: TRY004 - one error for bad input
    return value
