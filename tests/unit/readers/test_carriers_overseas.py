"""Trackings of carriers and posts of America, Asia and Oceania."""

from datetime import UTC, datetime

import pytest
from readings import only, told, xml

from evidence_service.readers.tracking import (
    amazon_standard,
    aramex,
    asendia_usa,
    canpar,
    china_post,
    delhivery,
    gofo,
    india_post,
    jtexpress,
    lasership,
    ninjavan,
    nzpost,
    ontrac,
    pos_malaysia,
    purolator,
    uniuni,
    yto,
)

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

    def test_a_kind_that_says_little(self):
        scan = (
            "<Scan><ScanType>Undeliverable</ScanType><Description>{}</Description>{}</Scan>".format
        )
        signed = "<ScanDetails><DeliverySignature>ANN</DeliverySignature></ScanDetails>"
        found = only(
            purolator.read_xml(
                xml(
                    "<TrackPackagesByPinResponse><TrackingInformationList><TrackingInformation>"
                    f"<Scans>{scan('Available for pickup', signed)}{scan('Other', '')}</Scans>"
                    "</TrackingInformation></TrackingInformationList></TrackPackagesByPinResponse>"
                )
            )
        )

        assert told(found) == ("", "available_for_pickup", ["available_for_pickup", "unknown"])
        assert found.signed_by == "ANN"

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


class TestAramex:
    RESULTS = (
        {
            "WaybillNumber": "41",
            "UpdateCode": "SH005",
            "UpdateDescription": "Delivered",
            "UpdateDateTime": "/Date(1777629600000+0300)/",
            "UpdateLocation": "Amman, Jordan",
        },
        {
            "WaybillNumber": "41",
            "UpdateCode": "ZZ1",
            "UpdateDescription": "Out for Delivery",
            "UpdateDateTime": "2026-05-01T08:00:00",
        },
    )

    @pytest.mark.parametrize(
        "wrap",
        [
            lambda results: [{"Key": "41", "Value": results}],
            lambda results: {
                "KeyValueOfstringArrayOfTrackingResultmFAkxlpY": {
                    "Key": "41",
                    "Value": {"TrackingResult": results},
                }
            },
        ],
    )
    def test_however_it_is_wrapped(self, wrap):
        found = only(aramex.read({"TrackingResults": wrap(list(self.RESULTS))}))

        assert told(found) == ("41", "delivered", ["delivered", "out_for_delivery"])
        assert (found.events[0].at, found.events[0].place) == (TEN, "Amman, Jordan")
        assert found.events[1].local_time == "2026-05-01T08:00:00"

    def test_soap(self):
        found = only(
            aramex.read_xml(
                xml(
                    "<TrackingResults><TrackingResult><WaybillNumber>41</WaybillNumber>"
                    "<UpdateCode>SH014</UpdateCode><UpdateDescription>Record created."
                    "</UpdateDescription></TrackingResult></TrackingResults>"
                )
            )
        )

        assert told(found) == ("41", "pre_transit", ["pre_transit"])

    def test_numbers_that_nobody_knows_are_no_history(self):
        assert aramex.read({"TrackingResults": [], "NonExistingWaybills": ["41"]}) is None


class TestCanpar:
    def test_codes_have_blanks(self):
        events = [
            {"code": "DEL", "code_description_en": "Delivered", "address": {"city": "Laval"}},
            {"code": "WC ", "code_description_en": "x", "local_date_time": "20260501 100000"},
        ]
        found = only(canpar.read({"error": None, "result": [{"barcode": "C1", "events": events}]}))

        assert told(found) == ("C1", "delivered", ["delivered", "out_for_delivery"])
        assert (found.events[0].place, found.events[1].local_time) == ("Laval", "20260501 100000")


class TestChinaPost:
    def test_the_state_of_a_code_that_nobody_knows(self):
        events = [
            {"operationCode": "999", "stateDesc": "派送中", "time": "2026-05-01 10:00:00"},
            {"operationCode": "463", "stateDesc": "x", "operation": "【美国】已妥投"},
        ]
        mail = {"mailNo": "LZ1", "stateDesc": "已签收", "mailInfos": events}
        found = only(china_post.read({"code": "000000", "info": {"mail": mail}}))

        assert told(found) == ("LZ1", "delivered", ["out_for_delivery", "delivered"])
        assert (found.events[0].carrier_status, found.events[1].description) == (
            "999 派送中",
            "【美国】已妥投",
        )


