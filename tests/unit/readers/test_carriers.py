"""Trackings of carriers in JSON."""

import json
from datetime import UTC, datetime

import pytest
from readings import only, told

from evidence_service.domain.evidence import EvidenceKind
from evidence_service.readers.tracking import (
    amazon_shipping,
    asendia,
    australiapost,
    cainiao,
    cdek,
    dhl_express,
    dhl_unified,
    dpd,
    fedex,
    geodis,
    gls,
    hermes,
    laposte,
    postnl,
    royalmail,
    seko,
    sendle,
    sf_express,
    smartkargo,
    ups,
    usps,
    yunexpress,
)

TEN = datetime(2026, 5, 1, 10, tzinfo=UTC)


class TestDHLUnified:
    def read(self, **status):
        shipment = {
            "id": 7777777770,
            "service": "express",
            "status": {"timestamp": "2026-05-01T10:00:00Z"} | status,
            "events": [{"timestamp": "2026-05-01T10:00:00", "statusCode": "transit"}],
            "details": {"proofOfDelivery": {"signed": {"givenName": "Ann", "familyName": "Lee"}}},
        }
        return dhl_unified.read({"shipments": [shipment]})

    def test_the_code_tells(self):
        found = self.read(statusCode="delivered", status="DELIVERED")

        assert told(only(found)) == ("7777777770", "delivered", ["in_transit"])
        assert only(found).signed_by == "Ann Lee"
        assert found.warnings == ("time_zone_unknown",)

    def test_words_that_contradict_the_code_are_shown_with_a_warning(self):
        found = self.read(statusCode="pre-transit", status="DELIVERED")

        assert (only(found).status, only(found).carrier_status) == ("pre_transit", "DELIVERED")
        assert "status_contradictory" in found.warnings


class TestDHLExpress:
    def test_offset_beside_the_time(self):
        event = {
            "date": "2026-05-01",
            "time": "12:00:00",
            "GMTOffset": "+02:00",
            "typeCode": "OK",
            "signedBy": "ANN",
            "serviceArea": [{"description": "Milan"}],
        }

        found = only(
            dhl_express.read({"shipments": [{"shipmentTrackingNumber": "12", "events": [event]}]})
        )

        assert told(found) == ("12", "delivered", ["delivered"])
        assert (found.events[0].at, found.signed_by) == (TEN, "ANN")


class TestUPS:
    def read(self, *activity, **package):
        package = {"trackingNumber": "1Z", "activity": list(activity)} | package
        return ups.read({"trackResponse": {"shipment": [{"package": [package]}]}})

    def activity(self, kind, code, **over):
        status = {"type": kind, "code": code, "description": "words"}
        return {"date": "20260501", "time": "060000", "status": status} | over

    def test_an_exception_is_one_whatever_the_simple_words_say(self):
        activity = self.activity("X", "SR")
        activity["status"]["simplifiedTextDescription"] = "Delivered"

        assert told(only(self.read(activity))) == ("1Z", "exception", ["exception"])

    def test_the_instant_where_it_is_given(self):
        plain = self.activity("D", "FS")
        exact = plain | {"gmtDate": "20260501", "gmtTime": "10:00:00"}

        assert only(self.read(plain)).events[0].at is None
        assert only(self.read(exact)).events[0].at == TEN

    @pytest.mark.parametrize("order", [1, -1])
    def test_without_a_current_status_the_newest_activity_counts(self, order):
        activity = [
            {"date": "20260502", "time": "090000", "status": {"type": "I", "description": "moves"}},
            {"date": "20260501", "time": "100000", "status": {"type": "M", "description": "made"}},
        ]

        found = only(self.read(*activity[::order]))

        assert (found.status, found.carrier_status) == ("in_transit", "moves")

    @pytest.mark.parametrize(
        ("current", "status"),
        [
            ({"code": "D"}, "delivered"),
            ({"description": "Delivered"}, "delivered"),
            ({"description": "Out For Delivery Today"}, "out_for_delivery"),
            ({"description": "Delivered to UPS Access Point"}, "available_for_pickup"),
        ],
    )
    def test_a_current_status_without_a_type(self, current, status):
        assert only(self.read(currentStatus=current)).status == status

    def test_the_shipment_may_tell_for_its_package(self):
        shipment = {
            "package": [{"trackingNumber": "1Z", "activity": [self.activity("I", "OR")]}],
            "currentStatus": {"type": "D", "code": "FS", "description": "Delivered"},
            "deliveryInformation": {"signedBy": "ANN"},
        }

        found = only(ups.read({"trackResponse": {"shipment": [shipment]}}))

        assert (found.status, found.signed_by) == ("delivered", "ANN")

    def test_no_package_is_no_history(self):
        warning = {"code": "TW0001", "message": "Tracking Information Not Found"}

        assert ups.read({"trackResponse": {"shipment": [{"warnings": [warning]}]}}) is None

    def test_older_answers(self):
        activity = {
            "ActivityLocation": {"Address": {"City": "Wayne"}},
            "Status": {"Type": "D", "Description": "DELIVERED", "Code": "KB"},
            "Date": "20260501",
            "Time": "100000",
        }
        package = {"TrackingNumber": "1Z", "Activity": [activity]}

        found = ups.read({"TrackResponse": {"Shipment": {"Package": package}}})

        assert (found.reader, told(only(found))) == (
            "ups_older",
            ("1Z", "delivered", ["delivered"]),
        )


