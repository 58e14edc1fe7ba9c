"""Trackings of carriers in XML."""

from datetime import UTC, datetime

import pytest
from readings import only, told, xml

from evidence_service.readers import read
from evidence_service.readers.tracking import (
    canadapost,
    dhl_express,
    dhl_parcel_de,
    dhl_poland,
    dpd,
    fedex,
    landmark,
    russianpost,
    ups,
    usps,
)

TEN = datetime(2026, 5, 1, 10, tzinfo=UTC)


def wrapped(body):
    """As an answer to SOAP."""
    soap = "http://schemas.xmlsoap.org/soap/envelope/"
    return f'<s:Envelope xmlns:s="{soap}"><s:Body>{body}</s:Body></s:Envelope>'


class TestFedEx:
    def reply(self, details):
        return (
            '<TrackReply xmlns="http://fedex.com/ws/track/v7"><CompletedTrackDetails>'
            f"{details}</CompletedTrackDetails></TrackReply>"
        )

    delivered = (
        "<TrackDetails><TrackingNumber>44</TrackingNumber>"
        "<StatusDetail><Code>DL</Code><Description>Delivered</Description></StatusDetail>"
        "<DeliverySignatureName>ANN</DeliverySignatureName>"
        "<Events><Timestamp>2026-05-01T06:00:00-04:00</Timestamp><EventType>DL</EventType>"
        "<Address><City>Miami</City></Address></Events></TrackDetails>"
    )

    @pytest.mark.parametrize("wrap", [lambda reply: reply, wrapped])
    def test_reply(self, wrap):
        found = only(fedex.read_soap(xml(wrap(self.reply(self.delivered)))))

        assert told(found) == ("44", "delivered", ["delivered"])
        assert (found.signed_by, found.events[0].at) == ("ANN", TEN)

    def test_a_blank_before_the_declaration_does_no_harm(self, tmp_path):
        file = tmp_path / "reply.xml"
        file.write_text(f' <?xml version="1.0"?>{self.reply(self.delivered)}\n')

        assert told(only(read(file))) == ("44", "delivered", ["delivered"])

    def test_several_details_are_several_parcels(self):
        found = fedex.read_soap(xml(self.reply(self.delivered * 2)))

        assert len(found.contents) == 2

    def test_not_found_is_no_history(self):
        details = (
            "<TrackDetails><TrackingNumber>44</TrackingNumber>"
            "<StatusDetail><Location/></StatusDetail></TrackDetails>"
        )

        assert fedex.read_soap(xml(self.reply(details))) is None


class TestUSPS:
    def read(self, inside):
        return usps.read_xml(
            xml(f'<TrackResponse><TrackInfo ID="91">{inside}</TrackInfo></TrackResponse>')
        )

    def test_fields(self):
        found = self.read(
            "<StatusCategory>Delivered</StatusCategory><Status>Delivered, In/At Mailbox</Status>"
            "<TrackSummary><EventTime>1:20 pm</EventTime><EventDate>May 1, 2026</EventDate>"
            "<Event>Delivered, In/At Mailbox</Event><EventCode>01</EventCode></TrackSummary>"
            "<TrackDetail><Event>Out for Delivery</Event><EventCode>OF</EventCode></TrackDetail>"
        )

        assert told(only(found)) == ("91", "delivered", ["delivered", "out_for_delivery"])
        assert only(found).events[0].local_time == "May 1, 2026 1:20 pm"
        assert found.warnings == ("time_zone_unknown",)

    def test_sentences(self):
        found = self.read(
            "<TrackSummary>Your item was delivered at 8:10 am on May 1, 2026 in X.</TrackSummary>"
            "<TrackDetail>Sorting Complete, April 30, 2026, 9:03 pm, X</TrackDetail>"
            "<TrackDetail>Electronic Shipping Info Received, April 29, 2026</TrackDetail>"
            "<TrackDetail>Something else</TrackDetail>"
        )

        statuses = ["delivered", "in_transit", "pre_transit", "unknown"]
        assert told(only(found)) == ("91", "delivered", statuses)
        assert [event.local_time for event in only(found).events] == [
            "May 1, 2026 8:10 am",
            "April 30, 2026 9:03 pm",
            "April 29, 2026",
            "",
        ]
        assert only(found).events[3].description == "Something else"

    def test_sentences_that_begin_with_a_time_without_a_year(self):
        found = self.read(
            "<TrackDetail>May 30 11:07 am NOTICE LEFT X 19801.</TrackDetail>"
            "<TrackDetail>May 29 9:55 am ENROUTE X 07020.</TrackDetail>"
        )

        assert told(only(found)) == ("91", "attempted", ["attempted", "in_transit"])
        assert [(event.at, event.local_time) for event in only(found).events] == [
            (None, "May 30 11:07 am"),
            (None, "May 29 9:55 am"),
        ]

    def test_a_label_is_no_parcel_yet(self):
        found = self.read(
            "<TrackSummary>A shipping label has been prepared for your item at 8:50 am on"
            " May 1, 2026 in X. This does not indicate receipt by the USPS.</TrackSummary>"
        )

        assert told(only(found)) == ("91", "pre_transit", ["pre_transit"])

    def test_a_day_in_figures(self):
        found = self.read("<TrackDetail>Out for Delivery, 05/01/2026, 7:10 am, X</TrackDetail>")

        assert only(found).events[0].local_time == "05/01/2026 7:10 am"

    @pytest.mark.parametrize(
        "sentence",
        [
            "The Postal Service could not locate the tracking information for your request.",
            "There is no record of that mail item.",
            "A status update is not yet available on your package.",
        ],
    )
    def test_what_was_not_found_is_no_event(self, sentence):
        assert self.read(f"<TrackSummary>{sentence}</TrackSummary>") is None

    def test_an_error_is_no_history(self):
        assert self.read("<Error><Number>-1</Number></Error>") is None


