"""Any other program's chat as CSV: a header in English, Chinese or Russian names the columns.

A table is taken for a chat where it has a text, a time, and an author, a role or a direction. Zones
are taken from the times or from the header, `Time (UTC)`; nothing else is.

Source: tables that shops make themselves; there is no specification.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time
from typing import TYPE_CHECKING

from evidence_service.domain.transcript import Message, MessageRole, Transcript
from evidence_service.readers.chat import dates
from evidence_service.readers.chat.transcripts import DATE_ORDER_AMBIGUOUS, reading
from evidence_service.readers.instants import epoch, instant
from evidence_service.readers.sniff import TEXT
from evidence_service.readers.tables import rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evidence_service.domain.reading import Reading

_NAMES = {
    "text": (
        "text, message, message text, body, content, message body, message content, "
        "内容, 消息, 消息内容, 文本, 聊天内容, 留言, "
        "текст, сообщение, текст сообщения, содержание, содержимое"
    ),
    "when": (
        "time, date, datetime, date time, date and time, timestamp, sent, sent at, sent on, "
        "created, created at, message time, message date, send time, "
        "时间, 日期, 发送时间, 消息时间, 日期时间, 创建时间, "
        "время, дата, дата и время, дата/время, отправлено, дата отправки, время отправки, создано"
    ),
    "clock": "time, time of day, 时间, время",
    "author": (
        "author, sender, from, sender name, from name, user, username, author name, name, who, "
        "发送人, 发送者, 发件人, 作者, 昵称, 发送方, 用户, 用户名, "
        "автор, отправитель, от, от кого, имя, имя отправителя, пользователь"
    ),
    "role": (
        "role, sender type, author type, sender role, user type, direction, "
        "角色, 身份, 发送者类型, 方向, роль, тип отправителя, направление"
    ),
    "attachment": (
        "attachment, attachments, file, files, media, image, 附件, 文件, 图片, "
        "вложение, вложения, файл, файлы"
    ),
    "internal": (
        "internal, is internal, private, internal note, 内部, 内部备注, "
        "внутреннее, внутренняя заметка"
    ),
    "language": "language, lang, 语言, язык",
}
_COLUMNS = {column: frozenset(names.split(", ")) for column, names in _NAMES.items()}
_ROLE_NAMES = {
    MessageRole.BUYER: "buyer, customer, client, shopper, 买家, 客户, 顾客, покупатель, клиент",
    MessageRole.SELLER: (
        "seller, merchant, shop, store, agent, 卖家, 商家, 店铺, 客服, продавец, магазин"
    ),
    MessageRole.PLATFORM: "platform, marketplace, 平台, площадка, маркетплейс",
    MessageRole.BOT: "bot, robot, 机器人, бот, робот",
    MessageRole.SYSTEM: "system, 系统, 系统消息, система, системное",
}
_ROLES = {name: role for role, names in _ROLE_NAMES.items() for name in names.split(", ")}
_TRUE = frozenset({"1", "true", "yes", "y", "是", "да", "истина"})
_IN_UTC = re.compile(r"\((?:utc|gmt)\)")
_ZONE_NOTE = re.compile(r"\s*\([^()]*\)$")
_EPOCH = re.compile(r"\d{10}(?:\d{3})?")
_WRITTEN = re.compile(
    r"(?P<first>\d{1,4})(?P<separator>[./-])(?P<second>\d{1,2})[./-](?P<third>\d{1,4})"
    r"(?:[ T,]{1,2}(?P<clock>\d{1,2}:\d{2}(?::\d{2})?(?:\.\d{1,6})?)\s?(?P<half>[AaPp][Mm])?)?"
    r"(?:\s?(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2}))?"
)
_NOON, _HALF_HOURS, _MILLISECOND_DIGITS = 12, {"am": 0, "pm": 12}, 13
_MOST_COLUMNS = 200


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where in a row each thing stands; the header's own zone, if it names one."""

    places: dict[str, int]
    is_utc: bool

    def cell(self, row: Sequence[str], column: str) -> str:
        return row[self.places[column]].strip() if column in self.places else ""

    def time(self, row: Sequence[str]) -> str:
        written = f"{self.cell(row, 'when')} {self.cell(row, 'clock')}".strip()
        zoned = bool(_EPOCH.fullmatch(written)) or written.endswith("Z")
        return f"{written} UTC" if self.is_utc and written and not zoned else written


