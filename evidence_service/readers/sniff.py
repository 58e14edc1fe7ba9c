"""What is this? By its bytes, never by its name or by what the sender claims."""

from __future__ import annotations

OCTET_STREAM = "application/octet-stream"
TEXT = "text/plain"
JSON = "application/json"
XML = "application/xml"
HTML = "text/html"
ZIP = "application/zip"
TEXTS = frozenset({TEXT, JSON, XML, HTML})
HEAD_BYTES = 4096

# (offset, bytes, media type), from the formats' own specifications.
_MAGIC = (
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"PK\x03\x04", ZIP),
    (0, b"PK\x05\x06", ZIP),
    (0, b"\x1a\x45\xdf\xa3", "video/webm"),
)
_FTYP = (4, b"ftyp")
_BRANDS = {
    **dict.fromkeys((b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"), "image/heic"),
    **dict.fromkeys((b"avif", b"avis"), "image/avif"),
    b"qt  ": "video/quicktime",
}
_BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\r\f\x1b")


def sniff(head: bytes) -> str:
    """The media type of a file that begins with `head` (its first HEAD_BYTES or all of it)."""
    for offset, magic, media_type in _MAGIC:
        if head.startswith(magic, offset):
            return media_type
    if head.startswith(_FTYP[1], _FTYP[0]):
        return _BRANDS.get(head[8:12], "video/mp4")
    if not _is_text(head):
        return OCTET_STREAM
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if start[:1] in {b"{", b"["}:
        return JSON
    if start[:1] != b"<":
        return TEXT
    return HTML if start[:15].lower().startswith((b"<!doctype html", b"<html")) else XML


def decode(data: bytes) -> str | None:
    """The text, by its byte order mark or as UTF-8; None where it is neither."""
    encoding = next((name for mark, name in _BYTE_ORDER_MARKS if data.startswith(mark)), "utf-8")
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _is_text(head: bytes) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    # The head may end in the middle of a character: up to three bytes of one may stand there.
    whole = any(_decodes(head[: len(head) - cut]) for cut in range(4))
    return whole and not head.translate(None, delete=_printable())[:1]


def _decodes(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _printable() -> bytes:
    """Every byte but the control characters that no text holds."""
    return bytes(code for code in range(256) if code not in _CONTROLS)
