"""Trackings of aggregators and shipping platforms."""

import json
from datetime import UTC, datetime

import pytest
from readings import only

from evidence_service.domain.tracking import TrackingStatus
from evidence_service.readers.tracking import (
    easypost,
    easyship,
    parcelpanel,
    sendcloud,
    seventeentrack,
    ship24,
    shipengine,
    shippo,
    track123,
    trackingmore,
)

TEN = datetime(2026, 5, 1, 10, tzinfo=UTC)


class Test17Track:
    def parcel(self, status="Delivered", *events, **info):
        return {
            "number": "LX1",
            "carrier": 3011,
            "track_info": {
                "latest_status": {"status": status, "sub_status": f"{status}_Other"},
                "tracking": {"providers": [{"provider": {"name": "Post"}, "events": events}]},
            }
            | info,
        }

    def answer(self, *accepted):
        return {"code": 0, "data": {"accepted": accepted, "rejected": []}}

    def read(self, *accepted):
        return seventeentrack.read(json.loads(json.dumps(self.answer(*accepted))))

    def test_v2(self):
        event = {
            "time_iso": "2026-05-01T12:00:00+02:00",
            "time_utc": "2026-05-01T10:00:00Z",
            "description": "Handed over",
            "location": "LYON",
            "stage": "Delivered",
        }
        receiver = {"country": "FR", "city": "LYON", "postal_code": "69001"}

        found = only(
            self.read(
                self.parcel("Delivered", event, shipping_info={"recipient_address": receiver})
            )
        )

        assert (found.number, found.carrier, found.status) == ("LX1", "Post", "delivered")
        assert (found.events[0].at, found.events[0].place) == (TEN, "LYON")
        assert found.destination.postcode == "69001"

    def test_a_local_time_is_kept_where_no_zone_is_known(self):
        event = {"time_iso": None, "time_raw": {"date": "2026-05-01", "time": "12:00"}}

        found = self.read(self.parcel("InTransit", event))

        assert only(found).events[0].local_time == "2026-05-01 12:00"
        assert found.warnings == ("time_zone_unknown",)

    def test_returned_is_told_from_the_sub_status(self):
        parcel = self.parcel("Exception")
        parcel["track_info"]["latest_status"]["sub_status"] = "Exception_Returned"

        assert only(self.read(parcel)).status is TrackingStatus.RETURNED

    def test_a_number_that_was_not_found_is_no_history(self):
        assert self.read(self.parcel("NotFound")) is None

    def test_a_push_with_the_finer_status_alone(self):
        info = {
            "latest_status": {"sub_status": "InTransit_PickedUp"},
            "latest_event": {"time_iso": "2026-05-01T10:00:00Z"},
        }

        found = only(seventeentrack.read({"data": {"number": "1", "track_info": info}}))

        assert (found.status, found.events[0].at) == ("in_transit", TEN)

    def test_v1(self):
        track = {"e": 40, "z1": [{"a": "2026-05-01 12:00", "c": "LYON", "z": "Delivered"}]}

        found = only(self.read({"number": "LX1", "track": track}))

        assert (found.status, found.events[0].description) == ("delivered", "Delivered")

    @pytest.mark.parametrize(
        ("last_event", "events"),
        [('{"a":"2026-05-01","c":"","d":"Spain","z":"Arrived"}', 1), ("", 0), ("Arrived", 1)],
    )
    def test_the_buyers_list_has_json_in_json(self, last_event, events):
        parcel = {"FTrackNo": "1", "FLastEvent": last_event, "FPackageState": 10}

        found = only(seventeentrack.read({"Json": [parcel]}))

        assert (found.status, len(found.events)) == ("in_transit", events)
        assert all(event.description == "Arrived" for event in found.events)


