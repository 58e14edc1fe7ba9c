"""Which column of a table is what: known by its name, or concluded from names and values.

Names are those of shops' own tables in the languages that sellers and their tools write; there is
no specification. What was concluded is a proposal: a person is shown it and may choose otherwise.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

from evidence_service.domain.choices import FIELDS, REQUIRED, Layout, TableForm
from evidence_service.readers.storable import storable
from evidence_service.readers.written import is_time

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from evidence_service.readers.tables import Table

_TIME = (
    "time, date, datetime, date time, date and time, timestamp, created, created at, "
    "时间, 日期, 日期时间, 创建时间, время, дата, дата и время, дата/время, создано, "
    "datum, zeit, uhrzeit, zeitstempel, fecha, fecha y hora, hora, data, data ora, data e hora, "
    "date et heure, heure, tarih, zaman, czas, tanggal, waktu, ngày, thời gian, 日時, 날짜, 시간, "
    "วันที่, เวลา, التاريخ, الوقت"
)
_NUMBER = (
    "order number, order no, order id, order, order #, purchase id, 订单号, 订单编号, 訂單編號, "
    "订单, "
    "номер заказа, заказ, номер отправления, bestellnummer, bestell nr, auftragsnummer, "
    "número de pedido, pedido, numéro de commande, commande, numero ordine, ordine, "
    "número do pedido, numer zamówienia, zamówienie, sipariş numarası, sipariş no, "
    "nomor pesanan, no pesanan, mã đơn hàng, 注文番号, 주문번호"
)
_PARCEL = (
    "tracking number, tracking no, tracking id, tracking, tracking code, waybill, waybill number, "
    "awb, parcel number, shipment number, consignment, 运单号, 物流单号, 快递单号, 单号, 追踪号, "
    "трек номер, трек-номер, номер отслеживания, накладная, sendungsnummer, paketnummer, "
    "número de seguimiento, numéro de suivi, codice tracciamento, numero di spedizione, "
    "código de rastreio, código de rastreamento, numer przesyłki, takip numarası, takip no, "
    "nomor resi, no resi, mã vận đơn, 追跡番号, 送り状番号, 운송장번호"
)
_WORDS: dict[TableForm, dict[str, str]] = {
    TableForm.TRANSCRIPT: {
        "text": (
            "text, message, message text, body, content, message body, message content, comment, "
            "内容, 消息, 消息内容, 文本, 聊天内容, 留言, 訊息, "
            "текст, сообщение, текст сообщения, содержание, содержимое, nachricht, inhalt, "
            "mensaje, texto, messaggio, testo, mensagem, conteúdo, texte, contenu, wiadomość, "
            "treść, mesaj, pesan, isi pesan, tin nhắn, nội dung, メッセージ, 本文, 메시지, 내용, "
            "ข้อความ, الرسالة, bericht"
        ),
        "time": f"{_TIME}, sent, sent at, sent on, message time, message date, send time, "
        "发送时间, 消息时间, отправлено, дата отправки, время отправки, gesendet, enviado",
        "clock": "time, time of day, 时间, время, uhrzeit, zeit, hora, ora, heure, godzina, saat",
        "author": (
            "author, sender, from, sender name, from name, user, username, author name, name, "
            "who, 发送人, 发送者, 发件人, 作者, 昵称, 发送方, 用户, 用户名, "
            "автор, отправитель, от, от кого, имя, имя отправителя, пользователь, "
            "absender, von, remitente, autor, de, mittente, autore, remetente, expéditeur, "
            "auteur, nadawca, gönderen, pengirim, người gửi, 送信者, 보낸 사람, 보낸사람, ผู้ส่ง, "
            "المرسل"
        ),
        "role": (
            "role, sender type, author type, sender role, user type, direction, "
            "角色, 身份, 发送者类型, 方向, роль, тип отправителя, направление, rolle, rol, ruolo"
        ),
        "attachment": (
            "attachment, attachments, file, files, media, image, 附件, 文件, 图片, "
            "вложение, вложения, файл, файлы, anhang, adjunto, allegato, anexo, pièce jointe"
        ),
        "internal": (
            "internal, is internal, private, internal note, 内部, 内部备注, "
            "внутреннее, внутренняя заметка"
        ),
        "language": "language, lang, 语言, язык, sprache, idioma",
    },
    TableForm.TRACKING: {
        "event": (
            "event, description, activity, details, event description, message, scan, remark, "
            "tracking event, status description, 轨迹, 物流轨迹, 描述, 事件, 物流信息, 跟踪信息, "
            "动态, "
            "событие, описание, операция, ereignis, beschreibung, evento, descripción, "
            "descrizione, "
            "descrição, événement, description de l'événement, zdarzenie, opis, olay, açıklama, "
            "keterangan, sự kiện, 内容, 상세"
        ),
        "time": f"{_TIME}, event time, event date, scan time, scan date, checkpoint time, "
        "轨迹时间, 发生时间, 扫描时间, время события, дата события, дата операции",
        "clock": "time, time of day, 时间, время, uhrzeit, zeit, hora, ora, heure, godzina, saat",
        "status": (
            "status, event status, shipment status, delivery status, event code, code, "
            "状态, 物流状态, статус, состояние, estado, stato, statut, situação, durum, "
            "trạng thái, "
            "ステータス, 状況, 상태"
        ),
        "place": (
            "location, place, city, facility, event location, site, office, depot, "
            "地点, 位置, 所在地, 城市, 网点, место, город, местоположение, адрес, ort, standort, "
            "ubicación, lugar, luogo, località, local, lieu, miejsce, yer, konum, lokasi, "
            "địa điểm, 場所, 장소"
        ),
        "parcel": f"{_PARCEL}, number",
        "carrier": (
            "carrier, courier, shipping company, carrier name, 承运商, 物流商, 快递公司, 物流公司, "
            "перевозчик, служба доставки, versanddienst, transportista, corriere, transporteur, "
            "transportadora, przewoźnik, kargo, kurir, đơn vị vận chuyển, 配送業者, 택배사"
        ),
        "signed_by": "signed by, signatory, received by, recipient signature, 签收人, получатель",
    },
    TableForm.ORDER: {
        "number": _NUMBER,
        "time": f"order date, purchase date, {_TIME}, created time, ordered at, sale date, "
        "paid at, paid time, order time, order creation date, date paid, purchased on, 下单时间, "
        "付款时间, "
        "订单创建时间, "
        "дата заказа, принят в обработку, bestelldatum, fecha del pedido, date de commande, "
        "data ordine, data do pedido, 注文日, 주문일",
        "status": (
            "status, order status, financial status, payment status, 状态, 订单状态, "
            "статус, статус заказа, estado, stato, statut, durum, 注文状況"
        ),
        "total": (
            "total, order total, amount, total amount, grand total, order amount, total price, "
            "order value, total paid, 总额, 订单金额, 实付金额, 总金额, 金额, 订单总额, сумма, "
            "итого, "
            "сумма заказа, сумма отправления, gesamt, gesamtbetrag, summe, betrag, importe, "
            "totale, importo, montant, valor total, suma, kwota, toplam, tutar, jumlah, "
            "tổng tiền, 合計, 결제금액"
        ),
        "clock": "order time, time of day, 时间, время, uhrzeit, hora, ora, heure, godzina, saat",
        "currency": "currency, currency code, 币种, 货币, валюта, код валюты отправления, währung, "
        "moneda, valuta, devise, moeda, waluta, para birimi, mata uang, 通貨, 통화",
        "tracking_number": _PARCEL,
        "item": (
            "item, item name, product, product name, title, lineitem name, item title, listing, "
            "商品, 商品名称, 产品, 产品名称, товар, название товара, наименование товара, artikel, "
            "produkt, artículo, producto, articolo, prodotto, produit, article, produto, ürün, "
            "produk, nama produk, sản phẩm, 商品名, 상품명"
        ),
        "quantity": (
            "quantity, qty, lineitem quantity, units, 数量, количество, кол-во, menge, anzahl, "
            "cantidad, quantità, quantité, quantidade, ilość, adet, số lượng, 個数, 수량"
        ),
        "sku": "sku, lineitem sku, seller sku, item sku, 货号, 商品编码, артикул, artikelnummer, "
        "referencia, référence, stok kodu",
        "price": (
            "price, unit price, item price, lineitem price, 单价, 价格, цена, ваша цена, preis, "
            "einzelpreis, precio, prezzo, prix, preço, cena, fiyat, harga, 単価, 가격"
        ),
        "recipient": (
            "shipping name, recipient, recipient name, ship name, ship to name, receiver, "
            "收件人, 收货人, получатель, фио получателя, empfänger, destinatario, destinataire, "
            "destinatário, odbiorca, alıcı, penerima, người nhận, お届け先氏名, 수취인"
        ),
        "street": (
            "shipping address, shipping street, shipping address1, ship address1, "
            "ship address 1, address, street, 地址, 收货地址, адрес, адрес доставки, straße, "
            "lieferadresse, dirección, indirizzo, adresse, endereço, adres, alamat, địa chỉ, 住所"
        ),
        "city": "shipping city, ship city, city, 城市, город, stadt, ort, ciudad, città, ville, "
        "cidade",
        "postcode": (
            "shipping zip, ship zipcode, ship postal code, zip, postcode, postal code, zip code, "
            "邮编, 邮政编码, индекс, plz, código postal, cap, code postal, cep, 郵便番号, 우편번호"
        ),
        "country": "shipping country, ship country, country, 国家, страна, land, país, paese, "
        "pays, "
        "kraj, ülke, negara",
        "email": "email, e-mail, buyer email, 邮箱, электронная почта, e posta, correo",
        "phone": "phone, shipping phone, buyer phone number, 电话, телефон, telefon, teléfono",
        "account": "buyer, buyer username, buyer user name, buyer user id, customer id, 买家, "
        "买家账号, покупатель, käufer, comprador, acquirente, acheteur",
        "device": "device, device id, 设备, устройство",
        "ip": "ip, ip address, browser ip, customer ip",
    },
}
_ZONE_NOTE = re.compile(r"[(\[][^()\[\]]*[)\]]$")
_SEPARATORS = re.compile(r"[\s_:.*№#/-]+")
_AMOUNT = re.compile(r"[^\d-]{0,4}\s?-?\d[\d\s.,'\u00a0\u202f]*\s?[^\d]{0,4}")
_SAMPLE_ROWS, _SHOWN_ROWS, _SHOWN_CHARS = 200, 5, 200
_MOSTLY, _LONGEST_AUTHOR, _LEAST_WORDS = 0.8, 80, 4
_EXACT, _PART, _BY_VALUES = 3, 2, 1


def layout_of(table: Table, form: TableForm, columns: Mapping[str, str]) -> Layout:
    """The layout with these columns, and what each field could be instead."""
    looked = _Looked.at(table)
    alternatives = {field: looked.ranked(form, field) for field in FIELDS[form]}
    return storable(Layout(form, columns, alternatives, table.names, looked.shown))


def lacking(form: TableForm, columns: Mapping[str, str]) -> tuple[str, ...]:
    """The first group of fields of which a table of this form needs one and has none."""
    return next((group for group in REQUIRED[form] if not set(group) & columns.keys()), ())


def proposed(table: Table) -> Layout | None:
    """What the table most probably is; None where no form has what it must have."""
    return _likeliest(table, lambda form, columns: not lacking(form, columns))


def nearest(table: Table) -> Layout | None:
    """The form it comes nearest to, though it lacks what that must have: no column is taken."""
    found = _likeliest(table, lambda _form, _columns: True)
    return replace(found, columns={}) if found else None


def _likeliest(
    table: Table, is_possible: Callable[[TableForm, Mapping[str, str]], bool]
) -> Layout | None:
    looked = _Looked.at(table)
    if not looked.rows:
        return None
    found = [(form, looked.assigned(form)) for form in TableForm]
    possible = [
        (sum(looked.score(form, field, name) for field, name in columns.items()), form, columns)
        for form, columns in found
        if is_possible(form, columns)
    ]
    if not possible:
        return None
    _, form, columns = max(possible, key=lambda one: one[0])
    return layout_of(table, form, columns)


def plain(name: str) -> str:
    """A column's name without case, zone and separators."""
    folded = " ".join(unicodedata.normalize("NFKC", name).casefold().split())
    return " ".join(_SEPARATORS.sub(" ", _ZONE_NOTE.sub("", folded)).split())