class TestFedEx:
    def result(self, code="DL", **over):
        return {
            "trackingNumberInfo": {"trackingNumber": "77"},
            "latestStatusDetail": {"code": code, "statusByLocale": "words"},
            "scanEvents": [{"date": "2026-05-01T12:00:00+02:00", "eventType": code}],
        } | over

    def read(self, *results):
        number = {"trackingNumber": "77", "trackResults": list(results)}
        return fedex.read({"output": {"completeTrackResults": [number]}})

    def test_signature_and_instant(self):
        found = only(self.read(self.result(deliveryDetails={"signedByName": "ANN"})))

        assert told(found) == ("77", "delivered", ["delivered"])
        assert (found.signed_by, found.events[0].at) == ("ANN", TEN)

    def test_a_number_used_again_has_several_parcels(self):
        assert len(self.read(self.result(), self.result("IT")).contents) == 2

    def test_not_found_is_no_history(self):
        error = {"code": "TRACKING.TRACKINGNUMBER.NOTFOUND"}

        assert self.read({"trackingNumberInfo": {"trackingNumber": "77"}, "error": error}) is None

    def test_a_proof_of_delivery_is_named_but_says_nothing_by_itself(self):
        output = {"documentType": "SIGNATURE_PROOF_OF_DELIVERY", "documents": ["JVBERi0="]}

        found = fedex.read_documents({"output": output})

        assert found.kind is EvidenceKind.PROOF_OF_DELIVERY
        assert found.facts == {"status:unknown"}
        assert found.warnings == ("document_inside",)


class TestUSPS:
    def test_an_answer_without_the_number(self):
        event = {"eventType": "Out for Delivery", "eventCode": "OF"}
        answer = {"statusCategory": "Out for Delivery", "trackingEvents": [event]}

        assert told(only(usps.read(answer))) == ("", "out_for_delivery", ["out_for_delivery"])

    def test_local_time_beside_the_instant(self):
        event = {
            "eventType": "Delivered, Front Desk",
            "eventTimestamp": "2026-05-01T06:00:00",
            "GMTTimestamp": "2026-05-01T10:00:00Z",
            "eventCode": "01",
            "name": "A LEE",
        }

        found = only(
            usps.read(
                {
                    "trackingNumber": "94",
                    "statusCategory": "Delivered",
                    "destinationCity": "HERNANDO",
                    "destinationState": "FL",
                    "trackingEvents": [event],
                }
            )
        )

        assert told(found) == ("94", "delivered", ["delivered"])
        assert (found.signed_by, found.destination.city) == ("A LEE", "HERNANDO, FL")
        assert (found.events[0].at, found.events[0].local_time) == (TEN, "2026-05-01T06:00:00")


