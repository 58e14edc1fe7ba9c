"""What the chat readers share: the reading of a file's chats, and the warnings it needs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from evidence_service.domain.evidence import EvidenceKind
from evidence_service.domain.reading import Reading
from evidence_service.domain.transcript import Message, MessageRole, Transcript
from evidence_service.readers.instants import TIME_ZONE_UNKNOWN
from evidence_service.readers.markup import text_of
from evidence_service.readers.storable import is_storable, storable
from evidence_service.readers.values import dig, items, text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

MAIL_CHANNEL = "email"

# Warnings; their words are in locale/warnings.yaml.
AUTHOR_UNCERTAIN = "author_uncertain"
DATE_ORDER_AMBIGUOUS = "date_order_ambiguous"
FIRST_MESSAGE_ONLY = "first_message_only"
MESSAGE_NOT_DELIVERED = "message_not_delivered"
MESSAGE_REMOVED = "message_removed"
MORE_MESSAGES_EXIST = "more_messages_exist"
ONE_SIDED = "one_sided"
TIME_UNKNOWN = "time_unknown"


def reading(
    reader: str, media_type: str, transcripts: Iterable[Transcript], *warnings: str
) -> Reading | None:
    """The reading of a file's chats; None where nobody says anything in them.

    Empty warnings and repetitions are left out. Those on missing times are added, for every source
    but mails, which tell them by themselves.
    """
    found = tuple(_storable(one) for one in transcripts if one.messages)
    if not found:
        return None
    chats = (one for one in found if one.channel != MAIL_CHANNEL)
    timeless = [m for one in chats for m in one.messages if m.sent_at is None]
    times = [TIME_ZONE_UNKNOWN if message.local_time else TIME_UNKNOWN for message in timeless]
    return Reading(
        media_type=media_type,
        reader=reader,
        kind=EvidenceKind.CHAT_TRANSCRIPT,
        contents=found,
        warnings=tuple(dict.fromkeys(code for code in (*sorted(times), *warnings) if code)),
    )


def oldest_first(found: list[Any], time: Callable[[Any], Any]) -> list[Any]:
    """The list, turned round where the source gives the newest first; never sorted."""
    return found[::-1] if found and time(found[0]) > time(found[-1]) else found


def words(value: Any, *names: str, html: tuple[str, ...] = ()) -> str:
    """The first of the named texts that says anything, else the first of the HTML ones, as text.

    The text stands as it is in the source, blanks included.
    """
    for name in names:
        found = dig(value, name)
        if isinstance(found, str) and found.strip():
            return found
    return next((plain for name in html if (plain := text_of(text(value, name)))), "")


def attachments(found: list[dict[str, Any]], *names: str) -> tuple[str, ...]:
    """Of each attachment the first of the named fields that it has: its name, or its address."""
    named = (next((text(one, name) for name in names if text(one, name)), "") for one in found)
    return tuple(name for name in named if name)


def person(value: Any, *names: str, fallback: str = "user") -> str:
    """The first of the named fields, else `user 7` by the id, else nothing."""
    named = next((text(value, name) for name in names if text(value, name)), "")
    number = text(value, "id")
    return named or (f"{fallback} {number}" if number else "")


def roles_by_id(value: Any, name: str, roles: dict[str, MessageRole]) -> dict[str, MessageRole]:
    """Role of each person in the list, by id, from the field that says what they are."""
    return {
        text(one, "id"): roles.get(text(one, name).casefold(), MessageRole.UNKNOWN)
        for one in items(value)
    }


def _storable(transcript: Transcript) -> Transcript:
    return replace(transcript, messages=tuple(_clean(one) for one in transcript.messages))


def _clean(message: Message) -> Message:
    whole = "".join(
        (message.author, message.local_time, message.text, *message.attachments, *message.edits)
    )
    return message if is_storable(whole) else storable(message)