NAMES = {
    form: {
        field: tuple(dict.fromkeys(plain(name) for name in names.split(", ")))
        for field, names in fields.items()
    }
    for form, fields in _WORDS.items()
}


@dataclass(frozen=True, slots=True)
class _Looked:
    """A table's columns by name, and the cells of its first rows."""

    names: tuple[str, ...]
    plain: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @classmethod
    def at(cls, table: Table) -> _Looked:
        rows = tuple(
            tuple(cell.strip() for cell in row) for row in islice(table.rows(), _SAMPLE_ROWS)
        )
        return cls(table.names, tuple(plain(name) for name in table.header), rows)

    @property
    def shown(self) -> tuple[tuple[str, ...], ...]:
        return tuple(tuple(cell[:_SHOWN_CHARS] for cell in row) for row in self.rows[:_SHOWN_ROWS])

    def assigned(self, form: TableForm) -> dict[str, str]:
        """The best column for each field, none twice; surer ones first."""
        ranked = [
            (-self.score(form, field, name), place, self.rank(form, field, name), at, field, name)
            for place, field in enumerate(FIELDS[form])
            for at, name in enumerate(self.names)
            if self.score(form, field, name)
        ]
        found: dict[str, str] = {}
        for *_, field, name in sorted(ranked):
            if field not in found and name not in found.values():
                found[field] = name
        if "time" not in found and "clock" in found:
            found["time"] = found.pop("clock")
        return found

    def ranked(self, form: TableForm, field: str) -> tuple[str, ...]:
        """The columns that could be the field, best first."""
        fitting = [name for name in self.names if self.score(form, field, name)]
        return tuple(sorted(fitting, key=lambda name: -self.score(form, field, name)))

    def rank(self, form: TableForm, field: str, name: str) -> int:
        """Where the column's name stands among those that are known; the surest stand first."""
        known, written = NAMES[form][field], self.plain[self.names.index(name)]
        return known.index(written) if written in known else len(known)

    def score(self, form: TableForm, field: str, name: str) -> int:
        """How surely a column is the field, 0 for not at all: by its name, then by its cells."""
        at = self.names.index(name)
        cells = [row[at] for row in self.rows if row[at]]
        if not _suits(field, cells):
            return 0
        written, known = self.plain[at], NAMES[form][field]
        if written in known:
            return _EXACT
        if any(_is_part(one, written) for one in known):
            return _PART
        return _BY_VALUES if form is TableForm.TRANSCRIPT and _looks(field, cells) else 0


