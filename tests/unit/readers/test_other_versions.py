"""Envelopes, web hooks and versions beside the usual answers of the same services."""

import time
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

import pytest
from readings import only

from evidence_service.domain.order import Money
from evidence_service.domain.reading import Reading, in_parts, of_parts
from evidence_service.domain.tracking import TrackingStatus
from evidence_service.domain.transcript import Message, MessageRole, Transcript
from evidence_service.readers import columns
from evidence_service.readers.chat import ebay, intercom, meta_html, ozon
from evidence_service.readers.order import aliexpress, shopify_graphql, stripe
from evidence_service.readers.order import ozon as ozon_order
from evidence_service.readers.texts import Text
from evidence_service.readers.tracking import (
    canadapost,
    cdek,
    dhl_parcel_de,
    dhl_unified,
    fedex,
    gls,
    kuaidi100,
    postnord,
    royalmail,
    russianpost,
    sendcloud,
    seventeentrack,
    sf_express,
    ups,
)

TEN = datetime(2026, 5, 1, 10, tzinfo=UTC)
WRITTEN = "2026-05-01T10:00:00+00:00"


class TestTracking:
    def test_17track_page(self):
        event = {"time_utc": "2026-05-01T10:00:00Z", "sub_status": "Delivered_Other"}
        told = {
            "latest_status": {"status": "Delivered", "sub_status": "Delivered_Other"},
            "tracking": {"providers": [{"provider": {"name": "Post"}, "events": [event]}]},
        }
        parcel = only(seventeentrack.read({"shipments": [{"number": "RR1", "shipment": told}]}))
        assert (parcel.number, parcel.status) == ("RR1", TrackingStatus.DELIVERED)
        assert [one.at for one in parcel.events] == [TEN]

    def test_17track_page_of_old(self):
        track = {"e": 40, "z1": [{"a": "2019-01-01 10:00", "z": "Delivered"}], "z2": []}
        parcel = only(seventeentrack.read({"ret": 1, "dat": [{"no": "RR1", "track": track}]}))
        assert (parcel.number, parcel.status) == ("RR1", TrackingStatus.DELIVERED)

    def test_dhl_push(self):
        shipment = {"id": "1", "service": "express", "status": {"statusCode": "transit"}}
        parcel = only(dhl_unified.read({"scope": "all", "shipment": shipment}))
        assert parcel.status is TrackingStatus.IN_TRANSIT

    def test_fedex_without_output(self):
        result = {
            "trackingNumberInfo": {"trackingNumber": "1"},
            "latestStatusDetail": {"code": "OD"},
        }
        parcel = only(fedex.read({"completeTrackResults": [{"trackResults": [result]}]}))
        assert parcel.status is TrackingStatus.OUT_FOR_DELIVERY

    def test_ups_alert(self):
        alert = {
            "trackingNumber": "1Z",
            "localActivityDate": "20260501",
            "localActivityTime": "060000",
            "gmtActivityDate": "20260501",
            "gmtActivityTime": "100000",
            "activityLocation": {"city": "Ely"},
            "activityStatus": {"type": "D", "code": "FS", "description": "Delivered"},
        }
        parcel = only(ups.read(alert))
        assert (parcel.number, parcel.status) == ("1Z", TrackingStatus.DELIVERED)
        assert [(one.at, one.place) for one in parcel.events] == [(TEN, "Ely")]

    def test_gls_page(self):
        parcel = {
            "tuNo": "5",
            "progressBar": {"statusInfo": "DELIVERED", "statusText": "Zugestellt"},
            "history": [{"date": "2026-05-01", "time": "10:00:00", "evtDscr": "Zugestellt"}],
            "signature": {"value": "true"},
        }
        found = only(gls.read({"tuStatus": [parcel]}))
        assert (found.status, found.signed_by) == (TrackingStatus.DELIVERED, "")
        assert [one.local_time for one in found.events] == ["2026-05-01 10:00:00"]

    def test_royal_mail_names_events(self):
        event = {"eventCode": "EV???", "eventName": "Attempted delivery", "eventDateTime": WRITTEN}
        piece = {"mailPieceId": "1", "summary": {"statusCategory": "?"}, "events": [event]}
        parcel = only(royalmail.read({"mailPieces": piece}))
        assert [(one.at, one.status) for one in parcel.events] == [(TEN, TrackingStatus.ATTEMPTED)]

    def test_royal_mail_proof_of_delivery(self):
        piece = {
            "mailPieceId": "1",
            "summary": {"statusCategory": "Delivered"},
            "proofOfDeliveryData": {"recipientName": "ANN"},
        }
        assert only(royalmail.read({"mailPieces": piece})).signed_by == "ANN"

    def test_kuaidi100_in_somebodys_envelope(self):
        event = {"time": "2026-05-01 10:00:00", "context": "已签收"}
        answer = {"nu": "1", "com": "yunda", "state": "3", "data": [event]}
        parcel = only(kuaidi100.read({"errno": 200, "data": answer}))
        assert (parcel.number, parcel.status) == ("1", TrackingStatus.DELIVERED)

    def test_kuaidi100_that_found_nothing_is_no_history(self):
        event = {"time": "2026-05-01 10:00:00", "context": "查无结果"}
        answer = {"nu": "1", "com": "yunda", "state": "3", "ischeck": "1", "data": [event]}
        assert kuaidi100.read(answer) is None

    def test_dhl_paket_that_found_nothing_is_no_history(self):
        course = {"fortschritt": 0, "events": []}
        parcel = {
            "id": "003",
            "sendungsdetails": {"sendungsverlauf": course, "istZugestellt": False},
            "sendungNichtGefunden": {"keineDatenVerfuegbar": True},
        }
        assert dhl_parcel_de.read_page({"sendungen": [parcel]}) is None

    def test_canada_post_summary(self):
        parcel = only(
            canadapost.read(
                ET.fromstring(  # noqa: S314 - made up here
                    '<tracking-summary xmlns="http://www.canadapost.ca/ws/track"><pin-summary>'
                    "<pin>7</pin><event-type>DELIVERED</event-type>"
                    "<event-date-time>20260501:100000</event-date-time>"
                    "</pin-summary></tracking-summary>"
                )
            )
        )
        assert (parcel.number, parcel.status) == ("7", TrackingStatus.DELIVERED)

    def test_russian_post_page(self):
        event = {"date": "2026-05-01T13:00:00.000+03:00", "operationType": 2, "operationAttr": 1}
        item = {"barcode": "RA1", "trackingHistoryItemList": [event]}
        parcel = only(russianpost.read_json({"response": [{"trackingItem": item}]}))
        assert (parcel.status, parcel.events[0].at) == (TrackingStatus.DELIVERED, TEN)

    def test_cdek_hook(self):
        told = {"cdek_number": "11", "code": "DELIVERED", "status_date_time": WRITTEN}
        parcel = only(cdek.read({"type": "ORDER_STATUS", "attributes": told}))
        assert (parcel.status, parcel.carrier_status) == (TrackingStatus.DELIVERED, "DELIVERED")

    @pytest.mark.parametrize(
        ("told", "written"),
        [
            ({"date_time": "2026-05-01T13:00:00+03:00"}, "2026-05-01T13:00:00+03:00"),
            ({}, "2026-05-01T10:00:00+0000"),
        ],
    )
    def test_cdek_hook_without_the_time_of_the_status(self, told, written):
        told = {"cdek_number": "11", "code": "ACCEPTED_AT_PICK_UP_POINT", "name": "Прибыл"} | told
        hook = {"type": "ORDER_STATUS", "date_time": "2026-05-01T10:00:00+0000"}
        parcel = only(cdek.read(hook | {"attributes": told}))
        assert parcel.status is TrackingStatus.AVAILABLE_FOR_PICKUP
        assert [(one.at, one.local_time) for one in parcel.events] == [(TEN, written)]
        assert parcel.carrier_status == "Прибыл"

    def test_postnord_hook(self):
        event = {"eventCode": "DELIVERED", "eventTime": WRITTEN, "location": "Växjö"}
        event |= {"eventDescription": "Avlämnad"}
        parcel = only(postnord.read({"shipmentId": "37", "events": [event]}))
        assert parcel.carrier_status == "Avlämnad"
        assert (parcel.number, parcel.status) == ("37", TrackingStatus.DELIVERED)
        assert [(one.at, one.place) for one in parcel.events] == [(TEN, "Växjö")]

    def test_sf_push(self):
        routes = [
            {"mailno": number, "acceptTime": "2026-05-01 10:00:00", "opCode": "80"}
            for number in ("SF1", "SF2")
        ]
        found = sf_express.read({"Body": {"WaybillRoute": routes}})
        assert [one.number for one in found.contents] == ["SF1", "SF2"]

    def test_sendcloud_hook(self):
        parcel = {"tracking_number": "S1", "status": {"message": "Delivered"}}
        told = {"action": "parcel_status_changed", "timestamp": 1777629600000, "parcel": parcel}
        found = only(sendcloud.read(told))
        assert (found.status, found.events[0].at) == (TrackingStatus.DELIVERED, TEN)


