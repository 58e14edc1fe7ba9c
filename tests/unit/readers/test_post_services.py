"""Trackings of postal services and shipping partners, and older answers of known carriers."""

from datetime import UTC, datetime

import pytest
from readings import only, told, xml

from evidence_service.readers.tracking import (
    australiapost,
    boxberry,
    bpost,
    cainiao,
    canadapost,
    cdek,
    correios,
    dhl_ecommerce,
    dhl_express,
    dhl_parcel_de,
    dhl_unified,
    dpd,
    easypost,
    fedex,
    fourpx,
    gls,
    kdniao,
    kuaidi100,
    laposte,
    postnl,
    postnord,
    royalmail,
    russianpost,
    seventeentrack,
    sf_express,
    shipengine,
    shippo,
    trackingmore,
    ups,
    yanwen,
    yunexpress,
)

TEN = datetime(2026, 5, 1, 10, tzinfo=UTC)


class TestPostNord:
    def read(self, items, name="TrackingInformationResponse"):
        return postnord.read({name: {"shipments": [{"shipmentId": "S1", "items": items}]}})

    def test_every_item_is_a_parcel(self):
        event = {"eventTime": "2026-05-01T12:00:00", "status": "DELIVERED", "eventCode": "51"}
        items = [
            {"itemId": "1", "status": "DELIVERED", "events": [event]},
            {"itemId": "2", "status": "EN_ROUTE", "events": []},
        ]
        found = self.read(items)

        assert list(map(told, found.contents)) == [
            ("1", "delivered", ["delivered"]),
            ("2", "in_transit", []),
        ]
        assert found.warnings == ("time_zone_unknown",)

    def test_the_pages_answer(self):
        item = {"itemId": "1", "events": [{"status": "INFORMED"}, {"status": "EN_ROUTE"}]}
        shipments = [{"shipmentId": "S1", "items": [item]}]
        answer = {"response": {"trackingInformationResponse": {"shipments": shipments}}}

        assert told(only(postnord.read(answer))) == (
            "1",
            "in_transit",
            ["pre_transit", "in_transit"],
        )

    def test_a_shipment_with_nothing_around_it(self):
        item = {
            "itemId": "1",
            "status": {"code": "DELIVERED", "header": "Delivered"},
            "events": [{"eventTime": "2026-05-01T10:00:00.000Z", "status": "OTHER"}],
        }
        found = only(postnord.read({"shipmentId": "1", "items": [item]}))

        assert told(found) == ("1", "delivered", ["unknown"])
        assert (found.carrier_status, found.events[0].at) == ("Delivered", TEN)

    def test_nothing_found_is_no_history(self):
        assert self.read([]) is None


class TestBpost:
    def test_xml_is_oldest_first(self):
        states = "".join(
            f"<stateInfo><time>2026-05-01T{hour}:00:00+02:00</time><stateCode>{code}</stateCode>"
            "</stateInfo>"
            for hour, code in (("10", "T00"), ("12", "U01"))
        )
        found = only(
            bpost.read_xml(xml(f"<itemTracking><itemCode>32</itemCode>{states}</itemTracking>"))
        )

        assert told(found) == ("32", "delivered", ["in_transit", "delivered"])
        assert found.events[1].at == TEN

    def test_the_pages_words_may_be_of_any_language(self):
        words = {"NL": {"description": "Zending geleverd"}, "EN": {"description": "Item delivered"}}
        event = {"date": "2026-05-01", "time": "12:00", "key": words}
        found = only(bpost.read({"items": [{"itemCode": "32", "events": [event]}]}))

        assert told(found) == ("32", "delivered", ["delivered"])
        assert found.events[0].local_time == "2026-05-01 12:00"


