"""Ozon's chat history."""

import json

from evidence_service.domain.transcript import MessageRole
from evidence_service.readers.chat import ozon


def message(**over):
    return {
        "message_id": "3000000000817031942",
        "created_at": "2026-11-21T10:00:00Z",
        "user": {"id": "1", "type": "Seller"},
        "data": ["Здравствуйте"],
        "is_image": False,
    } | over


def read(*messages, has_next=False):
    return ozon.read({"has_next": has_next, "messages": list(messages)})


class TestOzonChat:
    def test_role_of_a_customer_written_with_a_cyrillic_letter(self):
        buyer = message(user={"id": "7", "type": "\u0421ustomer"})

        (found,) = read(buyer).contents[0].messages

        assert (found.role, found.author) == (MessageRole.BUYER, "Customer 7")

    def test_role_nobody_knows_yet(self):
        (found,) = read(message(user={"id": "7", "type": "Robot"})).contents[0].messages

        assert found.role is MessageRole.UNKNOWN

    def test_joins_the_parts_of_a_message(self):
        (found,) = read(message(data=["one", "two"])).contents[0].messages

        assert found.text == "one\ntwo"

    def test_names_pictures(self):
        (found,) = read(message(data=["![](https://cdn.example/1.jpg)"])).contents[0].messages

        assert found.attachments == ("https://cdn.example/1.jpg",)

    def test_puts_the_oldest_first(self):
        newest_first = read(
            message(created_at="2026-11-21T10:05:00Z", data=["b"]),
            message(created_at="2026-11-21T10:00:00Z", data=["a"]),
        )

        assert [m.text for m in newest_first.contents[0].messages] == ["a", "b"]

    def test_says_that_more_exist(self):
        assert read(message(), has_next=True).warnings == ("more_messages_exist",)
        assert read(message()).warnings == ()

    def test_a_list_of_chats_is_no_history(self):
        assert ozon.read({"has_next": False, "messages": []}) is None

    def test_sample(self, samples):
        (file,) = (samples / "chat").glob("ozon-chat-history-v3*")
        (found,) = ozon.read(json.loads(file.read_text("utf-8"))).contents[0].messages

        assert found.role is MessageRole.BUYER
        assert found.text.startswith("Здравствуйте, у меня вопрос")
