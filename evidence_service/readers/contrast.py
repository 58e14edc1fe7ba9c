"""How well printed letters stand out, as WCAG 2.2 counts it (success criterion 1.4.3)."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

# So much of a word's box are the strokes' own pixels, the half-tones of their edges left out.
_INK_SHARE = 0.015


def ratio(word: Image.Image) -> float:
    """Of a word's box in grey: its ink against its ground, 1 to 21.

    The ground is the commonest grey; the ink is what is farthest from it, and not a speck.
    """
    counts = word.histogram()
    ground = max(range(256), key=counts.__getitem__)
    left = _INK_SHARE * sum(counts)
    ink = ground
    for grey in sorted(range(256), key=lambda one: -abs(one - ground)):
        left -= counts[grey]
        if left <= 0:
            ink = grey
            break
    darker, lighter = sorted((_luminance(ground), _luminance(ink)))
    return (lighter + 0.05) / (darker + 0.05)


@cache
def _luminance(grey: int) -> float:
    """Of a grey of sRGB, relative to white."""
    share = grey / 255
    if share <= 0.04045:  # noqa: PLR2004 - where sRGB's curve begins
        return share / 12.92
    return float(((share + 0.055) / 1.055) ** 2.4)
