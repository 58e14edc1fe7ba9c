"""Evidence: what it may be, which state it is in, and what a reader understood of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from evidence_service.domain.digest import NOTHING_READ, Digest

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID


class EvidenceKind(StrEnum):
    """What a piece of evidence shows. The names are public (API, packs, packages)."""

    ORDER_SCREENSHOT = "order_screenshot"
    ORDER_RECORD = "order_record"
    LISTING_SNAPSHOT = "listing_snapshot"
    ITEM_PHOTO = "item_photo"
    PACKING_PHOTO = "packing_photo"
    PACKING_VIDEO = "packing_video"
    COMPARISON_PHOTO = "comparison_photo"
    AUTHENTICITY_DOCUMENT = "authenticity_document"
    TEST_REPORT = "test_report"
    EXPERT_CONCLUSION = "expert_conclusion"
    WEIGHT_RECORD = "weight_record"
    SHIPPING_LABEL = "shipping_label"
    HANDOVER_RECORD = "handover_record"
    TRACKING_HISTORY = "tracking_history"
    CARRIER_STATEMENT = "carrier_statement"
    PROOF_OF_SHIPPING = "proof_of_shipping"
    PROOF_OF_DELIVERY = "proof_of_delivery"
    SIGNATURE_CONFIRMATION = "signature_confirmation"
    GPS_DELIVERY_SCREENSHOT = "gps_delivery_screenshot"
    CUSTOMS_DOCUMENT = "customs_document"
    CHAT_TRANSCRIPT = "chat_transcript"
    CHAT_SCREENSHOT = "chat_screenshot"
    BUYER_PHOTO = "buyer_photo"
    BUYER_RECEIPT_PROOF = "buyer_receipt_proof"
    RETURN_TRACKING = "return_tracking"
    RETURN_LABEL = "return_label"
    RETURNED_ITEM_PHOTO = "returned_item_photo"
    UNBOXING_VIDEO = "unboxing_video"
    REFUND_PROOF = "refund_proof"
    INVOICE = "invoice"
    POLICY_SNAPSHOT = "policy_snapshot"
    POLICE_REPORT = "police_report"
    CARRIER_CLAIM = "carrier_claim"
    ADDITIONAL_INFORMATION = "additional_information"


class ItemState(StrEnum):
    CHECKING = "checking"
    ACCEPTED = "accepted"
    HELD = "held"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    DESTROYED = "destroyed"


class HeldFor(StrEnum):
    CARD_NUMBER = "card_number"
    MALWARE = "malware"
    UNPARSEABLE = "unparseable"


class Shape(StrEnum):
    """What is made of an original: small, for the screen, or for a bundle's pages."""

    THUMBNAIL = "thumbnail"
    PREVIEW = "preview"
    PAGE = "page"


@dataclass(frozen=True, slots=True)
class Derivative:
    """A file made from an item's pixels or pages alone, stored under its own hash."""

    shape: Shape
    sha256: str
    size_bytes: int
    media_type: str
    version_id: str


# What the readers decode: bytes that say they are one of these and are not cannot be shown to
# anybody, and are held.
PICTURE_TYPES = frozenset(
    {"image/png", "image/jpeg", "image/webp", "image/gif", "image/heic", "image/avif"}
)
DOCUMENT_TYPES = frozenset({"application/pdf"})
# What a bundle's page can hold as it is, but for what it carries beside its pixels.
_PAGE_TYPES = frozenset({"image/png", "image/jpeg"})

# Kinds that only a picture can be: bytes that are no picture are refused under them.
PICTURE_KINDS = frozenset(
    {
        EvidenceKind.ORDER_SCREENSHOT,
        EvidenceKind.ITEM_PHOTO,
        EvidenceKind.PACKING_PHOTO,
        EvidenceKind.COMPARISON_PHOTO,
        EvidenceKind.GPS_DELIVERY_SCREENSHOT,
        EvidenceKind.CHAT_SCREENSHOT,
        EvidenceKind.BUYER_PHOTO,
        EvidenceKind.RETURNED_ITEM_PHOTO,
    }
)
VIDEO_KINDS = frozenset({EvidenceKind.PACKING_VIDEO, EvidenceKind.UNBOXING_VIDEO})


def can_be(kind: EvidenceKind, media_type: str) -> bool:
    """Whether bytes of this sniffed media type could be evidence of this kind."""
    if kind in PICTURE_KINDS:
        return media_type.startswith("image/")
    if kind in VIDEO_KINDS:
        # No reader knows videos; bytes that nobody recognises may be one.
        return media_type.startswith("video/") or media_type == "application/octet-stream"
    return True


@dataclass(eq=False)
class EvidenceItem:
    """One original in a case. The bytes stand in the store under `sha256`; this is the row."""

    id: UUID
    case_id: UUID
    store_id: UUID
    kind: EvidenceKind
    state: ItemState
    held_for: HeldFor | None
    sha256: str
    size_bytes: int
    media_type: str
    reader: str | None
    file_name: str
    caption: str
    position: int
    added_by: UUID
    added_at: datetime
    version_id: str
    captured_at: datetime | None = None
    source_url: str | None = None
    warnings: tuple[str, ...] = ()
    # What the checklist may ask of the content: "status:delivered", "channel:ozon" …
    facts: frozenset[str] = field(default_factory=frozenset)
    # What judging asks of its reading; personal data like the reading itself.
    digest: Digest = NOTHING_READ
    derivatives: tuple[Derivative, ...] = ()
    # When its bytes were last re-hashed against `sha256`.
    checked_at: datetime | None = None

    @property
    def counts(self) -> bool:
        """Whether the checklist sees it."""
        return self.state is ItemState.ACCEPTED

    @property
    def is_stored(self) -> bool:
        """Whether its bytes stand in the store."""
        return self.state not in {ItemState.CHECKING, ItemState.REFUSED, ItemState.DESTROYED}

    @property
    def is_given_out(self) -> bool:
        """Whether somebody may have its bytes; malware nobody may."""
        return self.is_stored and self.held_for is not HeldFor.MALWARE

    @property
    def is_picture(self) -> bool:
        return self.reader is not None and self.media_type in PICTURE_TYPES

    @property
    def shows_pixels(self) -> bool:
        """Whether words may stand in it that only eyes, or a job, can read."""
        return self.reader is not None and self.media_type in PICTURE_TYPES | DOCUMENT_TYPES

    @property
    def shows_card(self) -> bool:
        return self.held_for is HeldFor.CARD_NUMBER

    @property
    def shapes(self) -> tuple[Shape, ...]:
        """What can be made of it: of every picture and document that could be read."""
        if not self.shows_pixels:
            return ()
        seen = (Shape.THUMBNAIL, Shape.PREVIEW)
        return seen if self.media_type in _PAGE_TYPES else (*seen, Shape.PAGE)

    def derivative(self, shape: Shape) -> Derivative | None:
        return next((one for one in self.derivatives if one.shape is shape), None)

    @property
    def is_open(self) -> bool:
        """Whether it still stands in the way of an approval."""
        return self.state in {ItemState.CHECKING, ItemState.HELD}
