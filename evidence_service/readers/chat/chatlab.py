"""ChatLab's format: a talk of WeChat, QQ or another program, as one object or as JSON lines.

Lines say by `_type` what they are: first the header, then members and messages.

Source: https://github.com/hellodigua/ChatLab (its format 0.0.2), and exports.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.transcript import Message, MessageRole, Transcript
from evidence_service.readers.chat.transcripts import MORE_MESSAGES_EXIST, reading, words
from evidence_service.readers.instants import counted
from evidence_service.readers.sniff import JSON
from evidence_service.readers.values import dig, items, text

if TYPE_CHECKING:
    from evidence_service.domain.reading import Reading

_SYSTEM_TYPES = frozenset({"80", "81"})
_PLATFORMS = {"weixin": "wechat", "wechat": "wechat", "qq": "qq"}


def read(value: Any) -> Reading | None:
    found = _gathered(value) if isinstance(value, list) else value
    if not isinstance(dig(found, "chatlab"), dict):
        return None
    names = {text(one, "platformId"): _name(one) for one in items(found, "members")}
    messages = tuple(_message(one, names) for one in items(found, "messages"))
    platform = _PLATFORMS.get(text(found, "meta", "platform").casefold(), "chatlab")
    more = text(found, "sync", "hasMore") == "True"
    return reading(
        "chatlab", JSON, [Transcript(platform, messages)], MORE_MESSAGES_EXIST if more else ""
    )


def _gathered(lines: list[Any]) -> dict[str, Any]:
    """The object that the lines make."""
    header = lines[0] if lines and text(lines[0], "_type") == "header" else {}
    kinds = {"members": "member", "messages": "message"}
    parts = {
        name: [one for one in lines if text(one, "_type") == kind] for name, kind in kinds.items()
    }
    return {**header, **parts}


def _name(one: dict[str, Any]) -> str:
    return text(one, "groupNickname") or text(one, "accountName")


def _message(one: dict[str, Any], names: dict[str, str]) -> Message:
    sender, sent_at = text(one, "sender"), counted(text(one, "timestamp"))
    return Message(
        author=_name(one) or names.get(sender) or sender,
        role=MessageRole.SYSTEM if text(one, "type") in _SYSTEM_TYPES else MessageRole.UNKNOWN,
        sent_at=sent_at,
        local_time=sent_at.isoformat() if sent_at else "",
        text=words(one, "content"),
    )
