"""Messages of marketplaces: Shopee, Lazada, Yandex Market, AliExpress, eBay."""

from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from evidence_service.domain.transcript import MessageRole
from evidence_service.readers.chat import aliexpress, ebay, lazada, shopee, yandex

AT_NOON = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)


def shopee_message(number, **over):
    return {
        "message_id": str(number),
        "message_type": "text",
        "from_id": 7,
        "created_timestamp": 1777636800 + number,
        "content": {"text": f"m{number}"},
    } | over


class TestShopee:
    def test_a_page_that_repeats_messages_newest_first(self):
        page = [shopee_message(2), shopee_message(1), shopee_message(1)]
        found = shopee.read({"response": {"messages": page, "page_result": {"next_offset": "9"}}})

        assert [m.text for m in found.contents[0].messages] == ["m1", "m2"]
        assert found.warnings == ("more_messages_exist",)

    def test_a_message_without_words(self):
        order = shopee_message(0, message_type="order", content={"order_sn": "A1"})
        picture = shopee_message(1, message_type="image", content={"url": "https://x.test/1.jpg"})
        first, second = shopee.read({"messages": [order, picture]}).contents[0].messages

        assert (first.text, second.attachments) == ("order A1", ("https://x.test/1.jpg",))
        assert first.sent_at == AT_NOON

    def test_a_push_tells_one_side_only(self):
        content = shopee_message(0, from_user_name="ann", from_shop_id=5)
        found = shopee.read({"code": 10, "shop_id": 4, "data": {"content": content}})
        (said,) = found.contents[0].messages

        assert (said.author, said.role) == ("ann", MessageRole.BUYER)
        assert found.warnings == ("one_sided",)

    def test_a_notification_is_no_message(self):
        content = {"type": "mark_as_replied", "conversation_id": "1"}

        assert shopee.read({"code": 10, "shop_id": 4, "data": {"content": content}}) is None


def lazada_message(number, **over):
    return {
        "message_id": str(number),
        "from_account_type": 1,
        "from_account_id": "7",
        "template_id": 1,
        "send_time": 1777636800000 + number,
        "content": f'{{"txt": "m{number}"}}',
    } | over


class TestLazada:
    def test_people_and_words_newest_first(self):
        page = [lazada_message(2, from_account_type=2), lazada_message(0)]
        found = lazada.read({"code": "0", "data": {"message_list": page, "has_more": True}})
        asked, answered = found.contents[0].messages

        assert (asked.author, asked.role, asked.text) == ("user 7", MessageRole.BUYER, "m0")
        assert (answered.role, answered.text) == (MessageRole.SELLER, "m2")
        assert asked.sent_at == AT_NOON
        assert found.warnings == ("more_messages_exist",)

    def test_messages_without_words(self):
        page = [
            lazada_message(0, template_id=3, content='{"imgUrl": "https://x.test/1.jpg"}'),
            lazada_message(1, template_id=10007, content='{"orderId": "A1"}'),
            lazada_message(2, content="plain"),
            lazada_message(3, type=2, status=1, content=None),
        ]
        found = lazada.read({"data": {"message_list": page}})
        picture, order, said, recalled = found.contents[0].messages

        assert picture.attachments == ("https://x.test/1.jpg",)
        assert (picture.text, order.text, said.text) == ("[3]", "A1", "plain")
        assert recalled.role is MessageRole.SYSTEM
        assert found.warnings == ("message_removed",)

    def test_another_list_is_none(self):
        assert lazada.read({"data": {"message_list": [{"message_id": 1}]}}) is None


class TestYandex:
    def test_roles_files_and_offset(self):
        def message(sender, **over):
            return {
                "messageId": 1,
                "createdAt": "2026-05-01T15:00:00+03:00",
                "sender": sender,
                "message": "привет",
            } | over

        found = yandex.read(
            {
                "status": "OK",
                "result": {
                    "messages": [
                        message("CUSTOMER", payload=[{"name": "a.jpg", "url": "https://x.test"}]),
                        message("PARTNER"),
                        message("SUPPORT"),
                        message("ALIEN"),
                    ]
                },
            }
        )
        messages = found.contents[0].messages

        assert [m.role.value for m in messages] == ["buyer", "seller", "platform", "unknown"]
        assert (messages[0].sent_at, messages[0].attachments) == (AT_NOON, ("a.jpg",))