class TestCorreios:
    def test_objects(self):
        events = [
            {
                "codigo": "BDE",
                "tipo": "01",
                "descricao": "Objeto entregue ao destinatário",
                "dtHrCriado": "2026-05-01T10:00:00",
                "unidade": {"endereco": {"cidade": "NITEROI", "uf": "RJ"}},
            },
            {"descricao": "Objeto postado", "dtHrCriado": {"date": "2026-04-30 10:00:00"}},
        ]
        found = only(correios.read({"objetos": [{"codObjeto": "QQ1BR", "eventos": events}]}))

        assert told(found) == ("QQ1BR", "delivered", ["delivered", "in_transit"])
        assert [event.local_time for event in found.events] == [
            "2026-05-01T10:00:00",
            "2026-04-30 10:00:00",
        ]
        assert (found.events[0].place, found.events[0].carrier_status) == ("NITEROI, RJ", "BDE 01")

    @pytest.mark.parametrize(
        ("zone", "at"),
        [("America/Sao_Paulo", TEN.replace(hour=13)), ("Nowhere/Else", None), ("", None)],
    )
    def test_a_time_beside_its_zones_name(self, zone, at):
        when = {"date": "2026-05-01 10:00:00.000000", "timezone_type": 3, "timezone": zone}
        event = {"descricaoWeb": "ENTREGUE", "dtHrCriado": when}
        found = only(correios.read({"codObjeto": "1", "eventos": [event]}))

        assert told(found) == ("1", "delivered", ["delivered"])
        assert (found.events[0].at, found.events[0].description) == (at, "ENTREGUE")

    def test_delivered_to_the_sender_is_returned(self):
        event = {"descricao": "Objeto entregue ao remetente"}

        assert only(correios.read({"codObjeto": "1", "eventos": [event]})).status == "returned"

    def test_the_older_xml(self):
        found = correios.read_xml(
            xml(
                "<sroxml><objeto><numero>SS1BR</numero><evento><tipo>BDE</tipo><status>01</status>"
                "<data>01/05/2026</data><hora>10:00</hora><descricao>Entregue</descricao>"
                "<recebedor>ANA</recebedor></evento></objeto></sroxml>"
            )
        )

        assert told(only(found)) == ("SS1BR", "delivered", ["delivered"])
        assert (only(found).signed_by, only(found).events[0].local_time) == (
            "ANA",
            "01/05/2026 10:00",
        )

    def test_an_object_without_events_is_no_history(self):
        assert correios.read({"objetos": [{"codObjeto": "1", "mensagem": "x"}]}) is None


SIGNED = {"time": "2026-05-01 18:00:00", "context": "已签收", "status": "签收"}


class TestKdniao:
    def parcel(self, **over):
        traces = [
            {"AcceptTime": "2026-05-01 09:00:00", "AcceptStation": "已收件", "Action": "1"},
            {"AcceptTime": "2026-05-01 18:00:00", "AcceptStation": "已签收", "Action": "301"},
        ]
        return {"LogisticCode": "75", "ShipperCode": "STO", "State": "3", "Traces": traces} | over

    @pytest.mark.parametrize(
        "wrap", [lambda one: one, lambda one: {"data": one}, lambda one: {"Data": [one]}]
    )
    def test_however_it_is_wrapped(self, wrap):
        found = only(kdniao.read(wrap(self.parcel())))

        assert told(found) == ("75", "delivered", ["in_transit", "delivered"])
        assert (found.carrier, found.events[0].at) == ("STO", None)
        assert found.events[0].local_time == "2026-05-01 09:00:00"

    @pytest.mark.parametrize(
        ("over", "status"),
        [
            ({"State": "2"}, "in_transit"),
            ({"State": "2", "StateEx": "202"}, "out_for_delivery"),
            ({"State": "4", "StateEx": "404"}, "returned"),
            ({"State": "4", "StateEx": "999"}, "exception"),
            ({"State": "0"}, "unknown"),
        ],
    )
    def test_the_finer_state_tells_more(self, over, status):
        assert only(kdniao.read(self.parcel(**over))).status == status

    def test_an_answer_without_traces_is_no_history(self):
        nothing = self.parcel(State="0", Reason="暂无轨迹信息", Traces=[])

        assert kdniao.read(nothing) is None


class TestKuaidi100:
    @pytest.mark.parametrize(
        ("over", "status"),
        [
            ({"state": "3"}, "delivered"),
            ({"state": "5"}, "out_for_delivery"),
            ({"state": "6"}, "returned"),
            ({"ischeck": "1"}, "delivered"),
            ({"ischeck": "0"}, "unknown"),
        ],
    )
    def test_the_state_tells(self, over, status):
        answer = {"nu": "75", "com": "zhongtong", "data": [SIGNED]} | over
        found = only(kuaidi100.read(answer))

        assert told(found) == ("75", status, ["delivered"])
        assert found.events[0].at is None

    def test_a_push(self):
        answer = {"nu": "75", "com": "yuantong", "state": "0", "data": [SIGNED]}

        assert only(kuaidi100.read({"status": "polling", "lastResult": answer})).number == "75"


