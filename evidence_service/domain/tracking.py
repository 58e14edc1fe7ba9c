"""A parcel's way in one normal form, beside the carrier's own words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from evidence_service.domain.order import Address

if TYPE_CHECKING:
    from collections.abc import Mapping


class TrackingStatus(StrEnum):
    PRE_TRANSIT = "pre_transit"
    IN_TRANSIT = "in_transit"
    OUT_FOR_DELIVERY = "out_for_delivery"
    ATTEMPTED = "attempted"
    AVAILABLE_FOR_PICKUP = "available_for_pickup"
    DELIVERED = "delivered"
    RETURNED = "returned"
    EXCEPTION = "exception"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class TrackingEvent:
    """One scan. `at` is None where the source gives no zone; `local_time` is as it stands there."""

    at: datetime | None
    local_time: str
    status: TrackingStatus
    carrier_status: str = ""
    description: str = ""
    place: str = ""

    def to_plain(self) -> dict[str, Any]:
        return {
            "at": self.at.isoformat() if self.at else None,
            "local_time": self.local_time,
            "status": self.status.value,
            "carrier_status": self.carrier_status,
            "description": self.description,
            "place": self.place,
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> TrackingEvent:
        return cls(
            at=datetime.fromisoformat(plain["at"]) if plain["at"] else None,
            local_time=plain["local_time"],
            status=TrackingStatus(plain["status"]),
            carrier_status=plain["carrier_status"],
            description=plain["description"],
            place=plain["place"],
        )


@dataclass(frozen=True, slots=True)
class Tracking:
    """One parcel. Events keep the order of the source: equal and missing times are common.

    `destination` is where the carrier says it goes, as far as the source tells.
    """

    number: str
    carrier: str
    status: TrackingStatus
    carrier_status: str = ""
    signed_by: str = ""
    events: tuple[TrackingEvent, ...] = ()
    destination: Address | None = None

    @property
    def facts(self) -> frozenset[str]:
        return frozenset({f"status:{self.status.value}"})

    def to_plain(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "carrier": self.carrier,
            "status": self.status.value,
            "carrier_status": self.carrier_status,
            "signed_by": self.signed_by,
            "events": [event.to_plain() for event in self.events],
            "destination": self.destination.to_plain() if self.destination else None,
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Tracking:
        return cls(
            number=plain["number"],
            carrier=plain["carrier"],
            status=TrackingStatus(plain["status"]),
            carrier_status=plain["carrier_status"],
            signed_by=plain["signed_by"],
            events=tuple(TrackingEvent.from_plain(event) for event in plain["events"]),
            destination=Address(**plain["destination"]) if plain["destination"] else None,
        )
