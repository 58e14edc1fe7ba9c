"""The sample case a newcomer finds: our own fictitious order, parcel and chat.

Everything in it is invented. It is loaded once, through the same use cases as any other case,
so that one can click from the queue to a verified archive.
"""

from __future__ import annotations

import hashlib
import io
import json
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw, ImageFont

from evidence_service.domain.access import Role
from evidence_service.domain.evidence import EvidenceKind
from evidence_service.domain.ids import new_id
from evidence_service.domain.order import Money
from evidence_service.domain.records import CaseDetails
from evidence_service.ports import Spooled, SystemScope
from evidence_service.usecases.administer.add_person import AddPerson, add_person
from evidence_service.usecases.administer.add_store import AddStore, add_store
from evidence_service.usecases.administer.authenticate import actor_of_email
from evidence_service.usecases.assemble.add_evidence import AddEvidence, add_evidence
from evidence_service.usecases.assemble.open_case import OpenCase, open_case
from evidence_service.usecases.assemble.write_statement import WriteStatement, write_statement

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path
    from uuid import UUID

    from evidence_service.domain.access import Actor
    from evidence_service.ports import Ports

STORE = "Nordlicht Home"
ORDER = "39487512-0042-1"
PARCEL = "UC418827362CN"
PEOPLE = (
    ("lin.xiao@nordlicht.example", Role.AGENT, "zh"),
    ("chen.wei@nordlicht.example", Role.REVIEWER, "en"),
    ("olga.smirnova@nordlicht.example", Role.AUDITOR, "ru"),
    ("admin@nordlicht.example", Role.ADMIN, "en"),
)


def load_sample(ports: Ports, accounts: Path) -> None:
    """Load what is not there yet of the sample store, its people and its case.

    Args:
        ports: on running engines.
        accounts: the file that tells the newcomer the generated password; made with mode 0600.

    """
    if accounts.exists():
        return
    password = secrets.token_urlsafe(12)
    with ports.unit_of_work(SystemScope()) as work:
        begun = work.stores.by_name(STORE) is not None
    if not begun:
        add_store(AddStore(STORE, "ozon", "Asia/Shanghai", "zh"), by=None, ports=ports)
        for email, role, language in PEOPLE:
            command = AddPerson(email, frozenset({role}), (STORE,), password, language)
            add_person(command, by=None, ports=ports)
        agent = actor_of_email(PEOPLE[0][0], ports=ports)
        _gather(_open(agent, ports), agent, ports)
        _tell(accounts, password)


def _tell(accounts: Path, password: str) -> None:
    lines = [f"{role.value:9} {email}  {password}" for email, role, _ in PEOPLE]
    accounts.touch(mode=0o600)
    accounts.write_text("\n".join(lines) + "\n", "utf-8")


def _open(agent: Actor, ports: Ports) -> UUID:
    now = ports.now()
    about = CaseDetails(
        order_numbers=(ORDER,),
        dispute_ref="OZ-77120",
        buyer_ref="Марина К.",
        amount=Money(129_000, "RUB"),
        respond_by=now + timedelta(days=2),
        claim_text="Заказ так и не пришёл. Верните деньги.",
        details={},
    )
    command = OpenCase(STORE, "malicious_claim", now - timedelta(days=1), about)
    return open_case(command, actor=agent, ports=ports).id


def _gather(case_id: UUID, agent: Actor, ports: Ports) -> None:
    delivered = ports.now() - timedelta(days=5)
    for name, content, kind, caption in (
        ("order.png", _screenshot(), EvidenceKind.ORDER_SCREENSHOT, "订单截图：状态为“已取货”"),
        ("tracking.json", _tracking(delivered), None, "承运商轨迹：凭取件码交付"),
        ("chat.json", _chat(delivered), None, "聊天记录：买家写道“取到了，谢谢”"),
    ):
        path = ports.spool / f"upload-sample-{new_id()}"
        path.write_bytes(content)
        file = Spooled(path, hashlib.sha256(content).hexdigest(), len(content))
        try:
            add_evidence(AddEvidence(case_id, file, name, kind, caption), actor=agent, ports=ports)
        finally:
            path.unlink()
    statement = (
        "Заказ выдан покупателю в пункте выдачи по коду получения. Через 18 минут покупательница"
        " написала в чате: «Забрала, спасибо». Просим оставить решение без возврата средств."
    )
    command = WriteStatement(case_id, "ru", {"answer": statement})
    write_statement(command, actor=agent, ports=ports)