class TestOrders:
    @pytest.mark.parametrize(
        "envelope",
        [
            lambda order: {"data": {"order": order}},
            lambda order: {"data": {"orders": {"nodes": [order]}}},
            lambda order: {"data": {"orders": {"edges": [{"node": order}]}}},
            lambda order: order,
        ],
    )
    def test_shopify_graphql(self, envelope):
        price = {"shopMoney": {"amount": "4.50", "currencyCode": "USD"}}
        order = {
            "id": "gid://shopify/Order/1",
            "name": "#1001",
            "createdAt": WRITTEN,
            "totalPriceSet": {"shopMoney": {"amount": "9.0", "currencyCode": "USD"}},
            "lineItems": {
                "edges": [{"node": {"title": "Tea", "quantity": 2, "originalUnitPriceSet": price}}]
            },
            "fulfillments": [{"trackingInfo": [{"number": "N1"}, {"number": None}]}],
        }
        found = only(shopify_graphql.read(envelope(order)))
        assert (found.number, found.placed_at) == ("#1001", TEN)
        assert (found.total, found.tracking_numbers) == (Money.parse("9", "USD"), ("N1",))
        assert [(one.name, one.quantity) for one in found.lines] == [("Tea", 2)]

    def test_shopify_graphql_as_far_as_was_asked(self):
        order = {"id": "gid://shopify/Order/1", "name": "#1001"}

        assert only(shopify_graphql.read(order | {"displayFinancialStatus": "PAID"})).number
        assert shopify_graphql.read(order) is None

    def test_shopify_graphql_may_name_the_currency_once(self):
        price = {"shopMoney": {"amount": "4.50"}}
        order = {
            "id": "gid://shopify/Order/1",
            "name": "#1001",
            "processedAt": WRITTEN,
            "currencyCode": "INR",
            "totalPriceSet": price,
            "lineItems": {"nodes": [{"title": "Tea", "originalUnitPriceSet": price}]},
        }
        found = only(shopify_graphql.read(order))
        assert (found.total, found.lines[0].price) == (Money.parse("4.50", "INR"),) * 2
        assert found.placed_at == TEN

    def test_shopify_graphql_of_something_else(self):
        other = {"id": "gid://shopify/Product/1", "name": "Tea", "createdAt": WRITTEN}
        assert shopify_graphql.read({"data": {"node": other}}) is None

    def test_ozon_without_result(self):
        posting = {"posting_number": "1-1", "status": "delivered", "products": []}
        found = ozon_order.read({"postings": [posting], "has_next": False})
        assert only(found).number == "1-1"

    @pytest.mark.parametrize("name", ["result", "target"])
    def test_aliexpress_of_another_call(self, name):
        answer = {name: {"id": 5, "order_status": "FINISH"}}
        found = aliexpress.read({"aliexpress_trade_ds_order_get_response": answer})
        assert (only(found).number, only(found).status) == ("5", "FINISH")

    def test_stripe_charge_in_an_event(self):
        charge = {
            "object": "charge",
            "id": "ch_1",
            "amount": 900,
            "currency": "usd",
            "created": 1777629600,
            "disputed": False,
        }
        found = stripe.read_charges({"object": "event", "data": {"object": charge}})
        assert (only(found).total, only(found).placed_at) == (Money.parse("9", "USD"), TEN)