class TestTrackingMore:
    def checkpoint(self, **over):
        return {
            "checkpoint_date": "2026-05-01 10:31",
            "tracking_detail": "DELIVERED",
            "location": "PASADENA",
            "checkpoint_delivery_status": "delivered",
            "checkpoint_delivery_substatus": "delivered001",
        } | over

    def read(self, *checkpoints, **over):
        parcel = {
            "tracking_number": "1Z",
            "courier_code": "ups",
            "delivery_status": "delivered",
            "origin_info": {"trackinfo": list(checkpoints)},
            "destination_info": {"trackinfo": list(checkpoints)},
        }
        return trackingmore.read({"code": 200, "data": [parcel | over]})

    def test_two_legs_that_repeat_an_event_tell_it_once(self):
        found = only(self.read(self.checkpoint()))

        assert [event.place for event in found.events] == ["PASADENA"]

    @pytest.mark.parametrize(
        ("status", "substatus", "normal"),
        [
            ("pickup", "pickup001", "out_for_delivery"),
            ("pickup", "pickup002", "available_for_pickup"),
            ("transit", "notfound001", "pre_transit"),
            ("exception", "exception010", "returned"),
            ("undelivered", "undelivered003", "attempted"),
            ("teleported", "", "unknown"),
        ],
    )
    def test_the_substatus_tells(self, status, substatus, normal):
        found = self.read(self.checkpoint(), delivery_status=status, substatus=substatus)

        assert only(found).status == normal

    def test_names_of_version_two(self):
        event = {
            "Date": "2026-05-01 10:31",
            "StatusDescription": "Signed",
            "Details": "Riga",
            "checkpoint_status": "delivered",
        }

        (found,) = only(self.read(event, singed_by="ANN")).events

        assert (found.description, found.place, found.status) == ("Signed", "Riga", "delivered")

    def test_not_found_is_no_history(self):
        assert self.read(delivery_status="notfound") is None


class TestParcelPanel:
    def test_version_one(self):
        parcel = {
            "track_number": "9",
            "shipment_status": "delivered",
            "carrier": {"name": "DHL Express"},
            "destination_country": "New Zealand",
            "trackinfo": [{"Date": "2026-05-01 10:00:00", "StatusDescription": "Delivered"}],
        }

        found = only(parcelpanel.read({"meta": {"code": 200}, "data": {"fulfillments": [parcel]}}))

        assert (found.carrier, found.status, len(found.events)) == ("DHL Express", "delivered", 1)
        assert found.destination.country == "New Zealand"

    def test_version_two(self):
        parcel = {
            "tracking_number": "9",
            "status": "DELIVERED",
            "status_label": "Delivered",
            "substatus": "Delivered_001",
            "checkpoints": [{"checkpoint_time": "2026-05-01T10:00:00Z", "status": "IN_TRANSIT"}],
        }

        found = only(parcelpanel.read({"order": {"shipments": [parcel]}}))

        assert (found.status, found.events[0].status) == ("delivered", "in_transit")
        assert found.events[0].at == TEN


TRACKER = {
    "object": "Tracker",
    "tracking_code": "EZ1",
    "carrier": "USPS",
    "status": "delivered",
    "signed_by": "ANN",
    "tracking_details": [
        {"datetime": "2026-05-01T10:00:00Z", "status": "delivered", "message": "Left inside"}
    ],
}


class TestEasyPost:
    @pytest.mark.parametrize(
        "wrap",
        [
            lambda one: one,
            lambda one: {"trackers": [one], "has_more": False},
            lambda one: {"object": "Event", "result": one},
        ],
    )
    def test_however_it_is_wrapped(self, wrap):
        found = only(easypost.read(wrap(TRACKER)))

        assert (found.number, found.signed_by, found.events[0].at) == ("EZ1", "ANN", TEN)
        assert found.carrier_status == "Left inside"

    def test_an_event_without_the_scans(self):
        brief = {"object": "Tracker", "tracking_code": "EZ1", "status": "in_transit"}
        found = only(easypost.read({"description": "tracker.updated", "result": brief}))

        assert (found.number, found.status, found.events) == ("EZ1", "in_transit", ())

    def test_the_tracker_of_a_shipment(self):
        shipment = {"object": "Shipment", "tracking_code": "EZ1", "status": "unknown"}

        assert only(easypost.read(shipment | {"tracker": TRACKER})).signed_by == "ANN"

    def test_one_that_does_not_say_what_it_is_is_known_by_its_scans_or_its_event(self):
        bare = {name: value for name, value in TRACKER.items() if name != "object"}
        brief = {"tracking_code": "EZ1", "status": "in_transit"}
        hook = {"description": "tracker.updated", "result": brief}

        assert only(easypost.read(bare)).number == "EZ1"
        assert only(easypost.read(hook)).status == "in_transit"
        assert easypost.read(hook | {"description": "batch.updated"}) is None

    def test_another_object_is_no_tracker(self):
        assert easypost.read(TRACKER | {"object": "Shipment"}) is None