class TestOthers:
    def test_4px(self):
        listed = [
            {"businessLinkCode": "FPX_S_OK", "occurDatetime": "2026-05-01 10:00:00"},
            {"businessLinkCode": "FPX_X", "trackingContent": "Departed from facility"},
            {"businessLinkCode": "FPX_L_RPIF"},
        ]
        found = only(
            fourpx.read({"result": "1", "data": {"deliveryOrderNo": "30", "trackingList": listed}})
        )

        assert told(found) == ("30", "delivered", ["delivered", "in_transit", "pre_transit"])

    def test_4px_in_any_order_with_offsets(self):
        listed = [
            {
                "businessLinkCode": "FPX_L_RPIF",
                "occurDatetime": "2026-04-30 08:45:13",
                "timeZone": "UTC+08:00",
            },
            {
                "businessLinkCode": "FPX_S_OK",
                "occurDatetime": "2026-05-01 12:00:00",
                "timeZone": "UTC+02:00",
                "occurLocation": "Malmö",
                "country": "SE",
            },
        ]
        found = only(fourpx.read({"data": {"shipperOrderNo": "30", "trackingList": listed}}))

        assert told(found) == ("30", "delivered", ["pre_transit", "delivered"])
        assert (found.events[1].at, found.events[1].place) == (TEN, "Malmö, SE")

    def test_4px_page(self):
        track = {
            "tkCode": "FPX_S_OK",
            "tkDate": "2026-05-01T04:00:00.000+0000",
            "tkDateStr": "2026-05-01 12:00:00",
            "tkTimezone": "UTC+02:00",
            "tkTranslatedDesc": "Delivered",
        }
        found = only(fourpx.read({"result": 1, "data": [{"queryCode": "30", "tracks": [track]}]}))

        assert told(found) == ("30", "delivered", ["delivered"])
        assert found.events[0].at == TEN

    def test_yanwens_offset_stands_apart(self):
        point = {
            "time_stamp": "2026-05-01T18:00:00",
            "time_zone": "+08:00",
            "tracking_status": "LM40",
        }
        parcel = {
            "tracking_number": "UY1",
            "waybill_number": "YW1",
            "tracking_status": "LM40",
            "checkpoints": [point],
        }
        found = only(yanwen.read({"code": 0, "result": [parcel]}))

        assert told(found) == ("UY1", "delivered", ["delivered"])
        assert found.events[0].at == TEN

    def test_boxberry_does_not_name_the_parcel(self):
        listed = [
            {"Date": "2026-05-01T10:00:00", "Name": "Принято к доставке", "Comment": "Москва"},
            {"Date": "2026-05-02T10:00:00", "Name": "Выдано", "Comment": ""},
        ]

        assert told(only(boxberry.read(listed))) == ("", "delivered", ["in_transit", "delivered"])
        assert told(only(boxberry.read({"statuses": listed[:1]})))[1] == "in_transit"
        assert boxberry.read({"statuses": []}) is None


class TestLaPoste:
    def test_chronopost(self):
        events = "".join(
            f"<events><code>{code}</code><eventDate>2026-05-01T12:00:00+02:00</eventDate>"
            f"<eventLabel>{label}</eventLabel>{more}</events>"
            for code, label, more in (
                ("DC", "", ""),
                ("ZZ", "Envoi en cours de livraison", ""),
                (
                    "D",
                    "Delivered",
                    "<infoCompList><name>Consignee's name</name><value>ANN</value></infoCompList>",
                ),
            )
        )
        found = only(
            laposte.read_xml(
                xml(
                    f"<a><return><listEventInfoComp>{events}<skybillNumber>89</skybillNumber>"
                    "</listEventInfoComp></return></a>"
                )
            )
        )

        assert told(found) == ("89", "delivered", ["pre_transit", "out_for_delivery", "delivered"])
        assert (found.signed_by, found.events[0].at) == ("ANN", TEN)

    def test_colissimo_tells_the_last_event(self):
        found = laposte.read_xml(
            xml(
                "<trackResponse><return><errorCode>0</errorCode><eventCode>LIVCFM</eventCode>"
                "<eventDate>2026-05-01T12:00:00+02:00</eventDate>"
                "<eventLibelle>Votre colis est livré.</eventLibelle>"
                "<skybillNumber>6A1</skybillNumber></return></trackResponse>"
            )
        )

        assert told(only(found)) == ("6A1", "delivered", ["delivered"])

    def test_put_into_distribution_is_out_for_delivery(self):
        answer = {"shipment": {"idShip": "6A1", "event": [{"code": "MD2"}]}}

        assert only(laposte.read(answer)).status == "out_for_delivery"


