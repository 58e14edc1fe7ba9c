"""Messenger and Instagram: the HTML of "Download your information", newest first.

Times have no zone and are written as the account's language does, so they are kept as they stand.
Each message is a block of a name, what was said, and its time; the names of the classes are from
two generations of the pages.

Source: archives; the vendor documents none of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from evidence_service.domain.transcript import Message, MessageRole, Transcript
from evidence_service.readers.chat.transcripts import reading
from evidence_service.readers.markup import parse
from evidence_service.readers.sniff import HTML

if TYPE_CHECKING:
    from evidence_service.domain.reading import Reading
    from evidence_service.readers.markup import Node
    from evidence_service.readers.texts import Text

# The classes of a name, of what was said, and of a time.
_GENERATIONS = (("_a6-h", "_a6-p", "_a6-o"), ("_2lek", "_2let", "_2lem"))


def read(text: Text) -> Reading | None:
    for classes in _GENERATIONS:
        if all(name in text for name in classes):
            messages = _messages(parse(str(text)), *classes)
            return reading("meta_html", HTML, [Transcript("messenger", messages)])
    return None


def _messages(page: Node, name: str, said: str, time: str) -> tuple[Message, ...]:
    """The first names may be of who takes part: each of those that speak has words and a time."""
    words, times = list(page.find(said)), list(page.find(time))
    if len(words) != len(times):
        return ()
    names = list(page.find(name))[-len(words) :]
    found = (
        Message(author.text(), MessageRole.UNKNOWN, None, when.text(), what.text())
        for author, what, when in zip(names, words, times, strict=True)
    )
    return tuple(reversed(list(found)))
