"""JPEGs without what they carry beside their pixels; the pixels' own bytes stay as they are."""

from __future__ import annotations

_START = b"\xff\xd8"
_SCAN, _END, _COMMENT, _JFIF, _ADOBE = 0xDA, 0xD9, 0xFE, 0xE0, 0xEE
_JFIF_BYTES = 16  # with its two length bytes, without a preview
# Frames every PDF viewer decodes: baseline, extended and progressive, no arithmetic coding.
_FRAMES = frozenset({0xC0, 0xC1, 0xC2})
_OTHER_FRAMES = frozenset(range(0xC3, 0xD0)) - {0xC4, 0xC8, 0xCC}


def strip(data: bytes) -> bytes | None:
    """A JPEG without application segments, comments and what follows its end.

    Returns:
        Nothing when its coding is one that PDF viewers need not know.

    Raises:
        ValueError: a segment does not begin where the one before it ends.
    """
    kept = bytearray(_START)
    at = len(_START)
    while at < len(data):
        at, marker = _next_marker(data, at)
        if marker == _END:
            break
        if marker in _OTHER_FRAMES:
            return None
        end = at + int.from_bytes(data[at : at + 2], "big")
        if marker == _SCAN:
            end = _scan_end(data, end)
        if _is_needed(marker, data[at:end]):
            kept += bytes([0xFF, marker]) + data[at:end]
        at = end
    # Some programs forget the end; Pillow has read the whole picture before this.
    return bytes(kept + bytes([0xFF, _END]))


def _is_needed(marker: int, segment: bytes) -> bool:
    """Of application segments only the two that tell how colours are coded, without previews."""
    if marker == _JFIF:
        return segment[2:7] == b"JFIF\0" and len(segment) == _JFIF_BYTES
    return marker != _COMMENT and (marker not in range(_JFIF, 0xF0) or marker == _ADOBE)


def _next_marker(data: bytes, at: int) -> tuple[int, int]:
    if data[at : at + 1] != b"\xff":
        raise ValueError(f"no marker at byte {at}")
    while data[at : at + 1] == b"\xff":
        at += 1
    if at >= len(data):
        raise ValueError("the picture has no end")
    return at + 1, data[at]


def _scan_end(data: bytes, at: int) -> int:
    """Where the next marker after a scan's entropy-coded bytes stands."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data):
            return len(data)
        following = data[at + 1]
        if following and following not in range(0xD0, 0xD8):
            return at
        at += 2
