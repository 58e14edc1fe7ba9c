"""What the tracking readers share."""

from datetime import UTC, datetime

import pytest

from evidence_service.domain.tracking import Tracking, TrackingStatus
from evidence_service.readers.tracking.history import (
    Statuses,
    concluded,
    parcel_status,
    reading,
    scan,
    signer,
)

STATUSES = Statuses(
    in_transit="LH_* IT",
    delivered=("delivered", "delivered,*"),
    exception="LH_LOST",
)


def events(*statuses):
    return [scan("", TrackingStatus(status)) for status in statuses]


class TestStatuses:
    @pytest.mark.parametrize(
        ("code", "status"),
        [
            ("IT", TrackingStatus.IN_TRANSIT),
            ("it", TrackingStatus.IN_TRANSIT),
            ("LH_DEPART", TrackingStatus.IN_TRANSIT),
            ("LH_LOST", TrackingStatus.EXCEPTION),
            ("Delivered, Front Desk", TrackingStatus.DELIVERED),
            ("delivered soon", TrackingStatus.UNKNOWN),
            ("teleported", TrackingStatus.UNKNOWN),
            ("", TrackingStatus.UNKNOWN),
        ],
    )
    def test_of_a_code(self, code, status):
        assert STATUSES.of(code) is status

    def test_of_the_first_code_that_is_known(self):
        assert STATUSES.of("new", "IT", "delivered") is TrackingStatus.IN_TRANSIT


class TestConcluded:
    @pytest.mark.parametrize(
        ("newest_first", "status"),
        [
            ([], "unknown"),
            (["unknown", "out_for_delivery", "in_transit"], "out_for_delivery"),
            (["in_transit", "delivered", "out_for_delivery"], "delivered"),
            (["returned", "delivered"], "returned"),
        ],
    )
    def test_delivery_is_undone_by_a_return_only(self, newest_first, status):
        assert concluded(events(*newest_first)) is TrackingStatus(status)

    @pytest.mark.parametrize(
        ("first", "last", "status"),
        [
            ("2026-05-02T10:00:00Z", "2026-05-01T10:00:00Z", "attempted"),
            ("2026-05-01T10:00:00Z", "2026-05-02T10:00:00Z", "in_transit"),
            ("2026-05-02T00:00:00+08:00", "2026-05-01T23:00:00Z", "in_transit"),
            ("20260501 235900", "20260502 060000", "in_transit"),
            ("01.05.2026 10:00", "02.05.2026 10:00", "attempted"),
            ("", "2026-05-02 10:00", "attempted"),
        ],
    )
    def test_times_tell_which_end_is_the_newest(self, first, last, status):
        told = scan(first, TrackingStatus.ATTEMPTED), scan(last, TrackingStatus.IN_TRANSIT)

        assert concluded(told) is TrackingStatus(status)


class TestParcelStatus:
    @pytest.mark.parametrize(
        ("told", "status"), [("returned", "returned"), ("unknown", "delivered")]
    )
    def test_the_events_tell_what_the_source_does_not(self, told, status):
        assert parcel_status(TrackingStatus(told), events("delivered")) is TrackingStatus(status)


class TestSigner:
    @pytest.mark.parametrize(
        ("names", "signed_by"),
        [
            (("", "ANN"), "ANN"),
            (("null",), ""),
            (("Signature not required", "ANN"), "ANN"),
            (("Nulla Signature",), "Nulla Signature"),
            ((), ""),
        ],
    )
    def test_is_somebody(self, names, signed_by):
        assert signer(*names) == signed_by


class TestReading:
    def test_no_parcels_are_no_reading(self):
        assert reading("carrier", "application/json", []) is None

    @pytest.mark.parametrize(
        ("local_time", "warnings"),
        [
            ("2026-05-01 10:00", ("time_zone_unknown",)),
            ("2026-05-01T10:00:00Z", ()),
            ("", ()),
        ],
    )
    def test_says_that_a_time_has_no_zone(self, local_time, warnings):
        parcel = Tracking(
            "1",
            "carrier",
            TrackingStatus.IN_TRANSIT,
            events=(scan(local_time, TrackingStatus.IN_TRANSIT),),
        )

        assert reading("carrier", "application/json", [parcel]).warnings == warnings

    def test_an_instant_of_another_field_stands_beside_the_local_time(self):
        noon = datetime(2026, 5, 1, 12, tzinfo=UTC)

        event = scan("May 1, 8 am", TrackingStatus.DELIVERED, at=noon)

        assert (event.at, event.local_time) == (noon, "May 1, 8 am")
