"""Other people's formats, one file each: bytes in, domain values out.

A reader is a pure function that answers a Reading for what it recognises, else None. To add one,
write its file and test, and name it in the tuple of what it reads (docs/readers.md): a parsed JSON
value (numbers with a point as Decimal; JSON lines are a list), the root of an XML document, a text,
the bytes of a mail, or an open ZIP.
"""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from evidence_service.domain.reading import TEXT_TOO_LONG, unread
from evidence_service.readers import document, masking, picture, raster, sniff, tables
from evidence_service.readers.chat import (
    aliexpress,
    ebay,
    facebook_html,
    freshdesk,
    gorgias,
    helpscout,
    intercom,
    line,
    livechat,
    messenger,
    ozon,
    shopee,
    signal,
    table,
    telegram,
    telegram_html,
    wechat,
    whatsapp,
    yandex,
    zendesk,
    zendesk_chat,
)
from evidence_service.readers.mail import eml, mbox
from evidence_service.readers.order import (
    adyen,
    amazon,
    ebay_dispute,
    paypal,
    shopify,
    shopify_dispute,
    stripe,
    woocommerce,
)
from evidence_service.readers.order import aliexpress as aliexpress_order
from evidence_service.readers.order import ebay as ebay_order
from evidence_service.readers.order import ozon as ozon_order
from evidence_service.readers.tracking import (
    aftership,
    amazon_shipping,
    asendia,
    australiapost,
    cainiao,
    canadapost,
    cdek,
    dhl_express,
    dhl_parcel_de,
    dhl_poland,
    dhl_unified,
    dpd,
    easypost,
    easyship,
    fedex,
    geodis,
    gls,
    hermes,
    landmark,
    laposte,
    parcelpanel,
    postnl,
    royalmail,
    russianpost,
    seko,
    sendcloud,
    sendle,
    seventeentrack,
    sf_express,
    ship24,
    shipengine,
    shippo,
    smartkargo,
    track123,
    trackingmore,
    ups,
    usps,
    yunexpress,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from pathlib import Path
    from zipfile import ZipFile

    from evidence_service.domain.reading import Reading

JSON_READERS: tuple[Callable[[Any], Reading | None], ...] = (
    aftership.read,
    ozon.read,
    telegram.read,
    messenger.read,
    wechat.read_json,
    signal.read_backup,
    zendesk.read,
    zendesk_chat.read,
    intercom.read,
    freshdesk.read,
    helpscout.read,
    gorgias.read,
    livechat.read,
    shopee.read,
    yandex.read,
    aliexpress.read,
    amazon_shipping.read,
    asendia.read,
    australiapost.read,
    cainiao.read,
    cdek.read,
    dhl_express.read,
    dhl_unified.read,
    dpd.read,
    easypost.read,
    easyship.read,
    fedex.read,
    fedex.read_documents,
    geodis.read,
    gls.read,
    hermes.read,
    laposte.read,
    parcelpanel.read,
    postnl.read,
    royalmail.read,
    seko.read,
    sendcloud.read,
    sendle.read,
    seventeentrack.read,
    sf_express.read,
    ship24.read,
    shipengine.read,
    shippo.read,
    smartkargo.read,
    track123.read,
    trackingmore.read,
    ups.read,
    usps.read,
    yunexpress.read,
    adyen.read,
    aliexpress_order.read,
    amazon.read,
    ebay_dispute.read,
    ebay_order.read,
    ozon_order.read,
    paypal.read,
    shopify.read,
    shopify_dispute.read,
    stripe.read,
    woocommerce.read,
)
XML_READERS: tuple[Callable[[ET.Element], Reading | None], ...] = (
    ebay.read,
    canadapost.read,
    dhl_express.read_xml,
    dhl_parcel_de.read,
    dhl_poland.read,
    dpd.read_xml,
    fedex.read_soap,
    landmark.read,
    russianpost.read,
    ups.read_xml,
    usps.read_xml,
)
TEXT_READERS: tuple[Callable[[str], Reading | None], ...] = (
    signal.read_text,
    whatsapp.read,
    line.read,
    telegram_html.read,
    facebook_html.read,
    wechat.read_csv,
    table.read,
)
MAIL_READERS: tuple[Callable[[bytes], Reading | None], ...] = (mbox.read, eml.read)
ZIP_READERS: tuple[Callable[[ZipFile], Reading | None], ...] = (whatsapp.read_zip,)

# A year of a busy chat is below 10 MB; what is larger is kept unread.
MAX_TEXT_BYTES = 32_000_000
# What is longer cannot be looked through for card numbers while somebody waits, and is held.
MAX_SCANNED_BYTES = 500_000_000
# What a malformed file of a recognised format leads to.
_MALFORMED = (
    ArithmeticError,
    AttributeError,
    IndexError,
    KeyError,
    RecursionError,
    RuntimeError,
    TypeError,
    ValueError,
    zipfile.BadZipFile,
)


def read(path: Path, known: Collection[str] = ()) -> Reading:
    """What the file is. Never raises for what it contains; memory and time are the caller's.

    Args:
        path: the file.
        known: numbers that are no cards' whatever they look like, as the case's order numbers.
    """
    reading = _read(path, known)
    if not reading.hides_card and not masking.hides_one(
        [one.to_plain() for one in reading.contents], known
    ):
        return reading
    return replace(reading, contents=(), hides_card=True)


def _read(path: Path, known: Collection[str]) -> Reading:
    with path.open("rb") as file:
        head = file.read(sniff.HEAD_BYTES)
    media_type = sniff.sniff(head)
    if media_type in raster.FORMATS:
        return picture.read(path, media_type)
    if media_type == sniff.PDF:
        return document.read(path, known)
    if media_type == sniff.ZIP:
        return _read_zip(path)
    is_text = media_type in sniff.TEXTS or sniff.may_be_old_text(head)
    if media_type != sniff.MAIL and not is_text:
        return unread(media_type)
    if path.stat().st_size > MAX_TEXT_BYTES:
        return _scan_large(path, media_type, known)
    data, masked = masking.mask(path.read_bytes(), known)
    if media_type == sniff.MAIL:
        reading = _first(MAIL_READERS, data) or unread(media_type)
    else:
        reading = _read_text(data, media_type)
    return replace(reading, masked=masked)


def _scan_large(path: Path, media_type: str, known: Collection[str]) -> Reading:
    """A text that is only looked through for card numbers."""
    if path.stat().st_size > MAX_SCANNED_BYTES:
        return unread(media_type, TEXT_TOO_LONG)
    try:
        masked = masking.mask_large(path, known, is_json=media_type == sniff.JSON)
    except masking.TooMany:
        return replace(unread(media_type), hides_card=True)
    return replace(unread(media_type), masked=masked)


def _read_zip(path: Path) -> Reading:
    try:
        with zipfile.ZipFile(path) as archive:
            return _first(ZIP_READERS, archive) or unread(sniff.ZIP)
    except _MALFORMED:
        return unread(sniff.ZIP)


def _read_text(data: bytes, media_type: str) -> Reading:
    text = sniff.decode(data)
    if text is None:
        return _read_old_text(data)
    if media_type == sniff.JSON and (value := _parse_json(text)) is not None:
        return _first(JSON_READERS, value) or unread(sniff.JSON)
    if media_type == sniff.XML and (root := _parse_xml(text)) is not None:
        return _first(XML_READERS, root) or unread(sniff.XML)
    return _first(TEXT_READERS, text) or unread(
        sniff.HTML if media_type == sniff.HTML else sniff.TEXT
    )


def _read_old_text(data: bytes) -> Reading:
    """Text of an old program: only a format that is then recognised says that it is one."""
    for text in tables.legacy_texts(data):
        reading = _first(TEXT_READERS, text)
        if reading is not None:
            return replace(reading, warnings=(*reading.warnings, tables.ENCODING_ASSUMED))
    return unread(sniff.OCTET_STREAM)


def _parse_json(text: str) -> Any:
    """The value, or a list of them where each line is one; None for what is neither."""
    try:
        return json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError):
        return _parse_json_lines(text)


def _parse_json_lines(text: str) -> list[Any] | None:
    lines = [line for line in text.split("\n") if line.strip()]
    if len(lines) == 1:
        return None
    try:
        return [json.loads(line, parse_float=Decimal) for line in lines]
    except (ValueError, RecursionError):
        return None


def _parse_xml(text: str) -> ET.Element | None:
    """The root; a document that declares entities is not parsed: they multiply, or reach out."""
    if "<!ENTITY" in text:
        return None
    try:
        return ET.fromstring(text.strip())  # noqa: S314 - no entities, and the child's limits hold
    except (ET.ParseError, ValueError):
        return None


def _first(readers: tuple[Callable[[Any], Reading | None], ...], value: object) -> Reading | None:
    for reader in readers:
        try:
            reading = reader(value)
        except _MALFORMED:
            continue
        if reading is not None:
            return reading
    return None