class TestShippo:
    def read(self, status, *history):
        return shippo.read(
            {
                "carrier": "usps",
                "tracking_number": "92",
                "address_to": {"city": "Berkeley", "state": "CA", "zip": "94705"},
                "tracking_status": status,
                "tracking_history": list(history),
            }
        )

    def test_status_and_history(self):
        status = {"status": "DELIVERED", "status_date": "2026-05-01T10:00:00Z", "location": None}

        found = only(self.read(status, status))

        assert (found.status, found.events[0].at) == ("delivered", TEN)
        assert found.destination.city == "Berkeley, CA"

    def test_the_substatus_tells_more(self):
        status = {"status": "TRANSIT", "substatus": {"code": "out_for_delivery"}}

        assert only(self.read(status)).status is TrackingStatus.OUT_FOR_DELIVERY

    def test_a_number_nobody_knows_is_no_history(self):
        assert self.read(None) is None

    def test_a_web_hook_with_the_latest_status_alone(self):
        status = {"status": "DELIVERED", "status_date": "2026-05-01T10:00:00Z"}
        track = {"tracking_number": "92", "tracking_status": status}

        found = only(shippo.read({"event": "track_updated", "data": track}))

        assert (found.number, found.status) == ("92", "delivered")
        assert [event.at for event in found.events] == [TEN]

    def test_words_are_no_status_of_shippo(self):
        assert shippo.read({"tracking_number": "92", "tracking_status": "DELIVERED"}) is None


class TestShipEngine:
    def test_status_of_shipengine_and_code_of_the_carrier(self):
        event = {
            "occurred_at": "2026-05-01T10:00:00Z",
            "carrier_occurred_at": "2026-05-01T03:00:00",
            "event_code": "KB",
            "status_code": "DE",
            "signer": "ANN",
        }

        found = only(
            shipengine.read({"tracking_number": "1Z", "status_code": "DE", "events": [event]})
        )

        assert (found.status, found.signed_by) == ("delivered", "ANN")
        assert (found.events[0].carrier_status, found.events[0].status) == ("KB", "delivered")
        assert (found.events[0].at, found.events[0].local_time) == (TEN, "2026-05-01T03:00:00")

    def test_the_time_of_2019(self):
        event = {"event_date": "2026-05-01T10:00:00.000Z", "description": "Delivered, Front Desk"}

        found = only(
            shipengine.read({"tracking_number": "92", "status_code": "DE", "events": [event]})
        )

        assert (found.events[0].at, found.events[0].status) == (TEN, "delivered")
        assert found.events[0].local_time == "2026-05-01T10:00:00.000Z"

    def test_events_tell_where_the_code_does_not(self):
        event = {
            "occurred_at": "2026-05-01T10:00:00Z",
            "status_code": "",
            "description": "Electronic information submitted by shipper",
        }
        parcel = {"tracking_number": "10", "status_code": "UN", "events": [event]}

        assert only(shipengine.read(parcel)).status is TrackingStatus.PRE_TRANSIT


class TestEasyship:
    def test_every_leg_is_a_parcel(self):
        legs = [
            {"tracking_number": "A", "tracking_state": "delivered"},
            {"tracking_number": "B", "tracking_state": "in_transit"},
        ]

        found = easyship.read({"shipment": {"easyship_shipment_id": "ES1", "trackings": legs}})

        assert [(one.number, one.status) for one in found.contents] == [
            ("A", "delivered"),
            ("B", "in_transit"),
        ]

    def test_checkpoints(self):
        shipment = {
            "easyship_shipment_id": "ES1",
            "tracking_number": "A",
            "checkpoints": [
                {"checkpoint_time": "2026-05-01T10:00:00Z", "primary_status": "Out for Delivery"}
            ],
        }

        assert only(easyship.read(shipment)).status is TrackingStatus.OUT_FOR_DELIVERY

    @pytest.mark.parametrize(
        ("event", "count"),
        [
            (lambda one: {"event_type": "shipment.tracking.status.changed", "data": one}, 0),
            (lambda one: {"resource_type": "shipment", "tracking_status": one}, 0),
            (lambda one: {"data": one | {"checkpoints": [{"message": "Arrived"}]}}, 1),
            (lambda one: {"tracking_status": one | {"checkpoints": {}}}, 0),
        ],
    )
    def test_a_web_hook(self, event, count):
        shipment = {
            "easyship_shipment_id": "ES1",
            "tracking_number": "A",
            "status": "Delivered",
        }
        found = only(easyship.read(event(shipment)))

        assert (found.number, found.status, len(found.events)) == ("A", "delivered", count)

    def test_a_list_of_trackings(self):
        one = {
            "easyship_shipment_id": "ES1",
            "courier_service": {"umbrella_name": "Parrot Post"},
            "tracking_number": "A",
            "tracking_state": "active",
            "status": "Shipped",
        }

        found = only(easyship.read({"trackings": [one]}))

        assert (found.number, found.carrier) == ("A", "Parrot Post")
        assert (found.status, found.carrier_status) == ("in_transit", "Shipped")

    def test_a_shipment_without_tracking_is_no_history(self):
        assert easyship.read({"shipment": {"easyship_shipment_id": "ES1"}}) is None

    def test_a_label_is_no_history(self):
        label = {"easyship_shipment_id": "ES1", "tracking_number": "A", "status": "success"}

        assert easyship.read({"event_type": "shipment.label.created", "data": label}) is None