class TestOlderAnswers:
    def test_dhl_of_before_2015(self):
        found = dhl_express.read_ecommerce(
            xml(
                "<ECommerce><Track><Shipment><TrackingNbr>12</TrackingNbr>"
                "<Delivery><Signatory>ANN</Signatory></Delivery><TrackingHistory>"
                "<Status><Disposition>LD</Disposition><Date>2014-03-14</Date><Time>14:06</Time></Status>"
                "<Status><Disposition>PU</Disposition></Status>"
                "</TrackingHistory></Shipment></Track></ECommerce>"
            )
        )

        assert told(only(found)) == ("12", "delivered", ["delivered", "in_transit"])
        assert only(found).signed_by == "ANN"

    def test_dhl_ecommerce_shows_the_letters_of_the_zone(self):
        found = only(
            dhl_ecommerce.read(
                xml(
                    "<track><shipment><trackingnumber>10</trackingnumber><city>BRONX</city>"
                    "<event><code>600</code><date>5/1/2026</date><time>12:26 PM ET</time>"
                    "<description>DELIVERED</description></event>"
                    "<event><code>598</code><description>OUT FOR DELIVERY</description></event>"
                    "</shipment><shipment/></track>"
                )
            )
        )

        assert told(found) == ("10", "delivered", ["delivered", "out_for_delivery"])
        assert (found.events[0].at, found.events[0].local_time) == (None, "5/1/2026 12:26 PM ET")

    def test_dhl_in_soap(self):
        event = "<ServiceEvent><EventCode>OK</EventCode></ServiceEvent>"
        found = dhl_express.read_xml(
            xml(
                "<a><trackingResponse><TrackingResponse><AWBInfo><ArrayOfAWBInfoItem>"
                "<AWBNumber>12</AWBNumber><ShipmentInfo><ShipmentEvent><ArrayOfShipmentEventItem>"
                f"{event}</ArrayOfShipmentEventItem></ShipmentEvent></ShipmentInfo>"
                "</ArrayOfAWBInfoItem></AWBInfo></TrackingResponse></trackingResponse></a>"
            )
        )

        assert told(only(found)) == ("12", "delivered", ["delivered"])

    def test_ups_in_soap_and_what_comes_after_a_delivery(self):
        activity = "".join(
            f"<Activity><Status><Type>{kind}</Type><Code>{code}</Code></Status></Activity>"
            for kind, code in (("X", "DM"), ("D", "KB"))
        )
        found = ups.read_xml(
            xml(
                "<e><TrackResponse><Shipment><Package><TrackingNumber>1Z</TrackingNumber>"
                f"{activity}</Package></Shipment></TrackResponse></e>"
            )
        )

        assert told(only(found)) == ("1Z", "delivered", ["exception", "delivered"])

    def test_fedex_without_namespace(self):
        found = fedex.read_soap(
            xml(
                "<TrackReply><TrackDetails><TrackingNumber>61</TrackingNumber>"
                "<StatusCode>DL</StatusCode></TrackDetails></TrackReply>"
            )
        )

        assert told(only(found)) == ("61", "delivered", [])

    def test_sf_xml(self):
        found = sf_express.read_xml(
            xml(
                '<Response><Body><RouteResponse mailno="SF1"><Route opcode="80" remark="签收"'
                ' accept_time="2026-05-01 18:00:00" accept_address="深圳"/></RouteResponse></Body>'
                "</Response>"
            )
        )

        assert told(only(found)) == ("SF1", "delivered", ["delivered"])

    def test_cdek_report(self):
        states = "".join(
            f'<State Date="2026-05-01T10:00:00+00:00" Code="{code}" Description="x"/>'
            for code in (1, 11, 4)
        )
        found = cdek.read_xml(
            xml(
                '<StatusReport><Order DispatchNumber="10" RecipientName="Анна">'
                f'<Status Date="2026-05-01T10:00:00+00:00" Code="4">{states}</Status>'
                "</Order></StatusReport>"
            )
        )

        assert told(only(found)) == (
            "10",
            "delivered",
            ["pre_transit", "out_for_delivery", "delivered"],
        )
        assert (only(found).events[2].at, only(found).signed_by) == (TEN, "Анна")

    def test_russian_post_answers_a_ticket(self):
        found = russianpost.read(
            xml(
                '<value><Item Barcode="RA1"><Operation OperTypeID="1" OperName="Приём"/>'
                '<Operation OperTypeID="2" OperCtgID="1" DateOper="01.05.2026 10:00:00"/>'
                "</Item></value>"
            )
        )

        assert told(only(found)) == ("RA1", "delivered", ["in_transit", "delivered"])

    def test_cainiao_of_two_sections(self):
        here = {"time": "2017-05-02 10:00:00", "timeZone": "+8", "desc": "x", "status": "SIGNIN"}
        there = here | {"time": "2017-05-01 10:00:00", "status": "PICKEDUP"}
        parcel = {
            "mailNo": "LP1",
            "section2": {"detailList": [here, there]},
            "section1": {"detailList": [there]},
        }
        found = only(cainiao.read({"data": [parcel]}))

        assert told(found) == ("LP1", "delivered", ["delivered", "in_transit"])
        assert found.events[0].at == datetime(2017, 5, 2, 2, tzinfo=UTC)

    def test_cainiaos_mere_number_is_shown_as_chinas_time(self):
        event = {"actionCode": "GTMS_SIGNED", "time": 1777629600000}
        found = only(cainiao.read({"mailNo": "LP1", "detailList": [event]}))

        assert (found.events[0].local_time, found.events[0].at) == ("2026-05-01 18:00:00", None)


