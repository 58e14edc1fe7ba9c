"""A document as far as it is read: its pages, its words, and what in it could act by itself."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


class Active(StrEnum):
    """What a document can hold besides what is seen. None of it leaves in a bundle."""

    JAVASCRIPT = "javascript"
    LAUNCH = "launch"
    OPEN_ACTION = "open_action"
    ADDITIONAL_ACTIONS = "additional_actions"
    EMBEDDED_FILES = "embedded_files"
    FORM = "form"
    XFA = "xfa"
    RICH_MEDIA = "rich_media"
    REMOTE_LINK = "remote_link"
    SUBMIT_FORM = "submit_form"
    FILE_LINK = "file_link"


@dataclass(frozen=True, slots=True)
class Document:
    """`text` is the beginning of what its pages say, where they hold letters and no scan alone.

    `unread_pages` counts those that may show words in pixels: a job reads them.
    `is_encrypted`: it asks for no password, but forbids its readers something.
    """

    pages: int
    text: str = ""
    is_encrypted: bool = False
    active: frozenset[Active] = frozenset()
    unread_pages: int = 0

    @property
    def facts(self) -> frozenset[str]:
        return frozenset()

    def to_plain(self) -> dict[str, Any]:
        return {
            "pages": self.pages,
            "text": self.text,
            "is_encrypted": self.is_encrypted,
            "active": sorted(self.active),
            "unread_pages": self.unread_pages,
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Document:
        return cls(
            plain["pages"],
            plain["text"],
            plain["is_encrypted"],
            frozenset(map(Active, plain["active"])),
            plain.get("unread_pages", 0),
        )