class TestUPS:
    def test_activity(self):
        found = ups.read_xml(
            xml(
                "<TrackResponse><Shipment><Package><TrackingNumber>1Z</TrackingNumber><Activity>"
                "<ActivityLocation><SignedForByName>ANN</SignedForByName></ActivityLocation>"
                "<Status><StatusType><Code>D</Code><Description>DELIVERED</Description>"
                "</StatusType><StatusCode><Code>KM</Code></StatusCode></Status>"
                "<Date>20260501</Date><Time>100000</Time>"
                "</Activity></Package></Shipment></TrackResponse>"
            )
        )

        assert told(only(found)) == ("1Z", "delivered", ["delivered"])
        assert only(found).signed_by == "ANN"


class TestCanadaPost:
    def test_letters_of_a_zone_are_a_zone(self):
        found = only(
            canadapost.read(
                xml(
                    '<tracking-detail xmlns="http://www.canadapost.ca/ws/track"><pin>70</pin>'
                    "<significant-events><occurrence><event-identifier>1496</event-identifier>"
                    "<event-date>2026-05-01</event-date><event-time>06:00:00</event-time>"
                    "<event-time-zone>EDT</event-time-zone><signatory-name>HETU</signatory-name>"
                    "</occurrence></significant-events></tracking-detail>"
                )
            )
        )

        assert told(found) == ("70", "delivered", ["delivered"])
        assert (found.events[0].at, found.signed_by) == (TEN, "HETU")

    def test_the_number_by_its_other_name(self):
        found = only(
            canadapost.read(
                xml(
                    "<tracking-detail><tracking-number>70</tracking-number><significant-events>"
                    "<occurrence><event-date>2026-05-01</event-date><event-time>06:00:00"
                    "</event-time><event-description>Item processed</event-description>"
                    "</occurrence></significant-events></tracking-detail>"
                )
            )
        )

        assert told(found) == ("70", "in_transit", ["in_transit"])


