"""Trackings of carriers and posts of America, Asia and Oceania."""

from datetime import UTC, datetime

import pytest
from readings import only, told, xml

from evidence_service.readers.tracking import asendia_usa, ninjavan, nzpost, ontrac, purolator

TEN = datetime(2026, 5, 1, 10, tzinfo=UTC)


class TestAsendiaUsa:
    def test_the_words_tell(self):
        events = [
            {
                "eventCode": "B13",
                "eventDescription": "Delivered",
                "eventOn": "2026-05-01T10:00:00+00:00",
                "eventLocationDetails": {"city": "Calgary", "countryIso2": "CA"},
            },
            {"eventCode": "B8", "eventDescription": "Customs released"},
            {"eventDescription": "Delivered to partner"},
        ]
        summary = {"trackingNumberVendor": "BA1", "destinationCountryIso2": "CA"}
        found = only(
            asendia_usa.read({"trackingBrandedSummary": summary, "trackingBrandedDetail": events})
        )

        assert told(found) == ("BA1", "delivered", ["delivered", "in_transit", "unknown"])
        assert (found.events[0].at, found.events[0].place) == (TEN, "Calgary, CA")
        assert found.destination.country == "CA"


class TestNinjaVan:
    def order(self, words, **data):
        return {
            "tracking_id": "NV1",
            "granular_status": words,
            "events": [
                {"type": "DRIVER_INBOUND_SCAN", "data": {"hub_name": "North"}},
                {"type": "DELIVERY_SUCCESS", "time": "2026-05-01T18:00:00+08:00", "data": data},
            ],
        }

    def test_an_order(self):
        found = only(ninjavan.read(self.order("Completed", is_rts=False)))

        assert told(found) == ("NV1", "delivered", ["out_for_delivery", "delivered"])
        assert (found.events[0].place, found.events[1].at) == ("North", TEN)

    def test_delivered_on_the_way_back_is_returned(self):
        found = only(ninjavan.read(self.order("Something new", is_rts=True)))

        assert told(found) == ("NV1", "returned", ["out_for_delivery", "returned"])

    @pytest.mark.parametrize(
        ("event", "status"),
        [
            ("Delivered, Left at Doorstep", "delivered"),
            ("International Transit, Linehaul Departed", "in_transit"),
            ("International Transit, Parcel Lost", "exception"),
            ("Parcel Measurements Update", "unknown"),
        ],
    )
    def test_a_web_hook(self, event, status):
        pushed = {
            "tracking_id": "NV1",
            "shipper_order_ref_no": "7",
            "timestamp": "2026-05-01T18:00:00+0800",
            "event": event,
        }
        found = only(ninjavan.read(pushed))

        assert told(found) == ("NV1", status, [status])
        assert found.events[0].at == TEN


class TestPurolator:
    def test_the_page(self):
        package = {
            "pin": "1",
            "status": {"description": "Delivered"},
            "details": {"deliveryDetails": {"signature": "ANN"}},
            "events": [
                {
                    "dateTime": "2026-05-01 10:00:00",
                    "code": "9500",
                    "description": "Shipment delivered",
                    "location": {"city": "Laval", "provinceState": "QC"},
                },
                {"code": "4200", "description": "On vehicle for delivery"},
                {"code": "0001"},
            ],
        }
        found = only(purolator.read({"searchResult": [{}], "shipment": [{"package": [package]}]}))

        assert told(found) == ("1", "delivered", ["delivered", "out_for_delivery", "unknown"])
        assert (found.signed_by, found.events[0].place) == ("ANN", "Laval, QC")
        assert found.events[0].local_time == "2026-05-01 10:00:00"

    def test_the_web_service(self):
        scans = "".join(
            f"<Scan><ScanType>{kind}</ScanType><Depot><Name>LAVAL</Name></Depot>"
            f"<ScanDate>2026-05-01</ScanDate><ScanTime>100000</ScanTime>"
            f"<Description>{words}</Description></Scan>"
            for kind, words in (
                ("Delivery", "Shipment delivered to ANN"),
                ("Other", "Arrived at sort facility"),
            )
        )
        found = purolator.read_xml(
            xml(
                "<TrackPackagesByPinResponse><TrackingInformationList><TrackingInformation>"
                f"<PIN><Value>1</Value></PIN><Scans>{scans}</Scans>"
                "</TrackingInformation></TrackingInformationList></TrackPackagesByPinResponse>"
            )
        )

        assert told(only(found)) == ("1", "delivered", ["delivered", "in_transit"])
        assert only(found).events[0].local_time == "2026-05-01T100000"

    def test_a_search_without_a_result_is_no_history(self):
        assert purolator.read({"searchResult": [{"status": "NOT_FOUND"}], "shipment": []}) is None


class TestOnTrac:
    def test_every_package(self):
        events = [
            {
                "EventCode": "DLVD",
                "EventShortDescription": "Package Delivered",
                "ZonedEventDateTime": "2026-05-01T03:00:00-07:00",
                "City": "Reno",
                "State": "NV",
            },
            {"EventCode": "OFDL", "EventShortDescription": "Out for Delivery"},
        ]
        found = only(ontrac.read({"Packages": [{"Tracking": "1LS", "Events": events}]}))

        assert told(found) == ("1LS", "delivered", ["delivered", "out_for_delivery"])
        assert (found.events[0].at, found.events[0].place) == (TEN, "Reno, NV")

    def test_others_with_the_same_names_are_not_taken(self):
        assert ontrac.read({"Tracking": "1", "Events": [{"EventCode": "DLVD"}]}) is None


class TestNzPost:
    def test_oldest_first(self):
        events = [
            {"edifact_code": "13", "status": "Collected from sender"},
            {
                "edifact_code": "22",
                "status": "Delivered",
                "date_time": "2026-05-01T10:00:00Z",
                "depot_name": "Otago",
                "signed_by": {"name": "ANN"},
            },
        ]
        found = only(
            nzpost.read({"results": [{"tracking_reference": "00", "tracking_events": events}]})
        )

        assert told(found) == ("00", "delivered", ["in_transit", "delivered"])
        assert (found.carrier_status, found.signed_by) == ("Delivered", "ANN")
        assert (found.events[1].at, found.events[1].place) == (TEN, "Otago")

    def test_a_number_without_events_is_no_history(self):
        assert (
            nzpost.read({"results": [{"tracking_reference": "0", "tracking_events": []}]}) is None
        )
