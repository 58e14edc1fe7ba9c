"""A made-up dispute for tests and benches of the bundle: order, parcel, chat and drawn pictures."""

from __future__ import annotations

import hashlib
import shutil
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from PIL import Image, ImageDraw, ImageFilter, ImageFont

from evidence_service.domain.bundle import (
    BundleContent,
    BundleLanguage,
    CaseFacts,
    ChatLine,
    Conversation,
    CustodyRow,
    Exhibit,
    JudgedRequirement,
    ParcelHistory,
    Scan,
    StatedField,
    TimelineRow,
)
from evidence_service.domain.evidence import EvidenceKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

START = datetime(2026, 3, 2, 8, 15, tzinfo=UTC)
_FONTS = ("/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf", "DejaVuSans.ttf")

SAID = (
    ("buyer", "Здравствуйте! Когда отправите чайник? Он нужен к восьмому марта."),
    ("seller", "Добрый день! Заказ упакован и передан перевозчику, номер SD704415098CN."),
    ("buyer", "你好，请问包裹什么时候能到？我在新西伯利亚。"),
    ("seller", "您好！包裹已经发出，预计十天内送达，请留意短信通知。"),
    ("buyer", "مرحبا، هل يمكنكم تأكيد عنوان التسليم رقم 14 من فضلكم؟"),
    ("seller", "نعم، العنوان صحيح وسيصل الطرد قريباً إن شاء الله."),
    ("buyer", "Спасибо 👍 жду с нетерпением 🎉 код 4417, подъезд 2"),
    ("platform", "Заказ прибыл в пункт выдачи. Код получения виден в приложении."),
    ("buyer", "Получила, всё целое. Крышка немного тугая, но это мелочи 😊"),
    ("seller", "Очень рады! Если появятся вопросы, пишите нам в любое время дня."),
)
STATUSES = (
    "pre_transit",
    "in_transit",
    "in_transit",
    "unknown",
    "available_for_pickup",
    "delivered",
)


def evidence_id(number: int) -> UUID:
    return UUID(f"019cad00-0000-7000-8000-{number:012d}")


def font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    for name in _FONTS:
        try:
            return ImageFont.truetype(name, size)
        except OSError:
            continue
    return ImageFont.load_default(size)


def draw_chat(path: Path, number: int, *, height: int = 2340, has_photo: bool = False) -> None:
    """A phone's screenshot of a chat, a number in its header; with a photo it weighs 0.6 MB."""
    image = Image.new("RGB", (1080, height), "#eef0f4")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, 1080, 180), fill="#ffffff")
    draw.text((60, 70), f"Чат по заказу, снимок {number}", font=font(52), fill="#111111")
    words = font(42)
    top = 240
    bubble = 0
    while top + 230 < height:
        text = SAID[(number + bubble) % len(SAID)][1]
        if any(letter >= "\u0600" for letter in text):
            text = SAID[0][1]
        left = 60 if bubble % 2 else 300
        draw.rounded_rectangle((left, top, left + 720, top + 190), 36, fill="#ffffff")
        half = text.rfind(" ", 0, 34)
        draw.multiline_text(
            (left + 40, top + 30),
            f"{text[:half]}\n{text[half + 1 :][:34]}",
            font=words,
            fill="#222",
        )
        draw.text(
            (left + 560, top + 140), f"1{bubble % 10}:4{number % 10}", font=font(30), fill="#777"
        )
        top += 240
        bubble += 1
    if has_photo:
        photo = Image.effect_noise((720, 960), 30).filter(ImageFilter.GaussianBlur(1))
        image.paste(photo.convert("RGB"), (300, 1300))
    image.save(path)


def draw_photo(path: Path, *, exif: Image.Exif | None = None) -> None:
    image = Image.effect_noise((1600, 1200), 40).convert("RGB")
    draw = ImageDraw.Draw(image)
    draw.rectangle((500, 350, 1100, 900), fill="#b98a58", outline="#6d4c2a", width=8)
    draw.text((540, 420), "SD704415098CN", font=font(64), fill="#1b1b1b")
    image.save(path, quality=88, exif=exif or Image.Exif())


