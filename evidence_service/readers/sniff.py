"""What is this? By its bytes, never by its name or by what the sender claims."""

from __future__ import annotations

import re

OCTET_STREAM = "application/octet-stream"
TEXT = "text/plain"
JSON = "application/json"
XML = "application/xml"
HTML = "text/html"
ZIP = "application/zip"
# What Office wrote until 2003, and what its files with a password still are.
OLE = "application/x-ole-storage"
PDF = "application/pdf"
MAIL = "message/rfc822"
TEXTS = frozenset({TEXT, JSON, XML, HTML})
HEAD_BYTES = 4096

# (offset, bytes, media type), from the formats' own specifications.
_MAGIC = (
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (0, b"%PDF-", PDF),
    (0, b"PK\x03\x04", ZIP),
    (0, b"PK\x05\x06", ZIP),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLE),
    (0, b"\x1a\x45\xdf\xa3", "video/webm"),
)
_FTYP = (4, b"ftyp")
_BRANDS = {
    **dict.fromkeys((b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"), "image/heic"),
    **dict.fromkeys((b"avif", b"avis", b"mif3"), "image/avif"),
    b"qt  ": "video/quicktime",
}
_HEADER = re.compile(rb"[!-9;-~]{1,80}(?=[ \t]{0,9}:)")
# Two of these begin a mail, in any order and among others.
_MAIL_HEADERS = frozenset(
    name.encode()
    for name in (
        *("arc-seal", "authentication-results", "cc", "content-transfer-encoding", "content-type"),
        *("date", "delivered-to", "dkim-signature", "from", "in-reply-to", "message-id"),
        *("mime-version", "received", "received-spf", "reply-to", "return-path", "sender"),
        *("subject", "to", "x-mailer", "x-original-to", "x-originating-ip", "x-received"),
    )
)
# Text holds no more than one control character in so many bytes.
_BYTES_PER_CONTROL = 100
# Of an XML document: older interfaces answer in the encodings of their countries.
_DECLARED = re.compile(
    rb"[\r\n\t ]*<\?xml [^>]{0,80}encoding=[\"']"
    rb"(iso-8859-(?:1[013-6]?|[2-9])|windows-125[0-8]|gb2312|gbk|gb18030|big5|koi8-r)[\"']",
    re.IGNORECASE,
)
_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\r\f\x1b")


def sniff(head: bytes) -> str:
    """The media type of a file that begins with `head` (its first HEAD_BYTES or all of it)."""
    for offset, magic, media_type in _MAGIC:
        if head.startswith(magic, offset):
            return media_type
    if head.startswith(_FTYP[1], _FTYP[0]):
        return _BRANDS.get(head[8:12], "video/mp4")
    return MAIL if _is_mail(head) else _sniff_text(head)


def _sniff_text(head: bytes) -> str:
    if not _is_text(head):
        if declared_encoding(head) and may_be_old_text(head):
            return XML
        # Viewers take a document that begins a little later, after what a program put before it.
        return PDF if b"%PDF-" in head[:1024] else OCTET_STREAM
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if start[:1] in {b"{", b"["}:
        return JSON
    if start[:1] != b"<":
        return TEXT
    return HTML if start[:15].lower().startswith((b"<!doctype html", b"<html")) else XML


def declared_encoding(head: bytes) -> str:
    """The encoding that an XML document says it has, where it is one of the old ones."""
    declared = _DECLARED.match(head)
    return declared[1].decode() if declared else ""


def may_be_old_text(head: bytes) -> bool:
    """Whether the bytes may be text of some encoding: hardly a control character, and no zero.

    People's messages hold a stray one now and then.
    """
    controls = head.translate(None, delete=_printable())
    return b"\0" not in controls and len(controls) * _BYTES_PER_CONTROL <= len(head)


def _is_mail(head: bytes) -> bool:
    """Headers at the beginning; a mailbox puts a line before them."""
    *lines, last = head.lstrip(b"\xef\xbb\xbf\r\n").split(b"\n")
    whole = lines if len(head) == HEAD_BYTES else [*lines, last]
    known = 0
    for line in whole[1:] if b"".join(whole[:1]).startswith(b"From ") else whole:
        name = _HEADER.match(line)
        if not line.strip() or (name is None and line[:1] not in {b" ", b"\t"}):
            break
        known += name is not None and name[0].lower() in _MAIL_HEADERS
    return known > 1


def _is_text(head: bytes) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    # The head may end in the middle of a character: up to three bytes of one may stand there.
    whole = any(_decodes(head[: len(head) - cut]) for cut in range(4))
    return whole and may_be_old_text(head)


def _decodes(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _printable() -> bytes:
    """Every byte but the control characters that no text holds."""
    return bytes(code for code in range(256) if code not in _CONTROLS)