class TestAliExpress:
    def test_messages_in_lists_named_after_their_type(self):
        detail = {
            "id": 1,
            "gmt_create": 1777636800000,
            "content": "hi",
            "sender_name": "Ann",
            "file_path_list": {"file_path": [{"l_path": "https://x.test/l.jpg", "s_path": "s"}]},
        }
        answer = {"result": {"message_detail_list": {"message_detail": [detail]}}}
        found = aliexpress.read({"aliexpress_message_redefining_querymsgdetail_response": answer})
        (said,) = found.contents[0].messages

        assert (said.author, said.text, said.sent_at) == ("Ann", "hi", AT_NOON)
        assert said.attachments == ("https://x.test/l.jpg",)

    def test_messages_inside_an_order_are_the_orders(self):
        order = {"order_msg_list": [{"gmt_create": 1, "content": "hi", "sender_name": "Ann"}]}

        assert (
            aliexpress.read({"aliexpress_trade_redefining_findorderbyid_response": order}) is None
        )


class TestEbay:
    def test_a_question_and_an_answer_without_a_time(self):
        found = ebay.read(
            ET.fromstring(  # noqa: S314 - written here
                """<GetMemberMessagesResponse xmlns="urn:ebay:apis:eBLBaseComponents">
                <MemberMessage><MemberMessageExchange>
                <Question><MessageType>AskSellerQuestion</MessageType><SenderID>ann</SenderID>
                <RecipientID>shop</RecipientID><Body>Size?</Body></Question>
                <Response>Large</Response><CreationDate>2026-05-01T12:00:00.000Z</CreationDate>
                </MemberMessageExchange></MemberMessage><HasMoreItems>true</HasMoreItems>
                </GetMemberMessagesResponse>"""
            )
        )
        question, answer = found.contents[0].messages

        assert (question.author, question.role, question.text) == (
            "ann",
            MessageRole.BUYER,
            "Size?",
        )
        assert question.sent_at == AT_NOON
        assert (answer.author, answer.role, answer.text) == ("shop", MessageRole.SELLER, "Large")
        assert found.warnings == ("time_unknown", "more_messages_exist")

    def test_the_time_may_stand_in_the_question(self):
        found = ebay.read(
            ET.fromstring(  # noqa: S314 - written here
                """<GetMemberMessagesResponse><MemberMessageExchange><Question>
                <SenderID>ann</SenderID><Body>Size?</Body>
                <CreationDate>2026-05-01T12:00:00.000Z</CreationDate>
                </Question></MemberMessageExchange></GetMemberMessagesResponse>"""
            )
        )

        assert found.contents[0].messages[0].sent_at == AT_NOON

    def test_an_answer_sent_as_a_notification(self):
        found = ebay.read(
            ET.fromstring(  # noqa: S314 - written here
                """<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>
                <GetMyMessagesResponse xmlns="urn:ebay:apis:eBLBaseComponents"><Messages><Message>
                <Sender>ann</Sender><Subject>Size?</Subject><MessageID>1</MessageID>
                <ReceiveDate>2026-05-01T12:00:00.000Z</ReceiveDate></Message></Messages>
                </GetMyMessagesResponse></s:Body></s:Envelope>"""
            )
        )
        (message,) = found.contents[0].messages

        assert (message.author, message.text, message.sent_at) == ("ann", "Size?", AT_NOON)

    def test_many_conversations_with_the_latest_message_of_each(self):
        latest = {
            "messageId": "1",
            "messageBody": "Size?",
            "senderUsername": "ann",
            "createdDate": "2026-05-01T12:00:00.000Z",
        }
        found = ebay.read_conversation({"conversations": [{"latestMessage": latest}] * 2})

        assert [one.messages[0].text for one in found.contents] == ["Size?", "Size?"]
        assert found.warnings == ("more_messages_exist",)

    def test_a_conversation_of_the_message_api(self):
        first = {
            "messageId": "1",
            "messageBody": "Size?",
            "senderUsername": "ann",
            "createdDate": "2026-05-01T12:00:00.000Z",
            "messageMedia": [{"mediaName": "a.jpg", "mediaUrl": "https://x.test/a"}],
        }
        second = first | {"messageBody": "Large", "createdDate": "2026-05-02T12:00:00.000Z"}
        found = ebay.read_conversation({"messages": [second, first], "next": "https://x.test/2"})
        asked, answered = found.contents[0].messages

        assert (asked.author, asked.text, asked.sent_at) == ("ann", "Size?", AT_NOON)
        assert (asked.attachments, answered.text) == (("a.jpg",), "Large")
        assert found.warnings == ("more_messages_exist",)

    def test_another_conversation_is_none(self):
        assert ebay.read_conversation({"messages": [{"messageId": "1"}]}) is None

    def test_another_document_is_none(self):
        assert ebay.read(ET.Element("Orders")) is None
