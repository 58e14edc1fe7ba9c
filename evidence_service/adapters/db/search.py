"""Full-text search over messages, in any script.

Words stand as they are; runs of Chinese, Japanese and Korean characters become overlapping
pairs and their last character, so that two characters are enough to find and one is a prefix
(measured in docs/adr/0009). The search itself is a function owned by the database's owner that
repeats the store scope and returns ids only: under row-level security the planner may not use
the index.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from sqlalchemy import text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from sqlalchemy.orm import Session

MAX_HITS = 1000
_EXCERPT_CHARS = 300
_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
_RUNS = re.compile(rf"[{_CJK}]+|[^\W_{_CJK}]+")
_FOLDED = str.maketrans("ёأإآىة", "еااايه")


def fold(words: str) -> str:
    """One spelling for what readers take for the same letter.

    The numero sign stands apart from its number, which would else begin with "No".
    """
    words = words.replace("№", " ")
    return unicodedata.normalize("NFKC", words).casefold().translate(_FOLDED)


def tokens(words: str) -> str:
    """The words of a text for `to_tsvector('simple', …)`, separated by spaces."""
    out: list[str] = []
    for run in _RUNS.findall(fold(words)):
        if re.match(f"[{_CJK}]", run):
            out.extend(run[i : i + 2] for i in range(len(run) - 1))
            out.append(run[-1])
        else:
            out.append(run)
    return " ".join(out)


def query(words: str) -> str:
    """A tsquery: every run of the question must occur, a CJK run as a phrase of its pairs."""
    parts: list[str] = []
    for run in _RUNS.findall(fold(words)):
        if re.match(f"[{_CJK}]", run):
            pairs = [run[i : i + 2] for i in range(len(run) - 1)]
            parts.append(" <-> ".join(f"'{p}'" for p in pairs) if pairs else f"'{run}':*")
        else:
            parts.append(f"'{run}'")
    return " & ".join(f"({part})" for part in parts)


def excerpt(said: str, words: str) -> str:
    """What stands around the first of the words: a picture's or a document's text may be long."""
    if len(said) <= _EXCERPT_CHARS:
        return said
    first = next(iter(_RUNS.findall(words)), "")
    start = max(0, said.lower().find(first.lower()) - _EXCERPT_CHARS // 3)
    return f"{'…' * (start > 0)}{said[start : start + _EXCERPT_CHARS]}…"


def find_messages(session: Session, words: str) -> Sequence[tuple[UUID, int]]:
    """Evidence ids and message positions that match, of the stores in scope; at most 1,000."""
    wanted = query(words)
    if not wanted:
        return []
    rows = session.execute(
        text("select evidence_id, message_position from search_messages(:q, :limit)"),
        {"q": wanted, "limit": MAX_HITS},
    )
    return [(row.evidence_id, row.message_position) for row in rows]
