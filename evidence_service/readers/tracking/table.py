"""A parcel's way as a table: one scan a row, one parcel or several.

Source: tables that shops and carriers' portals make; there is no specification. A status is taken
from words that mean nothing else in their language.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from evidence_service.domain.tracking import Tracking, TrackingEvent
from evidence_service.readers import dates
from evidence_service.readers.cells import Cells
from evidence_service.readers.chat.transcripts import DATE_ORDER_AMBIGUOUS
from evidence_service.readers.tracking.history import Statuses, concluded, reading

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evidence_service.domain.choices import DateOrder
    from evidence_service.domain.reading import Reading
    from evidence_service.readers.cells import Row
    from evidence_service.readers.tables import Table

_STATUSES = Statuses(
    pre_transit=(
        "pre transit",
        "label created*",
        "shipment information received*",
        "order created",
        "info received",
        "待揽收",
        "создан",
        "создан заказ",
    ),
    in_transit=(
        "in transit*",
        "picked up*",
        "departed*",
        "arrived*",
        "accepted*",
        "transit",
        "运输中",
        "已揽收",
        "已发货",
        "离开*",
        "到达*",
        "в пути*",
        "принят*",
        "покинул*",
        "прибыл*",
        "en tránsito*",
        "in zustellung übergeben",
        "in transito*",
        "em trânsito*",
        "en transit*",
    ),
    out_for_delivery=(
        "out for delivery*",
        "派送中*",
        "派件*",
        "正在派送*",
        "передан курьеру*",
        "in zustellung*",
        "en reparto*",
        "in consegna*",
        "en cours de livraison*",
        "saiu para entrega*",
    ),
    attempted=(
        "delivery attempt*",
        "attempted delivery*",
        "failed attempt*",
        "投递失败*",
        "неудачная попытка вручения*",
    ),
    available_for_pickup=(
        "available for pickup*",
        "ready for pickup*",
        "awaiting collection*",
        "到达待取*",
        "待取件*",
        "прибыло в место вручения*",
        "ожидает в пункте выдачи*",
    ),
    delivered=(
        "delivered*",
        "签收*",
        "已签收*",
        "妥投*",
        "已妥投*",
        "доставлен*",
        "вручен*",
        "получено адресатом",
        "zugestellt*",
        "entregado*",
        "consegnat*",
        "livré*",
        "entregue*",
        "doręczon*",
        "teslim edildi*",
        "配達完了*",
        "お届け済み*",
        "배송완료*",
    ),
    returned=(
        "returned*",
        "return to sender*",
        "退回*",
        "已退回*",
        "возвращен*",
        "возврат*",
        "zurückgesandt*",
        "devuelto*",
    ),
    exception=("exception*", "lost*", "damaged*", "异常*", "丢失*", "破损*", "утерян*"),
)


def with_columns(
    table: Table, columns: Mapping[str, str], order: DateOrder | None = None
) -> Reading | None:
    cells = Cells(table, columns, order)
    parcels: dict[str, list[Row]] = {}
    number = ""
    for row in cells:
        number = row["parcel"] or number
        parcels.setdefault(number, []).append(row)
    found = reading(
        "tracking_table",
        table.media_type,
        [_parcel(number, rows, cells) for number, rows in parcels.items()],
        *((DATE_ORDER_AMBIGUOUS,) if cells.are_ambiguous else ()),
    )
    return replace(found, date_order=dates.name_of(cells.order)) if found else None


def _parcel(number: str, rows: list[Row], cells: Cells) -> Tracking:
    events = tuple(_event(row, cells) for row in rows)
    newest_first = events[::-1] if _runs_forward(events) else events
    return Tracking(
        number=number,
        carrier=next((row["carrier"] for row in rows if row["carrier"]), ""),
        status=concluded(newest_first),
        carrier_status=newest_first[0].carrier_status or newest_first[0].description,
        signed_by=next((row["signed_by"] for row in rows if row["signed_by"]), ""),
        events=events,
    )


def _event(row: Row, cells: Cells) -> TrackingEvent:
    at, local_time = cells.time(row)
    return TrackingEvent(
        at=at,
        local_time=local_time,
        status=_STATUSES.of(row["status"], row["event"]),
        carrier_status=row["status"],
        description=row["event"],
        place=row["place"],
    )


def _runs_forward(events: tuple[TrackingEvent, ...]) -> bool:
    return events[0].local_time <= events[-1].local_time