def exhibit(number: int, kind: EvidenceKind, path: Path, **over: object) -> Exhibit:
    data = path.read_bytes()
    media_types = {".png": "image/png", ".jpg": "image/jpeg", ".pdf": "application/pdf"}
    fields: dict[str, object] = {
        "evidence_id": evidence_id(number),
        "kind": kind,
        "file_name": path.name,
        "media_type": media_types.get(path.suffix, "application/octet-stream"),
        "sha256": hashlib.sha256(data).hexdigest(),
        "size_bytes": len(data),
        "added_at": START + timedelta(days=20, minutes=number),
        "added_by": "Su Min",
    }
    return Exhibit(**(fields | over))  # type: ignore[arg-type]  # a test says only what matters


def messages(count: int) -> tuple[ChatLine, ...]:
    return tuple(
        ChatLine(
            author="Ольга В." if SAID[n % len(SAID)][0] == "buyer" else "",
            role=SAID[n % len(SAID)][0],
            sent_at=START + timedelta(hours=n),
            text=f"{SAID[n % len(SAID)][1]}",
        )
        for n in range(count)
    )


def scans(count: int) -> tuple[Scan, ...]:
    return tuple(
        Scan(
            at=START + timedelta(hours=7 * n),
            local_time=f"{START + timedelta(hours=7 * n + 8):%Y-%m-%d %H:%M} +08:00",
            status=STATUSES[min(n * len(STATUSES) // count, len(STATUSES) - 1)],
            carrier_status=f"E{n:03}",
            description=("Сортировочный центр", "Departed from facility", "离开处理中心")[n % 3],
            place=("Новосибирск, 630099", "Guangzhou", "深圳")[n % 3],
        )
        for n in range(count)
    )


class FolderParts:
    """The `Parts` port on a folder; `drawn` names what was not there before."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.drawn: list[str] = []

    def fetch(self, names: Sequence[str], folder: Path) -> None:
        for name in names:
            if (self.folder / name).exists():
                shutil.copyfile(self.folder / name, folder / name)

    def keep(self, paths: Iterable[Path]) -> None:
        for path in paths:
            shutil.copyfile(path, self.folder / path.name)
            self.drawn.append(path.name)


def make_content(**over: object) -> BundleContent:
    """A dispute without exhibits; a test adds what matters to it."""
    fields: dict[str, object] = {
        "case": CaseFacts(
            case_id=evidence_id(1),
            platform_name="Ozon",
            store_name="Tern Pottery",
            order_numbers=("52718340-0117-2",),
            reason_title="Покупатель сообщает, что не получил заказ",
            opened_at=START + timedelta(days=19),
            dispute_ref="D-880214",
            amount_text="2 460 ₽",
            respond_by=START + timedelta(days=24),
            claim_text="Заказ не пришёл, верните деньги.",
            buyer_ref="Ольга В.",
        ),
        "language": BundleLanguage.RUSSIAN,
        "seller_language": BundleLanguage.CHINESE,
        "time_zone": "Europe/Moscow",
        "revision": 7,
        "approved_at": START + timedelta(days=22),
        "is_preview": False,
    }
    return BundleContent(**(fields | over))  # type: ignore[arg-type]  # as above


def make_corpus(
    folder: Path,
    *,
    screenshots: int = 30,
    message_count: int = 500,
    scan_count: int = 60,
    has_photos: bool = False,
) -> tuple[BundleContent, dict[UUID, Path]]:
    """The realistic dispute, its pictures drawn into `folder`."""
    kinds = (EvidenceKind.CHAT_SCREENSHOT, EvidenceKind.ORDER_SCREENSHOT)
    files: dict[UUID, Path] = {}
    exhibits = []
    for number in range(screenshots):
        path = folder / f"снимок-{number:02}.png"
        draw_chat(path, number, height=5200 if number == 3 else 2340, has_photo=has_photos)
        kind = kinds[number < 3]
        caption = f"Экран {number}: номер заказа и переписка с покупателем"
        exhibits.append(exhibit(100 + number, kind, path, caption=caption))
        files[evidence_id(100 + number)] = path
    photo = folder / "упаковка.jpg"
    draw_photo(photo)
    exhibits.append(exhibit(2, EvidenceKind.PACKING_PHOTO, photo, caption="Коробка до отправки"))
    files[evidence_id(2)] = photo
    for number, name, kind in (
        (3, "tracking.json", EvidenceKind.TRACKING_HISTORY),
        (4, "chat.json", EvidenceKind.CHAT_TRANSCRIPT),
        (5, "запись.bin", EvidenceKind.PACKING_VIDEO),
    ):
        path = folder / name
        path.write_bytes(name.encode() * 40)
        exhibits.append(exhibit(number, kind, path))
        files[evidence_id(number)] = path
    content = make_content(
        exhibits=tuple(exhibits),
        parcels=(
            ParcelHistory(
                evidence_id=evidence_id(3),
                number="SD704415098CN",
                carrier="Cainiao",
                scans=scans(scan_count),
            ),
        ),
        conversations=(
            Conversation(evidence_id=evidence_id(4), channel="Ozon", lines=messages(message_count)),
        ),
        statement=(
            StatedField(
                title="Что произошло",
                text="Заказ оплачен 2 марта [A-1] и передан [B-1], как сказано в [Z-9].",
            ),
            StatedField(title="Просьба", text="Просим отказать в возврате.\nГотовы ответить."),
        ),
        findings=_findings(exhibits),
        rules_version="2026-02-18",
        timeline=_timeline(),
        custody=(
            CustodyRow(at=START + timedelta(days=20), act="Собрано", person="Su Min"),
            CustodyRow(
                at=START + timedelta(days=22),
                act="Одобрено",
                person="Rao Jie",
                detail="Редакция 7; проверяющий не участвовал в сборе",
            ),
        ),
        omissions=("Видео распаковки отозвано: снято не о том заказе.",),
    )
    return content, files


def _findings(exhibits: list[Exhibit]) -> tuple[JudgedRequirement, ...]:
    return (
        JudgedRequirement(
            title="Снимок заказа",
            level="required",
            outcome="met",
            evidence_ids=tuple(one.evidence_id for one in exhibits[:2]),
        ),
        JudgedRequirement(
            title="Подтверждение вручения",
            level="required",
            outcome="met",
            why="Последний статус перевозчика: вручено",
            evidence_ids=(evidence_id(3),),
        ),
        JudgedRequirement(
            title="Переписка с покупателем",
            level="recommended",
            outcome="weak",
            why="Не все сообщения имеют время",
            evidence_ids=(evidence_id(4),),
        ),
        JudgedRequirement(
            title="Снимок места вручения",
            level="recommended",
            outcome="waived",
            why="Перевозчик не хранит координаты",
        ),
        JudgedRequirement(title="Подпись", level="optional", outcome="missing"),
    )


def _timeline() -> tuple[TimelineRow, ...]:
    rows = (
        (0, "order", "Заказ оформлен и оплачен, 2 460 ₽", None, False),
        (1, "seller", "Товар упакован", 2, False),
        (2, "carrier", "Принято к перевозке, SD704415098CN", 3, False),
        (14, "carrier", "Выдано покупателю по коду получения", 3, True),
        (14, "chat", "Покупатель: «Получила, всё целое»", 4, True),
        (18, "chat", "Покупатель: «Заказ не пришёл, верните деньги»", 4, True),
        (19, "platform", "Открыт спор", None, False),
    )
    return tuple(
        TimelineRow(
            at=START + timedelta(days=day, minutes=number * 11),
            lane=lane,
            text=text,
            evidence_id=evidence_id(shown) if shown else None,
            is_key=is_key,
        )
        for number, (day, lane, text, shown, is_key) in enumerate(rows)
    )