def _screenshot() -> bytes:
    """A phone screen of an order, drawn here."""
    picture = Image.new("RGB", (780, 1400), "#f2f3f5")
    draw = ImageDraw.Draw(picture)
    large, plain = _font(44), _font(32)
    draw.rectangle((0, 0, 780, 150), fill="#1f5bd8")
    draw.text((40, 55), f"Заказ {ORDER}", font=large, fill="white")
    rows = (
        ("Статус", "Получен"),
        ("Пункт выдачи", "Екатеринбург, 620014"),
        ("Трек-номер", PARCEL),
        ("Товар", "Термокружка 450 мл, графит"),
        ("Количество", "1 шт."),
        ("Сумма", "1 290 ₽"),
        ("Оплата", "картой онлайн"),
    )
    for place, (label, value) in enumerate(rows):
        top = 190 + 160 * place
        draw.rounded_rectangle((30, top, 750, top + 140), radius=18, fill="white")
        draw.text((60, top + 20), label, font=plain, fill="#66686e")
        draw.text((60, top + 70), value, font=large, fill="#1b1d21")
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    try:
        return ImageFont.truetype("NotoSans-Regular.ttf", size)
    except OSError:
        return ImageFont.load_default(size)


def _tracking(delivered: datetime) -> bytes:
    """The parcel's way, in the form of AfterShip's tracking answer."""
    way = (
        (14, "InfoReceived", "Shipping label created", "Shenzhen", "CHN"),
        (13, "InTransit", "Accepted by carrier", "Shenzhen", "CHN"),
        (9, "InTransit", "Left export office", "Guangzhou", "CHN"),
        (5, "InTransit", "Released by customs", "Moscow", "RUS"),
        (2, "OutForDelivery", "On the way to the pick-up point", "Yekaterinburg", "RUS"),
        (1, "AvailableForPickup", "Waiting at the pick-up point", "Yekaterinburg", "RUS"),
        (0, "Delivered", "Handed to the recipient against a code", "Yekaterinburg", "RUS"),
    )
    checkpoints = [
        {
            "slug": "cainiao",
            "city": city,
            "country_iso3": country,
            "location": city,
            "message": message,
            "tag": tag,
            "subtag": f"{tag}_001",
            "checkpoint_time": (delivered - timedelta(days=days)).isoformat(timespec="seconds"),
        }
        for days, tag, message, city, country in way
    ]
    tracking = {
        "id": "sample",
        "tracking_number": PARCEL,
        "slug": "cainiao",
        "tag": "Delivered",
        "subtag": "Delivered_001",
        "order_id": ORDER,
        "origin_country_iso3": "CHN",
        "destination_country_iso3": "RUS",
        "checkpoints": checkpoints,
    }
    return json.dumps({"meta": {"code": 200}, "data": {"tracking": tracking}}, indent=1).encode()


def _chat(delivered: datetime) -> bytes:
    """The talk with the buyer, in the form of Ozon's chat history."""
    said = (
        (-30 * 60, "Seller", "Ваш заказ прибыл в пункт выдачи. Код получения — в приложении."),
        (18, "Customer", "Забрала, спасибо! 😊"),
        (25, "Seller", "Рады помочь. Хорошего дня!"),
        (4 * 24 * 60, "Customer", "Заказ так и не пришёл. Верните деньги."),
        (4 * 24 * 60 + 15, "Seller", "Здравствуйте! По данным перевозчика заказ выдан по коду."),
    )
    messages = [
        {
            "message_id": str(3_000_000_000_800_000 + place),
            "user": {"id": "115568" if role == "Customer" else "90210", "type": role},
            "created_at": (delivered + timedelta(minutes=minutes)).isoformat(timespec="seconds"),
            "is_read": True,
            "is_image": False,
            "data": [text],
            "context": {"order_number": ORDER, "sku": "45"},
        }
        for place, (minutes, role, text) in enumerate(said)
    ]
    return json.dumps({"has_next": False, "messages": messages}, ensure_ascii=False).encode()
