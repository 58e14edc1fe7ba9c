"""A picture as far as it is read: its size, that of the letters in it, and what it looks like."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

# Two re-encodings of one screenshot differ in up to a sixth of the bits that either has set, two
# screenshots of one chat in no less (measured on drawn chats, photographs and phone screenshots).
_ALIKE = 0.15
# A picture with fewer edges than this is too plain to be told from another.
_LEAST_EDGES = 24
_SAME_SHAPE = 0.01


@dataclass(frozen=True, slots=True)
class Picture:
    """Size in pixels as a person sees it, the camera's orientation applied.

    `text_height_px` is how high the letters of its small text are; None where there are no lines.
    `frames` is how many an animation has. `edges` says in 256 bits, as hexadecimal digits, where
    it becomes darker from left to right: the same picture saved anew has nearly the same.
    """

    width: int
    height: int
    text_height_px: int | None = None
    frames: int = 1
    edges: str = ""

    @property
    def facts(self) -> frozenset[str]:
        return frozenset()

    def looks_like(self, other: Picture) -> bool:
        """Whether both are one picture, saved in two ways. Plain ones never are."""
        if not self.edges or not other.edges:
            return False
        shape = self.width * other.height / (self.height * other.width)
        mine, theirs = int(self.edges, 16), int(other.edges, 16)
        if abs(shape - 1) > _SAME_SHAPE or min(mine.bit_count(), theirs.bit_count()) < _LEAST_EDGES:
            return False
        return (mine ^ theirs).bit_count() <= _ALIKE * (mine | theirs).bit_count()

    def to_plain(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Picture:
        return cls(**{name: plain[name] for name in cls.__slots__ if name in plain})
