"""Names of files and orders, as they may be kept: people choose them, and so do attackers."""

from __future__ import annotations

import unicodedata

from evidence_service.domain.cards import find, masked

# They turn what follows round: `gnp.exe` may show as `exe.png`.
_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_UNSEEN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
MAX_NAME_CHARS = 255
_PICTURES_OF_CONTROLS = 0x2400


def shown_name(name: str) -> str:
    """The name without card numbers, and with a visible mark for what would act unseen."""
    _, covers = find(name)
    return "".join(map(_visible, masked(name, covers)))


def acts_unseen(text: str) -> bool:
    """Whether it holds what no screen shows: controls, marks of direction, ends of lines."""
    return any(unicodedata.category(letter) in _UNSEEN for letter in text)


def _visible(letter: str) -> str:
    if letter in _TURNING:
        return f"[U+{ord(letter):04X}]"
    if unicodedata.category(letter) != "Cc":
        return letter
    code = ord(letter)
    return chr(_PICTURES_OF_CONTROLS + code) if code < 32 else "\N{SYMBOL FOR DELETE}"  # noqa: PLR2004 - the blank