class TestCainiao:
    def read(self, zone, **parcel):
        event = {
            "timeStr": "2026-05-01 18:00:00",
            "time": 1777629600000,
            "timeZone": zone,
            "actionCode": "GTMS_DO_DEPART",
            "standerdDesc": "Out for delivery",
        }
        return cainiao.read(
            {"module": [{"mailNo": "LP1", "detailList": [event], "destCountry": "Israel"} | parcel]}
        )

    @pytest.mark.parametrize(("zone", "at"), [("GMT+8", TEN), ("GMT+2", None), ("", None)])
    def test_an_instant_only_where_the_label_agrees(self, zone, at):
        found = only(self.read(zone))

        assert (found.events[0].at, found.events[0].local_time) == (at, "2026-05-01 18:00:00")
        assert (found.status, found.destination.country) == ("out_for_delivery", "Israel")

    def test_no_status_and_no_events_are_no_history(self):
        assert self.read("", detailList=[]) is None


class TestDPD:
    def test_steps_ahead_are_no_events(self):
        def step(status, reached):
            return {
                "status": status,
                "statusHasBeenReached": reached,
                "date": "01.05.2026, 10:00",
                "description": {"content": ["On its", "way"]},
            }

        info = [step("ON_THE_ROAD", True), step("DELIVERED", False)]
        data = {"shipmentInfo": {"parcelLabelNumber": "01"}, "statusInfo": info}

        found = only(dpd.read({"parcellifecycleResponse": {"parcelLifeCycleData": data}}))

        assert told(found) == ("01", "in_transit", ["in_transit"])
        assert found.events[0].description == "On its way"


class TestGLS:
    def test_details_name_the_parcel_among_their_references(self):
        details = {
            "progressBar": {"statusInfo": "DELIVERED"},
            "references": [{"type": "CUSTREF", "value": "8"}, {"type": "UNITNO", "value": "29"}],
            "history": [{"date": "2026-05-01", "time": "10:00:00", "evtDscr": "Delivered"}],
        }

        assert told(only(gls.read(details))) == ("29", "delivered", ["unknown"])

    def test_another_progress_bar_is_none(self):
        assert gls.read({"progressBar": {"level": 3}, "history": [{"date": "2026-05-01"}]}) is None

    def test_offset_without_colon(self):
        event = {"code": "INTIAL.PREADVICE", "eventDateTime": "2026-05-01T12:00:00+0200"}

        found = only(
            gls.read({"parcels": [{"unitno": "3", "status": "INTRANSIT", "events": [event]}]})
        )

        assert told(found) == ("3", "in_transit", ["pre_transit"])
        assert found.events[0].at == TEN


class TestAustraliaPost:
    def test_every_article_of_a_consignment_is_a_parcel(self):
        events = [{"description": "Onboard for delivery", "date": "2026-05-01T20:00:00+10:00"}]
        articles = [
            {"article_id": "A", "status": "Delivered", "events": events},
            {"article_id": "B", "status": "Unknown", "events": events},
        ]

        found = australiapost.read(
            {"tracking_results": [{"tracking_id": "X", "trackable_items": [{"items": articles}]}]}
        )

        assert [told(one) for one in found.contents] == [
            ("A", "delivered", ["out_for_delivery"]),
            ("B", "out_for_delivery", ["out_for_delivery"]),
        ]

    def test_an_error_is_no_history(self):
        assert (
            australiapost.read({"tracking_results": [{"tracking_id": "X", "errors": []}]}) is None
        )


class TestRoyalMail:
    def test_a_piece_nobody_knows_is_left_out(self):
        piece = {
            "mailPieceId": "1",
            "summary": {"oneDBarcode": "FQ1GB", "statusCategory": "IN TRANSIT"},
            "signature": {"recipientName": "Simon"},
        }

        found = only(royalmail.read({"mailPieces": [piece, {"mailPieceId": "2", "error": {}}]}))

        assert (told(found), found.signed_by) == (("FQ1GB", "in_transit", []), "Simon")


class TestSendle:
    def test_instant_and_local_time(self):
        event = {
            "event_type": "Delivered",
            "scan_time": "2026-05-01T10:00:00Z",
            "local_scan_time": "2026-05-01T06:00:00",
        }

        found = only(sendle.read({"state": "Delivered", "status": {}, "tracking_events": [event]}))

        assert told(found) == ("", "delivered", ["delivered"])
        assert (found.events[0].at, found.events[0].local_time) == (TEN, "2026-05-01T06:00:00")


SF_ROUTE = {"acceptTime": "2026-05-01 18:00:00", "acceptAddress": "深圳市", "opCode": "80"}
SF_ANSWER = {"msgData": {"routeResps": [{"mailNo": "SF1", "routes": [SF_ROUTE]}]}}


