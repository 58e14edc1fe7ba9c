"""WeChat, which has no export of its own: what third parties' programs write.

WeFlow's JSON and text, chatlog's JSON, the CSV of WeChatMsg, that of PyWxDump, which WeFlow writes
too, and the CSV of a statistics tool that names its zone in the header. Times of day are those of
the computer; a counted time is an instant.

Source: the READMEs of https://github.com/hicccc77/WeFlow, https://github.com/sjzar/chatlog and
https://github.com/LC044/WeChatMsg, exports of WeChatMsg and PyWxDump, and a sample of the
statistics tool.
"""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from evidence_service.domain.calendar import taken
from evidence_service.domain.transcript import Message, MessageRole, Transcript
from evidence_service.readers.chat.transcripts import (
    MORE_MESSAGES_EXIST,
    headed,
    reading,
    words,
)
from evidence_service.readers.instants import counted, epoch, instant
from evidence_service.readers.sniff import JSON, TEXT
from evidence_service.readers.values import items, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from evidence_service.domain.reading import Reading
    from evidence_service.readers.tables import Table
    from evidence_service.readers.texts import Text

_TIME, _SIDES = "createTime", frozenset({"senderUsername", "isSend", "isSelf"})
_OWN_SIDES = frozenset({"1", "True"})
_CHATLOG_MARKS = frozenset({"time", "talker", "sender", "isSelf", "content"})
_SYSTEM = frozenset({"系统消息", "系统通知", "10000"})
_MESSAGE_COLUMNS = frozenset({"StrContent", "CreateTime", "IsSender", "Type"})
_SYSTEM_TYPE, _OWN = "10000", "self"
_PLACEHOLDERS = {"3": "[图片]", "34": "[语音]", "43": "[视频]", "47": "[表情]"}
_HEAD = re.compile(
    r"(?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) "
    r"(?P<quote>['\"])(?P<name>[^\n]{1,80})(?P=quote)\s*"
)
_TITLE = re.compile(r"<title>([^<]*)</title>")
_ZONED = re.compile(r"time\((?P<zone>[A-Za-z_/+\-0-9]{1,40})\)")
_DUMP_COLUMNS = frozenset({"type_name", "is_sender", "talker", "CreateTime"})
_STATISTICS_COLUMNS = frozenset({"from_nickname", "content_type", "content"})


def read_json(value: Any) -> Reading | None:
    """Who an own message or the other person's is of may stand in it, or in a list beside it."""
    messages = items(value, "messages")
    if not messages or _TIME not in messages[0] or not messages[0].keys() & _SIDES:
        return None
    names = {
        text(one, "senderID"): text(one, "displayName") or text(one, "wxid")
        for one in items(value, "senders")
    }
    session = ("remark", "displayName", "nickname", "username", "wxid")
    other = next(filter(None, (text(value, "session", name) for name in session)), "")
    said = tuple(_message(one, names, other) for one in messages)
    return reading(
        "wechat_json",
        JSON,
        [Transcript("wechat", said)],
        MORE_MESSAGES_EXIST if text(value, "hasMore") == "True" else "",
    )


def read_chatlog(value: Any) -> Reading | None:
    """A list of messages, of one talk or of several."""
    talks: dict[str, list[dict[str, Any]]] = {}
    for one in items(value) if isinstance(value, list) else []:
        if one.keys() >= _CHATLOG_MARKS:
            talks.setdefault(text(one, "talker"), []).append(one)
    found = [Transcript("wechat", tuple(map(_logged, talk))) for talk in talks.values()]
    return reading("wechat_chatlog", JSON, found)


def _logged(one: dict[str, Any]) -> Message:
    return Message(
        author=text(one, "senderName") or text(one, "sender"),
        role=MessageRole.SYSTEM if text(one, "type") == _SYSTEM_TYPE else MessageRole.UNKNOWN,
        sent_at=instant(text(one, "time")),
        local_time=text(one, "time"),
        text=_said(text(one, "type"), words(one, "content")),
    )


def _message(one: dict[str, Any], names: dict[str, str], other: str) -> Message:
    sent_at = counted(text(one, _TIME))
    kind = text(one, "type")
    is_own = bool({text(one, "isSend"), text(one, "isSelf")} & _OWN_SIDES)
    named = names.get(text(one, "senderID")) or text(one, "senderUsername") or text(one, "sender")
    return Message(
        author=text(one, "senderDisplayName") or named or (_OWN if is_own else other),
        role=MessageRole.SYSTEM if kind in _SYSTEM else MessageRole.UNKNOWN,
        sent_at=sent_at,
        local_time=text(one, "formattedTime") or (sent_at.isoformat() if sent_at else ""),
        text=words(one, "content") or (f"[{kind}]" if kind else ""),
    )


