"""WeChat's third-party exports."""

from datetime import UTC, datetime

import pytest

from evidence_service.domain.transcript import MessageRole
from evidence_service.readers import tables
from evidence_service.readers.chat import wechat

MESSAGES = (
    "localId,TalkerId,Type,SubType,IsSender,CreateTime,Status,StrContent,StrTime,"
    "Remark,NickName,Sender"
)
STATISTICS = "time(Asia/Shanghai),from_id,from_nickname,content_type,content"


def read_table(text):
    return wechat.read_table(next(tables.of_text(text)))


def only(header, row):
    (found,) = read_table(f"\ufeff{header}\n{row}\n").contents[0].messages
    return found


class TestJson:
    def test_instant_and_author(self):
        one = {
            "createTime": 1777636800,
            "formattedTime": "2026-05-01 20:00:00",
            "type": "文本消息",
            "content": "到哪了",
            "isSend": 0,
            "senderUsername": "wxid_1",
            "senderDisplayName": "王女士",
        }
        found = wechat.read_json({"session": {}, "messages": [one]})
        (said,) = found.contents[0].messages

        assert (said.author, said.text) == ("王女士", "到哪了")
        assert said.sent_at == datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
        assert said.local_time == "2026-05-01 20:00:00"

    def test_a_message_without_content_says_its_kind(self):
        one = {"createTime": 1, "senderUsername": "w", "type": "图片消息", "content": None}

        assert wechat.read_json({"messages": [one]}).contents[0].messages[0].text == "[图片消息]"


class TestMessageTable:
    def test_instant_beside_the_computers_time(self):
        found = only(MESSAGES, "1,2,1,0,0,1777636800,,到哪了,2026-05-01 20:00:00,备注,昵称,wxid")

        assert (found.author, found.text) == ("备注", "到哪了")
        assert found.sent_at == datetime(2026, 5, 1, 12, 0, tzinfo=UTC)

    @pytest.mark.parametrize(
        ("kind", "content", "text"),
        [
            ("3", "", "[图片]"),
            ("3", "<msg><img/></msg>", "[图片]"),
            ("49", "<msg><title>订单</title></msg>", "订单"),
            ("99", "", "[99]"),
            ("1", "<3", "<3"),
        ],
    )
    def test_shows_of_xml_what_a_person_sees(self, kind, content, text):
        assert only(MESSAGES, f"1,2,{kind},0,0,1,,{content},,,n,").text == text

    def test_type_10000_is_the_systems(self):
        assert only(MESSAGES, "1,2,10000,0,0,1,,撤回,,,n,").role is MessageRole.SYSTEM


class TestStatisticsTable:
    def test_the_header_names_the_zone(self):
        found = only(STATISTICS, "2026-05-01 20:00:00,1,Li,Text,hi")

        assert found.sent_at == datetime(2026, 5, 1, 12, 0, tzinfo=UTC)

    def test_a_picture_has_no_words(self):
        assert only(STATISTICS, "2026-05-01 20:00:00,1,Li,Picture,").text == "[Picture]"

    def test_another_table_is_none(self):
        assert read_table("a,b\n1,2\n") is None
