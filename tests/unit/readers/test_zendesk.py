"""Zendesk: audits, comments, tickets; and Zendesk Chat."""

from datetime import UTC, datetime

import pytest

from evidence_service.domain.transcript import MessageRole
from evidence_service.readers.chat import zendesk, zendesk_chat


def comment(**over):
    return {
        "id": 1,
        "type": "Comment",
        "author_id": 7,
        "body": "hi",
        "public": True,
        "created_at": "2026-05-01T12:00:00Z",
    } | over


def ticket(**over):
    return {
        "id": 3,
        "via": {"channel": "web"},
        "requester_id": 7,
        "submitter_id": 7,
        "description": "broken",
        "created_at": "2026-05-01T12:00:00Z",
    } | over


def messages(value):
    return zendesk.read(value).contents[0].messages


class TestComments:
    def test_names_and_roles_from_the_users_beside_them(self):
        users = [{"id": 7, "name": "Ann", "role": "end-user"}, {"id": 8, "role": "agent"}]
        first, second = messages({"comments": [comment(), comment(author_id=8)], "users": users})

        assert (first.author, first.role) == ("Ann", MessageRole.BUYER)
        assert (second.author, second.role) == ("user 8", MessageRole.SELLER)

    def test_nobody_is_known_without_users(self):
        (found,) = messages({"comments": [comment()]})

        assert (found.author, found.role) == ("user 7", MessageRole.UNKNOWN)
        assert found.sent_at == datetime(2026, 5, 1, 12, 0, tzinfo=UTC)

    def test_a_comment_that_is_not_public_is_internal(self):
        assert messages({"comments": [comment(public=False)]})[0].is_internal

    def test_the_html_body_where_there_is_no_other(self):
        one = comment(body="", html_body="<p>a<br>b</p>")

        assert messages({"comments": [one]})[0].text == "a\nb"

    def test_names_attachments(self):
        one = comment(attachments=[{"file_name": "a.jpg"}, {"content_url": "https://x.test/b"}])

        assert messages({"comments": [one]})[0].attachments == ("a.jpg", "https://x.test/b")

    def test_a_list_of_them_alone(self):
        assert messages([comment(audit_id=4)])[0].text == "hi"

    def test_a_single_one(self):
        assert messages(comment(audit_id=4))[0].text == "hi"

    @pytest.mark.parametrize("value", [[comment()], comment()])
    def test_another_thing_alone_is_none(self, value):
        assert zendesk.read(value) is None

    def test_says_that_more_exist(self):
        found = zendesk.read({"comments": [comment()], "next_page": "https://x.test/2"})

        assert found.warnings == ("more_messages_exist",)

    def test_other_comments_are_none(self):
        assert zendesk.read({"comments": [{"author": "x", "body": "y"}]}) is None


class TestAudits:
    def test_a_transcript_for_each_ticket_of_the_comments_only(self):
        def audit(number, *events):
            return {"ticket_id": number, "created_at": "2026-05-01T12:00:00Z", "events": events}

        value = {
            "audits": [
                audit(1, comment(), {"type": "Create", "field_name": "requester_id", "value": "7"}),
                audit(2, comment(author_id=9)),
                audit(1, {"type": "Change", "field_name": "status", "value": "open"}),
            ]
        }
        value["audits"] = [one | {"events": list(one["events"])} for one in value["audits"]]
        found = zendesk.read(value)

        assert [len(one.messages) for one in found.contents] == [1, 1]
        assert found.contents[0].messages[0].role is MessageRole.BUYER
        assert found.contents[1].messages[0].role is MessageRole.UNKNOWN

    def test_an_event_without_an_author_is_the_audits(self):
        event = {"type": "Comment", "body": "hi", "public": False}
        audit = {"ticket_id": 1, "created_at": "", "author_id": 9, "events": [event]}

        assert messages({"audits": [audit]})[0].author == "user 9"


class TestTickets:
    @pytest.mark.parametrize(
        "wrap",
        [
            lambda one: {"ticket": one},
            lambda one: {"tickets": [one]},
            lambda one: one,
            lambda one: [one],
        ],
    )
    def test_the_description_is_the_only_message_there(self, wrap):
        found = zendesk.read(wrap(ticket()))
        (said,) = found.contents[0].messages

        assert (said.author, said.role, said.text) == ("user 7", MessageRole.BUYER, "broken")
        assert found.warnings == ("first_message_only",)

    def test_nobody_is_named_where_somebody_else_submitted_it(self):
        (found,) = messages({"ticket": ticket(submitter_id=8)})

        assert (found.author, found.role) == ("", MessageRole.UNKNOWN)

    def test_an_export_holds_comments_and_people(self):
        one = ticket(requester={"id": 7, "name": "Ann"}, comments=[comment(), comment()])
        found = zendesk.read([one, ticket(comments=[comment()])])

        assert [len(each.messages) for each in found.contents] == [2, 1]
        assert found.contents[0].messages[0].author == "Ann"
        assert found.warnings == ()

    def test_the_answer_of_a_change_is_none(self):
        assert zendesk.read({"ticket": ticket(), "audit": {"events": [comment()]}}) is None


class TestChat:
    def test_a_message_left_behind(self):
        one = {
            "type": "offline_msg",
            "visitor": {"id": "3.1", "name": "Ann"},
            "timestamp": "2026-05-01T12:00:00Z",
            "message": "Hello?",
        }
        found = zendesk_chat.read([{"stream": "chats", "data": one}])
        (said,) = found.contents[0].messages

        assert (said.author, said.role, said.text) == ("Ann", MessageRole.BUYER, "Hello?")

    def test_a_chats_history(self):
        def event(kind, nick, **over):
            return {"type": kind, "nick": nick, "timestamp": "2026-05-01T12:00:00Z"} | over

        chat = {
            "type": "chat",
            "visitor": {"name": "Ann"},
            "history": [
                event("chat.memberjoin", "visitor:1", name="Ann"),
                event("chat.msg", "visitor:1", name="Ann", msg="Hello?"),
                event("chat.msg", "agent:5", name="Bo", msg="Yes"),
                event("chat.msg", "agent:trigger:1", msg="Welcome"),
                event("chat.file", "agent:5", attachment={"name": "a.pdf"}),
                event("chat.rating", "visitor:1", new_rating="bad"),
                event("chat.new_thing", "visitor:1"),
            ],
        }
        found = zendesk_chat.read({"chats": [chat]}).contents[0].messages

        assert [m.role for m in found] == [
            MessageRole.SYSTEM,
            MessageRole.BUYER,
            MessageRole.SELLER,
            MessageRole.BOT,
            MessageRole.SELLER,
            MessageRole.SYSTEM,
            MessageRole.SYSTEM,
        ]
        assert (found[4].attachments, found[5].text) == (("a.pdf",), "chat.rating: bad")

    def test_other_chats_are_none(self):
        assert zendesk_chat.read({"chats": [{"type": "personal", "visitor": {}}]}) is None