class TestDelhivery:
    def shipment(self, status, **over):
        return {"Shipment": {"AWB": "84", "Status": status, **over}}

    def test_the_interface(self):
        scans = [
            {"Scan": "Dispatched", "ScanType": "UD", "ScannedLocation": "Delhi"},
            {"Scan": "In Transit", "ScanType": "RT", "ScanDateTime": "2026-05-01T10:00:00"},
        ]
        shipment = self.shipment(
            {"Status": "RTO", "StatusType": "DL"}, Scans=[{"ScanDetail": one} for one in scans]
        )
        found = only(delhivery.read({"ShipmentData": [shipment]}))

        assert told(found) == ("84", "returned", ["out_for_delivery", "returned"])
        assert (found.events[0].place, found.events[1].local_time) == (
            "Delhi",
            "2026-05-01T10:00:00",
        )

    def test_a_push(self):
        found = only(delhivery.read(self.shipment({"Status": "Manifested", "StatusType": "UD"})))

        assert told(found) == ("84", "pre_transit", ["pre_transit"])

    def test_the_page(self):
        states = [{"label": "x", "scans": [{"scan": "Delivered", "cityLocation": "Delhi"}]}, {}]
        parcel = {"awb": "1", "status": {"status": "DELIVERED"}, "trackingStates": states}
        found = only(delhivery.read({"statusCode": 200, "data": [parcel]}))

        assert told(found) == ("1", "delivered", ["delivered"])


class TestGofo:
    def test_newest_first(self):
        events = [
            {"processCode": "208", "processDate": "2026-05-01T03:00:00.000-0700"},
            {"processCode": "100", "processCity": "Reno", "processProvince": "NV"},
        ]
        parcel = {"waybillNo": "GF1", "status": "New", "trackEventList": events}
        found = only(gofo.read({"data": {"success": [parcel], "error": {"errorCount": 0}}}))

        assert told(found) == ("GF1", "out_for_delivery", ["out_for_delivery", "pre_transit"])
        assert (found.events[0].at, found.events[1].place) == (TEN, "Reno, NV")


class TestIndiaPost:
    def test_the_answer_does_not_repeat_the_number(self):
        events = [
            {"event_type": "ItemDispatched", "tracked_at": "2026-05-01T10:00:00.000000Z"},
            {"event_type": "ItemDelivered", "tracked_at": "", "office": "Maker SO"},
        ]
        found = only(india_post.read({"tracking_status": "Completed", "tracking_events": events}))

        assert told(found) == ("", "delivered", ["in_transit", "delivered"])
        assert (found.events[0].at, found.events[1].place) == (TEN, "Maker SO")


class TestPosMalaysia:
    def test_oldest_first(self):
        events = [
            {"process_summary": "Out for delivery", "date": "01 May 2026, 10:00:00 AM"},
            {"process_summary": "New", "office": "Ipoh"},
        ]
        to = {"receipient_city": "JB", "receipient_country": "MY"}
        found = only(
            pos_malaysia.read({"connote_id": "MY1", "recipient_data": to, "tracking_data": events})
        )

        assert told(found) == ("MY1", "out_for_delivery", ["out_for_delivery", "unknown"])
        assert (found.events[0].local_time, found.destination.city) == (
            "01 May 2026, 10:00:00 AM",
            "JB",
        )


class TestUniUni:
    def test_an_instant_beside_the_local_time(self):
        events = [
            {"state": 190, "dateTime": {"localTime": None, "ts": 1777600000}},
            {
                "state": 203,
                "city": "Reno",
                "dateTime": {"localTime": "2026-05-01 03:00:00", "ts": 1777629600},
            },
        ]
        found = only(uniuni.read({"data": {"valid_tno": [{"tno": "UU1", "spath_list": events}]}}))

        assert told(found) == ("UU1", "delivered", ["pre_transit", "delivered"])
        assert (found.events[1].at, found.events[1].local_time) == (TEN, "2026-05-01 03:00:00")


class TestYto:
    def test_newest_first(self):
        scans = [
            {"opName": "退回件扫描", "opTime": "2026-05-01 10:00:00"},
            {"opName": "派件扫描", "opOrgName": "上海"},
        ]
        found = only(yto.read([{"waybillNo": "YT1", "waybillProcessInfo": scans}]))

        assert told(found) == ("YT1", "returned", ["returned", "out_for_delivery"])
        assert found.events[1].place == "上海"