class TestOtherForms:
    def test_17track_push_may_tell_the_last_event_alone(self):
        told_last = {
            "latest_status": {"status": "InTransit", "sub_status": "InTransit_Other"},
            "latest_event": {"time_utc": "2026-05-01T10:00:00Z", "sub_status": "InTransit_Other"},
        }
        pushed = {"event": "TRACKING_UPDATED", "data": {"number": "RR1", "track_info": told_last}}
        bare = {"shipments": [{"number": "RR1"} | told_last]}

        for answer in (pushed, bare):
            found = only(seventeentrack.read(answer))
            assert told(found) == ("RR1", "in_transit", ["in_transit"])
            assert found.events[0].at == TEN

    def test_trackingmore_without_legs(self):
        point = {"checkpoint_delivery_status": "delivered", "tracking_detail": "Delivered"}
        parcel = {"tracking_number": "1", "origin_info": {}, "track_info": [point]}
        found = only(trackingmore.read({"data": parcel | {"delivery_status": "delivered"}}))

        assert told(found) == ("1", "delivered", ["delivered"])

    @pytest.mark.parametrize("name", ["opCode", "opcode"])
    def test_sf_answer_within_an_object(self, name):
        routes = [{"acceptTime": "2026-05-01 18:00:00", name: "80"}]
        answer = {"routeResps": [{"mailNo": "SF1", "routes": routes}]}

        assert told(only(sf_express.read({"apiResultData": {"msgData": answer}}))) == (
            "SF1",
            "delivered",
            ["delivered"],
        )

    def test_yunexpress_newer_push(self):
        event = {
            "process_time": "2026-05-01T18:00:00Z",
            "process_utc_time": "2026-05-01T10:00:00",
            "process_content": "已签收",
            "process_city": "Ely",
            "track_node_code": "DELIVERED",
        }
        parcel = {"waybill_number": "YT1", "last_mile_name": "Post", "track_events": [event]}

        found = only(yunexpress.read({"data_code": "tisPushData", "data": parcel}))

        assert told(found) == ("YT1", "delivered", ["delivered"])
        assert (found.carrier, found.events[0].place) == ("YunExpress, Post", "Ely")
        assert (found.events[0].at, found.events[0].local_time) == (TEN, "2026-05-01T18:00:00")

    @pytest.mark.parametrize(
        ("letter", "status"), [("T", "in_transit"), ("D", "delivered"), ("?", "attempted")]
    )
    def test_yunexpress_letter_of_the_package(self, letter, status):
        parcel = {
            "tracking_number": "1",
            "package_status": letter,
            "track_events": [{"track_node_code": "DELIVERY_FAILURE"}],
        }
        result = {"result": [{"track_Info": parcel}]}
        assert only(yunexpress.read(result)).status == status

    def test_yunexpress_push(self):
        pushed = {
            "trackingNumber": "YT1",
            "trackingStatus": "50",
            "orderTrackingDetails": [
                {"processDate": "2026-05-01T10:00:00Z", "trackingStatus": "50"}
            ],
        }
        found = only(yunexpress.read(pushed))

        assert told(found) == ("YT1", "delivered", ["delivered"])
        assert found.events[0].at == TEN

    def test_cdeks_older_web_hook_has_a_number(self):
        attributes = {
            "cdek_number": "12",
            "status_code": "12",
            "status_date_time": "2026-05-01T10:00:00+0000",
        }
        found = only(cdek.read({"type": "ORDER_STATUS", "attributes": attributes}))

        assert told(found) == ("12", "available_for_pickup", ["available_for_pickup"])
        assert found.events[0].at == TEN

    def test_dhl_parcel_for_the_public(self):
        piece = (
            '<data name="piece-status-public" piece-code="0034" standard-event-code="ZU"'
            ' event-timestamp="01.05.2026 10:00" event-status="Zugestellt"/>'
        )
        found = only(dhl_parcel_de.read(xml(f"<data>{piece}</data>")))

        assert told(found) == ("0034", "delivered", ["delivered"])
        assert found.events[0].local_time == "01.05.2026 10:00"

    def test_easypost_events_in_a_list(self):
        tracker = {
            "object": "Tracker",
            "tracking_code": "EZ1",
            "status": "delivered",
            "tracking_details": [],
        }
        events = [{"object": "Event", "result": tracker}, {"object": "Event", "result": {}}]

        assert told(only(easypost.read({"events": events}))) == ("EZ1", "delivered", [])

    def test_easypost_shipments_hold_their_trackers(self):
        tracker = {
            "object": "Tracker",
            "tracking_code": "9400",
            "status": "delivered",
            "tracking_details": [],
        }
        shipments = [{"object": "Shipment", "tracker": tracker}, {"tracker": None}]

        assert told(only(easypost.read({"shipments": shipments}))) == ("9400", "delivered", [])

    def test_shipengines_events_without_a_status_have_words(self):
        event = {"occurred_at": "2026-05-01T10:00:00Z", "status_code": None}
        events = [
            event | {"description": "Delivered, In/At Mailbox"},
            event | {"description": "Delivered", "status_code": "UN"},
            event | {"description": "Out for Delivery"},
        ]
        found = shipengine.read({"tracking_number": "94", "status_code": "DE", "events": events})

        assert told(only(found)) == (
            "94",
            "delivered",
            ["delivered", "unknown", "out_for_delivery"],
        )

    def test_dhl_without_a_service(self):
        shipment = {"id": "1", "status": {"statusCode": "transit"}}

        assert only(dhl_unified.read({"shipments": [shipment]})).carrier == "DHL"

    def test_shippo_in_camel_case(self):
        status = {"status": "DELIVERED", "statusDate": "2026-05-01T10:00:00Z", "statusDetails": "x"}
        track = {
            "trackingNumber": "92",
            "trackingStatus": status,
            "trackingHistory": [status],
            "addressTo": {"city": "X"},
        }
        found = only(shippo.read({"event": "track_updated", "data": track}))

        assert told(found) == ("92", "delivered", ["delivered"])
        assert (found.events[0].at, found.destination.city) == (TEN, "X")

    def test_ups_number_where_the_type_is_missing(self):
        package = {"trackingNumber": "1Z", "currentStatus": {"code": "011"}}

        assert only(ups.read(shipped(package))).status == "delivered"

    def test_ups_unknown_status_is_concluded(self):
        package = {
            "trackingNumber": "1Z",
            "currentStatus": {"code": "999"},
            "activity": [{"status": {"type": "D", "code": "??"}}],
        }

        assert only(ups.read(shipped(package))).status == "delivered"

    def test_canada_posts_words_where_the_code_is_unknown(self):
        occurrence = "".join(
            f"<occurrence><event-identifier>9999</event-identifier><event-description>{words}"
            "</event-description></occurrence>"
            for words in ("Item processed", "Article ramassé par Postes Canada", "Else")
        )
        found = canadapost.read(
            xml(
                "<tracking-detail><pin>20</pin><significant-events>"
                f"{occurrence}</significant-events></tracking-detail>"
            )
        )

        assert told(only(found)) == ("20", "in_transit", ["in_transit", "in_transit", "unknown"])

    def test_gls_page_on_the_way_back(self):
        bar = {"statusInfo": "INTRANSIT", "statusText": "&#206;n retur", "retourFlag": True}
        found = only(gls.read({"tuStatus": [{"tuNo": "62", "progressBar": bar}]}))

        assert (found.status, found.carrier_status) == ("returned", "În retur")

    def test_dpd_page_has_times_in_its_scans(self):
        step = {"status": "DELIVERED", "statusHasBeenReached": True, "isCurrentStatus": True}
        scan = {"date": "2026-05-01T10:00:00", "scanData": {"scanType": {"code": "13"}}}
        cycle = {
            "shipmentInfo": {"parcelLabelNumber": "09"},
            "statusInfo": [step],
            "scanInfo": {"scan": [scan]},
        }
        found = only(dpd.read({"parcellifecycleResponse": {"parcelLifeCycleData": cycle}}))

        assert told(found) == ("09", "delivered", ["delivered"])
        assert found.events[0].local_time == "2026-05-01T10:00:00"

    def test_dpds_british_pages(self):
        event = {
            "eventCode": "001",
            "eventDate": "2026-05-01 10:00:00",
            "eventText": "Your parcel has been delivered",
            "eventLocation": "DPD",
        }
        listed = [event | {"parcelCode": "155020*12345"}, event | {"eventCode": "015"}]

        assert told(only(dpd.read({"data": listed}))) == (
            "155020",
            "delivered",
            ["delivered", "out_for_delivery"],
        )
        assert only(dpd.read({"data": [event]})).number == ""

    def test_dpds_british_words_where_there_is_no_code(self):
        words = (
            "Your parcel has been delivered",
            "Your parcel will be with you today ",
            "Your parcel is at our depot",
            "We've received your order details, but have not yet received your parcel",
        )
        listed = [{"eventDate": "2026-05-01 10:00:00", "eventText": one} for one in words]

        statuses = ["delivered", "out_for_delivery", "in_transit", "pre_transit"]
        assert told(only(dpd.read({"data": listed}))) == ("", "delivered", statuses)

    def test_australia_post_may_tell_of_the_result_alone(self):
        result = {"tracking_id": "7X", "status": "Delivered", "trackable_items": [{"events": []}]}

        assert told(only(australiapost.read({"tracking_results": [result]}))) == (
            "7X",
            "delivered",
            [],
        )

    def test_royal_mails_summary_has_the_last_event(self):
        summary = {
            "statusCategory": "DELIVERED",
            "lastEventCode": "EVKSP",
            "lastEventDateTime": "2026-05-01T12:00:00+02:00",
        }
        found = only(royalmail.read({"mailPieces": [{"mailPieceId": "1", "summary": summary}]}))

        assert told(found) == ("1", "delivered", ["delivered"])
        assert found.events[0].at == TEN

    def test_royal_mails_signature_is_a_delivery(self):
        signature = {
            "oneDBarcode": "FQ1GB",
            "recipientName": "Simon",
            "signatureDateTime": "2026-05-01T10:00:00+0000",
        }
        found = only(royalmail.read({"mailPieces": {"mailPieceId": "1", "signature": signature}}))

        assert (told(found), found.signed_by) == (("FQ1GB", "delivered", []), "Simon")

    @pytest.mark.parametrize(
        ("code", "status"),
        [("7", "out_for_delivery"), ("8", "attempted"), ("12", "available_for_pickup")],
    )
    def test_postnls_codes_go_before_the_phase(self, code, status):
        shipment = {"Barcode": "3S", "Status": {"StatusCode": code, "PhaseCode": "3"}}

        assert only(postnl.read({"CurrentStatus": {"Shipment": shipment}})).status == status


