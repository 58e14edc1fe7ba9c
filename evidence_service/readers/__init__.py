"""Other people's formats, one file each: bytes in, domain values out.

A reader is a pure function that answers a Reading for what it recognises, else None. To add one,
write its file and test, and name it in the tuple of what it reads (docs/readers.md): a parsed JSON
value (numbers with a point as Decimal; JSON lines are a list), the root of an XML document, a text,
a table (of a text or of a workbook), the bytes of a mail, or an open ZIP.
"""

from __future__ import annotations

import csv
import json
import zipfile
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from evidence_service.domain.choices import NOTHING_CHOSEN
from evidence_service.domain.reading import TEXT_TOO_LONG, unread
from evidence_service.domain.transcript import Transcript
from evidence_service.readers import (
    document,
    masking,
    picture,
    raster,
    sheets,
    sniff,
    tables,
    tabular,
    texts,
    zones,
)
from evidence_service.readers.chat import (
    aliexpress,
    chatlab,
    ebay,
    facebook_html,
    freshdesk,
    gorgias,
    helpscout,
    intercom,
    lazada,
    line,
    livechat,
    messenger,
    meta_html,
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
    aliexpress_issue,
    allegro,
    amazon,
    bigcommerce,
    braintree,
    checkout_com,
    ebay_claim,
    ebay_dispute,
    etsy,
    magento,
    mercado_libre,
    paypal,
    paypal_order,
    shopify,
    shopify_dispute,
    shopify_graphql,
    square,
    stripe,
    tiktok,
    walmart,
    wildberries,
    woocommerce,
)
from evidence_service.readers.order import aliexpress as aliexpress_order
from evidence_service.readers.order import ebay as ebay_order
from evidence_service.readers.order import lazada as lazada_order
from evidence_service.readers.order import ozon as ozon_order
from evidence_service.readers.order import shopee as shopee_order
from evidence_service.readers.order import table as order_table
from evidence_service.readers.tracking import (
    aftership,
    amazon_shipping,
    amazon_standard,
    an_post,
    aramex,
    asendia,
    asendia_usa,
    australiapost,
    austrian_post,
    boxberry,
    bpost,
    bring,
    cainiao,
    canadapost,
    canpar,
    cdek,
    china_post,
    correios,
    correos_es,
    ctt,
    ctt_express,
    delhivery,
    dhl_ecommerce,
    dhl_express,
    dhl_parcel_de,
    dhl_poland,
    dhl_unified,
    dpd,
    dpd_app,
    easypost,
    easyship,
    fedex,
    fourpx,
    geodis,
    geodis_page,
    gls,
    gofo,
    hermes,
    india_post,
    inpost,
    jtexpress,
    kdniao,
    kuaidi100,
    landmark,
    laposte,
    lasership,
    mondial_relay,
    ninjavan,
    novaposhta,
    nzpost,
    omniva,
    ontrac,
    packeta,
    parcelpanel,
    poczta_polska,
    pos_malaysia,
    poste_italiane,
    posti,
    postnl,
    postnl_international,
    postnord,
    purolator,
    royalmail,
    russianpost,
    seko,
    sendcloud,
    sendle,
    seur,
    seventeentrack,
    sf_express,
    ship24,
    shipengine,
    shippo,
    smartkargo,
    tnt,
    track123,
    trackingmore,
    ukrposhta,
    uniuni,
    ups,
    usps,
    yanwen,
    yto,
    yunexpress,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator
    from pathlib import Path
    from zipfile import ZipFile

    from evidence_service.domain.choices import Choices, DateOrder
    from evidence_service.domain.reading import Reading
    from evidence_service.readers.tables import Table
    from evidence_service.readers.texts import Text

JSON_READERS: tuple[Callable[[Any], Reading | None], ...] = (
    aftership.read,
    ozon.read,
    telegram.read,
    messenger.read,
    wechat.read_json,
    wechat.read_chatlog,
    chatlab.read,
    signal.read_backup,
    signal.read_lines,
    zendesk.read,
    zendesk_chat.read,
    intercom.read,
    freshdesk.read,
    helpscout.read,
    gorgias.read,
    livechat.read,
    shopee.read,
    lazada.read,
    ebay.read_conversation,
    yandex.read,
    aliexpress.read,
    amazon_shipping.read,
    amazon_standard.read,
    an_post.read,
    aramex.read,
    asendia.read,
    asendia_usa.read,
    australiapost.read,
    australiapost.read_page,
    austrian_post.read,
    bring.read,
    canadapost.read_page,
    boxberry.read,
    bpost.read,
    cainiao.read,
    canpar.read,
    cdek.read,
    china_post.read,
    correios.read,
    correos_es.read,
    ctt.read,
    ctt_express.read,
    delhivery.read,
    dhl_express.read,
    dhl_express.read_page,
    dhl_parcel_de.read_page,
    dhl_unified.read,
    dpd.read,
    dpd_app.read,
    easypost.read,
    easyship.read,
    fedex.read,
    fedex.read_documents,
    fedex.read_page,
    fourpx.read,
    geodis.read,
    geodis_page.read,
    gls.read,
    gofo.read,
    hermes.read,
    india_post.read,
    inpost.read,
    jtexpress.read,
    kdniao.read,
    kuaidi100.read,
    laposte.read,
    lasership.read,
    mondial_relay.read,
    ninjavan.read,
    novaposhta.read,
    nzpost.read,
    ontrac.read,
    packeta.read,
    parcelpanel.read,
    poczta_polska.read,
    pos_malaysia.read,
    poste_italiane.read,
    posti.read,
    postnl.read,
    postnl_international.read,
    postnord.read,
    purolator.read,
    royalmail.read,
    russianpost.read_json,
    seko.read,
    sendcloud.read,
    sendle.read,
    seur.read,
    seventeentrack.read,
    sf_express.read,
    ship24.read,
    shipengine.read,
    shippo.read,
    smartkargo.read,
    tnt.read,
    track123.read,
    trackingmore.read,
    ukrposhta.read,
    uniuni.read,
    ups.read,
    ups.read_page,
    usps.read,
    yanwen.read,
    yto.read,
    yunexpress.read,
    yunexpress.read_page,
    adyen.read,
    aliexpress_issue.read,
    aliexpress_order.read,
    allegro.read,
    amazon.read,
    bigcommerce.read,
    checkout_com.read,
    ebay_claim.read,
    ebay_dispute.read,
    ebay_order.read,
    etsy.read,
    lazada_order.read,
    magento.read,
    mercado_libre.read,
    ozon_order.read,
    paypal.read,
    paypal_order.read,
    shopee_order.read,
    shopify.read,
    shopify_dispute.read,
    shopify_graphql.read,
    square.read,
    stripe.read,
    stripe.read_charges,
    tiktok.read,
    walmart.read,
    wildberries.read,
    woocommerce.read,
)
XML_READERS: tuple[Callable[[ET.Element], Reading | None], ...] = (
    ebay.read,
    amazon.read_xml,
    amazon_standard.read_xml,
    aramex.read_xml,
    braintree.read,
    bpost.read_xml,
    canadapost.read,
    cdek.read_xml,
    correios.read_xml,
    dhl_ecommerce.read,
    dhl_express.read_ecommerce,
    dhl_express.read_xml,
    dhl_parcel_de.read,
    dhl_poland.read,
    dpd.read_xml,
    ebay_order.read_xml,
    fedex.read_soap,
    landmark.read,
    laposte.read_xml,
    mondial_relay.read_xml,
    omniva.read_xml,
    purolator.read_xml,
    russianpost.read,
    sf_express.read_xml,
    tnt.read_xml,
    ups.read_xml,
    usps.read_xml,
)
TEXT_READERS: tuple[Callable[[Text], Reading | None], ...] = (
    signal.read_text,
    telegram_html.read,
    facebook_html.read,
    meta_html.read,
    wechat.read_text,
)
# Dates in these may be of an order that nothing in the file tells; a person may have.
DATED_TEXT_READERS: tuple[Callable[[Text, DateOrder | None], Reading | None], ...] = (
    whatsapp.read,
    line.read,
)
TABLE_READERS: tuple[Callable[[Table], Reading | None], ...] = (
    wechat.read_table,
    order_table.read,
    table.read,
)
MAIL_READERS: tuple[Callable[[bytes], Reading | None], ...] = (mbox.read, eml.read)
ZIP_READERS: tuple[Callable[[ZipFile, DateOrder | None], Reading | None], ...] = (
    whatsapp.read_zip,
)

# A year of a busy chat is below 10 MB; what is larger is kept unread.
MAX_TEXT_BYTES = 32_000_000
# What is longer cannot be looked through for card numbers while somebody waits, and is held.
MAX_SCANNED_BYTES = 500_000_000
# What a script, a proxy or a cloud function puts around the answer that it passes on.
_ENVELOPES = ("body", "data", "response", "result")
_MAX_ENVELOPES = 2
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
    csv.Error,
    zipfile.BadZipFile,
)


