"""What the chat readers share: the reading of a file's chats, and the warnings it needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.evidence import EvidenceKind
from evidence_service.domain.reading import Reading
from evidence_service.domain.transcript import Message, MessageRole, Transcript
from evidence_service.readers.instants import TIME_ZONE_UNKNOWN
from evidence_service.readers.markup import text_of
from evidence_service.readers.storable import is_storable, storable
from evidence_service.readers.values import dig, items, text

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterable, Iterator

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
    looked_at = [_looked_at(one) for one in transcripts if one.messages]
    if not looked_at:
        return None
    times = {code for _, codes in looked_at for code in codes}
    return Reading(
        media_type=media_type,
        reader=reader,
        kind=EvidenceKind.CHAT_TRANSCRIPT,
        contents=tuple(one for one, _ in looked_at),
        warnings=tuple(dict.fromkeys(code for code in (*sorted(times), *warnings) if code)),
    )


def headed(
    lines: Iterable[str], match: Callable[[str], re.Match[str] | None]
) -> Iterator[tuple[re.Match[str], list[str]]]:
    """Each line that begins a message, and those below it that go on."""
    current: re.Match[str] | None = None
    below: list[str] = []
    for line in lines:
        if head := match(line):
            if current is not None:
                yield current, below
            current, below = head, []
        else:
            below.append(line)
    if current is not None:
        yield current, below


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


def _looked_at(transcript: Transcript) -> tuple[Transcript, set[str]]:
    """The chat with nothing in it that no database takes, and the warnings on its times."""
    is_clean, codes = True, set()
    for message in transcript.messages:
        is_clean = is_clean and _is_clean(message)
        if message.sent_at is None and transcript.channel != MAIL_CHANNEL:
            codes.add(TIME_ZONE_UNKNOWN if message.local_time else TIME_UNKNOWN)
    clean = transcript.messages if is_clean else map(storable, transcript.messages)
    return Transcript(transcript.channel, clean), codes


def _is_clean(message: Message) -> bool:
    said = (message.author, message.local_time, message.text)
    return is_storable("".join((*said, *message.attachments, *message.edits)))
