"""Local times become instants in the zone that a person names, of every form and format."""

from datetime import UTC, datetime

import pytest

from evidence_service.domain.choices import Choices
from evidence_service.domain.evidence import EvidenceKind
from evidence_service.domain.reading import Reading
from evidence_service.domain.tracking import Tracking, TrackingEvent, TrackingStatus
from evidence_service.readers import read
from evidence_service.readers.instants import TIME_ZONE_UNKNOWN
from evidence_service.readers.zones import in_zone

BERLIN = Choices(time_zone="Europe/Berlin")


def tracking(*times):
    events = tuple(TrackingEvent(None, time, TrackingStatus.UNKNOWN) for time in times)
    parcel = Tracking("1", "x", TrackingStatus.UNKNOWN, "", "", events)
    return Reading(
        "text/plain", "x", EvidenceKind.TRACKING_HISTORY, (parcel,), (TIME_ZONE_UNKNOWN,)
    )


class TestTimes:
    @pytest.mark.parametrize(
        "written",
        [
            "2026-05-01T12:00:00",
            "2026-05-01 12:00",
            "01.05.2026 12:00",
            "5/1/2026 12:00:00 PM",
            "May 1, 2026 12:00 pm",
        ],
    )
    def test_as_sources_write_them(self, written):
        month_is_told = "5/13/2026 1:00 PM" if "/" in written else written
        found = in_zone(tracking(written, month_is_told), BERLIN)

        assert found.contents[0].events[0].at == datetime(2026, 5, 1, 10, 0, tzinfo=UTC)
        assert found.warnings == ()

    def test_a_day_alone_stays_one(self):
        found = in_zone(tracking("2026-05-01"), BERLIN)

        assert found.contents[0].events[0].at is None
        assert found.warnings == (TIME_ZONE_UNKNOWN,)

    def test_an_instant_of_the_source_is_kept(self, tmp_path):
        (tmp_path / "a").write_text("date,author,text\n2026-05-01T12:00:00Z,Ann,hi\n")

        (said,) = read(tmp_path / "a", (), BERLIN).contents[0].messages
        assert said.sent_at == datetime(2026, 5, 1, 12, 0, tzinfo=UTC)


class TestSamples:
    @pytest.mark.parametrize(
        "name",
        [
            "dhl-parcel-de-sandbox__karrio.xml",
            "dpd-parcellifecycle__karrio.xml",
            "usps-webtools-xml-delivered__active_shipping.xml",
        ],
    )
    def test_of_carriers_that_write_times_their_own_way(self, samples, name):
        found = read(samples / "tracking" / name, (), BERLIN)

        assert TIME_ZONE_UNKNOWN not in found.warnings
        assert all(event.at for one in found.contents for event in one.events)
