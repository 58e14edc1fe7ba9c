"""Trackings of European carriers and posts."""

from datetime import UTC, datetime

import pytest
from readings import only, told, xml

from evidence_service.readers.tracking import (
    an_post,
    austrian_post,
    bring,
    correos_es,
    ctt,
    ctt_express,
    dpd_app,
    geodis_page,
    inpost,
    mondial_relay,
    novaposhta,
    omniva,
    packeta,
    poczta_polska,
    poste_italiane,
    posti,
    postnl_international,
    seur,
    tnt,
    ukrposhta,
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


class TestAnPost:
    def answer(self, *events):
        return {"getEventsResponse": {"GetEventsResult": list(events)}}

    def test_codes_and_where_they_say_little_words(self):
        events = [
            {"traceCode": 14, "activity": "Delivered", "date": "2026-05-01T10:00:00"},
            {"traceCode": 16, "activity": "We attempted to deliver your item"},
            {"traceCode": 999, "activity": "Something"},
        ]
        found = an_post.read(self.answer(*events))

        assert told(only(found)) == ("", "delivered", ["delivered", "attempted", "unknown"])
        assert found.warnings == ("time_zone_unknown",)

    def test_no_events_are_no_history(self):
        assert an_post.read(self.answer()) is None


class TestAustrianPost:
    def test_oldest_first(self):
        events = [
            {"status": "AZT", "trackingDesc": "Sendung in Zustellung"},
            {
                "status": "IZ",
                "reasontypecode": "ZA",
                "trackingDesc": "Sendung wurde zugestellt",
                "timestamp": "2026-05-01T10:00:00+00:00",
            },
        ]
        parcel = {"sendungsnummer": "10", "sendungsEvents": events}
        found = only(austrian_post.read({"data": {"einzelsendung": parcel}}))

        assert told(found) == ("10", "delivered", ["out_for_delivery", "delivered"])
        assert (found.events[1].at, found.events[1].carrier_status) == (TEN, "IZ ZA")


class TestCorreosOfSpain:
    def test_oldest_first(self):
        events = [
            {"codEvento": "NEW", "desTextoResumen": "Algo"},
            {
                "codEvento": "H020000V",
                "fecEvento": "01/05/2026",
                "horEvento": "10:00:00",
                "desTextoResumen": "En reparto",
            },
        ]
        found = only(correos_es.read({"codEnvio": "PR1", "eventos": events}))

        assert told(found) == ("PR1", "out_for_delivery", ["unknown", "out_for_delivery"])
        assert (found.carrier_status, found.events[1].local_time) == (
            "En reparto",
            "01/05/2026 10:00:00",
        )


class TestCtt:
    def test_numbers_of_states(self):
        events = [
            {"StateId": 2, "State": "Aceite"},
            {"StateId": 12, "State": "Entregue", "DateTime": "2026-05-01T11:00:00+01:00"},
        ]
        parcel = {"ObjectCode": "RL1PT", "ReceptorName": "ANA", "Events": {"List": events}}
        found = only(ctt.read(parcel))

        assert told(found) == ("RL1PT", "delivered", ["in_transit", "delivered"])
        assert (found.signed_by, found.carrier_status, found.events[1].at) == (
            "ANA",
            "Entregue",
            TEN,
        )


class TestCttExpress:
    def test_a_return_on_its_way_is_returned(self):
        events = [
            {"code": "1500", "event_date": "2026-05-01T10:00:00.000+00:00"},
            {"code": "2500", "description": "En devolución"},
        ]
        parcel = {"shipping_code": "00", "shipping_history": {"events": events}}
        found = only(ctt_express.read({"data": parcel, "error": None}))

        assert told(found) == ("00", "returned", ["out_for_delivery", "returned"])
        assert found.events[0].at == TEN


class TestMondialRelay:
    def test_the_page(self):
        events = [
            {"Date": "2026-05-01T10:00:00", "Libelle": "Votre colis est disponible au Point"},
            {"Libelle": "Prise en charge", "Localisation": "LILLE"},
        ]
        found = only(mondial_relay.read({"Expedition": {"Numero": "17", "Evenements": events}}))

        assert told(found) == ("17", "available_for_pickup", ["available_for_pickup", "in_transit"])
        assert found.events[1].place == "LILLE"

    def test_the_web_service_leaves_empty_lines(self):
        name = "ret_WSI2_sub_TracingColisDetaille"
        found = only(
            mondial_relay.read_xml(
                xml(
                    "<WSI2_TracingColisDetailleResult><STAT>82</STAT><Libelle01>COLIS LIVRÉ"
                    f"</Libelle01><Tracing><{name}><Libelle>COLIS LIVRÉ</Libelle>"
                    f"<Date>01/05/26</Date><Heure>10:00</Heure></{name}><{name}><Libelle/></{name}>"
                    "</Tracing></WSI2_TracingColisDetailleResult>"
                )
            )
        )

        assert told(found) == ("", "delivered", ["delivered"])
        assert (found.carrier_status, found.events[0].local_time) == (
            "COLIS LIVRÉ",
            "01/05/26 10:00",
        )


class TestNovaPoshta:
    def document(self, code):
        return {
            "Number": "20",
            "StatusCode": code,
            "Status": "Стан",
            "CityRecipient": "Київ",
            "TrackingUpdateDate": "2026-05-01 10:00:00",
        }

    @pytest.mark.parametrize(
        ("code", "status"),
        [
            ("1", "pre_transit"),
            ("7", "available_for_pickup"),
            ("9", "delivered"),
            ("103", "exception"),
            ("999", "unknown"),
        ],
    )
    def test_the_present_state_is_the_one_event(self, code, status):
        found = only(novaposhta.read({"success": True, "data": [self.document(code)]}))

        assert told(found) == ("20", status, [status])
        assert (found.destination.city, found.events[0].local_time) == (
            "Київ",
            "2026-05-01 10:00:00",
        )

    def test_a_number_that_is_not_found_is_no_history(self):
        assert novaposhta.read({"data": [self.document("3")]}) is None


class TestOmniva:
    def test_the_events_of_several_parcels(self):
        event = (
            "<event><packetCode>{}</packetCode><eventCode>PACKET_EVENT_{}</eventCode>"
            "<eventDate>2026-05-01T1{}:00:00+03:00</eventDate></event>"
        ).format
        events = (
            event("CE1", "DELIVERED", 3) + event("CE2", "SAVED", 0) + event("CE1", "STORING", 1)
        )
        found = omniva.read_xml(xml(f"<events>{events}</events>"))

        assert list(map(told, found.contents)) == [
            ("CE1", "delivered", ["delivered", "available_for_pickup"]),
            ("CE2", "pre_transit", ["pre_transit"]),
        ]
        assert found.contents[0].events[0].at == TEN


class TestPocztaPolska:
    def test_a_cancelled_event_tells_nothing_of_the_parcel(self):
        events = [
            {"code": "P_WD", "time": "2026-05-01T10:00:00", "postOffice": {"name": "WARSZAWA"}},
            {"code": "P_D", "name": "Final delivery", "canceled": True},
        ]
        parcel = {"number": "00", "mailInfo": {"recipientCountryCode": "PL", "events": events}}
        found = only(poczta_polska.read(parcel))

        assert told(found) == ("00", "out_for_delivery", ["out_for_delivery", "unknown"])
        assert (found.events[0].place, found.destination.country) == ("WARSZAWA", "PL")


class TestPosti:
    def test_the_status_of_the_parcel_comes_first(self):
        events = [
            {"eventDescription": "The item has been delivered", "city": "Espoo"},
            {"eventDescription": "New", "timestamp": "2026-05-01T10:00:00.000Z"},
        ]
        hit = {"displayId": "CW1", "status": {"main": "RETURN_DELIVERED"}, "events": events}
        found = only(posti.read({"data": {"consumerSearchShipments": {"hits": [hit]}}}))

        assert told(found) == ("CW1", "returned", ["delivered", "unknown"])
        assert (found.events[0].place, found.events[1].at) == ("Espoo", TEN)


class TestPostNLInternational:
    def test_a_time_that_only_looks_like_utc_is_local(self):
        events = [
            {"category": "Delivered", "datetime_local": "2026-05-01T12:00:00Z"},
            {"category": "Customs", "datetime_local": "2026-05-01T10:00:00.0000000Z"},
        ]
        found = only(
            postnl_international.read({"data": {"items": [{"item": "LX", "events": events}]}})
        )

        assert told(found) == ("LX", "delivered", ["delivered", "in_transit"])
        assert [event.at for event in found.events] == [None, TEN]

    def test_an_unknown_number_is_no_history(self):
        assert postnl_international.read({"items": [{"item": "LX", "events": []}]}) is None


class TestSeur:
    def test_the_group_of_a_code_that_nobody_knows(self):
        events = [
            {"cod_situacion": "LL999", "grupo_situacion": "ENTREGADO"},
            {"cod_situacion": "LI530", "grupo_situacion": "EN TRÁNSITO"},
            {"cod_situacion": "X", "grupo_situacion": "NUEVO", "fecha": "2026-05-01T10:00:00Z"},
        ]
        found = only(seur.read({"identificador_busqueda": "99", "situaciones": events}))

        assert told(found) == ("99", "delivered", ["delivered", "available_for_pickup", "unknown"])
        assert found.events[2].at == TEN


class TestTnt:
    def test_every_consignment_of_a_number_that_is_used_again(self):
        event = {"legacyCode": "OD", "date": "2026-05-01T12:00:00+02:00"}
        one = {"consignmentNumber": "1", "events": [event]}
        done = one | {"status": {"groupCode": "DELRED"}, "signatory": "ANN"}
        found = tnt.read({"tracker.output": {"consignment": [one, done]}})

        assert list(map(told, found.contents)) == [
            ("1", "out_for_delivery", ["out_for_delivery"]),
            ("1", "delivered", ["out_for_delivery"]),
        ]
        assert found.contents[0].events[0].at == TEN
        assert found.contents[1].signed_by == "ANN"

    def test_express_connect(self):
        found = only(
            tnt.read_xml(
                xml(
                    "<TrackResponse><Consignment><ConsignmentNumber>1</ConsignmentNumber>"
                    "<SummaryCode>DEL</SummaryCode><DeliveryTown>LYON</DeliveryTown>"
                    "<StatusData><StatusCode>OK</StatusCode>"
                    "<LocalEventDate format='YYYYMMDD'>20260501</LocalEventDate>"
                    "<LocalEventTime format='HHMM'>1000</LocalEventTime></StatusData>"
                    "</Consignment></TrackResponse>"
                )
            )
        )

        assert told(found) == ("1", "delivered", ["delivered"])
        assert (found.destination.city, found.events[0].local_time) == ("LYON", "20260501T1000")

    def test_a_consignment_that_is_not_found_is_no_history(self):
        unknown = "<Consignment><SummaryCode>CNF</SummaryCode></Consignment>"

        assert tnt.read_xml(xml(f"<TrackResponse>{unknown}</TrackResponse>")) is None


class TestUkrposhta:
    def event(self, code, words):
        return {"barcode": "RR1", "event": code, "eventName": words, "date": "2026-05-01T10:00:00"}

    def test_the_words_tell_a_way_back(self):
        found = ukrposhta.read(
            [self.event("21700", "Arrived to the Branch"), self.event("41000", "Return: Delivered")]
        )

        assert told(only(found)) == ("RR1", "returned", ["available_for_pickup", "returned"])

    def test_the_page(self):
        history = [
            {"gtt_event": "48000", "gtt_event_name": "Final delivery", "gtt_name": "Kyiv"},
            {"gtt_event": "29500", "gtt_date": "01.05.2026 10:00"},
        ]
        value = {"overview": {"result": [{"barcode": "RR1"}]}, "history": {"result": history}}
        found = only(ukrposhta.read(value))

        assert told(found) == ("RR1", "delivered", ["delivered", "out_for_delivery"])
        assert (found.events[0].place, found.events[1].local_time) == ("Kyiv", "01.05.2026 10:00")
