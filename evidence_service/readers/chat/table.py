"""Any other program's chat as a table: a header in English, Chinese or Russian names the columns.

A table is taken for a chat where it has a text, a time, and an author, a role or a direction. Zones
are taken from the times or from the header, `Time (UTC)`; nothing else is.

Source: tables that shops make themselves; there is no specification.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from evidence_service.domain.choices import TableForm
from evidence_service.domain.transcript import Message, MessageRole, Transcript
from evidence_service.readers import dates
from evidence_service.readers.cells import Cells
from evidence_service.readers.chat.transcripts import DATE_ORDER_AMBIGUOUS, reading
from evidence_service.readers.columns import layout_of, plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evidence_service.domain.choices import DateOrder
    from evidence_service.domain.reading import Reading
    from evidence_service.readers.cells import Row
    from evidence_service.readers.tables import Table

_NAMES = {
    "text": (
        "text, message, message text, body, content, message body, message content, "
        "内容, 消息, 消息内容, 文本, 聊天内容, 留言, "
        "текст, сообщение, текст сообщения, содержание, содержимое"
    ),
    "time": (
        "time, date, datetime, date time, date and time, timestamp, sent, sent at, sent on, "
        "created, created at, message time, message date, send time, "
        "时间, 日期, 发送时间, 消息时间, 日期时间, 创建时间, "
        "время, дата, дата и время, дата/время, отправлено, дата отправки, время отправки, создано"
    ),
    "clock": "time, time of day, hour, 时间, время, date, 日期, дата",
    "author": (
        "author, sender, from, sender name, sendername, from name, user, username, "
        "author name, name, nickname, who, "
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
_DATES = frozenset({"date", "日期", "дата"})
_TRUE = frozenset({"1", "true", "yes", "y", "是", "да", "истина"})


def read(table: Table) -> Reading | None:
    """The chat in a table whose columns all have names that are known."""
    columns = _columns(table)
    if columns is None:
        return None
    found = with_columns(table, columns)
    layout = layout_of(table, TableForm.TRANSCRIPT, columns)
    return replace(found, layout=layout) if found else None


def with_columns(
    table: Table, columns: Mapping[str, str], order: DateOrder | None = None
) -> Reading | None:
    cells = Cells(table, columns, order)
    messages = tuple(_message(row, cells) for row in cells)
    found = reading(
        "table",
        table.media_type,
        [Transcript("table", messages)],
        DATE_ORDER_AMBIGUOUS if cells.are_ambiguous else "",
    )
    return replace(found, date_order=dates.name_of(cells.order)) if found else None


def _columns(table: Table) -> dict[str, str] | None:
    """The column of each field, where there are those that a chat needs."""
    written = [plain(name) for name in table.header]
    found: dict[str, str] = {}
    for field, names in _COLUMNS.items():
        free = (
            name
            for name, known in zip(table.names, written, strict=True)
            if known in names and name not in found.values()
        )
        if (name := next(free, None)) is not None:
            found[field] = name
    if not {"text", "time"} <= found.keys() or not {"author", "role"} & found.keys():
        return None
    return _with_date_before_time(found)


def _with_date_before_time(found: dict[str, str]) -> dict[str, str]:
    """Where `time` stands left of `date`, the two were found the wrong way round."""
    clock = found.get("clock", "")
    if plain(found["time"]) in _COLUMNS["clock"] and plain(clock) in _DATES:
        return {**found, "time": clock, "clock": found["time"]}
    return found


def _message(row: Row, cells: Cells) -> Message:
    sent_at, local_time = cells.time(row)
    author, role = row["author"], row["role"]
    known = _ROLES.get(role.casefold()) or _ROLES.get(author.casefold())
    return Message(
        author=author or role,
        role=known or MessageRole.UNKNOWN,
        sent_at=sent_at,
        local_time=local_time,
        text=row.as_written("text"),
        attachments=(row["attachment"],) if row["attachment"] else (),
        language=row["language"],
        is_internal=row["internal"].casefold() in _TRUE,
    )