class TestAmazonStandard:
    def test_xml(self):
        found = only(
            amazon_standard.read_xml(
                xml(
                    "<AmazonTrackingResponse><PackageTrackingInfo>"
                    "<TrackingNumber>AZ1</TrackingNumber>"
                    "<PackageDestinationLocation><City>RENO</City></PackageDestinationLocation>"
                    "<TrackingEventHistory><TrackingEventDetail><EventCode>EVENT_301</EventCode>"
                    "<EventCodeDesc>Delivered</EventCodeDesc>"
                    "<EventDateTime>2026-05-01T03:00:00-07:00</EventDateTime>"
                    "<EventLocation><City>RENO</City><CountryCode>US</CountryCode></EventLocation>"
                    "<SignedForByName>ANN</SignedForByName></TrackingEventDetail>"
                    "<TrackingEventDetail><EventCode>EVENT_101</EventCode><EventCodeDesc>Shipment"
                    " has left seller facility</EventCodeDesc></TrackingEventDetail>"
                    "</TrackingEventHistory></PackageTrackingInfo></AmazonTrackingResponse>"
                )
            )
        )

        assert told(found) == ("AZ1", "delivered", ["delivered", "in_transit"])
        assert (found.events[0].at, found.events[0].place) == (TEN, "RENO, US")
        assert (found.signed_by, found.destination.city) == ("ANN", "RENO")

    def test_json(self):
        event = {
            "EventCode": "EVENT_302",
            "EventCodeDesc": "Out for delivery",
            "serverDate": "05/01/2026",
            "serverTime": "10:00 AM",
            "ELCity": "Taylor",
            "PDCity": "Troy",
        }
        found = only(
            amazon_standard.read([{"TrackingNumber": "PS1", "TrackingEventHistory": [event]}])
        )

        assert told(found) == ("PS1", "out_for_delivery", ["out_for_delivery"])
        assert (found.events[0].local_time, found.events[0].place) == (
            "05/01/2026 10:00 AM",
            "Taylor",
        )
        assert found.destination.city == "Troy"

    def test_an_error_is_no_history(self):
        error = "<TrackingErrorInfo><TrackingNumber>AZ1</TrackingNumber></TrackingErrorInfo>"

        assert (
            amazon_standard.read_xml(
                xml(f"<AmazonTrackingResponse>{error}</AmazonTrackingResponse>")
            )
            is None
        )


class TestJtExpress:
    def test_the_times_tell_which_is_the_newest(self):
        details = [
            {"scanTypeCode": 94, "scanTypeName": "x", "scanTime": "2026-05-01 10:00:00"},
            {"scanType": "Pickup scan", "scanTime": "2026-04-30 10:00:00"},
            {"scanType": "Sending scan", "scanTime": "2026-04-30 11:00:00"},
        ]
        found = only(
            jtexpress.read({"code": "1", "data": [{"billCode": "JT1", "details": details}]})
        )

        assert told(found) == (
            "JT1",
            "out_for_delivery",
            ["out_for_delivery", "in_transit", "in_transit"],
        )

    def test_details_of_something_else_are_not_taken(self):
        assert jtexpress.read({"billCode": "1", "details": [{"amount": 1}]}) is None


class TestLaserShip:
    def test_every_piece_has_the_events_of_the_order(self):
        events = [
            {
                "EventType": "Released",
                "DateTime": "2026-05-01T06:00:00",
                "UTCDateTime": "2026-05-01T10:00:00",
                "Location": "Front Door",
            },
            {"EventType": "OrderReceived"},
        ]
        pieces = [{"TrackingNumber": "L1"}, {"TrackingNumber": "L2"}]
        order = {"OrderNumber": "D", "Pieces": pieces, "Events": events}
        found = lasership.read(order | {"Destination": {"City": "TAMPA", "State": "FL"}})

        assert list(map(told, found.contents)) == [
            ("L1", "delivered", ["delivered", "pre_transit"]),
            ("L2", "delivered", ["delivered", "pre_transit"]),
        ]
        event = found.contents[0].events[0]
        assert (event.at, event.local_time, event.place) == (
            TEN,
            "2026-05-01T06:00:00",
            "Front Door",
        )
        assert found.contents[0].destination.city == "TAMPA, FL"