def read(text: str) -> Reading | None:
    table = rows(text, lambda header: _columns(header) is not None)
    columns = _columns(table[0]) if table else None
    if table is None or columns is None:
        return None
    body = table[1:]
    written = [_WRITTEN.fullmatch(columns.time(row)) for row in body]
    found = [one for one in written if one]
    order = dates.order_of(
        [_parts(one) for one in found], points=bool(found) and found[0]["separator"] == "."
    )
    messages = tuple(_message(row, columns, order) for row in body)
    return reading(
        "table",
        TEXT,
        [Transcript("table", messages)],
        DATE_ORDER_AMBIGUOUS if found and order is None else "",
    )


def _columns(header: Sequence[str]) -> _Columns | None:
    if len(header) > _MOST_COLUMNS:
        return None
    plain = [" ".join(name.replace("_", " ").casefold().split()) for name in header]
    bare = [_ZONE_NOTE.sub("", name) for name in plain]
    places: dict[str, int] = {}
    for column, names in _COLUMNS.items():
        free = (at for at, name in enumerate(bare) if name in names and at not in places.values())
        if (at := next(free, None)) is not None:
            places[column] = at
    if not {"text", "when"} <= places.keys() or not {"author", "role"} & places.keys():
        return None
    _put_date_before_time(places, bare)
    return _Columns(places, _IN_UTC.search(plain[places["when"]]) is not None)


def _put_date_before_time(places: dict[str, int], names: Sequence[str]) -> None:
    """Where `time` stands left of `date`, the two were found the wrong way round."""
    other = next((at for at, name in enumerate(names) if name in {"date", "日期", "дата"}), None)
    if names[places["when"]] in _COLUMNS["clock"] and other is not None:
        places["clock"], places["when"] = places["when"], other


def _message(row: Sequence[str], columns: _Columns, order: dates.Order | None) -> Message:
    sent_at, local_time = _time(columns.time(row), order)
    author, role = columns.cell(row, "author"), columns.cell(row, "role")
    known = _ROLES.get(role.casefold()) or _ROLES.get(author.casefold())
    attached = columns.cell(row, "attachment")
    return Message(
        author=author or role,
        role=known or MessageRole.UNKNOWN,
        sent_at=sent_at,
        local_time=local_time,
        text=row[columns.places["text"]],
        attachments=(attached,) if attached else (),
        language=columns.cell(row, "language"),
        is_internal=columns.cell(row, "internal").casefold() in _TRUE,
    )


# --- times --------------------------------------------------------------------------------


def _time(written: str, order: dates.Order | None) -> tuple[datetime | None, str]:
    """The instant, where there is a zone, and the local time, as ISO where it is understood."""
    if _EPOCH.fullmatch(written):
        scale = 1000 if len(written) == _MILLISECOND_DIGITS else 1
        sent_at = epoch(int(written) / scale)
        return sent_at, sent_at.isoformat() if sent_at else written
    found = _WRITTEN.fullmatch(written)
    day = order(_parts(found)) if found and order else None
    if found is None or day is None:
        return instant(written), written
    if found["clock"] is None:
        return None, day.isoformat()
    try:
        local = datetime.combine(day, _clock(found)).isoformat()
    except ValueError:
        return None, written
    return instant(f"{local}{_offset(found)}"), f"{local}{_offset(found)}"


def _parts(found: re.Match[str]) -> dates.Parts:
    return dates.parts(found["first"], found["second"], found["third"])


def _clock(found: re.Match[str]) -> time:
    hours, _, rest = found["clock"].partition(":")
    hour = int(hours)
    if found["half"]:
        hour = hour % _NOON + _HALF_HOURS[found["half"].casefold()]
    return time.fromisoformat(f"{hour:02}:{rest}")


def _offset(found: re.Match[str]) -> str:
    zone = found["zone"] or ""
    return "+00:00" if zone in {"Z", "UTC", "GMT"} else zone
