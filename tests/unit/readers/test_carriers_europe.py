"""Trackings of European carriers and posts."""

from datetime import UTC, datetime

import pytest
from readings import only, told

from evidence_service.readers.tracking import (
    bring,
    dpd_app,
    geodis_page,
    inpost,
    packeta,
    poste_italiane,
)

TEN = datetime(2026, 5, 1, 10, tzinfo=UTC)


class TestBring:
    EVENTS = (
        {
            "status": "DELIVERED",
            "description": 'Picked up at <a href="https://x">Kiosk</a>',
            "dateIso": "2026-05-01T12:00:00+02:00",
            "city": "OSLO",
            "recipientSignature": {"name": "ANN"},
        },
        {"status": "TRANSPORT_TO_RECIPIENT", "displayDate": "30.04.2026", "displayTime": "08:30"},
    )

    def package(self, **over):
        return {"packageNumber": "37", "statusDescription": "", "eventSet": [*self.EVENTS]} | over

    @pytest.mark.parametrize(
        "wrap",
        [
            lambda package: {"consignmentSet": [{"packageSet": [package]}]},
            lambda package: {"consignmentWithDomainAsync": {"packageSet": [package]}},
        ],
    )
    def test_the_interface_and_the_page(self, wrap):
        found = only(bring.read(wrap(self.package())))

        assert told(found) == ("37", "delivered", ["delivered", "out_for_delivery"])
        assert (found.carrier_status, found.signed_by) == ("Picked up at Kiosk", "ANN")
        assert (found.events[0].at, found.events[0].place) == (TEN, "OSLO")
        assert found.events[1].local_time == "30.04.2026 08:30"

    def test_the_status_of_the_parcel_comes_first(self):
        returned = self.package(domain={"currentStatus": "RETURN"})
        consignment = {"consignmentId": "7", "packageSet": [returned]}

        assert only(bring.read({"consignmentSet": [consignment]})).status == "returned"

    def test_a_number_that_is_not_found_is_no_history(self):
        assert bring.read({"consignmentSet": [{"error": {"code": 404}}]}) is None


class TestInPost:
    def test_shipx(self):
        scan = {"origin_status": "DOR", "datetime": "2026-05-01T12:00:00.000+02:00"}
        parcel = {
            "tracking_number": "64",
            "status": "ready_to_pickup",
            "tracking_details": [
                scan | {"status": "ready_to_pickup"},
                scan | {"status": "sent_from_source_branch"},
                scan | {"status": "teleported"},
            ],
        }
        found = only(inpost.read(parcel))

        assert told(found) == (
            "64",
            "available_for_pickup",
            ["available_for_pickup", "in_transit", "unknown"],
        )
        assert found.events[0].at == TEN

    def test_abroad(self):
        scan = {
            "status": "LMD.1001",
            "statusTitle": "On the way to you",
            "datetime": "2026-05-01T12:00:00+02:00",
            "place": "Lyon (FR)",
        }
        parcel = {
            "trackingNumber": "64",
            "status": "EOL.1001",
            "statusTitle": "Delivered",
            "destination": {"countryCode": "FR"},
            "trackingDetails": [scan],
        }
        found = only(inpost.read(parcel))

        assert told(found) == ("64", "delivered", ["out_for_delivery"])
        assert (found.destination.country, found.events[0].place) == ("FR", "Lyon (FR)")

    def test_others_with_the_same_names_are_not_taken(self):
        parcel = {"tracking_number": "1", "tracking_details": [{"status": "x", "datetime": "y"}]}

        assert inpost.read(parcel) is None


class TestPacketa:
    def parcel(self, status):
        words = ["We are aware of your parcel and wait.", "The parcel is with you. Thank you"]
        details = [{"text": one, "time": "2026-05-01 10:00:00"} for one in words]
        return {"barcode": "Z1", "packetStatusId": status, "trackingDetails": details}

    def test_the_number_of_the_state_tells(self):
        found = packeta.read(self.parcel("2"))

        assert told(only(found)) == ("Z1", "available_for_pickup", ["pre_transit", "delivered"])
        assert found.warnings == ("time_zone_unknown",)

    def test_of_an_unknown_state_the_events_tell(self):
        assert only(packeta.read(self.parcel("77"))).status == "delivered"


class TestPosteItaliane:
    def test_words_and_milliseconds(self):
        moves = [
            {"statoLavorazione": "la spedizione è in transito", "dataOra": 1777543200000},
            {
                "statoLavorazione": "la spedizione e' stata consegnata",
                "dataOra": 1777629600000,
                "luogo": "ROMA",
            },
        ]
        found = only(poste_italiane.read({"idTracciatura": "RA1", "listaMovimenti": moves}))

        assert told(found) == ("RA1", "delivered", ["in_transit", "delivered"])
        assert (found.events[1].at, found.events[1].place) == (TEN, "ROMA")

    def test_a_parcel_that_nobody_moved_is_no_history(self):
        assert poste_italiane.read({"idTracciatura": "RA1", "listaMovimenti": []}) is None


class TestDpdApp:
    def test_the_scans(self):
        parcel = {
            "parcelNumber": "06",
            "status": {"description": "AVAILABLE_FOR_COLLECTION"},
            "receiver": {"name": "Ann", "address": {"streetName": "Way", "houseNumber": "7"}},
            "parcelEvents": [
                {"date": "2026-05-01", "time": "10:00:00", "eventType": "DLO", "city": "Bern"},
                {"date": "2026-04-30", "time": "10:00:00", "eventType": "NEW", "country": "CH"},
                {"eventType": "ORI", "country": "UNDEFINED", "translation": "At our depot"},
            ],
        }
        found = only(dpd_app.read(parcel))

        assert told(found) == (
            "06",
            "available_for_pickup",
            ["out_for_delivery", "unknown", "in_transit"],
        )
        assert [event.place for event in found.events] == ["Bern", "CH", ""]
        assert (found.events[0].local_time, found.destination.street) == (
            "2026-05-01 10:00:00",
            "Way 7",
        )

    def test_the_steps_where_there_are_no_scans(self):
        step = {"eventDateAndTimeZoneId": "+02:00", "description": "DELIVERED"}
        steps = [
            step | {"eventDateAndTime": "2026-04-30T12:00:00", "description": "IN_TRANSIT"},
            step | {"eventDateAndTime": "2026-05-01T12:00:00"},
        ]
        found = only(dpd_app.read({"parcelNumber": "06", "parcelHistory": steps}))

        assert told(found) == ("06", "delivered", ["delivered", "in_transit"])
        assert found.events[0].at == TEN


class TestGeodisPage:
    def test_the_events_of_days(self):
        days = [
            {
                "dateSuivi": "01/05/2026",
                "suivis": [
                    {"heureSuivi": "10:00:00", "libelleSuivi": "Livrée", "libelleCentre": "LYON"},
                    {"heureSuivi": "08:00:00", "libelleSuivi": "Mise en livraison"},
                ],
            },
            {"dateSuivi": "30/04/2026", "suivis": [{"libelleSuivi": "Sera livré demain"}]},
        ]
        parcel = {"noSuivi": "1G", "listJoursSuivis": days, "destinataire": {"ville": "LYON"}}
        found = only(geodis_page.read({"contenu": parcel}))

        assert told(found) == ("1G", "delivered", ["delivered", "out_for_delivery", "unknown"])
        assert (found.events[0].local_time, found.events[0].place) == (
            "01/05/2026 10:00:00",
            "LYON",
        )
        assert found.destination.city == "LYON"