def read(path: Path, known: Collection[str] = (), choices: Choices = NOTHING_CHOSEN) -> Reading:
    """What the file is. Never raises for what it contains; memory and time are the caller's.

    Args:
        path: the file.
        known: numbers that are no cards' whatever they look like, as the case's order numbers.
        choices: what a person says of the file that it does not say itself.
    """
    reading = _read(path, known, choices)
    if reading.hides_card or masking.hides_one(_told(reading), known):
        return replace(reading, contents=(), layout=None, hides_card=True)
    reading = replace(reading, chosen=choices)
    return zones.in_zone(reading, choices) if choices.time_zone else reading


def _told(reading: Reading) -> Iterator[str]:
    """All that a reading would keep of its file's words, as JSON, some messages at a time."""
    for one in reading.contents:
        if isinstance(one, Transcript):
            yield from one.messages.texts()
        else:
            yield from masking.as_texts([one.to_plain()])
    if reading.layout:
        yield from masking.as_texts([reading.layout.to_plain()])


def _read(path: Path, known: Collection[str], choices: Choices) -> Reading:
    with path.open("rb") as file:
        head = file.read(sniff.HEAD_BYTES)
    media_type = sniff.sniff(head)
    if media_type in raster.FORMATS:
        return picture.read(path, media_type)
    if media_type == sniff.PDF:
        return document.read(path, known)
    if media_type == sniff.ZIP:
        return _read_zip(path, known, choices)
    return _read_words(path, media_type, head, known, choices)