class TestShip24:
    def test_offset_beside_the_local_time(self):
        parcel = {
            "tracker": {"trackingNumber": "S24"},
            "shipment": {"statusMilestone": "delivered", "delivery": {"signedBy": "ANN"}},
            "events": [
                {
                    "occurrenceDatetime": "2026-05-01T12:00:00",
                    "utcOffset": "+02:00",
                    "status": "ENTREGADO",
                    "statusMilestone": "delivered",
                    "courierCode": "es-post",
                }
            ],
        }

        found = only(ship24.read({"data": {"trackings": [parcel]}}))

        assert (found.number, found.carrier, found.signed_by) == ("S24", "es-post", "ANN")
        assert (found.events[0].at, found.events[0].local_time) == (TEN, "2026-05-01T12:00:00")

    def test_a_web_hook_without_the_shipment(self):
        event = {"occurrenceDatetime": "2026-05-01T10:00:00Z", "statusMilestone": "delivered"}
        parcel = {"tracker": {"trackingNumber": "S24"}, "events": [event]}

        found = only(ship24.read({"trackings": [parcel]}))

        assert (found.number, found.status, found.events[0].at) == ("S24", "delivered", TEN)

    def test_other_events_of_a_tracker_are_none(self):
        assert ship24.read({"tracker": {"id": 1}, "events": [{"name": "opened"}]}) is None


class TestTrack123:
    def test_both_carriers(self):
        def leg(carrier, word):
            event = {"eventTime": "2026-05-01 12:00:00", "transitSubStatus": word}
            return {"courierNameEN": carrier, "trackingDetails": [event]}

        parcel = {
            "trackNo": "T1",
            "transitStatus": "DELIVERED",
            "localLogisticsInfo": leg("Yun", "IN_TRANSIT_01"),
            "lastMileInfo": leg("USPS", "DELIVERED_01"),
        }

        found = only(track123.read({"data": {"accepted": {"content": [parcel]}}}))

        assert (found.carrier, found.status) == ("Yun, USPS", "delivered")
        assert [event.status for event in found.events] == ["in_transit", "delivered"]


class TestSendcloud:
    def test_oldest_first(self):
        steps = [
            {
                "carrier_update_timestamp": "2026-05-01T10:00:00+00:00",
                "parent_status": status,
                "carrier_message": "x",
            }
            for status in ("announced", "driver-on-route")
        ]

        found = only(
            sendcloud.read({"parcel_id": "1", "tracking_number": "SC1", "statuses": steps})
        )

        assert found.status is TrackingStatus.OUT_FOR_DELIVERY
        assert found.carrier_status == "driver-on-route"

    def hook(self, timestamp, **status):
        parcel = {"tracking_number": "SC1", "status": status}
        told = {"action": "parcel_status_changed", "timestamp": timestamp}
        return [told | {"parcel": parcel}, told | {"data": {"parcel": parcel}}]

    @pytest.mark.parametrize(
        ("timestamp", "local_time"),
        [
            (1777629600000, ""),
            (1777629600, ""),
            ("1777629600", ""),
            ("2026-05-01T10:00:00Z", "2026-05-01T10:00:00Z"),
        ],
    )
    def test_the_time_of_a_web_hook(self, timestamp, local_time):
        for told in self.hook(timestamp, message="Delivered"):
            found = only(sendcloud.read(told))

            assert (found.number, found.status, found.carrier_status) == (
                *("SC1", "delivered"),
                "Delivered",
            )
            assert [(one.at, one.local_time) for one in found.events] == [(TEN, local_time)]

    def test_a_code_beside_foreign_words(self):
        for told in self.hook(None, code="IN_TRANSIT", message="En transit"):
            found = only(sendcloud.read(told))

            assert (found.status, found.carrier_status) == ("in_transit", "En transit")