class TestCarriersPages:
    """What the public pages of carriers ask for themselves."""

    @pytest.mark.parametrize(
        "path", [("output", "packages"), ("TrackPackagesResponse", "packageList")]
    )
    def test_fedex(self, path):
        outer, inner = path
        scan = {
            "date": "2026-05-01",
            "time": "12:00:00",
            "gmtOffset": "+02:00",
            "statusCD": "DL",
            "status": "Delivered",
            "scanLocation": "PARIS FR",
        }
        known = {
            "trackingNbr": "79",
            "keyStatus": "Delivered",
            "keyStatusCD": "DL",
            "receivedByNm": "A.SMITH",
            "recipientCity": "PARIS",
            "recipientCntryCD": "FR",
            "scanEventList": [scan, scan | {"time": "", "statusCD": "OD"}],
        }
        empty = {"trackingNbr": "80", "scanEventList": [{"date": "", "statusCD": ""}]}
        found = only(fedex.read_page({outer: {inner: [known, empty]}}))

        assert told(found) == ("79", "delivered", ["delivered", "out_for_delivery"])
        assert [event.at for event in found.events] == [TEN, None]
        assert (found.signed_by, found.destination.city) == ("A.SMITH", "PARIS")

    def test_ups(self):
        activity = {
            "date": "05/01/2026",
            "time": "12:00 P.M.",
            "location": "ZUERICH, CH",
            "gmtDate": "20260501",
            "gmtTime": "10:00:00",
        }
        detail = {
            "trackingNumber": "1Z",
            "progressBarType": "OutForDelivery",
            "shipToAddress": {"city": "ZUERICH", "country": "CH"},
            "shipmentProgressActivities": [
                activity | {"activityScan": "Out For Delivery Today", "actCode": "??"},
                activity | {"activityScan": "Verladen", "actCode": "DP"},
                activity | {"activityScan": "Else"},
            ],
        }
        found = only(ups.read_page({"trackDetails": [detail, {"trackingNumber": "2Z"}]}))

        statuses = ["out_for_delivery", "in_transit", "unknown"]
        assert told(found) == ("1Z", "out_for_delivery", statuses)
        assert found.events[0].at == TEN
        assert found.destination.city == "ZUERICH"

    def test_dhl_of_before_2019(self):
        checkpoint = {"date": "Friday, May 01, 2026", "time": "10:00", "location": "WROCLAW"}
        result = {
            "id": "43",
            "delivery": {"code": 101, "status": "delivered"},
            "signature": {"signatory": "SMITH"},
            "checkpoints": [
                checkpoint | {"description": "Delivered - Signed for by : SMITH"},
                checkpoint | {"description": "Przesyłka przekazana kurierowi"},
            ],
        }
        found = only(dhl_express.read_page({"results": [result]}))

        assert told(found) == ("43", "delivered", ["delivered", "unknown"])
        assert found.signed_by == "SMITH"
        assert found.events[0].local_time == "Friday, May 01, 2026 10:00"

    def test_australia_post(self):
        event = {"localeDateTime": "2026-05-01T20:00:00+10:00", "location": "PERTH WA"}
        events = [
            event | {"description": "Left with someone", "milestone": "Delivered"},
            event | {"description": "Onboard for delivery", "eventCode": "DD"},
        ]
        article = {
            "articleId": "7X",
            "trackStatusOfArticle": "Delivered",
            "details": [{"events": events}],
        }
        found = only(australiapost.read_page([{"shipment": {"articles": [article, {}]}}]))

        assert told(found) == ("7X", "delivered", ["delivered", "out_for_delivery"])
        assert found.events[0].at == TEN

    @pytest.mark.parametrize(
        ("over", "status"),
        [
            ({"istZugestellt": True}, "delivered"),
            ({"istZugestellt": True, "ruecksendung": True}, "returned"),
            ({"sendungsverlauf": {"fortschritt": 3, "status": "x"}}, "in_transit"),
            ({"sendungsverlauf": {"kurzStatus": "x"}}, "unknown"),
        ],
    )
    def test_dhl_paket(self, over, status):
        details = {"sendungsverlauf": {"fortschritt": 4, "aktuellerStatus": "x"}} | over
        found = only(
            dhl_parcel_de.read_page({"sendungen": [{"id": "003", "sendungsdetails": details}]})
        )

        assert (*told(found), found.carrier_status) == ("003", status, [], "x")

    def test_dhl_pakets_events_are_words(self):
        event = {"datum": "2026-05-01T12:00:00+02:00", "ort": "Berlin"}
        words = (
            "The instruction data for this shipment have been provided by the sender",
            "Die Sendung wurde im Briefzentrum bearbeitet.",
            "Die Sendung befindet sich in der Zustellung.",
            "Die Sendung wurde erfolgreich zugestellt.",
        )
        events = [event | {"status": one} for one in words]
        found = only(
            dhl_parcel_de.read_page(
                {"id": "003", "sendungsdetails": {"sendungsverlauf": {"events": events}}}
            )
        )

        statuses = ["pre_transit", "in_transit", "out_for_delivery", "delivered"]
        assert told(found) == ("003", "delivered", statuses)
        assert (found.events[0].at, found.events[0].place) == (TEN, "Berlin")

    def test_sf(self):
        route = {"scanDateTime": "2026-05-01 10:00:00", "zoneCode": "TPE"}
        routes = [
            route | {"opCode": "950", "remark": "Collected"},
            route | {"opCode": "80", "scanDateTime": "2026-05-02 10:00:00", "remark": "Delivered"},
        ]
        found = only(sf_express.read({"result": [{"id": "SF1", "routes": routes}, {"id": "x"}]}))

        assert told(found) == ("SF1", "delivered", ["in_transit", "delivered"])
        assert (found.events[0].local_time, found.events[0].place) == ("2026-05-01 10:00:00", "TPE")

    def test_yunexpress(self):
        detail = {"ProcessDate": "2026-05-01T10:00:00"}
        days = [
            {"ProcessDetailList": [detail | {"ProcessContent": "Out for delivery----X"}]},
            {"ProcessDetailList": [detail | {"ProcessContent": "Clearence processing completed"}]},
        ]
        result = {
            "TrackInfo": {"WaybillNumber": "YT1", "TrackingNumber": "92", "TrackingStatus": 60},
            "TrackData": {"ProcessGroupList": days},
        }
        found = only(yunexpress.read_page({"ResultList": [result, {"Id": "YT2"}]}))

        assert told(found) == ("92", "out_for_delivery", ["out_for_delivery", "in_transit"])

    def test_canada_post(self):
        when = {"date": "2026-05-01", "time": "06:00:00", "zoneOffset": "-04:00"}
        event = {"datetime": when, "locationAddr": {"city": "OTTAWA", "regionCd": "ON"}}
        events = [
            event | {"cd": "9999", "type": "Signature", "descEn": "Signed", "signatureNm": "AB"},
            event | {"cd": "0174", "type": "Out", "descEn": "Item out for delivery"},
            event | {"cd": "9999", "type": "Info", "descEn": "Item processed"},
        ]
        parcel = {"pin": "20", "status": "Delivered", "events": events}
        found = only(canadapost.read_page(parcel))

        assert told(found) == ("20", "delivered", ["delivered", "out_for_delivery", "in_transit"])
        assert (found.events[0].at, found.signed_by) == (TEN, "AB")
        assert canadapost.read_page([parcel, {"pin": "21"}]).contents == (found,)


def shipped(package):
    return {"trackResponse": {"shipment": [{"package": [package]}]}}


@pytest.mark.parametrize(
    "read",
    [
        australiapost.read_page,
        boxberry.read,
        bpost.read,
        canadapost.read_page,
        correios.read,
        dhl_express.read_page,
        dhl_parcel_de.read_page,
        fedex.read_page,
        fourpx.read,
        kdniao.read,
        kuaidi100.read,
        postnord.read,
        ups.read_page,
        yanwen.read,
        yunexpress.read_page,
    ],
)
def test_another_object_is_nobodys(read):
    assert (
        read({"data": {}, "result": [], "items": [{"id": 1}], "statuses": [{"Name": "x"}]}) is None
    )


@pytest.mark.parametrize(
    "read",
    [
        bpost.read_xml,
        cdek.read_xml,
        correios.read_xml,
        dhl_ecommerce.read,
        dhl_express.read_ecommerce,
        laposte.read_xml,
        sf_express.read_xml,
    ],
)
def test_another_document_is_nobodys(read):
    assert read(xml("<a><Order/><objeto>x</objeto><Shipment/><return/></a>")) is None