def _read_words(
    path: Path, media_type: str, head: bytes, known: Collection[str], choices: Choices
) -> Reading:
    is_text = media_type in sniff.TEXTS or sniff.may_be_old_text(head)
    is_large = path.stat().st_size > MAX_TEXT_BYTES
    if media_type == sniff.OLE and not is_large:
        return _read_workbook(path, sheets.XLS, known, choices, unknown=sniff.OLE)
    if media_type != sniff.MAIL and not is_text:
        return unread(media_type)
    if is_large:
        return _scan_large(path, media_type, known)
    data, masked = masking.mask(path, known)
    if media_type == sniff.MAIL:
        reading = _first(MAIL_READERS, data) or unread(media_type)
    else:
        reading = _read_text(data, media_type, choices)
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


def _read_zip(path: Path, known: Collection[str], choices: Choices) -> Reading:
    try:
        with zipfile.ZipFile(path) as archive:
            workbook = sheets.media_type_of(archive)
            if workbook is None:
                found = _first(ZIP_READERS, archive, choices.date_order)
                return found or unread(sniff.ZIP)
            sheets.ensure_size(archive)
    except sheets.SheetTooLargeError:
        return unread(sniff.ZIP, sheets.SHEET_TOO_LARGE)
    except _MALFORMED:
        return unread(sniff.ZIP)
    return _read_workbook(path, workbook, known, choices, unknown=workbook)


