"""ChatLab's format: one object, or JSON lines."""

from datetime import UTC, datetime

import pytest

from evidence_service.domain.transcript import MessageRole
from evidence_service.readers.chat import chatlab

HEADER = {"chatlab": {"version": "0.0.2"}, "meta": {"name": "王", "platform": "wechat"}}
MEMBER = {"platformId": "w1", "accountName": "王", "groupNickname": "王女士"}


def message(**over):
    return {"sender": "w1", "timestamp": 1777636800, "type": 0, "content": "到哪了"} | over


def whole(*messages, **over):
    return HEADER | {"members": [MEMBER], "messages": list(messages)} | over


def lines(*messages):
    return [
        HEADER | {"_type": "header"},
        MEMBER | {"_type": "member"},
        *(one | {"_type": "message"} for one in messages),
    ]


@pytest.mark.parametrize("form", [whole, lines])
def test_name_of_the_member_and_instant(form):
    found = chatlab.read(form(message()))
    (said,) = found.contents[0].messages

    assert found.contents[0].channel == "wechat"
    assert (said.author, said.text) == ("王女士", "到哪了")
    assert said.sent_at == datetime(2026, 5, 1, 12, 0, tzinfo=UTC)


def test_name_beside_the_message_and_milliseconds():
    value = whole(message(accountName="Li", timestamp=1777636800000), members=[])
    (said,) = chatlab.read(value).contents[0].messages

    assert (said.author, said.sent_at) == ("Li", datetime(2026, 5, 1, 12, 0, tzinfo=UTC))


def test_a_notice_is_the_systems():
    (said,) = chatlab.read(whole(message(type=80))).contents[0].messages

    assert said.role is MessageRole.SYSTEM


def test_says_that_more_exist():
    found = chatlab.read(whole(message(), sync={"hasMore": True}))

    assert found.warnings == ("more_messages_exist",)


def test_no_time_where_it_is_none():
    (said,) = chatlab.read(whole(message(timestamp="9" * 400))).contents[0].messages

    assert said.sent_at is None


@pytest.mark.parametrize("value", [[], [1], {}, {"messages": [message()]}, {"chatlab": {}}])
def test_another_value_is_none(value):
    assert chatlab.read(value) is None