class TestSFExpress:
    @pytest.mark.parametrize(
        "value", [SF_ANSWER, {"apiResultCode": "A1000", "apiResultData": json.dumps(SF_ANSWER)}]
    )
    def test_json_within_json(self, value):
        assert told(only(sf_express.read(value))) == ("SF1", "delivered", ["delivered"])

    def test_routes_without_a_parcel_around_them(self):
        routes = [
            {"mailNo": "SF1", "acceptTime": "2026-05-01 10:00:00", "opcode": code}
            for code in ("80", "44")
        ]

        found = sf_express.read({"head": {"transType": 4501}, "body": routes})

        assert told(only(found)) == ("SF1", "delivered", ["delivered", "out_for_delivery"])

    def test_no_routes_are_no_history(self):
        assert sf_express.read({"mailNo": "SF1", "routes": []}) is None


class TestSmartKargo:
    def test_every_piece_is_a_parcel(self):
        def event(piece, kind):
            return {
                "prefix": "AXB",
                "airWaybill": "01",
                "pieceReference": piece,
                "eventType": kind,
                "eventDate": "2026-05-01T10:00:00",
            }

        found = smartkargo.read([event("a", "DDL"), event("b", "BKD"), event("a", "DEP")])

        assert [told(one) for one in found.contents] == [
            ("AXB01", "delivered", ["delivered", "in_transit"]),
            ("AXB01", "pre_transit", ["pre_transit"]),
        ]


class TestOthers:
    @pytest.mark.parametrize(
        ("read", "value", "expected"),
        [
            (
                hermes.read,
                {"shipmentinfo": [{"shipmentID": "H1", "status": [{"code": "3500"}]}]},
                ("H1", "delivered", ["delivered"]),
            ),
            (
                laposte.read,
                [{"returnCode": 200, "shipment": {"idShip": "EW1", "event": [{"code": "ET1"}]}}],
                ("EW1", "in_transit", ["in_transit"]),
            ),
            (
                seko.read,
                [{"ConsignmentNo": "9", "Status": "?", "Events": [{"OmniCode": "OP-21"}]}],
                ("9", "out_for_delivery", ["out_for_delivery"]),
            ),
            (
                asendia.read,
                {"trackingNumber": "A1", "trackingEvents": [{"time": "", "code": "IT"}]},
                ("A1", "in_transit", ["in_transit"]),
            ),
            (
                geodis.read,
                {
                    "contenu": {
                        "noSuivi": "1G",
                        "listSuivis": [{"codeSituationJustification": "LIV/CFM"}],
                    }
                },
                ("1G", "delivered", ["delivered"]),
            ),
            (
                amazon_shipping.read,
                {
                    "payload": {
                        "trackingId": "TBA1",
                        "summary": {"status": "Delivered"},
                        "eventHistory": [{"eventCode": "CustomerUnavailable"}],
                    }
                },
                ("TBA1", "delivered", ["attempted"]),
            ),
            (
                cdek.read,
                {
                    "entity": {
                        "cdek_number": "10",
                        "statuses": [{"code": "ACCEPTED_AT_PICK_UP_POINT"}, {"code": "CREATED"}],
                    }
                },
                ("10", "available_for_pickup", ["available_for_pickup", "pre_transit"]),
            ),
            (
                postnl.read,
                {
                    "CurrentStatus": {
                        "Shipment": {
                            "Barcode": "3S1",
                            "Status": {"StatusCode": "11", "PhaseCode": "4"},
                        }
                    }
                },
                ("3S1", "delivered", ["delivered"]),
            ),
            (
                yunexpress.read,
                {
                    "Item": {
                        "WaybillNumber": "YT1",
                        "PackageState": 3,
                        "OrderTrackingDetails": [{"ProcessContent": "Signed"}],
                    }
                },
                ("YT1", "delivered", ["unknown"]),
            ),
        ],
    )
    def test_number_and_statuses(self, read, value, expected):
        assert told(only(read(value))) == expected

    def test_usps_is_not_asendia(self):
        event = {"eventType": "Delivered", "eventTimestamp": "2026-05-01T06:00:00"}

        assert asendia.read({"trackingNumber": "94", "trackingEvents": [event]}) is None
