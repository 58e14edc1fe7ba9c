"""A made-up case for tests and benches of deliveries: pictures, a chat, a parcel, a PDF."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pikepdf
from bundle_corpus import (
    draw_chat,
    draw_photo,
    evidence_id,
    exhibit,
    make_content,
    messages,
    scans,
)
from PIL import Image

from evidence_service.domain.bundle import BundleLanguage, Conversation, ParcelHistory
from evidence_service.domain.checklist import Level
from evidence_service.domain.delivery import Candidate, DeliveryOrder, Limits, Need, Shot, Source
from evidence_service.domain.evidence import EvidenceKind
from evidence_service.usecases.submit.delivery_content import PAGE_SHOT

if TYPE_CHECKING:
    from pathlib import Path
    from uuid import UUID

GPS = 0x8825
REQUIRED, RECOMMENDED, OPTIONAL = Level.REQUIRED, Level.RECOMMENDED, Level.OPTIONAL
STATEMENT = {"answer": "The parcel was handed over to the buyer on 16 March."}


def gps_exif() -> Image.Exif:
    exif = Image.Exif()
    exif[0x010F] = "SECRETPHONE"
    exif[0x0112] = 6
    exif.get_ifd(GPS)[1] = "N"
    exif.get_ifd(GPS)[2] = (55.0, 45.0, 21.0)
    return exif


def invoice_pdf(path: Path, pages: int = 2) -> None:
    """Letters on pages, a link and an author, as a shop's program would write them."""
    pdf = pikepdf.new()
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
    )
    for number in range(pages):
        page = pdf.add_blank_page(page_size=(595, 842))
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        text = f"BT /F1 14 Tf 72 700 Td (Invoice 2026-0{number + 1}: glass teapot, 24.60) Tj ET"
        page.Contents = pdf.make_stream(text.encode())
        link = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.Link,
            Rect=[72, 690, 300, 720],
            A=pikepdf.Dictionary(S=pikepdf.Name.URI, URI="https://tracker.example/"),
        )
        page.Annots = pikepdf.Array([pdf.make_indirect(link)])
    pdf.docinfo["/Author"] = "SECRETAUTHOR"
    pdf.save(path)


def picture(number: int, kind: EvidenceKind, path: Path, level: Level | None, slot: str = ""):
    with Image.open(path) as image:
        width, height = image.size
        if image.getexif().get(0x0112, 1) > 4:
            width, height = height, width
        media_type = Image.MIME[image.format or ""]
    letters = 42.0 if kind is EvidenceKind.CHAT_SCREENSHOT else None
    return candidate(
        number, kind, path, level, Source.PICTURE, (Shot(width, height, letters),), media_type, slot
    )


def candidate(  # noqa: PLR0913 - a row
    number, kind, path, level, source, shots, media_type, slot=""
):
    letter = {"chat_screenshot": "C", "chat_transcript": "C", "tracking_history": "B"}.get(
        kind, "D"
    )
    return Candidate(
        evidence_id=evidence_id(number),
        label=f"{letter}-{number}",
        kind=kind.value,
        slot=slot or kind.value,
        level=level,
        needs=(Need(kind.value),) if level is REQUIRED else (),
        source=source,
        media_type=media_type,
        size_bytes=path.stat().st_size,
        shots=shots,
    )


def make_order(
    folder: Path, form: str, limits: dict[str, object], **over: object
) -> tuple[DeliveryOrder, dict[UUID, Path]]:
    """The case and its files, drawn into `folder` once."""
    folder.mkdir(exist_ok=True)
    chat, scroll, photo = (folder / name for name in ("chat.png", "scroll.png", "photo.jpg"))
    invoice, track, talk, film = (
        folder / name for name in ("invoice.pdf", "track.json", "talk.json", "film.bin")
    )
    if not film.exists():
        draw_chat(chat, 1)
        draw_chat(scroll, 2, height=4000)
        draw_photo(photo, exif=gps_exif())
        invoice_pdf(invoice)
        track.write_text("{}")
        talk.write_text("{}")
        film.write_bytes(b"\0film" * 900)
    kinds = EvidenceKind
    json = "application/json"
    made = (
        picture(11, kinds.CHAT_SCREENSHOT, chat, REQUIRED),
        candidate(13, kinds.TRACKING_HISTORY, track, REQUIRED, Source.RECORD, (PAGE_SHOT,), json),
        candidate(14, kinds.CHAT_TRANSCRIPT, talk, RECOMMENDED, Source.RECORD, (PAGE_SHOT,), json),
        picture(15, kinds.PACKING_PHOTO, photo, RECOMMENDED),
        candidate(
            16,
            kinds.INVOICE,
            invoice,
            OPTIONAL,
            Source.DOCUMENT,
            (PAGE_SHOT,) * 2,
            "application/pdf",
        ),
        picture(12, kinds.CHAT_SCREENSHOT, scroll, OPTIONAL),
        candidate(
            17, kinds.PACKING_VIDEO, film, None, Source.UNREAD, (), "application/octet-stream"
        ),
    )
    paths = dict(
        zip(
            (11, 13, 14, 15, 16, 12, 17),
            (chat, track, talk, photo, invoice, scroll, film),
            strict=True,
        )
    )
    exhibits = tuple(
        exhibit(
            number, kinds(next(c.kind for c in made if c.evidence_id == evidence_id(number))), path
        )
        for number, path in paths.items()
    )
    content = make_content(
        language=BundleLanguage.ENGLISH,
        exhibits=exhibits,
        parcels=(
            ParcelHistory(
                evidence_id=evidence_id(13),
                number="SD704415098CN",
                carrier="Cainiao",
                scans=scans(6),
            ),
        ),
        conversations=(
            Conversation(evidence_id=evidence_id(14), channel="Ozon", lines=messages(6)),
        ),
    )
    order = DeliveryOrder(
        content=content,
        candidates=made,
        form=form,
        limits=Limits.of(limits),
        statement=STATEMENT,
    )
    files = {evidence_id(number): path for number, path in paths.items()}
    return replace(order, **over), files  # type: ignore[arg-type]  # a test says what matters
