"""WeChat's third-party exports."""

from datetime import UTC, datetime

import pytest

from evidence_service.domain.transcript import MessageRole
from evidence_service.readers import tables
from evidence_service.readers.chat import wechat
from evidence_service.readers.texts import Text

MESSAGES = (
    "localId,TalkerId,Type,SubType,IsSender,CreateTime,Status,StrContent,StrTime,"
    "Remark,NickName,Sender"
)
STATISTICS = "time(Asia/Shanghai),from_id,from_nickname,content_type,content"


def read_table(text):
    return wechat.read_table(next(tables.of_text(Text(text.encode()))))


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

    def test_names_in_a_list_beside_the_messages(self):
        one = {"createTime": 1777636800000, "isSend": 0, "senderID": 1, "content": "到哪了"}
        senders = [{"senderID": 1, "wxid": "w", "displayName": "王女士"}]
        found = wechat.read_json({"senders": senders, "messages": [one]})
        (said,) = found.contents[0].messages

        assert (said.author, said.sent_at) == ("王女士", datetime(2026, 5, 1, 12, 0, tzinfo=UTC))

    def test_only_the_side_of_a_talk_between_two(self):
        both = [{"createTime": n, "isSend": n, "content": "好"} for n in (0, 1)]
        found = wechat.read_json({"session": {"nickname": "王"}, "messages": both})

        assert [m.author for m in found.contents[0].messages] == ["王", "self"]

    @pytest.mark.parametrize("one", [{"createTime": 1}, {"isSend": 1, "content": "x"}])
    def test_other_messages_are_none(self, one):
        assert wechat.read_json({"messages": [one]}) is None


class TestChatlog:
    def test_a_transcript_for_each_talk(self):
        def one(**over):
            return {
                "time": "2026-05-01T20:00:00+08:00",
                "talker": "wxid_1",
                "sender": "wxid_1",
                "senderName": "王女士",
                "isSelf": False,
                "type": 1,
                "content": "到哪了",
            } | over

        own = one(sender="me", senderName="", isSelf=True, type=3, content="")
        first, second = wechat.read_chatlog([one(), one(talker="room"), own]).contents
        said, shown = first.messages

        assert (said.author, said.text) == ("王女士", "到哪了")
        assert said.sent_at == datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
        assert (shown.author, shown.text) == ("me", "[图片]")
        assert len(second.messages) == 1

    def test_another_list_is_none(self):
        assert wechat.read_chatlog([{"time": "x", "content": "y"}]) is None


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

    def test_an_own_message_is_not_the_others_whose_name_stands_beside_it(self):
        rows = "1,2,1,0,0,1,,在吗,,王,,wxid\n2,2,1,0,1,2,,在,,王,,wxid\n"
        theirs, own = read_table(f"{MESSAGES}\n{rows}").contents[0].messages

        assert (theirs.author, own.author) == ("王", "self")

    def test_an_own_message_with_a_name_of_its_own_keeps_it(self):
        assert only(MESSAGES, "1,2,1,0,1,1,,在,,我,,me").author == "我"

    def test_a_cell_that_the_header_has_no_name_for(self):
        short = MESSAGES.partition(",Remark")[0]
        found = only(short, "1,2,1,0,0,1777636800,,到哪了,2026-05-01 20:00:00,123")

        assert found.local_time == "2026-05-01 20:00:00"

    def test_type_10000_is_the_systems(self):
        assert only(MESSAGES, "1,2,10000,0,0,1,,撤回,,,n,").role is MessageRole.SYSTEM


class TestDumpedTable:
    HEADER = "id,MsgSvrID,type_name,is_sender,talker,msg,src,CreateTime"

    @pytest.mark.parametrize(
        ("written", "sent_at"),
        [
            ("2026-05-01T12:00:00.000Z", datetime(2026, 5, 1, 12, 0, tzinfo=UTC)),
            ("1777636800", datetime(2026, 5, 1, 12, 0, tzinfo=UTC)),
            ("2026-05-01 20:00:00", None),
        ],
    )
    def test_author_and_time(self, written, sent_at):
        found = only(self.HEADER, f"1,2,文本,0,王,到哪了,,{written}")

        assert (found.author, found.text, found.sent_at) == ("王", "到哪了", sent_at)

    def test_names_the_file(self):
        found = only(self.HEADER, "1,2,image,0,王,,images/1.jpg,1777636800")

        assert (found.text, found.attachments) == ("[image]", ("images/1.jpg",))

    def test_words_and_file_in_one_cell(self):
        header = "id,type_name,is_sender,talker,room_name,content,CreateTime"
        found = only(header, '1,文本,0,王,王,"{""src"": """", ""msg"": ""好""}",1777636800')

        assert (found.text, found.attachments) == ("好", ())

    def test_a_notice_is_the_systems(self):
        found = only(self.HEADER, "1,2,系统通知,0,王,撤回,,1777636800")

        assert found.role is MessageRole.SYSTEM


class TestText:
    @pytest.mark.parametrize("quote", ["'", '"'])
    def test_a_time_and_a_name_above_what_was_said(self, quote):
        heads = [f"2026-05-01 20:00:0{n} {quote}{name}{quote}" for n, name in enumerate("王我")]
        text = f"\ufeff{heads[0]}\n到哪了\n\n好的\n\n{heads[1]}\n在路上\n"
        found = wechat.read_text(Text(text.encode()))
        first, second = found.contents[0].messages

        assert (first.author, first.text) == ("王", "到哪了\n\n好的")
        assert first.local_time == "2026-05-01T20:00:00"
        assert (second.author, second.text) == ("我", "在路上")

    @pytest.mark.parametrize(
        "text",
        [
            "2026-05-01 20:00:00 started\n2026-05-01 20:00:01 stopped\n",
            "2026-05-01 20:00:00 Москва\nПрибыло\n\n2026-05-02 20:00:00 Тверь\nВручено\n",
            "hello\n2026-05-01 20:00:00 '王'\n到哪了\n",
        ],
    )
    def test_another_text_is_none(self, text):
        assert wechat.read_text(Text(text.encode())) is None


class TestStatisticsTable:
    def test_the_header_names_the_zone(self):
        found = only(STATISTICS, "2026-05-01 20:00:00,1,Li,Text,hi")

        assert found.sent_at == datetime(2026, 5, 1, 12, 0, tzinfo=UTC)

    def test_a_picture_has_no_words(self):
        assert only(STATISTICS, "2026-05-01 20:00:00,1,Li,Picture,").text == "[Picture]"

    def test_another_table_is_none(self):
        assert read_table("a,b\n1,2\n") is None
