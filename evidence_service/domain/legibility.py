"""Whether people will be able to read what a picture says once it stands on a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evidence_service.domain.checks import text_pt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evidence_service.domain.picture import Picture

# Where a platform states none (contract.md §6).
FLOOR_PT = 9.0
# WCAG 2.2, success criterion 1.4.3, for text of ordinary size.
LEAST_CONTRAST = 4.5
TEXT_SMALL, CONTRAST_LOW = "picture_text_small", "picture_contrast_low"


def hard_to_read(picture: Picture, contrast: float | None, least_pt: float) -> Iterator[str]:
    """Warnings on a picture's words.

    Args:
        picture: its size and that of its letters.
        contrast: of its words with their ground, 1 to 21; None where it has none.
        least_pt: how small letters may be on the page.
    """
    size = text_pt(picture)
    if size is not None and size < least_pt:
        yield TEXT_SMALL
    if contrast is not None and contrast < LEAST_CONTRAST:
        yield CONTRAST_LOW