def _read_workbook(
    path: Path, media_type: str, known: Collection[str], choices: Choices, *, unknown: str
) -> Reading:
    """The first sheet that is recognised; card numbers in any, seen or not, hold the file."""
    found: Reading | None = None
    undecided: Reading | None = None
    hides_card = False
    try:
        for rows, is_shown in sheets.read(path):
            hides_card = hides_card or masking.hides_one(masking.as_texts(rows), known)
            table = tables.of_rows(partial(iter, rows), media_type)
            if found is None and is_shown and table is not None:
                found = _read_tables([table], choices)
                undecided = undecided or tabular.undecided(table)
    except sheets.SheetTooLargeError:
        return unread(media_type, sheets.SHEET_TOO_LARGE)
    except ValueError:
        return unread(unknown)
    return replace(found or undecided or unread(media_type), hides_card=hides_card)


def _read_text(data: bytes, media_type: str, choices: Choices) -> Reading:
    text = texts.of_bytes(data)
    if text is None:
        return _read_old_text(data, choices)
    if media_type == sniff.JSON and (value := _parse_json(str(text))) is not None:
        return _read_json(value, _MAX_ENVELOPES) or unread(sniff.JSON)
    if media_type == sniff.XML and (root := _parse_xml(str(text))) is not None:
        return _first(XML_READERS, root) or unread(sniff.XML)
    if (found := _read_plain(text, choices)) is not None:
        return found
    if media_type == sniff.HTML:
        return unread(sniff.HTML)
    undecided = map(tabular.undecided, tables.even(text))
    return next(filter(None, undecided), None) or unread(sniff.TEXT)


def _read_json(value: Any, envelopes: int) -> Reading | None:
    """By the reader that knows the value, else what is inside its envelopes."""
    found = _first(JSON_READERS, value)
    inner = _unwrapped(value) if found is None and envelopes else None
    return found if inner is None else _read_json(inner, envelopes - 1)


def _unwrapped(value: Any) -> Any:
    """What a script or a proxy put into a field of its own, as an object or as its text."""
    if not isinstance(value, dict):
        return None
    inside = [value[name] for name in _ENVELOPES if name in value]
    if len(inside) != 1:
        return None
    return _parse_json(inside[0]) if isinstance(inside[0], str) else inside[0]


def _read_plain(text: Text, choices: Choices) -> Reading | None:
    return (
        _first(TEXT_READERS, text)
        or _first(DATED_TEXT_READERS, text, choices.date_order)
        or _read_tables(tables.of_text(text), choices)
    )


def _read_tables(found: Iterable[Table], choices: Choices) -> Reading | None:
    """By the columns a person chose, else by a reader that knows them, else as is probable."""
    possible = list(found)
    if choices.columns:
        chosen = (_first((tabular.as_chosen,), table, choices) for table in possible)
        return next(filter(None, chosen), None)
    known = (_first(TABLE_READERS, table) for table in possible)
    proposed = (_first((tabular.propose,), table, choices) for table in possible)
    return next(filter(None, known), None) or next(filter(None, proposed), None)


def _read_old_text(data: bytes, choices: Choices) -> Reading:
    """Text of an old program: only a format that is then recognised says that it is one."""
    for text in tables.legacy_texts(data):
        reading = _read_plain(texts.Text(text.encode()), choices)
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


def _first(
    readers: Iterable[Callable[..., Reading | None]], value: object, *chosen: object
) -> Reading | None:
    for reader in readers:
        try:
            reading = reader(value, *chosen)
        except _MALFORMED:
            continue
        if reading is not None:
            return reading
    return None