def read_text(written: Text) -> Reading | None:
    """WeFlow's: a line of a time and a name in quotes, and below it what was said."""
    if not _HEAD.fullmatch(next(written.lines(), "")):
        return None
    found = headed(written.lines(), _HEAD.fullmatch)
    return reading("wechat_text", TEXT, [Transcript("wechat", (_below(*one) for one in found))])


def _below(head: re.Match[str], lines: list[str]) -> Message:
    local_time = datetime.fromisoformat(head["time"]).isoformat()
    words = "\n".join(lines).strip()
    return Message(head["name"], MessageRole.UNKNOWN, None, local_time, words)


def read_table(table: Table) -> Reading | None:
    if not _suits(table.header):
        return None
    first = table.header[0]
    zone = _zone(first)
    if set(table.header) >= _DUMP_COLUMNS:
        messages = list(map(_dumped, _records(table)))
    elif zone:
        messages = [_counted(one, first, zone) for one in _records(table)]
    else:
        others = {_named(one) for one in _records(table) if not _is_own(one)}
        messages = [_row(one, others) for one in _records(table)]
    return reading("wechat_csv", table.media_type, [Transcript("wechat", tuple(messages))])


def _records(table: Table) -> Iterator[dict[str, str]]:
    return (dict(zip(table.header, row, strict=True)) for row in table.rows())


def _suits(header: Sequence[str]) -> bool:
    names = set(header)
    is_dump = names >= _DUMP_COLUMNS and bool(names & {"msg", "content"})
    is_statistics = names >= _STATISTICS_COLUMNS and _ZONED.fullmatch(header[0]) is not None
    return names >= _MESSAGE_COLUMNS or is_dump or is_statistics


def _zone(name: str) -> ZoneInfo | None:
    found = _ZONED.fullmatch(name)
    try:
        return ZoneInfo(found["zone"]) if found else None
    except (ZoneInfoNotFoundError, ValueError):
        return None


def _is_own(one: dict[str, str]) -> bool:
    return one["IsSender"] == "1"


def _named(one: dict[str, str]) -> str:
    return next((one[n] for n in ("Remark", "NickName", "Sender", "TalkerId") if one.get(n)), "")


def _row(one: dict[str, str], others: set[str]) -> Message:
    """The names beside an own message of a talk between two are those of the other person."""
    sent_at = epoch(int(one["CreateTime"])) if one["CreateTime"] else None
    author = _named(one)
    return Message(
        author=_OWN if _is_own(one) and author in others else author,
        role=MessageRole.SYSTEM if one["Type"] == _SYSTEM_TYPE else MessageRole.UNKNOWN,
        sent_at=sent_at,
        # The first versions wrote one cell more than they had names for.
        local_time=one.get("StrTime", "").partition(",")[0]
        or (sent_at.isoformat() if sent_at else ""),
        text=_said(one["Type"], one["StrContent"]),
    )


def _said(kind: str, content: str) -> str:
    """The words; of a picture's or a card's XML only what a person sees of it."""
    if kind == "1" or not (content == "" or content.lstrip().startswith("<")):
        return content
    title = _TITLE.search(content)
    return title[1] if title else _PLACEHOLDERS.get(kind, f"[{kind}]")


def _dumped(one: dict[str, str]) -> Message:
    """The first versions wrote what was said and its file in one cell, as JSON."""
    inside = _inside(one.get("content", ""))
    written, kind = one["CreateTime"], one["type_name"]
    sent_at = counted(written) or instant(written)
    file = one.get("src") or text(inside, "src")
    said = one.get("msg") or text(inside, "msg") or ("" if inside else one.get("content", ""))
    return Message(
        author=one["talker"],
        role=MessageRole.SYSTEM if kind in _SYSTEM else MessageRole.UNKNOWN,
        sent_at=sent_at,
        local_time=sent_at.isoformat() if sent_at and written.isdecimal() else written,
        text=said or f"[{kind}]",
        attachments=() if file in {"", "{}"} else (file,),
    )


def _inside(cell: str) -> Any:
    try:
        return json.loads(cell)
    except (ValueError, RecursionError):
        return None


def _counted(one: dict[str, str], time_column: str, zone: ZoneInfo) -> Message:
    local_time = one[time_column]
    return Message(
        author=one["from_nickname"] or one.get("from_id", ""),
        role=MessageRole.UNKNOWN,
        sent_at=_instant(local_time, zone),
        local_time=local_time,
        text=one["content"] or f"[{one['content_type']}]",
    )


def _instant(local_time: str, zone: ZoneInfo) -> datetime | None:
    try:
        return taken(datetime.fromisoformat(local_time).replace(tzinfo=zone))
    except ValueError:
        return None
