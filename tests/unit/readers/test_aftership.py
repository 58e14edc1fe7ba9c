"""AfterShip's tracking answers."""

import json
from datetime import UTC, datetime

import pytest

from evidence_service.domain.tracking import TrackingStatus
from evidence_service.readers.tracking import aftership


def checkpoint(**over):
    return {
        "tag": "InTransit",
        "subtag": "InTransit_001",
        "message": "Picked up",
        "location": "DONGGUAN CN",
        "checkpoint_time": "2026-07-23T16:58:00+08:00",
    } | over


def parcel(*checkpoints, **over):
    return {
        "tracking_number": "UC418827362CN",
        "slug": "cainiao",
        "tag": "Delivered",
        "subtag": "Delivered_001",
        "checkpoints": list(checkpoints),
    } | over


def tracking(value):
    return aftership.read(value).contents[0]


class TestEnvelope:
    @pytest.mark.parametrize(
        "wrap",
        [
            lambda one: {"meta": {"code": 200}, "data": {"tracking": one}},
            lambda one: {"meta": {"code": 200}, "data": {"trackings": [one]}},
            lambda one: one,
        ],
    )
    def test_one_parcel_however_it_is_wrapped(self, wrap):
        assert tracking(wrap(parcel())).number == "UC418827362CN"

    def test_a_list_asked_for_without_its_checkpoints(self):
        brief = {"tracking_number": "UC4", "slug": "cainiao", "tag": "Delivered"}
        found = tracking({"data": {"trackings": [brief]}})

        assert (found.number, found.status, found.events) == ("UC4", "delivered", ())

    def test_a_single_last_checkpoint_is_no_history(self):
        last = {"tracking_number": "UC4", "slug": "cainiao", "tag": "Delivered"}

        assert aftership.read({"data": last | {"checkpoint": checkpoint()}}) is None

    def test_a_hook_may_name_the_carrier_instead_of_its_slug(self):
        named = parcel(checkpoint(), carrier="ups")
        del named["slug"]

        assert tracking({"event": "tracking_update", "msg": named}).carrier == "ups"

    def test_a_number_and_a_tag_alone_are_no_history(self):
        assert aftership.read({"tracking_number": "UC4", "tag": "Delivered"}) is None

    def test_several_parcels_are_several_histories(self):
        found = aftership.read({"data": {"trackings": [parcel(), parcel()]}})

        assert len(found.contents) == 2


class TestStatus:
    @pytest.mark.parametrize(
        ("tag", "subtag", "status"),
        [
            ("InfoReceived", "InfoReceived_001", TrackingStatus.PRE_TRANSIT),
            ("OutForDelivery", "OutForDelivery_001", TrackingStatus.OUT_FOR_DELIVERY),
            ("AttemptFail", "AttemptFail_001", TrackingStatus.ATTEMPTED),
            ("AvailableForPickup", "AvailableForPickup_001", TrackingStatus.AVAILABLE_FOR_PICKUP),
            ("Delivered", "Delivered_003", TrackingStatus.DELIVERED),
            ("Exception", "Exception_013", TrackingStatus.EXCEPTION),
            ("Exception", "Exception_011", TrackingStatus.RETURNED),
            ("Pending", "Pending_001", TrackingStatus.UNKNOWN),
            ("Teleported", "Teleported_001", TrackingStatus.UNKNOWN),
        ],
    )
    def test_normal_form(self, tag, subtag, status):
        assert tracking(parcel(tag=tag, subtag=subtag)).status is status

    def test_is_a_fact_the_checklist_may_ask_for(self):
        assert aftership.read(parcel()).facts == {"status:delivered"}


class TestEvents:
    def test_instant_beside_the_local_time(self):
        (event,) = tracking(parcel(checkpoint())).events

        assert event.at == datetime(2026, 7, 23, 8, 58, tzinfo=UTC)
        assert event.local_time == "2026-07-23T16:58:00+08:00"

    def test_a_time_without_zone_has_no_instant(self):
        (event,) = tracking(parcel(checkpoint(checkpoint_time="2026-07-23T16:58:00"))).events

        assert event.at is None
        assert event.local_time == "2026-07-23T16:58:00"

    def test_place_from_its_parts(self):
        (event,) = tracking(parcel(checkpoint(location=None, city="Tver", zip="170000"))).events

        assert event.place == "Tver, 170000"


class TestSamples:
    @pytest.mark.parametrize(
        ("name", "status", "events"),
        [
            ("fedex-delivered", TrackingStatus.DELIVERED, 14),
            ("postnl", TrackingStatus.IN_TRANSIT, 6),
        ],
    )
    def test_recorded_answers(self, samples, name, status, events):
        (file,) = (samples / "tracking").glob(f"aftership-v4-tracking-{name}*")
        found = tracking(json.loads(file.read_text("utf-8")))

        assert (found.status, len(found.events)) == (status, events)
        assert all(event.at is not None for event in found.events)