def _is_part(known: str, written: str) -> bool:
    """Whether the name has the known one in it, as words; scripts without blanks have no words."""
    if not known.isascii() and not any(char.isspace() for char in written):
        return len(known) > 1 and known in written
    return f" {known} " in f" {written} "


def _suits(field: str, cells: Sequence[str]) -> bool:
    """Whether cells are what the field needs them to be; a column without any suits everything."""
    if field == "time":
        return _share(cells, is_time) >= _MOSTLY
    if field == "clock":
        return _share(cells, lambda cell: ":" in cell and not is_time(cell)) >= _MOSTLY
    if field in {"total", "price", "quantity"}:
        return _share(cells, lambda cell: _AMOUNT.fullmatch(cell) is not None) >= _MOSTLY
    if field in {"text", "event", "author", "item"}:
        return _share(cells, is_time) < _MOSTLY
    return True


def _looks(field: str, cells: Sequence[str]) -> bool:
    """Whether cells of a chat look like times, words or a few names."""
    if not cells or field not in {"time", "text", "author"}:
        return False
    if field == "time":
        return True  # by _suits
    different = len(set(cells))
    if field == "text":
        length = sum(map(len, cells)) / len(cells)
        return different * 2 > len(cells) and length >= _LEAST_WORDS and _has_letters(cells)
    few = different <= max(2, len(cells) // 3)
    return few and max(map(len, cells)) <= _LONGEST_AUTHOR and _has_letters(cells)


def _has_letters(cells: Iterable[str]) -> bool:
    return any(char.isalpha() for cell in cells for char in cell)


def _share(cells: Sequence[str], suits: Callable[[str], bool]) -> float:
    return sum(map(suits, cells)) / len(cells) if cells else 1
