"""How late a parcel is, by what the platform promised the buyer and what the carrier recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evidence_service.domain.consistency import ON_THE_WAY_BACK
from evidence_service.domain.tracking import TrackingStatus

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime, timedelta

    from evidence_service.domain.consistency import Item
    from evidence_service.domain.digest import Parcel

# Nobody waits for such a parcel any more.
_SENT_BACK = TrackingStatus.RETURNED


def late_by(
    items: Sequence[Item], order_numbers: Collection[str], now: datetime
) -> timedelta | None:
    """From the day promised to the last parcel's delivery, or to now; negative where it was early.

    None where no order of the case was read with a promise, no parcel is tracked, one came back, or
    the carrier's time of delivery has no zone.
    """
    counting = [item for item in items if item.counts]
    promised = [
        purchase.promised_at
        for item in counting
        for purchase in item.digest.purchases
        if purchase.promised_at and purchase.number in order_numbers
    ]
    parcels = [p for i in counting if i.kind not in ON_THE_WAY_BACK for p in i.digest.parcels]
    if not promised or not parcels or any(p.status is _SENT_BACK for p in parcels):
        return None
    came = [_came_at(parcel, now) for parcel in parcels]
    known = [at for at in came if at is not None]
    return max(known) - max(promised) if len(known) == len(came) else None


def _came_at(parcel: Parcel, now: datetime) -> datetime | None:
    if parcel.status is not TrackingStatus.DELIVERED:
        return now
    scan = parcel.first(TrackingStatus.DELIVERED)
    return scan.at if scan else None