class TestChats:
    @pytest.mark.parametrize(
        ("name", "said", "when"),
        [("_a6-h _a6-i", "_a6-p", "_a6-o"), ("_2pio _2lek _2lel", "_2let", "_2lem")],
    )
    def test_pages_of_meta(self, name, said, when):
        def block(author, words, at):
            return (
                f'<div><div class="{name}">{author}</div><div class="_3-95 {said}"><div>{words}'
                f'</div></div><div class="_3-94 {when}">{at}</div></div>'
            )

        messages = block("Shop", "Yes", "May 1, 2026 10:01 am") + block("Ann", "Hi", "May 1, 2026")
        people = f'<div class="{name}">Participants: Ann and Shop</div>'
        page = f"<html><body>{people}{messages}</body></html>"
        chat = only(meta_html.read(Text(page.encode())))
        assert [(one.author, one.text) for one in chat.messages] == [("Ann", "Hi"), ("Shop", "Yes")]
        assert chat.messages[1].local_time == "May 1, 2026 10:01 am"

    def test_ozon_in_result(self):
        message = {
            "message_id": 1,
            "user": {"id": "1", "type": "Seller"},
            "created_at": WRITTEN,
            "data": ["Hi"],
        }
        found = only(ozon.read({"result": {"has_next": False, "messages": [message]}}))
        assert [(one.role, one.sent_at) for one in found.messages] == [(MessageRole.SELLER, TEN)]

    def test_intercom_before_2(self):
        chat = {
            "type": "conversation",
            "id": "1",
            "created_at": 1777629600,
            "conversation_message": {"body": "<p>Hi</p>", "author": {"type": "user", "id": "1"}},
            "conversation_parts": {"conversation_parts": []},
        }
        (message,) = only(intercom.read(chat)).messages
        assert (message.text, message.role, message.sent_at) == ("Hi", MessageRole.BUYER, TEN)

    def test_ebay_inbox(self):
        root = ET.fromstring(  # noqa: S314 - made up here
            '<GetMyMessagesResponse xmlns="urn:ebay:apis:eBLBaseComponents"><Messages><Message>'
            "<Sender>ann</Sender><MessageID>1</MessageID><Text>Hi</Text>"
            "<ReceiveDate>2026-05-01T10:00:00.000Z</ReceiveDate>"
            "</Message></Messages></GetMyMessagesResponse>"
        )
        (message,) = only(ebay.read(root)).messages
        assert (message.author, message.text, message.sent_at) == ("ann", "Hi", TEN)


def test_a_reading_in_parts_is_whole_again():
    said = tuple(Message("Ann", MessageRole.BUYER, TEN, "", f"{n}") for n in range(1201))
    chats = (Transcript("a", said), Transcript("b", said[:1]), Transcript("c", ()))
    reading = Reading("text/plain", "whatsapp", contents=chats, warnings=("x",))
    parts = list(in_parts(reading))
    assert max(map(len, parts)) < 20_000
    assert of_parts(iter(parts)) == reading


def test_a_columns_name_of_blanks_takes_no_time():
    started = time.process_time()
    assert columns.plain(f"Date {' ' * 200_000} x (UTC) ") == "date x"
    assert time.process_time() - started < 1
