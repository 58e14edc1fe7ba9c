"""SEUR (Spain): what its public page asks for; newest first.

Source: an answer. The many codes of situations belong to a few groups.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence_service.domain.tracking import Tracking, TrackingEvent, TrackingStatus
from evidence_service.readers.sniff import JSON
from evidence_service.readers.tracking.history import Statuses, concluded, reading, scan
from evidence_service.readers.values import items, records, text

if TYPE_CHECKING:
    from evidence_service.domain.reading import Reading

_STATUSES = Statuses(
    attempted="LI523",
    available_for_pickup="LI530",
    exception="LI300 LI524",
)
_GROUPS = Statuses(
    pre_transit=("notificado",),
    in_transit=("en tránsito",),
    out_for_delivery=("en reparto",),
    delivered=("entregado",),
)
_MARKS = frozenset({"identificador_busqueda", "situaciones"})


def read(value: Any) -> Reading | None:
    found = (one for one in records(value, _MARKS) if items(one, "situaciones"))
    return reading("seur", JSON, map(_tracking, found))


def _tracking(parcel: dict[str, Any]) -> Tracking:
    events = tuple(map(_event, items(parcel, "situaciones")))
    return Tracking(
        number=text(parcel, "identificador_busqueda"),
        carrier="SEUR",
        status=concluded(events),
        carrier_status=events[0].description,
        events=events,
    )


def _event(event: dict[str, Any]) -> TrackingEvent:
    code = text(event, "cod_situacion")
    status = _STATUSES.of(code)
    group = _GROUPS.of(text(event, "grupo_situacion"))
    return scan(
        text(event, "fecha"),
        group if status is TrackingStatus.UNKNOWN else status,
        carrier_status=code,
        description=text(event, "descripcion_situacion"),
    )