class TestDHL:
    def test_express_takes_the_signatory_of_the_delivery_only(self):
        def event(code, signatory):
            return (
                f"<ShipmentEvent><ServiceEvent><EventCode>{code}</EventCode></ServiceEvent>"
                f"<Signatory>{signatory}</Signatory></ShipmentEvent>"
            )

        found = only(
            dhl_express.read_xml(
                xml(
                    '<r:TrackingResponse xmlns:r="http://www.dhl.com"><AWBInfo>'
                    "<AWBNumber>31</AWBNumber><ShipmentInfo>"
                    f"{event('PU', '960528602')}{event('OK', 'ANN')}"
                    "</ShipmentInfo></AWBInfo></r:TrackingResponse>"
                )
            )
        )

        assert (told(found), found.signed_by) == (
            ("31", "delivered", ["in_transit", "delivered"]),
            "ANN",
        )

    @pytest.mark.parametrize(("back", "status"), [("false", "delivered"), ("true", "returned")])
    def test_paket_delivered_on_the_way_back_is_returned(self, back, status):
        found = only(
            dhl_parcel_de.read(
                xml(
                    '<data name="piece-shipment-list"><data name="piece-shipment" piece-code="00"'
                    f' standard-event-code="ZU" ruecksendung="{back}">'
                    '<data name="piece-event" standard-event-code="PO"'
                    ' event-timestamp="01.05.2026 10:00"/></data></data>'
                )
            )
        )

        assert told(found) == ("00", status, ["out_for_delivery"])

    def test_poland(self):
        found = only(
            dhl_poland.read(
                xml(
                    wrapped(
                        "<getTrackAndTraceInfoResult><shipmentId>24</shipmentId><events>"
                        "<item><status>DOR</status></item><item><status>LK</status></item>"
                        "</events></getTrackAndTraceInfoResult>"
                    )
                )
            )
        )

        assert told(found) == ("24", "delivered", ["delivered", "out_for_delivery"])


class TestDPD:
    def test_steps_ahead_are_no_events(self):
        def step(status, reached):
            return (
                f"<statusInfo><status>{status}</status>"
                f"<statusHasBeenReached>{reached}</statusHasBeenReached>"
                "<date><content>5/1/2026 10:00:00 AM</content></date></statusInfo>"
            )

        found = only(
            dpd.read_xml(
                xml(
                    wrapped(
                        '<getTrackingDataResponse xmlns="urn:dpd"><trackingresult>'
                        f"{step('Courier', 'true')}{step('Delivered', 'false')}"
                        "</trackingresult></getTrackingDataResponse>"
                    )
                )
            )
        )

        assert told(found) == ("", "out_for_delivery", ["out_for_delivery"])
        assert found.events[0].local_time == "5/1/2026 10:00:00 AM"


class TestLandmark:
    def test_the_order_of_the_file_counts(self):
        def event(code, time):
            when = f"<DateTime>2026-05-01 {time}</DateTime>"
            return f"<Event><EventCode>{code}</EventCode>{when}</Event>"

        found = only(
            landmark.read(
                xml(
                    "<TrackResponse><Result><Packages><Package><TrackingNumber>LE1"
                    f"</TrackingNumber><Events>{event(50, '10:00:00')}{event(500, '00:00:00')}"
                    "</Events></Package></Packages></Result></TrackResponse>"
                )
            )
        )

        assert told(found) == ("LE1", "delivered", ["pre_transit", "delivered"])


class TestRussianPost:
    def record(self, kind, attribute):
        return (
            "<historyRecord><ItemParameters><Barcode>RA1RU</Barcode></ItemParameters>"
            f"<OperationParameters><OperType><Id>{kind}</Id><Name>Имя</Name></OperType>"
            f"<OperAttr><Id>{attribute}</Id></OperAttr>"
            "<OperDate>2026-05-01T13:00:00.000+03:00</OperDate></OperationParameters>"
            "</historyRecord>"
        )

    @pytest.mark.parametrize(
        ("kind", "attribute", "status"),
        [
            (2, 1, "delivered"),
            (2, 2, "returned"),
            (8, 2, "available_for_pickup"),
            (8, 4, "in_transit"),
            (99, 0, "unknown"),
        ],
    )
    def test_operation_and_attribute(self, kind, attribute, status):
        history = f"<OperationHistoryData>{self.record(kind, attribute)}</OperationHistoryData>"

        found = only(russianpost.read(xml(wrapped(history))))

        assert told(found) == ("RA1RU", status, [status])
        assert found.events[0].at == TEN


@pytest.mark.parametrize(
    "read",
    [
        canadapost.read,
        dhl_express.read_xml,
        dhl_parcel_de.read,
        dhl_poland.read,
        dpd.read_xml,
        fedex.read_soap,
        landmark.read,
        russianpost.read,
        ups.read_xml,
        usps.read_xml,
    ],
)
def test_another_document_is_nobodys(read):
    assert read(xml("<TrackResponse><Result/></TrackResponse>")) is None
